"""The fewest stakeholders, and the weakest arrows, whose loss would keep all influence from a decision maker.

Every path passes a *dominator*; every path passes a *cut*, a set, somewhere. So a dominator is a cut of one, and where
there is none, the minimum cut says how many would have to be won, or lost, at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.one_account import OneAccount, listed
from ecosystem_iq.network.paths import ends_of, nothing_between

_UNITS = 1 << 29
"""Into how many parts all capacity together is divided: flows are whole numbers of 32 bits."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The fewest stakeholders, and the weakest arrows, whose loss would keep all influence from a target.

    Attributes
    ----------
    account : str
    sources : tuple of str
    target : str
    stakeholders : tuple of str
        As few as possible, neither sources nor target; of several such sets, the one nearest to the target.
    nearest_sources : tuple of str
        The one nearest to the sources: the same where there is only one.
    arcs : DataFrame
        Arrows which cut it as well, with the least sum of probabilities: ``account_id``, ``mover``, ``moved``,
        ``probability``, ``sign``, ``layers``, ``rows``.
    reason : str
        Why no stakeholders can cut it; "" where they can.
    """

    account: str
    sources: tuple[str, ...]
    target: str
    stakeholders: tuple[str, ...]
    nearest_sources: tuple[str, ...]
    arcs: pd.DataFrame
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether there are stakeholders who could cut it."""
        return bool(self.stakeholders)

    @property
    def unique(self) -> bool:
        """Whether no other set of as few stakeholders would do."""
        return self.found and self.stakeholders == self.nearest_sources

    @property
    def arc_probability(self) -> float:
        """Sum over ``arcs``: 0 where nothing leads to the target."""
        return float(self.arcs["probability"].sum())

    def to_frame(self) -> pd.DataFrame:
        """One row a stakeholder of either set: ``account_id``, ``nearest`` (target, sources), ``stakeholder_id``."""
        sides = (("target", self.stakeholders), ("sources", self.nearest_sources))
        rows = [(self.account, side, name) for side, names in sides for name in names]
        return pd.DataFrame(rows, columns=["account_id", "nearest", "stakeholder_id"], dtype="str")

    def __repr__(self) -> str:
        who = self.reason or f"{listed(self.stakeholders)}{'' if self.unique else '; not the only ones'}"
        arcs = f"{len(self.arcs):,} arc{'' if len(self.arcs) == 1 else 's'} of {self.arc_probability:.4g} in all"
        return f"Cut({who}; {arcs})"


def minimum_cut(graph: InfluenceGraph, source: str | Iterable[str], target: str, *, account: str | None = None) -> Cut:
    """The fewest stakeholders whose loss would cut all influence from a source to a target.

    Parameters
    ----------
    graph : InfluenceGraph
    source : str or iterable of str
        One or several, for example those who are engaged already.
    target : str
    account : str, optional
        Needed when several accounts hold them all.

    Returns
    -------
    Cut
        Without stakeholders, and with a reason, where no arrows lead to the target, or a source moves it directly. The
        weakest arrows are given in both cases (none in the first).

    Raises
    ------
    InputError
        When somebody is unknown, nobody is named, or the account is not clear.

    References
    ----------
    Menger, K. (1927). Zur allgemeinen Kurventheorie. *Fundamenta Mathematicae* 10, 96-115. doi:10.4064/fm-10-1-96-115.
    Found by maximum flow: Dinic, E. A. (1970). Algorithm for solution of a problem of maximum flow in a network with
    power estimation. *Soviet Mathematics Doklady* 11, 1277-1280.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "a", "b", "c", "d"], ["b", "c", "d", "d", "e"], 0.5)
    >>> minimum_cut(graph, "a", "d")
    Cut(b, c; 2 arcs of 1 in all)
    """
    block, sources, end = ends_of(graph, source, target, account)
    names = block.names(sources)
    reaching = set(breadth_first_order(csr_array(block.matrix.T), end, return_predecessors=False).tolist())
    if end in sources or not reaching.intersection(sources.tolist()):
        return Cut(block.name, names, target, (), (), block.arcs([]), nothing_between(block, sources, end))
    arcs = block.arcs(_weakest_arcs(block, sources, end))
    into = {int(node) for node in block.tail[block.matrix.indices == end]}
    direct = [f'"{block.ids[node]}"' for node in sources if int(node) in into]
    if direct:
        verb = "moves" if len(direct) == 1 else "move"
        reason = f'{listed(direct)} {verb} "{target}" directly: no stakeholder stands between.'
        return Cut(block.name, names, target, (), (), arcs, reason)
    near, far = (block.names(side) for side in _fewest_between(block.matrix, sources, end))
    return Cut(block.name, names, target, near, far, arcs)


def _fewest_between(
    matrix: csr_array, sources: NDArray[np.int64], end: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two smallest cuts, nearest to the target and nearest to the sources: every node is an arc which carries one."""
    n = matrix.shape[0]
    unlimited = n + 1
    tail = np.repeat(np.arange(n), np.diff(matrix.indptr))
    between = np.setdiff1d(np.arange(n), [*sources, end])
    tails = np.r_[between, n + tail, np.full(len(sources), 2 * n)]
    heads = np.r_[n + between, matrix.indices, n + sources]
    carries = np.r_[np.ones(len(between)), np.full(len(tail) + len(sources), unlimited)]
    after_sources, before_target = _sides((tails, heads), carries, 2 * n, end)
    near = between[before_target[n + between] & ~before_target[between]]
    far = between[after_sources[between] & ~after_sources[n + between]]
    return near, far


def _weakest_arcs(block: OneAccount, sources: NDArray[np.int64], end: int) -> NDArray[np.int64]:
    """Places of the arcs in the cut of least probability which is nearest to the target."""
    matrix, tail, n = block.matrix, block.tail, len(block)
    total = min(matrix.data[np.isin(tail, sources)].sum(), matrix.data[matrix.indices == end].sum())
    carries = np.maximum(1.0, np.rint(matrix.data * (_UNITS / max(1.0, total))))
    ends = np.r_[tail, np.full(len(sources), n)], np.r_[matrix.indices, sources]
    _, before = _sides(ends, np.r_[carries, np.full(len(sources), 2 * _UNITS)], n, end)
    return np.flatnonzero(~before[tail] & before[matrix.indices])


def _sides(
    ends: tuple[NDArray[np.int64], NDArray[np.int64]], carries: NDArray[np.float64], start: int, end: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Nodes to which more could flow from the start, and from which more could flow to the end, at maximum flow."""
    capacity = coo_array((carries.astype(np.int32), ends), shape=(start + 1, start + 1)).tocsr()
    left = csr_array(capacity - maximum_flow(capacity, start, end).flow)
    left.eliminate_zeros()
    sides = np.zeros((2, start + 1), dtype=bool)
    for side, (network, node) in enumerate(((left, start), (csr_array(left.T), end))):
        sides[side, breadth_first_order(network, node, return_predecessors=False)] = True
    return sides[0], sides[1]
