"""What a page draws its samples from: small, the same on every build, and the samples of ``estimate_spread``."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from triggers.enumeration import random_graph

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers.live_edges import channels_of, draw_live, unpacked
from ecosystem_iq.views.what_if import MOST_STAKEHOLDERS, sample_count, what_if_payload


def numbers(text):
    return np.frombuffer(base64.b64decode(text), dtype="<u2").astype(int)


def decoded(payload):
    """Source and target of each arc by position on the page, and on which samples it is live."""
    state = {"state": int(payload["state"], 16), "inc": int(payload["increment"], 16)}
    generator = np.random.PCG64()
    generator.state = {"bit_generator": "PCG64", "state": state, "has_uint32": 0, "uinteger": 0}
    limit = numbers(payload["limit"]) / 65_535
    for arc, probability in payload["exact"]:
        limit[arc] = probability
    live = np.random.Generator(generator).random((payload["samples"], len(limit))) < limit
    return np.repeat(numbers(payload["who"]), numbers(payload["arcs"])), numbers(payload["target"]), live


@pytest.mark.parametrize("samples", [2, 100, None])
def test_the_samples_come_back_in_the_order_of_the_page(samples):
    graph = random_graph(3)
    order = np.random.default_rng(5).permutation(len(graph))
    source, target, live = decoded(what_if_payload(graph, "all", order, samples=samples))
    channels = channels_of(graph)
    np.testing.assert_array_equal(order[source], channels.tail)
    np.testing.assert_array_equal(order[target], channels.head)
    drawn = draw_live(channels, len(live), "ic", np.random.default_rng(0))
    np.testing.assert_array_equal(live.T, unpacked(drawn.bits, len(live)))


def test_only_the_account_asked_for():
    graph = InfluenceGraph.from_edges(
        ["a", "b", "a", "c"], ["b", "a", "c", "a"], 0.5, sign=[1, 1, 1, -1], account=["one", "one", "two", "two"]
    )
    source, target, live = decoded(what_if_payload(graph, "two", [3, 2]))
    assert (source.tolist(), target.tolist()) == ([1], [0])
    assert live.shape == (1_000, 1)


def made_up(stakeholders, ties, sign=1):
    rng = np.random.default_rng(0)
    source, target = rng.integers(0, stakeholders, (2, ties))
    keep = np.unique(source * stakeholders + target, return_index=True)[1]
    keep = keep[source[keep] != target[keep]]
    names = np.array([f"p{i:05d}" for i in range(stakeholders)])
    chance = rng.random(len(keep)) * 0.1
    return InfluenceGraph.from_edges(
        names[source[keep]], names[target[keep]], chance, ids=names, sign=np.full(len(keep), sign)
    )


@pytest.mark.parametrize(
    ("stakeholders", "ties", "samples", "most"), [(300, 1_500, 1_000, 11), (2_000, 20_000, 200, 120)]
)
def test_it_is_small_plain_and_the_same_on_every_build(stakeholders, ties, samples, most):
    graph = made_up(stakeholders, ties)
    payload = what_if_payload(graph, "all", np.arange(stakeholders))
    text = json.dumps(payload, allow_nan=False)
    assert payload["samples"] == samples
    assert len(text) < most * 1_000
    assert text == json.dumps(what_if_payload(graph, "all", np.arange(stakeholders)))


@pytest.mark.parametrize(
    "graph",
    [
        InfluenceGraph.from_edges([], [], [], ids=["a"]),
        InfluenceGraph.from_edges([], [], [], ids=["a", "b", "c"]),
        made_up(40, 100, sign=-1),
    ],
    ids=["one stakeholder", "no ties", "all against"],
)
def test_nobody_moves_another(graph):
    payload = what_if_payload(graph, "all", np.arange(len(graph)))
    source, target, live = decoded(payload)
    assert (len(source), len(target), live.shape) == (0, 0, (1_000, 0))


def test_too_large_an_account_has_none():
    graph = InfluenceGraph.from_edges(["p00000"], ["p00001"], 0.5, ids=[f"p{i:05d}" for i in range(5_001)])
    assert what_if_payload(graph, "all", np.arange(5_001)) == {"samples": 0, "most": MOST_STAKEHOLDERS}


def test_fewer_samples_the_more_arcs():
    assert [sample_count(arcs) for arcs in (0, 4_000, 4_001, 20_000, 60_000)] == [1_000, 1_000, 500, 200, 100]
