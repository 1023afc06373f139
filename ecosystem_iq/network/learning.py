"""What to learn next: which doubtful tie to check, and whom to ask whom they listen to.

Knowledge is worth what it changes. The decision is the set of the ten first of an account, and it is worth their
expected influence. For a tie which exists with probability c,

    value of knowing = c * V(it exists) + (1 - c) * V(it does not) - V(now),      V = max over sets of ten,

the *expected value of partial perfect information*; it is 0 where the same ten are chosen either way. Nothing is
simulated for it: V with and without a tie are means over those drawn networks which have it and which have it not. Two
things keep the noise of a few hundred draws out of the answer. From each draw is taken what, to first order, all ties
and all missing arcs together explain of it (a control variate; the tie's own part is put back exactly), and sets are
chosen on one part of the draws and valued on another, so that chance is not mistaken for knowledge.

To ask an unasked stakeholder tells all their incoming arcs at once. Its value follows from the same draws, each of
which holds one set of arcs they may have; what each would change is taken to first order.

References
----------
Strong, M., Oakley, J. E. & Brennan, A. (2014). Estimating multiparameter partial expected value of perfect information
from a probabilistic sensitivity analysis sample. *Medical Decision Making* 34, 311-326. doi:10.1177/0272989X13505910
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.missing import AUTO, Unasked
from ecosystem_iq.network.response import Array, Choice, Draws, TieEffects, person_effects, tie_effects

COLUMNS = (
    "account_id", "rank", "kind", "source", "target", "confidence",
    "value", "value_se", "within_noise", "rank_change",
)  # fmt: skip
TIE, UNASKED = "tie", "unasked"
LARGEST = 200_000
"""Arcs above which the question is asked account by account."""

_FOLDS = 4
_SHRINK = 10.0
"""Draws' worth of "it changes nothing beyond first order", where sets are chosen."""
_SURE = 3.0
_CHUNK = 4_000


@dataclass(frozen=True, eq=False)
class Learning:
    """What to learn next.

    Attributes
    ----------
    table : DataFrame
        Of each account the most valuable first, those beyond noise before all others: ``account_id``, ``rank``,
        ``kind`` ("tie": does it exist? "unasked": whom does this stakeholder listen to?), ``source`` (who may move,
        blank for the unasked), ``target`` (who may be moved), ``confidence`` (now; NaN for the unasked), ``value`` (the
        influence, as a share of the account's, which the ten first have more once it is known; never below 0),
        ``value_se`` (its standard error), ``within_noise`` (value below three standard errors, many being compared, or
        0), ``rank_change`` (mean change of rank of the twenty first between two answers; to first order).
    """

    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        sure = int((~self.table["within_noise"]).sum())
        return f"Learning({len(self.table):,} rows, {sure:,} beyond noise)"


def what_to_learn(  # noqa: PLR0913 - choices, all but the graph with a default
    graph: InfluenceGraph,
    *,
    draws: int = 200,
    top: int = 10,
    first: int = 10,
    account: str | None = None,
    unasked: Unasked = AUTO,
    rng: int | np.random.Generator = 0,
) -> Learning:
    """Doubtful ties and unasked stakeholders by how much knowing them would improve the choice of the ten first.

    Parameters
    ----------
    graph : InfluenceGraph
    draws : int
        At least 20.
    top : int
        Rows shown an account.
    first : int
        Stakeholders chosen an account; half of an account of fewer than twice as many.
    account : str, optional
        Only this one; default all.
    unasked : ndarray of bool, "auto" or None
        As in :func:`~ecosystem_iq.network.uncertainty.draw_influence`.
    rng : int or numpy.random.Generator

    Returns
    -------
    Learning
        Empty where every tie is certain and everybody was asked.

    Raises
    ------
    InputError
        When the account does not exist, there are fewer than 20 draws, or the graph has more than 200,000 arcs.

    Examples
    --------
    >>> from dataclasses import replace
    >>> graph = InfluenceGraph.from_edges(["a", "b", "b", "c"], ["d", "d", "e", "f"], [0.9, 0.2, 0.4, 0.5])
    >>> doubtful = replace(graph, confidence=np.array([0.5, 1.0, 1.0, 1.0]))
    >>> what_to_learn(doubtful, first=1).table[["source", "target", "within_noise"]].values.tolist()
    [['a', 'd', False]]
    """
    from threadpoolctl import threadpool_limits

    _check(graph, draws, account)
    with threadpool_limits(limits=1):  # many small products: threads would only wait for each other
        drawn = Draws.of(graph, draws, np.random.default_rng(rng), unasked)
        choice = Choice.of(graph, drawn, first)
        effects = tie_effects(graph, choice)
        wanted = range(len(graph.account_ids)) if account is None else [graph.account_ids.index(account)]
        parts = [_of_account(graph, drawn, choice, effects, code) for code in wanted if choice.places[code]]
    return Learning(_ranked(pd.concat(parts) if parts else _nothing().reindex(columns=list(COLUMNS)), top))


def _check(graph: InfluenceGraph, draws: int, account: str | None) -> None:
    fewest = _FOLDS * 5
    if account is not None and account not in graph.account_ids:
        raise InputError(f'There is no account "{account}". {did_you_mean(account, graph.account_ids)}'.strip())
    if draws < fewest:
        raise InputError(f"What to learn next needs at least {fewest} draws; found {draws}.")
    if graph.matrix.nnz > LARGEST:
        raise InputError(
            f"What to learn next takes at most {LARGEST:,} arcs; found {graph.matrix.nnz:,}. "
            "Make the graph of fewer accounts at a time."
        )


def _ranked(table: pd.DataFrame, top: int) -> pd.DataFrame:
    table = table.assign(
        value=table["value"].clip(lower=0.0),
        within_noise=(table["value"] <= _SURE * table["value_se"]) | (table["value"] <= 0),
    )
    order = ["account_id", "within_noise", "value", "rank_change"]
    table = table.sort_values(order, ascending=[True, True, False, False], kind="stable", ignore_index=True)
    table["rank"] = table.groupby("account_id", sort=False).cumcount() + 1
    return table.loc[table["rank"] <= top, list(COLUMNS)].reset_index(drop=True)


def _of_account(graph: InfluenceGraph, drawn: Draws, choice: Choice, ties: TieEffects, code: int) -> pd.DataFrame:
    """All that can be learned in one account, valued."""
    nodes = choice.nodes[code][choice.nodes[code] >= 0]
    width, places = len(nodes), int(choice.places[code])
    of = np.flatnonzero(ties.account == code)
    effect, chance = ties.effect[of][:, :width], ties.confidence[of]
    exists = drawn.exists[:, ties.column[of]]
    persons, shifts, all_shifts = person_effects(graph, drawn, choice, code, width)
    explained = (exists - chance) @ effect + all_shifts - all_shifts.mean(axis=0)
    rest = drawn.influence[nodes].T - explained
    found = _tie_table(exists, chance, rest, effect, places)
    tie = found.assign(
        kind=TIE, source=graph.ids[ties.source[of]], target=graph.ids[ties.target[of]], confidence=chance
    )
    found = _person_table(choice.share[nodes], shifts, places)
    person = found.assign(kind=UNASKED, source=None, target=graph.ids[persons], confidence=np.nan)
    parts = [part for part in (tie, person) if len(part)] or [tie]
    return pd.concat(parts).assign(account_id=graph.account_ids[code])


def _tie_table(exists: NDArray[np.bool_], chance: Array, rest: Array, effect: Array, places: int) -> pd.DataFrame:
    parts = []
    now = rest.mean(axis=0)
    for start in range(0, len(chance), _CHUNK):
        some = slice(start, start + _CHUNK)
        value, error = tie_values(exists[:, some], chance[some], rest, effect[some], places)
        with_it = now + (1.0 - chance[some])[:, None] * effect[some]
        change = _rank_change(with_it, with_it - effect[some], 2 * places)
        parts.append(pd.DataFrame({"value": value, "value_se": error, "rank_change": change}))
    return pd.concat(parts, ignore_index=True) if parts else _nothing()


def tie_values(
    exists: NDArray[np.bool_], chance: Array, rest: Array, effect: Array, places: int
) -> tuple[Array, Array]:
    """Value of knowing whether each tie exists, and its standard error (kernel).

    Parameters
    ----------
    exists : ndarray of bool, shape (draws, ties)
    chance : ndarray, shape (ties,)
        Probability that each exists.
    rest : ndarray, shape (draws, candidates)
        Influence, less the first-order part of every tie.
    effect : ndarray, shape (ties, candidates)
        First-order change of influence when a tie exists against when not.
    places : int
        How many candidates are chosen.

    Returns
    -------
    tuple of ndarray, each of shape (ties,)
        The expected gain of the choice made with knowledge over the one made without. Its expectation is never above
        the value of perfect information, and it may be negative by chance.
    """
    fold = np.arange(len(exists)) % _FOLDS
    gain = np.zeros(exists.shape)
    for held_out in range(_FOLDS):
        test = fold == held_out
        present, seen = exists[~test].astype(np.float64), rest[~test]
        total = present.T @ seen
        usual = _chosen(seen.mean(axis=0), places)
        for there, weight, sums, count in (
            (True, 1.0 - chance, total, present.sum(axis=0)),
            (False, -chance, seen.sum(axis=0) - total, len(present) - present.sum(axis=0)),
        ):
            own = weight[:, None] * effect
            mean = (sums + _SHRINK * seen.mean(axis=0)) / (count + _SHRINK)[:, None]
            change = _chosen(mean + own, places) - usual
            valued = rest[test] @ change.T + (change * own).sum(axis=1)
            gain[test] += np.where(exists[test] == there, valued, 0.0)
    return _weighted(gain, exists, chance)


def _weighted(gain: Array, exists: NDArray[np.bool_], chance: Array) -> tuple[Array, Array]:
    """Mean gain with each tie and without, weighted by its chance, not by how often it came up; and its error."""
    value, variance = np.zeros(len(chance)), np.zeros(len(chance))
    for here, weight in ((exists, chance), (~exists, 1.0 - chance)):
        count = here.sum(axis=0)
        mean = np.where(here, gain, 0.0).sum(axis=0) / np.maximum(count, 1)
        spread = np.where(here, (gain - mean) ** 2, 0.0).sum(axis=0) / np.maximum(count - 1, 1)
        value += weight * mean
        variance += weight**2 * spread / np.maximum(count, 1)
    return value, np.sqrt(variance)


def _person_table(share: Array, shifts: Array, places: int) -> pd.DataFrame:
    """Value of asking each unasked stakeholder; ``shifts`` has shape (persons, draws, candidates)."""
    if not len(shifts):
        return _nothing()
    known = share + shifts - shifts.mean(axis=1, keepdims=True)
    change = _chosen(known, places) - _chosen(share, places)
    gain = (change * known).sum(axis=2)
    moved = _rank_change(known, np.roll(known, 1, axis=1), 2 * places).mean(axis=1)
    error = gain.std(axis=1, ddof=1) / np.sqrt(gain.shape[1])
    return pd.DataFrame({"value": gain.mean(axis=1), "value_se": error, "rank_change": moved})


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: np.zeros(0) for name in ("value", "value_se", "rank_change")})


def _chosen(values: Array, places: int) -> Array:
    """1 for the ``places`` largest along the last axis, 0 for all others."""
    chosen = np.zeros_like(values)
    np.put_along_axis(chosen, np.argpartition(-values, places - 1, axis=-1)[..., :places], 1.0, axis=-1)
    return chosen


def _rank_change(one: Array, other: Array, places: int) -> Array:
    """Mean change of rank of the first on the last axis, between two sets of values."""
    ranks = [np.argsort(np.argsort(-values, axis=-1, kind="stable"), axis=-1) for values in (one, other)]
    return np.asarray(np.abs(ranks[0] - ranks[1])[..., :places].mean(axis=-1))
