"""Who was never asked whom they listen to, and what that does to a ranking.

An arrow into somebody is known because they said so (a nomination), or because others saw it. Of a stakeholder whom
nobody asked and nobody watched no arrow comes in, though surely somebody moves them; in a survey this is half of all
named. A map which leaves it at that is too sure of its ranking.

The assumption, in plain words: *whoever was never asked listens to as many others, and as much, as some asked colleague
of the same account (of the same group, where that group has enough of them), and to the same kind of people: those
whom many listen to already are named again more often.* In each drawn network such a stakeholder therefore gets the
incoming arcs of a random donor, with sources drawn in proportion to (arcs out + 1): a random hot deck.

What it cannot do: it knows nothing of people who are not on the map at all, and does not find out who *is* listened
to: it makes intervals honest and no ranking better. Where the unasked listen to others than the asked do (to people of
their own town, say), intervals are too narrow still; hidden halves of published networks show how much.

References
----------
Andridge, R. R. & Little, R. J. A. (2010). A review of hot deck imputation for survey non-response. *International
Statistical Review* 78, 40-64. doi:10.1111/j.1751-5823.2010.00103.x

Huisman, M. (2009). Imputation of missing network data: some simple procedures. *Journal of Social Structure* 10 (1):
preferential attachment and reconstruction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.tables import Ecosystem

AUTO = "auto"
FEWEST_DONORS = 5
"""Asked stakeholders which an account (a group) must have to speak for those who were not."""

_BY_REPORT = ("nominated", "self_reported")
Unasked = NDArray[np.bool_] | str | None
"""Mask over nodes, "auto" for :func:`never_asked`, or None for nobody."""


def never_asked(graph: InfluenceGraph, eco: Ecosystem | None = None) -> NDArray[np.bool_]:
    """Of whom nothing is known of who moves them, in a map which knows it of others.

    Parameters
    ----------
    graph : InfluenceGraph
    eco : Ecosystem, optional
        The tables the graph was made of. With them a two-way tie (collaborates, undirected, …) which was nominated or
        self-reported says nothing of who moves either end: one of the two told it, and the other may never have been
        asked. When it is declared *mutual* both have told it. Observed, documented and inferred ties, and those without
        evidence kind, inform about whoever they move, as do one-way nominations: the nominator is who is moved.

    Returns
    -------
    ndarray of bool, shape (nodes,)
        A stakeholder without any arc counts where most of the account have one; else the account is a list of contacts
        rather than a map, and they stay as they are. Arcs of probability 0 do not count.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "a", "d"], ["b", "c", "c"], 0.5)
    >>> graph.ids[never_asked(graph)].tolist()
    ['a', 'd']
    """
    tail, head = _ends(graph)
    there = graph.matrix.data > 0
    tells = there if eco is None else there & _informed(graph, eco)
    n = len(graph)
    named = np.bincount(tail[there], minlength=n) + np.bincount(head[there], minlength=n) > 0
    mapped = 2 * np.bincount(graph.account_code[named], minlength=len(graph.account_ids)) > graph.sizes
    return np.asarray((named | mapped[graph.account_code]) & (np.bincount(head[tells], minlength=n) == 0))


def missing_share(graph: InfluenceGraph, unasked: Unasked = AUTO) -> pd.DataFrame:
    """How much of each account was never asked, and whether intervals include that.

    Parameters
    ----------
    graph : InfluenceGraph
    unasked : ndarray of bool, "auto" or None

    Returns
    -------
    DataFrame
        One row an account: ``account_id``, ``stakeholders``, ``unasked`` (how many), ``share`` in [0, 1] (NaN in an
        account without stakeholders), ``included`` (some are unasked and there are enough asked to stand for them, so
        that drawn networks fill their place).

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a"] * 6, list("bcdefg"), 0.5)
    >>> missing_share(graph)[["stakeholders", "unasked", "included"]].values.tolist()
    [[7, 1, True]]
    """
    mask = unasked_mask(graph, unasked)
    accounts = len(graph.account_ids)
    count = np.bincount(graph.account_code[mask], minlength=accounts)
    donors = np.bincount(graph.account_code[_donors(graph, mask)], minlength=accounts)
    share = np.divide(count, graph.sizes, out=np.full(accounts, np.nan), where=graph.sizes > 0)
    return pd.DataFrame(
        {
            "account_id": list(graph.account_ids),
            "stakeholders": graph.sizes,
            "unasked": count,
            "share": share,
            "included": (count > 0) & (donors >= FEWEST_DONORS),
        }
    )


def unasked_mask(graph: InfluenceGraph, unasked: Unasked) -> NDArray[np.bool_]:
    """The mask which ``unasked`` stands for."""
    if unasked is None:
        return np.zeros(len(graph), dtype=np.bool_)
    return never_asked(graph) if isinstance(unasked, str) else np.asarray(unasked, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Imputed:
    """Arcs which were put in the place of unknown ones: one a position, of the same length throughout."""

    draw: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    probability: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class HotDeck:
    """All that a draw of missing arcs needs, made once.

    Attributes
    ----------
    unasked : ndarray of int, shape (unasked,)
        Nodes whose arcs are filled in, in the order of the graph.
    pool_start, pool_size : ndarray of int, shape (unasked,)
        Where in ``donors`` those who may stand for each begin, and how many they are.
    donors : ndarray of int
    arcs_in, first_in : ndarray of int
        Arcs by their target, and where those of each node begin, shape (nodes + 1,).
    reach : ndarray of float, shape (nodes + 1,)
        Cumulated (arcs out + 1) over the nodes: where a point falls, there is the source.
    span : ndarray of float, shape (unasked, 2)
        Begin and end on ``reach`` of the account of each unasked.
    streams : list of (Generator, int)
        Of each account its own random numbers and how many are unasked: no account changes the draws of another.
    """

    unasked: NDArray[np.int64]
    pool_start: NDArray[np.int64]
    pool_size: NDArray[np.int64]
    donors: NDArray[np.int64]
    arcs_in: NDArray[np.int64]
    first_in: NDArray[np.int64]
    reach: NDArray[np.float64]
    span: NDArray[np.float64]
    streams: list[tuple[np.random.Generator, int]]

    @classmethod
    def of(cls, graph: InfluenceGraph, unasked: Unasked, rng: np.random.Generator) -> Self:
        """The deck of a graph; ``rng`` is spawned from, not drawn from."""
        mask = unasked_mask(graph, unasked)
        asked = _donors(graph, mask)
        enough = np.bincount(graph.account_code[asked], minlength=len(graph.account_ids)) >= FEWEST_DONORS
        wanted = np.flatnonzero(mask & enough[graph.account_code])
        donors, start, size = _pools(graph, asked, wanted)
        tail, head = _ends(graph)
        arcs = np.flatnonzero(graph.matrix.data > 0)
        arcs = arcs[np.argsort(head[arcs], kind="stable")]
        weight = np.bincount(tail[arcs], minlength=len(graph)) + 1.0
        reach = np.append(0.0, np.cumsum(weight))
        ends = np.append(0, np.cumsum(graph.sizes))
        account = graph.account_code[wanted]
        return cls(
            unasked=wanted,
            pool_start=start,
            pool_size=size,
            donors=donors,
            arcs_in=arcs,
            first_in=np.searchsorted(head[arcs], np.arange(len(graph) + 1)),
            reach=reach,
            span=np.column_stack([reach[ends[account]], reach[ends[account + 1]]]),
            streams=_streams(graph, account, rng),
        )

    @property
    def arcs_a_draw(self) -> float:
        """Arcs which one draw fills in, about."""
        donated = np.diff(self.first_in)[self.donors]
        return float(len(self.unasked) * donated.mean()) if len(self.unasked) else 0.0

    def draw(self, probability: NDArray[np.float64]) -> Imputed:
        """Arcs of all unasked in the next draws.

        Parameters
        ----------
        probability : ndarray, shape (draws, arcs)
            Of each known arc in each draw: an unasked stakeholder copies a donor's arcs as this draw has them.

        Returns
        -------
        Imputed
            Known arcs of an unasked stakeholder stay, and take the place of as many copied ones. A source may come up
            twice for one target only when it has more than 1 / (arcs to be drawn) of the account's weight.
        """
        draws = len(probability)
        donor_at, source_at = self._chances(draws)
        place = donor_at * self.pool_size
        donor = self.donors[self.pool_start + place.astype(np.int64)]
        owned = self.first_in[donor + 1] - self.first_in[donor]
        known = self.first_in[self.unasked + 1] - self.first_in[self.unasked]
        copied = np.maximum(owned - known, 0).ravel()
        cell = np.repeat(np.arange(copied.size), copied)  # one (draw, unasked) pair a cell
        turn = np.arange(len(cell)) - np.repeat(np.cumsum(copied) - copied, copied)
        first = ((place % 1.0) * owned).astype(np.int64).ravel()[cell]  # which of them are copied is random as well
        arc = self.arcs_in[self.first_in[donor.ravel()[cell]] + (first + turn) % owned.ravel()[cell]]
        draw, who = np.divmod(cell, max(len(self.unasked), 1))
        source = self._sources(who, (source_at.ravel()[cell] + turn) / copied[cell])
        chance = probability[draw, arc]
        there = chance > 0
        return Imputed(draw[there], source[there], self.unasked[who][there], chance[there])

    def _chances(self, draws: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two uniform numbers for each draw and unasked, draw by draw: blocks change nothing."""
        parts = [stream.random((draws, count, 2)) for stream, count in self.streams]
        both = np.concatenate(parts, axis=1) if parts else np.zeros((draws, 0, 2))
        return both[:, :, 0], both[:, :, 1]

    def _sources(self, who: NDArray[np.int64], point: NDArray[np.float64]) -> NDArray[np.int64]:
        """Nodes at points in [0, 1) of the account's weight, the unasked themselves left out.

        The points of one stakeholder are evenly spaced from a random start (systematic sampling), so that sources come
        up with exactly the chance of their weight, and not twice.
        """
        own = self.unasked[who]
        width = self.reach[own + 1] - self.reach[own]
        begin, end = self.span[who].T
        at = begin + point * (end - begin - width)
        at += np.where(at >= self.reach[own], width, 0.0)
        found = np.searchsorted(self.reach, at, side="right") - 1
        return np.asarray(np.minimum(found, len(self.reach) - 2))


def _ends(graph: InfluenceGraph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Who moves whom, arc by arc."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    return tail, graph.matrix.indices.astype(np.int64)


def _informed(graph: InfluenceGraph, eco: Ecosystem) -> NDArray[np.bool_]:
    """Arcs of which some row tells who moves their target."""
    ties = eco.tables["ties"]
    reported = ties["evidence_kind"].isin(_BY_REPORT).to_numpy()
    mutual = (ties["direction"] == "mutual").fillna(value=False).to_numpy(dtype=np.bool_)
    arc = np.repeat(np.arange(graph.rows.shape[0]), np.diff(graph.rows.indptr))
    row = graph.rows.indices
    account = graph.account_code[_ends(graph)[0][arc]]
    _, same, arcs = np.unique(account * len(ties) + row, return_inverse=True, return_counts=True)
    two_way = arcs[same] > 1
    tells = ~(reported[row] & two_way & ~mutual[row])
    return np.asarray(np.bincount(arc[tells], minlength=graph.rows.shape[0]) > 0)


def _donors(graph: InfluenceGraph, unasked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Nodes of whom it is known who moves them."""
    moved = np.bincount(graph.matrix.indices[graph.matrix.data > 0], minlength=len(graph)) > 0
    return np.flatnonzero(moved & ~unasked)


def _pools(
    graph: InfluenceGraph, asked: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Donors by account and group, then by account alone, and where the pool of each wanted node lies."""
    name, code = np.unique(graph.group.astype(str), return_inverse=True)
    both = graph.account_code * len(name) + code
    by_group = asked[np.argsort(both[asked], kind="stable")]
    start, size = _runs(both[by_group], both[wanted])
    all_start, all_size = _runs(graph.account_code[asked], graph.account_code[wanted])
    matched = (size >= FEWEST_DONORS) & (graph.group[wanted] != "")
    donors = np.concatenate([by_group, asked])
    return donors, np.where(matched, start, len(by_group) + all_start), np.where(matched, size, all_size)


def _runs(ordered: NDArray[Any], wanted: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    start = np.searchsorted(ordered, wanted, side="left")
    return start, np.searchsorted(ordered, wanted, side="right") - start


def _streams(
    graph: InfluenceGraph, account: NDArray[np.int64], rng: np.random.Generator
) -> list[tuple[np.random.Generator, int]]:
    """A generator an account, told apart by its id: the same whichever other accounts are looked at."""
    codes, counts = np.unique(account, return_counts=True)
    if not len(codes):
        return []
    seed = int(rng.spawn(1)[0].integers(2**63))
    names = [graph.account_ids[code] for code in codes]
    return [
        (np.random.default_rng([seed, crc32(name.encode())]), int(count))
        for name, count in zip(names, counts, strict=True)
    ]
