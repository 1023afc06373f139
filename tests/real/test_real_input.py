"""Two published data sets, imported by their shipped mappings: every row is kept, and direction matters."""

from __future__ import annotations

import csv

import pytest
from workspaces import run, write

from ecosystem_iq.tables import check, load
from ecosystem_iq.tables.importers import import_mapped, read_mapping

SETS = {
    "medical_innovation": (125, 450, {"advice", "discussion", "friendship"}),
    "tobacco_control_indiana": (25, 439, {"contact", "collaboration", "dissemination"}),
}


@pytest.fixture(scope="module")
def imported(root, extra_data, tmp_path_factory):
    """Workspaces by name, made by the command line."""
    made = {}
    for name in SETS:
        made[name] = tmp_path_factory.mktemp("real") / name
        mapping = root / "data" / "mappings" / f"{name}.toml"
        assert run("import", extra_data / "data" / name, made[name], "--map", mapping).code == 0
    return made


@pytest.mark.parametrize("name", SETS)
def test_every_row_is_kept_as_a_layer_and_nothing_is_wrong(imported, name):
    people, ties, layers = SETS[name]
    assert places_of_errors(imported[name]) == []
    eco = load(imported[name])
    assert (len(eco.tables["stakeholders"]), len(eco.tables["ties"])) == (people, ties)
    assert set(eco.tables["ties"]["layer"]) == layers


def places_of_errors(folder):
    return [str(problem) for problem in check(folder).at("error")]


def test_who_is_named_moves_who_names(imported, extra_data):
    with (extra_data / "data" / "medical_innovation" / "ties.csv").open(encoding="utf-8") as file:
        named = [(row["nominee"], row["nominator"]) for row in csv.DictReader(file)]
    ties = load(imported["medical_innovation"]).tables["ties"]
    assert list(zip(ties["source"], ties["target"], strict=True)) == named


def test_organisations_move_each_other(imported):
    assert set(load(imported["tobacco_control_indiana"]).tables["ties"]["direction"]) == {"undirected"}


def test_reversing_the_declared_direction_changes_who_is_influential(imported, root, extra_data, tmp_path):
    text = (root / "data" / "mappings" / "medical_innovation.toml").read_text(encoding="utf-8")
    right, wrong = '{ from = "nominee", to = "nominator" }', '{ from = "nominator", to = "nominee" }'
    assert text.count(right) == 1
    (tmp_path / "m.toml").write_text(text.replace(right, wrong), encoding="utf-8")
    files = import_mapped(extra_data / "data" / "medical_innovation", read_mapping(tmp_path / "m.toml")).files
    reversed_ = write(tmp_path / "ws", files)
    first, second = (top_ten(folder) for folder in (imported["medical_innovation"], reversed_))
    assert len(first) == len(second) == 10
    assert len(set(first) & set(second)) < 5


def top_ten(folder):
    ran = run("map", folder, "--format", "csv", "-q")
    assert ran.code == 0, ran.err
    return [row["stakeholder_id"] for row in csv.DictReader(ran.out.splitlines())]


@pytest.mark.parametrize("name", SETS)
def test_the_same_files_give_the_same_bytes(imported, root, extra_data, name):
    mapping = read_mapping(root / "data" / "mappings" / f"{name}.toml")
    files = import_mapped(extra_data / "data" / name, mapping).files
    assert {path.name: path.read_text(encoding="utf-8") for path in imported[name].iterdir()} == files
