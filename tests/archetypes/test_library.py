"""The library of archetypes: what is shipped, and every fault with its key path."""

from __future__ import annotations

import copy
import tomllib

import numpy as np
import pytest

from ecosystem_iq.archetypes import load_library
from ecosystem_iq.archetypes.library import FEATURES
from ecosystem_iq.archetypes.loading import parse_library
from ecosystem_iq.errors import InputError
from ecosystem_iq.files import read_builtin

SOURCE = tomllib.loads(read_builtin("archetypes", "default.toml"))

NAMED = {  # the table of the design
    "M1": ("f1 f2 f8 f9 f12 f15", ""),
    "M2": ("f1 f3 f9", "f4 f12"),
    "M3": ("f4 f5 f7", "f3"),
    "M4": ("f5 f6 f9 f10", "f2"),
    "M5": ("f11 f12", "f10"),
    "M6": ("f6 f14", "f1 f2 f15"),
    "M7": ("f15 f16", "f12 f13"),
}


def changed(**changes):
    return {**copy.deepcopy(SOURCE), **changes}


def with_entry(section, position, **changes):
    source = copy.deepcopy(SOURCE)
    entry = {**source[section][position], **changes}
    source[section][position] = {key: value for key, value in entry.items() if value is not None}
    return source


def test_the_shipped_library_is_that_of_the_design():
    library = load_library()
    assert [feature.id for feature in library.features] == list(FEATURES)
    for row, prototype in enumerate(library.prototypes):
        high, low = (names.split() for names in NAMED[prototype.id])
        expected = [0.8 if name in high else 0.2 if name in low else 0.5 for name in FEATURES]
        np.testing.assert_allclose(library.centers[row], expected)
        np.testing.assert_allclose(library.weights[row], [2 if value != 0.5 else 1 for value in expected])
        assert prototype.when
        assert prototype.engagement
        assert prototype.personas
        assert prototype.platform


def test_the_rule_is_that_of_the_design():
    rule = load_library().naming
    assert (rule.min_membership, rule.min_lead, rule.max_distance) == (0.4, 0.1, 0.2)
    assert (rule.min_features, rule.min_weight) == (8, 0.6)


def test_the_hash_is_of_the_content():
    assert parse_library(SOURCE).hash == load_library().hash
    assert parse_library(changed(version="2")).hash != load_library().hash


def test_features_may_stand_in_any_order():
    source = changed(feature=SOURCE["feature"][::-1])
    assert [feature.id for feature in parse_library(source).features] == list(FEATURES)


def test_a_file_is_read_and_named_in_faults(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(read_builtin("archetypes", "default.toml"), encoding="utf-8")
    assert load_library(path).hash == load_library().hash
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml is not TOML"):
        load_library(path)
    path.write_text('id = "x"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml: \d faults"):
        load_library(path)


def test_a_shipped_name_which_is_not_there():
    with pytest.raises(InputError, match=r'builtin:defualt".*Did you mean "default"'):
        load_library("builtin:defualt")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (changed(nmaing={}), 'nmaing is unknown. Did you mean "naming"?'),
        (changed(naming={"tau": 0}), "naming.tau must be above 0."),
        (changed(naming={"tua": 0.1}), 'naming.tua is unknown. Did you mean "tau"?'),
        (changed(naming={"tau": "soft"}), "naming.tau must be a number; found 'soft'."),
        (changed(naming=3), "naming must be a table, [naming]; found 3."),
        (changed(positions={"high": 0.4}), "positions: low, 0.5 and high must rise"),
        (changed(positions={"named_weight": 0.5}), "positions.named_weight must be at least 1"),
        (changed(currencies={"EUR": 0}), "currencies.EUR must be at least 1e-09"),
        (changed(feature=SOURCE["feature"][1:]), "feature: f1 missing: all sixteen need goalposts."),
        (changed(feature=[*SOURCE["feature"], SOURCE["feature"][0]]), 'feature "f1" is there 2 times.'),
        (changed(feature=[*SOURCE["feature"], 7]), "feature[16] must be a table, [[feature]]; found 7."),
        (changed(feature={}), "feature must be a list of tables, [[feature]]"),
        (changed(archetype=[]), "archetype: there is none"),
        (with_entry("feature", 2, id="f17"), 'feature[2].id "f17" is not a feature'),
        (with_entry("feature", 2, label=None), "feature[2].label is missing."),
        (with_entry("feature", 2, goalposts=[1, 2]), "feature[2].goalposts must be three numbers"),
        (with_entry("feature", 2, goalposts=[1, 3, 2]), "feature[2].goalposts must rise"),
        (with_entry("feature", 2, goalposts=[1, "x", 2]), "feature[2].goalposts must be a number; found 'x'."),
        (with_entry("feature", 2, unit="percentage"), 'feature[2].unit "percentage" is none of'),
        (with_entry("feature", 2, reason="payers decide"), "feature[2].reason must hold {value} and no semicolon."),
        (with_entry("feature", 2, colour="red"), "feature[2].colour is unknown."),
        (with_entry("archetype", 0, high=["f99"]), 'archetype[0].high names "f99": features are f1 to f16.'),
        (with_entry("archetype", 0, low=["f1"]), 'archetype[0] wants "f1" both high and low.'),
        (with_entry("archetype", 0, high=[], low=[]), "archetype[0] wants no feature high or low"),
        (with_entry("archetype", 0, personas="lead"), "archetype[0].personas must be a list of texts; found 'lead'."),
        (with_entry("archetype", 0, id="M2"), 'archetype "M2" is there 2 times.'),
        (with_entry("archetype", 0, label=None), "archetype[0].label is missing."),
    ],
)
def test_every_fault_says_where(source, fault):
    with pytest.raises(InputError) as error:
        parse_library(source)
    assert fault in str(error.value)


def test_all_faults_are_found_at_once():
    source = with_entry("feature", 2, goalposts=[3, 2, 1], unit="x")
    source["archetype"][0]["high"].append("f0")
    with pytest.raises(InputError, match="3 faults"):
        parse_library(source)
