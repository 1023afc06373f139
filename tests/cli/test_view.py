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


DATED = {
    **SMALL, "ties.csv": "source,target,valid_from\na,b,2024-01-01\nb,c,2026-03-01\n",
    "workspace.toml": "as_of = 2026-06-30\n",
}  # fmt: skip


@pytest.mark.parametrize("before", ["2025-12-31", "earlier"])
def test_a_map_is_compared_with_an_earlier_day_or_workspace(here, before):
    write(here / "now", DATED)
    old = "source,target,valid_from\na,b,2024-01-01\n"
    write(here / "earlier", {**DATED, "ties.csv": old, "workspace.toml": "as_of = 2025-12-31\n"})
    ran = run("view", "now", "--before", before, "-o", "map.html")
    assert (ran.code, ran.err) == (0, "")
    text = (here / "map.html").read_text(encoding="utf-8")
    assert "as of 2025-12-31" in text
    assert "1 new tie" in text
    run("view", "now", "-o", "plain.html")
    assert "1 new tie" not in (here / "plain.html").read_text(encoding="utf-8")


def test_before_must_be_before(here):
    write(here / "now", DATED)
    ran = run("view", "now", "--before", "2026-06-30")
    assert ran.code == 2
    assert "is not before 2026-06-30" in ran.err
    assert run("view", "now", "--before", "2025-02-31").code == 1
    assert run("view", "now", "--before", "nowhere").code == 1


def test_large_accounts_say_what_is_being_done(here):
    rows = "".join(f"s{k},S{k},person\n" for k in range(1_100))
    pairs = "".join(f"s{k},s{k + 1}\n" for k in range(1_099))
    write(
        here / "large", {"stakeholders.csv": f"stakeholder_id,name,kind\n{rows}", "ties.csv": f"source,target\n{pairs}"}
    )
    ran = run("view", "large", "-o", "large.html")
    assert ran.code == 0
    assert "Measuring the influence of 1,100 stakeholders" in ran.err
    assert run("view", "large", "-o", "large.html", "--quiet").err == ""
