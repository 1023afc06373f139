"""Units × indicators, with what is known of both: what every step of the recipe takes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sheet:
    """Values of units on indicators.

    Attributes
    ----------
    values : ndarray, shape (units, indicators)
        NaN is missing.
    units, indicators : tuple of str
        Names of rows and columns. In a panel a unit has one row a period.
    direction : ndarray, shape (indicators,)
        1 where a higher value is better, -1 where a lower one is.
    low, high : ndarray, shape (indicators,)
        Goalposts in raw units; NaN where none are given.
    target : ndarray, shape (indicators,)
        In raw units; NaN where none is given.
    sd : ndarray, shape (units, indicators)
        Standard deviation of the measurement, in the unit of ``values``; 0 where nothing is known of it.
    groups : mapping of str to ndarray of object, shape (units,)
        What units are grouped by; None for a unit without a group.
    period : ndarray, shape (units,), or None
        Of a panel: the period of every row.
    """

    values: Array
    units: tuple[str, ...]
    indicators: tuple[str, ...]
    direction: Array
    low: Array
    high: Array
    target: Array
    sd: Array
    groups: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    period: NDArray[np.generic] | None = None

    def with_values(self, values: Array, sd: Array | None = None) -> Sheet:
        """The same units and indicators after a step."""
        return replace(self, values=values, sd=self.sd if sd is None else sd)

    def columns(self, chosen: Sequence[int] | NDArray[np.intp]) -> Sheet:
        """Some of the indicators, by position."""
        at = np.asarray(chosen, dtype=np.intp)
        return replace(
            self,
            values=self.values[:, at],
            indicators=tuple(self.indicators[i] for i in at),
            direction=self.direction[at],
            low=self.low[at],
            high=self.high[at],
            target=self.target[at],
            sd=self.sd[:, at],
        )

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Sheet:
        """Some of the rows, by mask or position."""
        at = np.arange(len(self.units))[chosen]
        return replace(
            self,
            values=self.values[at],
            units=tuple(self.units[i] for i in at),
            sd=self.sd[at],
            groups={name: group[at] for name, group in self.groups.items()},
            period=None if self.period is None else self.period[at],
        )


def sheet(values: Array, *, direction: Array | None = None, sd: Array | None = None) -> Sheet:
    """A sheet of bare numbers: units and indicators are called by their position.

    Examples
    --------
    >>> sheet(np.array([[1.0, 2.0], [3.0, np.nan]])).indicators
    ('0', '1')
    """
    values = np.asarray(values, dtype=np.float64)
    units, indicators = values.shape
    unknown = np.full(indicators, np.nan)
    return Sheet(
        values=values,
        units=tuple(map(str, range(units))),
        indicators=tuple(map(str, range(indicators))),
        direction=np.ones(indicators) if direction is None else np.asarray(direction, dtype=np.float64),
        low=unknown,
        high=unknown,
        target=unknown,
        sd=np.zeros_like(values) if sd is None else np.asarray(sd, dtype=np.float64),
    )
