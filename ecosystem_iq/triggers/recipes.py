"""Live-edge samples which can be drawn again elsewhere, on a page for instance, and are the same to the last arc.

A sample is a uniform number for each arc, in the order of the arcs, and the arcs whose number is below their
probability. The numbers follow from the state of numpy's generator (PCG64: 128 bits, linear congruential, with the
output function XSL-RR; O'Neill 2014, HMC-CS-2014-0905), so it is enough to say that state. A probability need not be
said in full: any limit between the largest number below it and the smallest at or above it, among those drawn, parts
them alike, and two bytes nearly always find one. However many samples there are, an arc takes two bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers.arguments import at_least
from ecosystem_iq.triggers.live_edges import Channels, Nodes, channels_of

STEPS = 65_535


@dataclass(frozen=True, eq=False)
class Recipe:
    """How the samples of one account are drawn.

    Attributes
    ----------
    tail, head : ndarray of int, shape (arcs,)
        Nodes of the graph which each arc leads from and to; numbers are drawn for the arcs in this order.
    limit : ndarray of uint16, shape (arcs,)
        An arc is live where its number is below ``limit / STEPS``.
    exact : tuple of (int, float)
        Arcs for which two bytes do not do, with their probability.
    simulations : int
    state, increment : int
        Of the generator before the first number, 128 bits each.
    """

    tail: Nodes
    head: Nodes
    limit: NDArray[np.uint16]
    exact: tuple[tuple[int, float], ...]
    simulations: int
    state: int
    increment: int


def account_channels(graph: InfluenceGraph, account: str) -> Channels:
    """The arcs along which a cascade can run in one account."""
    return channels_of(graph, np.flatnonzero(graph.account == account))


def sample_recipe(graph: InfluenceGraph, account: str, simulations: int, rng: int = 0) -> Recipe:
    """The samples on which :func:`estimate_spread` estimates, in this account alone.

    Parameters
    ----------
    graph : InfluenceGraph
    account : str
        Account id.
    simulations : int
        At least 2.
    rng : int
        Seed.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], [1.0, 0.5])
    >>> recipe = sample_recipe(graph, "all", 100)
    >>> recipe.tail.tolist(), recipe.head.tolist(), (recipe.limit / STEPS).round(2).tolist()
    ([0, 1], [1, 2], [1.0, 0.5])
    """
    channels = account_channels(graph, account)
    generator = np.random.default_rng(rng)
    start = generator.bit_generator.state["state"]
    numbers = generator.random((at_least(simulations, 2, "simulations"), len(channels.head)))
    limit, fits = _limits(numbers, channels.probability)
    exact = tuple((int(arc), float(channels.probability[arc])) for arc in np.flatnonzero(~fits))
    return Recipe(channels.tail, channels.head, limit, exact, simulations, int(start["state"]), int(start["inc"]))


def _limits(
    numbers: NDArray[np.float64], probability: NDArray[np.float64]
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """A step for each arc which parts the numbers as its probability does, and whether there is one."""
    live = numbers < probability
    below = np.where(live, numbers, -1.0).max(axis=0, initial=-1.0)
    above = np.where(live, 1.0, numbers).min(axis=0, initial=1.0)
    nearest = np.rint(probability * STEPS)
    step = np.where((below < nearest / STEPS) & (nearest / STEPS <= above), nearest, np.floor(above * STEPS))
    return step.astype(np.uint16), (below < step / STEPS) & (step / STEPS <= above)
