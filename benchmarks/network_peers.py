"""What other libraries do on the network which ``network.py`` measures: one function a library and job.

A job is made of a network, which the library takes in at once, and then gives a value for each stakeholder.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Array, Job
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]

DAMPING = 0.85


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs by number of their ends; stakeholders of one account stand side by side, all have an arc."""

    folder: Path
    tail: Ints
    head: Ints
    chance: Array
    account: Ints
    group: Ints

    @classmethod
    def load(cls, folder: Path) -> Network:
        """As :func:`write_network` left it."""
        with np.load(folder / "network.npz") as known:
            return cls(folder, **known)

    def __len__(self) -> int:
        return len(self.account)

    def __str__(self) -> str:
        accounts = int(self.account[-1]) + 1
        return f"{accounts:,} account{'s' * (accounts > 1)}, {len(self):,} stakeholders, {len(self.tail):,} arcs"

    @property
    def lengths(self) -> Array:
        """What distances add up."""
        return np.maximum(-np.log(self.chance), 1e-9)

    @property
    def names(self) -> NDArray[Any]:
        """Ids whose order as text is that of the numbers."""
        return np.char.add("s", np.char.zfill(np.arange(len(self)).astype(str), 7)).astype(object)

    @cached_property
    def graph(self) -> Any:
        """The same as an influence graph, built once for all jobs."""
        return pickle.loads((self.folder / "graph.pickle").read_bytes())  # noqa: S301 - this program wrote it

    def walk(self) -> tuple[Ints, Ints, Array]:
        """Steps of the walk behind influence, against the arrows.

        What does not move on goes to one more node, from which it never returns. Whoever restarts evenly visits all
        others in the same proportions, so that any PageRank can walk it.
        """
        n = len(self)
        step = self.chance / np.maximum(1.0, np.bincount(self.head, self.chance, n))[self.head]
        rest = 1.0 - np.bincount(self.head, step, n)
        stays = np.flatnonzero(rest > 1e-15)  # noqa: PLR2004 - a rounding
        return np.r_[self.head, stays], np.r_[self.tail, np.full(len(stays), n)], np.r_[step, rest[stays]]

    def shares(self, visits: Array) -> Array:
        """Visits of the walk as shares of each account."""
        visits = visits[: len(self)]
        return visits / np.bincount(self.account, visits)[self.account]


def build_networkx(network: Network) -> Job:
    """A graph from plain edges; the account is part of the id."""
    import networkx as nx

    tail, head = network.names[network.tail], network.names[network.head]

    def build() -> Array:
        graph = nx.DiGraph()
        graph.add_weighted_edges_from(zip(tail, head, network.chance.tolist(), strict=True), weight="p")
        return np.empty(0)

    return build


def as_networkx(network: Network) -> Any:
    """Weights ``p``, lengths ``far``."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(network)))
    for weight, values in (("p", network.chance), ("far", network.lengths)):
        graph.add_weighted_edges_from(
            zip(network.tail.tolist(), network.head.tolist(), values.tolist(), strict=True), weight=weight
        )
    return graph


def by_networkx(call: Callable[[Any, Any], dict[int, float]]) -> Callable[[Network], Job]:
    """A function of networkx with a value for each node."""

    def task(network: Network) -> Job:
        import networkx as nx

        graph = as_networkx(network)
        return lambda: np.array([value for _, value in sorted(call(nx, graph).items())], dtype=float)

    return task


def influence_networkx(network: Network) -> Job:
    """PageRank on the steps of the same walk."""
    import networkx as nx

    graph, even = nx.DiGraph(), dict.fromkeys(range(len(network)), 1.0)
    graph.add_weighted_edges_from(zip(*(part.tolist() for part in network.walk()), strict=True))

    def job() -> Array:
        found = nx.pagerank(graph, DAMPING, personalization=even, dangling=even, tol=1e-15, max_iter=500)
        return network.shares(np.array([found[node] for node in range(len(network))]))

    return job


def strengths_networkx(network: Network) -> Job:
    """Out and in."""
    graph = as_networkx(network)
    return lambda: np.array([d for _, d in graph.out_degree(weight="p")] + [d for _, d in graph.in_degree(weight="p")])


def reach_by_hand(network: Network) -> Job:
    """Expected number moved in two steps, over the neighbors of neighbors."""
    graph = as_networkx(network)

    def job() -> Array:
        reached = np.ones(len(network))
        for node, first in graph.adjacency():
            missed: dict[int, float] = {}
            for other, arc in first.items():
                missed[other] = missed.get(other, 1.0) * (1 - arc["p"])
                for third, following in graph[other].items():
                    missed[third] = missed.get(third, 1.0) * (1 - arc["p"] * following["p"])
            reached[node] += sum(1 - chance for third, chance in missed.items() if third != node)
        return reached

    return job


def count_networkx(network: Network) -> Job:
    """Number of others within two steps."""
    import networkx as nx

    graph = as_networkx(network)
    return lambda: np.array([len(nx.single_source_shortest_path_length(graph, v, 2)) for v in graph], dtype=float)


def count_scipy(network: Network) -> Job:
    """Number of others within two steps, by a product of matrices."""
    n = len(network)
    arcs = csr_array((np.ones(len(network.tail), bool), (network.tail, network.head)), shape=(n, n))

    def job() -> Array:
        found = csr_array(arcs + arcs @ arcs)
        return 1.0 + np.diff(found.indptr) - found.diagonal()

    return job


def roles_by_hand(network: Network) -> Job:
    """Roles over all pairs of a predecessor and a successor."""
    graph, group = as_networkx(network), network.group.tolist()
    kinds = {(True, True, True): 0, (False, False, True): 1, (True, False, False): 2, (False, True, False): 3}

    def job() -> Array:
        count = np.zeros((len(network), 5))
        for node in graph:
            for first, last in itertools.product(graph.pred[node], graph.succ[node]):
                if first != last and last not in graph.succ[first]:
                    a, b, c = group[first], group[node], group[last]
                    count[node, kinds.get((a == b, b == c, a == c), 4)] += 1
        return count.ravel()

    return job


def articulation_networkx(network: Network) -> Job:
    """1 for each articulation point."""
    import networkx as nx

    graph = as_networkx(network).to_undirected()
    return lambda: np.bincount(list(nx.articulation_points(graph)), minlength=len(network)).astype(float)


def effective_size_networkx(nx: Any, graph: Any) -> dict[int, float]:
    """Node by node: for all nodes at once it divides weights by the wrong maximum.

    Weights of both directions are added first: directed, it has no value for those who move nobody.
    """
    both = nx.Graph()
    both.add_nodes_from(graph)
    for one, other, weight in graph.edges(data="p"):
        both.add_edge(one, other, p=weight + (both[one][other]["p"] if both.has_edge(one, other) else 0.0))
    return nx.effective_size(both, nodes=list(both), weight="p")


def harmonic_networkx(network: Network) -> Job:
    """Weighted, along the arrows; as a mean over the account."""
    import networkx as nx

    graph, others = as_networkx(network).reverse(), np.bincount(network.account)[network.account] - 1
    return lambda: np.array([x for _, x in sorted(nx.harmonic_centrality(graph, distance="far").items())]) / others


def louvain_networkx(network: Network) -> Job:
    """Louvain, account by account: networkx has no Leiden of its own."""
    import networkx as nx

    whole, sizes = as_networkx(network).to_undirected(), np.bincount(network.account)
    starts = np.cumsum(sizes) - sizes
    parts = [whole.subgraph(range(a, a + n)).copy() for a, n in zip(starts, sizes, strict=True)]

    def job() -> Array:
        label = np.zeros(len(network))
        for part in parts:
            for number, members in enumerate(nx.community.louvain_communities(part, weight=None, seed=0)):
                label[list(members)] = number
        return label

    return job


def intervals_by_hand(network: Network) -> Job:
    """Ten of 200 draws with networkx: its PageRank again, without whom nobody asked; times 20."""
    job = influence_networkx(network)
    return lambda: np.column_stack([job() for _ in range(10)]).max(axis=1)


def as_networkit(network: Network, values: Array | None = None, *, directed: bool = True) -> Any:
    """Parallel pairs stay two, as the arcs which they are."""
    import networkit as nk

    weights = np.ones(len(network.tail)) if values is None else values
    ends = (network.tail, network.head)
    return nk.GraphFromCoo((weights, ends), n=len(network), weighted=values is not None, directed=directed)


def influence_networkit(network: Network) -> Job:
    """PageRank on the steps of the same walk."""
    import networkit as nk

    tail, head, step = network.walk()
    graph = nk.GraphFromCoo((step, (tail, head)), n=len(network) + 1, weighted=True, directed=True)

    def job() -> Array:
        rank = nk.centrality.PageRank(graph, DAMPING, 1e-13)
        rank.norm, rank.maxIterations = nk.centrality.Norm.l1norm, 500
        return network.shares(np.array(rank.run().scores()))

    return job


def strengths_networkit(network: Network) -> Job:
    """Out and in."""
    graph, n = as_networkit(network, network.chance), len(network)
    return lambda: np.array([way(v) for way in (graph.weightedDegree, graph.weightedDegreeIn) for v in range(n)])


def betweenness_networkit(network: Network) -> Job:
    """Weighted, directed."""
    import networkit as nk

    graph = as_networkit(network, network.lengths)
    return lambda: np.array(nk.centrality.Betweenness(graph).run().scores())


def harmonic_networkit(network: Network) -> Job:
    """Weighted, along the arrows; as a mean over the account."""
    import networkit as nk

    graph, others = as_networkit(network, network.lengths), np.bincount(network.account)[network.account] - 1
    return lambda: np.array(nk.centrality.HarmonicCloseness(graph, normalized=False).run().scores()) / others


def coreness_networkit(network: Network) -> Job:
    """Every arc counts."""
    import networkit as nk

    graph = as_networkit(network, directed=False)
    return lambda: np.array(nk.centrality.CoreDecomposition(graph).run().scores())


def leiden_networkit(network: Network) -> Job:
    """Account by account."""
    import networkit as nk

    nk.setSeed(0, useThreadId=False)
    pairs = np.unique(np.sort(np.column_stack([network.tail, network.head])), axis=0)
    sizes = np.bincount(network.account)
    cuts = np.searchsorted(network.account[pairs[:, 0]], np.arange(1, len(sizes)))
    parts = []
    for start, size, ends in zip(np.cumsum(sizes) - sizes, sizes, np.split(pairs, cuts), strict=True):
        columns = (np.ones(len(ends)), tuple(np.ascontiguousarray((ends - start).T)))
        parts.append(nk.GraphFromCoo(columns, n=int(size), weighted=False, directed=False))
    return lambda: np.concatenate(
        [nk.community.ParallelLeiden(part, iterations=10).run().getPartition().getVector() for part in parts]
    ).astype(float)


def influence_rustworkx(network: Network) -> Job:
    """PageRank on the steps of the same walk."""
    import rustworkx as rx

    n, graph = len(network), rx.PyDiGraph()
    graph.add_nodes_from(range(n + 1))
    graph.add_edges_from(list(zip(*(part.tolist() for part in network.walk()), strict=True)))
    even = dict.fromkeys(range(n), 1.0 / n)

    def job() -> Array:
        found = rx.pagerank(graph, DAMPING, float, personalization=even, dangling=even, tol=1e-15, max_iter=500)
        return network.shares(np.array([found[node] for node in range(n)]))

    return job


def articulation_rustworkx(network: Network) -> Job:
    """1 for each articulation point."""
    import rustworkx as rx

    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(network)))
    graph.add_edges_from_no_data(list(zip(network.tail.tolist(), network.head.tolist(), strict=True)))
    return lambda: np.bincount(list(rx.articulation_points(graph)), minlength=len(network)).astype(float)


def constraint_easygraph(network: Network) -> Job:
    """With weights, which it holds in single precision; in the order of its nodes."""
    import cpp_easygraph

    graph = cpp_easygraph.DiGraph()
    graph.add_nodes_from(list(range(len(network))))
    ends = zip(network.tail.tolist(), network.head.tolist(), network.chance.tolist(), strict=True)
    graph.add_edges_from([(tail, head, {"p": p}) for tail, head, p in ends])
    place = np.argsort(list(graph.nodes))
    return lambda: np.asarray(cpp_easygraph.cpp_constraint(graph, None, "p"))[place]
