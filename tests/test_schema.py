"""The declarations of the tables are consistent, and say what the documentation says."""

from __future__ import annotations

import re

import pytest
from workspaces import write

from ecosystem_iq import schema
from ecosystem_iq.tables import check
from ecosystem_iq.tables.readers import is_forbidden
from ecosystem_iq.tables.writers import template_files

COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}") for table in schema.TABLES for column in table.columns
]
OURS = {"row", "reason", "text"}
"""Columns which are ours in tables made from the user's."""


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_keys_periods_and_trees_are_columns(table):
    assert len(set(table.names)) == len(table.names)
    assert table.key
    assert set(table.key) <= set(table.names)
    assert {name for period in table.periods for name in period} <= set(table.names)
    assert all(table.column(name).type == "date" for period in table.periods for name in period)
    if table.tree:
        child, parent = table.tree
        assert (child,) == table.key
        assert table.column(parent).references == table.name
    assert table.purpose


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_column_is_declared_soundly(table, column):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
    assert column.name not in OURS
    assert not is_forbidden(column.name)
    if column.references:
        target = schema.table(column.references)
        assert not target.column(target.key[-1]).references  # a value names a row by an id of that table
        assert column.type in ("text", "list")
    if column.low is not None and column.high is not None:
        assert column.low < column.high
    if column.low is not None or column.high is not None:
        assert column.type in ("number", "integer")
    assert not column.recorded or column.type == "date"
    assert not column.required or column.name in table.names
    if column.type == "word":
        assert column.words
    folded = {re.sub(r"[\s_-]+", "_", word.lower()) for word in column.words}
    assert len(folded) == len(column.words)
    values = [value for value in column.words.values() if value is not None]
    assert len(set(values)) == len(values)


def test_names_are_unique_and_found():
    assert len(schema.BY_NAME) == len(schema.TABLES)
    assert all(schema.table(table.name) is table for table in schema.TABLES)


def test_every_command_needs_tables_which_are_declared():
    assert all(schema.table(name) for needed in schema.NEEDS.values() for name in needed)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("ties", ("holder", "source", "target", "kind", "layer", "account_id", "valid_from")),
        ("memberships", ("holder", "account_id", "stakeholder_id", "valid_from")),
        ("scores", ("company_id", "indicator_id", "period", "rater", "as_of")),
        ("stakeholders", ("stakeholder_id",)),
        ("interactions", ("interaction_id",)),
    ],
)
def test_keys_are_those_of_the_data_model(table, key):
    assert schema.table(table).key == key


@pytest.mark.parametrize(
    ("table", "required"),
    [
        ("stakeholders", {"stakeholder_id", "name", "kind"}),
        ("ties", {"source", "target"}),
        ("accounts", {"account_id", "name"}),
        ("companies", {"company_id", "name"}),
    ],
)
def test_required_columns_are_those_of_the_data_model(table, required):
    assert {column.name for column in schema.table(table).columns if column.required} == required


def test_the_examples_pass_the_check_without_a_word(tmp_path):
    assert list(check(write(tmp_path / "template", template_files()))) == []


def test_the_template_has_every_table_and_column_which_is_read():
    files = template_files()
    for table in schema.TABLES:
        assert files[f"{table.name}.csv"].splitlines()[0].split(",") == list(table.names)


@pytest.mark.parametrize(
    "name",
    [
        "ssn",
        "SSN",
        "ssn#",
        "SSN (last 4)",
        "dea_number",
        "DEA No.",
        "patient_id",
        "Patient ID",
        "patientid",
        "mrn",
        "Medical Record No",
        "date of birth",
        "birth-date",
        "DOB",
        "NHS number",
        "Social Security Number",
    ],
)
def test_columns_about_patients_are_recognised(name):
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name", ["patient_volume", "patient_group", "patients_in", "deal", "idea", "mission", "", "npi"]
)
def test_other_columns_are_not(name):
    assert not is_forbidden(name)
