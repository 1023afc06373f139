"""The rules of the schema as SQL: one query a rule, each of which selects the rows that break it.

A *typed* table ``t_<name>`` holds, for each declared column ``c``, the value ``c`` in its type and the trimmed text
``c text`` it came from, beside the ``row`` of the file. Attributes (undeclared columns) are kept as text; no name in a
file holds a blank when it comes here, so that no attribute can be taken for such a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ecosystem_iq import schema
from ecosystem_iq.errors import Level
from ecosystem_iq.schema import Column, Table

_TRUE = ("yes", "true", "1", "y", "x")
_FALSE = ("no", "false", "0", "n")
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"  # DuckDB would take 1_0 for 10
_SQL_TYPES = {"number": "DOUBLE", "integer": "DOUBLE", "date": "DATE", "flag": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on one table.

    Attributes
    ----------
    code : str
    level : {"error", "warning", "info"}
    table, column : str
        Where the problem is shown; an empty column means the row as a whole.
    sql : str
        Selects ``row`` and ``value`` (the text shown) of every row which breaks the rule.
    message, hint : str
        May use ``{value}``.
    known : str
        SQL which selects the names a hint may suggest, as one column.
    words : tuple of str
        Words a hint may suggest.
    shown : int
        Rows which become problems of their own; the rest are counted in one more.
    """

    code: str
    level: Level
    table: str
    column: str
    sql: str
    message: str
    hint: str = ""
    known: str = ""
    words: tuple[str, ...] = ()
    shown: int = 1_000


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def as_written(column: str) -> str:
    """The text of a declared column, as an SQL identifier."""
    return quoted(f"{column} text")


def relation(table: str) -> str:
    """The typed table of that name."""
    return quoted(f"t_{table}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _folded(expression: str) -> str:
    """A word as it is compared: lower case, one underscore for blanks and hyphens."""
    return f"lower(regexp_replace({expression}, '[\\s_-]+', '_', 'g'))"


def _fold(word: str) -> str:
    return "_".join(word.lower().replace("-", " ").replace("_", " ").split())


def select_typed(table: Table, found: set[str], decimal: str) -> str:
    """SQL which turns the text table ``r_<name>`` into the typed one."""
    parts = [quoted("row")]
    for column in table.columns:
        if column.name in found:
            parts.append(f"{_trimmed(column.name)} AS {as_written(column.name)}")
            parts.append(f"{_typed(column, decimal)} AS {quoted(column.name)}")
        else:
            parts.append(f"NULL::VARCHAR AS {as_written(column.name)}")
            parts.append(f"NULL::{_SQL_TYPES.get(column.type, 'VARCHAR')} AS {quoted(column.name)}")
    attributes = sorted(found - set(table.names) - {"row"})
    parts.extend(f"{_trimmed(name)} AS {quoted(name)}" for name in attributes)
    return f"SELECT {', '.join(parts)} FROM {quoted('r_' + table.name)}"


def _trimmed(name: str) -> str:
    return f"nullif(trim({quoted(name)}, ' \t\r\n\u00a0'), '')"


def _typed(column: Column, decimal: str) -> str:
    """SQL for the value of a cell in its type; NULL where it cannot be read."""
    text = _trimmed(column.name)
    if column.type in ("number", "integer"):
        number = f"replace({text}, ',', '.')" if decimal == "," else text
        plain = f"regexp_full_match({number}, '{_NUMBER}') AND isfinite(try_cast({number} AS DOUBLE))"
        value = f"CASE WHEN {plain} THEN try_cast({number} AS DOUBLE) END"
        if column.type == "integer":
            value = f"CASE WHEN try_cast({number} AS DOUBLE) = floor(try_cast({number} AS DOUBLE)) THEN {value} END"
        return _by_word({word: f"{v}::DOUBLE" for word, v in column.words.items()}, text, value)
    if column.type == "word":
        numbers = {str(value): word for word, value in column.words.items() if value is not None}
        cases = " ".join(f"WHEN {number} THEN {_literal(word)}" for number, word in numbers.items())
        otherwise = f"CASE try_cast({text} AS DOUBLE) {cases} END" if cases else "NULL"
        return _by_word({word: _literal(word) for word in column.words}, text, otherwise)
    if column.type == "date":
        iso = rf"regexp_full_match({text}, '\d{{4}}-\d{{2}}-\d{{2}}([T ].*)?') AND {text} > '0001'"
        return f"CASE WHEN {iso} THEN try_cast(left({text}, 10) AS DATE) END"
    if column.type == "flag":
        return f"CASE WHEN lower({text}) IN {_TRUE} THEN true WHEN lower({text}) IN {_FALSE} THEN false END"
    if column.type == "list":
        item = _folded("trim(x)") if column.words else "trim(x)"
        split = f"list_filter(list_transform(string_split({text}, '|'), lambda x: {item}), lambda x: x <> '')"
        return f"nullif(array_to_string({split}, '|'), '')"
    return text


def _by_word(values: dict[str, str], text: str, otherwise: str) -> str:
    if not values:
        return otherwise
    cases = " ".join(f"WHEN {_literal(_fold(word))} THEN {value}" for word, value in values.items())
    return f"CASE {_folded(text)} {cases} ELSE {otherwise} END"


def rules(present: Mapping[str, set[str]]) -> Iterator[Rule]:
    """All rules for the tables (and their columns) which are there."""
    for table in schema.TABLES:
        if table.name not in present:
            continue
        for column in table.columns:
            if column.name in present[table.name]:
                yield from _column_rules(table, column, set(present))
        yield _duplicate_rule(table)
        yield from (_order_rule(table, start, end, "<=", "must be later than") for start, end in table.periods)
        yield from (_order_rule(table, start, end, "<", "must not be earlier than") for start, end in table.spans)
    if "ties" in present:
        yield _self_tie_rule()
    if {"memberships", "stakeholders"} <= set(present):
        yield from _opinion_rules()


def _column_rules(table: Table, column: Column, present: set[str]) -> Iterator[Rule]:
    if column.required:
        sql = _cells(table, column, f"{as_written(column.name)} IS NULL")
        yield Rule(
            "blank",
            "error",
            table.name,
            column.name,
            sql,
            "is blank; every row needs it.",
            "Fill the cell, or delete the row.",
        )
    if column.type != "text":
        yield _type_rule(table, column)
    if column.type == "list" and column.words:
        yield _list_rule(table, column)
    if column.low is not None or column.high is not None:
        yield _range_rule(table, column)
    if column.references:
        yield _reference_rule(table, column, present)


def _cells(table: Table, column: Column, where: str) -> str:
    """SQL which selects the cells of a column under a condition, as they were written."""
    return f"SELECT row, {as_written(column.name)} AS value FROM {relation(table.name)} WHERE {where}"


_TYPE_FAULTS = {
    "number": ("not_a_number", '"{value}" is not a number.', "Write a plain number, such as 0.45 for 45 %."),
    "integer": ("not_a_number", '"{value}" is not a whole number.', "Write digits only, such as 1200."),
    "date": ("not_a_date", '"{value}" is not a date.', "Write year-month-day: 2026-06-30."),
    "flag": ("unknown_word", '"{value}" is neither yes nor no.', "Write yes or no, or leave the cell blank."),
    "word": ("unknown_word", '"{value}" is not a known word.', ""),
    "list": ("unknown_word", '"{value}" holds no value.', "Separate several values by |."),
}


def _type_rule(table: Table, column: Column) -> Rule:
    code, message, hint = _TYPE_FAULTS[column.type]
    sql = _cells(table, column, f"{as_written(column.name)} IS NOT NULL AND {quoted(column.name)} IS NULL")
    return Rule(code, "error", table.name, column.name, sql, message, hint, words=tuple(column.words))


def _list_rule(table: Table, column: Column) -> Rule:
    """Every element of a list is a known word."""
    allowed = ", ".join(_literal(word) for word in column.words)
    sql = (
        f"SELECT row, item AS value FROM (SELECT row, unnest(string_split({quoted(column.name)}, '|')) AS item "
        f"FROM {relation(table.name)}) WHERE item NOT IN ({allowed})"
    )
    message = '"{value}" is not a known word.'
    return Rule("unknown_word", "error", table.name, column.name, sql, message, words=tuple(column.words))


def _range_rule(table: Table, column: Column) -> Rule:
    name = quoted(column.name)
    limits = [f"{name} < {column.low}"] if column.low is not None else []
    limits += [f"{name} > {column.high}"] if column.high is not None else []
    low = "" if column.low is None else f"{column.low:g}"
    high = "" if column.high is None else f"{column.high:g}"
    span = f"between {low} and {high}" if low and high else (f"{low} or more" if low else f"at most {high}")
    share = (column.low, column.high) == (0, 1)
    hint = column.hint or ("Write a share, such as 0.45 for 45 %." if share else "Correct it, or leave the cell blank.")
    sql = _cells(table, column, " OR ".join(limits))
    return Rule("out_of_range", "error", table.name, column.name, sql, f"{{value}} is not {span}.", hint)


def _reference_rule(table: Table, column: Column, present: set[str]) -> Rule:
    """Every value names a row of the other table (each element, in a list)."""
    other = column.references
    target = quoted(schema.table(other).key[-1])
    name = quoted(column.name)
    value = f"unnest(string_split({name}, '|'))" if column.type == "list" else name
    used = f"(SELECT row, {value} AS value FROM {relation(table.name)} WHERE {name} IS NOT NULL)"
    if other not in present:
        needed = column.required or column.name in table.key
        message = f'"{{value}}" names a row of {other}.csv, which is missing or unusable.'
        sql = f"SELECT row, value FROM {used}"
        hint = f"Add {other}.csv, or leave {column.name} blank."
        level: Level = "error" if needed else "warning"
        return Rule("missing_table", level, table.name, column.name, sql, message, hint, shown=1)
    known = f"SELECT {target} FROM {relation(other)} WHERE {target} IS NOT NULL"
    sql = f"SELECT row, value FROM {used} WHERE value NOT IN ({known})"
    message = f'"{{value}}" is not in {other}.csv.'
    return Rule("unknown_id", "error", table.name, column.name, sql, message, known=known)


def _duplicate_rule(table: Table) -> Rule:
    """A row whose key stood before; blank key parts are a value of their own."""
    key = ", ".join(f"coalesce({quoted(name)}::VARCHAR, '')" for name in table.key)
    needed = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in table.key if table.column(name).required) or "true"
    shown = f"concat_ws(' · ', {', '.join(as_written(name) for name in table.key)})"
    sql = (
        f"SELECT row, value || ' (first in row ' || first || ')' AS value FROM (SELECT row, {shown} AS value, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY row) AS n, min(row) OVER (PARTITION BY {key}) AS first "
        f"FROM {relation(table.name)} WHERE {needed}) WHERE n > 1"
    )
    hint = f"The key is {', '.join(table.key)}: change one of them, or delete the row."
    return Rule("duplicate_key", "error", table.name, _anchor(table), sql, "{value} is there already.", hint)


def _anchor(table: Table) -> str:
    """The first key column which must be filled: where a duplicate is shown."""
    return next((name for name in table.key if table.column(name).required), table.key[0])


def _order_rule(table: Table, start: str, end: str, wrong: str, must: str) -> Rule:
    """Two days in the right order; ``wrong`` is the comparison which must not hold."""
    text = f"{quoted(start)}::VARCHAR || ' to ' || {quoted(end)}::VARCHAR"
    sql = f"SELECT row, {text} AS value FROM {relation(table.name)} WHERE {quoted(end)} {wrong} {quoted(start)}"
    message = f"{must} {start}; found {{value}}."
    return Rule("period", "error", table.name, end, sql, message, "Check which of the two dates is wrong.")


def _self_tie_rule() -> Rule:
    sql = f"SELECT row, target AS value FROM {relation('ties')} WHERE source = target"
    hint = "Delete the row, or name the other end."
    return Rule("self_tie", "error", "ties", "target", sql, '"{value}" is tied to itself.', hint)


_OPINIONS = ("stance", "adaptability", "influence_judged")


def _opinion_rules() -> Iterator[Rule]:
    """What may be held about a person (see Privacy in the documentation)."""
    joined = f"{relation('memberships')} m JOIN {relation('stakeholders')} s USING (stakeholder_id)"
    for name in _OPINIONS:
        sql = (
            f"SELECT m.row, m.stakeholder_id AS value FROM {joined} "
            f"WHERE s.special_category IS NOT NULL AND m.{quoted(name)} IS NOT NULL"
        )
        message = f'"{{value}}" is in a special category of personal data: no {name} may be held.'
        yield Rule("special_category", "error", "memberships", name, sql, message, "Leave the cell blank.")
    sql = (
        f"SELECT m.row, m.stakeholder_id AS value FROM {joined} "
        "WHERE s.kind = 'person' AND s.lawful_basis IS NULL AND m.stance IS NOT NULL"
    )
    message = 'a stance about the person "{value}" needs a lawful basis.'
    hint = "Fill lawful_basis in stakeholders.csv, or pass --allow-undeclared, which is logged."
    yield Rule("lawful_basis", "error", "memberships", "stance", sql, message, hint)
