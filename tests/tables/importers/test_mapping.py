"""A mapping file is checked as a whole before anything is read with it."""

from __future__ import annotations

import pytest

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables.importers import read_mapping

TIES = '[[table]]\nname = "ties"\nfile = "t.csv"\ndirection = { from = "x", to = "y" }\n'
PEOPLE = """
[[table]]
name = "stakeholders"
file = "n.csv"
[table.columns]
stakeholder_id = "id"
name = "{id}, {label}"
[table.constants]
kind = "person"
"""


def mapping(folder, text):
    file = folder / "m.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_mapping(file)


def faults(folder, text):
    with pytest.raises(InputError) as caught:
        mapping(folder, text)
    return {problem.column for problem in caught.value.problems}


def test_a_mapping_is_read(tmp_path):
    people, ties = mapping(tmp_path, '[workspace]\ntitle = "T"\n' + PEOPLE + TIES + 'keep = ["w", "w"]\n').tables
    assert people.columns == {"stakeholder_id": "id", "name": "{id}, {label}"}
    assert people.constants == {"kind": "person"}
    assert ties.columns == {"source": "x", "target": "y"}
    assert ties.keep == ("w",)
    assert not ties.undirected


@pytest.mark.parametrize("direction", ['direction = { from = "x", to = "y" }\n', ""], ids=["declared", "not declared"])
def test_the_direction_of_ties_must_be_declared(tmp_path, direction):
    text = TIES.replace('direction = { from = "x", to = "y" }\n', direction)
    if direction:
        assert mapping(tmp_path, text)
        return
    with pytest.raises(InputError, match=r"m\.toml has 1 fault\.") as caught:
        mapping(tmp_path, text)
    (fault,) = caught.value.problems
    assert str(fault) == (
        'm.toml, table.ties.direction: is missing: when A says "I ask B", B moves A. Declare direction = '
        '{ from = "who moves", to = "who is moved" }, with undirected = true for both ways.'
    )


@pytest.mark.parametrize(
    ("direction", "key"),
    [
        ('"x"', "direction"),
        ("3", "direction"),
        ("{}", "direction"),
        ('{ from = "x" }', "direction"),
        ('{ from = 1, to = "y" }', "direction.from"),
        ('{ from = "x", to = ["y"] }', "direction.to"),
        ('{ from = "x", to = "x" }', "direction"),
        ('{ from = "x", to = "y", undirected = "no" }', "direction.undirected"),
        ('{ from = "x", to = "y", mutual = true }', "direction.mutual"),
        ('{ from = "{x", to = "y" }', "direction.from"),
    ],
)
def test_a_wrong_direction_is_refused(tmp_path, direction, key):
    text = TIES.replace('{ from = "x", to = "y" }', direction)
    assert faults(tmp_path, text) == {f"table.ties.{key}"}


@pytest.mark.parametrize(
    ("addition", "key"),
    [
        ("columns = 3", "columns"),
        ("constants = 3", "constants"),
        ("words = []", "words"),
        ("keep = 3", "keep"),
        ('keep = "w"', "keep"),
        ("keep = [1]", "keep"),
        ("colums = {}", "colums"),
        ('[table.columns]\nstrenght = "w"', "strenght"),
        ('[table.columns]\nsource = "x"', "columns"),
        ('[table.constants]\ntarget = "x"', "columns"),
        ("[table.columns]\nnote = 3", "columns.note"),
        ('[table.columns]\nnote = "{w"', "columns.note"),
        ('[table.columns]\nnote = "{}"', "columns.note"),
        ('[table.columns]\nnote = "{w!r}"', "columns.note"),
        ('[table.columns]\nnote = "{w:>9}"', "columns.note"),
        ('[table.constants]\nssn = "1"', "ssn"),
        ('[table.constants]\nkind = ["x"]', "constants.kind"),
        ('[table.columns]\nkind = "k"\n[table.constants]\nkind = "owns"', "constants.kind"),
        ('[table.words.note]\na = "b"', "words.note"),
        ('[table.columns]\nstrength = "w"\n[table.words]\nstrength = "x"', "words.strength"),
        ('[table.columns]\nstrength = "w"\n[table.words.strength]\na = ["x"]', "words.strength"),
    ],
)
def test_a_wrong_section_is_refused(tmp_path, addition, key):
    assert faults(tmp_path, TIES + addition) == {f"table.ties.{key}"}


def test_undirected_ties_have_no_direction_of_their_own(tmp_path):
    text = TIES.replace(" }", ", undirected = true }")
    assert mapping(tmp_path, text).tables[0].undirected
    assert faults(tmp_path, text + '[table.columns]\ndirection = "d"') == {"table.ties.direction"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "table"),
        ("table = 3", "table"),
        ('[table]\nname = "ties"', "table"),
        ("table = [1]", "table"),
        ("workspace = 3\n" + TIES, "workspace"),
        ("tabel = 1\n" + TIES, "tabel"),
        ("[workspace]\ntitel = 1\n" + TIES, "workspace.titel"),
        ("[workspace.influence]\ndamping = 9\n" + TIES, "workspace.influence.damping"),
        (TIES.replace('"ties"', '"tie"'), "table.tie.name"),
        (TIES.replace('name = "ties"\n', ""), "table.?.name"),
        (TIES.replace('"t.csv"', "3"), "table.ties.file"),
        (TIES.replace('file = "t.csv"\n', ""), "table.ties.file"),
        (TIES.replace('"t.csv"', '"../t.csv"'), "table.ties.file"),
        (TIES.replace('"t.csv"', '"/etc/passwd"'), "table.ties.file"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, text, key):
    assert faults(tmp_path, text) == {key}


def test_all_faults_of_all_tables_come_at_once(tmp_path):
    text = (
        "x = 1\n[workspace]\ntitle = 3\n"
        + PEOPLE.replace("name =", "nam =", 2)
        + TIES.replace("direction", "direktion")
    )
    assert faults(tmp_path, text) == {
        "x",
        "workspace.title",
        "table.?.nam",
        "table.?.name",
        "table.ties.direktion",
    } | ({"table.ties.direction"} & faults(tmp_path, text))


@pytest.mark.parametrize("text", ["x =", b"\xff\xfe", "x = " + "[" * 3_000, "x = 1" + "0" * 5_000])
def test_what_is_no_toml_is_refused(tmp_path, text):
    with pytest.raises(InputError, match=r"TOML|UTF-8"):
        mapping(tmp_path, text)


def test_a_missing_mapping_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_mapping(tmp_path / "nothing.toml")


@pytest.mark.parametrize("name", ["medical_innovation", "tobacco_control_indiana"])
def test_the_shipped_mappings_are_right(root, name):
    assert len(read_mapping(root / "data" / "mappings" / f"{name}.toml").tables) >= 2


def test_a_title_may_hold_anything(tmp_path):
    assert mapping(tmp_path, '[workspace]\ntitle = "😀 \\u007f \\" \\n"\n' + TIES).workspace["title"] == '😀 \x7f " \n'
