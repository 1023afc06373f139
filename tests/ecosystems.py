"""Small ecosystems made in memory: the tables which ``load`` would give, without files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.assessment import MEASURED, Assessment
from ecosystem_iq.benchmark import compute_indicators, load_framework, score
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.engagement import contact_shares, key_stakeholders
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.tables.settings import Settings
from ecosystem_iq.tables.validation import empty

TODAY = dt.date(2026, 6, 30)
Row = Mapping[str, Any]


def ecosystem(*, as_of: dt.date | None = TODAY, settings: Mapping[str, Any] | None = None, **tables: Any) -> Ecosystem:
    """An ecosystem from rows (or a DataFrame) a table; columns which are not given are blank."""
    given = {name: typed(schema.table(name), tables.pop(name)) for name in list(tables) if name in _blank()}
    if tables:
        raise TypeError(f"no such tables: {sorted(tables)}")
    return Ecosystem(_blank() | given, as_of, Settings(as_of=as_of, **(settings or {})))


@cache
def _blank() -> dict[str, pd.DataFrame]:
    return {table.name: empty(table) for table in schema.TABLES}


def typed(table: schema.Table, rows: Iterable[Row] | pd.DataFrame) -> pd.DataFrame:
    """Rows with all declared columns, typed as a loaded table is; other columns stay as text attributes."""
    given = pd.DataFrame(rows)
    names = [*table.names, *(name for name in given.columns if name not in table.names)]
    frame = given.reindex(columns=names)
    declared = {column.name: column.type for column in table.columns}
    frame = pd.DataFrame({name: _column(frame[name], declared.get(name, "text")) for name in names})
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2, name="row"))


def _column(values: pd.Series, kind: str) -> pd.Series:
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    if kind == "flag":
        return values.map({"yes": True, "no": False}).astype("boolean")
    if kind in ("number", "integer"):
        return values.astype("float64")
    return values.map(lambda cell: cell if cell is None or pd.isna(cell) else str(cell)).astype("str")


def people(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Stakeholders whose name is their id in upper case."""
    return [{"stakeholder_id": name, "name": name.upper(), "kind": "person", **more} for name in names]


def ties(*pairs: str, **more: Any) -> list[dict[str, Any]]:
    """Ties from ``"ab"``: a moves b, surely, unless ``more`` says otherwise."""
    sure = {"strength": 1.0, "confidence": 1.0, "last_confirmed": TODAY, "kind": "influences"}
    return [{**sure, "source": pair[0], "target": pair[1], **more} for pair in pairs]


def accounts(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Accounts whose name is their id."""
    return [{"account_id": name, "name": f"Account {name}", **more} for name in names]


def members(account: str, *names: str, **more: Any) -> list[dict[str, Any]]:
    """Memberships of one account."""
    return [{"account_id": account, "stakeholder_id": name, **more} for name in names]


def companies(*names: str) -> list[dict[str, Any]]:
    """Companies whose name is their id in upper case."""
    return [{"company_id": name, "name": name.upper()} for name in names]


def mapped(eco: Ecosystem) -> Assessment:
    """The map of an ecosystem, and nothing else of what ``assess`` makes."""
    graph = influence_graph(eco)
    return Assessment(eco, graph, measure(graph, MEASURED), None, None)


def mapped_and_scored(eco: Ecosystem, draws: int = 50) -> Assessment:
    """The map of an ecosystem and its benchmark, and nothing else of what ``assess`` makes."""
    found, framework = mapped(eco), load_framework()
    facts = {"contact_shares": contact_shares(eco, key_stakeholders(eco, found.measures))}
    values = compute_indicators(eco, framework, facts=facts)
    return Assessment(eco, found.graph, found.measures, score(values, framework, draws=draws), values)


def shuffled(eco: Ecosystem, seed: int, tables: Sequence[str] | None = None) -> Ecosystem:
    """The same ecosystem with the rows of its tables in another order."""
    rng = np.random.default_rng(seed)
    mixed = {
        name: frame.iloc[rng.permutation(len(frame))] if tables is None or name in tables else frame
        for name, frame in eco.tables.items()
    }
    return Ecosystem(mixed, eco.as_of, eco.settings)
