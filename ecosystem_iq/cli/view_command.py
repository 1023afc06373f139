"""``ecosystem-iq view``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecosystem_iq.cli.options import opened, opens_browser, random_seed, reads_workspace, show_page

if TYPE_CHECKING:
    from ecosystem_iq.assessment import Assessment
    from ecosystem_iq.network import InfluenceGraph
    from ecosystem_iq.tables import Ecosystem

_LISTED = 12
_LARGE = 1_000
"""Stakeholders or so above which it takes long enough to say what is being done."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@click.command("view")
@reads_workspace
@click.option("--account", metavar="ID", help="Which account; needed when there are several.")
@click.option(
    "--before", metavar="DATE|DIR",
    help="Mark what has changed since then: a day (of the same workspace), or another workspace.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True,
    help="An .html file, or a folder for it.",
)  # fmt: skip
@random_seed
@opens_browser
def command(
    workspace: Path,
    *,
    account: str | None,
    before: str | None,
    output: Path,
    random_seed: int,
    open_page: bool | None,
    **reading: bool,
) -> None:
    r"""Draw the interactive map of one account of WORKSPACE: one HTML file which opens offline.

    \b
    Example:  ecosystem-iq view demo --account acc-01
              ecosystem-iq view demo --account acc-01 --before 2025-12-31
              ecosystem-iq view mine -o map.html
    """
    from ecosystem_iq.network import influence_graph
    from ecosystem_iq.publication import account_codes, network_view

    eco = opened(workspace, **reading)
    eco.require("stakeholders", "ties", command="view")
    graph = influence_graph(eco, accounts=[account] if account else None)
    name = _only_account(graph)
    earlier = None if before is None else _earlier(before, workspace, eco, name, reading)
    quiet = reading["quiet"] or len(graph) <= _LARGE
    assessment = _assessed(eco, graph, random_seed, quiet=quiet)
    _say(f"Laying out {len(graph):,} stakeholders …", quiet=quiet)
    page = network_view(assessment, name, before=earlier)
    file = output if output.suffix.lower() == ".html" else output / f"{account_codes([name])[name]}.html"
    page.save(file)
    show_page(file, open_page=open_page)


def _only_account(graph: InfluenceGraph) -> str:
    if len(graph.account_ids) == 1:
        return graph.account_ids[0]
    listed = ", ".join(graph.account_ids[:_LISTED]) + (", …" if len(graph.account_ids) > _LISTED else "")
    raise click.UsageError(f"There are {len(graph.account_ids)} accounts; name one with --account: {listed}")


def _assessed(eco: Ecosystem, graph: InfluenceGraph, random_seed: int, *, quiet: bool) -> Assessment:
    """What the page of an account shows, and nothing else of what `run` works out."""
    from ecosystem_iq.assessment import MEASURED, TRIGGERS, Assessment
    from ecosystem_iq.errors import InputError
    from ecosystem_iq.network import measure
    from ecosystem_iq.network.jobs import opportunities
    from ecosystem_iq.network.judged import blend_judged
    from ecosystem_iq.triggers import rank_triggers

    _say(f"Measuring the influence of {len(graph):,} stakeholders …", quiet=quiet)
    measures = blend_judged(eco, measure(graph, MEASURED, rng=random_seed))
    jobs = opportunities(eco)
    _say("Ranking whom to engage next …", quiet=quiet)
    try:
        triggers = rank_triggers(eco, graph, measures, jobs, k=TRIGGERS, rng=random_seed)
    except InputError as error:  # an account too large to simulate has a map all the same
        _say(f"Without trigger points: {error}", quiet=quiet)
        triggers = None
    return Assessment(eco, graph, measures, opportunities=jobs, triggers=triggers)


def _earlier(before: str, workspace: Path, eco: Ecosystem, account: str, reading: dict[str, bool]) -> Assessment:
    """The same account on an earlier day, or as another workspace has it; only its map is needed."""
    from ecosystem_iq.assessment import Assessment
    from ecosystem_iq.network import influence_graph, measure
    from ecosystem_iq.network.judged import blend_judged
    from ecosystem_iq.tables import load

    day = before if _DATE.fullmatch(before) else None
    if day and eco.as_of is not None and day >= eco.as_of.isoformat():
        raise click.UsageError(f"--before {day} is not before {eco.as_of.isoformat()}, the day of the map.")
    then = load(
        workspace if day else before,
        as_of=day,
        keep_going=reading["keep_going"],
        allow_undeclared=reading["allow_undeclared"],
    )
    then.require("stakeholders", "ties", command="--before")
    graph = influence_graph(then, accounts=[account])
    return Assessment(then, graph, blend_judged(then, measure(graph, draws=0)))


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(text, err=True)
