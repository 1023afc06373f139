"""Sections of ``map`` with a row a stakeholder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecosystem_iq.cli.listing import Column, Listing, counted, figure, share
from ecosystem_iq.cli.map_sections.asked import WHO, Asked, map_notes

if TYPE_CHECKING:
    import pandas as pd


SHARES = ("influence", "pagerank")


def stakeholders(asked: Asked) -> Listing:
    """Rank, interval and the measures asked for."""
    measures = asked.measures
    table = measures.table
    kept = [f"{name}{bound}" for name in asked.names for bound in ("", "_low", "_high")]
    table = table[["account_id", "stakeholder_id", *kept, "rank", "rank_low", "rank_high", "p_top10"]]
    first = asked.first(table)
    first["interval"] = [
        "" if low != low else f"{low:.0f}-{high:.0f}"  # noqa: PLR0124 - NaN: no interval
        for low, high in zip(first["rank_low"], first["rank_high"], strict=True)
    ]
    shown = [Column(name, name, share if name in SHARES else figure) for name in asked.names]
    columns = [Column("rank", "rank", counted), Column("interval", ">90 %"), *WHO, *shown]
    missing = measures.undefined[measures.undefined["measure"].isin(asked.names)]
    notes = [*map_notes(asked), *_missing_notes(missing), *_undrawn(asked)]
    listing = asked.listed(first, columns, notes)
    return listing.with_frame(table.loc[first.index])


def brokerage(asked: Asked) -> Listing:
    """Who stands between groups, in which role, and whether more than by chance."""
    from ecosystem_iq.network.brokerage import ROLES
    from ecosystem_iq.network.brokerage import brokerage as roles_of

    table = roles_of(asked.graph).table
    table = table.sort_values(["account_id", "total"], ascending=[True, False], kind="stable")
    shown = [Column(role, role, counted) for role in ROLES]
    columns = [*WHO[:2], Column("group", "group"), *shown, Column("z_total", "z", figure)]
    notes = ["z above 1.96: brokers more than by chance, given the sizes of the groups and the number of ties."]
    first = asked.first(table)
    return asked.listed(first, columns, notes).with_frame(table.loc[first.index])


def salience(asked: Asked) -> Listing:
    """Power, legitimacy and urgency, the class they make, and the power-interest grid."""
    from ecosystem_iq.network.salience import power_interest
    from ecosystem_iq.network.salience import salience as classes

    table = classes(asked.eco, asked.measures)
    grid = power_interest(asked.eco, asked.measures)[["account_id", "stakeholder_id", "interest", "quadrant"]]
    table = table.merge(grid, on=["account_id", "stakeholder_id"], how="left")
    table = table.sort_values(["account_id", "score"], ascending=[True, False], kind="stable", na_position="last")
    parts = [Column(name, name, figure) for name in ("power", "legitimacy", "urgency", "score")]
    columns = [*WHO[:2], *parts, Column("salience", "class"), Column("interest", "interest", figure)]
    first = asked.first(table)
    counts = table["salience"].replace("", "unknown").value_counts()
    notes = ["Classes: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()) + "."]
    return asked.listed(first, [*columns, Column("quadrant", "quadrant")], notes).with_frame(table.loc[first.index])


def learn(asked: Asked) -> Listing:
    """Which ties to confirm and whom to ask, because it would change the ranking most."""
    from ecosystem_iq.network.learning import what_to_learn

    table = what_to_learn(asked.graph, top=asked.shown, unasked=asked.unasked, rng=asked.seed).table
    names = asked.eco.tables["stakeholders"].set_index("stakeholder_id")["name"]
    named = table.assign(
        question=[_question(row, names) for row in table.to_dict("records")],
        change=[f"{v:.2%} ± {e:.2%}" for v, e in zip(table["value"], table["value_se"], strict=True)],
    )
    columns = [
        Column("rank", "rank", counted),
        Column("question", "to learn"),
        Column("confidence", "confidence", share),
        Column("change", ">influence gained"),
        Column("rank_change", "ranks moved", figure),
    ]
    noisy = int(table["within_noise"].sum())
    notes = [f"{noisy:,} of {len(table):,} are within noise: ask for them last."] if noisy else []
    return asked.listed(named, columns, [*map_notes(asked), *notes]).with_frame(table)


def bridges(asked: Asked) -> Listing:
    """Ties whose loss would split the map."""
    import pandas as pd

    from ecosystem_iq.network.kernels import connectivity

    graph = asked.graph
    one, other = connectivity.bridges(graph.matrix).reshape(-1, 2).T
    table = pd.DataFrame({"account_id": graph.account[one], "one_id": graph.ids[one], "other_id": graph.ids[other]})
    shown = asked.top or len(table)
    first = table[table.groupby("account_id").cumcount() < shown]
    named = first.assign(**{end: [asked.names_of([each]) for each in first[f"{end}_id"]] for end in ("one", "other")})
    notes = [f"{len(table):,} of {graph.matrix.nnz:,} arcs: without one of these, somebody is cut off."]
    return asked.listed(named, [Column("one", "between"), Column("other", "and")], notes).with_frame(first)


def _question(row: dict[Any, Any], names: pd.Series) -> str:
    target = names.get(row["target"], row["target"])
    if row["kind"] == "tie":
        return f"Does {names.get(row['source'], row['source'])} move {target}?"
    return f"Whom does {target} listen to?"


def _undrawn(asked: Asked) -> list[str]:
    from ecosystem_iq.network.measures import LARGEST_DRAWN

    arcs = asked.graph.matrix.nnz
    if arcs <= LARGEST_DRAWN:
        return []
    return [f"No intervals: the map has {arcs:,} arcs, they are made up to {LARGEST_DRAWN:,}. Choose an --account."]


def _missing_notes(undefined: pd.DataFrame) -> list[str]:
    totals = undefined.groupby(["measure", "reason"], sort=False)["n"].sum().reset_index().to_dict("records")
    return [f"{row['measure']}: {row['n']:,} without a value ({row['reason']})." for row in totals]
