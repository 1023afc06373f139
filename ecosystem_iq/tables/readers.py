"""Files → tables of text, with the row numbers a spreadsheet would show.

Nothing is interpreted here: every cell stays text, and what cannot be read becomes a problem. European Excel
(``;``, decimal comma), byte-order marks, UTF-16 and Windows-1252 are recognised.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Level, Problem, did_you_mean
from ecosystem_iq.files import folder_files, read_bytes
from ecosystem_iq.tables.settings import FILE as SETTINGS_FILE
from ecosystem_iq.tables.settings import Settings, read_settings

ROW = "row"
"""Column which holds the row number of the file; the header is row 1."""

_SEPARATORS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class RawTables:
    """What was found in a workspace, still as text.

    Attributes
    ----------
    tables : dict of str to pyarrow.Table
        All columns text, and ``row``.
    decimals : dict of str to str
        Decimal sign of each table.
    settings : Settings
    problems : list of Problem
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    problems: list[Problem] = field(default_factory=list)


def read_folder(folder: Path) -> RawTables:
    """Read every table of a workspace folder, and ``workspace.toml``.

    Raises
    ------
    InputError
        When the folder is missing or holds no table at all.
    """
    files = {path.name: path for path in folder_files(folder)}
    settings, problems = _settings(files.pop(SETTINGS_FILE, None), folder)
    raw = RawTables(settings=settings, problems=problems)
    for name, path in files.items():
        stem, suffix = path.stem.lower(), path.suffix.lower()
        if suffix != ".csv":
            continue
        if stem not in schema.BY_NAME:
            raw.problems.append(_unknown_file(name, stem))
        elif not schema.table(stem).read:
            raw.problems.append(_note("unread_table", name, "is not read by this version; it stays as it is."))
        else:
            _read_into(raw, stem, path)
    if not raw.tables and not any(p.level == "error" for p in raw.problems):
        raise InputError(
            f"{folder} holds no table. A workspace is a folder with stakeholders.csv and ties.csv, or companies.csv "
            "and scores.csv; `ecosystem-iq init DIR` makes a template."
        )
    return raw


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
        problems.append(_note("encoding", file, "is not UTF-8; read as Windows-1252.", "Save as UTF-8 to be sure."))
    separator = settings.separator or _separator(text)
    table, ragged = _parse(text, separator, file)
    problems.extend(ragged)
    decimal = settings.decimal or ("," if separator == ";" and _has_decimal_comma(table) else ".")
    return table, decimal, problems


def _read_into(raw: RawTables, name: str, path: Path) -> None:
    try:
        table, decimal, problems = read_table(read_bytes(path), path.name, raw.settings)
    except InputError as error:
        raw.problems.extend(error.problems or [Problem("error", "unreadable", path.name, None, None, None, str(error))])
        return
    names = _column_names(table.column_names)
    raw.problems.extend(problems)
    raw.problems.extend(_header_problems(names, name, path.name))
    keep = {column: index for index, column in reversed(list(enumerate(names)))}
    raw.tables[name] = pa.table(
        {column: table.column(index) for column, index in sorted(keep.items(), key=lambda i: i[1])}
    )
    raw.decimals[name] = decimal


def _settings(path: Path | None, folder: Path) -> tuple[Settings, list[Problem]]:
    if path is None:
        return Settings(title=folder.resolve().name), []
    try:
        text = read_bytes(path, limit=10**6).decode("utf-8-sig")
    except UnicodeDecodeError:
        return Settings(), [_fatal("encoding", SETTINGS_FILE, "is not UTF-8 text.")]
    settings, problems = read_settings(text)
    return (settings if settings.title else replace(settings, title=folder.resolve().name)), problems


def _decode(data: bytes, file: str, encoding: str) -> tuple[str, str]:
    """Text of the bytes and the encoding which was used."""
    if not data.strip():
        raise InputError("", [_fatal("empty_file", file, "is empty.", "Write a header row, or delete the file.")])
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strictly(data, codec, file), codec
    if b"\x00" in data:
        hint = "Save it as CSV (in Excel: Save as, CSV UTF-8)."
        raise InputError("", [_fatal("binary_file", file, "is not a text file.", hint)])
    if encoding:
        return _strictly(data, encoding, file), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(data, "windows-1252", file), "windows-1252"


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8 (in Excel: Save as, CSV UTF-8)."
        problem = _fatal("encoding", file, f"is not {encoding} text (byte {error.start}).", hint)
        raise InputError("", [problem]) from error


def _separator(text: str) -> str:
    """The separator which occurs most in the header."""
    header = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=lambda sign: (header.count(sign), -_SEPARATORS.index(sign)))


def _parse(text: str, separator: str, file: str) -> tuple[pa.Table, list[Problem]]:
    """Cells as text; rows with a wrong number of cells become problems and are left out."""
    problems: list[Problem] = []
    skipped: list[int] = []

    def ragged(row: pc.InvalidRow) -> str:
        skipped.append(row.number)
        message = f"has {row.actual_columns} cells where the header has {row.expected_columns}."
        hint = f'A value which holds "{separator}" or a quotation mark must stand between quotation marks.'
        problems.append(Problem("error", "ragged_row", file, row.number, None, row.text[:500], message, hint))
        return "skip"

    data = text.encode("utf-8")
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    try:
        table = pc.read_csv(
            io.BytesIO(data),
            read_options=pc.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pc.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=ragged
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        problem = _fatal("unreadable", file, f"is not a CSV file: {error}.")
        raise InputError("", [problem]) from error
    return _numbered(table.cast(pa.schema([(name, pa.string()) for name in table.column_names])), skipped), problems


def _numbered(table: pa.Table, skipped: list[int]) -> pa.Table:
    """Add the row numbers of the file, then drop rows in which every cell is blank."""
    numbers = np.arange(2, table.num_rows + len(skipped) + 2)
    numbers = np.delete(numbers, np.array(skipped, dtype=int) - 2)
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= compute.not_equal(compute.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
    return table.append_column(ROW, pa.array(numbers, pa.int64())).filter(pa.array(filled))


def _has_decimal_comma(table: pa.Table) -> bool:
    columns = (column for name, column in zip(table.column_names, table.columns, strict=True) if name != ROW)
    return any(compute.any(compute.match_substring_regex(column, r"^\s*-?\d+,\d+\s*$")).as_py() for column in columns)


def _column_names(names: list[str]) -> list[str]:
    """Names as the schema writes them: trimmed, lower case, spaces and hyphens as underscores."""
    return [name if name == ROW else "_".join(name.strip().lower().replace("-", " ").split()) for name in names]


def _header_problems(names: list[str], name: str, file: str) -> list[Problem]:
    """Columns which are missing, unknown, named twice, or must not be here."""
    declared = schema.table(name)
    found = Counter(column for column in names if column != ROW)
    problems = [
        _column_error(file, column, "duplicate_column", "occurs twice.") for column, n in found.items() if n > 1
    ]
    for column in declared.columns:
        if column.required and column.name not in found:
            hint = did_you_mean(column.name, set(found) - set(declared.names))
            problems.append(_column_error(file, column.name, "missing_column", "is missing; every row needs it.", hint))
    missing = set(declared.names) - found.keys()
    return problems + [_unknown_column(file, column, missing) for column in found if column not in declared.names]


def _unknown_column(file: str, column: str, missing: set[str]) -> Problem:
    if re.match(schema.NO_DATA_ABOUT_PATIENTS, column):
        hint = "Delete the column: nothing here needs it, and it must not be copied into results."
        return _column_error(
            file, column, "forbidden_column", "looks like data about patients or a private number.", hint
        )
    hint = did_you_mean(column, missing, likeness=0.8)  # a near miss is a slip, a far one an attribute
    level: Level = "warning" if hint else "info"
    return Problem(level, "unknown_column", file, 1, column, None, "is not a known column; kept as an attribute.", hint)


def _unknown_file(file: str, stem: str) -> Problem:
    hint = did_you_mean(stem, schema.BY_NAME)
    return Problem("warning", "unknown_file", file, None, None, None, "is not a table of a workspace; not read.", hint)


def _column_error(file: str, column: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem("error", code, file, 1, column, None, message, hint)


def _fatal(code: str, file: str, message: str, hint: str = "") -> Problem:
    return Problem("error", code, file, None, None, None, message, hint)


def _note(code: str, file: str, message: str, hint: str = "") -> Problem:
    return Problem("info", code, file, None, None, None, message, hint)
