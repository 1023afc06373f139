"""``ecosystem-iq import``."""

from __future__ import annotations

import pytest
from workspaces import BROKEN, contents, run, write

MAPPING = """
[[table]]
name = "stakeholders"
file = "stakeholders.csv"
[table.columns]
stakeholder_id = "stakeholder_id"
name = "name"
kind = "kind"
[[table]]
name = "ties"
file = "ties.csv"
direction = { from = "source", to = "target" }
[table.columns]
strength = "strength"
"""
SOURCE = {
    "stakeholders.csv": "stakeholder_id,name,kind\na,Ann,person\nb,Bob,person\n",
    "ties.csv": "source,target,strength\na,b,.5\n",
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "source", SOURCE)
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def test_files_become_a_workspace_which_passes_the_check(here):
    ran = run("import", "source", "ws", "--map", "m.toml")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "ws: 2 stakeholders, 1 ties. Next: ecosystem-iq check ws\n"
    assert sorted(contents(here / "ws")) == ["stakeholders.csv", "ties.csv", "workspace.toml"]
    assert run("check", "ws").code == 0
    quiet = run("import", "source", "again", "--map", "m.toml", "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"m.toml": MAPPING.replace('direction = { from = "source", to = "target" }', "")}, "B moves A."),
        ({"m.toml": MAPPING.replace("kind", "knd")}, 'Did you mean "kind"?'),
        ({"m.toml": "x ="}, "m.toml is not TOML"),
        ({"m.toml": None}, "m.toml does not exist."),
        ({"source/ties.csv": "source,target\na,b\n"}, 'ties.csv: has no column "strength"'),
        ({"source/ties.csv": "source,target,strength\na,b,-0.4\n"}, "ties.csv row 2, strength: -0.4 is not between"),
        ({"source/ties.csv": "source,target,strength\na,zz,1\n"}, 'ties.csv row 2, target: "zz" is not in'),
        ({"source/ties.csv": ""}, "ties.csv: is empty."),
        ({"source/ties.csv": None}, "ties.csv does not exist."),
        ({"source/stakeholders.csv": b"\x00"}, "stakeholders.csv: is not a text file."),
    ],
)
def test_nothing_is_written_unless_everything_fits(here, change, text):
    for name, content in change.items():
        (here / name).unlink()
        write((here / name).parent, {(here / name).name: content})
    before = contents(here)
    ran = run("import", "source", "ws", "--map", "m.toml")
    assert (ran.code, ran.out) == (1, "")
    assert text in ran.err
    assert contents(here) == before
    assert not (here / "ws").exists()


def test_a_broken_source_gives_each_of_its_faults_at_once(here):
    write(here / "broken", BROKEN)
    ran = run("import", "broken", "ws", "--map", "m.toml")
    assert ran.code == 1
    for place in ("stakeholders.csv row 5, stakeholder_id", "stakeholders.csv row 6, kind", "ties.csv row 2, strength"):
        assert f"  {place}: " in ran.err
    assert not (here / "ws").exists()


@pytest.mark.parametrize("target", ["source", "m.toml"])
def test_what_holds_anything_is_refused_and_unchanged(here, target):
    before = contents(here)
    ran = run("import", "source", target, "--map", "m.toml")
    assert (ran.code, ran.out) == (1, "")
    assert "exists and is not empty" in ran.err
    assert contents(here) == before
