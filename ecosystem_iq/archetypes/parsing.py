"""Collects everything wrong with a parsed file, each fault with its key path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ecosystem_iq.errors import InputError, did_you_mean


class Faults:
    """Faults found so far; every reader returns something usable, so that all faults are found in one pass."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, fault: str) -> None:
        """Add one fault."""
        self._found.append(fault)

    def extend(self, faults: Iterable[str]) -> None:
        """Add several."""
        self._found.extend(faults)

    def raise_any(self) -> None:
        """Raise an InputError which lists all faults, if there are any."""
        if self._found:
            count = f"{len(self._found)} {'fault' if len(self._found) == 1 else 'faults'}"
            raise InputError(f"{count}:\n  " + "\n  ".join(self._found))

    def unknown(self, entry: Mapping[str, Any], known: tuple[str, ...], path: str) -> None:
        """Report keys which nothing reads."""
        unknown = (key for key in entry if key not in known)
        self.extend(f"{path}{key} is unknown. {did_you_mean(key, known)}".strip() for key in unknown)

    def section(self, source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """A table of the file, empty where it is none."""
        section = source.get(name, {})
        if isinstance(section, Mapping):
            return section
        self.add(f"{name} must be a table, [{name}]; found {section!r}.")
        return {}

    def entries(self, source: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Path and content of every table in a list of tables."""
        entries = source.get(name, [])
        if not isinstance(entries, list):
            self.add(f"{name} must be a list of tables, [[{name}]]; found {entries!r}.")
            return
        for position, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield f"{name}[{position}]", entry
            else:
                self.add(f"{name}[{position}] must be a table, [[{name}]]; found {entry!r}.")

    def number(self, value: object, path: str, low: float = -math.inf) -> float:
        """A finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.add(f"{path} must be a number; found {value!r}.")
            return 1.0
        if value < low:
            self.add(f"{path} must be at least {low:g}; found {value}.")
        return float(value)

    def texts(self, value: object, path: str) -> tuple[str, ...]:
        """A list of texts."""
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self.add(f"{path} must be a list of texts; found {value!r}.")
        return ()
