"""Names by prototypes: what gets one, what does not, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from example_accounts import features, noisy
from sklearn.metrics import adjusted_rand_score

from ecosystem_iq.archetypes import assign_archetypes, load_library
from ecosystem_iq.archetypes.library import FEATURES
from ecosystem_iq.archetypes.prototypes import distances
from ecosystem_iq.archetypes.reasons import favouring, sentence
from ecosystem_iq.errors import InputError

LIBRARY = load_library()
NOT_NAMED = ["no archetype fits", "insufficient data"]


def assigned(values, **options):
    return assign_archetypes(values if isinstance(values, pd.DataFrame) else features(values), **options).table


def test_exact_prototypes_get_their_own_name():
    result = assign_archetypes(features(LIBRARY.centers))
    assert result.table["archetype_id"].tolist() == list(LIBRARY.ids)
    assert result.table["label"].tolist() == [prototype.label for prototype in LIBRARY.prototypes]
    assert (result.table["distance"] == 0).all()
    assert (result.table["note"] == "").all()
    np.testing.assert_allclose(result.memberships[list(LIBRARY.ids)].sum(axis=1), 1)


@pytest.mark.parametrize(
    ("prototype", "second", "expected"),
    [  # by hand: larger weight x squared difference; among equals the features which the first names, then by number
        ("M2", "M3", ["f3", "f4", "f1"]),  # f3 and f4 are high in one and low in the other
        ("M2", "M1", ["f12", "f3", "f4"]),  # f1 and f9 are common
        ("M1", "M2", ["f12", "f2", "f8"]),
        ("M3", "M5", ["f3", "f4", "f5"]),
        ("M5", "M4", ["f10", "f11", "f12"]),
        ("M5", "M1", ["f10", "f11", "f1"]),  # f12 is common; that influence is not centralised tells it from M1
        ("M6", "M4", ["f1", "f14", "f15"]),  # f2 and f6 are common
        ("M7", "M6", ["f15", "f12", "f13"]),
    ],
)
def test_the_three_reasons_are_those_which_tell_the_two_apart(prototype, second, expected):
    first, other = (LIBRARY.ids.index(name) for name in (prototype, second))
    chosen = favouring(LIBRARY.centers[first], first, other, LIBRARY)
    assert [FEATURES[j] for j in chosen] == expected


@pytest.mark.parametrize("row", range(7))
def test_the_first_reason_is_a_feature_which_the_archetype_wants(row):
    table = assigned(LIBRARY.centers[[row]])
    reasons = table["reasons"][0].split("; ")
    assert len(reasons) == 3
    prototype = LIBRARY.prototypes[row]
    wanted = {f.label.lower() for f in LIBRARY.features if f.id in prototype.high + prototype.low}
    assert reasons[0].split(":")[0] in wanted


def test_reasons_speak_in_plain_units():
    values = LIBRARY.centers[[1]]
    raw = {f"raw_{name}": [0.52] for name in FEATURES}
    reasons = assigned(features(values).assign(**raw))["reasons"][0].split("; ")
    assert "payers, finance and pharmacy hold 52 % of influence: high" in reasons
    scaled = assigned(values)["reasons"][0].split("; ")
    assert "payer control: high (0.80 on the scale of 0 to 1)" in scaled


def test_every_feature_has_a_sentence():
    for feature in LIBRARY.features:
        for value, word in ((0.9, "high"), (0.5, "typical"), (0.1, "low")):
            text = sentence(feature, value, feature.typical)
            assert text.endswith(f": {word}")
            assert ";" not in text
            assert "{" not in text


def test_a_named_feature_with_twice_the_weight():
    one = LIBRARY.centers[0].copy()
    one[0] -= 0.3  # f1, named by M1
    other = LIBRARY.centers[0].copy()
    other[2] -= 0.3  # f3, not named
    total = LIBRARY.weights[0].sum()
    found = assigned(np.array([one, other]))["distance"]
    np.testing.assert_allclose(found, np.sqrt(np.array([2, 1]) * 0.09 / total), rtol=1e-9)


def test_distances_leave_out_what_is_missing():
    found = distances(np.array([[0.8, np.nan, 0.1]]), np.full((1, 3), 0.5), np.array([[2.0, 5.0, 1.0]]))
    assert found[0, 0] == pytest.approx(np.sqrt((2 * 0.09 + 0.16) / 3))


def test_noisy_prototypes_are_recovered_and_most_are_named():
    truth = np.repeat(LIBRARY.ids, 150)
    table = assigned(noisy(LIBRARY.centers, 150))
    named = table["archetype_id"].notna().to_numpy()
    assert named.mean() >= 0.85
    assert adjusted_rand_score(truth[named], table["archetype_id"][named]) >= 0.95
    assert adjusted_rand_score(truth, table["label"]) >= 0.7  # with those without a name as groups of their own


def test_twice_the_noise_is_not_named():
    named = assigned(noisy(LIBRARY.centers, 50, sd=0.3))["archetype_id"].notna()
    assert named.mean() < 0.2


def test_a_typical_account_fits_none():
    table = assigned(np.full((1, 16), 0.5))
    assert table["label"].tolist() == ["no archetype fits"]
    assert table["archetype_id"].isna().all()
    assert "typical account" in table["note"][0]
    labels = assigned(noisy(np.full((1, 16), 0.5), 300))["label"]
    assert (labels == "no archetype fits").mean() > 0.75


def test_uniform_noise_fits_none():
    values = np.random.default_rng(0).random((500, 16))
    labels = assigned(values)["label"]
    assert (labels == "no archetype fits").mean() > 0.95


def test_a_perfect_star_and_a_random_graph_fit_none():
    star, random = np.full((2, 16), 0.5)
    star[[0, 3, 5]] = 1.0, 1.0, 0.0  # all influence with one clinician, no groups
    random[[0, 5]] = 0.1, 0.0
    assert assigned(np.array([star, random]))["label"].tolist() == ["no archetype fits"] * 2
    only = np.full((2, 16), np.nan)  # what a graph alone tells
    only[:, [0, 2, 3, 5]] = star[[0, 2, 3, 5]], random[[0, 2, 3, 5]]
    assert assigned(only)["label"].tolist() == ["insufficient data"] * 2


def test_extremes_fit_none():
    assert set(assigned(np.array([np.zeros(16), np.ones(16)]))["label"]) == {"no archetype fits"}


def test_what_is_far_from_an_archetype_speaks_against_it():
    table = assigned(np.zeros((1, 16)))
    assert len(table["reasons"][0].split("; ")) == 3
    assert table["note"][0].startswith("distance 0.")


@pytest.mark.parametrize(("one", "other"), [("M1", "M2"), ("M3", "M5"), ("M4", "M6")])
def test_half_way_is_a_blend(one, other):
    rows = [LIBRARY.ids.index(name) for name in (one, other)]
    # Half-way on what they differ in, fully on what they share, and a little further than half-way to both.
    values = LIBRARY.centers[rows].mean(axis=0)
    table = assigned(np.clip(0.5 + 1.25 * (values - 0.5), 0, 1)[None])
    labels = {LIBRARY.prototypes[row].label for row in rows}
    assert table["label"][0].startswith("Blend: ")
    assert set(table["label"][0].removeprefix("Blend: ").split(" / ")) == labels
    assert table["archetype_id"].isna().all()
    assert {table["nearest_id"][0], table["second_id"][0]} == {one, other}


def test_missing_features():
    values = LIBRARY.centers[[0]].repeat(3, axis=0)
    values[1, [2, 3, 4, 5, 6, 9]] = np.nan  # ten left, all that M1 names
    values[2, 7:] = np.nan  # seven left
    table = assigned(values)
    assert table["features_known"].tolist() == [16, 10, 7]
    assert table["label"].tolist() == ["System Value Partner"] * 2 + ["insufficient data"]
    assert table["note"].tolist()[::2] == ["", "7 features of 8 known"]
    assert table["note"][1].startswith("too little is known to judge M3")  # f3, f4, f5 and f7 are gone
    assert table["reasons"][2] == ""


def test_an_archetype_is_judged_only_when_enough_of_it_is_known():
    values = LIBRARY.centers[[4, 1]]  # M5 names f10, f11, f12; M2 names neither f10 nor f11
    values[:, [9, 10]] = np.nan  # a third of what M5 names is left, two thirds of the whole weight
    result = assign_archetypes(features(values))
    assert result.memberships["M5"].isna().all()
    np.testing.assert_allclose(result.memberships[list(LIBRARY.ids)].sum(axis=1), 1)
    assert result.table["label"].tolist() == ["insufficient data", "Access Negotiator"]
    assert result.table["note"].tolist() == [
        "perhaps M5; too little is known to judge M5",
        "too little is known to judge M5",
    ]


def test_none_can_be_judged():
    one = replace(LIBRARY, prototypes=LIBRARY.prototypes[:1])
    values = np.full((1, 16), 0.5)
    values[0, [0, 1, 7, 8, 11]] = np.nan
    table = assigned(values, library=one)
    assert table["label"].tolist() == ["insufficient data"]
    assert table["note"][0] == "too little is known to judge any archetype"


def test_nothing_known():
    table = assigned(np.full((2, 16), np.nan))
    assert table["label"].tolist() == ["insufficient data"] * 2
    assert table[["nearest_id", "second_id", "p_first", "distance"]].isna().all(axis=None)


def test_a_library_of_one():
    one = replace(LIBRARY, prototypes=LIBRARY.prototypes[:1])
    table = assigned(np.array([LIBRARY.centers[0], np.full(16, 0.5)]), library=one)
    assert table["label"].tolist() == ["System Value Partner", "no archetype fits"]
    assert table["second_id"].isna().all()
    assert table["p_first"].tolist() == [1.0, 1.0]


def test_no_accounts():
    table = assigned(features(np.empty((0, 16))))
    assert table.empty
    assert "archetype_id" in table


def test_labels_do_not_change_with_order_or_another_account():
    table = noisy(LIBRARY.centers, 20, sd=0.2)
    first = assigned(table).set_index("account_id")
    order = np.random.default_rng(1).permutation(len(table))
    mixed = assigned(table.iloc[order]).set_index("account_id").loc[first.index]
    pd.testing.assert_frame_equal(mixed, first)
    more = pd.concat([features(np.zeros((1, 16)), ["new"]), table])
    pd.testing.assert_frame_equal(assigned(more).set_index("account_id").loc[first.index], first)
    for account in ("acc-0000", "acc-0077"):
        alone = assigned(table[table["account_id"] == account]).set_index("account_id")
        pd.testing.assert_frame_equal(alone, first.loc[[account]])


def test_equal_prototypes_share_and_name_neither():
    twin = replace(LIBRARY.prototypes[0], id="M8", label="Twin")
    table = assigned(LIBRARY.centers[[0]], library=replace(LIBRARY, prototypes=(*LIBRARY.prototypes, twin)))
    assert table["label"].tolist() == ["Blend: System Value Partner / Twin"]
    assert table["p_first"][0] == table["p_second"][0]


@pytest.mark.parametrize("value", [1.2, -0.1, np.inf])
def test_values_outside_the_scale_are_refused(value):
    values = np.full((2, 16), 0.5)
    values[1, 3] = value
    with pytest.raises(InputError, match=r"account acc-0001, f4: .* outside 0 to 1"):
        assigned(values)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="features: f7 missing"):
        assigned(features(np.full((1, 16), 0.5)).drop(columns="f7"))


def test_an_account_which_is_there_twice_is_refused():
    with pytest.raises(InputError, match="account a is there twice"):
        assigned(features(np.full((3, 16), 0.5), ["a", "b", "a"]))


def test_names_survive_missing_tables():
    """Without values, jobs and funnel, five features are gone: fewer accounts are named, and rightly."""
    table = noisy(LIBRARY.centers, 150)
    table[["f7", "f8", "f9", "f10", "f11"]] = np.nan
    truth = np.repeat(LIBRARY.ids, 150)
    found = assigned(table)["archetype_id"]
    judged = truth != "M5"
    assert found[judged].notna().mean() > 0.6
    assert (found[judged] == truth[judged])[found[judged].notna()].mean() > 0.9
    assert found[~judged].notna().mean() < 0.1
