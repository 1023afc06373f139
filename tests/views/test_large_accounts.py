"""Accounts as large as they come: small files, no blank page."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem
from scipy.spatial import cKDTree

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.pages.packing import packed
from ecosystem_iq.schema import GROUPS
from ecosystem_iq.views import network_payload


def large(n, m, seed=0):
    """An account of ``n`` stakeholders and about ``m`` ties, three in four within small blocks."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"pers-{k:06d}" for k in range(n)])
    source, other = rng.choice(n, m, p=(weight := (np.arange(n) + 3.0) ** -0.6) / weight.sum()), rng.integers(0, n, m)
    target = np.where(rng.random(m) < 0.75, (source // 35 * 35 + rng.integers(0, 35, m)) % n, other)
    keep = source != target
    count = int(keep.sum())
    days = pd.Timestamp("2026-06-30") - pd.to_timedelta(rng.integers(0, 900, count), unit="D")
    tie_rows = {
        "source": ids[source[keep]],
        "target": ids[target[keep]],
        "account_id": "A",
        "strength": 0.5,
        "kind": rng.choice(["influences", "advises", "collaborates", "owns"], count),
        "layer": rng.choice(["clinical", "managerial", "social"], count),
        "confidence": rng.integers(30, 100, count) / 100,
        "last_confirmed": days,
        "valid_from": days - pd.Timedelta(days=400),
        "evidence_id": rng.choice([f"e{k}" for k in range(400)], count),
    }
    who = {
        "stakeholder_id": ids,
        "name": [f"Person {k % 900}" for k in range(n)],
        "kind": "person",
        "group": rng.choice(GROUPS.split(), n),
        "title": "Clinical lead",
    }
    seats = {
        "account_id": "A",
        "stakeholder_id": ids,
        "owner": "Internal Owner",
        "stance": rng.choice(["opponent", "neutral", "advocate"], n),
        "decision_role": rng.choice(["approver", "evaluator", "user"], n),
    }
    held = {"value_type": "clinical", "perspective": "received", "share": rng.random(n) / n}
    values = {"account_id": "A", "stakeholder_id": ids, **held}
    papers = [{"evidence_id": f"e{k}", "kind": "interview", "title": f"Interview round {k}"} for k in range(400)]
    eco = ecosystem(
        stakeholders=pd.DataFrame(who),
        ties=pd.DataFrame(tie_rows),
        memberships=pd.DataFrame(seats),
        values=pd.DataFrame(values),
        accounts=accounts("A"),
        evidence=papers,
        companies=companies("own"),
        settings={"own_company": "own"},
    )
    graph = influence_graph(eco)
    return Assessment(eco, graph, measure(graph, draws=0))


@pytest.fixture(scope="module")
def two_thousand():
    return network_payload(large(2_000, 20_000), "A")


@pytest.mark.parametrize("layout", range(4))
def test_nobody_stands_on_anybody(two_thousand, layout):
    place = {**two_thousand["nodes"], **two_thousand["layouts"][layout]}
    position, radius = np.column_stack([place["x"], place["y"]]), np.array(two_thousand["nodes"]["size"])
    first, second = cKDTree(position).query_pairs(2 * radius.max(), output_type="ndarray").T
    apart = np.hypot(*(position[first] - position[second]).T)
    assert (apart >= radius[first] + radius[second]).all()


def test_the_payload_leaves_room_for_the_scripts(two_thousand):
    assert len(json.dumps(packed(two_thousand), separators=(",", ":"))) < 750_000


def test_no_identifiers_and_no_owners(two_thousand):
    text = json.dumps(two_thousand)
    assert "pers-" not in text
    assert "Internal Owner" not in text


def test_two_thousand_are_open_and_more_start_collapsed(two_thousand):
    assert not two_thousand["collapsed"]
    assert network_payload(large(2_001, 4_000), "A")["collapsed"]


@pytest.mark.slow
def test_twenty_thousand():
    found = network_payload(large(20_000, 100_000), "A")
    assert found["collapsed"]
    assert len(found["nodes"]["x"]) == 20_000
    assert len(found["communities"]) <= 252
