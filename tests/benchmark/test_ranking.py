"""Ranks, wins, letters."""

from __future__ import annotations

import re

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ecosystem_iq.benchmark.ranking import (
    _letter,
    compact_letters,
    competition_rank,
    mean_rank_shift,
    rank_acceptability,
    rank_present,
    rank_statistics,
    tied,
    top_probability,
    win_probability,
)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([5], [1]),
        ([1, 3, 2], [3, 1, 2]),
        ([50, 50, 50], [1, 1, 1]),
        ([60, 50, 50, 40], [1, 2, 2, 4]),
        ([0.1 + 0.2, 0.3], [1, 1]),  # equal but for rounding
        ([50.0000001, 50.0], [1, 2]),  # equal only when printed
        ([0, 0], [1, 1]),
    ],
)
def test_equals_share_the_smaller_rank(scores, expected):
    assert competition_rank(np.array(scores, dtype=float)).tolist() == expected


def test_draws_are_ranked_one_by_one():
    scores = np.random.default_rng(0).random((6, 5)).round(1)
    assert competition_rank(scores).tolist() == [competition_rank(row).tolist() for row in scores]


@pytest.mark.parametrize("decimals", [0, 1, 15])
def test_ranks_are_those_of_scipy(decimals):
    scores = np.random.default_rng(1).normal(50, 10, (300, 401)).round(decimals)  # more than one block
    assert (competition_rank(scores) == stats.rankdata(-scores, method="min", axis=1)).all()


def test_leading_axes_are_kept():
    scores = np.random.default_rng(1).random((2, 3, 4))
    assert competition_rank(scores).tolist() == [[competition_rank(row).tolist() for row in part] for part in scores]
    assert competition_rank(np.zeros((5, 0))).shape == (5, 0)
    assert competition_rank(np.zeros((0, 5))).shape == (0, 5)


def test_units_without_a_score_have_no_rank():
    scores = with_holes(np.random.default_rng(2).random((200, 7)).round(1))
    expected = pd.DataFrame(scores).rank(axis=1, ascending=False, method="min").to_numpy()
    np.testing.assert_array_equal(rank_present(scores), expected)


def test_ranks_of_the_reference(extra_data):
    scores, ranks = (reference(extra_data, f"32_ua_{name}") for name in ("scores", "ranks"))
    assert (competition_rank(scores.to_numpy().T) == ranks.to_numpy().T).all()


def reference(extra_data, name):
    return pd.read_csv(extra_data / f"reference/coinr/{name}.csv", index_col="uCode")


def with_holes(values, share=0.2):
    return np.where(np.random.default_rng(9).random(values.shape) < share, np.nan, values)


def wins_one_by_one(drawn):
    """Every pair over the draws in which both have a score."""
    wins = np.full((drawn.shape[1],) * 2, np.nan)
    for i, j in np.ndindex(wins.shape):
        both = ~np.isnan(drawn[:, [i, j]]).any(axis=1)
        if both.any():
            a, b = drawn[both][:, [i, j]].T
            wins[i, j] = np.mean((a > b) + 0.5 * (a == b))
    return wins


@pytest.mark.parametrize("shape", [(1, 3), (255, 4), (256, 4), (600, 9), (5, 260)])
@pytest.mark.parametrize("holes", [False, True])
def test_win_probability_pair_by_pair(shape, holes):
    drawn = np.random.default_rng(3).random(shape).round(1)
    drawn = with_holes(drawn) if holes else drawn
    np.testing.assert_allclose(win_probability(drawn), wins_one_by_one(drawn), rtol=0, atol=1e-14)


def test_two_who_never_meet_have_no_wins():
    wins = win_probability(np.array([[1.0, np.nan, 2.0], [np.nan, 1.0, 2.0]]))
    np.testing.assert_array_equal(wins, [[0.5, np.nan, 0.0], [np.nan, 0.5, 0.0], [1.0, 1.0, 0.5]])


def test_win_probability_by_hand():
    drawn = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [5.0, 1.0]])
    assert win_probability(drawn).tolist() == [[0.5, 0.625], [0.375, 0.5]]


def test_wins_and_losses_add_up_to_one():
    wins = win_probability(np.random.default_rng(0).random((50, 6)).round(1))
    np.testing.assert_allclose(wins + wins.T, 1.0)


def test_no_companies():
    assert win_probability(np.zeros((10, 0))).shape == (0, 0)
    assert compact_letters(tied(np.zeros((0, 0)))) == []


def test_a_clear_win_takes_95_per_cent():
    wins = np.array([[0.5, 0.95, 0.9499], [0.05, 0.5, 0.5], [0.0501, 0.5, 0.5]])
    assert tied(wins).tolist() == [[True, False, True], [False, True, True], [True, True, True]]


def letters(together):
    found = [set(re.findall(r"[a-z]\d*", text)) for text in compact_letters(together)]
    shared = np.array([[bool(a & b) for b in found] for a in found]).reshape(len(found), len(found))
    return found, shared


def test_all_relations_of_four_companies():
    upper = np.triu_indices(4, 1)
    for code in range(2**6):
        together = np.eye(4, dtype=bool)
        together[upper] = [code >> k & 1 for k in range(6)]
        together |= together.T
        assert (letters(together)[1] == together).all()


def test_the_best_gets_a_and_no_letter_is_superfluous():
    together = np.abs(np.subtract.outer(range(6), range(6))) <= 2
    assert compact_letters(together) == ["a", "ab", "abc", "bcd", "cd", "d"]


def test_many_groups_have_letters_of_their_own():
    names = [_letter(k) for k in range(80)]
    assert names[:2] == ["a", "b"]
    assert names[25:28] == ["z", "a1", "b1"]
    assert len(set(names)) == 80
    together = np.eye(60, dtype=bool)
    found, shared = letters(together)
    assert (shared == together).all()
    assert all(len(f) == 1 for f in found)


def test_letters_of_a_published_instance():
    # Gramm et al. (2007), doi:10.1016/j.csda.2006.09.035, figure 2: these four pairs of five treatments differ.
    together = np.ones((5, 5), dtype=bool)
    for i, j in [(1, 5), (2, 3), (2, 5), (3, 5)]:
        together[[i - 1, j - 1], [j - 1, i - 1]] = False
    assert compact_letters(together) == ["ab", "a", "b", "abc", "c"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("units", [7, 12])
def test_no_letter_can_be_spared_and_no_group_enlarged(units, share):
    rng = np.random.default_rng(units)
    for _ in range(40):
        upper = np.triu(rng.random((units, units)) < share, 1)
        together = upper | upper.T | np.eye(units, dtype=bool)
        found, shared = letters(together)
        assert (shared == together).all()
        used = set().union(*found)
        groups = {name: frozenset(i for i, has in enumerate(found) if name in has) for name in used}
        largest = set(map(frozenset, nx.find_cliques(nx.from_numpy_array(together & ~np.eye(units, dtype=bool)))))
        assert set(groups.values()) <= largest
        for spared in used:
            rest = [has - {spared} for has in found]
            assert not all(a & b for i, a in enumerate(rest) for j, b in enumerate(rest) if together[i, j])


def test_letters_of_many_units():
    rng = np.random.default_rng(0)
    center, sd = np.sort(rng.normal(0, 5, 300))[::-1], np.exp(0.3 * rng.normal(size=300))
    together = np.abs(np.subtract.outer(center, center)) < 1.645 * np.hypot.outer(sd, sd)
    found, shared = letters(together)
    assert (shared == together).all()
    assert "a" in found[0]


def test_acceptability_is_the_share_of_draws():
    scores = with_holes(np.random.default_rng(4).random((500, 6)).round(1))
    ranks = rank_present(scores)
    with np.errstate(invalid="ignore"):
        expected = [[np.mean(column[~np.isnan(column)] == r) for r in range(1, 7)] for column in ranks.T]
    np.testing.assert_allclose(rank_acceptability(ranks), expected, rtol=1e-14)
    for k in (0, 2, 6, 9):
        np.testing.assert_allclose(top_probability(ranks, k), np.sum(np.array(expected)[:, :k], axis=1), rtol=1e-14)


def test_without_ties_every_rank_is_given_once():
    shares = rank_acceptability(competition_rank(np.random.default_rng(5).random((400, 8))))
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_a_unit_which_is_never_ranked():
    ranks = np.array([[1.0, np.nan], [1.0, np.nan]])
    np.testing.assert_array_equal(rank_acceptability(ranks), [[1.0, 0.0], [np.nan, np.nan]])
    np.testing.assert_array_equal(top_probability(ranks, 1), [1.0, np.nan])
    assert rank_statistics(ranks, ranks[0]).isna().all(axis=1).tolist() == [False, True]


def test_some_units_of_a_longer_ranking():
    assert rank_acceptability(np.array([[1, 4], [2, 4]])).tolist() == [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]


def test_rank_statistics_of_the_reference(extra_data):
    ranks, expected = reference(extra_data, "32_ua_ranks"), reference(extra_data, "32_ua_rankstats")
    found = rank_statistics(ranks.drop(columns="Nominal").to_numpy().T, ranks["Nominal"].to_numpy())
    np.testing.assert_allclose(found, expected[["Nominal", "Mean", "Median", "Q5", "Q95"]], rtol=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 1.0])
@pytest.mark.parametrize("draws", [1, 2, 7, 100])
def test_quantiles_are_those_of_numpy(draws, level):
    ranks = rank_present(with_holes(np.random.default_rng(6).random((draws, 9)).round(1)))
    ranks[0] = range(1, 10)  # everybody is ranked at least once
    found = rank_statistics(ranks, ranks[0], level=level)
    tails = np.nanquantile(ranks, [0.5, (1 - level) / 2, (1 + level) / 2], axis=0)
    np.testing.assert_allclose(found[["median", "low", "high"]].to_numpy().T, tails, rtol=1e-12)
    np.testing.assert_allclose(found["mean"], np.nanmean(ranks, axis=0), rtol=1e-12)


def test_the_shift_of_ranks_leaves_out_who_has_none():
    ranks = np.array([[1.0, 2.0, 3.0], [3.0, np.nan, 2.0], [np.nan, np.nan, np.nan]])
    np.testing.assert_array_equal(mean_rank_shift(ranks, np.array([1, 2, 3])), [0.0, 1.5, np.nan])
