"""Groups without prototypes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from example_accounts import features, noisy
from sklearn.metrics import adjusted_rand_score

from ecosystem_iq.archetypes import discover_archetypes, load_library
from ecosystem_iq.errors import InputError

LIBRARY = load_library()


@pytest.fixture(scope="module")
def planted():
    """Three archetypes, unequal in number."""
    rows = [0] * 30 + [2] * 20 + [5] * 12
    return noisy(LIBRARY.centers[rows], 1, sd=0.1), np.array(rows)


@pytest.fixture(scope="module")
def found(planted):
    return discover_archetypes(planted[0])


def test_planted_groups_are_found_and_called_by_their_name(planted, found):
    assert found.structure
    assert found.k == 3
    assert adjusted_rand_score(planted[1], found.table["cluster"]) > 0.9
    names = {0: "M1", 2: "M3", 5: "M6"}
    assert (found.table["nearest_id"] == [names[row] for row in planted[1]]).mean() > 0.95
    assert found.clusters["accounts"].is_monotonic_decreasing
    assert found.ari > 0.9
    assert found.table["agreement"].dropna().mean() > 0.95
    assert "3 groups" in found.note


def test_the_same_again_and_in_another_order(planted, found):
    again = discover_archetypes(planted[0])
    pd.testing.assert_frame_equal(again.table, found.table)
    assert (again.silhouette, again.by_chance) == (found.silhouette, found.by_chance)
    mixed = discover_archetypes(planted[0].sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(
        mixed.table.set_index("account_id").loc[found.table["account_id"]].reset_index(), found.table
    )


def test_another_seed_gives_the_same_names(planted, found):
    other = discover_archetypes(planted[0], rng=7)
    assert (other.table["nearest_id"] == found.table["nearest_id"]).mean() > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_uniform_noise_has_no_structure(seed):
    result = discover_archetypes(features(np.random.default_rng(seed).random((80, 16))))
    assert not result.structure
    assert result.k == 1
    assert result.note.startswith("no structure")
    assert set(result.table["cluster"]) == {0}
    assert result.table["nearest_id"].isna().all()
    assert np.isnan(result.ari)


def test_no_two_clusters_share_a_name(found):
    assert found.clusters["nearest_id"].is_unique


def test_gaps_take_the_median_and_are_counted(planted):
    table = planted[0].copy()
    table.loc[:3, "f7"] = np.nan
    table["f13"] = np.nan  # nobody knows it: left out
    result = discover_archetypes(table)
    assert result.structure
    assert result.table["imputed"].tolist() == [1] * 4 + [0] * (len(table) - 4)


def test_seven_accounts_are_too_few():
    with pytest.raises(InputError, match="at least 8 accounts; there are 7"):
        discover_archetypes(features(np.random.default_rng(0).random((7, 16))))


@pytest.mark.parametrize("value", [0.5, np.nan])
def test_equal_or_unknown_accounts_have_no_structure(value):
    result = discover_archetypes(features(np.full((12, 16), value)))
    assert not result.structure
    assert np.isnan(result.silhouette)
    assert result.note == "no structure: the accounts do not differ in what is known of most of them"


def test_eight_accounts_are_enough():
    values = np.r_[np.full((4, 16), 0.1), np.full((4, 16), 0.9)] + np.random.default_rng(0).normal(0, 0.02, (8, 16))
    result = discover_archetypes(features(values))
    assert result.structure
    assert result.k == 2
