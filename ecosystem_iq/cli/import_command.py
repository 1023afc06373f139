"""``ecosystem-iq import``."""

from __future__ import annotations

from pathlib import Path

import click

from ecosystem_iq.cli.options import quiet


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("workspace", type=click.Path(path_type=Path))
@click.option("--map", "mapping", type=click.Path(path_type=Path), required=True, help="What each column means (TOML).")
@quiet
def command(source: Path, workspace: Path, *, mapping: Path, quiet: bool) -> None:
    r"""Turn the CSV files in SOURCE into a new WORKSPACE, as a mapping says.

    The mapping renames columns, replaces words, fills constants, and must declare the direction of ties: when A says
    "I ask B", it is B who moves A. Nothing is written unless everything fits.

    \b
    Example:  ecosystem-iq import survey/ mine --map survey.toml
    """
    from ecosystem_iq.files import refuse_occupied, write_text
    from ecosystem_iq.tables.importers import import_mapped, read_mapping

    refuse_occupied(workspace)
    imported = import_mapped(source, read_mapping(mapping))
    for name, text in imported.files.items():
        write_text(workspace / name, text)
    counts = ", ".join(f"{count:,} {table}" for table, count in imported.counts.items())
    if not quiet:
        click.echo(f"{workspace}: {counts}. Next: ecosystem-iq check {workspace}", err=True)
