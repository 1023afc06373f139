"""Random streams and small vectorised draws shared by the demo's tables."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Rng = np.random.Generator

AS_OF = np.datetime64("2026-06-30")
"""The demo's "today"."""


def stream(table: str, seed: int) -> Rng:
    """The random stream of one table: it depends on the table's name and the seed, and on nothing else.

    Examples
    --------
    >>> bool(stream("ties", 0).random() == stream("ties", 0).random())
    True
    """
    return np.random.default_rng([zlib.crc32(table.encode()), seed])


def pick(rng: Rng, weights: Array, size: int) -> Array:
    """``size`` positions, drawn in proportion to ``weights`` with replacement."""
    total = np.cumsum(weights, dtype=float)
    found: Array = np.searchsorted(total, rng.random(size) * total[-1], side="right")
    return found.clip(0, len(total) - 1)


def chance(rng: Rng, probability: float | Array, size: int) -> Array:
    """``size`` draws of yes or no."""
    return rng.random(size) < probability


def steady(rng: Rng, probability: Array, group: Array) -> Array:
    """As ``chance``, with the number of each group as near to its probability as whole numbers allow.

    Examples
    --------
    >>> int(steady(np.random.default_rng(0), np.full(10, 0.3), np.zeros(10)).sum())
    3
    """
    order = np.lexsort([rng.random(len(group)), group])
    _, first, count = np.unique(group[order], return_index=True, return_counts=True)
    place = np.empty(len(group))
    place[order] = (np.arange(len(group)) - np.repeat(first, count) + 0.5) / np.repeat(count, count)
    result: Array = place < probability
    return result


def words(rng: Rng, choices: Sequence[str], size: int, weights: Sequence[float] | None = None) -> Array:
    """``size`` words of ``choices``."""
    return np.array(list(choices), dtype=object)[pick(rng, np.asarray(weights or np.ones(len(choices))), size)]


def days_before(days: Array, end: np.datetime64 = AS_OF) -> Array:
    """Dates so many days before ``end``."""
    return end - np.asarray(days).astype("timedelta64[D]")


def iso(dates: Array) -> Array:
    """ISO 8601 text of dates; missing where not a date."""
    return blank(np.datetime_as_string(dates.astype("datetime64[D]")), np.isnat(dates))


def numbered(prefix: str, count: int, width: int = 4) -> Array:
    """Identifiers ``prefix-0001`` ...; wider only when the count needs it."""
    width = max(width, len(str(count)))
    return np.array([f"{prefix}-{i:0{width}d}" for i in range(1, count + 1)], dtype=object)


def blank(values: Array, where: Array) -> Array:
    """A copy of ``values`` as objects, missing where ``where`` holds."""
    result = np.asarray(values, dtype=object).copy()
    result[where] = None
    return result


def mates(rng: Rng, unit: Array, of: Array) -> Array:
    """For each position in ``of`` one random position of the same unit, possibly itself."""
    order = np.argsort(unit, kind="stable")
    ranked = unit[order]
    first = np.searchsorted(ranked, unit[of], side="left")
    last = np.searchsorted(ranked, unit[of], side="right")
    found: Array = order[first + np.floor(rng.random(len(of)) * (last - first)).astype(np.int64)]
    return found
