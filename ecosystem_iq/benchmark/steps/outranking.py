"""Scores of a node from how units compare with each other: Copeland, TOPSIS, PROMETHEE II.

Kernels as those of :mod:`~ecosystem_iq.benchmark.steps.means`: ``scores`` and ``weights`` can be broadcast against each
other, shape (..., units, children), and NaN is missing. A score belongs to the table it was computed in: with other
units it is another one. Two are compared on what both have, with the weights of that scaled to 1: a missing score
favors nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.sums import weighted_sum

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_WHOLE = 100.0  # the scale of scores
_DRAWN = 1e-12  # closer to a half than this is rounding


def copeland(scores: Array, weights: Array) -> Array:
    """Pairs won less pairs lost, by the weight of the children on which a unit is better.

    A child counts in a pair when both units have a score there, and the weights of a pair are scaled to 1: a missing
    score favors nobody. Ties on a child count half for each, and a pair within 1e-12 of a half is drawn.

    Returns
    -------
    ndarray, shape (..., units)
        From ``1 - units`` to ``units - 1``; NaN for a unit without any score of positive weight.

    References
    ----------
    Munda, G. & Nardo, M. (2009). Noncompensatory/nonlinear composite indicators for ranking countries: a defensible
    setting. *Applied Economics* 41, 1513-1523. doi:10.1080/00036840601019364

    Examples
    --------
    >>> copeland(np.array([[9.0, 9.0, 1.0], [5.0, 5.0, 5.0], [1.0, 1.0, 9.0]]), np.ones(3)).tolist()
    [2.0, 0.0, -2.0]
    """
    scores, weights = np.broadcast_arrays(scores, weights)
    whole = np.empty(scores.shape[:-1])
    for at in np.ndindex(scores.shape[:-2]):
        whole[at] = _copeland(scores[at], weights[at])
    return whole


def _copeland(scores: Array, weights: Array) -> Array:
    units = len(scores)
    ahead = np.zeros((units, units))
    for x, w in zip(scores.T, weights.T, strict=True):  # one table of pairs a child: their number is small
        there = ~np.isnan(x)
        both = there[:, None] & there
        pair = np.minimum(w[:, None], w)  # the same for all units, except where a child does not apply to one
        ahead += np.where(both, pair * np.sign(x[:, None] - x), 0.0)
    known = (~np.isnan(scores) & (weights > 0)).any(axis=1)
    scale = np.abs(ahead).max(initial=1.0)
    won = np.where(np.abs(ahead) > _DRAWN * scale, np.sign(ahead), 0.0)
    return np.where(known, won.sum(axis=1), np.nan)


def topsis(
    scores: Array,
    weights: Array,
    *,
    scaling: str = "none",
    best: float | None = None,
    worst: float | None = None,
) -> Array:
    """How much closer a unit is to the ideal than to its opposite, by weighted distance: TOPSIS.

    Parameters
    ----------
    scores, weights : ndarray
        A unit is measured on the children which it has.
    scaling : {"none", "vector"}
        *vector*: children are divided by the root of their mean square first, as the source has it, for scores which
        are on no common scale.
    best, worst : float, optional
        The ideal and its opposite, before scaling; the highest and lowest score of every child where left out. With
        both given, and no scaling, a unit's score does not depend on the other units.

    Returns
    -------
    ndarray, shape (..., units)
        100 at the ideal, 0 at its opposite, 50 where the two are the same. NaN for a unit without any score of positive
        weight.

    References
    ----------
    Hwang, C.-L. & Yoon, K. (1981). *Multiple Attribute Decision Making*. Springer. doi:10.1007/978-3-642-48318-9

    Examples
    --------
    >>> topsis(np.array([[4.0, 0.0], [0.0, 3.0], [4.0, 3.0]]), np.ones(2)).round(2).tolist()
    [57.14, 42.86, 100.0]
    """
    scores, weights = np.asarray(scores, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    taking = ~np.isnan(scores)
    if _by_unit(weights):
        taking = taking & (weights > 0)
    high = np.where(taking, scores, -np.inf).max(axis=-2, keepdims=True) if best is None else np.float64(best)
    low = np.where(taking, scores, np.inf).min(axis=-2, keepdims=True) if worst is None else np.float64(worst)
    size = _root_mean_square(scores, taking) if scaling == "vector" else np.float64(1.0)
    below, above = (
        np.sqrt(weighted_sum((np.where(taking, scores - end, 0.0) / size) ** 2, weights**2)) for end in (high, low)
    )
    whole = below + above
    closeness = np.divide(_WHOLE * above, whole, out=np.full(whole.shape, _WHOLE / 2), where=whole > 0)
    return np.where(weighted_sum(taking, weights) > 0, closeness, np.nan)


def _root_mean_square(scores: Array, taking: Mask) -> Array:
    """Of every child over the units which have it; 1 where it is 0."""
    squares = np.where(taking, scores, 0.0) ** 2
    size = np.sqrt(squares.sum(axis=-2, keepdims=True) / np.maximum(taking.sum(axis=-2, keepdims=True), 1))
    return np.where(size > 0, size, 1.0)


def promethee(
    scores: Array,
    weights: Array,
    *,
    preference: str = "linear",
    indifference: float = 0.0,
    threshold: float | None = None,
) -> Array:
    """Net flow of PROMETHEE II: how far a unit is preferred to the others, less how far they are to it.

    Parameters
    ----------
    scores, weights : ndarray
        A child counts in a pair when both units have it; a pair with nothing in common is drawn.
    preference : {"linear", "usual", "level", "gaussian"}
        How far a difference d on a child is preferred, 0 to 1. *linear*: from 0 at the indifference up to 1 at the
        threshold; *usual*: 1 as soon as d > 0; *level*: a half above the indifference, 1 above the threshold;
        *gaussian*: ``1 - exp(-d² / (2 threshold²))``.
    indifference : float, at least 0
        A difference up to this is none (linear, level).
    threshold : float, optional
        A difference above this is preferred in full; one no larger than the indifference counts as that. Where left
        out: the largest difference of the child.

    Returns
    -------
    ndarray, shape (..., units)
        In percent: from -100, all others are preferred in full, to 100; the sum over units is 0. NaN for a unit without
        any score of positive weight.

    References
    ----------
    Brans, J. P. & Vincke, P. (1985). A preference ranking organisation method: the PROMETHEE method for multiple
    criteria decision-making. *Management Science* 31, 647-656. doi:10.1287/mnsc.31.6.647

    Examples
    --------
    >>> scores = np.array([[4.0, 3.0, 2.0], [3.0, 2.0, 4.0], [5.0, 1.0, 3.0]])
    >>> promethee(scores, np.array([0.5, 0.3, 0.2]), preference="usual").round(9).tolist()
    [10.0, -30.0, 20.0]
    """
    by_unit, one_table = _by_unit(weights), np.ndim(scores) == 2  # noqa: PLR2004 - units and children
    prefer = _Preference(preference, indifference, threshold)
    scores, weights = np.broadcast_arrays(scores, weights)
    net = np.empty(scores.shape[:-1])
    compared = None
    for at in np.ndindex(scores.shape[:-2]):
        if compared is None or by_unit or not one_table:
            has = np.where(np.isnan(scores[at]), 0.0, weights[at] if by_unit else 1.0)
            compared = _compare(scores[at], has, prefer)
        net[at] = compared.net(np.ones(has.shape[1]) if by_unit else weights[at][0])
    return net


@dataclass(frozen=True, slots=True)
class _Preference:
    """What a difference is worth."""

    form: str
    indifference: float
    threshold: float | None

    def flows(self, x: Array, others: Array, widest: float) -> Array:
        """Preference of each x over the others, who are sorted, less theirs, summed; shape of x."""
        low = 0.0 if self.form == "usual" else self.indifference
        high = max(low, widest if self.threshold is None else self.threshold)
        if self.form == "gaussian":
            return _bell(x, others, widest if self.threshold is None else self.threshold)
        if self.form == "level":
            return 0.5 * (_steps(x, others, low) + _steps(x, others, high))
        if self.form == "usual" or high == low:
            return _steps(x, others, low)
        return (_excess(x, others, low) - _excess(x, others, high)) / (high - low)


def _steps(x: Array, others: Array, least: float) -> Array:
    """How many of the others are lower by more than ``least``, less how many are higher by more."""
    below = np.searchsorted(others, x - least, side="left")
    above = len(others) - np.searchsorted(others - least, x, side="right")
    return (below - above).astype(np.float64)


def _excess(x: Array, others: Array, least: float) -> Array:
    """By how much the others are lower, beyond ``least``, less by how much they are higher, summed.

    From sums of the sorted others up to a place: no table of pairs is needed.
    """
    middle = others.mean()  # sums of values far from 0 would lose digits
    x, others = x - middle, others - middle
    reached = np.concatenate([[0.0], np.cumsum(others)])
    lower, upper = np.searchsorted(others, x - least), np.searchsorted(others, x + least)
    below = lower * (x - least) - reached[lower]
    above = reached[-1] - reached[upper] - (len(others) - upper) * (x + least)
    return np.asarray(below - above)


def _bell(x: Array, others: Array, spread: float) -> Array:
    if spread == 0:
        return _steps(x, others, 0.0)
    ahead = (x[:, None] - others) / spread
    return np.asarray((np.sign(ahead) * -np.expm1(-0.5 * ahead**2)).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A table of units compared with groups of units which have the same children.

    Attributes
    ----------
    groups : ndarray, shape (groups, children)
        What the units of a group have: 0 where a child is missing, 1 or the weight where it is not.
    member : ndarray of int, shape (units,)
    flows : ndarray, shape (units, groups, children)
        Preference over the units of a group less theirs, summed.
    """

    groups: Array
    member: NDArray[np.intp]
    flows: Array

    def net(self, weights: Array) -> Array:
        """Net flows, shape (units,), in percent."""
        rows = self.groups * weights
        shared = np.minimum(rows[:, None], rows)  # the same for both, except where a child does not apply to one
        total = shared.sum(axis=-1, keepdims=True)
        share = np.divide(shared, total, out=np.zeros(shared.shape), where=total > 0)
        flow = np.einsum("uqc,uqc->u", self.flows, share[self.member])
        known = (rows > 0).max(axis=1)[self.member]
        return np.where(known, _WHOLE * flow / max(int(known.sum()) - 1, 1), np.nan)


def _compare(scores: Array, has: Array, prefer: _Preference) -> _Compared:
    groups, member = np.unique(has, axis=0, return_inverse=True)
    member = member.reshape(-1)
    flows = np.zeros((len(scores), len(groups), scores.shape[1]))
    for child, group in np.argwhere(groups.T > 0):
        there = has[:, child] > 0
        x = scores[there, child]
        others = np.sort(x[member[there] == group])
        flows[there, group, child] = prefer.flows(x, others, float(np.ptp(x)))
    return _Compared(groups, member, flows)


def _by_unit(weights: Array) -> bool:
    """Whether units have weights of their own."""
    return np.ndim(weights) > 1 and np.shape(weights)[-2] > 1
