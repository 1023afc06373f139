"""Weighted sums over the children of a node, for one or many tables of scores and sets of weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted_sum(values: Array | NDArray[np.bool_], weights: Array) -> Array:
    """``sum(values * weights)`` over the children, shape (..., units).

    Weights which are the same for all units make it a product of matrices: ten thousand sets of weights on the same
    scores cost a hundredth of the sums one by one.
    """
    values = np.asarray(values, dtype=np.float64)
    if weights.ndim == 1 or weights.shape[-2] == 1:
        of_children = weights if weights.ndim == 1 else weights[..., 0, :]
        if values.ndim == 2 and of_children.ndim <= 2:  # noqa: PLR2004 - one table, one or many sets of weights
            return np.asarray(of_children @ values.T)
        return np.asarray((values @ of_children[..., None])[..., 0])
    return np.asarray(np.einsum("...uc,...uc->...u", *np.broadcast_arrays(values, weights)))


def weight_of(present: NDArray[np.bool_], weights: Array) -> Array:
    """Weight of what is present, shape (..., units); (..., 1) where that is all, and the same for all units."""
    whole = np.ones((1, present.shape[-1]))
    return weighted_sum(whole if present.all() else present, weights)
