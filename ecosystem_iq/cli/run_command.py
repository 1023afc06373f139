"""``ecosystem-iq run``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecosystem_iq.cli.options import draws, framework, opened, opens_browser, random_seed, reads_workspace, show_page

if TYPE_CHECKING:
    from ecosystem_iq.publication import Progress


@click.command("run")
@reads_workspace
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the pages."
)
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Only this account's page; may be repeated.")
@framework
@draws
@random_seed
@opens_browser
def command(
    workspace: Path,
    *,
    output: Path,
    accounts: tuple[str, ...],
    framework: str | None,
    draws: int,
    random_seed: int,
    open_page: bool | None,
    **reading: bool,
) -> None:
    r"""Do everything for WORKSPACE: map, benchmark, and a folder of pages and tables which opens by double click.

    \b
    Example:  ecosystem-iq run demo -o out/demo
    """
    from ecosystem_iq.assessment import assess
    from ecosystem_iq.benchmark import load_framework
    from ecosystem_iq.publication import publish
    from ecosystem_iq.views.portal import findings

    quiet = reading["quiet"]
    _say(f"Reading {workspace} …", quiet=quiet)
    eco = opened(workspace, **reading)
    chosen = load_framework(framework) if framework else None
    _say("Mapping influence and comparing companies …", quiet=quiet)
    assessment = assess(eco, framework=chosen, draws=draws, rng=random_seed)
    with _progress(quiet=quiet) as advance:
        manifest = publish(assessment, output, accounts=accounts or "all", progress=advance)
    for sentence in findings(assessment):
        _say(f"• {sentence}", quiet=quiet)
    show_page(manifest.index, open_page=open_page)


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(text, err=True)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A bar on stderr which grows with every file."""
    if quiet:
        yield None
        return
    import sys

    with click.progressbar(length=1, label="Writing pages", file=sys.stderr, show_pos=True) as bar:

        def advance(done: int, total: int, _: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance
