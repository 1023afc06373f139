"""Values in long form → one matrix a quantity, companies × indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.normalization import goalposts, slopes
from ecosystem_iq.benchmark.uncertainty import sampling_errors, standard_deviations
from ecosystem_iq.errors import InputError, did_you_mean

Array = NDArray[np.float64]

_DEFAULTS: dict[str, Any] = {
    "state": "scored", "method": "assessor", "n": np.nan, "se": np.nan, "confidence": np.nan, "raters": 1.0,
    "rater_variance": np.nan, "rater_df": 0.0,
}  # fmt: skip
STATES = ("scored", "not_disclosed", "not_applicable", "not_assessed")


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """Companies × indicators.

    Attributes
    ----------
    companies, indicators : tuple of str
    raw : ndarray
        Raw values; NaN where there is none.
    scores : ndarray
        0-100; *not disclosed* is 0; NaN is missing or not applicable.
    sd : ndarray
        Standard deviation on the 0-100 scale.
    state, method : ndarray of str
    applicable : ndarray of bool
    coverage : ndarray, shape (companies,)
        Share of the applicable weight which was scored.
    """

    companies: tuple[str, ...]
    indicators: tuple[str, ...]
    raw: Array
    scores: Array
    sd: Array
    state: NDArray[np.object_]
    method: NDArray[np.object_]
    applicable: NDArray[np.bool_]
    coverage: Array

    def frame(self, values: Array) -> pd.DataFrame:
        """One of the matrices as a table."""
        return pd.DataFrame(values, index=pd.Index(self.companies, name="company_id"), columns=list(self.indicators))


def score_matrix(values: pd.DataFrame, framework: Framework) -> ScoreMatrix:
    """Check values, choose one method an indicator, normalize.

    Raises
    ------
    InputError
        When a column or everything is missing, an indicator is unknown, or a cell stands twice.
    """
    cells = _one_method(_checked(values, framework))
    companies = tuple(sorted(set(values["company_id"])))
    indicators = tuple(indicator.id for indicator in framework.indicators)
    slope = cells["indicator_id"].map(dict(zip(indicators, slopes(framework), strict=True)))
    units = {indicator.id: indicator.unit for indicator in framework.indicators}
    cells = cells.assign(se=sampling_errors(cells, units))
    cells = cells.assign(sd=standard_deviations(cells, slope, framework.rater_sd))
    wide = {name: _wide(cells, name, companies, indicators) for name in ("value", "sd", "state", "method")}
    state = _words(wide["state"], "not_assessed")
    raw = np.where(state == "scored", wide["value"].to_numpy(dtype=float), np.nan)
    state = np.where((state == "scored") & np.isnan(raw), "not_assessed", state)
    scores = np.where(state == "not_disclosed", 0.0, goalposts(framework, raw))
    weights = np.array([indicator.weight for indicator in framework.indicators])
    applicable = state != "not_applicable"
    total = (applicable * weights).sum(axis=1)
    scored = ((state == "scored") * weights).sum(axis=1)
    return ScoreMatrix(
        companies,
        indicators,
        raw,
        scores,
        np.where(state == "scored", np.nan_to_num(wide["sd"].to_numpy(dtype=float)), 0.0),
        state,
        _words(wide["method"], ""),
        applicable,
        np.divide(scored, total, out=np.zeros_like(scored), where=total > 0),
    )


def _checked(values: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    missing = {"company_id", "indicator_id", "value"} - set(values.columns)
    if missing:
        raise InputError(f"Values need the columns {', '.join(sorted(missing))}.")
    if values.empty:
        raise InputError("There is nothing to score: no value of any indicator (in the period, where one is set).")
    ids = [indicator.id for indicator in framework.indicators]
    unknown = values.loc[~values["indicator_id"].isin(ids), "indicator_id"]
    if len(unknown):
        hint = did_you_mean(unknown.iloc[0], ids)
        raise InputError(f'"{unknown.iloc[0]}" is not an indicator of {framework.id}. {hint}'.strip())
    absent = {name: default for name, default in _DEFAULTS.items() if name not in values}
    cells = values.assign(**absent)
    cells = cells.assign(**{name: cells[name].fillna(_DEFAULTS[name]) for name in ("state", "method")})
    wrong = cells.loc[~cells["state"].isin(STATES), "state"]
    if len(wrong):
        raise InputError(f'"{wrong.iloc[0]}" is not a state. {did_you_mean(wrong.iloc[0], STATES)}'.strip())
    twice = cells.duplicated(["company_id", "indicator_id", "method"])
    if twice.any():
        cell = cells[twice].iloc[0]
        raise InputError(f"{cell['company_id']} has {cell['indicator_id']} twice by method {cell['method']}.")
    return cells


def _one_method(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows of one method an indicator: computed or not, whichever covers more companies (computed when equal).

    Companies are compared by one yardstick: mixing a computed value for some with a judgement for others would rank the
    method, not the company. A state without a value (not applicable, not disclosed) holds by either method.
    """
    computed = cells["method"] == "computed"
    scored = cells["state"] == "scored"
    covered = scored | (cells["state"] == "not_disclosed")  # else hiding a score could change the method, and pay
    by = [cells["indicator_id"]]
    most_computed = (covered & computed).groupby(by).transform("sum")
    most_other = (covered & ~computed).groupby(by).transform("sum")
    chosen = computed == ((most_computed >= most_other) & (most_computed > 0))
    kept = cells[chosen | ~scored]
    order = kept["state"].map({"scored": 0}).fillna(1)
    return kept.assign(order=order).sort_values("order", kind="stable").drop_duplicates(["company_id", "indicator_id"])


def _wide(cells: pd.DataFrame, name: str, companies: tuple[str, ...], indicators: tuple[str, ...]) -> pd.DataFrame:
    table = cells.pivot(index="company_id", columns="indicator_id", values=name)
    return table.reindex(index=list(companies), columns=list(indicators))


def _words(table: pd.DataFrame, blank: str) -> NDArray[np.object_]:
    """Cells as words; a column without any is one of floats, and takes none."""
    return table.astype(object).where(table.notna(), blank).to_numpy(dtype=object)
