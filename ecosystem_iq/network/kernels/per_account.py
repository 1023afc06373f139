"""Sums, shares and centralization by account, for all accounts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def tally(account: NDArray[np.integer], values: NDArray[np.generic], count: int) -> Array:
    """Sum of the values of each account from 0 to ``count - 1``."""
    return np.bincount(account, weights=values, minlength=count).astype(np.float64)


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient, NaN where the denominator is not positive.

    Examples
    --------
    >>> ratio(np.array([1.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=result, where=denominator > 0)
    return result


def centralization(values: Array, account: NDArray[np.int64], most: Array) -> Array:
    """How far the highest stands above all others: ``sum_i (max - x_i) / most`` (kernel, no checks).

    Parameters
    ----------
    values : ndarray, shape (nodes,)
        A measure, 0 or more; NaN makes its account NaN.
    account : ndarray of int, shape (nodes,)
    most : ndarray, shape (accounts,)
        The greatest sum there can be in an account of that size.

    Returns
    -------
    ndarray, shape (accounts,)
        0 when all are alike, 1 when one stands alone; NaN where ``most`` is not positive.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. *Social Networks* 1, 215-239.
    doi:10.1016/0378-8733(78)90021-7

    Examples
    --------
    >>> centralization(np.array([3.0, 0.0, 0.0, 0.0, 2.0, 2.0]), np.array([0, 0, 0, 0, 1, 1]), np.array([9.0, 1.0]))
    array([1., 0.])
    """
    largest = np.zeros(len(most))
    np.maximum.at(largest, account, values)
    sizes = np.bincount(account, minlength=len(most))
    return ratio(sizes * largest - tally(account, values, len(most)), most)
