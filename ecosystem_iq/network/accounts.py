"""Each account as a whole: how dense, how centralized, how fragmented, how integrated. One row an account."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.coordination import cross_setting_share, integration
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.kernels.per_account import centralization, ratio, tally
from ecosystem_iq.network.modularity import FEWEST, partition
from ecosystem_iq.network.value import gini
from ecosystem_iq.tables import Ecosystem

Array = NDArray[np.float64]
Values = Array | NDArray[np.int64]

OF_THE_GRAPH = (
    "stakeholders", "arcs", "density", "mean_branching", "reciprocity", "centralization", "influence_centralization",
    "influence_gini", "components", "largest_component", "communities", "modularity", "modularity_expected",
    "fragmentation",
)  # fmt: skip
"""Columns which need the graph alone."""

OF_THE_TABLES = ("integration", "cross_setting_share")
COLUMNS = ("account_id", *OF_THE_GRAPH, *OF_THE_TABLES)

_FEW = "fewer than two stakeholders"
_NO_ARC = "no arc: nobody is known to move anybody"
_NO_SHARES = f"{_FEW}, or {_NO_ARC}"
_BY_CHANCE = f"fewer than {FEWEST} stakeholders are tied"
_REASONS = {
    "density": _FEW,
    "mean_branching": "no stakeholder",
    "reciprocity": _NO_ARC,
    "centralization": _FEW,
    "influence_centralization": _NO_SHARES,
    "influence_gini": _NO_SHARES,
    "largest_component": "no stakeholder",
    "modularity": "no tie in favour",
    "modularity_expected": _BY_CHANCE,
    "fragmentation": _BY_CHANCE,
    "integration": "no anchor among the stakeholders, or fewer than two organisations",
    "cross_setting_share": "no tie of which both care settings are known",
}


def account_table(
    eco: Ecosystem,
    graph: InfluenceGraph,
    *,
    exact: bool = False,
    rewirings: int = 50,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Every account of a map as a whole.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Made from ``eco``.
    exact, rewirings, rng
        See :func:`account_measures`.

    Returns
    -------
    DataFrame
        As :func:`account_measures` gives it, then ``integration`` (organisations which ownership and membership join to
        the anchor ÷ organisations with a membership) and ``cross_setting_share`` (strength of ties between different
        care settings ÷ of all where both are known), both 0-1. :func:`reasons` says why a number is NaN.

    Raises
    ------
    InputError
        When the graph was not made from this ecosystem, or there is no rewiring to look at.
    """
    if graph.rows.shape[1] != len(eco.tables["ties"]):
        raise InputError("The graph was not made from this ecosystem: make it by influence_graph(eco).")
    table = account_measures(graph, exact=exact, rewirings=rewirings, rng=rng)
    return table.assign(integration=integration(eco, graph), cross_setting_share=cross_setting_share(eco, graph))


def account_measures(
    graph: InfluenceGraph, *, exact: bool = False, rewirings: int = 50, rng: int | np.random.Generator = 0
) -> pd.DataFrame:
    """What an influence graph alone says of every account as a whole.

    Parameters
    ----------
    graph : InfluenceGraph
    exact : bool
        ``modularity_expected`` from rewirings of each account's own network instead of the shipped table: right for any
        distribution of degrees, slow for many or large accounts.
    rewirings : int
        How many, 1 or more; only with ``exact``.
    rng : int or numpy.random.Generator
        Only with ``exact``. An account's draws follow from this and its id, whatever other accounts there are.

    Returns
    -------
    DataFrame
        One row an account, in the order of ``graph.account_ids``. Arcs are those of probability above 0, for or
        against.

        ========================  =====================================================================================
        account_id
        stakeholders, arcs        counts
        density                   arcs ÷ n(n - 1); NaN under two stakeholders
        mean_branching            stakeholders whom an average stakeholder moves directly; NaN without stakeholders
        reciprocity               share of arcs which are answered; NaN without arcs
        centralization            Freeman's of the number of stakeholders whom each moves, 0-1: 1 when one moves all
                                  others and nobody else moves anybody; NaN under two stakeholders
        influence_centralization  Freeman's of influence, ``(n * largest share - 1) / (n - 1)``; NaN without arcs
        influence_gini            Gini of influence times n / (n - 1): 0 all alike, 1 one has all; NaN without arcs
        components                groups which no arc joins, whatever its direction; isolates are one each
        largest_component         stakeholders in the largest of them ÷ all; NaN without stakeholders
        communities               of two or more, by Leiden on who is tied with whom; ties against do not bind
        modularity                of all communities, isolates included; NaN without a tie in favour
        modularity_expected       by chance, with every degree kept; NaN where fewer than four stakeholders are tied
        fragmentation             ``(modularity - expected) / (1 - expected)``: 0 is chance, 1 separate groups
        ========================  =====================================================================================

    Raises
    ------
    InputError
        When ``rewirings`` is below 1.

    References
    ----------
    Wasserman, S. & Faust, K. (1994). *Social Network Analysis*. doi:10.1017/CBO9780511815478. Freeman, L. C. (1978).
    Centrality in social networks. *Social Networks* 1, 215-239. doi:10.1016/0378-8733(78)90021-7

    Examples
    --------
    >>> star = InfluenceGraph.from_edges("aaa", "bcd", 0.5)
    >>> account_measures(star)[["arcs", "density", "centralization", "components"]].values.tolist()
    [[3.0, 0.25, 1.0, 1.0]]
    """
    if exact and rewirings < 1:
        raise InputError(f"rewirings = {rewirings}: an expectation needs 1 or more.")
    found = partition(graph, exact=exact, rewirings=rewirings, rng=rng)
    there = _there(graph)
    columns = _of_arcs(graph, there) | _of_influence(graph, there) | _of_components(graph, there)
    columns |= {"communities": found.count, "modularity": found.modularity}
    columns |= {"modularity_expected": found.expected, "fragmentation": found.fragmentation}
    columns["stakeholders"] = graph.sizes
    columns["mean_branching"] = np.where(graph.sizes > 0, graph.branching, np.nan)
    table = pd.DataFrame({"account_id": pd.Series(graph.account_ids, dtype="str")})
    return table.assign(**{name: columns[name] for name in OF_THE_GRAPH})


def reasons(table: pd.DataFrame) -> pd.DataFrame:
    """Why each missing number of an account table is missing.

    Parameters
    ----------
    table : DataFrame
        Of :func:`account_table` or :func:`account_measures`.

    Returns
    -------
    DataFrame
        ``account_id``, ``measure``, ``reason``: one row a NaN, in the order of the table.

    Examples
    --------
    >>> table = account_measures(InfluenceGraph.from_edges([], [], 0.5, ids="ab"))
    >>> reasons(table)["measure"].tolist()
    ['reciprocity', 'influence_centralization', 'influence_gini', 'modularity', 'modularity_expected', 'fragmentation']
    """
    measures = np.array([name for name in COLUMNS if name in table.columns and name in _REASONS], dtype=object)
    row, column = np.nonzero(table[list(measures)].isna().to_numpy())
    missing = pd.DataFrame({"account_id": table["account_id"].iloc[row].to_numpy(), "measure": measures[column]})
    return missing.assign(reason=missing["measure"].map(_REASONS)).astype("str")


def influence_centralization(share: Array, graph: InfluenceGraph) -> Array:
    """Freeman's centralization of influence, ``(n * largest share - 1) / (n - 1)`` (kernel).

    Parameters
    ----------
    share : ndarray, shape (nodes,)
        Influence, summing to 1 in each account.
    graph : InfluenceGraph

    Returns
    -------
    ndarray, shape (accounts,)
        0 all alike, 1 one person decides all; NaN under two stakeholders.
    """
    return centralization(share, graph.account_code, (graph.sizes - 1).astype(np.float64))


def _there(graph: InfluenceGraph) -> csr_array:
    """The arcs of probability above 0, as ones."""
    there = graph.matrix.copy()  # zeros are taken out in place
    there.data = (there.data > 0).astype(np.float64)
    there.eliminate_zeros()
    return there


def _of_arcs(graph: InfluenceGraph, there: csr_array) -> dict[str, Values]:
    """What the number of arcs and their answers say."""
    out = np.diff(there.indptr).astype(np.float64)
    answered = np.diff(csr_array(there * there.T).indptr)
    account, count = graph.account_code, len(graph.account_ids)
    arcs, others = tally(account, out, count), np.maximum(graph.sizes - 1, 0).astype(np.float64)
    return {
        "arcs": arcs.astype(np.int64),
        "density": ratio(arcs, graph.sizes * others),
        "reciprocity": ratio(tally(account, answered, count), arcs),
        "centralization": centralization(out, account, others * others),
    }


def _of_influence(graph: InfluenceGraph, there: csr_array) -> dict[str, Values]:
    """How unevenly influence is held; everybody has the same share where there are no arcs, which says nothing."""
    account, count = graph.account_code, len(graph.account_ids)
    share = influence_shares(graph.matrix, account, graph.damping)
    known = tally(account, np.diff(there.indptr), count) > 0
    return {
        "influence_centralization": np.where(known, influence_centralization(share, graph), np.nan),
        "influence_gini": np.where(known, gini(share, account, count), np.nan),
    }


def _of_components(graph: InfluenceGraph, there: csr_array) -> dict[str, Values]:
    """Groups which no arc joins."""
    found, part = connected_components(there, directed=True, connection="weak")
    account = np.zeros(found, dtype=np.int64)
    account[part] = graph.account_code
    sizes = graph.sizes.astype(np.float64)
    largest = np.zeros(len(sizes))
    np.maximum.at(largest, account, np.bincount(part, minlength=found))
    return {"components": np.bincount(account, minlength=len(sizes)), "largest_component": ratio(largest, sizes)}
