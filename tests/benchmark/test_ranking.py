"""Ranks, wins, letters."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ecosystem_iq.benchmark.ranking import _letter, compact_letters, competition_rank, tied, win_probability


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
