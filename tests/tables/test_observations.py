"""What is usable but worth a look: one problem a finding, with its count and the first names."""

from __future__ import annotations

import pytest
from workspaces import PEOPLE, SMALL, TIES, write

from ecosystem_iq.tables import check

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
        "memberships.csv": MEMBERS + "".join(f"p,{who},{stance}\n" for who, stance in opinions.items()),
    }
    assert {problem.code for problem in check(write(tmp_path, quiet))} == {"missing_table"}


def test_names_with_signs_of_ours_are_shown_as_they_are(tmp_path):
    people = PEOPLE.replace("a,Ann", "{n}{names},Ann")
    found = check(write(tmp_path, {"stakeholders.csv": people, "ties.csv": "source,target\nb,c\n"}))
    assert "1 stakeholders have no tie: {n}{names}." in {problem.message for problem in found}


def test_a_name_of_ten_megabytes_does_not_fill_the_screen(tmp_path):
    found = check(write(tmp_path, {"stakeholders.csv": PEOPLE + "x" * 10_000_000 + ",X,person,\n", "ties.csv": TIES}))
    assert max(len(str(problem)) for problem in found) < 1_000
