"""What is written can be read again, whatever is in it."""

from __future__ import annotations

import datetime as dt
import io
import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_iq.tables.parsing import ROW, read_table
from ecosystem_iq.tables.settings import read_settings
from ecosystem_iq.tables.writers import settings_text, spreadsheet_text, table_text, template_files

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
VALUES = st.one_of(
    TEXTS, st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False), st.dates(dt.date(1, 1, 1))
)


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), max_size=5))
def test_a_table_comes_back_cell_by_cell(rows):
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype="str")
    table, _, problems = read_table(table_text(frame).encode(), "f.csv")
    expected = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row) for row in rows]
    expected = [row for row in expected if any(cell.strip(" \t\n\xa0") for cell in row)]
    assert [(row["a"], row["b"]) for row in table.to_pylist()] == expected
    assert not problems


def test_a_table_is_written_in_one_way():
    frame = pd.DataFrame(
        {
            "id": ["007", None],
            "n": [1 / 3, 1e-12],
            "d": pd.to_datetime(["2026-06-30", None]),
            "f": pd.array([True, None], dtype="boolean"),
        }
    )
    assert table_text(frame) == "id,n,d,f\n007,0.3333333333,2026-06-30,True\n,1e-12,,\n"


def test_row_numbers_are_no_column():
    frame = pd.DataFrame({"a": ["x"]}, index=pd.Index([7], name=ROW))
    assert table_text(frame) == "a\nx\n"


@given(
    st.dictionaries(
        TEXTS, st.one_of(VALUES, st.lists(VALUES, max_size=3), st.dictionaries(TEXTS, VALUES, max_size=3)), max_size=4
    )
)
def test_settings_come_back_value_by_value(settings):
    assert tomllib.loads(settings_text(settings)) == settings


def test_sections_come_after_plain_keys_and_may_hold_more():
    settings = {"s": {"x": {"y": [1, "a'"]}}, "title": "T"}
    assert settings_text(settings) == 'title = "T"\n\n[s]\nx = {y = [1, "a\'"]}\n'
    assert tomllib.loads(settings_text(settings)) == settings


def test_the_template_explains_every_word():
    files = template_files()
    assert read_settings(files["workspace.toml"])[1] == []
    assert "**stakeholder_id**" in files["README.md"]
    assert "- kind: influences | advises | reports_to" in files["README.md"]
    assert all(name.isascii() and text.endswith("\n") for name, text in files.items())


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 1234", "-x", "@SUM(A1)", "\tx"])
def test_text_which_a_spreadsheet_would_run_is_quoted(cell):
    frame = pd.DataFrame({"name": [cell, "Ann"], "number": [-1.5, 2.0]})
    back = pd.read_csv(io.StringIO(spreadsheet_text(frame)))
    assert back["name"].tolist() == ["'" + cell, "Ann"]
    assert back["number"].tolist() == [-1.5, 2.0]


def test_missing_text_stays_blank_in_a_spreadsheet():
    frame = pd.DataFrame({"name": pd.Series(["=x", None], dtype="str"), "mixed": ["-y", 3]})
    assert spreadsheet_text(frame) == "name,mixed\n'=x,'-y\n,3\n"
