"""What is usable but worth a look: one problem a finding, with its count and the first names."""

from __future__ import annotations

import pytest
from workspaces import PEOPLE, SMALL, TIES, write

from ecosystem_iq.network import influence_graph
from ecosystem_iq.tables import check, load

MEMBERS = "account_id,stakeholder_id,stance\n"
STANCES = ["supporter", "advocate", "supporter", "supporter", "advocate"]
FIVE = "stakeholder_id,name,kind,org_id,lawful_basis\n" + "".join(f"{i},N{i},person,,x\n" for i in "abcde")
FINDINGS = [
    ("isolate", {"ties.csv": "source,target\na,b\n"}, 4, "1 stakeholders have no tie: c."),
    ("isolate", {"ties.csv": "source,target\n"}, 2, "3 stakeholders have no tie: a, b, c."),
    (
        "isolate",
        {"stakeholders.csv": FIVE, "ties.csv": "source,target\n"},
        2,
        "5 stakeholders have no tie: a, b, c, ….",
    ),
    (
        "same_name",
        {"stakeholders.csv": FIVE.replace("Nb", "na"), "ties.csv": "source,target\na,b\n"},
        2,
        "2 people share name and organisation with another row: Na, na.",
    ),
    (
        "stale",
        {"ties.csv": "source,target,last_confirmed\na,b,2024-12-29\nb,c,2024-12-30\nc,a,2026-06-30\n"},
        2,
        "1 ties were last confirmed more than 18 months before the newest: a → b.",
    ),
    (
        "only_friends",
        {
            "stakeholders.csv": FIVE,
            "accounts.csv": "account_id,name\nacc,A\n",
            "memberships.csv": MEMBERS + "".join(f"acc,{i},{s}\n" for i, s in zip("abcde", STANCES, strict=True)),
        },
        2,
        "1 accounts have no neutral or opposed stakeholder: acc.",
    ),
    (
        "mixed_currency",
        {"accounts.csv": "account_id,name,currency\np,P,EUR\nq,Q,USD\nr,R,EUR\n"},
        2,
        "2 currencies are used: EUR, USD.",
    ),
    (
        "blank_strength",
        {"ties.csv": "source,target,strength\na,b,\nb,c,1\n"},
        2,
        "1 ties have no strength; .5 is used.",
    ),
    (
        "tie_in_no_account",
        {
            "accounts.csv": "account_id,name\np,P\nq,Q\n",
            "memberships.csv": "account_id,stakeholder_id\np,a\np,b\nq,c\n",
            "ties.csv": "source,target,account_id\na,b,\nb,c,\nc,a,\n",
        },
        3,
        "2 ties are on no map, because no account has both ends: b → c (row 3), c → a (row 4).",
    ),
    (
        "tie_in_no_account",
        {"accounts.csv": "account_id,name\np,P\n", "ties.csv": "source,target,account_id\na,b,p\nb,a,\nb,c,\n"},
        4,
        "1 ties are on no map, because no account has both ends: b → c (row 4).",
    ),
    ("blank_confidence", {"ties.csv": "source,target\na,b\nb,c\n"}, 2, "2 ties have no confidence; .5 is used."),
]


@pytest.mark.parametrize(("code", "files", "row", "message"), FINDINGS)
def test_a_finding_is_one_problem_with_its_count_and_names(tmp_path, code, files, row, message):
    (found,) = [problem for problem in check(write(tmp_path, {**SMALL, **files})) if problem.code == code]
    assert (found.row, found.message) == (row, message)
    assert found.level != "error"


def test_the_opposite_of_each_finding_is_silent(tmp_path):
    people = FIVE.replace("b,Nb,person,,", "b,Na,person,o,") + "o,Org,organisation,,\n"  # one name, two organisations
    ties = "source,target,strength,confidence,last_confirmed\na,b,1,1,2025-01-01\nc,d,1,1,2026-06-30\ne,o,1,1,\n"
    opinions = dict(zip("abcde", [*STANCES[:4], "neutral"], strict=True))
    quiet = {
        "stakeholders.csv": people,
        "ties.csv": ties,
        "accounts.csv": "account_id,name,currency\np,P,EUR\nq,Q,EUR\n",
        "memberships.csv": MEMBERS + "p,o,\n" + "".join(f"p,{who},{stance}\n" for who, stance in opinions.items()),
    }
    assert {problem.code for problem in check(write(tmp_path, quiet))} == {"missing_table"}


COMPANY = {"companies.csv": "company_id,name\nown,Own\n", "accounts.csv": "account_id,name\np,P\n"}
HELD = "holder,account_id,stakeholder_id\n"


@pytest.mark.parametrize(
    ("members", "tie", "seen"),
    [
        (HELD + ",p,a\n,p,b\n", "own,a,b", True),  # what all know, a company knows
        (HELD + ",p,a\nown,p,b\n", "own,a,b", True),
        (HELD + ",p,a\nown,p,b\n", ",a,b", False),  # but not the other way round
        (HELD + "own,p,a\n,p,b\n", ",b,a", False),
    ],
)
def test_a_tie_is_on_the_map_of_its_holder_alone(tmp_path, members, tie, seen):
    files = {**SMALL, **COMPANY, "memberships.csv": members, "ties.csv": f"holder,source,target\n{tie}\n"}
    found = [problem.code for problem in check(write(tmp_path, files))]
    assert ("tie_in_no_account" not in found) == seen
    eco = load(tmp_path)
    holder = tie.split(",")[0] or None
    assert (influence_graph(eco, holder=holder).matrix.nnz == 1) == seen


def test_without_accounts_every_tie_is_on_the_one_map(tmp_path):
    for files in ({}, {"accounts.csv": "account_id,name\n"}):
        found = check(write(tmp_path / f"w{len(files)}", {**SMALL, **files}))
        assert "tie_in_no_account" not in {problem.code for problem in found}


def test_names_with_signs_of_ours_are_shown_as_they_are(tmp_path):
    people = PEOPLE.replace("a,Ann", "{n}{names},Ann")
    found = check(write(tmp_path, {"stakeholders.csv": people, "ties.csv": "source,target\nb,c\n"}))
    assert "1 stakeholders have no tie: {n}{names}." in {problem.message for problem in found}


def test_a_name_of_ten_megabytes_does_not_fill_the_screen(tmp_path):
    found = check(write(tmp_path, {"stakeholders.csv": PEOPLE + "x" * 10_000_000 + ",X,person,\n", "ties.csv": TIES}))
    assert max(len(str(problem)) for problem in found) < 1_000
