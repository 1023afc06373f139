"""Greedy choice of seeds on live-edge samples, with lazy evaluation, in many contests at once.

What a candidate adds can only shrink while others are chosen (spread is submodular), so an old gain is an upper bound,
and only candidates whose bound is still on top are evaluated again (Leskovec et al. 2007,
doi:10.1145/1281192.1281239). Greedy reaches at least 1 - 1/e of the best possible on its samples (Nemhauser, Wolsey &
Fisher 1978, doi:10.1007/BF01588971).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError
from ecosystem_iq.triggers.cascades import Array, Seeds, gain_means, moved_after
from ecosystem_iq.triggers.live_edges import Bits, Channels, LiveEdges, Nodes
from ecosystem_iq.triggers.reachability import single_gains

LARGEST = 50_000_000_000
"""Samples × the squares of the sizes of accounts above which a choice would take minutes: 5,000 in one account on 2,000
samples."""

FEWEST = 100
"""Simulations below which a choice is mostly noise."""

Evaluation = Callable[[LiveEdges, Array, Nodes, Bits], Array]


@dataclass(frozen=True, eq=False)
class State:
    """What has happened on each sample before the choice, and what choosing brings about.

    Attributes
    ----------
    moved : ndarray of uint64, shape (nodes, words)
        Who is moved already.
    won : ndarray of uint64, shape (nodes, words), optional
        Who would be won over if chosen; default everybody.
    """

    moved: Bits
    won: Bits | None = None


@dataclass(frozen=True, eq=False)
class Field:
    """Who stands for election.

    Attributes
    ----------
    node : ndarray of int, shape (seats,)
        Nodes of the candidates, candidate by candidate.
    candidate : ndarray of int, shape (seats,)
        Candidate of each node, ascending from 0 without gaps.
    contest : ndarray of int, shape (candidates,)
        Contest each candidate stands in: every contest has its own winners.
    weight : ndarray of float, shape (candidates,)
        What the gain of a candidate is multiplied with.
    """

    node: Nodes
    candidate: Nodes
    contest: Nodes
    weight: Array

    def nodes_of(self, winners: Nodes) -> Nodes:
        """Nodes of some candidates."""
        return self.node[np.isin(self.candidate, winners)]

    def gains(self, how: Evaluation, asked: Nodes, live: LiveEdges, value: Array, moved: Bits) -> Array:
        """Weighted gain of some candidates (ascending), shape (asked,)."""
        seats = np.flatnonzero(np.isin(self.candidate, asked))
        node, seat = np.unique(self.node[seats], return_inverse=True)
        gains = how(live, value, node, moved)[seat]
        place = np.searchsorted(asked, self.candidate[seats])
        return np.bincount(place, weights=gains, minlength=len(asked)) * self.weight[asked]


def _one_by_one(live: LiveEdges, value: Array, nodes: Nodes, moved: Bits) -> Array:
    return gain_means(live, value, Seeds.each(nodes), moved)


def greedy(live: LiveEdges, value: Array, field: Field, rounds: int, state: State) -> list[Nodes]:
    """Winners of each round: in every contest the candidate which adds most to what is moved already.

    Parameters
    ----------
    live : LiveEdges
    value : ndarray of float, shape (nodes,)
    field : Field
    rounds : int
    state : State

    Returns
    -------
    list of ndarray
        Candidates who win, ascending; a contest without candidates has no winner. Among equals the first wins.
    """
    sample, moved = (live, value), state.moved
    bound = field.gains(single_gains, np.arange(len(field.contest)), *sample, moved)
    fresh = np.ones(len(bound), dtype=bool)
    winners: list[Nodes] = []
    while len(winners) < rounds and (bound > -np.inf).any():
        for how, ahead in _EFFORTS:
            stale = _to_evaluate(field, bound, fresh, ahead)
            if len(stale):
                bound[stale] = field.gains(how, stale, *sample, moved)
                fresh[stale] = True
        best = _leaders(field, bound, 1)
        winners.append(best)
        moved = moved_after(live, field.nodes_of(best), moved, state.won)
        bound[best], fresh = -np.inf, np.zeros(len(bound), dtype=bool)
    return winners


_EFFORTS: tuple[tuple[Evaluation, int | None], ...] = (*[(_one_by_one, 8)] * 4, (single_gains, None))
"""How to evaluate again, and how many of each undecided contest: at last, all of them at once."""


def _to_evaluate(field: Field, bound: Array, fresh: NDArray[np.bool_], ahead: int | None) -> Nodes:
    """The first candidates of each contest whose leader is not fresh, as far as they are not fresh themselves."""
    leaders = _leaders(field, bound, 1)
    undecided = np.isin(field.contest, field.contest[leaders[~fresh[leaders]]])
    first = _leaders(field, bound, ahead)
    return first[undecided[first] & ~fresh[first]]


def _leaders(field: Field, bound: Array, count: int | None) -> Nodes:
    """The first few of each contest, or all who still stand, ascending."""
    order = np.lexsort((-bound, field.contest))
    order = order[bound[order] > -np.inf]
    if count is None:
        return np.sort(order)
    contest = field.contest[order]
    start = np.searchsorted(contest, contest)
    return np.sort(order[np.arange(len(order)) - start < count])


def check_size(channels: Channels, nodes: Nodes, simulations: int) -> None:
    """Refuse what would take minutes.

    Raises
    ------
    InputError
        Says how much smaller it must be.
    """
    first = np.unique(channels.first[nodes])
    sizes = channels.size[first].astype(np.float64)
    work = float((sizes**2).sum()) * simulations
    if work > LARGEST:
        most = int(LARGEST / (sizes**2).sum())
        raise InputError(
            f"Accounts of up to {int(sizes.max()):,} stakeholders on {simulations:,} simulations are too much at once. "
            + (f"Use at most {most:,} simulations." if most >= FEWEST else "Choose account by account.")
        )
