"""How influence gets from one stakeholder to another: the strongest paths along the arrows.

A path is as strong as the product of its arrows' probabilities: the chance that all of them carry. Of two which are
equally strong the one with fewer steps counts. A tie against carries influence too, the other way round than wanted;
a path says where it holds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.distances import TIE, lengths
from ecosystem_iq.network.one_account import OneAccount, listed, one_account, whole_number

LARGEST_OF_MANY = 200_000
"""Arcs of an account in which several paths are looked for."""

_A_STEP = 1e-12  # what makes the shorter of two equally strong paths win


@dataclass(frozen=True, eq=False)
class Path:
    """One way for influence to go.

    Attributes
    ----------
    account, source, target : str
        What was asked for.
    stakeholders : tuple of str
        From where the path starts to the target; empty when there is none.
    probability : float
        Product over the arrows: 1 when nothing is left to be carried, 0 when there is no path.
    steps : DataFrame
        One row an arrow: ``account_id``, ``mover``, ``moved``, ``probability``, ``sign``, ``layers``, ``rows``
        (positions in the tie table).
    reason : str
        Why there is no path, in plain words; "" when there is one.
    """

    account: str
    source: str
    target: str
    stakeholders: tuple[str, ...]
    probability: float
    steps: pd.DataFrame
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a path."""
        return bool(self.stakeholders)

    @property
    def through(self) -> str:
        """Who is covered already and starts the path in place of the source; "" when the source does."""
        return self.stakeholders[0] if self.found and self.stakeholders[0] != self.source else ""

    @property
    def against(self) -> tuple[tuple[str, str], ...]:
        """Pairs (mover, moved) on the way where the tie is against: what arrives may be turned round."""
        rows = self.steps[self.steps["sign"] < 0]
        return tuple(zip(rows["mover"], rows["moved"], strict=True))

    def to_frame(self) -> pd.DataFrame:
        """The steps."""
        return self.steps

    def __repr__(self) -> str:
        if not self.found:
            return f"Path({self.reason})"
        said = [" → ".join(self.stakeholders), f"probability {self.probability:.4g}"]
        said += [f"{self.through} is covered already"] if self.through else []
        said += [f"against: {mover} → {moved}" for mover, moved in self.against]
        return f"Path({'; '.join(said)})"


def strongest_path(
    graph: InfluenceGraph,
    source: str,
    target: str,
    *,
    account: str | None = None,
    covered: Iterable[str] = (),
) -> Path:
    """The path from one stakeholder to another which is most likely to carry.

    Parameters
    ----------
    graph : InfluenceGraph
    source, target : str
    account : str, optional
        Needed when several accounts hold both.
    covered : iterable of str
        Stakeholders who are engaged already, in any account: the path starts at one of them where that is stronger
        than from the source.

    Returns
    -------
    Path
        ``found`` is False, and ``reason`` says why, where no arrows lead to the target.

    Raises
    ------
    InputError
        When somebody is unknown, or the account is not clear.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. *Numerische Mathematik* 1, 269-271.
    doi:10.1007/BF01386390. On -ln p.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b", "a"], ["b", "c", "c"], [0.8, 0.5, 0.3])
    >>> strongest_path(graph, "a", "c")
    Path(a → b → c; probability 0.4)
    >>> strongest_path(graph, "a", "c", covered=["b"])
    Path(b → c; probability 0.5; b is covered already)
    """
    block = one_account(graph, account, (source, target))
    start, end = block.node(source, "source"), block.node(target, "target")
    length = lengths(block.matrix)
    length.data += _A_STEP
    engaged = block.present(covered)
    ways = [_shortest(length, starts, end) for starts in (np.array([start]), engaged) if len(starts)]
    found = [_path(block, source, target, way) for way in ways if way]
    if not found:
        starts = np.array([start, *(node for node in engaged if node != start)])
        return Path(block.name, source, target, (), 0.0, block.arcs([]), no_path(block, starts, end))
    stronger = found[-1].probability > found[0].probability * (1.0 + TIE)
    return found[-1] if stronger else found[0]


def strongest_paths(
    graph: InfluenceGraph, source: str, target: str, k: int = 3, *, account: str | None = None
) -> tuple[Path, ...]:
    """The k strongest paths between two stakeholders which lead over nobody twice.

    Parameters
    ----------
    graph : InfluenceGraph
    source, target : str
    k : int
        At least 1.
    account : str, optional
        Needed when several accounts hold both.

    Returns
    -------
    tuple of Path
        Strongest first; fewer than k where there are not so many, none where there is no path
        (:func:`strongest_path` says why).

    Raises
    ------
    InputError
        When somebody is unknown, k is not valid, the account is not clear, or it has more than 200,000 arcs.

    References
    ----------
    Yen, J. Y. (1971). Finding the k shortest loopless paths in a network. *Management Science* 17, 712-716.
    doi:10.1287/mnsc.17.11.712

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b", "a"], ["b", "c", "c"], [0.8, 0.5, 0.3])
    >>> strongest_paths(graph, "a", "c")
    (Path(a → b → c; probability 0.4), Path(a → c; probability 0.3))
    """
    k = whole_number(k, "k")
    block = one_account(graph, account, (source, target))
    start, end = block.node(source, "source"), block.node(target, "target")
    if start == end:
        return (_path(block, source, target, [start]),)
    refuse_large(block, "Several paths are", 'Ask for the strongest one ("strongest_path").')
    length = lengths(block.matrix)
    map_ = nx.DiGraph()
    map_.add_nodes_from(range(len(block)))
    ends = (block.tail.tolist(), length.indices.tolist(), (length.data + _A_STEP).tolist())
    map_.add_weighted_edges_from(zip(*ends, strict=True))
    if not nx.has_path(map_, start, end):
        return ()
    ways = islice(nx.shortest_simple_paths(map_, start, end, weight="weight"), k)
    return tuple(_path(block, source, target, way) for way in ways)


def refuse_large(block: OneAccount, what: str, instead: str) -> None:
    """Raise :class:`InputError` for an account which has more than 200,000 arcs."""
    if block.matrix.nnz > LARGEST_OF_MANY:
        raise InputError(
            f'{what} not looked for in account "{block.name}": it has {block.matrix.nnz:,} arcs, the limit is '
            f"{LARGEST_OF_MANY:,}. {instead}"
        )


def ends_of(
    graph: InfluenceGraph, source: str | Iterable[str], target: str, account: str | None
) -> tuple[OneAccount, NDArray[np.int64], int]:
    """The account, the places of the sources and of the target."""
    asked = [source] if isinstance(source, str) else list(dict.fromkeys(source))
    block = one_account(graph, account, (*asked, target))
    if not asked:
        raise InputError("Name at least one source.")
    return block, block.nodes(asked, "source"), block.node(target, "target")


def nothing_between(block: OneAccount, sources: NDArray[np.int64], end: int) -> str:
    """Why nobody is passed on the way from the sources to the target."""
    if end in sources:
        return f'"{block.ids[end]}" is both source and target: nothing lies between.'
    return no_path(block, sources, end)


def no_path(block: OneAccount, sources: NDArray[np.int64], target: int) -> str:
    """That no arrows lead from the sources to the target, and what there is instead, in plain words."""
    end = f'"{block.ids[target]}"'
    names = {int(source): f'"{block.ids[source]}"' for source in sources}
    said = [f"No arrows lead from {listed(names.values(), ' or ')} to {end}."]
    reaching = len(_reached(csr_array(block.matrix.T), target))
    if reaching == 0:
        said.append(f"Nobody is known to move {end}.")
    else:
        said.append(f"{'1 stakeholder reaches' if reaching == 1 else f'{reaching:,} stakeholders reach'} {end}.")
    if silent := [
        name for source, name in names.items() if block.matrix.indptr[source + 1] == block.matrix.indptr[source]
    ]:
        said.append(f"Not known to move anybody: {listed(silent)}.")
    back = set(_reached(block.matrix, target).tolist())
    if turned := [name for source, name in names.items() if source in back]:
        said.append(f"Arrows lead back from {end} to {listed(turned)}.")
    return " ".join(said)


def _reached(matrix: csr_array, start: int) -> NDArray[np.int64]:
    """Nodes to which arrows lead from one, itself excluded."""
    order = breadth_first_order(matrix, start, directed=True, return_predecessors=False)
    return np.asarray(order[1:], dtype=np.int64)


def _shortest(length: csr_array, starts: NDArray[np.int64], end: int) -> list[int]:
    """Nodes of the shortest path from the nearest start; none where there is no path."""
    distance, before, _ = dijkstra(length, indices=starts, min_only=True, return_predecessors=True)
    if np.isinf(distance[end]):
        return []
    way = [end]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return way[::-1]


def _path(block: OneAccount, source: str, target: str, way: Sequence[int]) -> Path:
    matrix = block.matrix
    places = []
    for mover, moved in pairwise(way):
        row = matrix.indices[matrix.indptr[mover] : matrix.indptr[mover + 1]]
        places.append(int(matrix.indptr[mover] + np.searchsorted(row, moved)))
    probability = float(np.prod(matrix.data[places])) if places else 1.0
    return Path(block.name, source, target, block.names(way), probability, block.arcs(places))
