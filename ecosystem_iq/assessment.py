"""From tables to everything the views need, in one call: the only room which knows the methods' rooms together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.benchmark import Framework, Scorecard, compute_indicators, load_framework, score
from ecosystem_iq.network import InfluenceGraph, Measures, influence_graph, measure
from ecosystem_iq.network.engagement import contact_shares, key_stakeholders
from ecosystem_iq.tables import Ecosystem

MEASURED = ("influence", "out_strength", "in_strength")


@dataclass(frozen=True, eq=False)
class Assessment:
    """What is known of an ecosystem, worked out.

    Attributes
    ----------
    ecosystem : Ecosystem
    graph : InfluenceGraph or None
        None without stakeholders and ties.
    measures : Measures or None
    scorecard : Scorecard or None
        None without companies and scores.
    indicators : DataFrame or None
        The values behind the scorecard, computed and assessed.
    """

    ecosystem: Ecosystem
    graph: InfluenceGraph | None
    measures: Measures | None
    scorecard: Scorecard | None
    indicators: pd.DataFrame | None


def assess(
    eco: Ecosystem,
    *,
    framework: Framework | None = None,
    draws: int = 10_000,
    rng: int | np.random.Generator = 0,
) -> Assessment:
    """Map and benchmark a workspace, as far as its tables go.

    Parameters
    ----------
    eco : Ecosystem
    framework : Framework, optional
        Default: that of the settings.
    draws : int
        Replications behind the intervals of the benchmark.
    rng : int or numpy.random.Generator

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        When the tables suffice for neither a map nor a benchmark.
    """
    mapped, compared = (_has(eco, schema.NEEDS[command]) for command in ("map", "benchmark"))
    if not mapped and not compared:
        eco.require("stakeholders", "ties", command="A map")
    map_rng, score_rng = np.random.default_rng(rng).spawn(2)
    graph = influence_graph(eco) if mapped else None
    measures = measure(graph, MEASURED, rng=map_rng) if graph is not None else None
    if not compared:
        return Assessment(eco, graph, measures, None, None)
    chosen = framework or load_framework(eco.settings.framework)
    values = compute_indicators(eco, chosen, facts=company_facts(eco, measures))
    return Assessment(eco, graph, measures, score(values, chosen, draws=draws, rng=score_rng), values)


def company_facts(eco: Ecosystem, measures: Measures | None) -> dict[str, pd.DataFrame]:
    """What the map says about companies, as plain tables for the benchmark; nothing without a map."""
    if measures is None or eco.tables["interactions"].empty:
        return {}
    return {"contact_shares": contact_shares(eco, key_stakeholders(eco, measures))}


def _has(eco: Ecosystem, tables: tuple[str, ...]) -> bool:
    return all(len(eco.tables[name]) for name in tables)
