"""How often is often enough: a mistyped number must not take all memory there is."""

from __future__ import annotations

import numpy as np

from ecosystem_iq.errors import InputError

MOST = 1_000_000
"""Replications of one benchmark, at most."""


def refuse_count(count: object, rule: str, most: int = MOST) -> None:
    """Raise ``rule``, with what was found, unless that is a whole number from 1 to ``most``.

    Raises
    ------
    InputError

    Examples
    --------
    >>> refuse_count(100, "There must be at least one draw")
    """
    whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
    if not whole or not 1 <= int(count) <= most:  # type: ignore[call-overload]
        found = f"{count:,}" if whole else repr(count)
        raise InputError(f"{rule}; found {found}.")
