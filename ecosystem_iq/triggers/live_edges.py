"""Live-edge samples: who can move whom on each of many drawn networks.

A cascade with arc probabilities is the same thing as reachability on a random network which keeps some arcs (Kempe,
Kleinberg & Tardos 2003, doi:10.1145/956750.956769). *Independent cascade* keeps each arc on its own; *linear threshold*
keeps for each stakeholder at most one arc into it, each with its weight (the probability, divided by the sum of those
into the same stakeholder where that is above 1).

Only ties **for** transmit: somebody who works against others is a risk, never reach.

Samples are bits: 64 of them in one word, so that one instruction follows an arc on 64 drawn networks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network import InfluenceGraph

Bits = NDArray[np.uint64]
Nodes = NDArray[np.int64]

WORD = 64
_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Channels:
    """The arcs along which a cascade can run, by source.

    Attributes
    ----------
    indptr : ndarray of int, shape (nodes + 1,)
        Arcs of node i are ``indptr[i] .. indptr[i + 1] - 1``.
    head : ndarray of int, shape (arcs,)
    probability : ndarray of float, shape (arcs,)
    first, size : ndarray of int, shape (nodes,)
        First node, and number of nodes, of the account of each node: nodes of one account stand together.
    """

    indptr: NDArray[np.int64]
    head: Nodes
    probability: NDArray[np.float64]
    first: Nodes
    size: NDArray[np.int64]

    @property
    def tail(self) -> Nodes:
        """Source of each arc."""
        return np.asarray(np.repeat(np.arange(len(self.first)), np.diff(self.indptr)))

    @property
    def account_arcs(self) -> NDArray[np.int64]:
        """Arcs in the account of each node, shape (nodes,)."""
        return np.asarray(self.indptr[self.first + self.size] - self.indptr[self.first])


@dataclass(frozen=True, eq=False)
class LiveEdges:
    """Which arcs are live on which sample.

    Attributes
    ----------
    channels : Channels
    bits : ndarray of uint64, shape (arcs, words)
    simulations : int
    """

    channels: Channels
    bits: Bits
    simulations: int

    @property
    def everywhere(self) -> Bits:
        """All samples, shape (words,)."""
        return packed(np.ones((self.simulations, 1), dtype=bool)).ravel()

    @property
    def nobody(self) -> Bits:
        """The state in which nobody is moved yet, shape (nodes, words)."""
        return np.zeros((len(self.channels.first), self.bits.shape[1]), dtype=np.uint64)


def channels_of(graph: InfluenceGraph, nodes: Nodes | None = None) -> Channels:
    """The arcs with a positive sign; with ``nodes``, only in the accounts of these."""
    matrix, sizes = graph.matrix, graph.sizes
    tail = np.repeat(np.arange(len(graph)), np.diff(matrix.indptr))
    keep = (graph.sign > 0) & (matrix.data > 0)
    if nodes is not None:
        keep &= np.isin(graph.account_code[tail], graph.account_code[nodes])
    indptr = np.searchsorted(tail[keep], np.arange(len(graph) + 1)).astype(np.int64)
    start = np.cumsum(sizes) - sizes
    head = matrix.indices[keep].astype(np.int64)
    return Channels(indptr, head, matrix.data[keep], start[graph.account_code], sizes[graph.account_code])


def draw_live(channels: Channels, simulations: int, model: str, rng: np.random.Generator) -> LiveEdges:
    """Live-edge samples of all accounts from one stream."""
    return LiveEdges(channels, _draw(channels.head, channels.probability, (simulations, model), rng), simulations)


def draw_live_by_account(graph: InfluenceGraph, simulations: int, model: str, rng: np.random.Generator) -> LiveEdges:
    """Live-edge samples with a stream for each account."""
    channels = channels_of(graph)
    bounds = channels.indptr[np.r_[0, np.cumsum(graph.sizes)]]
    parts = []
    for start, stop, own in zip(bounds[:-1], bounds[1:], account_streams(graph, rng), strict=True):
        arcs = slice(start, stop)
        parts.append(_draw(channels.head[arcs], channels.probability[arcs], (simulations, model), own))
    return LiveEdges(channels, np.vstack(parts), simulations)


def account_streams(graph: InfluenceGraph, rng: np.random.Generator) -> list[np.random.Generator]:
    """A stream for each account, by its name: what is drawn does not depend on which other accounts there are."""
    base = int(rng.integers(2**63))
    return [np.random.default_rng([base, *name.encode()]) for name in graph.account_ids]


def draw_won(graph: InfluenceGraph, chance: NDArray[np.float64], simulations: int, rng: np.random.Generator) -> Bits:
    """Samples on which each node is won over, with its own chance; a stream for each account."""
    streams = account_streams(graph, rng)
    drawn = [own.random((simulations, size)) for own, size in zip(streams, graph.sizes, strict=True)]
    return packed(np.hstack(drawn) < chance)


def packed(live: NDArray[np.bool_]) -> Bits:
    """Booleans, samples × rows, as bits, rows × words."""
    octets = np.packbits(live.T, axis=1, bitorder="little")
    padded = np.zeros((octets.shape[0], -(-octets.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return np.asarray(padded.view("<u8"), dtype=np.uint64)


def unpacked(bits: Bits, simulations: int) -> NDArray[np.uint8]:
    """Bits as 0 and 1, shape (rows, simulations)."""
    octets = np.ascontiguousarray(bits, dtype="<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=simulations, bitorder="little")


def ranges(start: Nodes, count: NDArray[np.int64]) -> Nodes:
    """``start .. start + count - 1`` for each pair, end to end.

    Examples
    --------
    >>> ranges(np.array([5, 2]), np.array([2, 3])).tolist()
    [5, 6, 2, 3, 4]
    """
    offset = np.cumsum(count) - count
    return np.asarray(np.arange(int(count.sum())) + np.repeat(start - offset, count))


def check_model(model: str) -> str:
    """The model, when it is one.

    Raises
    ------
    InputError
    """
    if model not in _MODELS:
        hint = did_you_mean(model, _MODELS) or f"Write one of: {', '.join(_MODELS)}."
        raise InputError(f'There is no model "{model}". {hint}')
    return model


def _draw(head: Nodes, probability: NDArray[np.float64], how: tuple[int, str], rng: np.random.Generator) -> Bits:
    """Bits of some arcs; drawn sample by sample, so that working in blocks changes nothing."""
    simulations, model = how
    sampler = _MODELS[model](head, probability)
    words = -(-simulations // WORD)
    bits = np.zeros((len(head), words), dtype=np.uint64)
    step = max(1, _CELLS // (WORD * max(len(head), 1)))
    for word in range(0, words, step):
        count = min(simulations, (word + step) * WORD) - word * WORD
        bits[:, word : word + step] = packed(sampler(count, rng))
    return bits


Sampler = Callable[[int, np.random.Generator], NDArray[np.bool_]]


def _independent_cascade(_: Nodes, probability: NDArray[np.float64]) -> Sampler:
    def sample(count: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        return np.asarray(rng.random((count, len(probability))) < probability)

    return sample


def _linear_threshold(head: Nodes, probability: NDArray[np.float64]) -> Sampler:
    """One arc into each stakeholder at most: where a uniform number falls among the weights laid end to end."""
    heads, place = np.unique(head, return_inverse=True)
    order = np.argsort(place, kind="stable")
    into = np.bincount(place, weights=probability, minlength=len(heads))
    weight = (probability / np.maximum(1.0, into)[place])[order]
    stop = np.cumsum(np.bincount(place, minlength=len(heads)))
    total = np.cumsum(weight)
    before = np.r_[0.0, total][np.r_[0, stop[:-1]]] if len(heads) else total
    ends = place[order] + np.minimum(total - before[place[order]], 1.0)

    def sample(count: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        thrown = rng.random((count, len(heads))) + np.arange(len(heads))
        found = np.searchsorted(ends, thrown, side="right")
        row, column = np.nonzero(found < stop)
        live: NDArray[Any] = np.zeros((count, len(head)), dtype=bool)
        live[row, order[found[row, column]]] = True
        return live

    return sample


_MODELS: dict[str, Callable[[Nodes, NDArray[np.float64]], Sampler]] = {
    "ic": _independent_cascade,
    "lt": _linear_threshold,
}
