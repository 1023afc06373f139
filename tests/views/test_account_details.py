"""What the page of an account shows on demand: standing, contact, value, jobs, triggers, notes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem, mapped, members, people, shuffled, ties
from secrets_data import SECRET

from ecosystem_iq.assessment import assess
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.brokerage import brokerage
from ecosystem_iq.network.jobs import opportunities
from ecosystem_iq.views import network_payload

WORDS = ("SECRET", "owner", "pers-", "stakeholder_id")


def shown(account="A", **tables):
    tables = {"accounts": accounts("A"), "memberships": members("A", *"abcde"), **tables}
    return network_payload(mapped(ecosystem(stakeholders=people(*"abcde"), **tables)), account)


def at(found, name, *columns):
    """Cells of the stakeholder of a name."""
    place = found["nodes"]["name"].index(name)
    return tuple(found["nodes"][column][place] for column in columns)


CHAIN = ties("ab", "bc", "cd")


def test_reach_and_brokerage():
    found = shown(ties=CHAIN)
    graph = influence_graph(ecosystem(stakeholders=people(*"abcde"), ties=CHAIN))
    p = float(graph.matrix.data[0])
    assert at(found, "A", "reach") == pytest.approx((1 + p + p * p,), rel=5e-3)
    assert [at(found, name, "brokerage")[0] for name in "ABCDE"] == [0, 1, 1, 0, 0]


def test_ties_against_move_nobody():
    found = shown(ties=[*ties("ab"), *ties("ac", "ad", sign="negative")])
    assert at(found, "A", "reach") == (2.0,)


def test_brokerage_is_that_of_the_network_room(demo):
    found = network_payload(demo, "acc-07")
    table = brokerage(demo.graph).table
    table = table[table["account_id"] == "acc-07"]
    assert sorted(found["nodes"]["brokerage"]) == sorted(table["total"].tolist())


def test_intervals_are_those_of_the_measures(demo):
    found, table = network_payload(demo, "acc-04")["nodes"], demo.measures.table
    table = table[table["account_id"] == "acc-04"]
    for name in ("influence", "influence_low", "influence_high"):
        np.testing.assert_allclose(found[name], table[name], rtol=1e-3)


def contact(day, who="a", **more):
    row = {"company_id": "own", "date": day, "stakeholder_id": who, "account_id": "A", "channel": "phone"}
    return {"interaction_id": f"i-{who}-{day}-{len(more)}-{more}", **row, **more}


def contacts_of(rows, settings=None):
    return shown(ties=CHAIN, companies=companies("own", "other"), interactions=rows,
                 settings={"own_company": "own"} if settings is None else settings)  # fmt: skip


def test_contacts_are_those_of_the_own_company_within_twelve_months():
    found = contacts_of(
        [
            contact("2026-06-30"), contact("2025-07-01"), contact("2025-06-30"), contact("2026-07-01"),
            contact("2026-01-05", company_id="other"), contact("2026-02-02", account_id=None),
            contact("2026-03-03", who="b", channel="email", direction="outbound"),
            contact("2026-03-04", who="c", channel="email", direction="two_way"),
            contact("2026-03-05", who="d", visibility="restricted"),
        ]
    )  # fmt: skip
    assert at(found, "A", "last_contact", "contacts") == ("2026-06-30", 3)
    assert at(found, "B", "last_contact", "contacts") == ("", 0)
    assert at(found, "C", "last_contact", "contacts") == ("2026-03-04", 1)
    assert at(found, "D", "last_contact", "contacts") == ("", 0)


def test_without_an_own_company_there_is_no_contact():
    found = contacts_of([contact("2026-06-30")], settings={})
    assert found["nodes"]["contacts"] == [0] * 5


def test_who_is_covered():
    inside = [*members("A", "a", contact_depth="in_depth"), *members("A", "b", contact_depth="multiple"),
              *members("A", "c", contact_depth="brief"), *members("A", "d", "e")]  # fmt: skip
    found = shown(ties=CHAIN, memberships=inside)
    assert {found["nodes"]["name"][i] for i in found["covered"]} == {"A", "B"}


def value(who, perspective, share=None, **more):
    return {"account_id": "A", "stakeholder_id": who, "value_type": "clinical", "perspective": perspective,
            "share": share, "as_of": "2026-01-01", **more}  # fmt: skip


def test_value_is_a_share_of_what_the_account_receives_and_creates():
    found = shown(
        ties=CHAIN,
        values=[
            value("a", "received", 0.3), value("a", "created", 0.1), value("b", "received", 0.1),
            value("c", "at_risk", 0.2), value("d", "received", amount=1200, currency="EUR"),
            value("e", "received", 0.5, visibility="restricted"),
            value("b", "received", 0.9, account_id="B"),
        ],
        accounts=accounts("A", "B"),
    )  # fmt: skip
    assert [at(found, name, "value")[0] for name in "ABCDE"] == [0.8, 0.2, None, None, None]
    assert at(found, "C", "at_risk") == (1.0,)
    rows = found["values"][str(found["nodes"]["name"].index("D"))]
    assert rows == [{"type": "Clinical", "perspective": "received", "share": None, "amount": "EUR 1,200"}]
    assert [row["perspective"] for row in found["values"][str(found["nodes"]["name"].index("A"))]] == [
        "created",
        "received",
    ]
    assert {measure["id"] for measure in found["measures"]} == {"influence", "brokerage", "reach", "value"}


JOBS = [
    {"job_id": "j1", "statement": "Shorten waiting", "group": "clinician", "category": "clinical",
     "funnel_stage": "diagnosis"},
    {"job_id": "j2", "statement": "Know the cost", "group": "clinician", "category": "economic"},
    {"job_id": "j3", "statement": "Plan capacity", "group": "payer"},
]  # fmt: skip


def with_jobs():
    rated = [(job, i, s) for job, i, s in (("j1", 9, 2), ("j2", 5, 7), ("j3", 8, 4)) for _ in range(12)]
    alike = {"account_id": "A", "period": "2026", "scale": "0-10"}
    ratings = [
        {**alike, "job_id": job, "stakeholder_id": "abcde"[k % 5], "importance": i, "satisfaction": s}
        for k, (job, i, s) in enumerate(rated)
    ]
    eco = ecosystem(
        stakeholders=[*people("a", "b", group="clinician"), *people("c", group="payer"), *people("d", "e")],
        ties=CHAIN, accounts=accounts("A"), memberships=members("A", *"abcde"), jobs=JOBS, job_ratings=ratings,
    )  # fmt: skip
    return replace(mapped(eco), opportunities=opportunities(eco))


def test_jobs_of_each_group_with_their_intervals():
    assessment = with_jobs()
    found = network_payload(assessment, "A")
    table = assessment.opportunities.set_index("job_id")
    assert set(found["jobs"]) == {"clinician", "payer"}
    first = found["jobs"]["clinician"][0]
    assert first["statement"] == "Shorten waiting"
    assert (first["category"], first["stage"], first["form"]) == ("Clinical", "Diagnosis", "mean")
    assert first["n"] == int(table.loc["j1", "n"])
    for name in ("opportunity", "low", "high", "quartile"):
        assert first[name] == pytest.approx(table.loc["j1", name], rel=5e-3)
    assert first["low"] <= first["opportunity"] <= first["high"]
    best = table.loc["j1", "quartile"]
    assert at(found, "A", "opportunity") == pytest.approx((best,), rel=5e-3)
    assert at(found, "D", "opportunity") == (None,)


def test_triggers_of_this_account_only(demo):
    for account in ("acc-01", "acc-09"):
        found = network_payload(demo, account)
        ids = demo.measures.table[demo.measures.table["account_id"] == account]["stakeholder_id"].tolist()
        rows = demo.triggers.table[demo.triggers.table["account_id"] == account]
        assert [ids[row["node"]] for row in found["triggers"]["rows"]] == rows["stakeholder_id"].tolist()
        np.testing.assert_allclose([row["score"] for row in found["triggers"]["rows"]], rows["score"], rtol=5e-3)
        refused = demo.triggers.refused[demo.triggers.refused["account_id"] == account]
        told = {ids[row["node"]]: row["reason"] for row in found["triggers"]["refused"]}
        assert told == dict(zip(refused["stakeholder_id"], refused["reason"], strict=True))
        assert "human review" in found["triggers"]["notice"]
        windows = [row["window"] for row in found["triggers"]["rows"]]
        assert all(window is None or (len(window) == 2 and window[0] <= window[1]) for window in windows)


def test_without_triggers_there_are_none():
    assert shown(ties=CHAIN)["triggers"] is None


def test_through_whom_somebody_can_be_reached():
    inside = [*members("A", "a", contact_depth="in_depth"), *members("A", "b", contact_depth="brief"),
              *members("A", *"cde")]  # fmt: skip
    eco = ecosystem(stakeholders=people(*"abcde"), ties=[*ties("ab", "bc", "bd", "be")], accounts=accounts("A"),
                    memberships=inside)  # fmt: skip
    found = network_payload(assess(eco, draws=10), "A")
    through = {found["nodes"]["name"][row["node"]]: row["through"] for row in found["triggers"]["rows"]}
    assert through["B"] == "Contact so far: brief · moved by A, whom you know"


def test_notes_come_from_the_users_own_columns():
    who = people(*"abcde")
    who[0]["note"] = "Prefers short papers"
    who[1] |= {"note": "Hidden", "visibility": "restricted"}
    inside = members("A", *"abcde")
    inside[2] |= {"note": "Chairs the board", "as_of": "2026-03-01"}
    eco = ecosystem(
        stakeholders=who, accounts=[{"account_id": "A", "name": "A", "note": "Merger in autumn"}], memberships=inside,
        ties=[*ties("ab", note="Met at the congress"), *ties("bc", note="Hidden", visibility="restricted")],
    )  # fmt: skip
    found = network_payload(mapped(eco), "A")
    names = found["nodes"]["name"]
    told = [
        (note["text"], None if note["node"] is None else names[note["node"]], note["date"]) for note in found["notes"]
    ]
    assert told == [("Merger in autumn", None, ""), ("Prefers short papers", "A", ""),
                    ("Chairs the board", "C", "2026-03-01")]  # fmt: skip
    assert sorted(found["ties"]["note"]) == ["", "Met at the congress"]
    assert "Hidden" not in json.dumps(found)


def test_dates_of_ties():
    found = shown(ties=[*ties("ab", valid_from="2024-03-01", valid_to="2027-01-01"), *ties("bc")])
    place = found["ties"]["since"].index("2024-03-01")
    assert found["ties"]["until"][place] == "2027-01-01"
    assert sorted(found["ties"]["since"]) == ["", "2024-03-01"]


def test_facets():
    inside = [
        *members("A", "a", stance="advocate", contact_depth="brief", decision_role="user"),
        *members("A", *"bcde"),
    ]
    who = [*people("a", care_setting="payer_admin"), *people(*"bcde")]
    eco = ecosystem(stakeholders=who, accounts=accounts("A"), memberships=inside, ties=CHAIN)
    facets = {facet["id"]: facet for facet in network_payload(mapped(eco), "A")["facets"]}
    assert facets["care_setting"]["values"] == ["Payer admin"]
    assert facets["care_setting"]["of"] == [0, -1, -1, -1, -1]
    assert facets["stance"]["values"] == ["Opponent", "Non-supporter", "Neutral", "Supporter", "Advocate"]
    assert facets["stance"]["of"] == [4, -1, -1, -1, -1]
    assert facets["stance"]["ordered"]
    assert facets["contact"]["ordered"]
    assert "ordered" not in facets["decision_role"]
    assert shown(ties=CHAIN)["facets"] == []


def test_nothing_internal_leaves(secretive):
    found = network_payload(secretive, f"{SECRET}-account")
    text = json.dumps(found)
    owners = secretive.ecosystem.tables["memberships"]["owner"].dropna().unique()
    assert not any(owner in text for owner in owners)
    assert SECRET not in text


def test_the_order_of_rows_does_not_show():
    who = [{**row, "group": "clinician", "care_setting": "primary"} for row in people(*"abcdefghij")]
    rows = [
        *ties("ab", "bc", "cd", "de", "fg", "gh", "ha"), *ties("ab", "bc", layer="z", note="n"),
        *ties("ij", "ji", kind="owns"), *ties("ab", strength=0.5, valid_from="2020-01-01"),
    ]  # fmt: skip
    eco = ecosystem(
        stakeholders=who, ties=rows, accounts=accounts("A"), memberships=members("A", *"abcdefghij", stance="neutral"),
        values=[value(w, "received", 0.1) for w in "abcdef"], companies=companies("own"),
        interactions=[contact("2026-05-01", who=w) for w in "abc"], settings={"own_company": "own"},
    )  # fmt: skip

    def text(each):
        graph = influence_graph(each)
        assessment = replace(mapped(each), measures=measure(graph, draws=20), opportunities=opportunities(each))
        return json.dumps(network_payload(assessment, "A"))

    assert len({text(each) for each in (eco, *(shuffled(eco, seed) for seed in range(3)))}) == 1


def test_judged_ranks_keep_everybody_in_place():
    inside = [
        {**row, "influence_judged": judged}
        for row, judged in zip(members("A", *"abcde"), (1, 2, 9, 8, 10), strict=True)
    ]
    eco = ecosystem(stakeholders=people(*"abcde"), ties=CHAIN, accounts=accounts("A"), memberships=inside,
                    settings={"judged_weight": 0.9})  # fmt: skip
    found = network_payload(assess(eco, draws=10), "A")
    pairs = {(found["nodes"]["name"][s], found["nodes"]["name"][t])
             for s, t in zip(found["ties"]["source"], found["ties"]["target"], strict=True)}  # fmt: skip
    assert pairs == {("A", "B"), ("B", "C"), ("C", "D")}
    assert [at(found, name, "brokerage")[0] for name in "ABCDE"] == [0, 1, 1, 0, 0]


def pairs_of(n):
    """``n`` pairs of two, each on its own."""
    ids = [f"s{k:05d}" for k in range(2 * n)]
    rows = [{"source": ids[2 * k], "target": ids[2 * k + 1], "kind": "influences"} for k in range(n)]
    return ecosystem(stakeholders=[row | {"name": row["name"]} for row in people(*ids)], ties=pd.DataFrame(rows))


def test_a_thousand_small_groups_share_an_island():
    found = network_payload(mapped(pairs_of(1_000)), "all")
    assert [entry["label"] for entry in found["communities"]] == ["In small groups"]
    assert len(found["nodes"]["name"]) == 2_000
    assert not found["collapsed"]


def test_a_few_small_groups_keep_their_own():
    assert len(network_payload(mapped(pairs_of(5)), "all")["communities"]) == 5


def test_a_community_says_of_whom_most_are():
    who = [*people(*"abcd", group="payer"), *people("e", group="policy")]
    eco = ecosystem(stakeholders=who, ties=ties("ab", "bc", "cd", "de", "ea", "ac", "bd", "ce"))
    (entry,) = network_payload(mapped(eco), "all")["communities"]
    assert entry["about"] == "80\N{NO-BREAK SPACE}% Payer"
