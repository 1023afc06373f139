"""Transfers of value are context: nothing is computed from them, and nobody is tempted to."""

from __future__ import annotations

import ast
import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq import schema
from ecosystem_iq.archetypes import Archetypes, Discovery
from ecosystem_iq.assessment import Assessment, assess
from ecosystem_iq.benchmark import Robustness, Scorecard, Sensitivity
from ecosystem_iq.network import InfluenceGraph, Measures
from ecosystem_iq.tables import load
from ecosystem_iq.triggers import Triggers

NAME = "transfers"
MAY_NAME_IT = ("schema/", "synthetic/", "tables/", "views/")


# ------------------------------------------------------------------------------------------------ results


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    """A small demo with a few transfers, with very many large ones, and without any."""
    from ecosystem_iq.synthetic import demo_files

    files = {name: text for name, text in demo_files(n_accounts=8, n_companies=4, rng=3).items() if "/" not in name}
    assert files[f"{NAME}.csv"].count("\n") > 10
    made = {}
    for kind in ("few", "many", "none"):
        folder = tmp_path_factory.mktemp(NAME) / kind
        folder.mkdir()
        for name, text in files.items():
            if name != f"{NAME}.csv" or kind == "few":
                (folder / name).write_text(text, encoding="utf-8")
        made[kind] = folder
    people = pd.read_csv(made["few"] / "stakeholders.csv", dtype="str")["stakeholder_id"]
    companies = pd.read_csv(made["few"] / "companies.csv", dtype="str")["company_id"]
    rows = [f"{companies[0]},{person},2099,speaking,1000000,EUR,99" for person in people]
    text = "company_id,stakeholder_id,period,nature,amount,currency,count\n" + "\n".join(rows) + "\n"
    (made["many"] / f"{NAME}.csv").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def assessed(workspaces):
    return {kind: assess(load(folder), draws=100) for kind, folder in workspaces.items()}


def test_every_part_of_an_assessment_is_there_to_be_compared(assessed):
    for found in assessed.values():
        assert all(getattr(found, field.name) is not None for field in dataclasses.fields(Assessment))
    assert {kind: len(found.ecosystem.tables[NAME]) > 0 for kind, found in assessed.items()} == {
        "few": True, "many": True, "none": False,
    }  # fmt: skip
    assert len({found.ecosystem.fingerprint for found in assessed.values()}) == 3


KINDS = (
    InfluenceGraph, Measures, Scorecard, Robustness, Sensitivity, pd.DataFrame, Triggers, Archetypes, Discovery,
)  # fmt: skip
RESULTS = [field.name for field in dataclasses.fields(Assessment) if field.name != "ecosystem"]


@pytest.mark.parametrize("kind", ["few", "many"])
@pytest.mark.parametrize("name", RESULTS)
def test_transfers_change_nothing_at_all(assessed, name, kind):
    with_transfers, without = (getattr(assessed[k], name) for k in (kind, "none"))
    assert type(with_transfers) in KINDS
    same(with_transfers, without)
    assert with_transfers is not without


def test_today_is_not_read_from_them(workspaces):
    text = (workspaces["many"] / "workspace.toml").read_text(encoding="utf-8")
    assert "as_of" in text
    for folder in workspaces.values():
        bare = re.sub(r"(?m)^as_of.*$", "", text)
        (folder / "workspace.toml").write_text(bare, encoding="utf-8")
    try:
        assert len({load(folder).as_of for folder in workspaces.values()}) == 1
    finally:
        for folder in workspaces.values():
            (folder / "workspace.toml").write_text(text, encoding="utf-8")


def same(one, other):
    """Equal to the last bit, whatever it is made of."""
    if dataclasses.is_dataclass(one):
        one, other = ({f.name: getattr(made, f.name) for f in dataclasses.fields(made)} for made in (one, other))
    if isinstance(one, dict):
        assert list(one) == list(other)
        one, other = list(one.values()), list(other.values())
    if isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    else:
        arrays = [made.toarray() if hasattr(made, "toarray") else made for made in (one, other)]
        np.testing.assert_array_equal(*arrays)


def test_a_difference_anywhere_is_found():
    graph = InfluenceGraph.from_edges("ab", "bc", 0.5)
    same(graph, InfluenceGraph.from_edges("ab", "bc", 0.5))
    for other in (InfluenceGraph.from_edges("ab", "bc", 0.5 + 1e-15), InfluenceGraph.from_edges("ab", "bd", 0.5)):
        with pytest.raises(AssertionError):
            same(graph, other)
    same((np.nan, "a"), (np.nan, "a"))


# ------------------------------------------------------------------------------------------------ source


def names_in(text):
    """Lines where code (not a comment or docstring) says the name: in a word, a name, an attribute, an import."""
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return sorted(
        {node.lineno for node in ast.walk(tree) if id(node) not in docstrings and any(map(says_it, words(node)))}
    )


def words(node):
    """What a node of a syntax tree is called, or says."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    fields = ("id", "attr", "arg", "name", "module", "asname")
    return [
        value for field in fields if isinstance(value := getattr(node, field, None), str) and hasattr(node, "lineno")
    ]


def says_it(word):
    return re.search(rf"(?<![a-z]){NAME}(?![a-z])", word.lower()) is not None


def test_only_rooms_which_show_or_make_tables_name_it(root):
    package = root / "ecosystem_iq"
    found = {
        path.relative_to(package).as_posix(): lines
        for path in sorted(package.rglob("*.py"))
        if (lines := names_in(path.read_text(encoding="utf-8")))
    }
    assert {name for name in found if not name.startswith(MAY_NAME_IT)} == set(), found
    assert any(name.startswith("schema/") for name in found)


def test_shipped_settings_name_it_only_where_data_are_read(root):
    """Frameworks, libraries and kinds of tie are code, too."""
    for path in sorted((root / "ecosystem_iq" / "builtin").rglob("*.toml")):
        text = re.sub(r"(?m)#.*$", "", path.read_text(encoding="utf-8"))
        assert not says_it(text), path.name


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('x = eco.tables["transfers"]', [1]),
        ("x = tables.transfers", [1]),
        ("def f(transfers):\n    pass", [1]),
        ("from a import transfers", [1]),
        ("sql = f'select * from transfers where {x}'", [1]),
        ("x = 1\ny = {'_transfers_by_year': 2}", [2]),
        ('"""About transfers."""\nx = 1  # transfers', []),
        ("def f():\n    '''Of transfers.'''\n    return 'transferable'", []),
    ],
)
def test_the_walk_finds_what_it_should(code, lines):
    assert names_in(code) == lines


ROOMS = ("network", "triggers", "archetypes", "benchmark", "assessment.py")


def walks(text):
    """Lines which go through all tables, so that they would read this one without naming it."""
    tree = ast.parse(text)
    loops = [node.iter for node in ast.walk(tree) if isinstance(node, (ast.For, ast.comprehension))]
    called = [node.value for node in ast.walk(tree) if getattr(node, "attr", "") in ("items", "values", "keys")]
    every = [node for node in [*loops, *called] if isinstance(node, ast.Attribute) and node.attr in EVERY_TABLE]
    return sorted({node.lineno for node in every})


EVERY_TABLE = ("tables", "TABLES", "BY_NAME")


@pytest.mark.parametrize("room", ROOMS)
def test_no_method_walks_over_every_table(root, room):
    package = root / "ecosystem_iq"
    for path in [package / room, *sorted((package / room).rglob("*.py"))]:
        assert not path.suffix or walks(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("for name in eco.tables:\n    pass", [1]),
        ("x = 1\ny = [f for f in eco.tables.values()]", [2]),
        ("x = {t.name for t in schema.TABLES}", [1]),
        ("x = eco.tables['ties'].items()\ny = z in eco.tables or eco.tables.get(z)", []),
    ],
)
def test_a_walk_over_every_table_is_found(code, lines):
    assert walks(code) == lines


def test_it_is_still_declared_as_context():
    assert "context only" in schema.table(NAME).purpose
