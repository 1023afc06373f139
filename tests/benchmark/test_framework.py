"""Frameworks: the shipped one, other shapes, and every fault at once."""

from __future__ import annotations

import copy
import tomllib
from collections import defaultdict

import pytest

from ecosystem_iq.benchmark.framework import load_framework, parse_framework
from ecosystem_iq.errors import FrameworkError, InputError

SMALL = {
    "id": "small", "version": "2", "title": "Small", "composite": "index", "method": "geometric",
    "axis": [{"id": "know", "weight": 2}, {"id": "do"}],
    "indicator": [
        {"id": "k", "node": "know", "goalposts": [0, 100]},
        {"id": "d", "dimension": "do", "goalposts": [3, 30], "direction": "down", "min_n": 5, "anchors": ["1 low"]},
    ],
}  # fmt: skip


def faults(**changes):
    with pytest.raises(FrameworkError) as caught:
        parse_framework(copy.deepcopy(SMALL) | changes)
    first, *rest = str(caught.value).split("\n  ")
    assert first == f"{len(rest)} {'fault' if len(rest) == 1 else 'faults'}:"
    return rest


def indicator(**changes):
    return [SMALL["indicator"][0], SMALL["indicator"][1] | changes]


def test_the_shipped_framework_loads():
    framework = load_framework()
    assert (framework.id, framework.composite, framework.nodes[-1].method) == ("ecosystem-iq", "eiq", "geometric")
    assert [axis.id for axis in framework.axes] == ["readiness", "action"]
    assert [indicator.id for indicator in framework.indicators] == [
        *(f"R{k}" for k in range(1, 14)),
        *(f"A{k}" for k in range(1, 14)),
    ]
    assert framework.missing == {"dimension": 0.6, "axis": 0.66}
    assert {i.area for i in framework.indicators} == set(framework.areas)


def test_weights_of_the_shipped_framework_add_up():
    framework = load_framework()
    parent = {node.id: node.parent for node in framework.nodes}
    by_axis, by_dimension = defaultdict(float), defaultdict(float)
    for i in framework.indicators:
        by_axis[parent[i.node]] += i.weight
        by_dimension[i.node] += i.weight
    assert by_axis == {"readiness": 100, "action": 100}
    assert by_dimension == {dimension.id: dimension.weight for dimension in framework.dimensions}


def test_rubrics_have_an_anchor_for_every_level():
    rubric = {i.id: i for i in load_framework().indicators}["R10"]
    assert len(rubric.anchors) == rubric.high - rubric.low + 1


def test_defaults_and_aliases():
    framework = parse_framework(SMALL)
    assert [node.id for node in framework.nodes] == ["know", "do", "index"]
    assert [i.node for i in framework.indicators] == ["know", "do"]
    assert (framework.title, framework.rater_sd, framework.threshold("know")) == ("Small", 10.0, 0.0)
    assert framework.dimensions == ()
    assert framework.indicators[1].min_n == 5


def test_dimension_axis_and_node_are_the_same_thing():
    plain = copy.deepcopy(SMALL)
    plain["node"] = plain.pop("axis")
    assert parse_framework(plain).nodes == parse_framework(SMALL).nodes


def test_thresholds_by_level():
    framework = load_framework()
    assert [framework.threshold(node) for node in ("value", "readiness", "eiq")] == [0.6, 0.66, 1.0]


def test_children_come_before_their_parents():
    order = [node.id for node in load_framework().nodes]
    assert all(order.index(node.id) < order.index(node.parent) for node in load_framework().nodes if node.parent)


def test_the_hash_is_stable_and_tells_every_change():
    assert parse_framework(SMALL).hash == parse_framework(dict(reversed(SMALL.items()))).hash
    assert len(parse_framework(SMALL).hash) == 64
    changed = [{"version": "3"}, {"missing": {"axis": 0.5}}, {"indicator": indicator(weight=2)}, {"title": "Small "}]
    assert len({parse_framework(SMALL | change).hash for change in [{}, *changed]}) == 5


def test_a_file_and_its_name_are_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('composite = "x"\n[[indicator]]\nid = "i"\nnode = "x"\ngoalposts = [0, 1]\n', encoding="utf-8")
    assert load_framework(path) == load_framework(str(path))
    assert load_framework(path).composite == "x"


def test_the_shipped_file_read_as_a_file_is_the_same(root):
    path = root / "ecosystem_iq" / "builtin" / "frameworks" / "ecosystem-iq.toml"
    assert load_framework(path).hash == load_framework().hash
    assert parse_framework(tomllib.loads(path.read_text(encoding="utf-8"))).hash == load_framework().hash


def test_an_unknown_name_or_file_is_refused(tmp_path):
    with pytest.raises(FrameworkError, match='Did you mean "ecosystem-iq"'):
        load_framework("builtin:ecosystem_iq")
    with pytest.raises(InputError, match="does not exist"):
        load_framework(tmp_path / "absent.toml")
    (tmp_path / "bad.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(FrameworkError, match="is not TOML"):
        load_framework(tmp_path / "bad.toml")
    (tmp_path / "wrong.toml").write_text("idd = 3", encoding="utf-8")
    with pytest.raises(FrameworkError, match=r"wrong\.toml: 2 faults"):
        load_framework(tmp_path / "wrong.toml")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"titel": "x"}, 'titel is unknown. Did you mean "title"?'),
        ({"axis": [{"id": "know", "wieght": 1}, {"id": "do"}]}, 'axis[0].wieght is unknown. Did you mean "weight"?'),
        ({"indicator": indicator(unti="%")}, 'indicator[1].unti is unknown. Did you mean "unit"?'),
        ({"indicator": indicator(goalposts=[1, 1])},
         "indicator[1].goalposts must be two different numbers; found [1, 1]."),
        ({"indicator": indicator(goalposts=[1, 2, 3])},
         "indicator[1].goalposts must be two different numbers; found [1, 2, 3]."),
        ({"indicator": indicator(goalposts="0-1")},
         "indicator[1].goalposts must be two different numbers; found '0-1'."),
        ({"indicator": indicator(goalposts=[30, 3])},
         'indicator[1].goalposts must rise; write direction = "down" where lower is better.'),
        ({"indicator": indicator(goalposts=["a", 3])}, "indicator[1].goalposts must be a number; found 'a'."),
        ({"indicator": indicator(direction="lower")}, 'indicator[1].direction "lower" is neither up nor down.'),
        ({"indicator": indicator(weight=-1)}, "indicator[1].weight must be at least 0; found -1."),
        ({"indicator": indicator(weight=True)}, "indicator[1].weight must be a number; found True."),
        ({"indicator": indicator(weight=float("nan"))}, "indicator[1].weight must be a number; found nan."),
        ({"indicator": indicator(min_n="many")}, "indicator[1].min_n must be a number; found 'many'."),
        ({"indicator": indicator(anchors="1 low")}, "indicator[1].anchors must be a list of texts; found '1 low'."),
        ({"indicator": [*SMALL["indicator"], SMALL["indicator"][0]]}, 'id "k" is used 2 times.'),
        ({"indicator": [*SMALL["indicator"], {"id": "x", "node": "knwo", "goalposts": [0, 1]}]},
         'x.node "knwo" is not a node. Did you mean "know"?'),
        ({"axis": [*SMALL["axis"], {"id": "empty"}]}, "empty has nothing of positive weight below it."),
        ({"node": [{"id": "sub", "parent": "konw"}]}, 'sub.parent "konw" is not a node. Did you mean "know"?'),
        ({"method": "geometrical"}, 'index.method "geometrical" is unknown. Did you mean "geometric"?'),
        ({"axis": [{"id": "know"}, {"id": "do", "method": "sum"}]}, 'do.method "sum" is unknown.'),
        ({"axis": {"id": "know"}}, "axis must be a list of tables, [[axis]]; found {'id': 'know'}."),
        ({"indicator": "k"}, "indicator must be a list of tables, [[indicator]]; found 'k'."),
        ({"missing": 0.6}, "missing must be a table, [missing]; found 0.6."),
        ({"missing": {"dimension": "most"}}, "missing.dimension must be a number; found 'most'."),
        ({"missing": {"axis": 66}}, "missing.axis must be at most 1; found 66."),
        ({"missing": {"dimensions": 0.6}}, 'missing.dimensions is unknown. Did you mean "dimension"?'),
        ({"uncertainty": {"rater_sd": "ten"}}, "uncertainty.rater_sd must be a number; found 'ten'."),
        ({"areas": ["I1"]}, "areas must be a table, [areas]; found ['I1']."),
        ({"composite": "rank"}, 'id "rank" is taken: every scorecard has a column of that name.'),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path(changes, fault):
    assert fault in faults(**changes)


def test_a_circle_is_a_fault():
    ring = [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]
    assert "a.parent goes round in a circle." in faults(node=ring)
    assert "s.parent goes round in a circle." in faults(node=[{"id": "s", "parent": "s"}])


def test_what_is_missing_is_named():
    found = faults(indicator=[*SMALL["indicator"], {}])
    assert found[:2] == ["indicator[2].id is missing.", "indicator[2].goalposts is missing."]
    assert "axis[2].id is missing." in faults(axis=[*SMALL["axis"], {}])


def test_all_faults_are_listed_at_once():
    found = faults(titel="x", method="sum", indicator=indicator(goalposts=[2, 2], weight="x", direction="left"))
    assert len(found) == 6


def test_an_empty_file_has_nothing_to_measure():
    with pytest.raises(FrameworkError, match="composite has nothing of positive weight below it"):
        parse_framework({})
