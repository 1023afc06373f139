"""Cascades on live-edge samples: whom a set of stakeholders moves, and how sure that number is.

One state holds, for every stakeholder of one account, the samples on which it is moved. Many states (one for each
candidate, or for each set) run side by side; a step follows only the arcs which leave somebody newly moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers.arguments import at_least, node_values, nodes_of
from ecosystem_iq.triggers.live_edges import (
    WORD,
    Bits,
    Channels,
    LiveEdges,
    Nodes,
    channels_of,
    check_model,
    draw_live,
    ranges,
    unpacked,
)

Array = NDArray[np.float64]

_WORDS = 1_000_000  # 8 MB; eight times less where words are taken apart into numbers
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Expected reach of a set of stakeholders.

    Attributes
    ----------
    mean : float
        Stakeholders (or their value) moved on average, the seeds included.
    std_error : float
        Of that mean, from the number of simulations alone: the tie probabilities are taken as given.
    simulations : int
    """

    mean: float
    std_error: float
    simulations: int


@dataclass(frozen=True, eq=False)
class Seeds:
    """Sets of seeds, each within one account.

    Attributes
    ----------
    group : ndarray of int, shape (seeds,)
        Set of each seed, ascending from 0 without gaps.
    node : ndarray of int, shape (seeds,)
        Ascending within each set.
    won : ndarray of uint64, shape (nodes, words), optional
        Samples on which each node of the graph, as a seed, is won over; default all.
    """

    group: Nodes
    node: Nodes
    won: Bits | None = None

    @classmethod
    def each(cls, node: Nodes) -> Seeds:
        """Each node alone."""
        return cls(np.arange(len(node)), node)

    @classmethod
    def by_account(cls, channels: Channels, node: Nodes) -> Seeds:
        """The nodes of each account together."""
        node = np.unique(node)
        return cls(np.unique(channels.first[node], return_inverse=True)[1], node)

    @property
    def groups(self) -> int:
        """Number of sets."""
        return int(self.group[-1]) + 1 if len(self.group) else 0


def estimate_spread(  # noqa: PLR0913 - one keyword a choice
    graph: InfluenceGraph,
    seeds: Iterable[str],
    *,
    model: str = "ic",
    simulations: int = 10_000,
    value: Mapping[str, float] | ArrayLike | None = None,
    rng: int | np.random.Generator = 0,
) -> Spread:
    """Expected number of stakeholders moved when some are moved first.

    Parameters
    ----------
    graph : InfluenceGraph
    seeds : iterable of str
        Stakeholder ids; a person is a seed in every account it belongs to.
    model : {"ic", "lt"}
        Independent cascade or linear threshold.
    simulations : int
        At least 2.
    value : mapping of id to float, or array of shape (nodes,), optional
        Weight of each stakeholder, not negative; one whom a mapping leaves out weighs 0. Default: 1 each.
    rng : int or numpy.random.Generator

    Returns
    -------
    Spread
        Seeds are counted. Ties against never transmit.

    Raises
    ------
    InputError
        When a seed, the model or a value is not valid.

    References
    ----------
    Kempe, D., Kleinberg, J. & Tardos, E. (2003). Maximizing the spread of influence through a social network. *KDD*,
    137-146. doi:10.1145/956750.956769

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 1.0)
    >>> estimate_spread(graph, ["a"], simulations=100)
    Spread(mean=3.0, std_error=0.0, simulations=100)
    """
    check_model(model)
    simulations = at_least(simulations, 2, "simulations")
    nodes = nodes_of(graph, seeds, "seed")
    values, generator = node_values(graph, value), np.random.default_rng(rng)
    channels = channels_of(graph, nodes)
    sets = Seeds.by_account(channels, nodes)
    step = WORD * max(1, _CELLS // (WORD * max(len(channels.head), len(channels.first), 1)))
    parts = []
    for start in range(0, simulations, step):
        live = draw_live(channels, min(step, simulations - start), model, generator)
        parts.append(gain_samples(live, values, sets, live.nobody).sum(axis=0))
    return Spread(*mean_and_error(np.concatenate(parts)), simulations)


def mean_and_error(samples: Array) -> tuple[float, float]:
    """Mean of samples, and its standard error."""
    return float(samples.mean()), float(samples.std(ddof=1) / np.sqrt(len(samples)))


def gain_means(live: LiveEdges, value: Array, seeds: Seeds, moved: Bits) -> Array:
    """Expected value which each set adds to those already moved, shape (sets,).

    Parameters
    ----------
    live : LiveEdges
    value : ndarray of float, shape (nodes,)
    seeds : Seeds
    moved : ndarray of uint64, shape (nodes, words)
        Samples on which each node is moved already, together with everybody it reaches.
    """
    gains = np.zeros(seeds.groups)
    for start, batch in _batches(live, seeds):
        states = _States.of(live.channels, batch)
        count = np.bitwise_count(states.newly_moved(live, moved, batch.won)).sum(axis=1, dtype=np.int64)
        gains[start : start + batch.groups] = np.bincount(states.group, count * value[states.node], batch.groups)
    return gains / live.simulations


def gain_samples(live: LiveEdges, value: Array, seeds: Seeds, moved: Bits) -> Array:
    """As :func:`gain_means`, sample by sample: shape (sets, simulations)."""
    gains = np.zeros((seeds.groups, live.simulations))
    for start, batch in _batches(live, seeds, _WORDS // 8):
        states = _States.of(live.channels, batch)
        bits = states.newly_moved(live, moved, batch.won)
        rows = np.flatnonzero(bits.any(axis=1))
        weigh = csr_array(
            (value[states.node[rows]], (states.group[rows], np.arange(len(rows)))), (batch.groups, len(rows))
        )
        gains[start : start + batch.groups] = weigh @ unpacked(bits[rows], live.simulations).astype(np.float64)
    return gains


def moved_after(live: LiveEdges, nodes: Nodes, moved: Bits, won: Bits | None = None) -> Bits:
    """Who is moved on which sample once these nodes are (where they are won over), shape (nodes, words)."""
    after = moved.copy()
    for _, batch in _batches(live, replace(Seeds.by_account(live.channels, nodes), won=won)):
        states = _States.of(live.channels, batch)
        after[states.node] |= states.newly_moved(live, moved, batch.won)
    return after


def _batches(live: LiveEdges, seeds: Seeds, most: int = _WORDS) -> Iterator[tuple[int, Seeds]]:
    """The sets in portions which keep memory bounded, each with the number of its first set."""
    if not seeds.groups:
        return
    first = np.searchsorted(seeds.group, np.arange(seeds.groups))
    node = seeds.node[first]
    cost = (live.channels.size + live.channels.account_arcs)[node] * live.bits.shape[1]
    portion = (np.cumsum(cost) - 1) // most
    starts = np.flatnonzero(np.r_[True, np.diff(portion) > 0])
    for start, stop in zip(starts, np.r_[starts[1:], seeds.groups], strict=True):
        inside = slice(first[start], first[stop] if stop < seeds.groups else len(seeds.node))
        yield int(start), Seeds(seeds.group[inside] - start, seeds.node[inside], seeds.won)


@dataclass(frozen=True, eq=False)
class _States:
    """A row for every stakeholder of the account of each set."""

    node: Nodes
    group: Nodes
    seed_row: Nodes

    @classmethod
    def of(cls, channels: Channels, seeds: Seeds) -> _States:
        lead = seeds.node[np.searchsorted(seeds.group, np.arange(seeds.groups))]
        first, size = channels.first[lead], channels.size[lead]
        offset = np.cumsum(size) - size
        seed_row = offset[seeds.group] + seeds.node - first[seeds.group]
        return cls(ranges(first, size), np.repeat(np.arange(seeds.groups), size), seed_row)

    def newly_moved(self, live: LiveEdges, moved: Bits, won: Bits | None) -> Bits:
        """Samples on which each row is moved and was not before, shape (rows, words)."""
        before = moved[self.node]
        seen = before.copy()
        rows = self.seed_row
        fresh = (live.everywhere if won is None else won[self.node[rows]]) & ~before[rows]
        while len(rows):
            seen[rows] |= fresh
            rows, fresh = self._step(live, rows, fresh)
            fresh &= ~seen[rows]
            going = fresh.any(axis=1)
            rows, fresh = rows[going], fresh[going]
        return seen ^ before

    def _step(self, live: LiveEdges, rows: Nodes, fresh: Bits) -> tuple[Nodes, Bits]:
        """Rows which somebody newly moved has a live arc to, once each, with the samples."""
        channels, node = live.channels, self.node[rows]
        count = channels.indptr[node + 1] - channels.indptr[node]
        arcs = ranges(channels.indptr[node], count)
        source = np.repeat(np.arange(len(rows)), count)
        target = channels.head[arcs] + (rows - node)[source]  # the rows of one state are in the order of its nodes
        order = np.argsort(target, kind="stable")
        arriving = fresh[source[order]] & live.bits[arcs[order]]
        target = target[order]
        starts = np.flatnonzero(np.r_[True, np.diff(target) > 0]) if len(target) else target
        return target[starts], np.bitwise_or.reduceat(arriving, starts, axis=0) if len(starts) else arriving
