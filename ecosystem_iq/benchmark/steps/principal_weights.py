"""Weights from principal components: loadings on the first, and the Handbook's squared loadings of rotated ones."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]

_INDIVIDUAL = 0.10  # share of variance which earns a component its place
_TOGETHER = 0.60  # and what those kept must explain
_UNITS = 3
_SWEEPS = 100  # of rotations in every plane; a few suffice
_STILL = 1e-12  # an angle which turns nothing


def first_loadings(scores: Array) -> Array:
    """Loadings of the columns on the first principal component of their correlations.

    Parameters
    ----------
    scores : ndarray, shape (units, columns)
        Units with a missing score are left out.

    Returns
    -------
    ndarray, shape (columns,)
        Unit length; the sign is fixed by a sum which is not negative. A column without variance has 0.

    Raises
    ------
    InputError
        Less than three units without a missing score, or no column with variance.

    Examples
    --------
    >>> first_loadings(np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 5.0]])).round(4).tolist()
    [0.7071, 0.7071]
    """
    _, vectors = _components(scores)
    first = vectors[:, 0]
    return np.asarray(-first if first.sum() < 0 else first)


def squared_loading_weights(scores: Array) -> Array:
    """Weights from squared loadings of rotated components.

    Kept are the components which explain more than a tenth of the variance each, and further ones until three fifths
    are explained. They are rotated by varimax; the squared loadings on each are scaled to sum 1; each column counts
    where its share is largest, times the variance which the rotated component explains.

    Parameters
    ----------
    scores : ndarray, shape (units, columns)
        Units with a missing score are left out.

    Returns
    -------
    ndarray, shape (columns,)
        At least 0, sum 1; 0 for a column without variance.

    Raises
    ------
    InputError
        Less than three units without a missing score, or no column with variance.

    References
    ----------
    OECD, European Union & JRC (2008), Handbook on Constructing Composite Indicators, section 6.1,
    doi:10.1787/9789264043466-en; Nicoletti, Scarpetta & Boylaud (2000), doi:10.1787/215182844604.

    Examples
    --------
    >>> squared_loading_weights(np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 5.0]])).round(9).tolist()
    [0.5, 0.5]
    """
    variance, vectors = _components(scores)
    explained = np.cumsum(variance) / variance.sum()
    kept = max(int((variance > _INDIVIDUAL * variance.sum()).sum()), int((explained < _TOGETHER - 1e-12).sum()) + 1)
    loadings = varimax(vectors[:, :kept] * np.sqrt(variance[:kept]))
    by_component = (loadings**2).sum(axis=0)
    share = loadings**2 / by_component
    weights = share.max(axis=1) * by_component[share.argmax(axis=1)]
    return np.asarray(weights / weights.sum())


def varimax(loadings: Array) -> Array:
    """Loadings rotated so that each is large or small: varimax with Kaiser's normalization.

    Parameters
    ----------
    loadings : ndarray, shape (columns, components)

    Returns
    -------
    ndarray, shape (columns, components)

    References
    ----------
    Kaiser (1958), The varimax criterion for analytic rotation in factor analysis, doi:10.1007/BF02289233.

    Examples
    --------
    >>> c = np.sqrt(0.5)
    >>> np.abs(varimax(np.array([[c, c], [c, -c]]))).round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    turned = np.divide(loadings, length, out=np.zeros_like(loadings), where=length > 0)
    for _ in range(_SWEEPS):
        angles = [_turn(turned, i, k) for i, k in combinations(range(loadings.shape[1]), 2)]
        if max(map(abs, angles), default=0.0) < _STILL:
            break
    return np.asarray(turned * length)


def _turn(loadings: Array, i: int, k: int) -> float:
    """Rotate two components, in place, by the angle which is best for these two; the angle."""
    x, y = loadings[:, i].copy(), loadings[:, k].copy()
    u, v = x**2 - y**2, 2 * x * y
    across = 2 * (u @ v) - 2 * u.sum() * v.sum() / len(u)
    along = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / len(u)
    angle = float(np.arctan2(across, along)) / 4 if np.hypot(across, along) > _STILL else 0.0
    loadings[:, i] = np.cos(angle) * x + np.sin(angle) * y
    loadings[:, k] = np.cos(angle) * y - np.sin(angle) * x
    return angle


def _components(scores: Array) -> tuple[Array, Array]:
    """Variances, largest first, and loadings (columns, components) of standardized columns."""
    complete = scores[~np.isnan(scores).any(axis=1)]
    if len(complete) < _UNITS:
        raise InputError(f"Principal components need three units without a missing score; found {len(complete)}.")
    centered = complete - complete.mean(axis=0)
    length = np.sqrt((centered**2).sum(axis=0))
    flat = length <= _STILL * np.abs(complete).max(axis=0)
    if flat.all():
        raise InputError("Principal components need a column of scores which varies; all are the same in every unit.")
    unit = np.divide(centered, length, out=np.zeros_like(centered), where=~flat)
    variance, vectors = np.linalg.eigh(unit.T @ unit)
    return np.clip(variance[::-1], 0.0, None), vectors[:, ::-1]
