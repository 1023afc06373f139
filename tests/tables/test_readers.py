"""A folder becomes tables; every fault of its files and headers is found in one pass."""

from __future__ import annotations

import pytest
from workspaces import PEOPLE, SMALL, TIES, contents, places, write

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables.readers import read_folder


def read(folder, **files):
    return read_folder(write(folder, {**SMALL, **{name.replace("__", "."): text for name, text in files.items()}}))


def headed(folder, header, row="a,b"):
    """The problems of a header of ties.csv."""
    cells = row + "," * (header.count(",") - row.count(","))
    raw = read(folder, ties__csv=f"{header}\n{cells}\n")
    return raw, {(p.level, p.column, p.code) for p in raw.problems}


def test_a_folder_is_read(tmp_path):
    raw = read(tmp_path)
    assert {name: table.num_rows for name, table in raw.tables.items()} == {"stakeholders": 3, "ties": 2}
    assert raw.problems == []
    assert raw.settings.title == tmp_path.name


def test_reading_changes_nothing(tmp_path):
    before = contents(write(tmp_path))
    read_folder(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["ws with blanks", "日本 ü", "'; DROP TABLE", "$HOME", "%s{}"])
def test_a_folder_may_be_called_anything(tmp_path, name):
    assert len(read(tmp_path / name).tables) == 2


@pytest.mark.parametrize("name", ["TIES.CSV", "Ties.Csv"])
def test_names_of_files_may_be_in_upper_case(tmp_path, name):
    raw = read_folder(write(tmp_path, {"stakeholders.csv": PEOPLE, name: TIES}))
    assert set(raw.tables) == {"stakeholders", "ties"}
    assert raw.problems == []


def test_two_files_for_one_table_are_an_error(tmp_path):
    raw = read_folder(write(tmp_path, {**SMALL, "TIES.CSV": TIES}))
    assert places(raw.problems) == {("ties.csv", None, None, "duplicate_file")}


@pytest.mark.parametrize(
    ("name", "level", "code", "hint"),
    [
        ("tie.csv", "warning", "unknown_file", 'Did you mean "ties"?'),
        ("'; DROP TABLE t_ties;--.csv", "warning", "unknown_file", ""),
        ("notes.csv", "warning", "unknown_file", ""),
        ("accounts.xlsx", "warning", "unknown_file", "Save it as accounts.csv."),
        ("accounts.parquet", "warning", "unknown_file", "Save it as accounts.csv."),
    ],
)
def test_a_file_which_is_not_read_is_named(tmp_path, name, level, code, hint):
    (problem,) = read_folder(write(tmp_path, {**SMALL, name: "a\n1\n"})).problems
    assert (problem.table, problem.level, problem.code, problem.hint) == (name, level, code, hint)


@pytest.mark.parametrize("name", ["README.md", "picture.png", ".ties.csv", "notes.txt"])
def test_other_files_are_nobodys_business(tmp_path, name):
    assert read_folder(write(tmp_path, {**SMALL, name: b"\x00"})).problems == []


def test_a_folder_without_a_table_says_what_a_workspace_is(tmp_path):
    with pytest.raises(
        InputError, match=r"holds no table\. A workspace is a folder with stakeholders.csv and ties.csv"
    ):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("source,target", set()),
        (" Source , TARGET,Valid From,last-confirmed", set()),
        ("source,target,colour", {("info", "colour", "unknown_column")}),
        ("source,target,strenght", {("warning", "strenght", "unknown_column")}),
        ("source,target,strength,Strength", {("error", "strength", "duplicate_column")}),
        ("source,target,ssn", {("error", "ssn", "forbidden_column")}),
        ("source,target,Patient ID", {("error", "patient_id", "forbidden_column")}),
        ("source,target,row", {("info", "row_", "unknown_column")}),
        ("sorce,target", {("error", "source", "missing_column"), ("warning", "sorce", "unknown_column")}),
        ("x,y", {("error", "source", "missing_column"), ("error", "target", "missing_column"),
                 ("info", "x", "unknown_column"), ("info", "y", "unknown_column")}),
    ],
)  # fmt: skip
def test_a_header_is_checked_name_by_name(tmp_path, header, found):
    assert headed(tmp_path, header)[1] == found


@pytest.mark.parametrize(
    ("header", "column", "hint"),
    [
        ("sorce,target", "source", 'Did you mean "sorce"?'),
        ("source,target,strenght", "strenght", 'Did you mean "strength"?'),
    ],
)
def test_a_misspelt_name_gets_a_hint(tmp_path, header, column, hint):
    raw, _ = headed(tmp_path, header)
    assert hint in {problem.hint for problem in raw.problems if problem.column == column}


def test_the_faults_of_all_files_come_at_once(tmp_path):
    raw = read(tmp_path, ties__csv="", accounts__csv=b"\x00", scores__csv='a,b\n"', workspace__toml="title = 3")
    assert places(raw.problems) == {
        ("ties.csv", None, None, "empty_file"),
        ("accounts.csv", None, None, "binary_file"),
        ("scores.csv", 2, None, "unclosed_quote"),
        ("workspace.toml", None, "title", "setting"),
    }


@pytest.mark.parametrize(
    "content",
    [b"title = '\xe9'", "title = 'x'".encode("utf-16"), b"#" * 1_000_001],
    ids=["windows-1252", "utf-16", "too large"],
)
def test_settings_which_cannot_be_read_are_one_problem_among_others(tmp_path, content):
    raw = read(tmp_path, workspace__toml=content, ties__csv="")
    assert {(table, code) for table, _, _, code in places(raw.problems)} == {
        ("workspace.toml", "unreadable"),
        ("ties.csv", "empty_file"),
    }


def test_the_title_of_the_settings_replaces_the_name_of_the_folder(tmp_path):
    assert read(tmp_path, workspace__toml='title = "Mine"').settings.title == "Mine"
