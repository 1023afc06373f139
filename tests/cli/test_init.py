"""``ecosystem-iq init``."""

from __future__ import annotations

import pytest
from workspaces import contents, run, run_apart


def test_the_template_passes_the_check_with_nothing_to_say(tmp_path):
    made = run("init", tmp_path / "mine")
    assert (made.code, made.out) == (0, "")
    assert made.err == f"{tmp_path}/mine is ready. Next: ecosystem-iq check {tmp_path}/mine\n"
    checked = run("check", tmp_path / "mine")
    assert (checked.code, checked.out) == (0, "")
    assert checked.err == f"{tmp_path}/mine: 0 errors, 0 warnings, 0 notes.\n"


def test_the_demo_is_the_one_of_the_repository(tmp_path, root):
    assert run("init", "--demo", tmp_path / "demo").code == 0
    assert contents(tmp_path / "demo") == contents(root / "data" / "demo")


def test_an_empty_folder_may_be_filled_quietly(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    ran = run("init", tmp_path / "a" / "b", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize("name", ["full", "full/mine.txt"])
def test_what_holds_anything_is_refused_and_unchanged(tmp_path, name):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    for options in ([], ["--demo"]):
        ran = run("init", tmp_path / name, *options)
        assert (ran.code, ran.out) == (1, "")
        assert "exists and is not empty; name another folder, or empty it first." in ran.err
    assert contents(tmp_path) == before


def test_a_folder_which_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    below = run("init", tmp_path / "file" / "x")
    too_long = run("init", tmp_path / ("a" * 300))
    assert (below.code, too_long.code) == (1, 1)
    assert "cannot be written: Not a directory." in below.err
    assert "File name too long" in too_long.err


def test_streams_are_exact(tmp_path):
    ran = run_apart("init", tmp_path / "ws")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"{tmp_path}/ws is ready. Next: ecosystem-iq check {tmp_path}/ws\n"
