"""``ecosystem-iq triggers``."""

from __future__ import annotations

import csv
import json

import pytest
from workspaces import SMALL, run, run_apart, write

from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.jobs import opportunities
from ecosystem_iq.tables import load
from ecosystem_iq.triggers import rank_triggers

PEOPLE = "stakeholder_id,name,kind,lawful_basis\n" + "".join(
    f"{name},{name.upper()},{'regulator' if name == 'd' else 'person'},consent\n" for name in "abcdwxyz"
)
TIES = "source,target,account_id,strength,confidence\n" + "".join(
    f"{one},{other},{account},1,1\n" for account, one, other in ("pab", "pac", "pbc", "pda", "qwx", "qwy", "rab")
)
MEMBERS = "account_id,stakeholder_id\n" + "".join(
    f"{account},{name}\n" for account, names in (("p", "abcd"), ("q", "wxyz"), ("r", "ab")) for name in names
)
FILES = {
    "stakeholders.csv": PEOPLE, "ties.csv": TIES, "memberships.csv": MEMBERS,
    "accounts.csv": "account_id,name\np,P\nq,Q\nr,R\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Accounts p, where a regulator sits, q, and r, which is too small."""
    return write(tmp_path_factory.mktemp("triggers") / "ws", FILES)


@pytest.fixture(scope="module")
def expected(folder):
    eco = load(folder)
    graph = influence_graph(eco)
    return rank_triggers(eco, graph, measure(graph), opportunities(eco), k=2, rng=0)


def test_stdout_is_the_table_and_stderr_is_for_people(folder):
    ran = run_apart("triggers", folder, "-k", "2", "--account", "p", "--account", "q")
    assert ran.code == 0, ran.err
    header, *lines = ran.out.splitlines()
    assert header.split()[:4] == ["account", "rank", "stakeholder", "reach"]
    assert [line.split()[:3] for line in lines[::2]] == [["p", "1", "A"], ["q", "1", "W"]]
    assert all("moves" in line for line in lines)
    assert ran.err.splitlines() == [
        "For human review: no automated decision. Reach rests on assumed tie strengths.",
        "1 may not be targeted; --refused lists them with the reason.",
    ]


def test_quiet_says_nothing_on_stderr(folder):
    ran = run("triggers", folder, "-q")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out


def test_an_account_without_a_list_is_told(folder):
    ran = run("triggers", folder)
    assert "r: too small: 2 of at least 4 stakeholders.\n" in ran.err
    assert not any(line.startswith("r ") for line in ran.out.splitlines())
    alone = run("triggers", folder, "--account", "r")
    assert (alone.code, alone.out) == (0, "")


def test_csv_and_json_are_the_result_and_nothing_else(folder, expected):
    frame = expected.to_frame()
    rows = list(csv.DictReader(run("triggers", folder, "-q", "-k", "2", "--format", "csv").out.splitlines()))
    records = json.loads(run("triggers", folder, "-q", "-k", "2", "--format", "json").out)
    assert list(rows[0]) == list(records[0]) == list(frame.columns)
    assert len(rows) == len(records) == len(frame) == 4
    assert [row["stakeholder_id"] for row in rows] == frame["stakeholder_id"].tolist()
    assert [float(row["score"]) for row in rows] == [record["score"] for record in records]


def test_markdown_has_a_line_a_trigger(folder):
    lines = run("triggers", folder, "-q", "-k", "1", "--format", "md").out.splitlines()
    assert len(lines) == 2 + 2
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)


def test_who_may_not_be_targeted_is_listed_with_the_reason(folder, expected):
    ran = run("triggers", folder, "--refused")
    assert ran.code == 0, ran.err
    assert [line.split(maxsplit=2) for line in ran.out.splitlines()] == [
        ["account", "stakeholder", "why"],
        ["p", "D", "decides, do not target: regulator"],
    ]
    assert ran.err == "For human review: no automated decision. Reach rests on assumed tie strengths.\n"
    records = json.loads(run("triggers", folder, "--refused", "--format", "json").out)
    assert records == expected.refused.to_dict("records")


def test_the_list_may_go_to_a_file(folder, tmp_path):
    ran = run("triggers", folder, "--format", "csv", "-o", tmp_path / "a" / "triggers.csv")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "a" / "triggers.csv").read_text(encoding="utf-8").startswith("account_id,stakeholder_id,rank")


@pytest.mark.parametrize(("k", "rows"), [(1, 2), (3, 6), (100, 7)])
def test_k_is_how_many_an_account_has_at_most(folder, k, rows):
    assert len(run("triggers", folder, "-q", "-k", k, "--format", "csv").out.splitlines()) == 1 + rows


def test_the_same_seed_gives_the_same_bytes_and_another_one_other_numbers(tmp_path):
    folder = write(tmp_path, {**FILES, "ties.csv": TIES.replace(",1,1\n", ",.4,.5\n")})
    one, two, other = (
        run("triggers", folder, "-q", "--format", "csv", "--random-seed", seed).out for seed in (7, 7, 8)
    )
    assert one == two
    assert one != other


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--account", "pp"], 1, 'There is no account "pp". Did you mean "p"?'),
        (["-k", "0"], 2, "0 is not in the range"),
        (["-k", "101"], 2, "101 is not in the range"),
    ],
)
def test_what_is_unknown_is_an_error(folder, options, code, text):
    ran = run("triggers", folder, *options)
    assert (ran.code, ran.out) == (code, "")
    assert text in ran.err


def test_without_ties_there_are_no_triggers(tmp_path):
    ran = run("triggers", write(tmp_path, {"stakeholders.csv": SMALL["stakeholders.csv"]}))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: triggers needs ties.csv")
