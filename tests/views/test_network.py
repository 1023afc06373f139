"""One account as a payload."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, mapped, members, people, ties
from secrets_data import SECRET

from ecosystem_iq.assessment import assess
from ecosystem_iq.errors import InputError
from ecosystem_iq.schema import GROUPS
from ecosystem_iq.views import network_payload

KEYS = {
    "page",
    "title",
    "subtitle",
    "notice",
    "lead",
    "findings",
    "groups",
    "layers",
    "communities",
    "nodes",
    "ties",
    "measures",
    "facets",
    "layouts",
    "triggers",
    "jobs",
    "values",
    "what_if",
    "covered",
    "notes",
    "before",
    "collapsed",
    "links",
}
NODES = {"influence_low", "influence_high", "brokerage", "reach", "opportunity", "care_setting", "last_contact",
         "contacts", "advice", "value", "at_risk", "change", "rank_before", "stance_before",
         "name", "group", "title", "org", "decision_role", "stance", "contact", "influence", "rank", "rank_low",
         "rank_high", "percentile", "community", "x", "y", "size", "ties"}  # fmt: skip
TIES = {"source", "target", "kind", "layer", "sign", "mutual", "structure", "probability", "strength", "confidence",
        "confirmed", "evidence", "since", "until", "note", "change"}  # fmt: skip


def payload(account="all", links=(), **tables):
    return checked(network_payload(mapped(ecosystem(**tables)), account, links))


def checked(found):
    """The payload, after everything which must hold for any."""
    json.dumps(found, allow_nan=False)
    assert set(found) == KEYS
    nodes, edges = found["nodes"], found["ties"]
    assert (set(nodes), set(edges)) == (NODES, TIES)
    (n,) = {len(column) for column in nodes.values()}
    (m,) = {len(column) for column in edges.values()}
    assert sum(group["count"] for group in found["groups"]) == n
    assert sum(community["count"] for community in found["communities"]) == n
    assert sum(layer["count"] for layer in found["layers"]) == m
    for table, key, column in (
        ("groups", "group", nodes),
        ("communities", "community", nodes),
        ("layers", "layer", edges),
    ):
        assert [entry["count"] for entry in found[table]] == np.bincount(
            column[key], minlength=len(found[table])
        ).tolist()
    assert sum(nodes["ties"]) == 2 * m
    assert all(0 <= end < n for end in edges["source"] + edges["target"])
    assert set(edges["sign"]) <= {1, -1}
    assert all(0 <= p <= 1 for p in edges["probability"] if p is not None)
    assert all(p is None for p, structure in zip(edges["probability"], edges["structure"], strict=True) if structure)
    if n:
        assert sum(nodes["influence"]) == pytest.approx(1, abs=1e-3)
        assert nodes["influence"] == sorted(nodes["influence"], reverse=True)
        assert nodes["rank"] == sorted(nodes["rank"])
        assert nodes["rank"][0] == 1
        assert all(0 <= p <= 100 for p in nodes["percentile"])
        assert nodes["percentile"][0] == 100
        assert all(5 <= size <= 26 for size in nodes["size"])
        ranges = zip(nodes["rank_low"], nodes["rank"], nodes["rank_high"], strict=True)
        assert all(low is None or low <= rank <= high for low, rank, high in ranges)
    assert found["subtitle"].startswith(f"{n:,} stakeholder")
    assert f"{m:,} tie" in found["subtitle"]
    assert len(found["findings"]) <= 5
    checked_details(found, n)
    return found


def checked_details(found, n):
    """What must hold for everything which is shown on demand."""
    assert all(isinstance(value, int) for axis in "xy" for value in found["nodes"][axis])
    for facet in found["facets"]:
        assert len(facet["of"]) == n
        assert set(facet["of"]) <= {-1, *range(len(facet["values"]))}
    assert [layout["id"] for layout in found["layouts"]][:1] == ["communities"]
    for layout in found["layouts"][1:]:
        assert len(layout["x"]) == len(layout["y"]) == n
    assert {measure["id"] for measure in found["measures"]} <= set(found["nodes"])
    assert found["measures"][0]["id"] == "influence"
    assert all(0 <= i < n for i in found["covered"])
    assert all(note["node"] is None or 0 <= note["node"] < n for note in found["notes"])
    assert all(0 <= int(i) < n for i in found["values"])
    assert found["collapsed"] == (n > 2_000)
    shares = zip(*(found["nodes"][f"influence{part}"] for part in ("_low", "", "_high")), strict=True)
    assert all(low is None or low <= share <= high for low, share, high in shares)
    assert all(reach is None or 1 <= reach <= n for reach in found["nodes"]["reach"])


def named(found):
    """Ties as (source name, target name)."""
    names = found["nodes"]["name"]
    return [(names[s], names[t]) for s, t in zip(found["ties"]["source"], found["ties"]["target"], strict=True)]


@pytest.mark.parametrize("account", ["acc-01", "acc-02", "acc-24"])
def test_the_demo(demo, account):
    found = checked(network_payload(demo, account))
    assert found["notice"] == "Synthetic data: every name is fictional."
    assert found["title"] == demo.ecosystem.tables["accounts"].set_index("account_id")["name"][account]
    code = demo.graph.account_ids.index(account)
    assert len(found["ties"]["source"]) == demo.graph.ties[code]
    assert len(found["nodes"]["name"]) == demo.graph.sizes[code]
    assert {group["id"] for group in found["groups"]} <= set(GROUPS.split())


def test_ties_are_turned_so_that_the_source_moves_the_target():
    rows = [
        *ties("ab"), *ties("cd", kind="reports_to"), *ties("ef", kind="refers_to"), *ties("gh", kind="collaborates"),
        *ties("ij", kind="owns"), *ties("kl", kind="reports_to", direction="mutual"),
        *ties("mn", direction="undirected"),
    ]  # fmt: skip
    found = payload(stakeholders=people(*"abcdefghijklmn"), ties=rows)
    kinds = found["ties"]["kind"]
    turned = dict(
        zip(named(found), zip(kinds, found["ties"]["mutual"], found["ties"]["structure"], strict=True), strict=True)
    )
    assert turned == {
        ("A", "B"): ("Influences", False, False), ("D", "C"): ("Reports to", False, False),
        ("F", "E"): ("Refers to", False, False), ("G", "H"): ("Collaborates", True, False),
        ("I", "J"): ("Owns", False, True), ("L", "K"): ("Reports to", True, False),
        ("M", "N"): ("Influences", True, False),
    }  # fmt: skip


def test_what_moves_on_the_page_moves_in_the_graph(demo):
    found = network_payload(demo, "acc-03")
    graph, names = demo.graph, demo.ecosystem.tables["stakeholders"].set_index("stakeholder_id")["name"]
    here = np.flatnonzero(graph.account == "acc-03")
    tail, head = graph.matrix[here][:, here].nonzero()
    arcs = {(names[graph.ids[here[i]]], names[graph.ids[here[j]]]) for i, j in zip(tail, head, strict=True)}
    shown = set()
    for pair, mutual, structure in zip(named(found), found["ties"]["mutual"], found["ties"]["structure"], strict=True):
        if not structure:
            shown |= {pair, pair[::-1]} if mutual else {pair}
    assert shown == arcs


def test_a_tie_in_detail():
    row = {
        "layer": "NHS advice",
        "strength": 0.5,
        "confidence": 0.8,
        "evidence_id": "e",
        "last_confirmed": "2026-05-01",
    }
    paper = [{"evidence_id": "e", "kind": "interview", "title": "Interview, May"}]
    found = payload(
        stakeholders=people(*"abyz"), ties=[*ties("ab", **row), *ties("yz", sign="negative", last_confirmed=None)],
        evidence=paper,
    )  # fmt: skip
    at = named(found).index(("A", "B"))
    detail = {name: column[at] for name, column in found["ties"].items()}
    age = 0.5 ** (60 / (24 * 365.2425 / 12))
    assert detail["probability"] == pytest.approx(0.5 * 0.8 * age * 2, rel=5e-3)  # the other tie, .5, is lifted to 1
    assert (detail["strength"], detail["confidence"], detail["sign"]) == (0.5, 0.8, 1)
    assert (detail["confirmed"], detail["evidence"]) == ("2026-05-01", "Interview, May")
    other = {name: column[1 - at] for name, column in found["ties"].items()}
    assert (other["sign"], other["confirmed"], other["evidence"]) == (-1, "", "")
    assert {layer["label"] for layer in found["layers"]} == {"NHS advice", "Influences"}


def test_a_stakeholder_in_detail():
    found = payload(
        account="A",
        stakeholders=[
            {"stakeholder_id": "a", "name": "Ann", "kind": "person", "title": "Nurse", "org_id": "o"}
            | {"group": "nursing"},
            {"stakeholder_id": "o", "name": "Org", "kind": "patient_group"},
        ],
        accounts=accounts("A"),
        memberships=[
            *members("A", "a", decision_role="decision_maker", stance="non_supporter", contact_depth="in_depth"),
            *members("A", "o", decision_role="none"),
        ],
        ties=ties("ao"),
    )  # fmt: skip
    ann, org = ({name: column[i] for name, column in found["nodes"].items()} for i in (0, 1))
    assert found["groups"] == [
        {"id": "nursing", "label": "Nursing", "count": 1}, {"id": "other", "label": "Other", "count": 1},
    ]  # fmt: skip
    assert (ann["name"], ann["title"], ann["org"], ann["group"]) == ("Ann", "Nurse", "Org", 0)
    assert (ann["decision_role"], ann["stance"], ann["contact"]) == ("Decision maker", -1, "In depth")
    assert (org["title"], org["org"], org["decision_role"], org["stance"]) == ("Patient group", "", "", None)


def test_what_holds_here_and_today_is_shown():
    tables = {
        "stakeholders": people("a", "b"), "ties": ties("ab"), "accounts": accounts("A", "B"),
        "companies": companies("x", "y"),
        "memberships": [
            *members("B", "a", stance="opponent"),
            *members("A", "a", stance="neutral", contact_depth="brief", valid_from="2024-01-01"),
            *members("A", "a", stance="advocate", contact_depth="multiple", valid_from="2025-01-01"),
            *members("A", "a", stance="opponent", valid_from="2027-01-01"),
            *members("A", "a", stance="opponent", contact_depth="in_depth", holder="x"), *members("A", "b"),
        ],
    }  # fmt: skip
    plain = payload("A", **tables)["nodes"]
    assert (plain["stance"][0], plain["contact"][0]) == (2, "Multiple")
    own = payload("A", **tables, settings={"own_company": "x"})["nodes"]
    assert (own["stance"][0], own["contact"][0]) == (2, "In depth")
    other = payload("A", **tables, settings={"own_company": "y"})["nodes"]
    assert (other["stance"][0], other["contact"][0]) == (2, "")


def test_no_secret_leaves_the_tables(secretive):
    found = checked(network_payload(secretive, f"{SECRET}-account"))
    text = json.dumps(found)
    assert SECRET not in text
    assert all(shown in text for shown in ("Name 0", "Title", "Layer", "Paper", "Account"))


HOSTILE = ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0",
           "line\nbreak \u2028 \u202e שלום", "{{7*7}}", " spaced ", "ÜberÄrztin|mit|Strich"]  # fmt: skip


def test_hostile_names_pass_through_untouched():
    who = [
        {"stakeholder_id": f"s{k}", "name": name, "kind": "person", "title": name, "org_id": "s0"}
        for k, name in enumerate(HOSTILE)
    ]
    rows = [
        {**ties("ab")[0], "source": "s0", "target": f"s{k}", "layer": name, "evidence_id": "e"}
        for k, name in enumerate(HOSTILE)
        if k
    ]
    paper = [{"evidence_id": "e", "kind": "document", "title": HOSTILE[1]}]
    found = payload("A", stakeholders=who, ties=rows, evidence=paper,
                    accounts=[{"account_id": "A", "name": HOSTILE[0]}],
                    memberships=members("A", *(row["stakeholder_id"] for row in who)))  # fmt: skip
    assert sorted(found["nodes"]["name"]) == sorted(found["nodes"]["title"]) == sorted(HOSTILE)
    assert found["title"] == HOSTILE[0]
    assert {layer["id"] for layer in found["layers"]} == set(HOSTILE[1:])
    assert set(found["ties"]["evidence"]) == {HOSTILE[1]}
    assert any(HOSTILE[0] in sentence for sentence in found["findings"])


@pytest.mark.parametrize(
    ("n", "pairs", "finding"),
    [
        (0, [], None),
        (1, [], "1 stakeholder: too few to rank."),
        (3, ["ab"], "3 stakeholders: too few to rank."),
        (5, [], "There are no ties of influence here, so nobody ranks above another."),
        (4, ["ab", "bc", "cd", "da"], "4 of 4 stakeholders share the first place, A among them."),
        (4, ["ab", "ac", "ad"], "A is the most influential beyond doubt."),
    ],
)
def test_small_and_even_accounts(n, pairs, finding):
    elsewhere = ties("yz", account_id="B")
    found = payload("A", stakeholders=people(*"abcdeyz"), accounts=accounts("A", "B"), ties=[*elsewhere, *ties(*pairs)],
                    memberships=[*members("A", *"abcde"[:n]), *members("B", "y", "z")])  # fmt: skip
    assert (found["findings"] or [None])[0] == finding
    assert len(found["nodes"]["name"]) == n


def test_only_structure_is_no_influence():
    found = payload(stakeholders=people(*"abcde"), ties=ties("ab", "bc", kind="owns"))
    (layer,) = found["layers"]
    assert (layer["id"], layer["label"], layer["count"], layer["structure"]) == ("owns", "Owns", 2, True)
    assert found["ties"]["probability"] == [None, None]
    assert found["findings"] == ["There are no ties of influence here, so nobody ranks above another."]


def test_all_against():
    found = payload(stakeholders=people(*"abcde"), ties=ties("ab", "bc", "cd", kind="competes"))
    assert set(found["ties"]["sign"]) == {-1}


def test_layers_which_move_come_before_structure():
    rows = [
        *ties("ab", kind="owns"),
        *ties("bc", kind="owns"),
        *ties("ca"),
        *ties("ac", layer="z"),
        *ties("cb", layer="z"),
    ]
    found = payload(stakeholders=people(*"abc"), ties=rows)
    assert [(layer["id"], layer["count"], layer["structure"]) for layer in found["layers"]] == [
        ("z", 2, False), ("influences", 1, False), ("owns", 2, True),
    ]  # fmt: skip


def test_loners_stand_on_one_island_of_their_own():
    found = payload(stakeholders=people(*"abcdef"), ties=ties("ab", "bc"))
    assert found["communities"][-1]["count"] == 3
    loners = {
        name
        for name, c in zip(found["nodes"]["name"], found["nodes"]["community"], strict=True)
        if c == len(found["communities"]) - 1
    }
    assert loners == {"D", "E", "F"}


def test_communities_are_named_after_their_most_influential(demo):
    found = network_payload(demo, "acc-02")
    for code, community in enumerate(found["communities"]):
        first = found["nodes"]["name"][found["nodes"]["community"].index(code)]
        assert community["label"].endswith(first) or community["label"] == "Without ties of influence"


@pytest.mark.parametrize("account", [f"acc-{k:02d}" for k in range(1, 25)])
def test_findings_are_true(demo, account):
    found = network_payload(demo, account)
    nodes, sentences = found["nodes"], found["findings"]
    frame = pd.DataFrame({key: nodes[key] for key in NODES})
    frame["influence"] = demo.measures.table[demo.measures.table["account_id"] == account]["influence"].to_numpy()
    first = frame.iloc[0]
    low, high = int(first["rank_low"]), int(first["rank_high"])
    words = f"rank 1, 90 % {low}-{high}" if high > 1 else "beyond doubt"
    assert sentences[0].startswith(f"{first['name']} is the most influential")
    assert words in sentences[0].replace("\N{NO-BREAK SPACE}", " ")
    assert (frame["rank"] == 1).sum() == 1
    top = min(10, len(frame))
    assert f"{100 * frame['influence'].head(top).sum():.0f}" in sentences[1]
    point = [s for s in sentences if "single point of failure" in s]
    assert bool(point) == (first["influence"] > 0.4)
    deciders = frame[frame["decision_role"] == "Decision maker"]
    decides = [s for s in sentences if " decides; " in s]
    assert bool(decides) == (len(deciders) > 0)
    if decides:
        assert decides[0].startswith(deciders["name"].iloc[0])
        block = demo.graph.matrix[:, [int(node_of(demo, account, deciders.index[0]))]].toarray().ravel()
        if block.max() > 0:
            mover = demo.graph.ids[int(block.argmax())]
            names = demo.ecosystem.tables["stakeholders"].set_index("stakeholder_id")["name"]
            assert f"{names[mover]} moves them most directly" in decides[0]
    against = frame[frame["stance"].isin([-1, -2])]
    warned = [s for s in sentences if "understand why" in s]
    assert bool(warned) == bool(len(against) and against["rank"].iloc[0] <= max(10, len(frame) // 5))
    if warned:
        assert warned[0].startswith(f"{against['name'].iloc[0]} is influential (rank {against['rank'].iloc[0]})")


def node_of(demo, account, place):
    """Node of the stakeholder who stands at a place of the payload."""
    return demo.measures.table[demo.measures.table["account_id"] == account].index[place]


@pytest.mark.parametrize(("stance", "words"), [("opponent", "opposed"), ("non_supporter", "support")])
def test_an_influential_opponent_is_named_in_plain_words(stance, words):
    found = payload("A", stakeholders=people(*"abcde"), accounts=accounts("A"), ties=ties("ab", "ac", "ad", "ae"),
                    memberships=[*members("A", "a", stance=stance), *members("A", *"bcde")])  # fmt: skip
    (sentence,) = (s for s in found["findings"] if "understand why" in s)
    assert words in sentence
    assert " an non" not in sentence


def test_a_decider_whom_nobody_moves_is_a_gap():
    inside = [*members("A", "a", decision_role="decision_maker"), *members("A", *"bcde")]
    found = payload("A", stakeholders=people(*"abcde"), accounts=accounts("A"), memberships=inside,
                    ties=ties("ab", "ac", "ad", "ae"))  # fmt: skip
    assert "A decides; no tie of influence leads there: a gap in the map." in found["findings"]


def test_the_notice_counts_what_was_left_out():
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab"))
    aside = replace(eco, rejected={"ties": pd.DataFrame({"row": [2, 3]})}, withheld=2)
    found = network_payload(mapped(aside), "all")
    assert (
        found["notice"]
        == "2 rows with errors were set aside. 2 people withheld on objection or after the retention date."
    )


def test_titles_and_links():
    links = [{"label": "All", "href": "../index.html"}]
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab"), settings={"title": "Mine"})
    shown = network_payload(mapped(eco), "all", links)
    assert (shown["title"], shown["links"]) == ("Mine", links)
    assert shown["subtitle"] == f"2 stakeholders · 1 tie · as of {TODAY.isoformat()}"


def test_an_unknown_account_or_no_map_is_refused():
    with pytest.raises(InputError, match='There is no account "A"'):
        payload("A", stakeholders=people("a", "b"), ties=ties("ab"))
    rows = [{"company_id": "x", "indicator_id": "R1", "value": 3}]
    with pytest.raises(InputError, match="A network view needs"):
        network_payload(assess(ecosystem(companies=companies("x"), scores=rows), draws=10), "A")
