"""What a column and a table are, and a short way to write each kind of column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "word", "number", "integer", "date", "flag", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : {"text", "word", "number", "integer", "date", "flag", "list"}
    words : mapping of str to float or None
        Allowed words; a number beside a word lets either be written (``strong`` or ``.75``).
    low, high : float or None
        Inclusive range.
    required : bool
        A blank cell is an error.
    references : str
        Table whose key a value must name.
    recorded : bool
        The date of something observed: the newest one is the default of ``as_of``.
    example : str
        Cell written by ``init``.
    hint : str
        Remedy shown when a value is out of range.
    """

    name: str
    type: Type = "text"
    words: Mapping[str, float | None] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    required: bool = False
    references: str = ""
    recorded: bool = False
    example: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a workspace.

    Attributes
    ----------
    name : str
        Also the name of its file, without suffix.
    key : tuple of str
        Columns which together name a row; blank parts are a value of their own.
    columns : tuple of Column
    periods : tuple of (str, str)
        Pairs of date columns of which the second must be later: its day no longer belongs to the period.
    spans : tuple of (str, str)
        Pairs of date columns of which the second must not be earlier: both days belong to the span.
    tree : tuple of (str, str) or None
        Child and parent column which must form no cycle.
    purpose : str
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    periods: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    tree: tuple[str, str] | None = None
    purpose: str = ""

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def text(name: str, example: str = "", *, required: bool = False) -> Column:
    """Free text."""
    return Column(name, required=required, example=example)


def words(name: str, words: str | Mapping[str, float | None], example: str = "", *, required: bool = False) -> Column:
    """One of some words, each with a number where the mapping gives one."""
    allowed = dict.fromkeys(words.split()) if isinstance(words, str) else dict(words)
    return Column(name, "word", words=allowed, required=required, example=example)


def several(name: str, words: str = "", example: str = "", references: str = "") -> Column:
    """Several values, separated by ``|``; words, or rows of another table."""
    return Column(name, "list", words=dict.fromkeys(words.split()), example=example, references=references)


def number(
    name: str, low: float | None = None, high: float | None = None, example: str = "", *, required: bool = False
) -> Column:
    """A number, in a range where one is given."""
    return Column(name, "number", low=low, high=high, required=required, example=example)


def share(name: str, example: str = "", *, required: bool = False) -> Column:
    """A number from 0 to 1."""
    return number(name, 0, 1, example, required=required)


def count(name: str, low: int = 0, high: int | None = None, example: str = "", *, required: bool = False) -> Column:
    """A whole number, not below ``low``."""
    return Column(name, "integer", low=low, high=high, required=required, example=example)


def date(name: str, example: str = "", *, recorded: bool = False, required: bool = False) -> Column:
    """A day; ``recorded`` where it is the day of something observed."""
    return Column(name, "date", recorded=recorded, required=required, example=example)


def flag(name: str, example: str = "") -> Column:
    """Yes or no."""
    return Column(name, "flag", example=example)


def ref(name: str, table: str, example: str = "", *, required: bool = False) -> Column:
    """The key of a row of another table."""
    return Column(name, references=table, required=required, example=example)


def identifier(name: str, example: str) -> Column:
    """The key of this table."""
    return Column(name, required=True, example=example)
