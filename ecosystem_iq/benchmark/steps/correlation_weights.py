"""Weights found from what elements turn out to be worth: their correlations with the index they add up to.

A weight says what an element is meant to count; its correlation with the index says what it does count. The two differ
when elements are correlated or spread differently, so weights are searched which bring the second to a target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]
Whole = NDArray[np.intp]

AIMS = ("balance", "influence", "infomax")
_FEASIBLE = 1e-8  # how far the sum of weights may be off 1
_REACHED = 1e-12  # a loss, in squared mean targets, at which the target counts as reached
_STARTS = 4  # drawn ones, besides equal weights and the target: the loss may have several minima


@dataclass(frozen=True, eq=False)
class Level:
    """One level of a hierarchy: elements, the parents they add up to, and what each parent counts in the index.

    Attributes
    ----------
    scores : ndarray, shape (units, elements)
        NaN is missing: the others below the same parent share its weight.
    parent : ndarray of int, shape (elements,)
        Position of the element's parent in ``share``.
    share : ndarray, shape (parents,)
        Effective weight of every parent in the index; rescaled over the parents a unit has a score of.
    """

    scores: Array
    parent: Whole
    share: Array

    def aggregate(self, weights: Array) -> tuple[Array, Array]:
        """Index of every unit, shape (units,), and its derivative with respect to every weight (units, elements)."""
        present = ~np.isnan(self.scores)
        values = np.where(present, self.scores, 0.0)
        member = (self.parent[:, None] == np.arange(len(self.share))).astype(np.float64)
        weight = (present * weights) @ member
        scored = np.abs(weight) > 0
        parents = np.divide((values * weights) @ member, weight, out=np.zeros_like(weight), where=scored)
        shares = np.where(scored, self.share, 0.0)
        total = shares.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = shares / total
            index = np.where(total[:, 0] > 0, (shares * parents).sum(axis=1), np.nan)
            pull = np.where(scored, shares / weight, 0.0)
        slope = np.where(present, values - parents[:, self.parent], 0.0) * pull[:, self.parent]
        return index, np.nan_to_num(slope)

    def correlations(self, weights: Array) -> tuple[Array, Array]:
        """Pearson correlation of every element with the index (elements,), and its Jacobian (elements, weights)."""
        index, slope = self.aggregate(weights)
        there = ~np.isnan(self.scores) & ~np.isnan(index)[:, None]
        element = _unit_length(self.scores, there)[0]
        whole, length = _unit_length(np.broadcast_to(index[:, None], there.shape), there)
        r = (element * whole).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            by_index = (element - r * whole) / length
        return r, np.asarray(by_index.T @ slope)


@dataclass(frozen=True, eq=False)
class OptimizedWeights:
    """The best weights found, and what they bring about; all arrays in the order of the elements.

    Attributes
    ----------
    weights : ndarray, shape (elements,)
        Sum to 1 below every parent.
    correlations : ndarray, shape (elements,)
        Of the elements with the index under these weights.
    obtained, target : ndarray, shape (elements,)
        Shares of importance: reached and wanted; both NaN for infomax, which has no target.
    loss : float
        Mean squared difference of the two; for infomax minus the sum of the correlations.
    converged : bool
    message : str
        What the optimizer said last.
    """

    weights: Array
    correlations: Array
    obtained: Array
    target: Array
    loss: float
    converged: bool
    message: str


def optimize_correlations(
    level: Level,
    aim: str = "balance",
    *,
    target: ArrayLike | None = None,
    bounds: tuple[ArrayLike, ArrayLike] = (0.0, 1.0),
) -> OptimizedWeights:
    """Weights within bounds which bring correlations with the index to a target, or make them as high as can be.

    Parameters
    ----------
    level : Level
    aim : {"balance", "influence", "infomax"}
        *balance*: correlations proportional to the target. *influence*: their squares (shares of variance explained
        linearly) proportional to it. *infomax*: the largest sum of correlations.
    target : array_like, shape (elements,), optional
        Wanted importance on any scale, at least 0; default equal.
    bounds : pair of array_like, scalar or shape (elements,)
        Lowest and highest share of an element below its parent.

    Returns
    -------
    OptimizedWeights
        The best of a few starts of sequential quadratic programming with exact gradients; the same in every run.

    Raises
    ------
    InputError
        An unknown aim, an element without variance, bounds which no weights satisfy, a target of another length or
        below zero.

    References
    ----------
    Becker, Saisana, Paruolo & Vandecasteele (2017), Weights and importance in composite indicators: closing the gap,
    Ecological Indicators 80, 12-22, doi:10.1016/j.ecolind.2017.03.056.

    Examples
    --------
    >>> scores = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 9.0], [3.0, 4.0]])
    >>> level = Level(scores, np.array([0, 0]), np.array([1.0]))
    >>> best = optimize_correlations(level, target=[1, 1])
    >>> best.weights.round(3).tolist(), best.correlations.round(3).tolist()
    ([0.758, 0.242], [0.887, 0.887])
    """
    if aim not in AIMS:
        raise InputError(f"What correlations are brought to is one of {', '.join(AIMS)}; found {aim!r}.")
    wanted = _target(target, level)
    return _result(_search(level, aim, wanted, _bounds(bounds, level)), level, aim, wanted)


def _search(level: Level, aim: str, wanted: Array, bounds: tuple[Array, Array]) -> tuple[Array, bool, str]:
    """The best weights of all starts, whether that search converged, and what it said."""
    from scipy.optimize import Bounds, LinearConstraint, minimize
    from threadpoolctl import threadpool_limits

    member = (level.parent[:, None] == np.arange(len(level.share))).astype(np.float64)
    held = member[:, member.any(axis=0)].T
    best: tuple[float, Array, bool, str] = (np.inf, wanted, False, "")
    # SLSQP stops on absolute changes: in units of the mean target, all problems look alike to it.
    scale = 1.0 if aim == "infomax" else 1 / float(wanted.mean()) ** 2

    def scaled(weights: Array) -> tuple[float, Array]:
        loss, slope = _loss(weights, level, aim, wanted)
        return loss * scale, slope * scale

    with threadpool_limits(limits=1):  # many small products: threads would only wait for each other
        for start in _starts(wanted, held):
            found = minimize(
                scaled,
                np.clip(start, *bounds),
                jac=True,
                method="SLSQP",
                bounds=Bounds(*bounds),
                constraints=LinearConstraint(held, 1.0, 1.0),
                options={"maxiter": 500, "ftol": 1e-15},
            )
            if found.fun < best[0] and np.abs(held @ found.x - 1).max() < _FEASIBLE:
                best = (float(found.fun), found.x, bool(found.success), str(found.message))
            if aim != "infomax" and best[0] < _REACHED:
                break
    if best[0] == np.inf:
        raise InputError("No weights were found under which every correlation is defined: look at missing scores.")
    return best[1:]


def _result(best: tuple[Array, bool, str], level: Level, aim: str, wanted: Array) -> OptimizedWeights:
    weights, converged, message = best
    r = level.correlations(weights)[0]
    unwanted = np.full(len(r), np.nan)
    importance = r if aim == "balance" else r**2
    return OptimizedWeights(
        weights=weights,
        correlations=r,
        obtained=unwanted if aim == "infomax" else importance / importance.sum(),
        target=unwanted if aim == "infomax" else wanted,
        loss=_loss(weights, level, aim, wanted)[0],
        converged=converged,
        message=message,
    )


def _loss(weights: Array, level: Level, aim: str, wanted: Array) -> tuple[float, Array]:
    """What is made small, and its gradient."""
    r, jacobian = level.correlations(weights)
    if aim == "infomax":
        return -float(r.sum()), -jacobian.sum(axis=0)
    importance, by_r = (r, np.ones_like(r)) if aim == "balance" else (r**2, 2 * r)
    total = importance.sum()
    if total == 0:  # of two units, say: correlations of 1 and -1
        return np.inf, np.zeros_like(r)
    off = importance / total - wanted
    by_importance = 2 / len(r) * (off - off @ importance / total) / total
    return float((off**2).mean()), np.asarray((by_importance * by_r) @ jacobian)


def _unit_length(values: Array, there: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Columns centered over what is there and divided by their length; 0 elsewhere."""
    filled = np.where(there, values, 0.0)
    centered = np.where(there, filled - filled.sum(axis=0) / np.maximum(there.sum(axis=0), 1), 0.0)
    length = np.sqrt((centered**2).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return centered / length, length


def _target(target: ArrayLike | None, level: Level) -> Array:
    elements = level.scores.shape[1]
    wanted = np.ones(elements) if target is None else np.asarray(target, dtype=np.float64)
    if wanted.shape != (elements,) or not (wanted >= 0).all() or wanted.sum() <= 0:
        raise InputError(f"The target must be {elements} numbers, at least 0 and not all 0; found {target!r}.")
    missing = np.isnan(level.scores)
    largest, smallest = (np.where(missing, end, level.scores) for end in (-np.inf, np.inf))
    flat = np.flatnonzero(largest.max(axis=0, initial=-np.inf) <= smallest.min(axis=0, initial=np.inf))
    if len(flat):
        raise InputError(f"Elements without variance have no correlation: columns {flat.tolist()}. Leave them out.")
    return np.asarray(wanted / wanted.sum())


def _bounds(bounds: tuple[ArrayLike, ArrayLike], level: Level) -> tuple[Array, Array]:
    elements = level.scores.shape[1]
    low, high = (np.broadcast_to(np.asarray(bound, dtype=np.float64), elements) for bound in bounds)
    lowest, highest = (np.bincount(level.parent, bound) for bound in (low, high))
    held = np.bincount(level.parent) > 0
    if (low > high).any() or (lowest[held] > 1 + 1e-12).any() or (highest[held] < 1 - 1e-12).any():
        raise InputError(f"No weights which sum to 1 below each parent lie within the bounds {bounds!r}.")
    return low, high


def _starts(wanted: Array, held: Array) -> list[Array]:
    """Equal weights, the target, and some drawn ones: always the same."""
    drawn = np.random.default_rng(0).uniform(0.1, 1.0, (_STARTS, len(wanted)))
    raw = np.vstack([np.ones_like(wanted), wanted + 1e-6, drawn])
    # An equal target is the start of equal weights again.
    return list((raw / (raw @ held.T @ held))[int(np.ptp(wanted) < _REACHED) :])
