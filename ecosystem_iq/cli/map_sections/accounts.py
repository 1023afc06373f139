"""Sections of ``map`` with a row an account, or a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecosystem_iq.cli.listing import Column, Listing, counted, figure, listed, share
from ecosystem_iq.cli.map_sections.asked import TOP_OF_MANY, WHO, Asked, map_notes

if TYPE_CHECKING:
    pass


_MOST_ACCOUNTS = 12


def accounts(asked: Asked) -> Listing:
    """Every account as a whole."""
    from ecosystem_iq.network.accounts import account_table

    table = account_table(asked.eco, asked.graph)
    columns = [
        Column("account_id", "account"),
        Column("stakeholders", "stakeholders", counted),
        Column("arcs", "arcs", counted),
        Column("density", "density", share),
        Column("reciprocity", "answered", share),
        Column("centralization", "centralization", figure),
        Column("communities", "communities", counted),
        Column("modularity", "modularity", figure),
        Column("fragmentation", "beyond chance", figure),
        Column("integration", "integration", share),
        Column("cross_setting_share", "across settings", share),
    ]
    return listed(table, columns, map_notes(asked))


def communities(asked: Asked) -> Listing:
    """Groups who are tied among each other more than with others, and who stands first in each."""
    import pandas as pd

    from ecosystem_iq.network.communities import account_communities

    labels = account_communities(asked.graph)
    table = asked.measures.table.assign(community=lambda rows: labels[rows.index] + 1)
    groups = table.groupby(["account_id", "community"], sort=True)
    found = groups.agg(stakeholders=("stakeholder_id", "size"), share=("influence", "sum"), first=("rank", "idxmin"))
    found = found.reset_index()
    found["stakeholder_id"] = table["stakeholder_id"].loc[found["first"]].to_numpy()
    found = pd.DataFrame(found.drop(columns="first"))
    columns = [
        Column("community", "community", counted),
        Column("stakeholders", "stakeholders", counted),
        Column("share", "influence", share),
        Column("name", "most influential"),
        Column("role", "role"),
    ]
    tied = found[found["stakeholders"] > 1]
    alone = len(found) - len(tied)
    notes = [*map_notes(asked), f"{alone:,} stakeholders without a tie are left out of the list."] if alone else []
    return asked.listed(asked.named(tied), columns, notes or map_notes(asked)).with_frame(found)


def layers(asked: Asked) -> Listing:
    """What each layer of ties adds, and who falls without it."""
    from ecosystem_iq.network.layers import layer_table

    table = layer_table(asked.graph)
    names = asked.eco.tables["stakeholders"].set_index("stakeholder_id")["name"]
    falls = table["fallen_id"].map(names).where(table["largest_fall"] > 0, "")
    columns = [
        Column("account_id", "account"),
        Column("layer", "layer"),
        Column("arcs", "arcs", counted),
        Column("contribution", "adds", share),
        Column("kept_top10", "top ten kept without it", counted),
        Column("falls", "falls most"),
        Column("largest_fall", "by ranks", counted),
    ]
    return listed(table.assign(falls=falls), columns, map_notes(asked)).with_frame(table)


def key_players(asked: Asked) -> Listing:
    """The stakeholders of each account who are key together."""
    import pandas as pd

    from ecosystem_iq.network.key_players import CRITERIA
    from ecosystem_iq.network.key_players import key_players as search

    wanted = asked.top or TOP_OF_MANY
    rows = []
    for account in asked.graph.account_ids:
        for criterion in CRITERIA:
            found = search(asked.graph, wanted, criterion=criterion, account=account, rng=asked.seed)
            rows.append(
                {
                    "account_id": account,
                    "criterion": criterion,
                    "value": found.value,
                    "stakeholder_ids": "|".join(found.stakeholders),
                    "optimal_sets": found.n_optimal,
                    "in_every_set": "|".join(found.core),
                    "exact": found.exact,
                }
            )
    table = pd.DataFrame(rows)
    named = table.assign(
        names=[asked.names_of(ids.split("|")) for ids in table["stakeholder_ids"]],
        sets=[
            f"{n:,}{'' if exact else ' found'}" for n, exact in zip(table["optimal_sets"], table["exact"], strict=True)
        ],
    )
    columns = [
        Column("criterion", "criterion"),
        Column("value", "value", figure),
        Column("names", "one of the best sets"),
        Column("sets", ">sets as good"),
    ]
    notes = [f"Sets of {wanted} (--top). Several sets are often equally good: choose among them."]
    return asked.listed(named, columns, notes).with_frame(table)


def value(asked: Asked) -> Listing:
    """Who holds value, how unevenly, and who funds and bears risk for whom."""
    from ecosystem_iq.network.flows import flow_totals, value_flows
    from ecosystem_iq.network.value import stakeholder_value, value_concentration

    graph = asked.graph
    table = flow_totals(value_flows(asked.eco, graph, holder=asked.holder), graph)
    held = stakeholder_value(asked.eco, graph)
    table.insert(2, "value", held)
    total = table.groupby("account_id")["value"].transform("sum")
    table.insert(3, "share", table["value"] / total.where(total > 0))
    table = table.sort_values(["account_id", "value"], ascending=[True, False], kind="stable")
    flows = [Column(name, name.replace("_", " "), figure) for name in ("funds_out", "funds_in", "risk_out", "risk_in")]
    columns = [*WHO, Column("share", "value", share), *flows]
    first = asked.first(table)
    notes = [_concentration(row) for row in value_concentration(asked.eco, graph).to_dict("records")]
    notes = [*notes[:_MOST_ACCOUNTS], *_within_reach(asked)]
    return asked.listed(first, columns, notes).with_frame(table.loc[first.index])


def _within_reach(asked: Asked) -> list[str]:
    """What the stakeholders named with ``--from`` hold and move in two steps."""
    from ecosystem_iq.network.value import value_within_reach

    if not asked.sources:
        return []
    rows = value_within_reach(asked.eco, asked.graph, asked.sources).to_dict("records")
    who = asked.names_of(asked.sources)
    return [f"{row['account_id']}: within two steps of {who} lies {share(row['share'])} of the value." for row in rows]


def _concentration(row: dict[Any, Any]) -> str:
    if row["reason"]:
        return f"{row['account_id']}: {row['reason']}."
    return (
        f"{row['account_id']}: {row['known']:,} of {row['n']:,} hold a known value; Gini {figure(row['gini'])}, HHI "
        f"{figure(row['hhi'])}, the three largest hold {share(row['top3'])}."
    )


def jobs(asked: Asked) -> Listing:
    """Opportunity of every job by group of stakeholders, in both forms."""
    from ecosystem_iq.network.jobs import job_segments

    table = job_segments(asked.eco, by="group", holder=asked.holder, rng=asked.seed)
    best = table[["top_box_opportunity", "mean_opportunity"]].max(axis=1)
    table = table.assign(best=best).sort_values(["segment", "best"], ascending=[True, False], kind="stable")
    first = table[table.groupby("segment").cumcount() < (asked.top or TOP_OF_MANY)]
    statements = asked.eco.tables["jobs"].set_index("job_id")["statement"]
    shown = first.assign(statement=first["job_id"].map(statements))
    for form in ("top_box", "mean"):
        shown[form] = [_opportunity(row, form) for row in shown.to_dict("records")]
    columns = [
        Column("segment", "group"),
        Column("statement", "job"),
        Column("funnel_stage", "stage"),
        Column("top_box", ">opportunity, top box"),
        Column("mean", ">opportunity, mean form"),
    ]
    notes = ["Opportunity 0-20 with its 90 % interval and respondents; a band is named where it is sure (80 %)."]
    return listed(shown, columns, notes).with_frame(first.drop(columns="best"))


def _opportunity(row: dict[Any, Any], form: str) -> str:
    point = row[f"{form}_opportunity"]
    if point != point:  # noqa: PLR0124 - NaN
        return ""
    band = f" {row[f'{form}_band']}" if row[f"{form}_band"] else ""
    return f"{point:.1f} ({row[f'{form}_low']:.1f}-{row[f'{form}_high']:.1f}, n {row[f'{form}_n']:,.0f}){band}"


def advocacy(asked: Asked) -> Listing:
    """Where influence stands in each account: for, against, undecided, unknown."""
    from ecosystem_iq.network.engagement import key_stakeholders
    from ecosystem_iq.network.salience import advocacy as stances

    table = stances(asked.eco, asked.measures, key_stakeholders(asked.eco, asked.measures))
    columns = [
        Column("account_id", "account"),
        Column("scope", "among"),
        Column("n", "stakeholders", counted),
        Column("advocacy", "advocacy", figure),
        Column("lowest", "at least", figure),
        Column("highest", "at most", figure),
        *(Column(name, name, share) for name in ("supporters", "neutral", "opponents", "unknown")),
    ]
    notes = ["Advocacy -2 to 2, weighted by influence; the bounds hold whatever the unknown stances are."]
    return listed(table, columns, notes)
