"""``ecosystem-iq check``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecosystem_iq.cli.listing import Listing, listing
from ecosystem_iq.cli.options import allow_undeclared, quiet, workspace

if TYPE_CHECKING:
    from ecosystem_iq.errors import Problem, Problems


@click.command("check")
@workspace
@allow_undeclared
@quiet
@listing
def command(workspace: Path, *, allow_undeclared: bool, quiet: bool) -> Listing:  # noqa: ARG001
    r"""Find everything wrong with WORKSPACE, in one pass.

    Each problem names file, row (as a spreadsheet counts it) and column, and says what to do. Exit code 1 when a
    problem is an error.

    \b
    Example:  ecosystem-iq check mine
              ecosystem-iq check mine --format csv -o problems.csv
    """
    from ecosystem_iq.tables import check

    problems = check(workspace, allow_undeclared=allow_undeclared)
    rows = [(problem.level, _place(problem), _what(problem)) for problem in problems]
    notes = [_summary(workspace, problems)]
    return Listing(problems.to_frame(), ("level", "where", "what"), rows, notes, failed=not problems.ok)


def _place(problem: Problem) -> str:
    row = "" if problem.row is None else f" row {problem.row}"
    column = "" if problem.column is None else f", {problem.column}"
    return f"{problem.table}{row}{column}"


def _what(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".strip()


def _summary(workspace: Path, problems: Problems) -> str:
    counts = Counter(problem.level for problem in problems)
    parts = [f"{counts['error']} errors", f"{counts['warning']} warnings", f"{counts['info']} notes"]
    return (
        f"{workspace}: " + ", ".join(part.removesuffix("s") if part.startswith("1 ") else part for part in parts) + "."
    )
