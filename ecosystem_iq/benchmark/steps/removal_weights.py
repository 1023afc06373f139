"""Importance of the children of a node from what happens to units when one is removed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]


def removal_effects(scores: Array) -> Array:
    """How much the performance of units changes, on average, when a child is removed.

    The performance of a unit is ``ln(1 + mean |ln(lowest / x)|)``, the mean over its children, where *lowest* is the
    lowest score of a child: a child moves it where units stand far above the last one.

    Parameters
    ----------
    scores : ndarray, shape (units, children)
        Above 0, on a scale with a meaningful zero: the effects are of ratios. NaN is missing: the mean of a unit is
        over what it has, and the effect of a child over the units which have it.

    Returns
    -------
    ndarray, shape (children,)
        At least 0; 0 for a child which nobody has, or in which all are the same.

    Raises
    ------
    InputError
        A score of 0 or below.

    References
    ----------
    Keshavarz-Ghorabaee, M., Amiri, M., Zavadskas, E. K., Turskis, Z. & Antucheviciene, J. (2021). Determination of
    objective weights using a new method based on the removal effects of criteria (MEREC). *Symmetry* 13, 525.
    doi:10.3390/sym13040525

    Examples
    --------
    >>> removal_effects(np.array([[1.0, 1.0], [1.0, np.e**2]])).round(6).tolist()
    [0.0, 0.346574]
    """
    if (scores <= 0).any():
        raise InputError("Removal effects need scores above 0: normalize to a range which begins there, as [1, 100].")
    present = ~np.isnan(scores)
    logs = np.log(scores)
    logs = np.where(present, logs - np.where(present, logs, np.inf).min(axis=0, initial=np.inf), 0.0)
    share = logs / np.maximum(present.sum(axis=1, keepdims=True), 1)
    mean = share.sum(axis=1, keepdims=True)
    # ln(1 + mean) less ln(1 + mean without the child), in which no digits are lost where the two are close.
    change = -np.log1p(-share / (1.0 + mean))
    return np.asarray(change.sum(axis=0) / np.maximum(present.sum(axis=0), 1))
