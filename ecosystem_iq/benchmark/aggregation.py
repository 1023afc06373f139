"""Indicator scores → nodes → composite, for all companies and draws at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.framework import Framework

Array = NDArray[np.float64]


def _arithmetic(scores: Array, weights: Array) -> Array:
    return np.asarray((scores * weights).sum(axis=-1))


def _geometric(scores: Array, weights: Array) -> Array:
    """Zero where any score of positive weight is zero: no floor."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(weights > 0, weights * np.log(scores), 0.0)
    return np.asarray(np.exp(logs.sum(axis=-1)))


def _harmonic(scores: Array, weights: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1.0 / np.where(weights > 0, weights / scores, 0.0).sum(axis=-1))


def _minimum(scores: Array, weights: Array) -> Array:
    return np.asarray(np.where(weights > 0, scores, np.inf).min(axis=-1))


AGGREGATORS: dict[str, Callable[[Array, Array], Array]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "minimum": _minimum,
}
"""Functions of scores and weights, both (..., children) with weights that sum to 1 over what is present."""


def aggregate(
    framework: Framework, scores: Array, applicable: NDArray[np.bool_], counted: NDArray[np.bool_] | None = None
) -> Mapping[str, Array]:
    """Scores of every node.

    Parameters
    ----------
    framework : Framework
    scores : ndarray, shape (..., companies, indicators)
        On the 0-100 scale; NaN is missing.
    applicable : ndarray of bool, shape (companies, indicators)
        False takes the indicator's weight away for that company; a node with nothing applicable below it loses its
        own, except directly below the composite.
    counted : ndarray of bool, shape (companies, indicators), optional
        Which cells count as present for the thresholds; default those which are not NaN. Draws fill cells which are
        missing in the data: they pass the mask of the data, so that a node is scored in all draws or in none.

    Returns
    -------
    mapping of str to ndarray, shape (..., companies)
        NaN where too little of the weight below a node is present.
    """
    position = {indicator.id: i for i, indicator in enumerate(framework.indicators)}
    present = ~np.isnan(scores) if counted is None else np.broadcast_to(counted, scores.shape)
    nodes: dict[str, Array] = {}
    holds: dict[str, NDArray[np.bool_]] = {}
    for node in framework.nodes:
        leaves, children = list(framework.leaves(node.id)), list(framework.children(node.id))
        columns = [position[leaf.id] for leaf in leaves]
        below = np.concatenate([scores[..., columns], *(nodes[child.id][..., None] for child in children)], axis=-1)
        weights = np.array([*(leaf.weight for leaf in leaves), *(child.weight for child in children)])
        may = np.concatenate([applicable[:, columns], *(holds[child.id][:, None] for child in children)], axis=-1)
        holds[node.id] = np.asarray(may.any(axis=-1) | (node.parent == framework.composite))
        there = np.concatenate(
            [present[..., columns], *(~np.isnan(nodes[child.id])[..., None] for child in children)], axis=-1
        )
        nodes[node.id] = _node(below, weights * may, there, framework.threshold(node.id), AGGREGATORS[node.method])
    return nodes


def _node(
    scores: Array, weights: Array, present: NDArray[np.bool_], threshold: float, method: Callable[[Array, Array], Array]
) -> Array:
    """One node from what is below it; weights are spread over the cells which have a score."""
    total = np.broadcast_to(weights, scores.shape)
    enough = np.where(present, total, 0.0).sum(axis=-1) >= threshold * total.sum(axis=-1) - 1e-12
    filled = ~np.isnan(scores)
    used = np.where(filled, total, 0.0)
    weight = used.sum(axis=-1, keepdims=True)
    share = np.divide(used, weight, out=np.zeros_like(used), where=weight > 0)
    value = method(np.where(filled, scores, 0.0), share)
    return np.where(enough & (weight[..., 0] > 0), value, np.nan)
