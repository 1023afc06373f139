"""Cycles where there must be a tree: who reports to whom, who owns whom, which account is part of which."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq import schema
from ecosystem_iq.tables.rules import Rule, quoted, relation

_NAMED = 4


def cycle_rules(
    connection: duckdb.DuckDBPyConnection, present: set[str]
) -> Iterator[tuple[Rule, list[tuple[int, str]]]]:
    """Each rule with the rows which lie on a cycle, and the cycle as text."""
    for table in schema.TABLES:
        if table.tree and table.name in present:
            child, parent = table.tree
            ends = f"{quoted(child)} AS child, {quoted(parent)} AS parent"
            query = f"SELECT row, {ends}, {_UNDATED} FROM {relation(table.name)}"
            yield _rule(table.name, parent), _rows_on_cycle(connection, query)
    if "ties" in present:
        for kind in ("reports_to", "owns"):
            ends = (
                f"source AS child, target AS parent, holder, coalesce(valid_from, {_EVER}) AS since, valid_to AS until"
            )
            query = f"SELECT row, {ends} FROM {relation('ties')} WHERE kind = '{kind}' AND source <> target"
            yield _rule("ties", "target", kind), _rows_on_cycle(connection, query)


_EVER = "DATE '0001-01-01'"
_UNDATED = f"NULL::VARCHAR AS holder, {_EVER} AS since, NULL::DATE AS until"


def _rule(table: str, column: str, kind: str = "") -> Rule:
    what = f"{kind} goes round in a circle" if kind else "goes round in a circle"
    hint = "One of these rows is wrong: delete it, or turn it round."
    return Rule("cycle", "error", table, column, "", f"{what}: {{value}}.", hint)


def _rows_on_cycle(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[int, str]]:
    """Rows which lie on a cycle at some time, within what one holder knows."""
    arcs = connection.execute(f"FROM ({query}) WHERE child IS NOT NULL AND parent IS NOT NULL ORDER BY row").df()
    found: dict[int, str] = {}
    for _, known in arcs.groupby("holder", dropna=False):
        suspects = known[known["row"].isin(_on_cycle(known).keys())]
        for moment in suspects["since"].unique():  # a circle begins when its last row does
            lasting = suspects["until"].isna() | (suspects["until"] > moment)
            found.update(_on_cycle(suspects[lasting & (suspects["since"] <= moment)]))
    return sorted(found.items())


def _on_cycle(arcs: pd.DataFrame) -> dict[int, str]:
    """Rows whose two ends lie in one strongly connected component (a row tied to itself included)."""
    codes, names = pd.factorize(pd.concat([arcs["child"], arcs["parent"]]))
    tail, head = codes[: len(arcs)], codes[len(arcs) :]
    matrix = coo_array((np.ones(len(arcs)), (tail, head)), shape=(len(names), len(names)))
    component = connected_components(matrix.tocsr(), directed=True, connection="strong")[1]
    on_cycle = component[tail] == component[head]
    rows = arcs["row"].to_numpy()
    return {int(rows[i]): _walk(names, tail[on_cycle], head[on_cycle], int(tail[i])) for i in np.flatnonzero(on_cycle)}


def _walk(names: pd.Index, tail: np.ndarray, head: np.ndarray, start: int) -> str:
    """A cycle from ``start`` as ``a → b → a``, cut short when it is long."""
    following = dict(zip(tail.tolist(), head.tolist(), strict=True))
    path, node = [start], following[start]
    while node != start and node not in path and len(path) < _NAMED:
        path.append(node)
        node = following[node]
    ends = [node] if node in path else []
    return " → ".join(str(names[i]) for i in [*path, *ends]) + ("" if ends else " → …")
