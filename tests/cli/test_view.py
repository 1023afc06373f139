"""``ecosystem-iq view``."""

from __future__ import annotations

import pytest
from workspaces import SMALL, contents, run, write

TWO = {**SMALL, "ties.csv": "source,target,account_id\na,b,p\nb,c,q\n", "accounts.csv": "account_id,name\np,P\nq,Q\n"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ws")
    return tmp_path


def test_a_page_is_written_and_its_address_printed(here):
    ran = run("view", "ws", "-o", "map.html")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (here / "map.html").as_uri() + "\n"
    assert "</html>" in (here / "map.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("output", "file"), [([], "out/all.html"), (["-o", "a/b"], "a/b/all.html"), (["-o", "x.HTML"], "x.HTML")]
)  # fmt: skip
def test_a_folder_or_a_file_may_be_named(here, output, file):
    assert run("view", "ws", *output).code == 0
    assert [name for name in contents(here) if not name.startswith("ws/")] == [file]


def test_the_same_input_gives_the_same_bytes(here):
    run("view", "ws", "-o", "a.html")
    run("view", "ws", "-o", "b.html")
    assert (here / "a.html").read_bytes() == (here / "b.html").read_bytes()


def test_one_of_several_accounts_must_be_named(here):
    write(here / "two", TWO)
    ran = run("view", "two")
    assert (ran.code, ran.out) == (2, "")
    assert "Error: There are 2 accounts; name one with --account: p, q" in ran.err
    assert run("view", "two", "--account", "q", "-o", "q.html").code == 0
    unknown = run("view", "two", "--account", "r")
    assert unknown.code == 1
    assert 'There is no account "r".' in unknown.err


def test_a_page_which_cannot_be_written_is_an_error(here):
    before = contents(here)
    ran = run("view", "ws", "-o", "ws/ties.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "cannot be written" in ran.err
    assert contents(here) == before


def test_a_hostile_workspace_is_drawn_inert(here):
    people = (
        'stakeholder_id,name,kind\na,</script><img src=x onerror=alert(1)>,person\nb,"=cmd|x",person\nc,\u202e,person\n'
    )
    write(here / "hostile", {**SMALL, "stakeholders.csv": people})
    assert run("view", "hostile", "-o", "h.html").code == 0
    assert "<img src=x" not in (here / "h.html").read_text(encoding="utf-8")
