"""What pages do with plain values: refuse numbers which are none, write numbers, name places to jump to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ecosystem_iq.errors import InputError

_FEW, _MANY = 100, 1000  # from here on, numbers lose their second and their first decimal
_NOT_A_WORD = re.compile(r"[^A-Za-z0-9]+")


def require_finite(value: Any, place: str = "payload") -> None:
    """Refuse NaN and infinities, wherever they are.

    Raises
    ------
    InputError
        Naming the place of the first one.

    Examples
    --------
    >>> require_finite({"rows": [{"reach": 1.5}, {"reach": None}]})
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{place} is {value}; a missing number is null, never NaN.")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            require_finite(inner, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            require_finite(inner, f"{place}[{position}]")


def decimals(largest: float) -> int:
    """How many decimals a column of numbers needs.

    Examples
    --------
    >>> [decimals(largest) for largest in (3.2, 140.0, 25_000.0)]
    [2, 1, 0]
    """
    return 2 if abs(largest) < _FEW else 1 if abs(largest) < _MANY else 0


def number(value: float | None, digits: int = 2) -> str:
    """A number with this many decimals, a dash where there is none.

    Examples
    --------
    >>> number(1234.5, 0), number(0.625), number(-3.14159, 1), number(None)
    ('1,234', '0.62', '−3.1', '–')
    """
    return "–" if value is None else f"{value:,.{digits}f}".replace("-", "−")


def give_or_take(error: float | None, digits: int = 2) -> str:
    """A standard error behind its number: never rounded to nothing, blank where unknown.

    Examples
    --------
    >>> give_or_take(0.05), give_or_take(0.001), give_or_take(0.3, 0), give_or_take(None)
    ('± 0.05', '± <0.01', '± <1', '')
    """
    if error is None:
        return ""
    least: float = 10**-digits
    return f"± <{least:.{digits}f}" if 0 < error < least / 2 else f"± {error:,.{digits}f}"


def anchors(hrefs: Iterable[str | None]) -> list[str]:
    """A name to jump to for each account: its file's, made safe, and different for each.

    Examples
    --------
    >>> anchors(["accounts/acc-01.html", "accounts/acc-01.html", None])
    ['acc-01', 'acc-01-2', 'account']
    """
    found: dict[str, None] = {}
    for href in hrefs:
        stem = (href or "").partition("#")[0].rpartition("/")[2].rpartition(".")[0]
        base = _NOT_A_WORD.sub("-", stem).strip("-") or "account"
        name, n = base, 1
        while name in found:
            n += 1
            name = f"{base}-{n}"
        found[name] = None
    return list(found)
