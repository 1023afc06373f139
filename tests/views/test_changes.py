"""An account beside what it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from ecosystems import accounts, ecosystem, mapped, members, people, ties

from ecosystem_iq.views import network_payload

BEFORE = dt.date(2025, 12, 31)
STAR = ["ab", "ac", "ad", "ae"]


def eco_of(*names, pairs=STAR, as_of=dt.date(2026, 6, 30), inside=None, **more):
    return ecosystem(
        stakeholders=people(*"abcdefgh", **more), ties=ties(*pairs), accounts=accounts("A"), as_of=as_of,
        memberships=members("A", *names) if inside is None else inside,
    )  # fmt: skip


def compared(now, before):
    found = network_payload(mapped(now), "A", before=mapped(before))
    nodes = found["nodes"]
    return found, {name: i for i, name in enumerate(nodes["name"])}


def test_without_a_before_nothing_is_marked():
    found = network_payload(mapped(eco_of(*"abcde")), "A")
    assert found["before"] is None
    assert set(found["nodes"]["change"]) | set(found["ties"]["change"]) == {""}
    assert set(found["nodes"]["rank_before"]) == {None}


def test_who_came_and_who_went():
    found, place = compared(eco_of(*"abcde"), eco_of(*"abcdf", pairs=STAR[:3], as_of=BEFORE))
    change = found["nodes"]["change"]
    assert change[place["E"]] == "new"
    assert found["nodes"]["rank_before"][place["E"]] is None
    assert found["nodes"]["rank_before"][place["A"]] == 1
    assert [(gone["name"], gone["group"]) for gone in found["before"]["gone"]] == [("F", "Other")]
    assert found["before"]["label"] == "as of 2025-12-31"
    assert found["before"]["summary"][:3] == ["1 new stakeholder", "1 stakeholder no longer here", "1 new tie"]
    new = [t for t, change in enumerate(found["ties"]["change"]) if change == "new"]
    assert [found["ties"]["target"][t] for t in new] == [place["E"]]


def test_ties_which_are_gone_are_counted():
    found, _ = compared(eco_of(*"abcde", pairs=STAR[:3]), eco_of(*"abcde", as_of=BEFORE))
    assert "1 tie no longer there" in found["before"]["summary"]


def test_who_rose_and_who_fell():
    found, place = compared(
        eco_of(*"abcdef", pairs=["ab", "ac", "ad", "ae", "af"]),
        eco_of(*"abcdef", pairs=["fb", "fc", "fd", "fe", "fa"], as_of=BEFORE),
    )
    assert found["nodes"]["change"][place["A"]] == "up"
    assert found["nodes"]["change"][place["F"]] == "down"
    assert any(told.startswith("A rose from rank 2 to 1") for told in found["before"]["summary"])


def test_a_change_of_stance():
    now = eco_of(
        inside=[*members("A", "a", stance="supporter"), *members("A", "b", stance="opponent"), *members("A", *"cde")]
    )
    then = eco_of(inside=[*members("A", "a", "b", stance="neutral"), *members("A", *"cde")], as_of=BEFORE)
    found, place = compared(now, then)
    assert [found["nodes"]["stance_before"][place[name]] for name in "ABC"] == [0, 0, None]
    assert {"1 stakeholder more supportive", "1 stakeholder less supportive"} <= set(found["before"]["summary"])


def test_nothing_has_changed():
    found, _ = compared(eco_of(*"abcde"), eco_of(*"abcde"))
    assert found["before"] == {"label": "the other workspace", "gone": [], "summary": ["Nothing has changed."]}


@pytest.mark.parametrize(("withheld", "named"), [(0, ["F"]), (1, [])])
def test_nobody_who_was_withheld_is_named(withheld, named):
    now = eco_of(*"abcde")
    tables = {**now.tables, "stakeholders": now.tables["stakeholders"].query("stakeholder_id != 'f'")}
    now = replace(now, tables=tables, withheld=withheld)
    found, _ = compared(now, eco_of(*"abcdef", as_of=BEFORE))
    assert [gone["name"] for gone in found["before"]["gone"]] == named
    assert "1 stakeholder no longer here" in found["before"]["summary"]


def test_nobody_whose_retention_has_ended_since_is_named():
    now = eco_of(*"abcde")
    now = replace(now, tables={**now.tables, "stakeholders": now.tables["stakeholders"].query("stakeholder_id != 'f'")})
    found, _ = compared(now, eco_of(*"abcdef", as_of=BEFORE, retain_until="2026-03-01"))
    assert found["before"]["gone"] == []


def test_an_account_which_is_new_is_new_throughout():
    now = eco_of(*"abcde")
    then = ecosystem(
        stakeholders=people(*"abcde"), ties=ties("ab"), accounts=accounts("B"), memberships=members("B", "a", "b")
    )
    found, _ = compared(now, then)
    assert set(found["nodes"]["change"]) == {"new"}
    assert set(found["ties"]["change"]) == {"new"}
