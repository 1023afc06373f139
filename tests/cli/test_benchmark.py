"""``ecosystem-iq benchmark``."""

from __future__ import annotations

import csv
import json

import pytest
from workspaces import COMPARED, run, write

from ecosystem_iq.assessment import assess
from ecosystem_iq.tables import load

FEW = ["--draws", "100"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("benchmark"), COMPARED)


def test_stdout_is_the_table_and_stderr_is_for_people(folder):
    ran = run("benchmark", folder, *FEW)
    assert ran.code == 0, ran.err
    assert len(ran.out.splitlines()) == 4
    assert "Framework ecosystem-iq" in ran.err
    assert run("benchmark", folder, *FEW, "-q").err == ""


def test_csv_and_json_agree(folder):
    rows = list(csv.DictReader(run("benchmark", folder, *FEW, "-q", "--format", "csv").out.splitlines()))
    records = json.loads(run("benchmark", folder, *FEW, "-q", "--format", "json").out)
    frame = assess(load(folder), draws=100).scorecard.to_frame()
    assert list(rows[0]) == list(records[0]) == list(frame.columns)
    assert [float(row["eiq"]) for row in rows] == [float(f"{value:.10g}") for value in frame["eiq"]]
    assert [row["company_id"] for row in rows] == [record["company_id"] for record in records]
    assert {row["company_id"] for row in rows} == {"x", "y", "z"}


def test_a_company_is_explained(folder):
    ran = run("benchmark", folder, *FEW, "--explain", "x")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0].split()[:3] == ["axis", "dimension", "id"]
    assert ran.err.startswith("Xeno: ")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--explain", "nobody"], '"nobody"'),
        (["--framework", "nothing.toml"], "nothing.toml does not exist."),
        (["--framework", "builtin:nothing"], "builtin:nothing"),
    ],
)
def test_what_is_unknown_is_an_error(folder, options, text):
    ran = run("benchmark", folder, *FEW, *options)
    assert (ran.code, ran.out) == (1, "")
    assert text in ran.err


def test_a_framework_which_is_none_is_an_error(folder, tmp_path):
    for name, content in {"a.toml": "x =", "b.toml": b"\xff", "c.toml": "", "d.toml": "id = 3"}.items():
        write(tmp_path, {name: content})
        ran = run("benchmark", folder, *FEW, "--framework", tmp_path / name)
        assert (ran.code, ran.out) == (1, ""), name
        assert ran.err.startswith("Error: "), name


def test_the_template_can_be_compared(tmp_path):
    run("init", tmp_path / "mine")
    ran = run("benchmark", tmp_path / "mine", *FEW)
    assert ran.code == 0, ran.err
    assert "Example Pharma" in ran.out
