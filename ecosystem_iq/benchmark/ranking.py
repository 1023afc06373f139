"""Ranks, their uncertainty, and who cannot be told apart."""

from __future__ import annotations

import string

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ranks = NDArray[np.int64] | Array
"""Whole numbers from 1; NaN, in an array of floats, where there is no rank."""

CLEARLY = 0.95
"""A is better than B only when it is in at least this share of the draws."""

_RELATIVE_TIE = 1e-12
_CELLS = 100_000  # ranked at a time: what the processor keeps at hand
_BLOCK = 255  # draws compared at a time: the most that a byte counts


def competition_rank(scores: Array) -> NDArray[np.int64]:
    """Rank 1 for the highest; equals (to a relative 1e-12) share the smaller rank.

    Parameters
    ----------
    scores : ndarray, shape (..., companies)
        No NaN; see :func:`rank_present`.

    Returns
    -------
    ndarray of int, shape (..., companies)

    Examples
    --------
    >>> competition_rank(np.array([2.0, 3.0, 3.0, 1.0])).tolist()
    [3, 1, 1, 4]
    """
    rows = scores.reshape(-1, scores.shape[-1]) if scores.size else np.zeros((0, 0))
    ranks = np.empty(rows.shape, dtype=np.int64)
    height = max(1, _CELLS // max(1, rows.shape[-1]))
    for start in range(0, len(rows), height):
        ranks[start : start + height] = _rank_rows(rows[start : start + height])
    return ranks.reshape(scores.shape)


def _rank_rows(scores: Array) -> NDArray[np.int64]:
    order = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    falls = ordered[:, :-1] - ordered[:, 1:] > _RELATIVE_TIE * np.abs(ordered[:, :-1])
    position = np.zeros(scores.shape, dtype=np.int64)
    position[:, 1:] = np.where(falls, np.arange(1, scores.shape[1]), 0)
    ranks = np.empty_like(position)
    np.put_along_axis(ranks, order, np.maximum.accumulate(position, axis=1) + 1, axis=1)
    return ranks


def rank_present(scores: Array) -> Array:
    """Rank among those with a score; NaN stays NaN.

    Parameters
    ----------
    scores : ndarray, shape (..., companies)

    Returns
    -------
    ndarray, shape (..., companies)

    Examples
    --------
    >>> rank_present(np.array([2.0, np.nan, 3.0])).tolist()
    [2.0, nan, 1.0]
    """
    return np.where(np.isnan(scores), np.nan, competition_rank(scores))


def win_probability(drawn: Array) -> Array:
    """``P(row > column)`` on paired draws, equals (to a relative 1e-12) counted half.

    Parameters
    ----------
    drawn : ndarray, shape (draws, companies)
        Scores; a draw in which one of two has none (NaN) says nothing of these two.

    Returns
    -------
    ndarray, shape (companies, companies)
        NaN where two never have a score in the same draw.

    Examples
    --------
    >>> win_probability(np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [5.0, 1.0]])).tolist()
    [[0.5, 0.625], [0.375, 0.5]]
    """
    present = ~np.isnan(drawn)
    width = drawn.shape[1]
    ranks = np.where(present, competition_rank(drawn), width + 1).astype(np.min_scalar_type(width + 1))
    wins = _count_below(ranks).astype(np.float64)
    both = np.full((width, width), float(len(drawn)))
    if not present.all():
        there = present.astype(np.float64)
        both = there.T @ there
        wins -= there.sum(axis=0)[:, None] - both  # with no score, one stands below all: that is no win
    return 0.5 + (wins - wins.T) / (2.0 * np.where(both > 0, both, np.nan))


def _count_below(ranks: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
    """In how many rows the rank of one is below the rank of another, shape (companies, companies)."""
    width = ranks.shape[1]
    counts = np.zeros((width, width), dtype=np.int64)
    for start in range(0, len(ranks), _BLOCK):
        some = ranks[start : start + _BLOCK]
        for i in range(width):
            below = (some[:, [i]] < some).view(np.uint8)
            counts[i] += np.add.reduce(below, axis=0, dtype=np.uint8)
    return counts


def rank_acceptability(ranks: Ranks) -> Array:
    """Share of the draws in which each unit has each rank.

    Parameters
    ----------
    ranks : ndarray, shape (draws, units)
        From 1; a draw without a rank (NaN) is left out for that unit.

    Returns
    -------
    ndarray, shape (units, ranks)
        Rows add up to 1, or are NaN for a unit which is never ranked. Columns do so only without ties.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001). SMAA-2: stochastic multicriteria acceptability analysis for group decision
    making. *Operations Research* 49, 444-454. doi:10.1287/opre.49.3.444.11220.

    Examples
    --------
    >>> rank_acceptability(np.array([[1, 2], [1, 2], [2, 1], [1, 1]])).tolist()
    [[0.75, 0.25], [0.5, 0.5]]
    """
    counts = _rank_counts(ranks)
    total = counts.sum(axis=1, keepdims=True)
    return np.asarray(counts / np.where(total > 0, total, np.nan))


def _rank_counts(ranks: Ranks) -> NDArray[np.int64]:
    """In how many draws each unit has each rank, shape (units, ranks)."""
    units = ranks.shape[1]
    known = np.where(np.isnan(ranks), 0, ranks).astype(np.int64)
    width = max(units, int(known.max(initial=0))) + 1
    places = known + width * np.arange(units)
    return np.bincount(places.ravel(), minlength=units * width).reshape(units, width)[:, 1:]


def top_probability(ranks: Ranks, k: int) -> Array:
    """Share of the draws in which each unit is among the first ``k``.

    Parameters
    ----------
    ranks : ndarray, shape (draws, units)
        From 1; a draw without a rank (NaN) is left out for that unit.
    k : int

    Returns
    -------
    ndarray, shape (units,)
        NaN for a unit which is never ranked.

    Examples
    --------
    >>> top_probability(np.array([[1, 2, 3], [2, 1, 3]]), 2).tolist()
    [1.0, 1.0, 0.0]
    """
    return np.asarray(rank_acceptability(ranks)[:, : max(k, 0)].sum(axis=1))


def rank_statistics(ranks: Ranks, nominal: Ranks, *, level: float = 0.90) -> pd.DataFrame:
    """What the ranks of each unit are over the draws.

    Parameters
    ----------
    ranks : ndarray, shape (draws, units)
        From 1; a draw without a rank (NaN) is left out for that unit.
    nominal : ndarray, shape (units,)
        Ranks without uncertainty.
    level : float
        Share of the draws between ``low`` and ``high``.

    Returns
    -------
    DataFrame
        One row a unit: ``nominal mean median low high``; quantiles by linear interpolation, NaN for a unit which is
        never ranked.

    Examples
    --------
    >>> rank_statistics(np.array([[1, 2], [1, 2], [2, 1]]), np.array([1, 2]), level=0.5).round(2).values.tolist()
    [[1.0, 1.33, 1.0, 1.0, 1.5], [2.0, 1.67, 2.0, 1.5, 2.0]]
    """
    counts = _rank_counts(ranks)
    draws = counts.sum(axis=1)
    mean = counts @ np.arange(1, counts.shape[1] + 1) / np.where(draws > 0, draws, np.nan)
    low, median, high = (_quantile(counts, at) for at in ((1.0 - level) / 2, 0.5, (1.0 + level) / 2))
    return pd.DataFrame({"nominal": nominal, "mean": mean, "median": median, "low": low, "high": high})


def _quantile(counts: NDArray[np.int64], at: float) -> Array:
    """Quantile of the ranks of each unit, between order statistics by linear interpolation."""
    reached = counts.cumsum(axis=1)
    draws = reached[:, -1] if reached.size else np.zeros(len(reached), dtype=np.int64)
    place = at * np.maximum(draws - 1, 0)
    below, above = ((reached <= place_[:, None]).sum(axis=1) + 1 for place_ in (np.floor(place), np.ceil(place)))
    return np.where(draws > 0, below + (above - below) * (place - np.floor(place)), np.nan)


def mean_rank_shift(ranks: Ranks, nominal: Ranks) -> Array:
    """How far the units are from their nominal ranks in each draw, on average.

    Parameters
    ----------
    ranks : ndarray, shape (draws, units)
    nominal : ndarray, shape (units,)
        A unit without a rank in one of the two (NaN) is left out.

    Returns
    -------
    ndarray, shape (draws,)
        In ranks; NaN for a draw without ranks.

    Examples
    --------
    >>> mean_rank_shift(np.array([[1, 2, 3], [2, 3, 1]]), np.array([1, 2, 3])).round(2).tolist()
    [0.0, 1.33]
    """
    shift = np.abs(ranks - np.asarray(nominal, dtype=np.float64))
    known = ~np.isnan(shift)
    units = known.sum(axis=1)
    return np.asarray(np.where(known, shift, 0.0).sum(axis=1) / np.where(units > 0, units, np.nan))


def tied(wins: Array) -> NDArray[np.bool_]:
    """Pairs of which neither is clearly better; everybody is tied with itself."""
    return (wins < CLEARLY) & (wins.T < CLEARLY) | np.eye(len(wins), dtype=bool)


def compact_letters(together: NDArray[np.bool_]) -> list[str]:
    """Letters such that two share one exactly when they are tied; none can be spared.

    Parameters
    ----------
    together : ndarray of bool, shape (companies, companies)
        Symmetric, in the order of the ranking, so that the best gets "a".

    Returns
    -------
    list of str

    Notes
    -----
    The fewest letters are beyond reach for many units (the problem is NP-hard); groups are grown from the best unit
    down, and those which others make superfluous are dropped. There are never more than by insert and absorb, which
    finds every largest group.

    References
    ----------
    Piepho, H.-P. (2004). An algorithm for a letter-based representation of all-pairwise comparisons. *Journal of
    Computational and Graphical Statistics* 13, 456-466. doi:10.1198/1061860043515. Gramm, J., Guo, J., Hüffner, F.,
    Niedermeier, R., Piepho, H.-P. & Schmid, R. (2007). Algorithms for compact letter displays: comparison and
    evaluation. *Computational Statistics & Data Analysis* 52, 725-736. doi:10.1016/j.csda.2006.09.035 (clique growing).

    Examples
    --------
    >>> compact_letters(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=bool))
    ['a', 'ab', 'b']
    """
    groups = _runs(together)
    if groups is None:
        groups = sorted(_needed(_grown(together), len(together)))
    letters = [""] * len(together)
    for k, group in enumerate(groups):
        for i in group:
            letters[i] += _letter(k)
    return letters


def _runs(together: NDArray[np.bool_]) -> list[list[int]] | None:
    """Groups where everybody is tied with a run of neighbors in the ranking, as is nearly always so; else None."""
    n = len(together)
    place = np.arange(n)
    last = np.where(together, place, 0).max(axis=1, initial=0)
    below = np.triu(together).sum(axis=1)
    if (below != last - place + 1).any() or (np.diff(last) < 0).any():
        return None
    first = np.flatnonzero(np.r_[True, np.diff(last) > 0]) if n else place
    return [list(range(i, last[i] + 1)) for i in first]


def _grown(together: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of units all tied with each other, none of which can be enlarged, and which hold every tied pair."""
    waiting = np.triu(together).astype(bool)  # with the diagonal: nobody is left without a group
    groups = []
    for i in range(len(together)):
        while waiting[i].any():
            groups.append(_grow(together, i, int(np.flatnonzero(waiting[i])[-1])))
            waiting[np.ix_(groups[-1], groups[-1])] = False
    return groups


def _grow(together: NDArray[np.bool_], i: int, j: int) -> list[int]:
    """A pair, or one alone, and in the order of the ranking everybody who is tied with all so far."""
    group = {i, j}
    fits = (together[i] & together[j]).astype(bool)
    fits[[i, j]] = False
    while fits.any():
        k = int(fits.argmax())
        group.add(k)
        fits &= together[k]
        fits[k] = False
    return sorted(group)


def _needed(groups: list[list[int]], units: int) -> list[list[int]]:
    """Groups without those whose every pair is in another one, the last looked at first."""
    shared = np.zeros((units, units), dtype=np.int64)
    for group in groups:
        shared[np.ix_(group, group)] += 1
    kept = []
    for group in reversed(groups):
        pairs = np.ix_(group, group)
        if (shared[pairs] > 1).all():
            shared[pairs] -= 1
        else:
            kept.append(group)
    return kept


def _letter(position: int) -> str:
    """Letters a … z, then a1 … z1, and so on."""
    turn, letter = divmod(position, 26)
    return string.ascii_lowercase[letter] + (str(turn) if turn else "")
