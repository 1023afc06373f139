"""Why an account got its name, in plain words and units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.archetypes.library import Feature, Library

MOST = 3
SEPARATOR = "; "
_HIGH, _LOW = 0.65, 0.35
_THOUSAND, _MILLION = 1e3, 1e6

Array = NDArray[np.float64]


def favouring(values: Array, first: int, second: int | None, library: Library) -> list[int]:
    """Features which speak for one prototype rather than another, strongest first, at most three.

    Parameters
    ----------
    values : ndarray, shape (16,)
        NaN where missing.
    first, second : int
        Positions of the prototypes; ``None`` is the typical account.

    Notes
    -----
    A feature has one weight for both, the larger of the two: how many features a prototype names must not decide what
    is said. Among equals, features which the first names come first.
    """
    centers, weights = library.centers, library.weights
    rival = np.full(len(values), 0.5) if second is None else centers[second]
    weight = weights[first] if second is None else np.maximum(weights[first], weights[second])
    gain = weight * ((values - rival) ** 2 - (values - centers[first]) ** 2)
    return _strongest(gain, weights[first] > 1.0)


def opposing(values: Array, first: int, library: Library) -> list[int]:
    """Features which are furthest from where a prototype wants them, at most three."""
    weight = library.weights[first]
    return _strongest(weight * (values - library.centers[first]) ** 2, weight > 1.0)


def _strongest(score: Array, named: NDArray[np.bool_]) -> list[int]:
    rounded = np.round(np.nan_to_num(score, nan=0.0), 9)
    order = np.lexsort((np.arange(len(score)), ~named, -rounded))
    return [int(position) for position in order[:MOST] if rounded[position] > 0.0]


def sentence(feature: Feature, value: float, raw: float) -> str:
    """One feature of one account.

    Examples
    --------
    >>> payers = Feature("f3", "Payer control", "", "payers hold {value} of influence", "percent", 0.1, 0.3, 0.6)
    >>> sentence(payers, 0.8, 0.52)
    'payers hold 52 % of influence: high'
    """
    level = "high" if value >= _HIGH else "low" if value <= _LOW else "typical"
    if np.isnan(raw):
        return f"{feature.label.lower()}: {level} ({value:.2f} on the scale of 0 to 1)"
    return f"{feature.reason.replace('{value}', in_units(raw, feature.unit))}: {level}"


def in_units(raw: float, unit: str) -> str:
    """A raw value as people write it.

    Examples
    --------
    >>> in_units(0.521, "percent"), in_units(-0.44, "stance"), in_units(6.8, "money")
    ('52 %', '-0.4', '6.3 million')
    """
    if unit == "percent":
        return f"{100 * raw:.0f} %"
    if unit == "stance":
        return f"{raw:+.1f}"
    if unit == "money":
        amount = 10.0**raw
        if amount >= _MILLION:
            return f"{amount / _MILLION:,.1f} million"
        return f"{amount / _THOUSAND:,.0f} thousand" if amount >= _THOUSAND else f"{amount:,.0f}"
    return f"{raw:.2f}"
