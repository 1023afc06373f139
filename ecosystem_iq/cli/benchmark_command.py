"""``ecosystem-iq benchmark``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_iq.cli.listing import Listing, listing
from ecosystem_iq.cli.options import draws, framework, opened, random_seed, reads_workspace

if TYPE_CHECKING:
    from ecosystem_iq.assessment import Assessment
    from ecosystem_iq.benchmark import Scorecard


@click.command("benchmark")
@reads_workspace
@click.option("--explain", metavar="COMPANY", help="How the score of one company comes about.")
@framework
@draws
@random_seed
@listing
def command(
    workspace: Path, *, explain: str | None, framework: str | None, draws: int, random_seed: int, **reading: bool
) -> Listing:
    r"""Compare the companies of WORKSPACE on readiness and action.

    Needs companies.csv and scores.csv. Ranks and scores come with 90 % measurement intervals; companies which share a
    letter cannot be told apart.

    \b
    Example:  ecosystem-iq benchmark demo
              ecosystem-iq benchmark demo --explain co-03
    """
    from ecosystem_iq.assessment import assess
    from ecosystem_iq.benchmark import load_framework

    eco = opened(workspace, **reading)
    eco.require("companies", "scores", command="benchmark")
    chosen = load_framework(framework or eco.settings.framework)
    assessment = assess(eco, framework=chosen, draws=draws, rng=random_seed)
    card = assessment.scorecard
    if card is None:
        raise click.ClickException("There is nothing to compare.")
    return _explained(assessment, card, explain) if explain else _ranking(assessment, card)


def _ranking(assessment: Assessment, card: Scorecard) -> Listing:
    from ecosystem_iq.views.benchmark import benchmark_findings, company_names

    names = company_names(assessment)
    scored = [card.framework.composite, *(axis.id for axis in card.framework.axes)]
    records = card.table.to_dict("records")
    header = [">rank", ">90 %", "ties", "company", *(f">{name}" for name in scored), f"{scored[0]} 90 %"]
    header += [">gap", "quadrant"] if "gap" in card.table else []
    header += [">coverage"]
    rows = [_row(row, scored, names) for row in records]
    notes = [*benchmark_findings(card, names), _recipe(card)]
    return Listing(card.table, header, rows, notes)


def _row(row: Mapping[Any, Any], scored: list[str], names: Mapping[str, str]) -> list[str]:
    ranked = row["ranked"]
    cells = [str(row["rank"]), f"{row['rank_low']}-{row['rank_high']}"] if ranked else ["-", "not ranked"]
    cells += [row["tie_group"], names[row["company_id"]], *(_number(row[name]) for name in scored)]
    cells.append(f"{_number(row[scored[0] + '_low'])}-{_number(row[scored[0] + '_high'])}" if ranked else "")
    if "gap" in row:
        cells += [_number(row["gap"]), row["quadrant"] or "insufficient data"]
    return [*cells, f"{row['data_coverage']:.0%}"]


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0f}"


def _recipe(card: Scorecard) -> str:
    framework = card.framework
    recipe = f"Framework {framework.id} {framework.version} (hash {framework.hash[:8]}); {card.draws:,} draws."
    return f"{recipe} {framework.note}".strip()


def _explained(assessment: Assessment, card: Scorecard, company: str) -> Listing:
    from ecosystem_iq.views.benchmark import company_names, rank_words

    table = card.explain(company)
    names = company_names(assessment)
    row = card.table[card.table["company_id"] == company].to_dict("records")[0]
    tied = [names[other] for other in card.tied_with(company)]
    place = rank_words(row, tied) if row["ranked"] else "not ranked: insufficient data"
    header = [
        "axis",
        "dimension",
        "id",
        "indicator",
        ">value",
        "unit",
        ">score",
        ">± sd",
        ">weight",
        ">points",
        "state",
    ]
    return Listing(table, header, [_line(entry) for entry in table.to_dict("records")], [f"{names[company]}: {place}."])


def _line(entry: Mapping[Any, Any]) -> list[str]:
    blank = math.isnan(entry["score"])
    numbers = (
        ["-"] * 5
        if blank
        else [f"{entry['score']:.0f}", f"{entry['sd']:.0f}", f"{entry['weight']:.0%}", f"{entry['contribution']:.1f}"]
    )
    value = "-" if math.isnan(entry["value"]) else f"{entry['value']:.4g}"
    state = f"{entry['state']} ({entry['method']})" if entry["method"] else entry["state"]
    cells = [entry["axis"], entry["dimension"], entry["indicator_id"], entry["name"], value, entry["unit"]]
    return [*cells, *numbers[:4], state.replace("_", " ")]
