"""``ecosystem-iq check``."""

from __future__ import annotations

import csv
import io
import json

import pytest
from workspaces import BROKEN, PEOPLE, SMALL, TIES, contents, run, run_apart, write

from ecosystem_iq.tables import check


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    return write(tmp_path_factory.mktemp("broken") / "ws", BROKEN)


def test_streams_are_exact_and_no_traceback(tmp_path):
    folder = write(tmp_path / "ws", {**SMALL, "ties.csv": TIES + "a,zz,-0.4,1\n"})
    ran = run_apart("check", folder)
    assert ran.code == 1
    assert ran.out.splitlines()[:3] == [
        "level  where                     what",
        (
            "error  ties.csv row 4, strength  -0.4 is not between 0 and 1. A tie which works against has sign -1 and a "
            "positive strength."
        ),
        'error  ties.csv row 4, target    "zz" is not in stakeholders.csv. Add it there, or correct the spelling.',
    ]  # fmt: skip
    assert ran.err == f"{folder}: 2 errors, 0 warnings, 2 notes.\n"


def test_every_fault_of_a_broken_workspace_is_a_line(broken):
    before = contents(broken)
    ran = run("check", broken)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].split() == ["level", "where", "what"]
    assert "error companies.csv is empty. Write a header row, or delete the file." in {
        " ".join(x.split()) for x in lines
    }
    assert sum(line.startswith("error") for line in lines) == 10
    assert "Traceback" not in ran.out + ran.err
    assert contents(broken) == before


def test_csv_and_json_have_the_columns_of_the_frame(broken):
    frame = check(broken).to_frame()
    rows = list(csv.DictReader(io.StringIO(run("check", broken, "--format", "csv", "-q").out)))
    records = json.loads(run("check", broken, "--format", "json", "-q").out)
    assert list(rows[0]) == list(records[0]) == list(frame.columns)
    assert len(rows) == len(records) == len(frame)
    assert [row["message"] for row in rows] == [record["message"] for record in records] == frame["message"].tolist()
    assert [record["row"] for record in records] == [problem.row for problem in check(broken)]


def test_nothing_to_say_is_an_empty_table_and_still_a_csv_file(tmp_path):
    run("init", tmp_path / "ws")
    assert run("check", tmp_path / "ws").out == ""
    assert run("check", tmp_path / "ws", "--format", "json").out == "[]\n"
    assert run("check", tmp_path / "ws", "--format", "csv").out == "level,code,table,row,column,value,message,hint\n"


def test_quiet_says_nothing_on_stderr_but_still_fails(broken):
    ran = run("check", broken, "-q")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out


def test_the_list_may_go_to_a_file(broken, tmp_path):
    ran = run("check", broken, "--format", "csv", "-o", tmp_path / "a" / "problems.csv")
    assert (ran.code, ran.out) == (1, "")
    assert (tmp_path / "a" / "problems.csv").read_text().startswith("level,code,table")


def test_a_file_which_cannot_be_written_is_an_error(broken, tmp_path):
    (tmp_path / "file").touch()
    ran = run("check", broken, "-o", tmp_path / "file" / "x.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "cannot be written" in ran.err


def test_one_is_not_many(tmp_path):
    folder = write(tmp_path, {**SMALL, "ties.csv": "source,target,strength\na,b,9\nb,c,1\n"})
    assert run("check", folder).err == f"{folder}: 1 error, 0 warnings, 3 notes.\n"


def test_opinions_without_a_basis_may_be_allowed(tmp_path):
    people = "stakeholder_id,name,kind\na,Ann,person\nb,Bob,person\nc,Cy,person\n"
    files = {**SMALL, "stakeholders.csv": people, "memberships.csv": "stakeholder_id,stance\na,supporter\n"}
    folder = write(tmp_path, files)
    assert run("check", folder).code == 1
    allowed = run("check", folder, "--allow-undeclared")
    assert allowed.code == 0
    assert "warning  memberships.csv row 2, stance" in allowed.out


def test_markdown_and_table_hold_a_name_with_any_sign_in_one_line(tmp_path):
    people = PEOPLE + '"d|e\\\nf\x1b[31m",Di,persn,\n"d|e\\\nf\x1b[31m",Di,person,\n'
    folder = write(tmp_path, {**SMALL, "stakeholders.csv": people})
    table, markdown = run("check", folder).out, run("check", folder, "--format", "md").out
    assert "d|e\\ f\ufffd[31m (first in row 5) is there already." in table
    assert "d\\|e\\\\ f\ufffd[31m (first in row 5) is there already." in markdown
    assert all(line.startswith("| ") and line.endswith(" |") for line in markdown.splitlines())
