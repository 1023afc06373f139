"""The steps of the recipe, one after the other, from raw values to scores of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.framework import STEPS, Framework
from ecosystem_iq.benchmark.steps.denomination import denominate
from ecosystem_iq.benchmark.steps.imputation import Imputed
from ecosystem_iq.benchmark.steps.registry import Choice, Registry
from ecosystem_iq.benchmark.steps.screening import Screening
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Built:
    """What came out of every step.

    Attributes
    ----------
    denominated, imputed, screened, treated, normalized : ndarray, shape (units, indicators)
        NaN is missing; ``normalized`` is higher-is-better.
    sd : ndarray, shape (units, indicators)
        Standard deviation of the measurement in units of the score, imputation included; NaN where it is not known.
    slope : ndarray, shape (units, indicators)
        Points of score for one raw unit.
    low, high : ndarray, shape (indicators,)
        Ends of the scale of scores; infinite where there is none.
    filled : ndarray of bool, shape (units, indicators)
        Cells which imputation filled.
    kept : Screening
    treatment : DataFrame
        One row an indicator: what was done to it.
    points : ndarray of str, shape (units, indicators)
        What was done to each value.
    reasons : mapping of str to str
        Why an indicator has no score.
    """

    denominated: Array
    imputed: Array
    screened: Array
    treated: Array
    normalized: Array
    sd: Array
    slope: Array
    low: Array
    high: Array
    filled: Mask
    kept: Screening
    treatment: pd.DataFrame
    points: NDArray[np.str_]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def rows(self, chosen: Mask) -> Built:
        """Some of the units; what is known of indicators stays."""
        of_units = ("denominated", "imputed", "screened", "treated", "normalized", "sd", "slope", "filled", "points")
        return replace(self, **{name: getattr(self, name)[chosen] for name in of_units})


def run_steps(raw: Sheet, denominators: Array, framework: Framework, may_fill: Mask) -> Built:
    """All steps up to the scores of indicators.

    Parameters
    ----------
    raw : Sheet
    denominators : ndarray, shape (units, indicators)
        NaN where the indicator has none.
    framework : Framework
    may_fill : ndarray of bool, shape (units, indicators)
        Where a missing value may be imputed. What does not apply, or is withheld, is not: nobody gains by hiding.
    """
    scale = np.array([leaf.scale if leaf.denominator else np.nan for leaf in framework.indicators])
    start = raw.with_values(denominate(raw.values, denominators, scale), denominate(raw.sd, denominators, scale))
    kept = _step(framework, "screening").apply_whole(start)
    open_ = kept.kept_units[:, None] & kept.kept_indicators
    imputed = _imputed(framework, _masked(start, open_), may_fill & open_)
    screened = _masked(start.with_values(imputed.values, imputed.sd), open_)
    treated = _step(framework, "treatment").by_periods(screened)
    scores = _step(framework, "normalization").by_columns(
        screened.with_values(treated.values, screened.sd * treated.slope)
    )
    slope = treated.slope * scores.slope
    return Built(
        denominated=start.values,
        imputed=np.where(open_, imputed.values, start.values),
        screened=screened.values,
        treated=treated.values,
        normalized=scores.values,
        sd=screened.sd * slope,
        slope=slope,
        low=scores.low,
        high=scores.high,
        filled=imputed.filled,
        kept=kept,
        treatment=treated.record,
        points=treated.points,
        reasons=scores.reasons,
    )


def build_notes(framework: Framework, built: Built) -> tuple[str, ...]:
    """What the steps did to the values, in sentences."""
    steps = framework.steps
    units = list(built.kept.units.loc[~built.kept.kept_units, "unit"])
    dropped = list(built.kept.indicators.loc[~built.kept.kept_indicators, "indicator_id"])
    moved = int((built.points != "").any(axis=0).sum())
    absent = np.asarray(np.isnan(built.denominated).all(axis=0))
    empty = [leaf.id for leaf, none in zip(framework.indicators, absent, strict=True) if none]
    filled = int(built.filled.sum())
    said = {
        f"No company has a value of {', '.join(empty)}.": empty,
        f"Left out for too few values: {', '.join(map(str, [*units, *dropped]))}.": units or dropped,
        f"{filled:,} missing values were filled ({steps['imputation'].method}); intervals are wider for it.": filled,
        f"{moved} of {len(framework.indicators)} indicators were treated ({steps['treatment'].method}).": moved,
    }
    unscaled = (f"{name} has no score: {reason}." for name, reason in built.reasons.items() if name not in empty)
    return (*(sentence for sentence, holds in said.items() if holds), *unscaled)


def _masked(sheet: Sheet, kept: Mask) -> Sheet:
    return sheet.with_values(np.where(kept, sheet.values, np.nan))


def _imputed(framework: Framework, sheet: Sheet, may_fill: Mask) -> Imputed:
    whole: Imputed = _step(framework, "imputation").apply_whole(sheet)
    undone = whole.filled & ~may_fill
    return replace(
        whole,
        values=np.where(undone, np.nan, whole.values),
        sd=np.where(undone, 0.0, whole.sd),
        filled=whole.filled & may_fill,
    )


@dataclass(frozen=True)
class _Step:
    """A step with its choice, applied to a whole sheet or to the columns of each choice."""

    registry: Registry
    choice: Choice

    def apply_whole(self, sheet: Sheet) -> Any:
        return self.registry.methods[self.choice.method].apply(sheet, **self.choice.parameters)

    def by_columns(self, sheet: Sheet) -> Any:
        """Each indicator by its own choice, where it has one."""
        if not self.choice.each:
            return self.apply_whole(sheet)
        own = {name: at for at, name in enumerate(sheet.indicators) if name in self.choice.each}
        rest = np.array([at for at, name in enumerate(sheet.indicators) if name not in own], dtype=np.intp)
        parts = [(rest, self.choice)] if len(rest) else []
        parts += [(np.array([at], dtype=np.intp), self.choice.each[name]) for name, at in own.items()]
        results = [(at, _Step(self.registry, choice).apply_whole(sheet.columns(at))) for at, choice in parts]
        return _joined(results, sheet)

    def by_periods(self, sheet: Sheet) -> Any:
        """Each period of a panel by itself: outliers are those of their time."""
        if sheet.period is None:
            return self.by_columns(sheet)
        parts = [(period, np.flatnonzero(sheet.period == period)) for period in np.unique(sheet.period)]
        return _stacked([(period, at, self.by_columns(sheet.rows(at))) for period, at in parts])


def _step(framework: Framework, name: str) -> _Step:
    return _Step(STEPS[name][0], framework.steps[name])


def _joined(parts: list[tuple[NDArray[np.intp], Any]], sheet: Sheet) -> Any:
    """Results on some of the indicators each, as one result on all."""
    first = parts[0][1]
    whole: dict[str, Any] = {}
    for name in (own.name for own in fields(first)):
        held = [getattr(result, name) for _, result in parts]
        if isinstance(held[0], np.ndarray):
            whole[name] = np.empty((*held[0].shape[:-1], len(sheet.indicators)), np.result_type(*held))
            for (at, _), part in zip(parts, held, strict=True):
                whole[name][..., at] = part
        elif isinstance(held[0], pd.DataFrame):
            whole[name] = pd.concat(held).set_index("indicator_id").loc[list(sheet.indicators)].reset_index()
        else:
            whole[name] = {key: value for part in held for key, value in part.items()}
    return replace(first, **whole)


def _stacked(parts: list[tuple[Any, NDArray[np.intp], Any]]) -> Any:
    """Results on some of the rows each, as one result on all."""
    first = parts[0][2]
    order = np.argsort(np.concatenate([at for _, at, _ in parts]))
    whole: dict[str, Any] = {}
    for name in (own.name for own in fields(first)):
        held = [(period, getattr(result, name)) for period, _, result in parts]
        if isinstance(held[0][1], np.ndarray):
            whole[name] = np.concatenate([part for _, part in held])[order]
        else:
            whole[name] = pd.concat([part.assign(period=period) for period, part in held], ignore_index=True)
    return replace(first, **whole)
