"""Every way people write a CSV file, read as text, with the rows a spreadsheet would show."""

from __future__ import annotations

import pytest

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables.parsing import ROW, read_table
from ecosystem_iq.tables.settings import Settings

PLAIN = "id,name,share\n1,Zoë,0.5\n2,Ann,0.25\n"
CELLS = {"id": ["1", "2"], "name": ["Zoë", "Ann"], "share": ["0.5", "0.25"], ROW: [2, 3]}


def parsed(content, **settings):
    data = content if isinstance(content, bytes) else content.encode()
    table, decimal, problems = read_table(data, "f.csv", Settings(**settings) if settings else None)
    return table.to_pydict(), decimal, problems


def refused(content, **settings):
    with pytest.raises(InputError) as caught:
        parsed(content, **settings)
    return [(problem.code, problem.row) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("windows-1252"),
        PLAIN.replace("Ann", '"Ann"').replace("id,", '"id",'),
    ],
    ids=[
        "plain",
        "unended",
        "semicolon",
        "tab",
        "pipe",
        "crlf",
        "cr",
        "bom",
        "utf16",
        "utf16be",
        "windows1252",
        "quoted",
    ],
)
def test_every_dialect_gives_the_same_cells(content):
    assert parsed(content)[0] == CELLS


def test_windows_1252_is_a_guess_and_said_to_be():
    (note,) = parsed(PLAIN.encode("windows-1252"))[2]
    assert (note.level, note.code) == ("info", "encoding")
    assert not parsed(PLAIN)[2]


def test_the_encoding_of_the_settings_is_no_guess():
    assert parsed(PLAIN.encode("utf-16-le"), encoding="utf-16")[0] == CELLS
    assert refused(PLAIN.encode("windows-1252"), encoding="utf-8") == [("encoding", None)]


@pytest.mark.parametrize(
    ("content", "decimal"),
    [
        ("a;b\n1;0,5\n", ","),
        ("a;b\n1;-12,5\n", ","),
        ("a;b\n1;0.5\n", "."),
        ("a;b\n1;text, and 1,5 more\n", "."),
        ("a,b\n1,0.5\n", "."),
        ('a,b\n1,"0,5"\n', "."),
    ],
)
def test_a_decimal_comma_goes_with_semicolons_only(content, decimal):
    assert parsed(content)[1] == decimal


def test_settings_fix_separator_and_decimal_sign():
    cells, decimal, _ = parsed("a,b;c\n1,2;3\n", separator=";", decimal=",")
    assert cells == {"a,b": ["1,2"], "c": ["3"], ROW: [2]}
    assert decimal == ","


def test_a_separator_between_quotation_marks_of_the_header_does_not_count():
    assert list(parsed('"a;b;c",d\n1,2\n')[0]) == ["a;b;c", "d", ROW]


@pytest.mark.parametrize(
    ("content", "cells", "rows"),
    [
        ('a,b\n1,"x\ny"\n2,z\n', ["x\ny", "z"], [2, 3]),
        ('a,b\n1,"x\r\n\r\ny"\n2,z\n', ["x\r\n\r\ny", "z"], [2, 3]),
        ('a,"b\nc"\n1,x\n2,z\n', ["x", "z"], [2, 3]),
        ("a,b\n\n1,x\n\n\n2,z\n\n", ["x", "z"], [3, 6]),
        ("a,b\n,\n1,x\n  \n , \n2,z\n", ["x", "z"], [3, 6]),
        ("a,b\r\n\r\n1,x\r\n   \r\n2,z", ["x", "z"], [3, 5]),
        ('a,b\n1,""""\n2,"say ""hi"", you"\n', ['"', 'say "hi", you'], [2, 3]),
        ("a,b\n1,x\"y\n2,'z\n", ['x"y', "'z"], [2, 3]),
    ],
    ids=["quoted-lf", "quoted-crlf", "quoted-header", "blank-lines", "blank-cells", "blank-crlf", "doubled", "stray"],
)
def test_rows_are_numbered_as_a_spreadsheet_does(content, cells, rows):
    table, _, problems = parsed(content)
    assert list(table.values())[1:] == [cells, rows]
    assert not problems


@pytest.mark.parametrize("content", ["a", "a\n", "a,b", "a,b\r\n", "a,b\n\n\n"])
def test_a_header_alone_is_a_table_without_rows(content):
    table, _, problems = parsed(content)
    assert table[ROW] == []
    assert not problems


def test_one_column_is_a_table():
    assert parsed("a\n1\n\n2\n")[0] == {"a": ["1", "2"], ROW: [2, 4]}


def test_rows_with_a_wrong_number_of_cells_are_left_out_and_named():
    cells, _, problems = parsed('a,b,c\n1,2\n"x\ny",2,3\n1,2,3,4\n\n5,6,7\n')
    assert cells == {"a": ["x\ny", "5"], "b": ["2", "6"], "c": ["3", "7"], ROW: [3, 6]}
    assert [(p.level, p.code, p.row, p.value) for p in problems] == [
        ("error", "ragged_row", 2, "1,2"),
        ("error", "ragged_row", 4, "1,2,3,4"),
    ]
    assert problems[0].message == "has 2 cells where the header has 3."


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", [("empty_file", None)]),
        (" \n\r\n ", [("empty_file", None)]),
        (b"\xef\xbb\xbf", [("empty_file", None)]),
        (b"\xff\xfe", [("empty_file", None)]),
        (b"PK\x03\x04\x00\x00", [("binary_file", None)]),
        (PLAIN.encode() + b"3,\x00,1\n", [("binary_file", None)]),
        ((PLAIN + "3,\0,1\n").encode("utf-16"), [("binary_file", None)]),
        (PLAIN.encode("utf-16-le"), [("binary_file", None)]),
        (PLAIN.encode("utf-32"), [("binary_file", None)]),
        (PLAIN.encode() + b"3,\x81\x8d,1\n", [("encoding", None)]),
        (b"\xff\xfea", [("encoding", None)]),
        ("\n\na,b\n1,2\n", [("no_header", None)]),
        (",,\n1,2,3\n", [("no_header", None)]),
        (" \n1\n", [("no_header", None)]),
        ("a," + "x" * 10_000_000 + "\n1,2\n", [("unreadable", None)]),
        ('a,"b\n1,2\n', [("unreadable", None)]),
        ('a,b\n1,"x\n2,y\n', [("unclosed_quote", 2)]),
        ('a,b\n1,x\n"2,y\n3,z\n', [("unclosed_quote", 3)]),
        ('a,b\n1\n2,x\n"3,y', [("ragged_row", 2), ("unclosed_quote", 4)]),
        ('a\n1\n"2', [("unclosed_quote", 3)]),
        ('a,b\n1,x\n"', [("unclosed_quote", 3)]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_as_a_whole_is_refused(content, found):
    assert refused(content) == found


def test_a_cell_of_ten_megabytes_is_a_cell():
    cell = "x" * 10_000_000
    assert parsed(f"a,b\n1,{cell}\n")[0]["b"] == [cell]


def test_three_hundred_columns_are_columns():
    header = ",".join(f"c{n}" for n in range(300))
    assert len(parsed(f"{header}\n{header}\n")[0]) == 301


@pytest.mark.parametrize(
    ("content", "names", "codes"),
    [
        ("a,,\n1,,\n", ["a", ROW], []),
        ("a, ,\n1,2,\n", ["a", ROW], ["no_name"]),
        ("a,,b\n1,,3\n", ["a", "b", ROW], []),
    ],
)
def test_a_column_without_a_name_is_left_out_and_missed_when_it_holds_something(content, names, codes):
    cells, _, problems = parsed(content)
    assert list(cells) == names
    assert [(problem.level, problem.code) for problem in problems] == [("warning", code) for code in codes]


@pytest.mark.parametrize("name", ["row", "Row", " ROW "])
def test_a_column_called_row_is_not_taken_for_the_row(name):
    cells = parsed(f"{name},a\n77,x\n78,y\n")[0]
    assert cells[ROW] == [2, 3]
    assert cells[f"{name}_"] == ["77", "78"]


@pytest.mark.parametrize(
    "cell",
    [
        "007",
        "123456789012345678",
        "1e5",
        "NaN",
        "null",
        "NULL",
        "true",
        "山田|太郎",
        "\u202eevil",
        "2026-06-30",
        "😀",
        "$1",
        "{x}",
        "%s",
        "\\n",
        "=cmd|'/C_calc'!A0",
        "';DROP_TABLE_x;--",
        "../../etc/passwd",
        "<script>",
    ],
)
def test_every_cell_stays_the_text_it_was(cell):
    assert parsed(f"a,b\n{cell},1\n")[0]["a"] == [cell]
