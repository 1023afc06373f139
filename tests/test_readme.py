"""The README shows what the commands really print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"```console\n(\$ .*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def terminal(root, tmp_path_factory):
    """A folder in which the README's commands can be typed, and a function which types them."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(root / "data" / "demo", folder / "data" / "demo")

    def type_in(command):
        words = command.split()
        assert words[0] == "ecosystem-iq"
        result = subprocess.run(
            [sys.executable, "-m", "ecosystem_iq", *words[1:]],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        return result.stdout.decode("utf-8")

    type_in("ecosystem-iq init mine")
    ties = folder / "mine" / "ties.csv"
    ties.write_text(ties.read_text(encoding="utf-8").replace("dr-second", "dr-secnd"), encoding="utf-8")
    return type_in


def sessions(text):
    """Commands of the README with the output it shows."""
    for block in BLOCK.findall(text):
        command, _, output = block.partition("\n")
        yield command.removeprefix("$ "), output


def test_every_console_block_is_what_the_command_prints(readme, terminal):
    shown = dict(sessions(readme))
    assert len(shown) == 8
    assert {command: terminal(command) for command in shown} == shown


def test_every_line_shown_is_there_for_a_reader(readme):
    shown = dict(sessions(readme))
    (ranking,) = [output for command, output in shown.items() if " --top 12" in command]
    assert len(re.findall(r"^ +\d+ +\d+-\d+ ", ranking, re.MULTILINE)) == 12
    (place,) = [output for command, output in shown.items() if "--explain" in command]
    assert re.search(r"rank \d+, 90 % \d+-\d+, tied with ", place)
    (fault,) = [output for command, output in shown.items() if " check " in command]
    assert re.search(r"error +ties.csv row 2, target .*Did you mean", fault)


def test_links_and_pictures_are_there(readme, root):
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert target.startswith("https://") or (root / target).exists(), target


def test_the_python_example_runs(readme, root, tmp_path, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "data").mkdir()
    shutil.copytree(root / "data" / "demo", tmp_path / "data" / "demo")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    assert Path("map.html").stat().st_size > 100_000
