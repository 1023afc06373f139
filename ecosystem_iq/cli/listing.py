"""One decorator for every command which lists something: ``--format`` and ``-o``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ecosystem_iq.files import write_text

if TYPE_CHECKING:
    import pandas as pd

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Listing:
    """What a listing command found.

    Attributes
    ----------
    frame : DataFrame
        Exactly what ``--format csv`` and ``json`` print.
    header : sequence of str
        Columns of the table for people; a leading ``>`` aligns right.
    rows : sequence of sequence of str
        Its cells.
    notes : sequence of str
        Sentences for stderr.
    failed : bool
        What was found makes the command fail, once it is written.
    """

    frame: pd.DataFrame
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    failed: bool = False


def listing(command: Command) -> Command:
    """Add ``--format`` and ``-o`` to a command which returns a :class:`Listing`."""

    @click.option(
        "--format", "style", type=click.Choice(["table", "csv", "json", "md"]), default="table", show_default=True
    )
    @click.option(
        "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead of stdout."
    )
    @functools.wraps(command)
    def wrapped(*args: Any, style: str, output: Path | None, **kwargs: Any) -> Listing:
        found: Listing = command(*args, **kwargs)
        text = render(found, style)
        if output:
            write_text(output, text)
        else:
            click.echo(text, nl=False)
        if not kwargs.get("quiet"):
            for note in found.notes:
                click.echo(note, err=True)
        if found.failed:
            click.get_current_context().exit(1)
        return found

    return wrapped  # type: ignore[return-value]


def render(found: Listing, style: str) -> str:
    """The listing as text in one of the four formats."""
    if style == "csv":
        return found.frame.to_csv(index=False, lineterminator="\n", float_format="%.10g", date_format="%Y-%m-%d")
    if style == "json":
        import json

        text = found.frame.to_json(orient="records", date_format="iso", double_precision=15, force_ascii=False)
        rounded = json.loads(text, parse_float=lambda digits: float(f"{float(digits):.10g}"))
        return json.dumps(rounded, indent=2, ensure_ascii=False) + "\n"
    return _markdown(found) if style == "md" else _aligned(found)


def plain(text: str) -> str:
    r"""Text in one line, without signs which steer a terminal or turn the direction of writing.

    Examples
    --------
    >>> plain("Ann\nLee\x1b[31m")
    'Ann Lee�[31m'
    """
    shown = (sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
    return "".join(shown)


def _aligned(found: Listing) -> str:
    """Columns padded to their widest cell, two blanks apart."""
    if not found.rows:
        return ""
    names = [name.removeprefix(">") for name in found.header]
    cells = [names, *([plain(str(cell)) for cell in row] for row in found.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    lines = []
    for row in cells:
        padded = [
            cell.rjust(width) if name.startswith(">") else cell.ljust(width)
            for cell, width, name in zip(row, widths, found.header, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines) + "\n"


def _markdown(found: Listing) -> str:
    names = [name.removeprefix(">") for name in found.header]
    marks = ["---:" if name.startswith(">") else "---" for name in found.header]
    escaped = ([plain(str(cell)).replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in found.rows)
    return "".join("| " + " | ".join(row) + " |\n" for row in [names, marks, *escaped])
