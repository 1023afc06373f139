"""``ecosystem-iq init``."""

from __future__ import annotations

from pathlib import Path

import click

from ecosystem_iq.cli.options import quiet


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--demo", is_flag=True, help="Fill it with the demo: fictional companies, accounts and people.")
@quiet
def command(folder: Path, *, demo: bool, quiet: bool) -> None:
    r"""Make a new workspace in DIR: every table with its columns and one example row.

    \b
    Example:  ecosystem-iq init mine
              ecosystem-iq init --demo demo
    """
    from ecosystem_iq.files import refuse_occupied, write_text

    refuse_occupied(folder)
    for name, text in _files(demo=demo).items():
        write_text(folder / name, text)
    steps = "run" if demo else "check"
    if not quiet:
        click.echo(f"{folder} is ready. Next: ecosystem-iq {steps} {folder}", err=True)


def _files(*, demo: bool) -> dict[str, str]:
    if demo:
        from ecosystem_iq.synthetic import demo_files

        return demo_files()
    from ecosystem_iq.tables.writers import template_files

    return template_files()
