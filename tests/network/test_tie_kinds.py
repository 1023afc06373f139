"""What a tie means for influence, by its kind and by what the row says."""

from __future__ import annotations

import pytest
from ecosystems import ecosystem, people, ties

from ecosystem_iq.network.tie_kinds import arcs_of, meaning, tie_kinds
from ecosystem_iq.schema import TIE_KINDS

# The table of the data model: kind → arcs, sign, weight.
MEANS = {
    "influences": ("forward", 1, 1.0), "advises": ("forward", 1, 1.0), "reports_to": ("backward", 1, 1.0),
    "collaborates": ("both", 1, 0.5), "coauthors": ("both", 1, 0.5), "member_of": ("both", 1, 0.5),
    "refers_to": ("backward", 1, 0.3), "competes": ("both", -1, 1.0), "conflicts": ("both", -1, 1.0),
    "owns": ("none", 1, 0.0), "employs": ("none", 1, 0.0), "funds": ("none", 1, 0.0), "supplies": ("none", 1, 0.0),
    "bears_risk_for": ("none", 1, 0.0),
}  # fmt: skip


def test_every_kind_of_the_schema_has_a_meaning_and_no_other():
    assert set(tie_kinds().index) == set(TIE_KINDS.split()) == set(MEANS)


@pytest.mark.parametrize("kind", MEANS)
def test_meaning_of_a_kind(kind):
    arcs, sign, weight = MEANS[kind]
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab", kind=kind))
    found = eco.tables["ties"].assign(**meaning(eco.tables["ties"], eco)).iloc[0]
    assert (found["arcs"], found["sign"], found["layer"], found["x"]) == (arcs, sign, kind, weight)
    pairs = set(zip(*(arcs_of(eco.tables["ties"].assign(arcs=arcs))[end] for end in ("from", "to")), strict=True))
    turned = {"forward": {("a", "b")}, "backward": {("b", "a")}, "both": {("a", "b"), ("b", "a")}, "none": set()}
    assert pairs == turned[arcs]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, {"arcs": "forward", "sign": 1, "layer": "influences", "x": 1.0}),
        ({"kind": None}, {"arcs": "forward", "sign": 1, "layer": "influences"}),
        ({"layer": "clinical"}, {"layer": "clinical", "x": 1.0}),
        ({"direction": "mutual"}, {"arcs": "both"}),
        ({"direction": "undirected", "kind": "reports_to"}, {"arcs": "both"}),
        ({"direction": "undirected", "kind": "owns"}, {"arcs": "none"}),
        ({"direction": "directed", "kind": "collaborates"}, {"arcs": "both"}),
        ({"sign": "negative"}, {"sign": -1}),
        ({"sign": "positive", "kind": "competes"}, {"sign": 1}),
        ({"strength": None}, {"x": 0.5}),
        ({"confidence": None}, {"x": 0.5}),
        ({"last_confirmed": None}, {"x": 0.5}),
        ({"strength": None, "confidence": None, "last_confirmed": None, "kind": "refers_to"}, {"x": 0.3 * 0.125}),
        ({"strength": 0.25, "confidence": 0.8}, {"x": 0.2}),
    ],
)
def test_what_a_row_says_comes_before_its_kind(row, expected):
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab", **row))
    found = {name: column.iloc[0] for name, column in meaning(eco.tables["ties"], eco).items()}
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_layer_weights_of_the_settings_replace_those_of_the_kinds():
    rows = [*ties("ab", layer="clinical"), *ties("bc", kind="refers_to"), *ties("ca", kind="advises")]
    eco = ecosystem(
        stakeholders=people("a", "b", "c"), ties=rows, settings={"layers": {"clinical": 0.7, "refers_to": 0.9}}
    )
    assert meaning(eco.tables["ties"], eco)["x"].tolist() == [0.7, 0.9, 1.0]


def test_no_ties_mean_nothing():
    eco = ecosystem(stakeholders=people("a"))
    assert all(len(column) == 0 for column in meaning(eco.tables["ties"], eco).values())
