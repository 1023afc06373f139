"""Options which several commands share, each declared once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

workspace = click.argument("workspace", type=click.Path(path_type=Path))

keep_going = click.option(
    "--keep-going", is_flag=True, help="Set rows with errors aside and go on; they are counted in every result."
)
allow_undeclared = click.option(
    "--allow-undeclared", is_flag=True, help="Accept opinions about persons without a lawful basis (a warning)."
)
random_seed = click.option(
    "--random-seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same bytes."
)
framework = click.option(
    "--framework", metavar="FILE", help="A framework TOML; default: the workspace's, else the built-in one."
)
draws = click.option(
    "--draws", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True, help="Replications."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")


def reads_workspace(command: Command) -> Command:
    """The argument and options of every command which reads a workspace."""
    for option in (quiet, allow_undeclared, keep_going, workspace):
        command = option(command)
    return command


def opened(workspace: Path, *, keep_going: bool, allow_undeclared: bool, quiet: bool) -> Any:
    """Load a workspace, and say what was set aside."""
    from ecosystem_iq.tables import load

    eco = load(workspace, keep_going=keep_going, allow_undeclared=allow_undeclared)
    aside = sum(len(frame) for frame in eco.rejected.values())
    if aside and not quiet:
        click.secho(
            f"{aside:,} rows with errors set aside; `ecosystem-iq check {workspace}` lists them.", fg="yellow", err=True
        )
    if eco.withheld and not quiet:
        click.echo(f"Stakeholders left out (objection, or past their retention date): {eco.withheld:,}.", err=True)
    return eco


def opens_browser(command: Command) -> Command:
    """``--open / --no-open``; by default a browser is opened where somebody can see it."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return command(*args, **kwargs)

    help_text = "Open the page in a browser; default: only with a display and a terminal."
    return click.option("--open/--no-open", "open_page", default=None, help=help_text)(wrapped)  # type: ignore[return-value]


def show_page(path: Path, *, open_page: bool | None) -> None:
    """Open a page, or print where it is."""
    import os
    import sys
    import webbrowser

    url = path.resolve().as_uri()
    display = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    wanted = bool(display and sys.stdout.isatty() and not os.environ.get("CI")) if open_page is None else open_page
    if wanted:
        webbrowser.open(url)
    click.echo(url)
