"""What is usable but worth a look: one problem a finding, with its count and the first names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ecosystem_iq.errors import Level, Problem
from ecosystem_iq.tables.rules import relation

STALE_MONTHS = 18
_NAMED = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Observation:
    """A query which selects ``row`` and ``name`` of what is found, where some tables are there and others are not."""

    code: str
    level: Level
    table: str
    column: str
    needs: tuple[str, ...]
    sql: str
    message: str
    hint: str
    without: tuple[str, ...] = ()


_TIES, _PEOPLE, _MEMBERS = relation("ties"), relation("stakeholders"), relation("memberships")
_ACCOUNTS = relation("accounts")
_SEEN = "({0}.holder IS NOT DISTINCT FROM t.holder OR {0}.shared AND {0}.holder IS NULL)"
"""Whether a membership, or the end of a tie, counts on the map of the tie ``t``."""


def _in_no_account(*, memberships: bool) -> str:
    """SQL for the ties whose two ends no account has both, on the map of one holder at any time.

    Members of an account are those with a membership, of the same holder or of the reference map, and the ends of ties
    which name it.
    """
    belonging = f"SELECT holder, account_id, stakeholder_id, true FROM {_MEMBERS} UNION "
    belong = (belonging if memberships else "") + " UNION ".join(
        f"SELECT holder, account_id, {end}, false FROM {_TIES} WHERE account_id IS NOT NULL"
        for end in ("source", "target")
    )
    return (
        f"WITH belong(holder, account_id, id, shared) AS ({belong}), joined AS (SELECT t.row FROM {_TIES} t "
        f"JOIN belong a ON a.id = t.source AND {_SEEN.format('a')} "
        f"JOIN belong b ON b.id = t.target AND b.account_id = a.account_id AND {_SEEN.format('b')} "
        "WHERE t.account_id IS NULL) "
        f"SELECT row, source || ' → ' || target || ' (row ' || row || ')' AS name FROM {_TIES} "
        "ANTI JOIN joined USING (row) WHERE account_id IS NULL AND source IS NOT NULL AND target IS NOT NULL "
        f"AND (SELECT count(*) FROM {_ACCOUNTS}) > 0"
    )


_NO_ACCOUNT = "{n} ties are on no map, because no account has both ends: {names}."
_TO_AN_ACCOUNT = "Fill account_id, or add the missing memberships."

_OBSERVATIONS = (
    _Observation(
        "isolate", "warning", "stakeholders", "stakeholder_id", ("stakeholders", "ties"),
        f"SELECT row, stakeholder_id AS name FROM {_PEOPLE} WHERE stakeholder_id NOT IN "
        f"(SELECT source FROM {_TIES} WHERE source IS NOT NULL UNION "
        f"SELECT target FROM {_TIES} WHERE target IS NOT NULL)",
        "{n} stakeholders have no tie: {names}.", "They can have no influence here; add their ties if there are any.",
    ),
    _Observation(
        "same_name", "warning", "stakeholders", "name", ("stakeholders",),
        f"SELECT row, name FROM (SELECT row, name, count(*) OVER (PARTITION BY lower(name), coalesce(org_id, '')) AS n "
        f"FROM {_PEOPLE} WHERE name IS NOT NULL AND kind = 'person') WHERE n > 1",
        "{n} people share name and organisation with another row: {names}.",
        "Two rows for one person split that person's ties.",
    ),
    _Observation(
        "stale", "warning", "ties", "last_confirmed", ("ties",),
        f"SELECT row, source || ' → ' || target AS name FROM {_TIES} WHERE last_confirmed < "
        f"(SELECT max(last_confirmed) FROM {_TIES}) - INTERVAL {STALE_MONTHS} MONTH",
        f"{{n}} ties were last confirmed more than {STALE_MONTHS} months before the newest: {{names}}.",
        "They count less with age; confirm or close them.",
    ),
    _Observation(
        "only_friends", "warning", "memberships", "stance", ("memberships",),
        f"SELECT min(row) AS row, account_id AS name FROM {_MEMBERS} WHERE holder IS NULL GROUP BY account_id "
        "HAVING count(stance) >= 5 AND count(*) FILTER (stance IN ('neutral', 'non_supporter', 'opponent')) = 0",
        "{n} accounts have no neutral or opposed stakeholder: {names}.", "That is rare; were only friends asked?",
    ),
    _Observation(
        "mixed_currency", "warning", "accounts", "currency", ("accounts",),
        f"SELECT min(row) AS row, currency AS name FROM {_ACCOUNTS} WHERE currency IS NOT NULL AND "
        f"(SELECT count(DISTINCT currency) FROM {_ACCOUNTS}) > 1 GROUP BY currency",
        "{n} currencies are used: {names}.", "Amounts in different currencies are never added up.",
    ),
    _Observation(
        "blank_strength", "info", "ties", "strength", ("ties",),
        f"SELECT row, source || ' → ' || target AS name FROM {_TIES} WHERE strength IS NULL",
        "{n} ties have no strength; .5 is used.", "",
    ),
    _Observation(
        "blank_confidence", "info", "ties", "confidence", ("ties",),
        f"SELECT row, source || ' → ' || target AS name FROM {_TIES} WHERE confidence IS NULL",
        "{n} ties have no confidence; .5 is used.", "",
    ),
    _Observation(
        "tie_in_no_account", "warning", "ties", "account_id", ("ties", "accounts", "memberships"),
        _in_no_account(memberships=True), _NO_ACCOUNT, _TO_AN_ACCOUNT,
    ),
    _Observation(
        "tie_in_no_account", "warning", "ties", "account_id", ("ties", "accounts"),
        _in_no_account(memberships=False), _NO_ACCOUNT, _TO_AN_ACCOUNT, without=("memberships",),
    ),
)  # fmt: skip


def observe(connection: duckdb.DuckDBPyConnection, present: set[str]) -> Iterator[Problem]:
    """The observations which can be made on the tables that are there."""
    for item in _OBSERVATIONS:
        if not present.issuperset(item.needs) or present.intersection(item.without):
            continue
        count, first = connection.execute(f"SELECT count(*), min(row) FROM ({item.sql})").fetchone() or (0, None)
        if count:
            query = (
                f"SELECT left(name, {_LONGEST}) FROM ({item.sql}) WHERE name IS NOT NULL GROUP BY name "
                f"ORDER BY min(row) LIMIT {_NAMED}"
            )
            names = ", ".join(str(row[0]) for row in connection.execute(query).fetchall())
            more = ", …" if count > _NAMED else ""
            message = item.message.replace("{n}", f"{count:,}").replace("{names}", names + more)
            file = f"{item.table}.csv"
            yield Problem(item.level, item.code, file, first, item.column, None, message, item.hint)
