"""One decorator for every command which lists something: ``--format`` and ``-o``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    below : Listing, optional
        A second table for people, under the first.
    """

    frame: pd.DataFrame
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    failed: bool = False
    below: Listing | None = None

    def with_frame(self, frame: pd.DataFrame) -> Listing:
        """The same table for people, with another frame for programs."""
        return replace(self, frame=frame)


def _as_text(value: Any) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN is not itself


@dataclass(frozen=True)
class Column:
    """A column of a table for people: its name in the frame, its heading (``>`` aligns right), how it is written."""

    name: str
    header: str
    write: Callable[[Any], str] = _as_text

    @property
    def heading(self) -> str:
        """The heading; numbers are aligned right."""
        numbers = self.write is not _as_text and not self.header.startswith(">")
        return f">{self.header}" if numbers else self.header


def share(value: float) -> str:
    """A share as a percentage; blank for NaN.

    Examples
    --------
    >>> share(0.1234), share(float("nan"))
    ('12.3%', '')
    """
    return "" if value != value else f"{value:.1%}"  # noqa: PLR0124 - NaN


def figure(value: float) -> str:
    """A number with three decimals at most; blank for NaN.

    Examples
    --------
    >>> figure(0.12345), figure(1234.5), figure(3.0), figure(float("nan"))
    ('0.123', '1,234.5', '3', '')
    """
    if value != value:  # noqa: PLR0124 - NaN
        return ""
    digits = 3 if abs(value) < 10 else 1  # noqa: PLR2004 - small numbers need more digits
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if float(value).is_integer() else text


def counted(value: float) -> str:
    """A count; blank for NaN.

    Examples
    --------
    >>> counted(12345)
    '12,345'
    """
    return "" if value != value else f"{value:,.0f}"  # noqa: PLR0124 - NaN


def listed(frame: pd.DataFrame, columns: Sequence[Column], notes: Sequence[str] = ()) -> Listing:
    """A frame as a listing: all of it for programs, some columns of it for people."""
    cells = [[column.write(value) for value in frame[column.name]] for column in columns]
    rows = [list(row) for row in zip(*cells, strict=True)]
    return Listing(frame, [column.heading for column in columns], rows, tuple(notes))


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
    one = _markdown if style == "md" else _aligned
    return one(found) if found.below is None else f"{one(found)}\n{render(found.below, style)}"


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
