"""The bytes of a CSV file → a table of text, with the row numbers a spreadsheet would show.

European Excel (``;``, decimal comma), byte-order marks, UTF-16 and Windows-1252 are recognised. A file which cannot be
read as a whole is refused; rows with a wrong number of cells are left out and reported.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from ecosystem_iq.errors import InputError, Problem
from ecosystem_iq.tables.settings import Settings

ROW = "row"
"""Column which holds the row number of the file; the header is row 1."""

_SEPARATORS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_END = "\0"  # a row of our own below the last one; no text has this sign

_Refused = tuple[int, int, str]  # row, number of cells, text


def read_table(data: bytes, file: str, settings: Settings | None = None) -> tuple[pa.Table, str, list[Problem]]:
    """Parse the bytes of one CSV file.

    Parameters
    ----------
    data : bytes
    file : str
        Name used in messages.
    settings : Settings, optional
        Fixes separator, decimal sign and encoding; otherwise they are recognised.

    Returns
    -------
    table : pyarrow.Table
        All cells text, and a column ``row``; blank rows left out.
    decimal : {".", ","}
    problems : list of Problem

    Raises
    ------
    InputError
        When nothing can be read: empty, binary, or no CSV.
    """
    settings = settings or Settings()
    problems: list[Problem] = []
    text, encoding = _decode(data, file, settings.encoding)
    if encoding == "windows-1252":
        problems.append(note("encoding", file, "is not UTF-8; read as Windows-1252.", "Save as UTF-8 to be sure."))
    separator = settings.separator or _separator(text)
    table, ragged = _parse(text, separator, file)
    problems.extend(ragged)
    decimal = settings.decimal or ("," if separator == ";" and _has_decimal_comma(table) else ".")
    return table, decimal, problems


def _decode(data: bytes, file: str, encoding: str) -> tuple[str, str]:
    """Text of the bytes and the encoding which was used."""
    known = next((codec for mark, codec in _BOMS if data.startswith(mark)), encoding)
    text, used = (_strictly(data, known, file), known) if known else _guessed(data, file)
    if _END in text:
        raise _binary(file)
    if not text.strip():
        raise _empty(file)
    return text, used


def _guessed(data: bytes, file: str) -> tuple[str, str]:
    if b"\x00" in data:
        raise _binary(file)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(data, "windows-1252", file), "windows-1252"


def _binary(file: str) -> InputError:
    hint = "Save it as CSV (in Excel: Save as, CSV UTF-8)."
    return InputError("", [fatal("binary_file", file, "is not a text file.", hint)])


def _empty(file: str) -> InputError:
    return InputError("", [fatal("empty_file", file, "is empty.", "Write a header row, or delete the file.")])


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8 (in Excel: Save as, CSV UTF-8)."
        problem = fatal("encoding", file, f"is not {encoding} text (byte {error.start}).", hint)
        raise InputError("", [problem]) from error


def _separator(text: str) -> str:
    """The separator which occurs most in the header, outside quotation marks."""
    header = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", text, maxsplit=1)[0])
    return max(_SEPARATORS, key=lambda sign: (header.count(sign), -_SEPARATORS.index(sign)))


def _parse(text: str, separator: str, file: str) -> tuple[pa.Table, list[Problem]]:
    """Cells as text; rows with a wrong number of cells become problems and are left out."""
    header = _header(text, separator, file)
    refused: list[_Refused] = []

    def refuse(row: pc.InvalidRow) -> str:
        refused.append((row.number, row.actual_columns, row.text))
        return "skip"

    data = f"{text}\n{_END}\n".encode()
    try:
        table = pc.read_csv(
            io.BytesIO(data),
            read_options=pc.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pc.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=refuse
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, OverflowError) as error:
        raise InputError("", [fatal("unreadable", file, f"is not a CSV file: {error}.")]) from error
    if table.column_names != header:
        raise InputError("", [fatal("unreadable", file, "has quotation marks inside the names of its columns.")])
    problems = [_ragged(file, separator, len(header), row) for row in refused if row[2].strip(f"{_END} \t")]
    numbered = _numbered(table, [row[0] for row in refused])
    if not _is_whole(table, refused):
        last = 1 + table.num_rows + len(refused)
        raise InputError("", [*(p for p in problems if p.row != last), _unclosed(file, last)])
    named, nameless = _named(numbered, file)
    return named, problems + nameless


def _is_whole(table: pa.Table, refused: list[_Refused]) -> bool:
    """Whether our own last row was read as a row, not as part of a cell which is never closed."""
    if refused and refused[-1][2] == _END:
        return True
    return bool(table.num_rows) and bool(table.column(0)[-1].as_py() == _END)


def _header(text: str, separator: str, file: str) -> list[str]:
    """The cells of the first row."""
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError("", [fatal("unreadable", file, f"has no readable header: {error}.")]) from error
    if not any(map(str.strip, header)):
        hint = "The first row must hold the names of the columns."
        raise InputError("", [fatal("no_header", file, "starts with a blank row.", hint)])
    return header


def _ragged(file: str, separator: str, expected: int, refused: _Refused) -> Problem:
    row, cells, text = refused
    message = f"has {cells} cells where the header has {expected}."
    hint = f'A value which holds "{separator}" or a quotation mark must stand between quotation marks.'
    return Problem("error", "ragged_row", file, row, None, text[:500], message, hint)


def _unclosed(file: str, row: int) -> Problem:
    message = "has a quotation mark which is never closed, so that the rest of the file is one cell."
    hint = "Close it, or double it where it is part of a value."
    return Problem("error", "unclosed_quote", file, row, None, None, message, hint)


def _numbered(table: pa.Table, skipped: list[int]) -> pa.Table:
    """Add the row numbers of the file, then drop rows in which every cell is blank (and our own below the last)."""
    numbers = np.arange(2, table.num_rows + len(skipped) + 2)
    numbers = np.delete(numbers, np.array(skipped, dtype=int) - 2)
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= compute.not_equal(compute.utf8_trim(column, f" \t\r\n\u00a0{_END}"), "").to_numpy(
            zero_copy_only=False
        )
    names = [f"{name}_" if name.strip().lower() == ROW else name for name in table.column_names]
    return table.rename_columns(names).append_column(ROW, pa.array(numbers, pa.int64())).filter(pa.array(filled))


def _named(table: pa.Table, file: str) -> tuple[pa.Table, list[Problem]]:
    """The columns which have a name, and a warning for each which has none but holds values."""
    nameless = [index for index, name in enumerate(table.column_names) if not name.strip()]
    problems = []
    for index in nameless:
        if compute.any(compute.not_equal(compute.utf8_trim_whitespace(table.column(index)), "")).as_py():
            message = f"column {index + 1} has values but no name; not read."
            problems.append(Problem("warning", "no_name", file, 1, None, None, message, "Give it a name in row 1."))
    return table.select([index for index in range(table.num_columns) if index not in nameless]), problems


def _has_decimal_comma(table: pa.Table) -> bool:
    columns = (column for name, column in zip(table.column_names, table.columns, strict=True) if name != ROW)
    return any(compute.any(compute.match_substring_regex(column, r"^\s*-?\d+,\d+\s*$")).as_py() for column in columns)


def fatal(code: str, file: str, message: str, hint: str = "") -> Problem:
    """An error which concerns a whole file."""
    return Problem("error", code, file, None, None, None, message, hint)


def note(code: str, file: str, message: str, hint: str = "") -> Problem:
    """A note on a whole file."""
    return Problem("info", code, file, None, None, None, message, hint)
