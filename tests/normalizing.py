"""Sheets for tests of normalization, and a method applied as a file declares it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ecosystem_iq.benchmark.steps.normalization import REGISTRY
from ecosystem_iq.benchmark.steps.sheet import sheet

NAN = np.nan


def normalize(data, source):
    choice = REGISTRY.choice(source)
    return REGISTRY.methods[choice.method].apply(data, **choice.parameters)


def column(values, *, down=False, low=NAN, high=NAN, target=NAN):
    made = sheet(np.asarray(values, dtype=float)[:, None], direction=np.array([-1.0 if down else 1.0]))
    return replace(made, low=np.array([low]), high=np.array([high]), target=np.array([target]))


def scores(data, source):
    """Without the axis of a single indicator."""
    return np.squeeze(normalize(data, source).values)


def some(seed=0, units=40, indicators=6, missing=0.1):
    """Values with ties, missing cells, both directions, goalposts and targets."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.lognormal(1, 0.8, (units, indicators)), 1) + 0.5
    values[rng.random(values.shape) < missing] = NAN
    ends = np.nanmin(values, axis=0) + 0.2, np.nanmax(values, axis=0) - 0.2
    direction = np.where(np.arange(indicators) % 2, -1.0, 1.0)
    made = sheet(values, direction=direction, sd=rng.uniform(0, 1, values.shape))
    best = np.where(direction < 0, 0.4, ends[1])
    return replace(made, low=ends[0], high=ends[1], target=best)


def panel():
    """Twenty units in three years."""
    data = some(2, units=60)
    return replace(data, units=tuple("abcdefghijklmnopqrst" * 3), period=np.repeat([2021, 2022, 2023], 20))
