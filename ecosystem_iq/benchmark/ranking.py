"""Ranks, their uncertainty, and who cannot be told apart."""

from __future__ import annotations

import string

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CLEARLY = 0.95
"""A is better than B only when it is in at least this share of the draws."""

_RELATIVE_TIE = 1e-12


def competition_rank(scores: Array) -> NDArray[np.int64]:
    """Rank 1 for the highest; equals (to a relative 1e-12) share the smaller rank.

    Parameters
    ----------
    scores : ndarray, shape (..., companies)
        No NaN.

    Examples
    --------
    >>> competition_rank(np.array([2.0, 3.0, 3.0, 1.0])).tolist()
    [3, 1, 1, 4]
    """
    if scores.shape[-1] == 0:
        return np.zeros(scores.shape, dtype=np.int64)
    order = np.argsort(-scores, axis=-1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=-1)
    falls = ordered[..., :-1] - ordered[..., 1:] > _RELATIVE_TIE * np.abs(ordered[..., :-1])
    first = np.concatenate([np.ones((*falls.shape[:-1], 1), bool), falls], axis=-1)
    position = np.where(first, np.arange(scores.shape[-1]), 0)
    ranks = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.maximum.accumulate(position, axis=-1) + 1, axis=-1)
    return ranks


def win_probability(drawn: Array) -> Array:
    """``P(row > column)`` on paired draws, equals counted half.

    Parameters
    ----------
    drawn : ndarray, shape (draws, companies)

    Returns
    -------
    ndarray, shape (companies, companies)
    """
    columns = range(drawn.shape[1])
    above = [(drawn[:, [i]] > drawn).mean(axis=0) + 0.5 * (drawn[:, [i]] == drawn).mean(axis=0) for i in columns]
    return np.array(above).reshape(drawn.shape[1], drawn.shape[1])


def tied(wins: Array) -> NDArray[np.bool_]:
    """Pairs of which neither is clearly better; everybody is tied with itself."""
    return (wins < CLEARLY) & (wins.T < CLEARLY) | np.eye(len(wins), dtype=bool)


def compact_letters(together: NDArray[np.bool_]) -> list[str]:
    """Letters such that two share one exactly when they are tied.

    Parameters
    ----------
    together : ndarray of bool, shape (companies, companies)
        Symmetric, in the order of the ranking, so that the best gets "a".

    Returns
    -------
    list of str

    References
    ----------
    Piepho, H.-P. (2004). An algorithm for a letter-based representation of all-pairwise comparisons. *Journal of
    Computational and Graphical Statistics* 13, 456-466. doi:10.1198/1061860043515 (insert and absorb).

    Examples
    --------
    >>> compact_letters(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=bool))
    ['a', 'ab', 'b']
    """
    n = len(together)
    groups: list[frozenset[int]] = [frozenset(range(n))] if n else []
    for i, j in zip(*np.nonzero(np.triu(~together, 1)), strict=True):
        split = [part for group in groups for part in ((group - {i}, group - {j}) if {i, j} <= group else (group,))]
        groups = [g for g in dict.fromkeys(split) if not any(g < other for other in split)]
    groups.sort(key=sorted)
    return ["".join(_letter(k) for k, group in enumerate(groups) if i in group) for i in range(n)]


def _letter(position: int) -> str:
    """Letters a … z, then a1 … z1, and so on."""
    turn, letter = divmod(position, 26)
    return string.ascii_lowercase[letter] + (str(turn) if turn else "")
