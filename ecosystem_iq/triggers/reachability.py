"""What every stakeholder would add on its own, for a whole account at once.

On each sample the live arcs are condensed to an acyclic graph (those who reach each other reach the same others), and
the sets of those reached are joined from its ends upwards, each arc once. A set is a row of bits, one a stakeholder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq.triggers.live_edges import WORD, Bits, LiveEdges, Nodes, ranges, unpacked

Array = NDArray[np.float64]

_WORDS = 4_000_000


def single_gains(live: LiveEdges, value: Array, nodes: Nodes, moved: Bits) -> Array:
    """Expected value which each node alone adds to those already moved, shape (nodes asked,).

    Parameters
    ----------
    live : LiveEdges
    value : ndarray of float, shape (all nodes,)
    nodes : ndarray of int
        Ascending.
    moved : ndarray of uint64, shape (all nodes, words)
        Samples on which each node is moved already, together with everybody it reaches.
    """
    gains = np.zeros(len(value))
    channels = live.channels
    for first in np.unique(channels.first[nodes]):
        account = slice(first, first + channels.size[first])
        for words, samples in _portions(live, int(channels.size[first])):
            graph = _Drawn.of(live, moved, account, (words, samples))
            gains[account] += graph.reached_value(value[account]).reshape(samples, -1).sum(axis=0)
    return gains[nodes] / live.simulations


def _portions(live: LiveEdges, size: int) -> Iterator[tuple[slice, int]]:
    """Words of samples which keep memory bounded, with the number of samples in them."""
    step = max(1, _WORDS // (WORD * size * -(-size // WORD)))
    for start in range(0, live.bits.shape[1], step):
        words = slice(start, start + step)
        yield words, min(live.simulations - start * WORD, step * WORD)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Drawn networks of one account side by side: node ``s * size + i`` is stakeholder i on sample s."""

    size: int
    moved: NDArray[np.bool_]
    tail: Nodes
    head: Nodes

    @classmethod
    def of(cls, live: LiveEdges, moved: Bits, account: slice, portion: tuple[slice, int]) -> _Drawn:
        words, samples = portion
        channels, size = live.channels, account.stop - account.start
        before = unpacked(moved[account, words], samples).T.astype(bool).ravel()
        inside = slice(channels.indptr[account.start], channels.indptr[account.stop])
        arc, sample = np.nonzero(unpacked(live.bits[inside, words], samples))
        tails = np.repeat(np.arange(size), np.diff(channels.indptr[account.start : account.stop + 1]))
        tail = sample * size + tails[arc]
        head = sample * size + channels.head[inside][arc] - account.start
        open_ = ~(before[tail] | before[head])
        return cls(size, before, tail[open_], head[open_])

    def reached_value(self, value: Array) -> Array:
        """Value of those whom each node moves and who were not moved before, shape (samples * size,)."""
        count = len(self.moved)
        links = csr_array((np.ones(len(self.tail), dtype=bool), (self.tail, self.head)), (count, count))
        parts, label = connected_components(links, directed=True, connection="strong")
        part = label.astype(np.int64)
        sets = self._members(parts, part)
        tail, head = part[self.tail], part[self.head]
        between = tail != head
        _join_upwards(sets, tail[between], head[between])
        return np.where(self.moved, 0.0, _valued(sets, value)[part])

    def _members(self, parts: int, part: Nodes) -> Bits:
        """The stakeholders of each part, as bits."""
        who = np.arange(len(part)) % self.size
        sets = np.zeros((parts, -(-self.size // WORD)), dtype=np.uint64)
        np.bitwise_or.at(sets, (part, who // WORD), np.uint64(1) << (who % WORD).astype(np.uint64))
        return sets


def _join_upwards(sets: Bits, tail: Nodes, head: Nodes) -> None:
    """Add to each part, in place, the sets of all parts which it has arcs to (no cycles)."""
    order = np.argsort(tail, kind="stable")
    below = head[order]
    start = np.searchsorted(tail[order], np.arange(len(sets) + 1))
    above = tail[np.argsort(head, kind="stable")]
    begin = np.searchsorted(np.sort(head), np.arange(len(sets) + 1))
    waiting = np.diff(start)
    done = np.flatnonzero((waiting == 0) & (np.diff(begin) > 0))
    while len(done):
        parents, arcs = np.unique(above[ranges(begin[done], begin[done + 1] - begin[done])], return_counts=True)
        waiting[parents] -= arcs
        done = parents[waiting[parents] == 0]
        count = start[done + 1] - start[done]
        children = below[ranges(start[done], count)]
        if len(done):
            sets[done] |= np.bitwise_or.reduceat(sets[children], np.cumsum(count) - count, axis=0)


def _valued(sets: Bits, value: Array) -> Array:
    """Value of the members of each set: looked up eight stakeholders at a time."""
    if (value == value[0]).all():
        return np.asarray(value[0] * np.bitwise_count(sets).sum(axis=1, dtype=np.int64))
    octets = np.ascontiguousarray(sets, dtype="<u8").view(np.uint8)
    padded = np.zeros(octets.shape[1] * 8)
    padded[: len(value)] = value
    patterns = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    table = padded.reshape(-1, 8) @ patterns.T.astype(np.float64)
    total = np.zeros(len(sets))
    for place in range(-(-len(value) // 8)):
        total += table[place, octets[:, place]]
    return total
