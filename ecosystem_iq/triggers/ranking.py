"""Trigger points: whom to engage next in each account, and why.

``score = reach x movability x timing x actionability``. Reach is what somebody moves beyond those who are committed
already, and beyond what the triggers before it are likely to move, when each of these is won over with a chance of
movability x timing x actionability. In each account the next trigger is the one with the highest score, so that scores
add up to what the list as a whole is likely to move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.network import InfluenceGraph, Measures
from ecosystem_iq.network.measures import rank_within
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.triggers.arguments import at_least, nodes_of
from ecosystem_iq.triggers.candidates import trigger_candidates
from ecosystem_iq.triggers.cascades import Array, Seeds, gain_samples, moved_after
from ecosystem_iq.triggers.comparison import Judge, compare_choices
from ecosystem_iq.triggers.factors import factors
from ecosystem_iq.triggers.facts import KEY, completed, node_facts
from ecosystem_iq.triggers.greedy import Field, State, check_size, greedy
from ecosystem_iq.triggers.live_edges import (
    Bits,
    LiveEdges,
    Nodes,
    channels_of,
    check_model,
    draw_live_by_account,
    draw_won,
)
from ecosystem_iq.triggers.reasons import reasons

FEWEST = 4
"""Stakeholders below which an account is too small to rank."""

_SURE = 2.0
"""Standard errors by which a reach must differ from nothing to be listed."""

COLUMNS = [
    *("account_id", "stakeholder_id", "rank", "reach", "reach_se", "reach_share"),
    *("movability", "timing", "actionability", "score", "type", "reason"),
    *("event", "window_start", "window_end"),
    *("decision_role", "stance", "adaptability", "contact_depth", "owner"),
]


@dataclass(frozen=True, eq=False)
class Triggers:
    """Whom to engage next, account by account. For human review: nothing here is decided automatically.

    Attributes
    ----------
    table : DataFrame
        ``account_id``, ``stakeholder_id``, ``rank``, ``reach`` with its standard error ``reach_se`` (stakeholders, the
        trigger included, weighted by value with mean 1 in the account) and ``reach_share`` of the account's value,
        ``movability``, ``timing``, ``actionability``, ``score`` (their product), ``type`` (decision, timing, job,
        diffusion), ``reason`` in words, ``event`` with ``window_start`` and ``window_end``, then what is known of the
        seat (blank: unknown).
    refused : DataFrame
        ``account_id``, ``stakeholder_id``, ``reason``: who may never be chosen.
    comparison : DataFrame
        ``account_id``, ``method``, ``reach`` and ``likely_reach`` with standard errors: the same number of triggers by
        this and by simpler rules, when everybody is won over, and when each is with the chance its factors give.
    skipped : DataFrame
        ``account_id``, ``reason``: accounts without a list.
    """

    table: pd.DataFrame
    refused: pd.DataFrame
    comparison: pd.DataFrame
    skipped: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"Triggers({len(self.table):,} in {self.table['account_id'].nunique():,} accounts)"


def rank_triggers(  # noqa: PLR0913 - one keyword a choice
    eco: Ecosystem,
    graph: InfluenceGraph,
    measures: Measures,
    opportunities: pd.DataFrame | None = None,
    *,
    k: int = 10,
    covered: Iterable[str] | None = None,
    model: str = "ic",
    simulations: int = 1_000,
    rng: int | np.random.Generator = 0,
) -> Triggers:
    """Rank whom to engage next in every account.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Of this ecosystem.
    measures : Measures
        Of this graph, with ``influence``.
    opportunities : DataFrame, optional
        One row a job and account: ``account_id``, ``group``, ``quartile`` (lower quartile of opportunity, 0-20).
    k : int
        Triggers in each account, at least 1.
    covered : iterable of str, optional
        Stakeholders who are committed already, in all their accounts; default: the advocates of each account. Neither
        they nor whomever they move counts.
    model : {"ic", "lt"}
        Independent cascade or linear threshold.
    simulations : int
        Live-edge samples on which to choose, at least 2; as many fresh ones give the reach.
    rng : int or numpy.random.Generator
        Each account has its own stream: its numbers do not depend on which other accounts there are.

    Returns
    -------
    Triggers

    Raises
    ------
    InputError
        When an argument is not valid, or an account is too large.

    Examples
    --------
    >>> from ecosystem_iq.network import measure
    >>> graph = InfluenceGraph.from_edges(["a", "a", "b"], ["c", "d", "c"], 1.0)
    >>> ranked = rank_triggers(Ecosystem({}, None), graph, measure(graph), k=1).table
    >>> ranked[["stakeholder_id", "reach", "reason"]].values.tolist()
    [['a', 3.0, 'moves 2.0 others; stance unknown; contact unknown']]
    """
    k, simulations = at_least(k, 1, "k"), at_least(simulations, 2, "simulations")
    check_model(model)
    eco = completed(eco)
    candidates, facts = trigger_candidates(eco, graph), node_facts(eco, graph)
    facts = facts.join(factors(eco, facts, opportunities)).assign(weight=_weights(graph, candidates["value"]))
    facts["chance"] = facts["movability"] * facts["timing"] * facts["actionability"]
    committed = _committed(graph, facts, covered)
    standing = _standing(graph, candidates["eligible"].to_numpy(), committed)
    check_size(channels_of(graph), standing, simulations)
    streams = np.random.default_rng(rng).spawn(5)
    choosing, fresh = (_drawn(graph, facts, (simulations, model), pair) for pair in (streams[:2], streams[2:4]))
    (live, won), weight = fresh, facts["weight"].to_numpy()
    judge = Judge(live, weight, moved_after(live, committed, live.nobody), standing, won)
    rounds = _chosen(graph, facts, choosing, (standing, committed), k)
    table = _table(facts, _reach(judge, rounds), graph)
    chosen = np.sort(table["node"].to_numpy())
    comparison = compare_choices(graph, measures, judge, chosen, streams[4])
    refused = candidates.loc[~candidates["eligible"], [*KEY, "reason"]].reset_index(drop=True)
    return Triggers(table[COLUMNS], refused, comparison, _skipped(graph, chosen))


def _weights(graph: InfluenceGraph, value: pd.Series) -> Array:
    """Value of each node relative to the mean of its account; 1 where nobody has any."""
    values = value.to_numpy(dtype=np.float64)
    mean = np.bincount(graph.account_code, weights=values, minlength=len(graph.sizes)) / np.maximum(graph.sizes, 1)
    mean = mean[graph.account_code]
    return np.asarray(np.divide(values, mean, out=np.ones(len(graph)), where=mean > 0))


def _committed(graph: InfluenceGraph, facts: pd.DataFrame, covered: Iterable[str] | None) -> Nodes:
    if covered is None:
        return np.flatnonzero((facts["stance"] == "advocate").to_numpy())
    return nodes_of(graph, covered, "covered")


def _standing(graph: InfluenceGraph, eligible: NDArray[np.bool_], committed: Nodes) -> Nodes:
    """Nodes which may be chosen."""
    large = (graph.sizes >= FEWEST)[graph.account_code]
    return np.setdiff1d(np.flatnonzero(eligible & large), committed)


def _drawn(
    graph: InfluenceGraph, facts: pd.DataFrame, how: tuple[int, str], streams: list[np.random.Generator]
) -> tuple[LiveEdges, Bits]:
    """Live-edge samples, and who would be won over on each."""
    live = draw_live_by_account(graph, *how, streams[0])
    return live, draw_won(graph, facts["chance"].to_numpy(), how[0], streams[1])


def _chosen(
    graph: InfluenceGraph, facts: pd.DataFrame, drawn: tuple[LiveEdges, Bits], who: tuple[Nodes, Nodes], k: int
) -> list[Nodes]:
    """Nodes chosen in each round, one an account."""
    (live, won), (standing, committed) = drawn, who
    chance = facts["chance"].to_numpy()[standing]
    field = Field(standing, np.arange(len(standing)), graph.account_code[standing], chance)
    state = State(moved_after(live, committed, live.nobody), won)
    return [standing[places] for places in greedy(live, facts["weight"].to_numpy(), field, k, state)]


def _reach(judge: Judge, rounds: list[Nodes]) -> pd.DataFrame:
    """What each chosen node adds to those before it, on samples which did not choose it."""
    live, moved, parts = judge.live, judge.moved, []
    for nodes in rounds:
        samples = gain_samples(live, judge.value, Seeds.each(nodes), moved)
        itself = np.bitwise_count(live.everywhere & ~moved[nodes]).sum(axis=1) / live.simulations * judge.value[nodes]
        reach, error = samples.mean(axis=1), samples.std(axis=1, ddof=1) / np.sqrt(live.simulations)
        parts.append(pd.DataFrame({"node": nodes, "reach": reach, "reach_se": error, "others": reach - itself}))
        moved = moved_after(live, nodes, moved, judge.won)
    return pd.concat(parts) if parts else pd.DataFrame(columns=["node", "reach", "reach_se", "others"], dtype=float)


def _table(facts: pd.DataFrame, reach: pd.DataFrame, graph: InfluenceGraph) -> pd.DataFrame:
    """The rows of the result, by account and rank."""
    reach = reach[reach["reach"] > _SURE * reach["reach_se"]].astype({"node": "int64"})
    table = reach.merge(facts, left_on="node", right_index=True).reset_index(drop=True)
    code = graph.account_code[table["node"].to_numpy()]
    table["reach_share"] = table["reach"] / np.bincount(graph.account_code, facts["weight"])[code]
    table["score"] = table["reach"] * table["chance"]
    table["rank"] = rank_within(table["score"].to_numpy(), code)
    table["weighted"] = (facts.groupby("account_id")["weight"].transform("nunique") > 1)[table["node"]].to_numpy()
    table["reason"] = reasons(table)
    return table.iloc[np.lexsort((table["node"], table["rank"], code))].reset_index(drop=True)


def _skipped(graph: InfluenceGraph, chosen: Nodes) -> pd.DataFrame:
    """Accounts without triggers, and why."""
    without = np.setdiff1d(np.arange(len(graph.account_ids)), graph.account_code[chosen])
    why = [
        f"too small: {graph.sizes[code]} of at least {FEWEST} stakeholders"
        if graph.sizes[code] < FEWEST
        else "nobody who may be engaged would move anybody new"
        for code in without
    ]
    names = [graph.account_ids[code] for code in without]
    return pd.DataFrame({"account_id": names, "reason": why}, dtype="str")
