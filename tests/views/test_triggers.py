"""Trigger points as a payload."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, mapped, members, people, ties
from secrets_data import SECRET

from ecosystem_iq.assessment import TRIGGERS, assess
from ecosystem_iq.errors import InputError
from ecosystem_iq.views import triggers_view
from ecosystem_iq.views.triggers import CONDUCT, trigger_findings

KEYS = {"page", "title", "subtitle", "notice", "findings", "conduct", "accounts", "links"}
ACCOUNT = {"name", "href", "rows", "refused", "comparison"}
ROW = {"rank", "name", "role", "organisation", "reach", "reach_se", "reach_share", "movability", "timing",
       "actionability", "score", "type", "reason", "event", "through"}  # fmt: skip
METHODS = ["These stakeholders", "Most influential", "Most ties", "Random"]


def view(assessment, **hrefs):
    return checked(triggers_view(assessment, hrefs))


def checked(found):
    json.dumps(found, allow_nan=False)
    assert set(found) == KEYS
    assert found["conduct"] == CONDUCT
    for account in found["accounts"]:
        assert set(account) == ACCOUNT
        assert all(set(row) == ROW for row in account["rows"])
        assert [row["rank"] for row in account["rows"]] == sorted(row["rank"] for row in account["rows"])
        assert all(set(refused) == {"name", "reason"} for refused in account["refused"])
        assert [entry["method"] for entry in account["comparison"]] == (METHODS if account["rows"] else [])
        assert not {row["name"] for row in account["rows"]} & {refused["name"] for refused in account["refused"]}
    return found


def made(**tables):
    return assess(ecosystem(**tables), draws=50)


def two_accounts(**more):
    """Accounts A, where a moves everybody, and B, where nobody moves anybody."""
    seats = {"memberships": [*members("A", *"abcd"), *members("B", *"wxyz")]} | more
    return made(stakeholders=people(*"abcdwxyz"), accounts=accounts("A", "B"), ties=ties("ab", "ac", "ad"), **seats)


def test_the_demo(demo):
    hrefs = {account: f"accounts/{account}.html" for account in demo.graph.account_ids[1:]}
    found = checked(triggers_view(demo, hrefs, [{"label": "All accounts", "href": "index.html"}]))
    assert found["links"] == [{"label": "All accounts", "href": "index.html"}]
    assert found["subtitle"] == "24 accounts · as of 2026-06-30"
    assert [account["href"] for account in found["accounts"]] == ["", *hrefs.values()]
    assert {len(account["rows"]) for account in found["accounts"]} == {TRIGGERS}


def test_counts_and_numbers_are_those_of_the_result(demo):
    table, refused = demo.triggers.table, demo.triggers.refused
    names = demo.ecosystem.tables["stakeholders"].set_index("stakeholder_id")["name"]
    for account, shown in zip(demo.graph.account_ids, view(demo)["accounts"], strict=True):
        rows = table[table["account_id"] == account]
        assert [row["name"] for row in shown["rows"]] == names[rows["stakeholder_id"]].tolist()
        for name in ("reach", "reach_se", "reach_share", "movability", "timing", "actionability", "score"):
            np.testing.assert_allclose([row[name] for row in shown["rows"]], rows[name], rtol=1e-4)
        assert len(shown["refused"]) == (refused["account_id"] == account).sum()


def test_a_score_is_the_product_of_what_is_shown_beside_it(demo):
    for account in view(demo)["accounts"]:
        for row in account["rows"]:
            product = row["reach"] * row["movability"] * row["timing"] * row["actionability"]
            assert row["score"] == pytest.approx(product, rel=1e-4)


def test_a_row_in_words():
    seats = [
        *members("A", "a", stance="supporter", contact_depth="in_depth", owner="Priya Haddad"),
        *members("A", *"bcd"),
    ]
    event = {"trigger_id": "t", "account_id": "A", "stakeholder_id": "a", "name": "Formulary review", "kind": "policy",
             "window_start": TODAY, "status": "open", "probability": 1.0}  # fmt: skip
    row = view(two_accounts(memberships=[*seats, *members("B", *"wxyz")], trigger_events=[event]))["accounts"][0]
    first = row["rows"][0]
    assert (first["name"], first["type"], first["through"]) == ("A", "timing", "In depth · Priya Haddad")
    assert (first["timing"], first["event"]) == (1.0, f"Formulary review ({TODAY.isoformat()})")
    assert first["reach"] == pytest.approx(4.0)
    assert first["reach_share"] == pytest.approx(1.0)


def test_what_is_unknown_is_blank():
    (row,) = view(two_accounts())["accounts"][0]["rows"][:1]
    assert (row["role"], row["organisation"], row["event"], row["through"]) == ("", "", "", "")


def test_who_may_not_be_targeted_has_a_reason_and_is_counted_once():
    seats = [*members("A", *"abcd"), *members("B", "a", *"wxyz")]
    everybody = [*people("a", kind="regulator"), *people(*"bcdwxyz")]
    assessment = made(stakeholders=everybody, accounts=accounts("A", "B"), memberships=seats,
                      ties=ties("bc", "cd", "ab", "wx"))  # fmt: skip
    found = view(assessment)
    assert [account["refused"] for account in found["accounts"]] == [
        [{"name": "A", "reason": "decides, do not target: regulator"}]
    ] * 2
    assert found["findings"][-1].startswith("1 stakeholder may not be targeted")


def test_a_small_account_has_no_rows_and_no_comparison():
    assessment = made(stakeholders=people(*"abcdxy"), accounts=accounts("A", "S"), ties=ties("ab", "ac", "xy"),
                      memberships=[*members("A", *"abcd"), *members("S", "x", "y")])  # fmt: skip
    found = view(assessment)
    assert [bool(account["rows"]) for account in found["accounts"]] == [True, False]
    assert found["findings"][0].startswith(("In 0 of 1 account", "In 1 of 1 account"))


def test_nobody_at_all_leaves_no_findings():
    found = view(made(stakeholders=people("a", "b"), ties=ties("ab")))
    assert found["findings"] == []
    assert found["accounts"][0]["rows"] == []


def compared(assessment, **reaches):
    """The assessment with another comparison in its only account."""
    table = assessment.triggers.comparison.copy()
    for method, (mean, error) in reaches.items():
        table.loc[table["method"] == method, ["likely_reach", "likely_reach_se"]] = mean, error
    return replace(assessment, triggers=replace(assessment.triggers, comparison=table))


@pytest.mark.parametrize(
    ("reaches", "accounts_won"),
    [
        ({"triggers": (5, 0.1), "influence": (4, 0.1), "ties": (4, 0.1), "random": (1, 0.1)}, 1),
        ({"triggers": (4, 0.1), "influence": (4, 0.1), "ties": (3, 0.1), "random": (1, 0.1)}, 0),  # as good
        ({"triggers": (4.2, 0.1), "influence": (4, 0.1), "ties": (3, 0.1), "random": (1, 0.1)}, 0),  # not clearly
        ({"triggers": (4, 0.1), "influence": (3, 0.1), "ties": (5, 0.1), "random": (1, 0.1)}, 0),  # worse than one
        ({"triggers": (4, 0.1), "influence": (3, 0.1), "ties": (3, 0.1), "random": (4, 0.1)}, 0),
    ],
)
def test_the_comparison_is_told_as_it_is(reaches, accounts_won):
    found = compared(made(stakeholders=people(*"abcd"), ties=ties("ab", "ac", "ad")), **reaches)
    sentence = trigger_findings(found)[0]
    assert sentence.startswith(f"In {accounts_won} of 1 account ")
    assert sentence.endswith("elsewhere a simpler choice does as well.")
    shown = view(found)["accounts"][0]["comparison"]
    assert [entry["reach"] for entry in shown] == [reaches[m][0] for m in ("triggers", "influence", "ties", "random")]


def test_findings_of_the_demo_are_true(demo):
    found, table = view(demo), demo.triggers.table
    first = max(found["accounts"], key=lambda account: account["rows"][0]["score"])
    best = table.loc[table["score"].idxmax()]
    assert first["rows"][0]["name"] in found["findings"][1]
    assert first["name"] in found["findings"][1]
    assert first["rows"][0]["score"] == pytest.approx(best["score"], rel=1e-4)
    won = 0
    for account in found["accounts"]:
        ours, *others = account["comparison"]
        won += all(ours["reach"] - o["reach"] > 2 * (ours["se"] ** 2 + o["se"] ** 2) ** 0.5 for o in others)
    assert found["findings"][0].startswith(f"In {won} of 24 accounts")


def test_no_secret_leaves_the_tables(secretive):
    found = view(secretive)
    text = json.dumps(found)
    assert SECRET not in text.replace(f"{SECRET}-memberships-owner", "")
    assert found["accounts"][0]["rows"], "nothing could leak"
    assert "Event" in text


def test_hostile_names_pass_through_untouched():
    name = "</script><img onerror=alert(1)>"
    rows = [{"stakeholder_id": s, "name": name, "title": name, "kind": "person"} for s in "abcd"]
    found = view(made(stakeholders=rows, ties=ties("ab", "ac", "ad")))
    assert (found["accounts"][0]["rows"][0]["name"], found["accounts"][0]["rows"][0]["role"]) == (name, name)


def test_the_note_on_conduct_says_what_matters():
    for words in ("human review", "Nobody is to be paid", "regulators", "opponents", "assumed tie strengths"):
        assert words in CONDUCT


def test_without_triggers_there_is_no_view():
    with pytest.raises(InputError, match=r"stakeholders\.csv and ties\.csv"):
        triggers_view(mapped(ecosystem(stakeholders=people("a", "b"), ties=ties("ab"))), {})
    rows = [{"company_id": "x", "indicator_id": "R1", "value": 3}]
    with pytest.raises(InputError, match=r"stakeholders\.csv and ties\.csv"):
        triggers_view(made(companies=companies("x"), scores=rows), {})
