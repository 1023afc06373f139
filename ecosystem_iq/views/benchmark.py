"""The benchmark as a payload: every company with its scores, intervals and ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.benchmark import Framework, Scorecard
from ecosystem_iq.benchmark.ranking import CLEARLY
from ecosystem_iq.errors import InputError
from ecosystem_iq.views.network import notice
from ecosystem_iq.views.recipe import MEASURED, recipe_bounds, recipe_view, spans
from ecosystem_iq.views.words import human, plural

QUADRANTS = ("leader", "aware, not pivoted", "active, under-informed", "traditional")
_PRECISION = 6


def benchmark_view(assessment: Assessment, links: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Everything the benchmark page shows.

    Parameters
    ----------
    assessment : Assessment
        With a scorecard.
    links : sequence of dict

    Returns
    -------
    dict
        Plain values only: no NaN, no identifiers.

    Raises
    ------
    InputError
        When there is no scorecard.
    """
    card = assessment.scorecard
    if card is None:
        raise InputError("There is no benchmark: it needs companies.csv and scores.csv.")
    framework, eco = card.framework, assessment.ecosystem
    names = company_names(assessment)
    table, bounds = card.table, _bounds(assessment)
    return {
        "page": "benchmark",
        "title": f"{framework.title} benchmark",
        "subtitle": _subtitle(card, eco.as_of),
        "notice": notice(eco),
        "axes": [{"id": axis.id, "label": axis.name} for axis in framework.axes],
        "composite": {"id": framework.composite, "label": framework.title},
        "quadrants": {q: int((table["quadrant"] == q).sum()) for q in QUADRANTS} if "quadrant" in table else {},
        "dimensions": [{"id": d.id, "label": d.name, "axis": d.parent} for d in framework.dimensions],
        "companies": [
            _company(row, card, names) | _under_recipes(row["company_id"], bounds) for row in table.to_dict("records")
        ],
        "findings": benchmark_findings(card, names),
        "interval": MEASURED,
        "recipe": _recipe(assessment, card, names),
        "links": list(links),
    }


def company_names(assessment: Assessment) -> Mapping[str, str]:
    """Name of each company, by id."""
    companies = assessment.ecosystem.tables["companies"]
    return dict(zip(companies["company_id"], companies["name"], strict=True))


def rank_words(row: Mapping[Any, Any], tied_with: Sequence[str]) -> str:
    """A rank with its interval and ties.

    Examples
    --------
    >>> rank_words({"rank": 3, "rank_low": 2, "rank_high": 6}, ["Arvenia"])
    'rank 3, 90 % 2-6, tied with Arvenia'
    """
    ties = f", tied with {', '.join(tied_with)}" if tied_with else ""
    return f"rank {row['rank']}, 90 % {row['rank_low']}-{row['rank_high']}{ties}"


def benchmark_findings(card: Scorecard, names: Mapping[str, str]) -> list[str]:
    """What the benchmark says, in up to three sentences."""
    ranked = card.table[card.table["ranked"]]
    if ranked.empty:
        return ["No company has enough scores on every axis to be ranked."]
    found = [_leader(card, ranked, names)]
    if "quadrant" in ranked:
        stuck = int((ranked["quadrant"] == "aware, not pivoted").sum())
        found.append(
            f"{stuck} of {len(ranked)} companies are aware but have not pivoted: readiness 50 or more, action below."
        )
        found.append(_widest(ranked, names))
    return found


def _widest(ranked: pd.DataFrame, names: Mapping[str, str]) -> str:
    widest = ranked.iloc[int(ranked["gap"].to_numpy().argmax())]
    if widest["gap"] <= 0:
        return "No company knows more than it does: readiness is nowhere above action."
    gap = f"readiness {widest['readiness']:.0f}, action {widest['action']:.0f}"
    return f"The widest gap between knowing and doing is at {names[widest['company_id']]} ({gap})."


def _leader(card: Scorecard, ranked: pd.DataFrame, names: Mapping[str, str]) -> str:
    first = ranked.iloc[0]
    lead = f"{names[first['company_id']]} scores highest ({first[card.framework.composite]:.0f} of 100)"
    if len(ranked) == 1:
        return f"{lead}: no other company is ranked."
    # A point score leaves out what nobody assessed; draws fill it in, and can turn the order round.
    losses = card.wins[first["company_id"]]
    ahead = [names[other] for other in losses.index[losses >= CLEARLY]]
    if ahead:
        return f"{lead}, but falls behind {_listed(ahead)} once what nobody assessed is drawn as well."
    tied = [names[other] for other in card.tied_with(first["company_id"])]
    return (
        f"{lead}, but cannot be told apart from {_listed(tied)}." if tied else f"{lead}, clearly ahead of all others."
    )


def _listed(names: Sequence[str], most: int = 3) -> str:
    if len(names) <= 1:
        return "".join(names)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {plural(len(names) - most, 'other')}"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _subtitle(card: Scorecard, as_of: object) -> str:
    framework: Framework = card.framework
    label = f"framework {framework.id} {framework.version} (hash {framework.hash[:8]})"
    return " · ".join([plural(len(card.table), "company"), label] + ([f"as of {as_of}"] if as_of else []))


def _company(row: Mapping[Any, Any], card: Scorecard, names: Mapping[str, str]) -> dict[str, Any]:
    framework = card.framework
    scored = [framework.composite, *(axis.id for axis in framework.axes)]
    numbers = [f"{name}{end}" for name in scored for end in ("", "_low", "_high")]
    entry = {name: _number(row[name]) for name in [*numbers, "p_first", "data_coverage"]}
    return {
        **entry,
        "name": names[row["company_id"]],
        "ranked": bool(row["ranked"]),
        **{name: None if pd.isna(row[name]) else int(row[name]) for name in ("rank", "rank_low", "rank_high")},
        "tie_group": row["tie_group"],
        "tied_with": [names[other] for other in card.tied_with(row["company_id"])],
        "gap": _number(row.get("gap")),
        "quadrant": human(row.get("quadrant", "")),
        "quadrant_probability": _number(row.get("quadrant_probability")),
        "band": row["band"],
        "dimensions": {dimension.id: _number(row[dimension.id]) for dimension in framework.dimensions},
    }


def _recipe(assessment: Assessment, card: Scorecard, names: Mapping[str, str]) -> dict[str, Any] | None:
    """How much hangs on the recipe; None where that was not asked."""
    robustness, sensitivity = assessment.robustness, assessment.sensitivity
    if robustness is None or sensitivity is None:
        return None
    found = recipe_view(robustness, sensitivity, names)
    return found | {"findings": [said for said in (*found["findings"], spans(card.table, robustness)) if said]}


def _bounds(assessment: Assessment) -> Mapping[str, tuple[int, int]]:
    """Rank interval over recipes of each company which has one."""
    if assessment.robustness is None:
        return {}
    table = assessment.robustness.to_frame().dropna(subset=["rank", "rank_low", "rank_high"])
    return {row["company_id"]: recipe_bounds(row) for row in table.to_dict("records")}


def _under_recipes(company: str, bounds: Mapping[str, tuple[int, int]]) -> dict[str, int | None]:
    low, high = bounds.get(company, (None, None))
    return {"recipe_low": low, "recipe_high": high}


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(f"{value:.{_PRECISION}g}")
