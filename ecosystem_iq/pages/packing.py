"""Columns of a payload in few bytes: a file is sent by e-mail, and most of it are ties.

A column of whole numbers, or of words which repeat, becomes ``{"bits": 7, "n": 20000, "low": 0, "data": "<base64>"}``:
``n`` numbers of so many bits each, lowest bit first, counted from ``low``; with ``"words"`` in place of ``"low"`` they
are places in that list, which may hold any scalar, null included. Nothing but the same words needs 0 bits. With
``"day"`` they are dates, day 1 being the one it names, and 0 a blank.

A mapping of keys to lists of like records becomes ``{"table": columns}``, the keys being the column ``""``.

Everything else stays as it is.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

_FEWEST = 64
"""Values below which a column stays a plain list: it would hardly become shorter."""

_MOST_BITS = 24
"""Numbers which a script can shift about in 32 bits."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCALARS = (str, int, float, bool, type(None))


def packed(value: Any) -> Any:
    """A payload, or part of one, with its long columns packed.

    Parameters
    ----------
    value : JSON-able value
        Mappings and lists are walked; nothing is changed in place.

    Returns
    -------
    JSON-able value

    Examples
    --------
    >>> packed({"kind": ["Advises"] * 64, "few": [1, 2]})
    {'kind': {'bits': 0, 'n': 64, 'data': '', 'words': ['Advises']}, 'few': [1, 2]}
    """
    if isinstance(value, Mapping):
        columns = _table(value)
        return {key: packed(part) for key, part in value.items()} if columns is None else {"table": packed(columns)}
    if not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], _SCALARS):
        return _column(value) if len(value) >= _FEWEST else value
    return [packed(part) for part in value]


def _column(values: list[Any]) -> list[Any] | dict[str, Any]:
    if all(type(value) is int for value in values):
        low = min(values)
        found = _bits([value - low for value in values])
        return values if found is None else {**found, "low": low}
    if (dates := _dates(values)) is not None:
        return dates
    keys: dict[Any, int] = {}
    # 1, 1.0 and True are equal as keys: the type keeps them apart.
    of = [keys.setdefault((type(value), value), len(keys)) for value in values]
    found = _bits(of) if 2 * len(keys) <= len(values) else None
    return values if found is None else {**found, "words": [word for _, word in keys]}


def _dates(values: list[Any]) -> dict[str, Any] | None:
    """Dates and blanks as days; None where anything is neither, or all are blank."""
    if not any(values) or not all(isinstance(value, str) and (not value or _DATE.fullmatch(value)) for value in values):
        return None
    try:
        days = [date.fromisoformat(value).toordinal() if value else 0 for value in values]
    except ValueError:  # a 30th of February is a word like any other
        return None
    first = min(day for day in days if day)
    found = _bits([day - first + 1 if day else 0 for day in days])
    return None if found is None else {**found, "day": date.fromordinal(first).isoformat()}


def _bits(numbers: Sequence[int]) -> dict[str, Any] | None:
    """Numbers from 0 as a string of bits, None where one is too large."""
    bits = max(numbers).bit_length()
    if bits > _MOST_BITS:
        return None
    each = (np.array(numbers, dtype=np.uint32)[:, None] >> np.arange(bits, dtype=np.uint32)) & 1
    data = np.packbits(each.astype(np.uint8).ravel(), bitorder="little").tobytes()
    return {"bits": bits, "n": len(numbers), "data": base64.b64encode(data).decode("ascii")}


def _table(value: Mapping[Any, Any]) -> dict[str, list[Any]] | None:
    """Columns of a mapping of lists of records which all have the same names; None for anything else."""
    lists = list(value.values())
    if not all(isinstance(records, list) for records in lists) or sum(map(len, lists)) < _FEWEST:
        return None
    records = [record for records in lists for record in records]
    if not all(isinstance(record, Mapping) for record in records):
        return None
    names = list(records[0])
    if any(list(record) != names for record in records) or not all(lists):
        return None
    keys = [int(key) if key.isdecimal() and str(int(key)) == key else key for key in map(str, value)]
    repeated = [key for key, here in zip(keys, lists, strict=True) for _ in here]
    return {"": repeated, **{name: [record[name] for record in records] for name in names}}
