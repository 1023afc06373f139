"""What can go wrong, said once: where, what was found, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["error", "warning", "info"]


class EcosystemError(Exception):
    """Base of every error this package raises on purpose; the message is meant for its user."""


class InputError(EcosystemError):
    """A table, file or argument cannot be used; ``problems`` lists every fault found.

    Parameters
    ----------
    message : str
        One line which says what could not be done.
    problems : iterable of Problem, optional
        All faults behind it.
    """

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = Problems(problems)


class FrameworkError(EcosystemError):
    """A framework file is wrong; the message lists all faults with their key paths."""


class OutputError(EcosystemError):
    """A result cannot be written where it was asked for; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in the user's data.

    Attributes
    ----------
    level : {"error", "warning", "info"}
        *error*: the row cannot be used; *warning*: usable, but look at it; *info*: good to know.
    code : str
        Stable name of the rule, for filtering.
    table : str
        File name, as the user knows it.
    row : int or None
        Row as a spreadsheet counts it (the header is row 1); None when the whole file is meant.
    column, value : str or None
        Where in the row, and what stood there.
    message, hint : str
        What is wrong, and the remedy.
    """

    level: Level
    code: str
    table: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.table
        if self.row is not None:
            place += f" row {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        return f"{place}: {self.message}" + (f" {self.hint}" if self.hint else "")


class Problems(Sequence[Problem]):
    """All problems of one check, errors first, then by table and row.

    Examples
    --------
    >>> problems = Problems([Problem("error", "range", "ties.csv", 3, "strength", "-0.4", "is below 0.")])
    >>> problems.ok
    False
    >>> print(problems[0])
    ties.csv row 3, strength: is below 0.
    """

    _ORDER = {"error": 0, "warning": 1, "info": 2}  # noqa: RUF012 - a constant, never changed

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._problems = tuple(
            sorted(problems, key=lambda p: (self._ORDER[p.level], p.table, p.row or 0, p.column or "", p.code))
        )

    def __len__(self) -> int:
        return len(self._problems)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204 - as Sequence has it
        return self._problems[index]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)

    def __repr__(self) -> str:
        return f"Problems({self.count('error')} errors, {self.count('warning')} warnings, {self.count('info')} notes)"

    def count(self, level: str) -> int:
        """Number of problems of one level."""
        return sum(problem.level == level for problem in self._problems)

    @property
    def ok(self) -> bool:
        """True when no problem is an error."""
        return self.count("error") == 0

    def at(self, level: Level) -> Problems:
        """Only the problems of one level."""
        return Problems(problem for problem in self._problems if problem.level == level)

    def to_frame(self) -> pd.DataFrame:
        """One row a problem; columns level, code, table, row, column, value, message, hint."""
        import pandas as pd

        frame = pd.DataFrame([asdict(p) for p in self._problems], columns=[f.name for f in fields(Problem)])
        frame["row"] = frame["row"].astype("Int64")
        return frame


_LONGEST_WORD = 200  # comparing takes time in proportion to the length, and nobody mistypes a word this long


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """The nearest known word as a question, or an empty string.

    Examples
    --------
    >>> did_you_mean("advize", ["advises", "reports_to"])
    'Did you mean "advises"?'
    >>> did_you_mean("zzz", ["advises"])
    ''
    """
    if len(str(word)) > _LONGEST_WORD:
        return ""
    by_folded = {str(name).casefold(): str(name) for name in known}
    near = difflib.get_close_matches(str(word).casefold(), list(by_folded), n=1, cutoff=likeness)
    return f'Did you mean "{by_folded[near[0]]}"?' if near else ""
