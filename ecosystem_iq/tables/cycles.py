"""Cycles where there must be a tree: who reports to whom, who owns whom, which account is part of which."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
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
            query = f"SELECT row, {quoted(child)}, {quoted(parent)} FROM {relation(table.name)}"
            yield _rule(table.name, parent), _on_cycle(connection, f"{query} WHERE {quoted(parent)} IS NOT NULL")
    if "ties" in present:
        for kind in ("reports_to", "owns"):
            query = f"SELECT row, source, target FROM {relation('ties')} WHERE kind = '{kind}' AND source <> target"
            yield _rule("ties", "target", kind), _on_cycle(connection, query)


def _rule(table: str, column: str, kind: str = "") -> Rule:
    what = f"{kind} goes round in a circle" if kind else "goes round in a circle"
    hint = "One of these rows is wrong: delete it, or turn it round."
    return Rule("cycle", "error", table, column, "", f"{what}: {{value}}.", hint)


def _on_cycle(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[int, str]]:
    """Rows whose two ends lie in one strongly connected component (a row tied to itself included)."""
    found = connection.execute(f"{query} ORDER BY row").fetchnumpy()
    row, child, parent = (np.asarray(column) for column in found.values())
    if len(row) == 0:
        return []
    names, codes = np.unique(np.concatenate([child, parent]).astype(str), return_inverse=True)
    tail, head = codes[: len(row)], codes[len(row) :]
    arcs = coo_array((np.ones(len(row)), (tail, head)), shape=(len(names), len(names)))
    component = connected_components(arcs.tocsr(), directed=True, connection="strong")[1]
    on_cycle = component[tail] == component[head]
    return [(int(row[i]), _walk(names, tail[on_cycle], head[on_cycle], int(tail[i]))) for i in np.flatnonzero(on_cycle)]


def _walk(names: np.ndarray, tail: np.ndarray, head: np.ndarray, start: int) -> str:
    """A cycle from ``start`` as ``a → b → a``, cut short when it is long."""
    following = dict(zip(tail.tolist(), head.tolist(), strict=True))
    path, node = [start], following[start]
    while node != start and node not in path and len(path) < _NAMED:
        path.append(node)
        node = following[node]
    ends = [node] if node in path else []
    return " → ".join(str(names[i]) for i in [*path, *ends]) + ("" if ends else " → …")
