"""Who stands between: those through whom all influence on somebody must pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.one_account import listed, one_account
from ecosystem_iq.network.paths import ends_of, nothing_between, refuse_large

_ANYWHERE = -1


@dataclass(frozen=True, eq=False)
class Dominators:
    """Those through whom all influence must pass.

    Attributes
    ----------
    account : str
    sources : tuple of str
    target : str
    stakeholders : tuple of str
        In the order in which they are passed, the last nearest to the target.
    reason : str
        Why there is nothing to pass; "" where influence gets from the sources to the target.
    """

    account: str
    sources: tuple[str, ...]
    target: str
    stakeholders: tuple[str, ...]
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether there is anybody."""
        return bool(self.stakeholders)

    def to_frame(self) -> pd.DataFrame:
        """One row a dominator: ``account_id``, ``target``, ``order`` (from 1), ``stakeholder_id``."""
        count = len(self.stakeholders)
        return pd.DataFrame(
            {
                "account_id": pd.Series([self.account] * count, dtype="str"),
                "target": pd.Series([self.target] * count, dtype="str"),
                "order": range(1, count + 1),
                "stakeholder_id": pd.Series(self.stakeholders, dtype="str"),
            }
        )

    def __repr__(self) -> str:
        return f"Dominators({self.reason or listed(self.stakeholders) or 'nobody: there are ways around everybody'})"


@dataclass(frozen=True, eq=False)
class Gatekeepers:
    """Whom others need in order to reach one stakeholder.

    Attributes
    ----------
    account, target : str
    reaching : int
        Stakeholders from whom arrows lead to the target, over any number of steps.
    stakeholders : tuple of str
        Through whom everybody else must pass: one, or nobody.
    table : DataFrame
        One row a stakeholder whom somebody needs: ``account_id``, ``stakeholder_id``, ``behind`` (how many others reach
        the target through them only) and ``share`` (of all others who reach it, in (0, 1]); most first.
    reason : str
        Said when nobody reaches the target.
    """

    account: str
    target: str
    reaching: int
    stakeholders: tuple[str, ...]
    table: pd.DataFrame
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether everybody must pass through one."""
        return bool(self.stakeholders)

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        said = f"of {self.target}: {', '.join(self.stakeholders) or 'nobody whom all need'}"
        return f"Gatekeepers({self.reason or f'{said}; {len(self.table):,} of {self.reaching:,} whom some need'})"


def dominators(
    graph: InfluenceGraph, source: str | Iterable[str], target: str, *, account: str | None = None
) -> Dominators:
    """Everybody through whom all influence from a source must pass to reach a target.

    Parameters
    ----------
    graph : InfluenceGraph
    source : str or iterable of str
        One or several; of several, one through whom all others must pass is a dominator too.
    target : str
    account : str, optional
        Needed when several accounts hold them all.

    Returns
    -------
    Dominators
        ``reason`` is given where no arrows lead from the sources to the target.

    Raises
    ------
    InputError
        When somebody is unknown, nobody is named, the account is not clear, or it has more than 200,000 arcs.

    References
    ----------
    Cooper, K. D., Harvey, T. J. & Kennedy, K. (2006). A simple, fast dominance algorithm. Rice University TR-06-33870.
    https://hdl.handle.net/1911/96345

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "a", "b", "c", "d"], ["b", "c", "d", "d", "e"], 0.5)
    >>> dominators(graph, "a", "e")
    Dominators(d)
    """
    block, sources, end = ends_of(graph, source, target, account)
    names = block.names(sources)
    refuse_large(block, "Dominators are", "Ask for one smaller account, or fewer layers.")
    before = _immediate_dominators(block.matrix, sources)
    if end in sources or end not in before:
        return Dominators(block.name, names, target, (), nothing_between(block, sources, end))
    passed = [before[end]]
    while passed[-1] in before:
        passed.append(before[passed[-1]])
    ends = {_ANYWHERE, *(sources.tolist() if len(sources) == 1 else ())}
    return Dominators(block.name, names, target, block.names(v for v in reversed(passed) if v not in ends))


def gatekeepers(graph: InfluenceGraph, target: str, *, account: str | None = None) -> Gatekeepers:
    """Whom others need in order to reach a stakeholder, and how many need them.

    Parameters
    ----------
    graph : InfluenceGraph
    target : str
    account : str, optional
        Needed when several accounts hold the target.

    Returns
    -------
    Gatekeepers
        Ties in ``behind`` are in the order of ids.

    Raises
    ------
    InputError
        When the target is unknown, the account is not clear, or it has more than 200,000 arcs.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b", "c", "d"], ["c", "c", "d", "e"], 0.5)
    >>> gatekeepers(graph, "e").table[["stakeholder_id", "behind"]].values.tolist()
    [['d', 3], ['c', 2]]
    """
    block = one_account(graph, account, (target,))
    end = block.node(target, "target")
    refuse_large(block, "Gatekeepers are", "Ask for one smaller account, or fewer layers.")
    needed = _immediate_dominators(csr_array(block.matrix.T), np.array([end]))
    behind = _behind(needed, end)
    others = max(len(needed) - 1, 1)
    found = sorted((node for node, count in behind.items() if count), key=lambda node: (-behind[node], node))
    table = pd.DataFrame(
        {
            "account_id": pd.Series([block.name] * len(found), dtype="str"),
            "stakeholder_id": pd.Series(block.names(found), dtype="str"),
            "behind": np.array([behind[node] for node in found], dtype=np.int64),
            "share": np.array([behind[node] / others for node in found]),
        }
    )
    all_need = block.names(node for node in found if behind[node] == others)
    reason = "" if needed else f'Nobody is known to move "{target}".'
    return Gatekeepers(block.name, target, len(needed), all_need, table, reason)


def _immediate_dominators(matrix: csr_array, sources: NDArray[np.int64]) -> dict[int, int]:
    """The last whom every path to a node passes before it, for all nodes which are reached but the start.

    Several sources start from one imaginary node, ``_ANYWHERE``.
    """
    tail = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    start = int(sources[0]) if len(sources) == 1 else _ANYWHERE
    arrows = nx.DiGraph(zip(tail.tolist(), matrix.indices.tolist(), strict=True))
    arrows.add_node(start)
    if start == _ANYWHERE:
        arrows.add_edges_from((start, source) for source in sources.tolist())
    found = nx.immediate_dominators(arrows, start)
    return {node: before for node, before in found.items() if node != start}  # older releases hold the start too


def _behind(before: dict[int, int], start: int) -> dict[int, int]:
    """How many nodes lie below each in the tree of dominators."""
    tree = nx.DiGraph((above, node) for node, above in before.items())
    tree.add_node(start)
    below = dict.fromkeys(before, 0)
    for node in nx.dfs_postorder_nodes(tree, start):
        if before.get(node, start) != start:
            below[before[node]] += below[node] + 1
    return below
