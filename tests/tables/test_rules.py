"""Each rule of the schema, on each column: a bad value gives exactly one problem, a good one none and its value."""

from __future__ import annotations

import math

import pytest
from workspaces import places, write

from ecosystem_iq import schema
from ecosystem_iq.schema import Column, Table
from ecosystem_iq.tables import check, load
from ecosystem_iq.tables.writers import template_files

BAD_CELLS = {
    "word": [("no such word", "unknown_word"), ("77", "unknown_word")],
    "number": [("text", "not_a_number"), ("45%", "not_a_number"), ("1e400", "not_a_number"), ("NaN", "not_a_number")],
    "integer": [("text", "not_a_number"), ("1.5", "not_a_number"), ("inf", "not_a_number")],
    "date": [("31/12/2026", "not_a_date"), ("2026-02-30", "not_a_date"), ("0000-01-01", "not_a_date")],
    "flag": [("maybe", "unknown_word")],
    "list": [("|", "unknown_word")],
    "text": [],
}


def bad_cells(column: Column) -> list[tuple[str, str]]:
    """Values which a column must refuse, with the code of the problem."""
    cells = list(BAD_CELLS[column.type])
    if column.required:
        cells.append(("", "blank"))
    if column.low is not None:
        cells.append((f"{column.low - 1:g}", "out_of_range"))
    if column.high is not None:
        cells.append((f"{column.high + 1:g}", "out_of_range"))
    if column.type == "list" and column.words:
        cells.append((f"{next(iter(column.words))}|nonsense", "unknown_word"))
    if column.references:
        cells.append(("nobody", "unknown_id"))
    return cells


def bad_rows(table: Table) -> tuple[list[dict[str, str]], set[tuple[str, int, str, str]]]:
    """The example row and, for each bad value of each column, one row which is right but for it."""
    good = {column.name: column.example for column in table.columns}
    rows, expected = [good], set()
    for column in table.columns:
        for value, code in bad_cells(column):
            rows.append({**distinct(table, good, len(rows)), column.name: value})
            expected.add((f"{table.name}.csv", len(rows) + 1, column.name, code))
    for start, end in table.periods:
        for last in ("2024-12-31", "2025-01-01"):  # before, and on the same day
            rows.append({**distinct(table, good, len(rows)), start: "2025-01-01", end: last})
            expected.add((f"{table.name}.csv", len(rows) + 1, end, "period"))
    rows.append(good)
    anchor = next((name for name in table.key if table.column(name).required), table.key[0])
    expected.add((f"{table.name}.csv", len(rows) + 1, anchor, "duplicate_key"))
    return rows, expected


FREE = {
    "ties": "layer",
    "scores": "period",
    "company_accounts": "account_id",
    "memberships": "stakeholder_id",
    "values": "stakeholder_id",
}
"""Column which tells rows of a table apart; of other tables, the last of the key."""


def free(table: Table) -> Column:
    return table.column(FREE.get(table.name, table.key[-1]))


def distinct(table: Table, row: dict[str, str], n: int) -> dict[str, str]:
    """The row with another key."""
    return {**row, free(table).name: f"{table.name}-{n}"}


def text(table: Table, rows: list[dict[str, str]]) -> str:
    lines = [",".join(table.names), *(",".join(row[name] for name in table.names) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A workspace with every bad row there is, and where its errors must be."""
    rows, expected = {}, set()
    for table in schema.TABLES:
        rows[table.name], places_of_table = bad_rows(table)
        expected |= places_of_table
    for table in schema.TABLES:  # what makes rows distinct must exist where it is a reference
        other = free(table).references
        if other:
            id_ = schema.table(other).key[-1]
            rows[other] += [{**rows[other][0], id_: f"{table.name}-{n}"} for n in range(len(rows[table.name]))]
    rows["stakeholders"].append({**rows["stakeholders"][0], "stakeholder_id": "dr-second"})
    files = {f"{name}.csv": text(schema.table(name), found) for name, found in rows.items()}
    return write(tmp_path_factory.mktemp("broken"), {**template_files(), **files}), expected


def test_every_bad_value_of_every_column_is_exactly_one_problem(broken):
    folder, expected = broken
    assert len(expected) > 250
    assert places(check(folder)) == expected


def test_every_problem_has_a_message_and_what_stood_there(broken):
    for problem in check(broken[0]).at("error"):
        assert problem.message.endswith(".")
        assert problem.hint
        assert problem.code == "blank" or problem.value


def test_keep_going_leaves_only_what_is_right(broken):
    eco = load(broken[0], keep_going=True)
    assert len(eco.tables["ties"]) == len(eco.tables["memberships"]) == len(eco.tables["scores"]) == 1
    assert not eco.tables["stakeholders"]["stakeholder_id"].str.startswith("stakeholders-").any()


TYPED = [
    ("ties", "strength", "weak", 0.25),
    ("ties", "strength", "Very Strong", 1.0),
    ("ties", "strength", "very-strong", 1.0),
    ("ties", "strength", ".5", 0.5),
    ("ties", "strength", "+0.5", 0.5),
    ("ties", "strength", "5e-1", 0.5),
    ("ties", "strength", "1.", 1.0),
    ("ties", "strength", "0", 0.0),
    ("ties", "n_sources", "3", 3.0),
    ("ties", "n_sources", "3.0", 3.0),
    ("ties", "sign", "-1", "negative"),
    ("ties", "sign", "+1", "positive"),
    ("ties", "sign", "1.0", "positive"),
    ("ties", "sign", "NEGATIVE", "negative"),
    ("ties", "kind", "Reports to", "reports_to"),
    ("ties", "kind", " reports-to ", "reports_to"),
    ("ties", "last_confirmed", "2026-06-30", "2026-06-30"),
    ("ties", "last_confirmed", "2026-06-30T23:59:59Z", "2026-06-30"),
    ("ties", "last_confirmed", "2026-06-30 08:00", "2026-06-30"),
    ("ties", "note", "  a b  ", "a b"),
    ("ties", "note", "\u00a0x\u00a0", "x"),
    ("ties", "note", "NaN", "NaN"),
    ("ties", "attribute", "007", "007"),
    ("memberships", "stance", "-2", "opponent"),
    ("memberships", "stance", "2", "advocate"),
    ("memberships", "stance", "non supporter", "non_supporter"),
    ("memberships", "is_target", "X", True),
    ("memberships", "is_target", "N", False),
    ("memberships", "is_target", "TRUE", True),
    ("memberships", "functions", "Medical | market-ing", None),
    ("memberships", "functions", "Medical | patient services|", "medical|patient_services"),
    ("memberships", "systems", "a | B |", "a|B"),
]


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """All good cells in one workspace, a row each."""
    files = dict(template_files())
    for name in ("ties", "memberships"):
        table = schema.table(name)
        good = {column.name: column.example for column in table.columns} | {"attribute": ""}
        good |= {"valid_from": "", "source": "dr-example", "target": "dr-second"}
        rows = []
        for n, (where, column, cell, value) in enumerate(TYPED):
            if where == name and value is not None:
                unique = {"layer": f"l{n}"} if name == "ties" else {"valid_from": f"20{n:02}-01-01"}
                rows.append({**good, **unique, column: f'"{cell}"'})
        names = [*table.names, "attribute"]
        files[f"{name}.csv"] = "\n".join([",".join(names), *(",".join(r.get(c, "") for c in names) for r in rows)])
    return load(write(tmp_path_factory.mktemp("typed"), files))


@pytest.mark.parametrize(("table", "column", "cell", "value"), [case for case in TYPED if case[3] is not None])
def test_a_good_cell_has_its_value(typed, table, column, cell, value):
    position = [case for case in TYPED if case[0] == table and case[3] is not None].index((table, column, cell, value))
    found = typed.tables[table].iloc[position][column]
    assert (str(found.date()) if column == "last_confirmed" else found) == value


def test_missing_cells_are_missing_in_every_type(typed):
    ties = typed.tables["ties"]
    assert ties["note"].isna().any()
    assert ties["valid_to"].isna().all()
    assert {name: str(dtype) for name, dtype in ties.dtypes.items() if name in ("source", "strength", "valid_to")} == {
        "source": "str",
        "strength": "float64",
        "valid_to": "datetime64[us]",
    }
    assert str(typed.tables["memberships"]["is_target"].dtype) == "boolean"
    assert math.isnan(typed.tables["stakeholders"]["beds"].iloc[0])


def test_what_only_a_program_takes_for_a_number_is_none(tmp_path):
    cells = [
        "1_0",
        "0x1",
        "½",
        "٠.٥",
        "1,5",
        "--1",
        "1e",
        "true",
        "infinity",
        "-inf",
        "1e400",
        "nan",
        "0.5.1",
        "5%",
        "€5",
    ]
    rows = "".join(f'dr-example,dr-second,l{n},"{cell}"\n' for n, cell in enumerate(cells))
    files = {**template_files(), "ties.csv": f"source,target,layer,strength\n{rows}"}
    found = check(write(tmp_path, files)).at("error")
    assert [(p.code, p.value, p.message) for p in found] == [
        ("not_a_number", cell, f'"{cell}" is not a number.') for cell in cells
    ]
    assert all("such as 0.45 for 45 %" in problem.hint for problem in found)
