"""The command line as a whole: help, exit codes, streams, and what it must not load or say."""

from __future__ import annotations

import errno
import json
import sys

import click
import pytest
from workspaces import BROKEN, PEOPLE, SMALL, contents, run, run_apart, write

from ecosystem_iq import cli, errors

COMMANDS = list(cli._COMMANDS)
HEAVY = "pandas numpy scipy sklearn networkx IPython duckdb pyarrow pyvis jinja2"
LOADED = f"import json, sys; print(json.dumps([m for m in {HEAVY.split()} if m in sys.modules]))"


def test_help_names_every_command():
    ran = run("--help")
    assert ran.code == 0
    assert ran.err == ""
    for command in COMMANDS:
        assert f"\n  {command} " in ran.out
    assert "\n  A first look:    ecosystem-iq init --demo demo && ecosystem-iq run demo -o out\n" in ran.out
    assert "\\b" not in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example_on_lines_of_its_own(command):
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"\n  Example:  ecosystem-iq {command} " in ran.out
    assert "\\b" not in ran.out
    assert all(line.count("ecosystem-iq") <= 1 for line in ran.out.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command):
    options = cli._Commands().get_command(None, command).params
    named = [option for option in options if isinstance(option, click.Option) and option.name not in ("style", "help")]
    assert all(option.help for option in named)


def test_help_loads_no_library():
    code = f"from ecosystem_iq.cli import cli; cli(['--help'], standalone_mode=False); {LOADED}"
    assert json.loads(run_apart(python=["-c", code]).out.splitlines()[-1]) == []


def test_importing_the_package_loads_no_library():
    assert json.loads(run_apart(python=["-c", f"import ecosystem_iq; dir(ecosystem_iq); {LOADED}"]).out) == []


def test_what_would_be_seen_if_a_library_were_loaded():
    assert "pandas" in json.loads(run_apart(python=["-c", f"import ecosystem_iq.tables; {LOADED}"]).out)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["chek"], 'Error: There is no command "chek". Did you mean "check"?'),
        (["zzzzzz"], 'Error: There is no command "zzzzzz".'),
        (["check"], "Error: Missing argument 'WORKSPACE'."),
        (["check", "x", "--formt", "csv"], "Error: No such option '--formt'"),
        (["check", "x", "--format", "xml"], "'xml' is not one of"),
        (["map", "x", "--top", "0"], "0 is not in the range"),
        (["map", "x", "--random-seed", "-1"], "-1 is not in the range"),
        (["benchmark", "x", "--draws", "1"], "1 is not in the range"),
        (["run", "x"], "Error: Missing option '-o'"),
        (["import", "a", "b"], "Error: Missing option '--map'."),
    ],
)
def test_a_command_which_is_not_understood_exits_2(arguments, text):
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert text in ran.err


def test_the_version_is_printed():
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("ecosystem-iq, version ")


@pytest.mark.parametrize("command", ["check", "map", "benchmark", "view", "run"])
@pytest.mark.parametrize(
    ("where", "text"),
    [("nothing", "does not exist."), ("ws/ties.csv", "is a file, not a folder."), ("empty", "holds no table."),
     ("a" * 300, "cannot be listed: File name too long.")],
    ids=["missing", "file", "empty", "too long"],
)  # fmt: skip
def test_a_workspace_which_is_none_exits_1(tmp_path, monkeypatch, command, where, text):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ws")
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path)
    ran = run(command, where, *(["-o", "out"] if command in ("view", "run") else []))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(("Error: ", "Reading "))
    assert text in ran.err
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", ["map", "benchmark", "view", "run"])
def test_nothing_is_written_for_a_broken_workspace(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ws", BROKEN)
    before = contents(tmp_path)
    ran = run(command, "ws", "-o", "out")
    assert (ran.code, ran.out) == (1, "")
    assert "Error: ws has 10 errors.\n  companies.csv: is empty. Write a header row, or delete the file.\n" in ran.err
    assert 'ties.csv row 4, target: "zz" is not in stakeholders.csv.' in ran.err
    assert contents(tmp_path) == before


def test_a_workspace_which_lacks_a_table_says_which(tmp_path):
    write(tmp_path / "ws", SMALL)
    ran = run("benchmark", tmp_path / "ws")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: benchmark needs companies.csv (who is compared); scores.csv (what assessors gave each company on each "
        "indicator).\n"
    )


def test_more_than_fifty_problems_are_counted(tmp_path):
    people = PEOPLE + "".join(f"p{n},N,persn,\n" for n in range(60))
    ran = run("map", write(tmp_path, {**SMALL, "stakeholders.csv": people}))
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 52
    assert ran.err.endswith("  … and 10 more; `ecosystem-iq check` lists all.\n")


def test_a_fault_with_signs_which_steer_a_terminal_is_shown_without_them(tmp_path):
    people = PEOPLE + '"d\x1b[2J\u202e\n",Di,persn\x1b[31m,\n'
    ran = run("map", write(tmp_path, {**SMALL, "stakeholders.csv": people}))
    assert ran.code == 1
    assert not set(ran.err) & set("\x1b\u202e")
    assert '"persn\ufffd[31m" is not a known word.' in ran.err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_names_are_printed_whatever_the_code_page(tmp_path, encoding):
    people = PEOPLE.replace("Ann", "山田 é")
    ran = run_apart("map", write(tmp_path, {**SMALL, "stakeholders.csv": people}), PYTHONIOENCODING=encoding)
    assert ran.code == 0, ran.err
    assert "山田 é" in ran.out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a full device")
def test_a_full_disk_behind_stdout_is_an_error_not_a_traceback(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    write(tmp_path)
    monkeypatch.setattr("ecosystem_iq.cli.listing.click.echo", full)
    with pytest.raises(OSError, match="No space left"):
        cli.cli(["check", str(tmp_path)], standalone_mode=False)
    monkeypatch.undo()
    monkeypatch.setattr("ecosystem_iq.cli.listing.render", full)
    ran = run("check", tmp_path)
    assert (ran.code, ran.err) == (1, "Error: the result cannot be written: No space left on device.\n")


def test_an_error_of_ours_is_one_line_and_exit_1(monkeypatch):
    def fail():
        raise errors.OutputError("It cannot be written.")

    monkeypatch.setattr("ecosystem_iq.tables.check", lambda *_, **__: fail())
    ran = run("check", "x")
    assert (ran.code, ran.out, ran.err) == (1, "", "Error: It cannot be written.\n")


def test_a_mistake_of_ours_is_not_hidden(monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("ecosystem_iq.tables.check", fail)
    with pytest.raises(ZeroDivisionError):
        run("check", "x")


@pytest.mark.parametrize("name", ["with blanks", "日本 ü", "'; DROP TABLE", "$(x) %s {}"])
def test_a_workspace_may_be_called_anything(tmp_path, name):
    write(tmp_path / name)
    for command in ("check", "map"):
        assert run(command, tmp_path / name, "-q").code == 0
