"""Workspaces as files, and the command line as its user meets it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from ecosystem_iq.cli import main
from ecosystem_iq.errors import Problem

PEOPLE = "stakeholder_id,name,kind,lawful_basis\na,Ann,person,consent\nb,Bob,person,consent\nc,Cy,person,consent\n"
TIES = "source,target,strength,confidence\na,b,.5,1\nb,c,strong,.9\n"
SMALL = {"stakeholders.csv": PEOPLE, "ties.csv": TIES}
"""The smallest workspace of which a map can be drawn; nothing is wrong with it."""

COMPANIES = "company_id,name\nx,Xeno\ny,Yoyo\nz,Zeta\n"
SCORES = "company_id,indicator_id,period,rater,value\n" + "".join(
    f"{company},{indicator},2026,r{rater},{value}\n"
    for indicator in (f"{axis}{n}" for axis in "RA" for n in range(1, 14))
    for company, value in (("x", 1), ("y", 2), ("z", 3))
    for rater in (1, 2)
)
COMPARED = {**SMALL, "companies.csv": COMPANIES, "scores.csv": SCORES}
"""A small workspace which can be benchmarked, too."""

BROKEN = {
    "stakeholders.csv": PEOPLE + "a,Ann again,person,consent\nd,Di,persn,consent\n",
    "ties.csv": "source,target,kind,strength,valid_from,valid_to\n"
    "a,b,influences,-0.4,,\n"
    "a,c,influences,about half,,\n"
    "b,zz,influences,.5,,\n"
    "a,b,reports_to,.5,,\n"
    "b,a,reports_to,.5,,\n"
    "c,a,advises,.5,2026-01-01,2025-01-01\n",
    "companies.csv": "",
    "evidence.csv": b"PK\x03\x04\x00\x00\xff",
}
"""Duplicate key, unknown word, out of range, text in a number, dangling id, cycle, period, empty file, binary file."""


def write(folder: Path, files: Mapping[str, str | bytes | None] = SMALL) -> Path:
    """A folder with these files; None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def places(problems: Iterable[Problem], level: str = "error") -> set[tuple[str, int | None, str | None, str]]:
    """Where each problem of a level is, and its code."""
    return {(p.table, p.row, p.column, p.code) for p in problems if p.level == level}


def contents(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Ran:
    """The command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["ecosystem-iq", *map(str, arguments)]
    with mock.patch.object(sys, "argv", argv), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        else:
            code = 0
    return Ran(code, out.getvalue(), err.getvalue())


def run_apart(*arguments: object, python: Iterable[str] = ("-m", "ecosystem_iq"), **environment: str) -> Ran:
    """The command line in a process of its own."""
    result = subprocess.run(
        [sys.executable, *python, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Ran(result.returncode, result.stdout.decode(), result.stderr.decode())
