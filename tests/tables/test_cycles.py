"""Nobody is above themselves: not in one holder's knowledge, not at one time."""

from __future__ import annotations

import pytest
from workspaces import SMALL, places, write

from ecosystem_iq.tables import check

HEADER = "holder,source,target,kind,valid_from,valid_to\n"


def cycles(folder, ties="", accounts=None):
    files = {
        **SMALL,
        "ties.csv": HEADER + ties,
        "accounts.csv": accounts,
        "companies.csv": "company_id,name\nx,X\ny,Y\n",
    }
    found = check(write(folder, files))
    assert {code for _, _, _, code in places(found)} <= {"cycle", "blank", "self_tie"}
    return {(p.row, p.message) for p in found if p.code == "cycle"}


@pytest.mark.parametrize("kind", ["reports_to", "owns"])
def test_three_who_are_above_one_another_are_all_named(tmp_path, kind):
    found = cycles(tmp_path, f",a,b,{kind},,\n,b,c,{kind},,\n,c,a,{kind},,\n,a,c,influences,,\n")
    assert found == {
        (2, f"{kind} goes round in a circle: a → b → c → a."),
        (3, f"{kind} goes round in a circle: b → c → a → b."),
        (4, f"{kind} goes round in a circle: c → a → b → c."),
    }


@pytest.mark.parametrize(
    "ties",
    [
        ",a,b,reports_to,,\n,c,b,reports_to,,\n,a,c,reports_to,,\n",
        ",a,b,influences,,\n,b,a,influences,,\n",
        ",a,b,reports_to,,\n,b,a,owns,,\n",
        "x,a,b,reports_to,,\ny,b,a,reports_to,,\n",
        ",a,b,reports_to,,\nx,b,a,reports_to,,\n",
        ",a,b,reports_to,2020-01-01,2022-01-01\n,b,a,reports_to,2022-01-01,\n",
        ",a,b,owns,,2022-01-01\n,b,a,owns,2022-01-01,2023-01-01\n,a,b,owns,2023-01-01,\n",
    ],
    ids=["two bosses", "influence", "two kinds", "two holders", "holder and reference", "successors", "dated mergers"],
)
def test_what_is_no_circle_at_any_time_is_none(tmp_path, ties):
    assert cycles(tmp_path, ties) == set()


@pytest.mark.parametrize(
    ("ties", "rows"),
    [
        ("x,a,b,owns,,\nx,b,a,owns,,\n", {2, 3}),
        (",a,b,owns,2020-01-01,2022-01-01\n,b,a,owns,2021-12-31,\n", {2, 3}),
        (",a,b,owns,,2022-01-01\n,b,a,owns,2020-01-01,\n,b,c,owns,,\n", {2, 3}),
        (",a,b,owns,,\n,b,a,owns,,\n,b,a,owns,2024-01-01,\n", {2, 3, 4}),
    ],
    ids=["one holder", "a day together", "open begin", "twice"],
)
def test_a_circle_at_one_time_is_found(tmp_path, ties, rows):
    assert {row for row, _ in cycles(tmp_path, ties)} == rows


def test_an_account_is_not_part_of_itself(tmp_path):
    accounts = "account_id,name,parent_id\np,P,q\nq,Q,p\nr,R,r\ns,S,r\n,N,p\n"
    assert {row for row, _ in cycles(tmp_path, accounts=accounts)} == {2, 3, 4}


def test_a_long_circle_is_cut_short(tmp_path):
    ids = [f"i{n}" for n in range(30)]
    people = "stakeholder_id,name,kind\n" + "".join(f"{i},N,person\n" for i in ids)
    ties = "source,target,kind\n" + "".join(f"{i},{j},owns\n" for i, j in zip(ids, ids[1:] + ids[:1], strict=True))
    found = [p for p in check(write(tmp_path, {"stakeholders.csv": people, "ties.csv": ties})) if p.code == "cycle"]
    assert len(found) == 30
    assert found[0].message == "owns goes round in a circle: i0 → i1 → i2 → i3 → …."
