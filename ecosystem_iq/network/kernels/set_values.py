"""What a set of stakeholders is worth: reach of the set, or how far the rest falls apart without it (Borgatti 2006).

Each criterion answers one question, for many sets at once: what are these sets worth with one more member? A search
over all sets, a greedy choice and a swap are all made of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from ecosystem_iq.network.kernels.connectivity import articulation_points

Sets = NDArray[np.int64]
Array = NDArray[np.float64]

_CELLS = 250_000
"""Numbers handled at once where sets are looked at in blocks: what fits a processor's cache."""

_FEW = 100
"""Candidates up to which a pass over the whole map for each of them costs little."""


class SetValue(Protocol):
    """Worth of sets which consist of ``candidates``."""

    @property
    def candidates(self) -> NDArray[np.int64]:
        """Who may be in a set, ascending."""

    @property
    def work(self) -> float:
        """Nanoseconds, about, which one set takes among many."""

    @property
    def block(self) -> int:
        """Sets to be extended at once."""

    def extended(self, sets: Sets, first: int) -> Array:
        """Worth of each set with each one more candidate.

        Parameters
        ----------
        sets : ndarray of int, shape (sets, members)
            Positions in ``candidates``.
        first : int
            Position of the first candidate to be added.

        Returns
        -------
        ndarray, shape (sets, candidates - first)
            Of no meaning where the candidate is in the set already.
        """


@dataclass(frozen=True, eq=False)
class Reach:
    """Nodes reached by a set, each counted by the member who is nearest (KPP-POS).

    Attributes
    ----------
    candidates : ndarray of int
    closeness : ndarray, shape (candidates, nodes)
        What a node counts when a candidate is the nearest member, in [0, 1]; 1 for the candidate itself.
    scale : float
        Of the sum: 1 / nodes for a mean.
    """

    candidates: NDArray[np.int64]
    closeness: Array
    scale: float

    @property
    def work(self) -> float:
        """Nanoseconds a set."""
        return 2.0 * float(self.closeness.shape[1]) + 50.0

    @property
    def block(self) -> int:
        """Sets at once."""
        return max(1, _CELLS // max(1, self.closeness.size))

    def extended(self, sets: Sets, first: int) -> Array:
        """See :class:`SetValue`."""
        best = self.closeness[sets].max(axis=1, initial=0.0)
        return np.asarray(np.maximum(best[:, None, :], self.closeness[None, first:]).sum(axis=2) * self.scale)


def distance_reach(lengths: csr_array, candidates: NDArray[np.int64], *, weighted: bool) -> Reach:
    """Distance-weighted reach: a node counts 1 / its distance, or the probability of the strongest path to it."""
    distance = dijkstra(lengths, indices=candidates)
    distance[np.arange(len(candidates)), candidates] = np.inf
    closeness = nearness(distance, weighted=weighted)
    closeness[np.arange(len(candidates)), candidates] = 1.0
    return Reach(candidates, closeness, 1.0 / max(lengths.shape[0], 1))


def m_reach(steps: csr_array, candidates: NDArray[np.int64], m: int) -> Reach:
    """How many nodes are within m steps, the set included."""
    within = dijkstra(steps, indices=candidates, limit=m) <= m
    return Reach(candidates, within.astype(np.float64), 1.0)


def nearness(distance: Array, *, weighted: bool) -> Array:
    """1 / d where steps are counted; exp(-d), the probability of the path, where probabilities make the distance."""
    return np.exp(-distance) if weighted else 1.0 / distance


@dataclass(frozen=True, eq=False)
class DistanceFragmentation:
    """1 - mean nearness over all ordered pairs of nodes which are left (KPP-NEG, DF).

    Attributes
    ----------
    candidates : ndarray of int
    lengths : ndarray, shape (nodes, nodes)
        Symmetric; infinite where there is no tie, and on the diagonal.
    weighted : bool
    """

    candidates: NDArray[np.int64]
    lengths: Array
    weighted: bool

    @property
    def work(self) -> float:
        """Nanoseconds a set: all distances are found anew, but what most sets share is computed once."""
        return 2.0 * self.lengths.size * (5.0 + math.log2(len(self.candidates) + 1.0))

    @property
    def block(self) -> int:
        """Sets at once."""
        return max(1, _CELLS // max(1, self.lengths.size))

    def extended(self, sets: Sets, first: int) -> Array:
        """See :class:`SetValue`: distances over all who are certain to stay, then over halves of the candidates."""
        distance = np.repeat(self.lengths[None], len(sets), axis=0)
        which = np.arange(len(sets))[:, None]
        removed = self.candidates[sets]
        distance[which, removed] = np.inf
        distance[which, :, removed] = np.inf
        in_question = self.candidates[first:]
        for node in np.setdiff1d(np.arange(len(self.lengths)), in_question):
            _shorten(distance, node)
        values = np.empty((len(sets), len(in_question)))
        left = len(self.lengths) - sets.shape[1] - 1
        self._leave_out(distance, in_question, values, max(left * (left - 1), 0))
        return values

    def _leave_out(self, distance: Array, nodes: NDArray[np.int64], values: Array, pairs: int) -> None:
        """Worth without each of ``nodes``, into ``values``; the distances are those along paths over all others.

        Halving ``nodes`` shares the work: paths may lead over one half while members of the other are left out, so
        that each node is put in log2(n) times and not n times.
        """
        if len(nodes) == 1:
            near = nearness(distance, weighted=self.weighted)
            near[:, nodes[0]] = near[:, :, nodes[0]] = 0.0
            diagonal = np.arange(len(self.lengths))
            near[:, diagonal, diagonal] = 0.0
            values[:, 0] = 1.0 - near.sum(axis=(1, 2)) / pairs if pairs else 1.0
            return
        half = len(nodes) // 2
        for part, others in ((slice(half), nodes[half:]), (slice(half, None), nodes[:half])):
            shorter = distance.copy()
            for node in others:
                _shorten(shorter, node)
            self._leave_out(shorter, nodes[part], values[:, part], pairs)


def _shorten(distance: Array, node: np.int64) -> None:
    """Let paths lead over one more node (Floyd-Warshall), in place, shape (sets, nodes, nodes)."""
    np.minimum(distance, distance[:, :, node, None] + distance[:, node, None, :], out=distance)


@dataclass(frozen=True, eq=False)
class Fragmentation:
    """Share of the pairs of nodes which are left that are in different components (KPP-NEG, F).

    Attributes
    ----------
    candidates : ndarray of int
    tail, head : ndarray of int, shape (ties,)
        Ends of each tie, once.
    size : int
        Nodes.
    """

    candidates: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    size: int

    @property
    def work(self) -> float:
        """Nanoseconds a set."""
        return 40.0 * (self.size + len(self.tail))

    @property
    def block(self) -> int:
        """Sets at once."""
        return max(1, 4 * _CELLS // max(1, len(self.candidates) * (self.size + len(self.tail))))

    def extended(self, sets: Sets, first: int) -> Array:
        """See :class:`SetValue`."""
        added = np.arange(first, len(self.candidates))
        if len(sets) == 1 and len(added) > _FEW:
            return self._one_by_one(self.candidates[sets[0]], self.candidates[added])[None]
        whole = np.column_stack([np.repeat(sets, len(added), axis=0), np.tile(added, len(sets))])
        return self._without(self.candidates[whole]).reshape(len(sets), len(added))

    def _one_by_one(self, removed: NDArray[np.int64], added: NDArray[np.int64]) -> Array:
        """F without ``removed`` and each of ``added``: only an articulation point splits what is left."""
        stays = ~(np.isin(self.tail, removed) | np.isin(self.head, removed))
        tail, head = self.tail[stays], self.head[stays]
        left = self.size - len(removed) - 1
        links = csr_array((np.ones(len(tail)), (tail, head)), shape=(self.size, self.size))
        label = connected_components(links, directed=False)[1]
        sizes = np.bincount(label).astype(np.float64)
        together = (sizes * (sizes - 1)).sum() - 2 * (sizes[label[added]] - 1)
        values = 1.0 - together / (left * (left - 1)) if left > 1 else np.ones(len(added))
        splits = articulation_points(links)[added] > 0
        if splits.any():
            of_them = np.column_stack([np.tile(removed, (int(splits.sum()), 1)), added[splits]])
            values[splits] = self._without(of_them)
        return values

    def _without(self, removed: NDArray[np.int64]) -> Array:
        """F without each set of nodes."""
        step = max(1, 4 * _CELLS // (self.size + len(self.tail)))
        parts = [self._components_without(removed[i : i + step]) for i in range(0, len(removed), step)]
        return np.concatenate(parts)

    def _components_without(self, removed: NDArray[np.int64]) -> Array:
        """All copies of the map are one graph, whose components are found at once."""
        copies, members = removed.shape
        stays = np.ones((copies, self.size), dtype=bool)
        stays[np.arange(copies)[:, None], removed] = False
        copy, tie = np.nonzero(stays[:, self.tail] & stays[:, self.head])
        ends = copy * self.size + self.tail[tie], copy * self.size + self.head[tie]
        graph = csr_array((np.ones(len(tie), dtype=bool), ends), shape=(stays.size, stays.size))
        parts, label = connected_components(graph, directed=False)
        sizes = np.bincount(label[stays.ravel()], minlength=parts)
        of_copy = np.empty(parts, dtype=np.int64)
        of_copy[label] = np.repeat(np.arange(copies), self.size)
        together = np.bincount(of_copy, weights=sizes * (sizes - 1.0), minlength=copies)
        left = self.size - members
        return 1.0 - together / (left * (left - 1)) if left > 1 else np.ones(copies)
