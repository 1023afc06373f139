"""What ``network.py`` measures: our jobs, and beside each the libraries which have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import network_peers as peers
import numpy as np
from measuring import Array, Job
from network_peers import Network

OURS, NETWORKX = "ours", "networkx"


def measured_by(name: str, *, weighted: bool = True) -> Callable[[Network], Job]:
    """One of our measures."""

    def task(network: Network) -> Job:
        from ecosystem_iq.network.registry import MEASURES, Arrows

        graph = network.graph
        return lambda: MEASURES[name].compute(Arrows(graph, weighted))

    return task


def table_ours(network: Network) -> Job:
    """Everything which is linear, as the table a user gets: ids, ranks, reasons."""
    import ecosystem_iq as eiq

    graph, names = network.graph, ["influence", "out_strength", "in_strength", "constraint", "brokerage"]
    return lambda: np.asarray(eiq.measure(graph, names, draws=0).table["influence"])


def strengths_ours(network: Network) -> Job:
    """Out and in, on the same arrows, as in one call of ``measure``."""
    from ecosystem_iq.network.registry import MEASURES, Arrows

    graph = network.graph

    def job() -> Array:
        arrows = Arrows(graph)
        return np.concatenate([MEASURES[name].compute(arrows) for name in ("out_strength", "in_strength")])

    return job


def roles_ours(network: Network) -> Job:
    """Counts of the five roles of Gould and Fernandez."""
    from ecosystem_iq.network.brokerage import roles

    graph, group = network.graph, network.group
    return lambda: roles(graph.matrix, group)[:, :5].astype(float).ravel()


def leiden_ours(network: Network) -> Job:
    """Communities of each account by itself."""
    from ecosystem_iq.network.communities import account_communities

    graph = network.graph
    return lambda: account_communities(graph).astype(float)


def intervals_ours(network: Network) -> Job:
    """Influence with intervals, as by default."""
    import ecosystem_iq as eiq

    graph = network.graph
    return lambda: np.asarray(eiq.measure(graph).table["influence_high"])


def build_ours(network: Network) -> Job:
    """A graph from plain edges."""
    import ecosystem_iq as eiq

    tail, head = network.names[network.tail], network.names[network.head]
    account = None if network.account[-1] == 0 else np.char.add("a", network.account[network.tail].astype(str))
    return lambda: eiq.InfluenceGraph.from_edges(tail, head, network.chance, account=account).matrix.data


@dataclass(frozen=True)
class Task:
    """What is measured: how each library does it, where, and what to know about the comparison."""

    jobs: dict[str, Callable[[Network], Job]]
    note: str = ""
    on: tuple[str, ...] = ("account", "accounts", "medium", "large")
    compare: str = "values"
    factor: tuple[str, float] = ("", 1.0)
    """Library which does only a part of the work, and which part."""


PATHS = ("account", "accounts")
TASKS = {
    "influence": Task(
        {
            OURS: measured_by("influence"),
            "networkit": peers.influence_networkit,
            "rustworkx": peers.influence_rustworkx,
            NETWORKX: peers.influence_networkx,
        }
    ),
    "strengths, out and in": Task(
        {OURS: strengths_ours, "networkit": peers.strengths_networkit, NETWORKX: peers.strengths_networkx}
    ),
    "reach in 2 steps, expected": Task(
        {OURS: measured_by("reach_2"), NETWORKX: peers.reach_by_hand}, "no library has it; by hand over networkx"
    ),
    "reach in 2 steps, counted": Task(
        {OURS: measured_by("reach_2", weighted=False), "SciPy": peers.count_scipy, NETWORKX: peers.count_networkx},
        "SciPy: whole product at once",
    ),
    "constraint": Task(
        {
            OURS: measured_by("constraint"),
            "EasyGraph": peers.constraint_easygraph,
            NETWORKX: peers.by_networkx(lambda nx, graph: nx.constraint(graph, weight="p")),
        }
    ),
    "effective size": Task(
        {
            OURS: measured_by("effective_size"),
            NETWORKX: peers.by_networkx(peers.effective_size_networkx),
        },
        "EasyGraph, and networkx's own quicker way, find other numbers",
    ),
    "brokerage roles": Task(
        {OURS: roles_ours, NETWORKX: peers.roles_by_hand}, "no library has it; by hand over networkx"
    ),
    "betweenness": Task(
        {
            OURS: measured_by("betweenness"),
            "networkit": peers.betweenness_networkit,
            NETWORKX: peers.by_networkx(
                lambda nx, graph: nx.betweenness_centrality(graph, normalized=False, weight="far")
            ),
        },
        "weighted; rustworkx has no weights, EasyGraph finds other numbers",
        PATHS,
    ),
    "harmonic closeness": Task(
        {
            OURS: measured_by("harmonic"),
            "networkit": peers.harmonic_networkit,
            NETWORKX: peers.harmonic_networkx,
        },
        "weighted",
        PATHS,
    ),
    "coreness": Task(
        {
            OURS: measured_by("coreness"),
            "networkit": peers.coreness_networkit,
            NETWORKX: peers.by_networkx(lambda nx, graph: nx.core_number(graph)),
        },
        "rustworkx finds other numbers where ties are mutual",
    ),
    "articulation points": Task(
        {
            OURS: measured_by("articulation"),
            "rustworkx": peers.articulation_rustworkx,
            NETWORKX: peers.articulation_networkx,
        }
    ),
    "communities": Task(
        {OURS: leiden_ours, "networkit": peers.leiden_networkit, NETWORKX: peers.louvain_networkx},
        "Leiden; networkx: Louvain",
        compare="modularity",
    ),
    "intervals by default": Task(
        {OURS: intervals_ours, NETWORKX: peers.intervals_by_hand},
        "networkx: 10 draws of its PageRank, times 20",
        ("account", "accounts"),
        compare="",
        factor=(NETWORKX, 20.0),
    ),
    "table of five measures": Task({OURS: table_ours}, "measure(): ids, ranks, reasons", compare=""),
    "graph from text edges": Task({OURS: build_ours, NETWORKX: peers.build_networkx}, compare=""),
}
