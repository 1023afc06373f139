"""The best sets of a given size: all of them compared where there are few enough, else greedy choice and exchange."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.network.kernels.set_values import Array, Sets, SetValue

SHOWN = 100
"""Tied optimal sets which are kept; all are counted."""

LARGEST_SEARCH = 6_000_000
"""Sets which are searched through."""

_LONGEST_SEARCH = 1e10
_LONGEST_EXCHANGE = 2e10
_STARTS = 16
"""At most; fewer in an account so large that each takes long."""
_ROUNDS = 3
"""Times each member is exchanged, about, before nothing helps any more."""
_TIE = 1e-12


def _slack(value: float) -> float:
    """By how much equals may differ."""
    return _TIE * max(1.0, abs(value))


@dataclass(eq=False)
class Best:
    """The best sets so far.

    Attributes
    ----------
    member_of : ndarray of int, shape (candidates,)
        How many of them each candidate is in.
    sets : ndarray of int, shape (sets, k)
        The first of them, ascending; positions among the candidates.
    value : float
        Worth of each.
    count : int
        How many there are.
    """

    member_of: NDArray[np.int64]
    sets: Sets
    value: float = -math.inf
    count: int = 0

    def offer(self, prefixes: Sets, first: int, values: Array) -> None:
        """Look at the sets which consist of a prefix and one more, from position ``first`` on."""
        top = float(values.max())
        if top > self.value + _slack(top):
            self.value, self.count = top, 0
            self.member_of, self.sets = np.zeros_like(self.member_of), self.sets[:0]
        row, column = np.nonzero(values >= self.value - _slack(self.value))
        if len(row) == 0:
            return
        self.count += len(row)
        c = len(self.member_of)
        self.member_of += np.bincount(prefixes[row].ravel(), minlength=c) + np.bincount(column + first, minlength=c)
        new = np.column_stack([prefixes[row[:SHOWN]], first + column[:SHOWN]])  # in ascending order already
        sets = np.vstack([self.sets, new])
        self.sets = sets[np.lexsort(sets.T[::-1])][:SHOWN]


def few(worth: SetValue, k: int) -> bool:
    """Whether all sets can be compared."""
    sets = math.comb(len(worth.candidates), k)
    return sets <= LARGEST_SEARCH and sets * worth.work <= _LONGEST_SEARCH


def best_of_all(worth: SetValue, k: int) -> Best:
    """The best of all sets of k candidates."""
    c = len(worth.candidates)
    best = Best(np.zeros(c, dtype=np.int64), np.empty((0, k), dtype=np.int64))
    for prefixes, first in _prefixes(c, k, worth.block):
        best.offer(prefixes, first, worth.extended(prefixes, first))
    return best


def _prefixes(c: int, k: int, block: int) -> Iterator[tuple[Sets, int]]:
    """All ascending sets of k - 1 out of c to which a larger one can be added, in blocks which end alike."""
    if k == 1:
        yield np.empty((1, 0), dtype=np.int64), 0
        return
    for last in range(k - 2, c - 1):
        inner = combinations(range(last), k - 2)
        while chunk := list(islice(inner, block)):
            before = np.array(chunk, dtype=np.int64).reshape(len(chunk), k - 2)
            yield np.column_stack([before, np.full(len(chunk), last)]), last + 1


def _one_more(worth: SetValue, members: list[int]) -> Array:
    """Worth of the set with each candidate who is not in it."""
    values: Array = worth.extended(np.array([members], dtype=np.int64).reshape(1, -1), 0)[0]
    values[members] = -np.inf
    return values


def _first_of_the_best(values: Array) -> int:
    top = float(values.max())
    return int(np.argmax(values >= top - _slack(top)))


def greedy(worth: SetValue, k: int) -> tuple[list[int], list[float]]:
    """One candidate after the other, each the best to add, and the worth of the first 1, 2, … k."""
    chosen: list[int] = []
    curve: list[float] = []
    for _ in range(k):
        values = _one_more(worth, chosen)
        chosen.append(_first_of_the_best(values))
        curve.append(float(values[chosen[-1]]))
    return chosen, curve


def best_by_exchange(worth: SetValue, chosen: list[int], rng: np.random.Generator) -> Best:
    """The greedy set and some random ones, each improved until no exchange of one member helps."""
    c, k = len(worth.candidates), len(chosen)
    fit = int(_LONGEST_EXCHANGE / (_ROUNDS * k * c * worth.work))
    starts = [chosen, *(rng.choice(c, k, replace=False).tolist() for _ in range(min(fit, _STARTS) - 1))]
    value, found = -math.inf, set[tuple[int, ...]]()
    for start in starts:
        reached, ties = _exchange(worth, start)
        if reached > value + _slack(reached):
            value, found = reached, set()
        if reached >= value - _slack(value):
            found |= ties
    sets = np.array(sorted(found), dtype=np.int64)
    return Best(np.bincount(sets.ravel(), minlength=c), sets[:SHOWN], value, len(sets))


def _exchange(worth: SetValue, start: list[int]) -> tuple[float, set[tuple[int, ...]]]:
    """Exchange one member after the other for the best there is; the value in the end, and all sets met which tie."""
    members, value = list(start), -math.inf
    ties: set[tuple[int, ...]] = set()
    turn = unchanged = 0
    while unchanged < len(members):
        place = turn % len(members)
        rest = members[:place] + members[place + 1 :]
        values = _one_more(worth, rest)
        best = _first_of_the_best(values)
        turn, unchanged = turn + 1, unchanged + 1
        if values[best] > value + _slack(float(values[best])):
            members[place], value, unchanged, ties = best, float(values[best]), 1, set()
        ties |= {tuple(sorted([*rest, int(v)])) for v in np.flatnonzero(values >= value - _slack(value))}
    return value, ties
