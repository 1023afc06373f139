"""The accounts: how each works, how large it is.

Columns which begin with ``_`` steer later draws (places, shapes, positions); they are never written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import names
from ecosystem_iq.synthetic.draw import Array, Rng, numbered
from ecosystem_iq.synthetic.shapes import SHAPES

SMALLEST, LARGEST = 25, 180


def accounts(count: int, scale: float, rng: Rng) -> pd.DataFrame:
    """The accounts, each with a shape and a size; sizes run from small to large at any count."""
    shapes = np.array(list(SHAPES), dtype=object)[rng.permutation(np.arange(count) % len(SHAPES))]
    quantile = (rng.permutation(count) + 0.5) / count
    size = np.rint((SMALLEST + (LARGEST - SMALLEST) * quantile**3) * scale).clip(20).astype(int)
    plans = [SHAPES[name] for name in shapes]
    nth = pd.Series(shapes).groupby(shapes).cumcount()
    kinds, countries = zip(
        *(plan.places[k % len(plan.places)] for k, plan in zip(nth, plans, strict=True)), strict=True
    )
    places = [_place(position) for position in rng.permutation(count)]
    value = (
        np.array([plan.potential for plan in plans])
        * 1e6
        * (size / scale / 60) ** 0.5
        * np.exp(0.2 * rng.standard_normal(count))
    )
    return pd.DataFrame(
        {
            "account_id": numbered("acc", count, 2),
            "name": [f"{place} {names.ACCOUNT_ENDS[kind]}" for place, kind in zip(places, kinds, strict=True)],
            "kind": kinds,
            "country": countries,
            "region": [f"{place} Region" for place in places],
            "therapeutic_area": "oncology",
            "population": (size / scale * rng.uniform(3000, 9000, count)).round(-3).astype(int),
            "potential_value": value.round(-4).astype(int),
            "currency": "EUR",
            "financial_health": [plan.health for plan in plans],
            "value_need": [plan.need for plan in plans],
            "culture": [plan.culture for plan in plans],
            "_place": places,
            "_shape": shapes,
            "_size": size,
        }
    )


def _place(position: int) -> str:
    """An invented place; the list starts again with a number when it is used up."""
    round_, index = divmod(int(position), len(names.PLACES))
    return names.PLACES[index] + (f" {round_ + 1}" if round_ else "")


def shape_of(accounts_: pd.DataFrame, column: str, account: Array) -> Array:
    """A property of the shape of each row's account."""
    values = np.array([getattr(SHAPES[name], column) for name in accounts_["_shape"]])
    result: Array = values[account]
    return result
