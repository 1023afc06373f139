"""``ecosystem-iq map``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_iq.cli.listing import Listing, listing
from ecosystem_iq.cli.options import opened, random_seed, reads_workspace

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem_iq.network import InfluenceGraph
    from ecosystem_iq.tables import Ecosystem

_TOP_OF_ONE, _TOP_OF_MANY = 10, 3


@click.command("map")
@reads_workspace
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Only this account; may be repeated.")
@click.option("--holder", metavar="COMPANY", help="Map what this company knows instead of the reference map.")
@click.option("--top", type=click.IntRange(1), help="Stakeholders an account; default 10 of one account, 3 of several.")
@click.option("--measure", "measures", multiple=True, help="influence, out_strength or in_strength; may be repeated.")
@click.option("--layers", is_flag=True, help="What each layer of ties adds, and who falls without it, instead.")
@random_seed
@listing
def command(
    workspace: Path,
    *,
    accounts: tuple[str, ...],
    holder: str | None,
    top: int | None,
    measures: tuple[str, ...],
    layers: bool,
    random_seed: int,
    **reading: bool,
) -> Listing:
    r"""Rank the stakeholders of WORKSPACE by influence, account by account.

    Influence is the share of an account's decisions which starts with somebody; ranks come with 90 % intervals, which
    say how far they would move if some ties did not exist.

    \b
    Example:  ecosystem-iq map demo --account acc-01
              ecosystem-iq map demo --account acc-01 --layers
              ecosystem-iq map demo --top 1 --format csv
    """
    from ecosystem_iq.network import influence_graph, measure
    from ecosystem_iq.network.judged import blend_judged

    eco = opened(workspace, **reading)
    eco.require("stakeholders", "ties", command="map")
    graph = influence_graph(eco, holder=holder, accounts=accounts or None)
    if layers:
        return _layers(graph, eco)
    names = tuple(dict.fromkeys(measures)) or ("influence",)
    table = blend_judged(eco, measure(graph, names, rng=random_seed)).to_frame()
    shown = top or (_TOP_OF_ONE if len(graph.account_ids) == 1 else _TOP_OF_MANY)
    table = table[table.groupby("account_id").cumcount() < shown]
    rows = [_row(row, len(graph.account_ids) > 1, names) for row in _named(table, eco).to_dict("records")]
    header = [">rank", ">90 %", "stakeholder", "role", "organisation", *(f">{name}" for name in names)]
    if len(graph.account_ids) > 1:
        header.insert(0, "account")
    return Listing(table, header, rows, _notes(graph))


def _layers(graph: InfluenceGraph, eco: Ecosystem) -> Listing:
    from ecosystem_iq.network.layers import layer_table

    table = layer_table(graph)
    names = eco.tables["stakeholders"].set_index("stakeholder_id")["name"]
    header = ("account", "layer", ">arcs", ">adds", ">top ten kept without it", "falls most", ">by ranks")
    rows = [
        [
            row["account_id"],
            row["layer"],
            str(row["arcs"]),
            f"{row['contribution']:.1%}",
            str(row["kept_top10"]),
            names.get(row["fallen_id"], "") if row["largest_fall"] > 0 else "",
            str(row["largest_fall"]),
        ]
        for row in table.to_dict("records")
    ]
    return Listing(table, header, rows, _notes(graph))


def _named(table: pd.DataFrame, eco: Ecosystem) -> pd.DataFrame:
    who = eco.tables["stakeholders"].set_index("stakeholder_id")
    named = table.join(who[["name", "title", "org_id"]], on="stakeholder_id")
    named["org"] = named["org_id"].map(who["name"])
    return named.fillna({"name": "", "title": "", "org": ""})


def _row(row: Mapping[Any, Any], several: bool, names: tuple[str, ...]) -> list[str]:
    low, high = row["rank_low"], row["rank_high"]
    interval = "" if math.isnan(low) else f"{low:.0f}-{high:.0f}"
    cells = [str(row["rank"]), interval, str(row["name"]), str(row["title"]), str(row["org"])]
    values = [f"{row[name]:.1%}" if name == "influence" else f"{row[name]:.3f}" for name in names]
    return ([str(row["account_id"])] if several else []) + cells + values


def _notes(graph: InfluenceGraph) -> list[str]:
    sizes = f"{len(graph):,} stakeholders, {graph.ties.sum():,} ties"
    reached = f"{graph.branching.min():.2f}"
    if len(graph.account_ids) > 1:
        sizes += f", {len(graph.account_ids)} accounts"
        reached += f" to {graph.branching.max():.2f}"
    return [f"{sizes}. An average stakeholder moves {reached} others directly (an assumption: mean_branching)."]
