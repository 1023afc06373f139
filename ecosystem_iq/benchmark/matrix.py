"""Values as users bring them → one matrix a quantity, rows × indicators, through all steps of the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.denomination import denominator_matrix
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.pipeline import Built, run_steps
from ecosystem_iq.benchmark.sheet import Sheet
from ecosystem_iq.benchmark.uncertainty import Scale, sampling_errors, standard_deviations
from ecosystem_iq.errors import InputError, did_you_mean

Array = NDArray[np.float64]

_DEFAULTS: dict[str, Any] = {
    "state": "scored", "method": "assessor", "n": np.nan, "se": np.nan, "confidence": np.nan, "raters": 1.0,
    "rater_variance": np.nan, "rater_df": 0.0,
}  # fmt: skip
STATES = ("scored", "not_disclosed", "not_applicable", "not_assessed")


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """Rows × indicators. A row is a company; in a panel, a company in a period.

    Attributes
    ----------
    companies, indicators : tuple of str
    raw : ndarray
        Raw values; NaN where there is none.
    scores : ndarray
        Higher is better; *not disclosed* is the lower end of the scale; NaN is missing or not applicable.
    sd : ndarray
        Standard deviation on the scale of scores.
    state, method : ndarray of str
    applicable : ndarray of bool
    coverage : ndarray, shape (rows,)
        Share of the applicable weight which was scored.
    scale : Scale
        Ends of the scale of each indicator.
    built : Built
        What came out of every step.
    period : ndarray, shape (rows,), or None
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
    scale: Scale
    built: Built
    period: NDArray[np.generic] | None = None

    @property
    def index(self) -> pd.Index:
        """Names of rows: companies, in a panel with their period."""
        if self.period is None:
            return pd.Index(self.companies, name="company_id")
        return pd.MultiIndex.from_arrays([self.companies, self.period], names=["company_id", "period"])

    def frame(self, values: Array) -> pd.DataFrame:
        """One of the matrices as a table."""
        return pd.DataFrame(values, index=self.index, columns=list(self.indicators))

    def rows(self, chosen: NDArray[np.bool_]) -> ScoreMatrix:
        """Some of the rows."""
        return replace(
            self,
            companies=tuple(name for name, taken in zip(self.companies, chosen, strict=True) if taken),
            raw=self.raw[chosen],
            scores=self.scores[chosen],
            sd=self.sd[chosen],
            state=self.state[chosen],
            method=self.method[chosen],
            applicable=self.applicable[chosen],
            coverage=self.coverage[chosen],
            built=self.built.rows(chosen),
            period=None if self.period is None else self.period[chosen],
        )


def score_matrix(values: pd.DataFrame, framework: Framework) -> ScoreMatrix:
    """Check values, choose one method an indicator, run the steps.

    Parameters
    ----------
    values : DataFrame
        As for :func:`score`.
    framework : Framework

    Raises
    ------
    InputError
        When a column or everything is missing, an indicator is unknown, or a cell stands twice.
    """
    long = long_form(values, framework)
    keys = ["company_id", *(["period"] if "period" in long else [])]
    named = {leaf.denominator for leaf in framework.indicators if leaf.denominator}
    ids = [leaf.id for leaf in framework.indicators]
    beside = long["indicator_id"].isin(named - set(ids))
    cells = _one_method(_checked(long[~beside], framework, keys), keys)
    rows = long[keys].drop_duplicates().sort_values(keys)
    cells = cells.assign(se=sampling_errors(cells, {leaf.id: leaf.unit for leaf in framework.indicators}))
    wide = {name: _wide(cells, name, rows, ids) for name in ("value", "se", "state", "method")}
    state = _words(wide["state"], "not_assessed")
    raw = np.where(state == "scored", wide["value"].to_numpy(dtype=float), np.nan)
    state = np.where((state == "scored") & np.isnan(raw), "not_assessed", state)
    sheet = _sheet(raw, np.nan_to_num(wide["se"].to_numpy(dtype=float)), framework, rows, _groups(long, rows, keys))
    known = _wide(long[beside], "value", rows, sorted(named))
    columns = {str(name): known[name].to_numpy(dtype=float) for name in known}
    divisors = denominator_matrix(columns, [leaf.denominator or None for leaf in framework.indicators], len(rows))
    open_ = (state == "scored") | (state == "not_assessed")
    built = run_steps(sheet, divisors, framework, open_)
    return _matrix(sheet, built, state, _words(wide["method"], ""), (cells, rows, framework))


def long_form(values: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Values with one row a cell, from either form.

    Parameters
    ----------
    values : DataFrame
        One row a cell, ``company_id indicator_id value``; or one row a company, with a column for each indicator and
        denominator of the framework. Other columns stay beside.
    framework : Framework
    """
    if "indicator_id" in values or "company_id" not in values:
        return values
    names = [leaf.id for leaf in framework.indicators] + [leaf.denominator for leaf in framework.indicators]
    held = [name for name in dict.fromkeys(names) if name in values]
    kept = [name for name in values if name not in held]
    return values.melt(kept, held, "indicator_id", "value") if held else values


def _matrix(
    sheet: Sheet,
    built: Built,
    state: NDArray[np.object_],
    method: NDArray[np.object_],
    source: tuple[pd.DataFrame, pd.DataFrame, Framework],
) -> ScoreMatrix:
    cells, rows, framework = source
    scale = Scale.of(built.low, built.high, built.normalized)
    scores = np.where(state == "not_disclosed", scale.low, built.normalized)
    slope = _of_cells(built.slope * 100.0 / scale.span, cells, rows, sheet.indicators)
    assessed = standard_deviations(cells.assign(se=0.0), slope, framework.rater_sd)
    judged = _wide(cells.assign(sd=assessed), "sd", rows, list(sheet.indicators)).to_numpy(dtype=float)
    open_ = built.kept.kept_units[:, None] & built.kept.kept_indicators
    scored = (state == "scored") & open_
    sd = np.where(scored, np.hypot(built.sd, np.nan_to_num(judged) * scale.span / 100.0), built.sd * built.filled)
    weights = np.array([leaf.weight for leaf in framework.indicators])
    applicable = (state != "not_applicable") & built.kept.kept_indicators
    total = (applicable * weights).sum(axis=1)
    held = (scored * weights).sum(axis=1)
    coverage = np.divide(held, total, out=np.zeros_like(held), where=total > 0)
    masked = np.where(built.kept.kept_units[:, None], scores, np.nan)
    return ScoreMatrix(
        sheet.units, sheet.indicators, sheet.values, masked, sd, state, method, applicable, coverage, scale, built,
        sheet.period,
    )  # fmt: skip


def _checked(values: pd.DataFrame, framework: Framework, keys: list[str]) -> pd.DataFrame:
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
    twice = cells.duplicated([*keys, "indicator_id", "method"])
    if twice.any():
        cell = cells[twice].iloc[0]
        raise InputError(f"{cell['company_id']} has {cell['indicator_id']} twice by method {cell['method']}.")
    return cells


def _one_method(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
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
    return kept.assign(order=order).sort_values("order", kind="stable").drop_duplicates([*keys, "indicator_id"])


def _sheet(
    raw: Array, se: Array, framework: Framework, rows: pd.DataFrame, groups: Mapping[str, NDArray[np.object_]]
) -> Sheet:
    leaves = framework.indicators
    return Sheet(
        values=raw,
        units=tuple(map(str, rows["company_id"])),
        indicators=tuple(leaf.id for leaf in leaves),
        direction=np.array([1.0 if leaf.direction == "up" else -1.0 for leaf in leaves]),
        low=np.array([leaf.low for leaf in leaves]),
        high=np.array([leaf.high for leaf in leaves]),
        target=np.array([leaf.target for leaf in leaves]),
        sd=se,
        groups=groups,
        period=rows["period"].to_numpy() if "period" in rows else None,
    )


def _groups(long: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> dict[str, NDArray[np.object_]]:
    """What else is said of companies, the same in all rows of one."""
    known = {*keys, *_DEFAULTS, "indicator_id", "value", "numerator", "denominator"}
    beside = [name for name in long if name not in known]
    first = long[[*keys, *beside]].drop_duplicates(keys).set_index(keys)
    placed = first.loc[pd.MultiIndex.from_frame(rows) if len(keys) > 1 else rows["company_id"]]
    return {str(name): placed[name].astype(object).where(placed[name].notna(), None).to_numpy() for name in beside}


def _wide(cells: pd.DataFrame, name: str, rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """One quantity as a table, rows in their order."""
    row, column = _positions(cells, rows, columns)
    whole = np.full((len(rows), len(columns)), np.nan, dtype=object)
    whole[row, column] = cells[name].to_numpy(dtype=object)
    return pd.DataFrame(whole, columns=list(columns))


def _of_cells(matrix: Array, cells: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """What a matrix says of each cell."""
    row, column = _positions(cells, rows, columns)
    return pd.Series(matrix[row, column], cells.index)


def _positions(
    cells: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    keys = list(rows.columns)
    if len(keys) == 1:
        row = pd.Index(rows[keys[0]]).get_indexer(pd.Index(cells[keys[0]]))
    else:
        row = pd.MultiIndex.from_frame(rows).get_indexer(pd.MultiIndex.from_frame(cells[keys]))
    return row, pd.Index(columns).get_indexer(pd.Index(cells["indicator_id"]))


def _words(table: pd.DataFrame, blank: str) -> NDArray[np.object_]:
    """Cells as words."""
    return table.where(table.notna(), blank).to_numpy(dtype=object)
