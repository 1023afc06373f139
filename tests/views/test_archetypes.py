"""Archetypes as a payload."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from ecosystems import ecosystem, mapped, people, ties
from secrets_data import SECRET

from ecosystem_iq.archetypes import assign_archetypes, discover_archetypes, load_library
from ecosystem_iq.archetypes.library import FEATURES
from ecosystem_iq.assessment import Assessment, assess
from ecosystem_iq.errors import InputError
from ecosystem_iq.views import archetypes_view
from ecosystem_iq.views.archetypes import archetype_findings

KEYS = {"page", "title", "subtitle", "notice", "findings", "archetypes", "features", "accounts", "clusters", "links"}
ARCHETYPE = {"id", "label", "when", "engagement", "personas", "count"}
ACCOUNT = {"name", "href", "kind", "label", "archetype_id", "second", "p_first", "p_second", "distance", "features",
           "reasons", "cluster"}  # fmt: skip
LIBRARY = load_library()
NAMES = {entry.id: entry.label for entry in LIBRARY.prototypes}


def checked(found):
    json.dumps(found, allow_nan=False)
    assert set(found) == KEYS
    assert all(set(entry) == ARCHETYPE for entry in found["archetypes"])
    assert [feature["id"] for feature in found["features"]] == list(FEATURES)
    for account in found["accounts"]:
        assert set(account) == ACCOUNT
        assert list(account["features"]) == list(FEATURES)
        assert all(value is None or 0 <= value <= 1 for value in account["features"].values())
        assert len(account["reasons"]) <= 3
        assert (account["archetype_id"] is None) == (account["label"] not in NAMES.values())
    for entry in found["archetypes"]:
        assert entry["count"] == sum(account["archetype_id"] == entry["id"] for account in found["accounts"])
    return found


def placed(*places, discover=False):
    """An assessment of accounts with these features: an archetype's id, or numbers."""
    centers = dict(zip(LIBRARY.ids, LIBRARY.centers, strict=True))
    rows = [centers.get(place, place) if isinstance(place, str) else place for place in places]
    names = [f"a{k}" for k in range(len(rows))]
    features = pd.DataFrame(rows, columns=list(FEATURES)).assign(account_id=names)
    features = features.assign(**{f"raw_{name}": features[name] for name in FEATURES})
    eco = ecosystem(accounts=[{"account_id": name, "name": f"Account {name}", "kind": "idn"} for name in names])
    groups = discover_archetypes(features) if discover else None
    return Assessment(eco, features=features, archetypes=assign_archetypes(features), discovery=groups)


def test_the_demo(demo):
    hrefs = {account: f"accounts/{account}.html" for account in demo.graph.account_ids[1:]}
    found = checked(archetypes_view(demo, hrefs, [{"label": "All accounts", "href": "index.html"}]))
    assert found["links"] == [{"label": "All accounts", "href": "index.html"}]
    assert found["subtitle"] == "24 accounts · as of 2026-06-30"
    assert [account["href"] for account in found["accounts"]] == ["", *hrefs.values()]
    assert [entry["id"] for entry in found["archetypes"]] == list(LIBRARY.ids)
    assert found["clusters"] == {"k": demo.discovery.k, "note": demo.discovery.note}
    assert all(isinstance(account["cluster"], int) for account in found["accounts"])


def test_labels_and_numbers_are_those_of_the_result(demo):
    table, scaled = demo.archetypes.table, demo.features.set_index("account_id")
    for row, shown in zip(table.to_dict("records"), checked(archetypes_view(demo, {}))["accounts"], strict=True):
        assert shown["label"] == row["label"]
        assert shown["second"] == NAMES[row["second_id"]]
        assert shown["p_first"] == pytest.approx(row["p_first"], rel=1e-4)
        assert shown["distance"] == pytest.approx(row["distance"], rel=1e-4)
        for name, value in shown["features"].items():
            raw = scaled.loc[row["account_id"], name]
            assert (value is None) == pd.isna(raw)
            assert value is None or value == pytest.approx(raw, rel=1e-4)


def test_a_named_account_and_one_which_fits_none():
    found = checked(archetypes_view(placed("M3", [0.5] * 16), {"a0": "x.html"}))
    named, none = found["accounts"]
    assert (named["name"], named["href"], named["kind"]) == ("Account a0", "x.html", "Integrated delivery network")
    assert (named["label"], named["archetype_id"]) == ("Clinical Network Builder", "M3")
    assert len(named["reasons"]) == 3
    assert (none["label"], none["archetype_id"], none["href"]) == ("no archetype fits", None, "")


def test_unknown_features_are_blank_not_nan():
    (account,) = checked(archetypes_view(placed([float("nan")] * 16), {}))["accounts"]
    assert account["label"] == "insufficient data"
    assert set(account["features"].values()) == {None}
    assert (account["p_first"], account["p_second"], account["distance"]) == (None, None, None)
    assert (account["second"], account["reasons"], account["cluster"]) == ("", [], None)


@pytest.mark.parametrize(
    ("places", "sentences"),
    [
        (["M3", "M3", "M1"], ["3 of 3 accounts fit", "The most frequent is Clinical Network Builder (2 accounts)."]),
        (["M3"], ["1 of 1 account fit one", "The most frequent is Clinical Network Builder (1 account)."]),
        (["M3", "M6"], ["2 of 2", "The most frequent are Clinical Network Builder and Digital Long Tail (1 account, "]),
        ([[0.5] * 16], ["0 of 1"]),
    ],
)  # fmt: skip
def test_findings_count(places, sentences):
    found = archetype_findings(placed(*places))
    assert len(found) == len(sentences)
    assert all(said.startswith(start) for said, start in zip(found, sentences, strict=True))


def test_findings_of_the_demo_are_true(demo):
    table = demo.archetypes.table
    first, second = checked(archetypes_view(demo, {}))["findings"]
    assert first.startswith(f"{table['archetype_id'].notna().sum()} of 24 accounts fit one archetype")
    counts = table["archetype_id"].dropna().map(NAMES).value_counts()
    for name in counts.index:
        assert (name in second) == (counts[name] == counts.max())


def test_few_accounts_are_not_grouped_and_that_is_said(demo):
    assert checked(archetypes_view(placed("M1"), {}))["clusters"]["k"] == 0
    assert "Too few accounts" in checked(archetypes_view(placed("M1"), {}))["clusters"]["note"]
    assert "k-means" in checked(archetypes_view(demo, {}))["clusters"]["note"]


def test_accounts_which_are_all_alike_make_no_group():
    found = checked(archetypes_view(placed(*["M1"] * 8, discover=True), {}))
    assert found["clusters"]["k"] == 1
    assert {account["cluster"] for account in found["accounts"]} == {0}


def test_no_secret_leaves_the_tables(secretive):
    text = json.dumps(checked(archetypes_view(secretive, {})))
    assert SECRET not in text
    assert "Account" in text


def test_without_archetypes_there_is_no_view():
    with pytest.raises(InputError, match=r"stakeholders\.csv and ties\.csv"):
        archetypes_view(mapped(ecosystem(stakeholders=people("a", "b"), ties=ties("ab"))), {})


def test_one_account_which_nobody_named():
    alone = assess(ecosystem(stakeholders=people(*"abcd"), ties=ties("ab"), settings={"title": "Mine"}), draws=50)
    (account,) = checked(archetypes_view(alone, {}))["accounts"]
    assert (account["name"], account["kind"]) == ("Mine", "")
