"""``ecosystem-iq archetypes``."""

from __future__ import annotations

import csv
import json

import pytest
from workspaces import SMALL, run, run_apart, write

from ecosystem_iq.assessment import assess
from ecosystem_iq.tables import load

ACCOUNTS = "account_id,name,potential_value,currency\np,P,6000000,EUR\nq,Q,,\n"
TIES = "source,target,account_id\na,b,p\nb,c,p\nc,a,q\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("archetypes"), {**SMALL, "ties.csv": TIES, "accounts.csv": ACCOUNTS})


def test_stdout_is_the_table_and_nothing_is_on_stderr(folder):
    ran = run_apart("archetypes", folder)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0].split() == ["account", "archetype", "P", "distance", "why"]
    assert [line.split()[:3] for line in ran.out.splitlines()[1:]] == [[a, "insufficient", "data"] for a in "pq"]
    assert ran.err == ""


def test_csv_and_json_are_the_result_and_nothing_else(folder):
    frame = assess(load(folder), draws=100).archetypes.to_frame()
    records = json.loads(run("archetypes", folder, "-q", "--format", "json").out)
    rows = list(csv.DictReader(run("archetypes", folder, "-q", "--format", "csv").out.splitlines()))
    assert list(records[0]) == list(rows[0]) == list(frame.columns)
    assert [record["label"] for record in records] == [row["label"] for row in rows] == frame["label"].tolist()


def test_markdown_has_a_line_an_account(folder):
    lines = run("archetypes", folder, "-q", "--format", "md").out.splitlines()
    assert len(lines) == 2 + 2
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)


def test_why_a_name_is_missing_is_told(folder):
    assert "features of 8 known" in run("archetypes", folder).out


def test_an_account_is_explained(folder):
    ran = run("archetypes", folder, "--explain", "p")
    assert ran.code == 0, ran.err
    header, *lines = ran.out.splitlines()
    assert header.split() == ["id", "feature", "raw", "0-1", "meaning"]
    assert [line.split()[0] for line in lines] == [f"f{n}" for n in range(1, 17)]
    assert lines[0].split()[3:5] == ["-", "-"]  # three stakeholders: too few to say how central one is
    assert "6.78" in lines[14]
    assert ran.err == "p: insufficient data.\n"
    (record,) = json.loads(run("archetypes", folder, "-q", "--explain", "p", "--format", "json").out)
    assert (record["account_id"], record["f1"]) == ("p", None)
    assert record["raw_f15"] == pytest.approx(6.778, abs=0.001)


def test_groups_are_set_beside_what_the_pages_say(root):
    folder = root / "data" / "demo"
    expected = assess(load(folder), draws=100).archetypes.to_frame()
    ran = run("archetypes", folder, "--discover", "--format", "json")
    assert ran.code == 0, ran.err
    records = json.loads(ran.out)
    assert list(records[0]) == [*expected.columns, "cluster"]
    for record, row in zip(records, expected.to_dict("records"), strict=True):
        assert (record["account_id"], record["label"]) == (row["account_id"], row["label"])
        assert record["distance"] == pytest.approx(row["distance"])
    groups = {record["cluster"] for record in records}
    assert groups == set(range(len(groups)))
    assert ran.err.startswith(f"k-means finds {len(groups)} groups")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--explain", "pp"], 'There is no account "pp". Did you mean "p"?'),
        (["--discover"], "Discovery needs at least 8 accounts; there are 2."),
    ],
)
def test_what_cannot_be_done_is_an_error(folder, options, text):
    ran = run("archetypes", folder, *options)
    assert (ran.code, ran.out) == (1, "")
    assert text in ran.err


def test_the_list_may_go_to_a_file(folder, tmp_path):
    ran = run("archetypes", folder, "--format", "csv", "-o", tmp_path / "a.csv")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("account_id,archetype_id,label")


def test_without_ties_there_are_no_archetypes(tmp_path):
    ran = run("archetypes", write(tmp_path, {"stakeholders.csv": SMALL["stakeholders.csv"]}))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: archetypes needs ties.csv")


def test_judged_influence_counts_as_it_does_on_the_pages(tmp_path):
    """Who is key is decided by rank, and ranks heed what people judge when the workspace says so."""
    names = "abcdefgh"
    files = {
        "workspace.toml": "as_of = 2026-06-30\n[influence]\njudged_weight = 1.0\n",
        "stakeholders.csv": "stakeholder_id,name,kind,lawful_basis\n"
        + "".join(f"{name},{name},person,consent\n" for name in names),
        "ties.csv": "source,target,account_id\n" + "".join(f"a,{name},p\nb,{name},p\n" for name in names[2:]),
        "accounts.csv": "account_id,name\np,P\n",
        "memberships.csv": "account_id,stakeholder_id,influence_judged,stance\n"
        + "".join(f"p,{name},{k},{'advocate' if k > 4 else 'opponent'}\n" for k, name in enumerate(names)),
    }
    folder = write(tmp_path / "ws", files)
    (record,) = json.loads(run("archetypes", folder, "-q", "--explain", "p", "--format", "json").out)
    expected = assess(load(folder), draws=50).features["raw_f12"].iloc[0]
    assert record["raw_f12"] == pytest.approx(expected)
    assert expected > 0
