"""``ecosystem-iq view``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecosystem_iq.cli.options import opened, opens_browser, random_seed, reads_workspace, show_page

if TYPE_CHECKING:
    from ecosystem_iq.network import InfluenceGraph

_LISTED = 12


@click.command("view")
@reads_workspace
@click.option("--account", metavar="ID", help="Which account; needed when there are several.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True,
    help="An .html file, or a folder for it.",
)  # fmt: skip
@random_seed
@opens_browser
def command(
    workspace: Path, *, account: str | None, output: Path, random_seed: int, open_page: bool | None, **reading: bool
) -> None:
    r"""Draw the interactive map of one account of WORKSPACE: one HTML file which opens offline.

    \b
    Example:  ecosystem-iq view demo --account acc-01
              ecosystem-iq view mine -o map.html
    """
    from ecosystem_iq.assessment import MEASURED, Assessment
    from ecosystem_iq.network import influence_graph, measure
    from ecosystem_iq.publication import account_codes, network_view

    eco = opened(workspace, **reading)
    eco.require("stakeholders", "ties", command="view")
    graph = influence_graph(eco, accounts=[account] if account else None)
    name = _only_account(graph)
    assessment = Assessment(eco, graph, measure(graph, MEASURED, rng=random_seed), None, None)
    file = output if output.suffix.lower() == ".html" else output / f"{account_codes([name])[name]}.html"
    network_view(assessment, name).save(file)
    show_page(file, open_page=open_page)


def _only_account(graph: InfluenceGraph) -> str:
    if len(graph.account_ids) == 1:
        return graph.account_ids[0]
    listed = ", ".join(graph.account_ids[:_LISTED]) + (", …" if len(graph.account_ids) > _LISTED else "")
    raise click.UsageError(f"There are {len(graph.account_ids)} accounts; name one with --account: {listed}")
