"""``ecosystem-iq triggers``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_iq.cli.listing import Listing, listing
from ecosystem_iq.cli.options import opened, random_seed, reads_workspace

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem_iq.tables import Ecosystem


@click.command("triggers")
@reads_workspace
@click.option("-k", "--k", type=click.IntRange(1, 100), default=10, show_default=True, help="Stakeholders an account.")
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Only this account; may be repeated.")
@click.option("--refused", is_flag=True, help="List who may not be targeted, and why, instead.")
@random_seed
@listing
def command(
    workspace: Path, *, k: int, accounts: tuple[str, ...], refused: bool, random_seed: int, **reading: bool
) -> Listing:
    r"""Find whom to engage next in each account of WORKSPACE.

    The score is reach (value-weighted stakeholders moved beyond those already won, with its standard error) times
    movability, timing and actionability; every factor is shown. For human review: reach rests on assumed tie strengths.

    \b
    Example:  ecosystem-iq triggers demo --account acc-01 -k 5
              ecosystem-iq triggers demo --refused
    """
    from ecosystem_iq.network import influence_graph, measure
    from ecosystem_iq.network.jobs import opportunities
    from ecosystem_iq.triggers import rank_triggers

    eco = opened(workspace, **reading)
    eco.require("stakeholders", "ties", command="triggers")
    graph = influence_graph(eco, accounts=accounts or None)
    found = rank_triggers(eco, graph, measure(graph, draws=0), opportunities(eco), k=k, rng=random_seed)
    table = _named(found.refused if refused else found.table, eco)
    rows = [(_refusal if refused else _line)(row) for row in table.to_dict("records")]
    header = _REFUSED if refused else _HEADER
    frame = found.refused if refused else found.table
    skipped = [f"{row['account_id']}: {row['reason']}." for row in found.skipped.to_dict("records")]
    return Listing(frame, header, rows, [*_notes(len(found.refused), refused=refused), *([] if refused else skipped)])


_HEADER = (
    "account", ">rank", "stakeholder", ">reach", ">± se", ">movable", ">timing", ">action", ">score", "type", "why",
)  # fmt: skip
_REFUSED = ("account", "stakeholder", "why")


def _named(table: pd.DataFrame, eco: Ecosystem) -> pd.DataFrame:
    return table.join(eco.tables["stakeholders"].set_index("stakeholder_id")["name"], on="stakeholder_id")


def _line(row: Mapping[Any, Any]) -> list[str]:
    factors = [f"{row[name]:.2f}" for name in ("movability", "timing", "actionability", "score")]
    reach = [f"{row['reach']:.2f}", f"{row['reach_se']:.2f}"]
    return [row["account_id"], str(row["rank"]), row["name"], *reach, *factors, row["type"], row["reason"]]


def _refusal(row: Mapping[Any, Any]) -> list[str]:
    return [row["account_id"], row["name"], row["reason"]]


def _notes(count: int, *, refused: bool) -> list[str]:
    notes = ["For human review: no automated decision. Reach rests on assumed tie strengths."]
    return (
        notes
        if refused or not count
        else [*notes, f"{count} may not be targeted; --refused lists them with the reason."]
    )
