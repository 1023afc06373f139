"""The index as a payload."""

from __future__ import annotations

import json

import numpy as np
import pytest
from ecosystems import accounts, companies, ecosystem, mapped, members, people, ties
from secrets_data import SECRET

from ecosystem_iq.assessment import assess
from ecosystem_iq.network import measures as measures_module
from ecosystem_iq.views import archetypes_view, network_payload, portal_view
from ecosystem_iq.views.portal import findings

KEYS = {"page", "title", "subtitle", "notice", "findings", "benchmark", "triggers", "archetypes", "accounts", "tables",
        "links"}  # fmt: skip
REPORTS = ("benchmark", "triggers", "archetypes")
ACCOUNT = {"name", "href", "kind", "stakeholders", "ties", "most_influential", "branching"}


def view(assessment, tables=()):
    known = () if assessment.graph is None else assessment.graph.account_ids
    made = (assessment.scorecard, assessment.triggers, assessment.archetypes)
    reports = {name: f"{name}.html" for name, result in zip(REPORTS, made, strict=True) if result is not None}
    return checked(portal_view(assessment, {a: f"accounts/{k}.html" for k, a in enumerate(known)}, reports, tables))


def checked(found):
    json.dumps(found, allow_nan=False)
    assert set(found) == KEYS
    assert all(set(account) == ACCOUNT for account in found["accounts"])
    assert len(found["findings"]) <= 3
    return found


def two_accounts(*first, **second):
    """Accounts A and B of four people each, with the ties given."""
    return ecosystem(
        stakeholders=people(*"abcdwxyz"), accounts=accounts("A", "B", kind="idn"),
        memberships=[*members("A", *"abcd"), *members("B", *"wxyz")], ties=[*ties(*first), *second.get("more", [])],
    )  # fmt: skip


def test_the_demo(demo):
    found = view(demo, ["tables/influence.csv"])
    assert len(found["accounts"]) == 24
    people = len(demo.ecosystem.tables["stakeholders"])
    assert found["subtitle"] == f"24 accounts · {people:,} stakeholders · 13 companies · as of 2026-06-30"
    assert found["benchmark"]["companies"] == 13
    assert found["tables"] == [{"label": "influence.csv", "href": "tables/influence.csv"}]
    assert len(found["findings"]) == 3


def test_the_cards_of_the_demo(demo):
    found, table = view(demo), demo.archetypes.table
    assert found["triggers"] == {
        "href": "triggers.html",
        "accounts": demo.triggers.table["account_id"].nunique(),
        "headline": "Whom to engage next, why, and who must not be targeted",
    }
    assert found["archetypes"] == {
        "href": "archetypes.html",
        "named": table["archetype_id"].notna().sum(),
        "accounts": 24,
        "headline": archetypes_view(demo, {})["findings"][-1],
    }


def test_a_report_without_a_page_has_no_card(demo):
    found = checked(portal_view(demo, {}, {"archetypes": "archetypes.html"}, []))
    assert [found[name] is None for name in REPORTS] == [True, True, False]


def test_without_results_there_are_no_cards():
    everywhere = {name: f"{name}.html" for name in REPORTS}
    found = checked(portal_view(mapped(two_accounts("ab")), {}, everywhere, []))
    assert [found[name] for name in REPORTS] == [None, None, None]


def test_accounts_too_small_for_triggers_are_not_counted():
    eco = ecosystem(stakeholders=people(*"abcdxy"), accounts=accounts("A", "S"), ties=ties("ab", "ac", "xy"),
                    memberships=[*members("A", *"abcd"), *members("S", "x", "y")])  # fmt: skip
    found = view(assess(eco, draws=50))
    assert (found["triggers"]["accounts"], found["archetypes"]["accounts"]) == (1, 2)
    assert found["archetypes"]["named"] == 0
    assert found["archetypes"]["headline"].startswith("0 of 2 accounts")


def test_counts_agree_with_the_pages(demo):
    for account, entry in zip(demo.graph.account_ids, view(demo)["accounts"], strict=True):
        page = network_payload(demo, account)
        assert entry["ties"] == len(page["ties"]["source"])
        assert entry["stakeholders"] == len(page["nodes"]["name"])
        assert entry["most_influential"] == page["nodes"]["name"][0]
        assert entry["name"] == page["title"]


def test_counts_agree_with_the_pages_where_ties_name_no_account():
    rows = [
        *ties("ab", "wx"),
        *ties("bc", account_id="A"),
        *ties("az", account_id="B"),
        *ties("aw"),
        *ties("cd", kind="owns"),
    ]
    found = mapped(two_accounts(more=rows))
    entries = view(found)["accounts"]
    assert [entry["ties"] for entry in entries] == [3, 3]
    for account, entry in zip("AB", entries, strict=True):
        assert entry["ties"] == len(network_payload(found, account)["ties"]["source"])


def test_an_account_in_detail():
    entry = view(mapped(two_accounts("ab", "ac", "wx")))["accounts"][0]
    assert entry == {
        "name": "Account A", "href": "accounts/0.html", "kind": "Integrated delivery network", "stakeholders": 4,
        "ties": 2, "most_influential": "A", "branching": 0.5,
    }  # fmt: skip


def test_only_accounts_with_a_page_are_listed():
    found = checked(portal_view(mapped(two_accounts("ab")), {"B": "b.html"}, {}, []))
    assert [entry["name"] for entry in found["accounts"]] == ["Account B"]


def test_an_account_without_stakeholders():
    eco = ecosystem(
        stakeholders=people("a", "b"), accounts=accounts("A", "E"), memberships=members("A", "a", "b"), ties=ties("ab")
    )
    entry = view(mapped(eco))["accounts"][1]
    assert (entry["stakeholders"], entry["ties"], entry["most_influential"], entry["branching"]) == (0, 0, "", 0)


def test_without_accounts_the_one_is_named_after_the_workspace():
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab"), settings={"title": "Mine"})
    found = view(mapped(eco))
    assert (found["title"], found["accounts"][0]["name"], found["accounts"][0]["kind"]) == ("Mine", "Mine", "")


def test_a_benchmark_alone():
    rows = [
        {"company_id": "x", "indicator_id": i, "value": 50} for i in (f"{a}{k}" for a in "RA" for k in range(1, 14))
    ]
    found = view(assess(ecosystem(companies=companies("x", "y"), scores=rows), draws=50))
    assert found["accounts"] == []
    assert found["benchmark"] == {"href": "benchmark.html", "leader": "X", "companies": 1}
    nobody = assess(ecosystem(companies=companies("x"), scores=rows[:1]), draws=50)
    assert view(nobody)["benchmark"]["leader"] == ""


def test_no_secret_leaves_the_tables(secretive):
    reports = {name: f"{name}.html" for name in REPORTS}
    found = checked(portal_view(secretive, {f"{SECRET}-account": "a.html"}, reports, []))
    text = json.dumps(found)
    assert all(found[name] for name in REPORTS), "nothing could leak"
    assert SECRET not in text
    assert "Account" in text


def test_who_is_first_beyond_doubt(demo):
    table = demo.measures.table
    first = table[table["rank"] == 1]
    assert not first["account_id"].duplicated().any()
    sure = int((first["rank_high"] == 1).sum())
    assert f"In {sure} of 24 accounts one stakeholder is the most influential beyond doubt" in findings(demo)[2]


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        (["ab", "ac"], "In 1 of 2 accounts one stakeholder is the most influential beyond doubt"),  # B has no ties
        (["ab", "wx", "wy"], "In 2 of 2 accounts one"),
        (["ab", "cd", "wx"], "In 1 of 2 accounts one"),  # a and c share the first place of A
    ],
)
def test_a_shared_first_place_is_not_beyond_doubt(pairs, sentence):
    assert findings(mapped(two_accounts(*pairs)))[0].startswith(sentence)


def test_doubtful_ties_leave_doubt():
    rows = [*ties("ab", confidence=0.5), *ties("cd", confidence=0.4), *ties("wx")]
    assert findings(mapped(two_accounts(more=rows)))[0].startswith("In 1 of 2 accounts")


def test_without_intervals_nothing_is_beyond_doubt(monkeypatch):
    monkeypatch.setattr(measures_module, "LARGEST_DRAWN", 0)
    assert findings(mapped(two_accounts("ab", "wx"))) == ["In 2 of 2 accounts one stakeholder is the most influential."]


def test_of_a_single_account_the_first_is_named():
    one = {"stakeholders": people(*"abcd")}
    assert findings(mapped(ecosystem(**one, ties=ties("ab")))) == ["A is the most influential of 4 stakeholders."]
    assert findings(mapped(ecosystem(**one, ties=ties("ab", "cd")))) == ["2 of 4 stakeholders share the first place."]


def test_branching_is_what_the_graph_reached(demo):
    found = [entry["branching"] for entry in view(demo)["accounts"]]
    np.testing.assert_allclose(found, demo.graph.branching, atol=5e-4)
