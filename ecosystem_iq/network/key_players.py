"""Key players: the set of stakeholders who together reach most, or without whom the rest falls apart most.

The best k are a *set*: two who reach the same people are not both needed, so the k best single stakeholders are rarely
the best set. Several sets are often equally good; all of them count, and those which are found are shown.

Reach follows the arrows from the set outwards. Fragmentation looks at the map without direction, as its author does: an
arrow either way is a tie, the stronger one where there are two. Ties against count like ties for: a quarrel moves
people too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.distances import lengths
from ecosystem_iq.network.kernels.set_search import best_by_exchange, best_of_all, few, greedy
from ecosystem_iq.network.kernels.set_values import (
    DistanceFragmentation,
    Fragmentation,
    SetValue,
    distance_reach,
    m_reach,
)
from ecosystem_iq.network.one_account import OneAccount, listed, one_account, whole_number

CRITERIA = ("distance_reach", "m_reach", "distance_fragmentation", "fragmentation")
LARGEST_REACH = 20_000_000
"""Candidates times stakeholders, for reach."""

LARGEST_FRAGMENTATION = 100_000_000
"""Candidates times stakeholders and ties, for fragmentation."""

LARGEST_DISTANCE_FRAGMENTATION = 128_000_000
"""Stakeholders squared times stakeholders and candidates, for distance_fragmentation: 400 stakeholders."""

_INSTEAD = {
    "distance_reach": "Name fewer candidates, or choose by spread (select_triggers), which scales.",
    "m_reach": "Name fewer candidates, or choose by spread (select_triggers), which scales.",
    "fragmentation": "Name fewer candidates, or measure articulation, which scales.",
    "distance_fragmentation": "Ask for fragmentation, which counts components only, or a smaller account.",
}


@dataclass(frozen=True, eq=False)
class KeyPlayers:
    """The best sets of stakeholders.

    Attributes
    ----------
    account : str
    criterion : str
    stakeholders : tuple of str
        One of the best sets: the first in the order of ids.
    value : float
        Worth of each of them; NaN when there is nobody to choose.
    sets : tuple of tuple of str
        All sets as good as it, up to the first 100.
    n_optimal : int
        How many there are; where the search was not exhaustive, how many were found.
    core : tuple of str
        Who is in every one of them: the others can be exchanged.
    exact : bool
        True: all sets were compared. False: greedy choice, improved by exchanging members from several starts.
    curve : DataFrame
        ``k``, ``stakeholder_id``, ``value``: the greedy choice, one at a time. Not always the best set of each size.
    """

    account: str
    criterion: str
    stakeholders: tuple[str, ...]
    value: float
    sets: tuple[tuple[str, ...], ...]
    n_optimal: int
    core: tuple[str, ...]
    exact: bool
    curve: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a set and member: ``account_id``, ``set`` (from 1), ``stakeholder_id``, ``value``."""
        rows = [
            (self.account, number, stakeholder, self.value)
            for number, members in enumerate(self.sets, start=1)
            for stakeholder in members
        ]
        return pd.DataFrame(rows, columns=["account_id", "set", "stakeholder_id", "value"])

    def __repr__(self) -> str:
        how = "exact" if self.exact else "best found"
        count = f"{self.n_optimal:,} set{'' if self.n_optimal == 1 else 's'}"
        return f"KeyPlayers({listed(self.stakeholders) or 'nobody'}; {self.criterion} {self.value:.4g}, {count}, {how})"


def key_players(  # noqa: PLR0913 - one keyword a choice
    graph: InfluenceGraph,
    k: int,
    *,
    criterion: str = "distance_reach",
    m: int = 2,
    weighted: bool = True,
    account: str | None = None,
    candidates: Iterable[str] | None = None,
    rng: int | np.random.Generator = 0,
) -> KeyPlayers:
    """The k stakeholders of an account who are key *together*.

    Parameters
    ----------
    graph : InfluenceGraph
    k : int
        Members of the set, at least 1.
    criterion : {"distance_reach", "m_reach", "distance_fragmentation", "fragmentation"}
        *distance_reach*: mean over all stakeholders of the nearness of the nearest member, in [0, 1]; a member counts
        1. *m_reach*: how many are within m steps of the set, which is included. *fragmentation*: share of the pairs of
        those who are left that are in different components without the set, in [0, 1]. *distance_fragmentation*: 1 -
        mean nearness over those pairs. Without a pair left both are 1: nobody can move anybody.
    m : int
        Steps, for m_reach.
    weighted : bool
        What *nearness* is: the probability of the strongest path (True), or 1 / steps (False, as published). It makes
        no difference to m_reach and fragmentation.
    account : str, optional
        Needed when the graph has several.
    candidates : iterable of str, optional
        Who may be in the set; default everybody in the account.
    rng : int or numpy.random.Generator
        For the starts where not all sets can be compared.

    Returns
    -------
    KeyPlayers
        With fewer than k members when there are not so many candidates; without any, the value is NaN.

    Raises
    ------
    InputError
        When an argument is not valid, or the account is too large for the criterion.

    References
    ----------
    Borgatti, S. P. (2006). Identifying sets of key players in a social network. *Computational & Mathematical
    Organization Theory* 12, 21-34. doi:10.1007/s10588-006-7084-x

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "a", "b", "d"], ["b", "c", "c", "e"], 0.5)
    >>> key_players(graph, 2, weighted=False)
    KeyPlayers(a, d; distance_reach 1, 1 set, exact)
    """
    block = one_account(graph, account)
    if criterion not in CRITERIA:
        hint = did_you_mean(criterion, CRITERIA) or f"Write one of: {', '.join(CRITERIA)}."
        raise InputError(f'There is no criterion "{criterion}". {hint}')
    k, m = whole_number(k, "k"), whole_number(m, "m")
    places = np.arange(len(block)) if candidates is None else block.nodes(candidates, "candidates")
    k = min(k, len(places))
    if k == 0:
        return KeyPlayers(block.name, criterion, (), math.nan, (), 0, (), exact=True, curve=_curve(block, [], []))
    worth = _worth(block, criterion, places, m, weighted=weighted)
    chosen, values = greedy(worth, k)
    exact = few(worth, k)
    best = best_of_all(worth, k) if exact else best_by_exchange(worth, chosen, np.random.default_rng(rng))
    sets = tuple(block.names(places[members]) for members in best.sets)
    core = block.names(places[best.member_of == best.count])
    curve = _curve(block, places[chosen], values)
    return KeyPlayers(block.name, criterion, sets[0], best.value, sets, best.count, core, exact=exact, curve=curve)


def _curve(block: OneAccount, chosen: Iterable[int], values: list[float]) -> pd.DataFrame:
    who = block.names(chosen)
    return pd.DataFrame(
        {"k": range(1, len(who) + 1), "stakeholder_id": pd.Series(who, dtype="str"), "value": np.array(values, float)}
    )


def _worth(block: OneAccount, criterion: str, places: NDArray[np.int64], m: int, *, weighted: bool) -> SetValue:
    """What the criterion makes of sets of ``places``, once it is known that the account is not too large for it."""
    n, c = len(block), len(places)
    if criterion.endswith("reach"):
        _refuse_large(block, criterion, c * n, LARGEST_REACH)
        if criterion == "m_reach":
            return m_reach(lengths(block.matrix, weighted=False), places, m)
        return distance_reach(lengths(block.matrix, weighted=weighted), places, weighted=weighted)
    tie = _skeleton(lengths(block.matrix, weighted=weighted))
    if criterion == "fragmentation":
        _refuse_large(block, criterion, c * (n + tie.nnz), LARGEST_FRAGMENTATION)
        return Fragmentation(places, tie.row.astype(np.int64), tie.col.astype(np.int64), n)
    _refuse_large(block, criterion, n**2 * (n + c), LARGEST_DISTANCE_FRAGMENTATION)
    distance = np.full((n, n), np.inf)
    distance[tie.row, tie.col] = distance[tie.col, tie.row] = tie.data
    return DistanceFragmentation(places, distance, weighted)


def _refuse_large(block: OneAccount, criterion: str, size: float, largest: float) -> None:
    if size > largest:
        raise InputError(
            f'{criterion} is not computed for the {len(block):,} stakeholders of account "{block.name}": {size:.2g} '
            f"steps for one choice, the limit is {largest:.2g}. {_INSTEAD[criterion]}"
        )


def _skeleton(known: csr_array) -> coo_array:
    """The map without direction, each tie once: the shorter of the two lengths."""
    n = known.shape[0]
    tail = np.repeat(np.arange(n), np.diff(known.indptr))
    low, high = np.minimum(tail, known.indices), np.maximum(tail, known.indices)
    order = np.lexsort((known.data, high, low))
    low, high, length = low[order], high[order], known.data[order]
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])][: len(low)]
    return coo_array((length[first], (low[first], high[first])), shape=(n, n))
