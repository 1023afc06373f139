"""``ecosystem-iq run``: a folder of pages and tables, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest
from workspaces import COMPARED, SMALL, TIES, contents, run, run_apart, write

FEW = ["--draws", "100", "--no-open"]


TIES_OF_TWO = "source,target,account_id\na,b,p\nb,c,p\nc,a,q\n"
ACCOUNTS = "account_id,name\np,Pé\nq,</script>\n"


def twice(workspace, folder, *options):
    """What two runs wrote, the second in a process, a place and a time zone of its own."""
    first = run("run", workspace, "-o", folder / "1", *FEW, *options)
    second = run_apart("run", workspace, "-o", folder / "2", *FEW, *options, PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    return contents(folder / "1"), contents(folder / "2")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    files = {**COMPARED, "ties.csv": TIES_OF_TWO, "accounts.csv": ACCOUNTS}
    return twice(write(folder / "ws", files), folder)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ws", COMPARED)
    return tmp_path


def test_the_same_input_gives_the_same_bytes(written):
    first, second = written
    assert first == second


@pytest.mark.slow
def test_the_demo_gives_the_same_bytes(root, tmp_path):
    first, second = twice(root / "data" / "demo", tmp_path, "--account", "acc-01")
    assert first == second
    assert "accounts/acc-01.html" in first


def test_the_manifest_lists_every_file_with_its_hash(written):
    files = dict(written[0])
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    pages = {"index.html", "benchmark.html", "accounts/p.html", "accounts/q.html"}
    assert pages | {"tables/influence.csv", "tables/benchmark.csv"} <= set(files)


def test_only_the_address_is_on_stdout(here):
    ran = run("run", "ws", "-o", "out", *FEW)
    assert ran.code == 0, ran.err
    assert ran.out == (here / "out" / "index.html").as_uri() + "\n"
    assert ran.err.startswith("Reading ws …\n")
    assert "• " in ran.err
    quiet = run("run", "ws", "-o", "out", "-q", *FEW)
    assert (quiet.code, quiet.err) == (0, "")
    assert quiet.out == ran.out


def test_a_second_run_replaces_the_first_and_leaves_nothing_stale(here):
    assert run("run", "ws", "-o", "out", "-q", *FEW).code == 0
    assert "benchmark.html" in contents(here / "out")
    (here / "ws" / "scores.csv").unlink()
    write(here / "out", {"mine.txt": "mine"})
    assert run("run", "ws", "-o", "out", "-q", *FEW).code == 0
    left = contents(here / "out")
    assert not {name for name in left if "benchmark" in name or "indicators" in name}
    assert set(json.loads(left["manifest.json"])["files"]) | {"manifest.json", "mine.txt"} == set(left)


@pytest.mark.parametrize(
    "occupied",
    [
        {"mine.txt": "mine"},
        {"manifest.json": '{"files": {"mine.txt": "x"}}', "mine.txt": "mine"},
        {"manifest.json": "["},
    ],
    ids=["file", "another program's manifest", "no manifest"],
)
def test_a_folder_of_somebody_else_is_refused_and_unchanged(here, occupied):
    write(here / "out", occupied)
    before = contents(here)
    ran = run("run", "ws", "-o", "out", "-q", *FEW)
    assert (ran.code, ran.out) == (1, "")
    assert contents(here) == before


def test_the_workspace_itself_is_no_place_for_pages(here):
    before = contents(here)
    assert run("run", "ws", "-o", "ws", "-q", *FEW).code == 1
    assert contents(here) == before


def test_an_unknown_account_writes_nothing(here):
    before = contents(here)
    ran = run("run", "ws", "-o", "out", "--account", "nobody", *FEW)
    assert (ran.code, ran.out) == (1, "")
    assert 'There is no account "nobody".' in ran.err
    assert contents(here) == before


def test_keep_going_writes_what_was_set_aside_and_counts_it(here):
    ties = TIES + "a,zz,1,1\nc,b,about half,1\nb,a,.5\n"
    people = SMALL["stakeholders.csv"] + "d,Di,persn,\n"
    write(here / "ws", {"ties.csv": ties + "d,a,.5,1\n", "stakeholders.csv": people})
    before = contents(here / "ws")
    assert run("run", "ws", "-o", "out", *FEW).code == 1
    assert not (here / "out").exists()
    ran = run("run", "ws", "-o", "out", "--keep-going", *FEW)
    assert ran.code == 0, ran.err
    assert "5 rows with errors set aside" in ran.err
    rejected = list(csv.DictReader((here / "out" / "rejected" / "ties.csv").read_text().splitlines()))
    assert {row["row"]: row["reason"] for row in rejected} == {
        "4": 'target: "zz" is not in stakeholders.csv.',
        "5": 'strength: "about half" is not a number.',
        "6": "has 3 cells where the header has 4.",
        "7": 'source: "d" is not in stakeholders.csv.',
    }
    assert (here / "out" / "rejected" / "stakeholders.csv").exists()
    manifest = json.loads((here / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows_set_aside"] == {"stakeholders": 1, "ties": 4}
    assert contents(here / "ws") == before


def test_people_who_objected_are_in_no_file(here):
    people = "stakeholder_id,name,kind,objected_on\na,Ann,person,\nb,Bob,person,\nc,Cy,person,\n"
    people += "gone-1,Vanished One,person,2026-01-01\ngone-2,Vanished Two,persn,2026-01-01\n"
    ties = "source,target,strength\na,b,.5\ngone-1,a,.5\ngone-2,a,.5\nb,gone-1,9\nb,c,9\n"
    write(here / "ws", {"stakeholders.csv": people, "ties.csv": ties})
    assert run("run", "ws", "-o", "out", "--keep-going", "-q", *FEW).code == 0
    written = contents(here / "out")
    assert json.loads(written["manifest.json"])["people_withheld"] == 2
    assert not [name for name, content in written.items() if b"Vanished" in content or b"gone-" in content]
    assert "rejected/ties.csv" in written


@pytest.mark.usefixtures("here")
def test_the_template_can_be_run():
    assert run("init", "mine").code == 0
    ran = run("run", "mine", "-o", "out", "-q", *FEW)
    assert ran.code == 0, ran.err
