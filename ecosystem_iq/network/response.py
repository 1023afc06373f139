"""How the influence of the first few answers to any one tie, and to the arcs of any one unasked stakeholder.

With ``x`` the visits of the walk and ``S`` its steps, ``x = S x + even``; a change of one column j of ``S`` by ``z``
changes ``x`` by ``(I - S)^-1 z x_j``, to first order. Only those rows of the inverse are needed which belong to the
candidates for a place among the first; they are walked backwards on the mean of the drawn networks, for all accounts at
once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.influence import steps_to_settle
from ecosystem_iq.network.missing import Imputed, Unasked
from ecosystem_iq.network.uncertainty import certain_probability, drawn_networks, used_ties

WIDTH = 4
"""Candidates for a place among the first, as a multiple of the places."""
FEWEST = 40
"""Candidates at least: a single tie may lift somebody from far below."""
PERSONS = 50
"""Unasked stakeholders valued in each account, the most influential."""
_TOLERANCE = 1e-6

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Draws:
    """Drawn networks, kept as far as they are needed.

    ``influence`` (nodes, draws), ``exists`` (draws, used ties), ``probability`` the mean of each arc, ``into`` the mean
    probability which goes into each node by imputed arcs, and the imputed arcs.
    """

    influence: Array
    exists: NDArray[np.bool_]
    probability: Array
    imputed: Imputed
    into: Array

    @classmethod
    def of(cls, graph: InfluenceGraph, draws: int, rng: np.random.Generator, unasked: Unasked) -> Draws:
        """Draws of a graph."""
        influence, exists, imputed, start = [], [], [], 0
        probability = np.zeros(graph.matrix.nnz)
        for part in drawn_networks(graph, draws, rng, unasked=unasked):
            influence.append(part.influence)
            exists.append(part.exists)
            probability += part.probability.sum(axis=0) / draws
            arcs = part.imputed
            imputed.append(Imputed(arcs.draw + start, arcs.source, arcs.target, arcs.probability))
            start += len(part.exists)
        names = ("draw", "source", "target", "probability")
        joined = Imputed(*(np.concatenate([getattr(part, name) for part in imputed]) for name in names))
        into = np.bincount(joined.target, weights=joined.probability, minlength=len(graph)) / draws
        return cls(np.hstack(influence), np.vstack(exists), probability, joined, into)


@dataclass(frozen=True, eq=False)
class Choice:
    """Who may be among the first of each account, and how their influence answers to any arc, to first order.

    Attributes
    ----------
    places : ndarray of int, shape (accounts,)
        How many are chosen.
    nodes : ndarray of int, shape (accounts, candidates)
        Candidates: twice as many as are chosen by influence, in its order, then who may rise highest by a doubtful tie;
        -1 where there are no more.
    share : ndarray, shape (nodes,)
        Mean influence over the draws.
    answer : ndarray, shape (nodes, candidates)
        Change of each candidate's share when one more visit comes to this node.
    inflow : ndarray, shape (nodes, candidates)
        The sum of ``answer`` over whoever moves this node, by probability.
    into : ndarray, shape (nodes,)
        Mean probability which goes into each node.
    """

    places: NDArray[np.int64]
    nodes: NDArray[np.int64]
    share: Array
    answer: Array
    inflow: Array
    into: Array

    @classmethod
    def of(cls, graph: InfluenceGraph, drawn: Draws, first: int) -> Choice:
        """Candidates for the ``first`` places of each account."""
        share = drawn.influence.mean(axis=1)
        known = np.bincount(graph.matrix.indices, weights=drawn.probability, minlength=len(graph))
        into = known + drawn.into
        nodes = _candidates(graph, share, _best_case(graph, share, into), first)
        back = _Backward.of(graph, drawn, into)
        answer = back.answers(nodes, share)
        inflow = back.step(answer) * np.maximum(1.0, into)[:, None]
        return cls(np.minimum(first, graph.sizes // 2), nodes, share, answer, inflow, into)


def _best_case(graph: InfluenceGraph, share: Array, into: Array) -> Array:
    """Influence of each node once its best doubtful tie is known to exist, its direct gain only."""
    arc, tail, head = _ends(graph)
    chance = graph.confidence[graph.rows.indices]
    gain = graph.damping * _lift(graph, arc) * (1.0 - chance) / np.maximum(1.0, into[head]) * share[head]
    best = np.zeros(len(graph))
    np.maximum.at(best, tail, gain)
    return np.asarray(share + best)


def _candidates(graph: InfluenceGraph, share: Array, best_case: Array, first: int) -> NDArray[np.int64]:
    """Twice as many as are chosen by influence, in its order, then those who may rise highest."""
    likely = _largest(graph, share, 2 * first)
    merit = best_case.copy()
    merit[likely[likely >= 0]] = 2.0 + share[likely[likely >= 0]]  # above any share and any gain
    return _largest(graph, merit, max(WIDTH * first, FEWEST))


def _largest(graph: InfluenceGraph, values: Array, width: int) -> NDArray[np.int64]:
    """Nodes of the largest values of each account, shape (accounts, width); -1 where there are no more."""
    order = np.lexsort((np.arange(len(values)), -values, graph.account_code))
    code = graph.account_code[order]
    place = np.arange(len(order)) - (np.cumsum(graph.sizes) - graph.sizes)[code]
    nodes = np.full((len(graph.sizes), width), -1)
    kept = place < width
    nodes[code[kept], place[kept]] = order[kept]
    return nodes


def _ends(graph: InfluenceGraph) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each stored value of ``graph.rows``: its arc, who moves, who is moved."""
    arc = np.repeat(np.arange(graph.rows.shape[0]), np.diff(graph.rows.indptr))
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    return arc, tail[arc], graph.matrix.indices[arc].astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Backward:
    """One step along the arrows on the mean network, for many questions at once.

    Imputed arcs are nearly everywhere, so that their mean matrix is full; it is taken as the product of who gets them
    (``gets``, shape (nodes,)) and who is their source (``gives``, shape (accounts, nodes)), which preferential draws
    make it but for the exclusion of oneself.
    """

    known: csr_array
    gets: Array
    gives: csr_array
    account: NDArray[np.int64]
    damping: float

    @classmethod
    def of(cls, graph: InfluenceGraph, drawn: Draws, into: Array) -> _Backward:
        scaled = graph.damping / np.maximum(1.0, into)
        step = drawn.probability * scaled[graph.matrix.indices]
        known = csr_array((step, graph.matrix.indices, graph.matrix.indptr), shape=graph.matrix.shape)
        n, account = len(graph), graph.account_code
        given = np.bincount(drawn.imputed.source, weights=drawn.imputed.probability, minlength=n)
        total = np.bincount(account, weights=given, minlength=len(graph.account_ids))[account]
        weight = np.divide(given, total, out=np.zeros(n), where=total > 0)
        gives = csr_array((weight, (account, np.arange(n))), shape=(len(graph.account_ids), n))
        return cls(csr_array(known.T), drawn.into * scaled, gives, account, graph.damping)

    def step(self, values: Array) -> Array:
        """At each node the sum of ``values`` over whoever moves it, by the chance of the walk; (nodes, columns)."""
        return np.asarray(self.known @ values + self.gets[:, None] * (self.gives @ values)[self.account])

    def answers(self, nodes: NDArray[np.int64], share: Array) -> Array:
        """How much more of the account each candidate has, once there is one more visit to a node."""
        n, width = len(self.account), nodes.shape[1]
        asked = np.zeros((n, width + 1))
        code, place = np.nonzero(nodes >= 0)
        asked[nodes[code, place], place] = 1.0
        asked[:, width] = 1.0  # all visits, by which shares are divided
        visits = asked
        for _ in range(steps_to_settle(self.damping, _TOLERANCE)):
            new = self.step(visits) + asked
            change = np.abs(new - visits).max(initial=0.0)
            visits = new
            if change <= _TOLERANCE:
                break
        own = np.where(nodes >= 0, np.append(share, 0.0)[nodes], 0.0)[self.account]
        return np.asarray(visits[:, :width] - own * visits[:, width:])


@dataclass(frozen=True, eq=False)
class TieEffects:
    """Every uncertain tie, once for each account it is in.

    ``column`` is its place in :func:`~ecosystem_iq.network.uncertainty.used_ties`; ``source`` and ``target`` are nodes
    (of its first arc, for a two-way tie); ``effect`` (ties, candidates) is the change of the candidates' shares when it
    exists against when it does not.
    """

    account: NDArray[np.int64]
    column: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    confidence: Array
    effect: Array


def tie_effects(graph: InfluenceGraph, choice: Choice) -> TieEffects:
    """To first order, and exact in that arcs into one node share what it passes on."""
    chance = graph.confidence[graph.rows.indices]
    doubtful = np.flatnonzero((chance > 0) & (chance < 1))
    arc, tail, head = _ends(graph)
    lift, chance = _lift(graph, arc)[doubtful], chance[doubtful]
    tail, head = tail[doubtful], head[doubtful]
    used, column = used_ties(graph)
    own = graph.damping * lift[:, None] * choice.answer[tail]
    sides = []
    for more in (1.0 - chance, -chance):
        divided = np.maximum(1.0, choice.into[head] + more * lift)[:, None]
        sides.append((choice.inflow[head] + more[:, None] * own) / divided)
    effect = choice.share[head][:, None] * (sides[0] - sides[1])
    key = graph.account_code[tail] * len(used) + column[doubtful]
    unit, begin, of = np.unique(key, return_index=True, return_inverse=True)
    gather = csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=(len(unit), len(of)))
    account, place = np.divmod(unit, max(len(used), 1))
    return TieEffects(account, place, tail[begin], head[begin], chance[begin], np.asarray(gather @ effect))


def _lift(graph: InfluenceGraph, arc: NDArray[np.int64]) -> Array:
    """How much more probable each row makes its arc when the tie exists: nothing against the prevailing sign."""
    prevails = np.sign(graph.rows.data) == graph.sign[arc]
    certain = np.where(prevails, certain_probability(graph), 0.0)
    log_miss = np.log1p(-np.minimum(certain * graph.confidence[graph.rows.indices], 1.0 - 1e-12))
    others = np.bincount(arc, weights=log_miss, minlength=graph.rows.shape[0])[arc] - log_miss
    return np.asarray(certain * np.exp(others))


def person_effects(
    graph: InfluenceGraph, drawn: Draws, choice: Choice, code: int, width: int
) -> tuple[NDArray[np.int64], Array, Array]:
    """What the imputed arcs of each unasked stakeholder do in each draw, and what they do together.

    Returns
    -------
    tuple
        The most influential unasked, shape (persons,); their effects, shape (persons, draws, candidates); those of all
        unasked together, shape (draws, candidates).
    """
    arcs, draws, n = drawn.imputed, drawn.influence.shape[1], len(graph)
    here = np.flatnonzero(graph.account_code[arcs.target] == code)
    draw, source, target, chance = arcs.draw[here], arcs.source[here], arcs.target[here], arcs.probability[here]
    unasked, of = np.unique(target, return_inverse=True)
    cell = of * draws + draw
    filled = np.bincount(cell, weights=chance, minlength=len(unasked) * draws)
    into = filled + np.repeat((choice.into - drawn.into)[unasked], draws)
    moved = graph.damping * chance / np.maximum(1.0, into)[cell] * choice.share[target]
    answer = choice.answer[:, :width]
    together = csr_array((moved, (draw, source)), shape=(draws, n)) @ answer
    kept = np.argsort(-choice.share[unasked], kind="stable")[:PERSONS]
    place = np.full(len(unasked), -1)
    place[kept] = np.arange(len(kept))
    shown = place[of] >= 0
    cells = (place[of][shown] * draws + draw[shown], source[shown])
    single = csr_array((moved[shown], cells), shape=(len(kept) * draws, n)) @ answer
    return unasked[kept], np.asarray(single).reshape(len(kept), draws, width), np.asarray(together)
