"""Correlations over pairwise complete units, with p values, and what in them should worry the builder of an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.analysis.association import Array, kendall, pearson, spearman
from ecosystem_iq.benchmark.analysis.tree import ancestors, parents
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.errors import InputError, did_you_mean

KINDS: Mapping[str, Callable[[Array, Array], tuple[Array, Array, Array]]] = {
    "pearson": pearson,
    "spearman": spearman,
    "kendall": kendall,
}
ADJUSTMENTS = ("holm", "bh", "none")
_ALIASES = {"fdr": "bh", "benjamini_hochberg": "bh"}


@dataclass(frozen=True, eq=False)
class Pairwise:
    """Coefficients of the columns of one table with those of another.

    Attributes
    ----------
    coefficient, p : ndarray, shape (first, second)
        NaN below three complete units or without variation; ``p`` is two-sided.
    n : ndarray, shape (first, second)
        Units which both columns have.
    """

    coefficient: Array
    p: Array
    n: Array


def pairwise(first: Array, second: Array | None = None, *, kind: str = "pearson") -> Pairwise:
    """Correlation of every column with every other over the units which have both.

    Parameters
    ----------
    first : ndarray, shape (units, i)
        NaN is missing.
    second : ndarray, shape (units, j), optional
        By default ``first`` itself.
    kind : {"pearson", "spearman", "kendall"}
        Kendall's is tau-b. p values are those of Student's t with n - 2 degrees of freedom, for Kendall of the
        normal approximation with ties.

    Returns
    -------
    Pairwise
        Arrays of shape (i, j).

    Raises
    ------
    InputError
        The kind is unknown.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, np.nan]])
    >>> pairwise(x).coefficient.round(3).tolist()
    [[1.0, 0.655], [0.655, 1.0]]
    """
    if kind not in KINDS:
        raise InputError(f'Correlation "{kind}" is unknown. {did_you_mean(kind, KINDS) or ", ".join(KINDS)}')
    return Pairwise(*KINDS[kind](first, first if second is None else second))


def adjusted(p: Array, method: str = "holm") -> Array:
    """P values of many tests made comparable with one level.

    Parameters
    ----------
    p : ndarray, shape (tests,)
        NaN is no test, and stays NaN.
    method : {"holm", "bh", "none"}
        Holm's step-down rule (1979, https://www.jstor.org/stable/4615733) bounds the chance of any false finding;
        Benjamini and Hochberg's (1995, doi:10.1111/j.2517-6161.1995.tb02031.x) the share of false ones.

    Raises
    ------
    InputError
        The method is unknown.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, np.nan, 0.03])).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    method = _ALIASES.get(method, method)
    if method not in ADJUSTMENTS:
        raise InputError(f'Adjustment "{method}" is unknown. {did_you_mean(method, ADJUSTMENTS)}'.strip())
    result = np.asarray(p, dtype=np.float64).copy()
    at = np.flatnonzero(~np.isnan(result))
    order = at[np.argsort(result[at], kind="stable")]
    rank = np.arange(1, order.size + 1)
    if method == "holm":
        result[order] = np.maximum.accumulate(result[order] * (order.size + 1 - rank))
    elif method == "bh":
        result[order] = np.minimum.accumulate((result[order] * order.size / rank)[::-1])[::-1]
    return np.minimum(result, 1.0)


def correlations(
    scores: pd.DataFrame, other: pd.DataFrame | None = None, *, kind: str = "pearson", adjust: str = "holm"
) -> pd.DataFrame:
    """Correlations in long form.

    Parameters
    ----------
    scores : DataFrame
        Units × elements; NaN is missing.
    other : DataFrame, optional
        The same units on other columns: every column with every other one of these. By default each unordered
        pair of ``scores`` once.
    kind : {"pearson", "spearman", "kendall"}
    adjust : {"holm", "bh", "none"}
        Over all rows of the result.

    Returns
    -------
    DataFrame
        first, second, n, correlation, p, p_adjusted.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, 4]})
    >>> correlations(frame)[["first", "second", "n", "correlation"]].values.tolist()
    [['a', 'b', 4, 0.8]]
    """
    second = scores if other is None else other
    found = pairwise(scores.to_numpy(np.float64), second.to_numpy(np.float64), kind=kind)
    every = np.ones(found.n.shape, dtype=bool)
    at = np.nonzero(np.triu(every, 1) if other is None else every)
    return _long(found, scores.columns.to_numpy(), second.columns.to_numpy(), at, adjust)


def _long(
    found: Pairwise,
    first: NDArray[np.object_],
    second: NDArray[np.object_],
    at: tuple[NDArray[np.intp], ...],
    adjust: str,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "first": first[at[0]],
            "second": second[at[1]],
            "n": found.n[at].astype(np.int64),
            "correlation": found.coefficient[at],
            "p": found.p[at],
            "p_adjusted": adjusted(found.p[at], adjust),
        }
    )


def ancestor_correlations(
    scores: pd.DataFrame, framework: Framework, *, kind: str = "pearson", adjust: str = "holm"
) -> pd.DataFrame:
    """Every element with each node above it.

    Parameters
    ----------
    scores : DataFrame
        Units × indicators and nodes of the framework; elements without a column are left out.
    framework : Framework
        The tree.
    kind, adjust
        As :func:`correlations`.

    Returns
    -------
    DataFrame
        element, node, steps (1 for its own node), n, correlation, p, p_adjusted.
    """
    columns = {str(name): at for at, name in enumerate(scores.columns)}
    pairs = [pair for pair in ancestors(framework) if pair[0] in columns and pair[1] in columns]
    below = np.array([columns[element] for element, _, _ in pairs], dtype=np.intp)
    above = np.array([columns[node] for _, node, _ in pairs], dtype=np.intp)
    names = scores.columns.to_numpy()
    found = _long(pairwise(scores.to_numpy(np.float64), kind=kind), names, names, (below, above), adjust)
    found = found.rename(columns={"first": "element", "second": "node"})
    found.insert(2, "steps", [steps for _, _, steps in pairs])
    return found


def correlation_flags(
    pairs: pd.DataFrame, framework: Framework, *, high: float = 0.92, low: float = 0.3
) -> pd.DataFrame:
    """Pairs within one node which pull against each other, hardly belong together, or say the same.

    Parameters
    ----------
    pairs : DataFrame
        Of :func:`correlations`.
    framework : Framework
        The tree: only pairs below one and the same node are judged.
    high, low : float
        Above ``high`` a pair is redundant, below ``low`` weak, below 0 in conflict.

    Returns
    -------
    DataFrame
        node, then the columns of ``pairs``, then flag: "high", "low" or "negative"; rows without a flag are left
        out.
    """
    above = parents(framework)
    node, other = pairs["first"].map(above), pairs["second"].map(above)
    r = pairs["correlation"]
    flag = np.select([r > high, r < 0, r < low], ["high", "negative", "low"], default="")
    judged = pairs.assign(flag=flag)
    judged.insert(0, "node", node)
    within: pd.DataFrame = judged.loc[(node == other) & (flag != "")]
    return within.reset_index(drop=True)


def denominator_correlations(
    raw: pd.DataFrame, denominators: pd.DataFrame, *, threshold: float = 0.6, kind: str = "pearson"
) -> pd.DataFrame:
    """Indicators which follow the size of a unit, and so may need a denominator.

    Parameters
    ----------
    raw : DataFrame
        Units × indicators before any step.
    denominators : DataFrame
        The same units × candidate denominators.
    threshold : float
        Pairs whose coefficient is larger than this, whatever its sign, are listed.
    kind : {"pearson", "spearman", "kendall"}

    Returns
    -------
    DataFrame
        indicator, denominator, n, correlation, p, p_adjusted (Holm, over all pairs looked at); the strongest first
        within each indicator.
    """
    found = correlations(raw, denominators, kind=kind).rename(columns={"first": "indicator", "second": "denominator"})
    strength = found["correlation"].abs()
    found = found.assign(strength=-strength).loc[strength > threshold]
    found = found.sort_values(["indicator", "strength"], kind="stable", ignore_index=True)
    del found["strength"]
    return found
