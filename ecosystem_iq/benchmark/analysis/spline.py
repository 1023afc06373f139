"""Penalized regression splines: the mean of y given x, as smooth as cross-validation asks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from ecosystem_iq.benchmark.analysis.association import Array

_DEGREE = 3
_MOST_KNOTS = 20
_FEW_LEVELS = 6
_UNSEEN = 1e-12
_CAUTION = 1.4
"""Each degree of freedom counts 1.4-fold, against following noise (Kim & Gu 2004)."""


def conditional_mean(x: Array, y: Array) -> Array:
    """Estimate of E[y | x] at the points themselves.

    Parameters
    ----------
    x : ndarray, shape (n,)
        No NaN.
    y : ndarray, shape (n, outputs)
        No NaN.

    Returns
    -------
    ndarray, shape (n, outputs)
        A cubic spline with knots at quantiles and a penalty on its curvature, chosen for each output by generalized
        cross-validation; where x has at most six levels, the mean of each level.

    Notes
    -----
    O'Sullivan 1986, doi:10.1214/ss/1177013525; Kim & Gu 2004, doi:10.1046/j.1369-7412.2003.05316.x.
    """
    levels, position = np.unique(x, return_inverse=True)
    if levels.size <= _FEW_LEVELS:
        member = (position[:, None] == np.arange(levels.size)).astype(np.float64)
        return np.asarray(member @ ((member.T @ y) / member.sum(axis=0)[:, None]))
    levels = (levels - levels[0]) / (levels[-1] - levels[0])
    away = levels[position] - levels[position].mean()
    line = np.column_stack([np.full(x.size, x.size**-0.5), away / np.sqrt(away @ away)])
    straight = line @ (line.T @ y)
    return np.asarray(straight + _bend(*_bends(levels, position, line), y - straight))


def _bends(levels: Array, position: NDArray[np.intp], line: Array) -> tuple[Array, Array]:
    """An orthonormal basis, at the points, of splines without their line; and the curvature of each."""
    knots = np.unique(np.quantile(levels, np.linspace(0.0, 1.0, min(_MOST_KNOTS, levels.size - 4) + 2)))
    t = np.concatenate([np.zeros(_DEGREE), knots, np.ones(_DEGREE)])
    basis = BSpline.design_matrix(levels, t, _DEGREE).toarray()[position]
    basis -= line @ (line.T @ basis)
    back = _whitening(basis)
    back = back @ _whitening(basis @ back)  # twice, as once loses digits where points hardly tell splines apart
    roughness, turn = np.linalg.eigh(back.T @ _curvature(t, knots) @ back)
    return basis @ back @ turn, np.clip(roughness, 0.0, None)


def _whitening(columns: Array) -> Array:
    """Combinations of columns which are orthonormal, but for those which hardly differ from 0."""
    size, axes = np.linalg.eigh(columns.T @ columns)
    seen = size > _UNSEEN * size[-1]
    return np.asarray(axes[:, seen] / np.sqrt(size[seen]))


def _curvature(t: Array, knots: Array) -> Array:
    """Integrals of the products of second derivatives: exact, as these are linear between knots."""
    center, half = (knots[1:] + knots[:-1]) / 2, (knots[1:] - knots[:-1]) / 2
    points = np.concatenate([center - half / np.sqrt(3.0), center + half / np.sqrt(3.0)])
    second = BSpline(t, np.eye(t.size - _DEGREE - 1), _DEGREE).derivative(2)(points)
    return np.asarray((second.T * np.concatenate([half, half])) @ second)


def _bend(basis: Array, roughness: Array, rest: Array) -> Array:
    """What each output has beyond its line, at its own best penalty."""
    n = rest.shape[0]
    part = basis.T @ rest
    penalties = np.logspace(-9.0, 9.0, 109) / np.median(roughness)
    kept = 1.0 / (1.0 + penalties[:, None] * roughness)
    missed = np.sum(rest**2, axis=0) - (1.0 - (1.0 - kept) ** 2) @ part**2
    free = n - _CAUTION * (2.0 + kept.sum(axis=1))
    score = np.where(free > 0, missed.T / np.where(free > 0, free, 1.0) ** 2, np.inf)
    return np.asarray(basis @ (kept[score.argmin(axis=1)].T * part))
