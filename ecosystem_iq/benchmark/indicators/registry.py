"""Every indicator which can be computed, by name, and the assessors' scores beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.indicators import action, readiness
from ecosystem_iq.benchmark.indicators.assessors import assessor_values
from ecosystem_iq.tables import Ecosystem

COLUMNS = (
    "company_id", "indicator_id", "value", "numerator", "denominator", "n", "se", "state", "method",
    "confidence", "raters", "rater_variance", "rater_df",
)  # fmt: skip

Facts = Mapping[str, pd.DataFrame]
COMPUTED: dict[str, Callable[[Ecosystem, Facts], pd.DataFrame]] = {
    "R3": readiness.influence_map_accuracy,
    "R4": readiness.decision_chain_completeness,
    "A1": action.co_creation_rate,
    "A2": action.influence_weighted_engagement,
    "A3": action.milestone_reliability,
    "A5": action.channel_fit,
}
"""Indicator → function of the ecosystem and the facts of other rooms."""


def compute_indicators(eco: Ecosystem, framework: Framework, *, facts: Facts | None = None) -> pd.DataFrame:
    """Values of every indicator for every company.

    Parameters
    ----------
    eco : Ecosystem
    framework : Framework
    facts : mapping of str to DataFrame, optional
        What the map says, of ``network.engagement.company_facts``; an indicator whose facts are not given (R3, A2) is
        not computed.

    Returns
    -------
    DataFrame
        ``company_id indicator_id value numerator denominator n se state method``, and what the uncertainty needs:
        ``confidence`` (of the evidence, NaN where it does not apply), ``raters``, ``rater_variance``, ``rater_df``. Raw
        units; computed and assessed values of one indicator are both kept, one row each. A computed value which
        ``scores`` brings along counts where none is computed here.
    """
    wanted = {indicator.id for indicator in framework.indicators}
    parts = [compute(eco, facts or {}) for name, compute in COMPUTED.items() if name in wanted]
    parts.append(assessor_values(eco, framework))
    filled = [part.reindex(columns=list(COLUMNS)) for part in parts if len(part)]
    values = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))
    keys = ["company_id", "indicator_id", "method"]
    return values.drop_duplicates(keys).sort_values(keys, ignore_index=True)
