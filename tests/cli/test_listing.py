"""One listing in four formats."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from ecosystem_iq.cli.listing import Listing, plain, render

FRAME = pd.DataFrame(
    {
        "name": ["Zoë", None],
        "share": [1 / 3, float("nan")],
        "tiny": [1.23456789012345e-7, 0.0],
        "rank": pd.array([1, None], dtype="Int64"),
        "day": pd.to_datetime(["2026-06-30", None]),
    }
)
LISTING = Listing(FRAME, ("name", ">share"), [("Zoë", "33%"), ("a|b\\c\nd", "5%")])


def test_a_table_is_aligned():
    assert render(LISTING, "table") == "name     share\nZoë        33%\na|b\\c d     5%\n"


def test_a_listing_without_rows_is_no_table():
    assert render(Listing(FRAME, ("name",)), "table") == ""


def test_a_second_table_follows_for_people_alone():
    two = replace(LISTING, below=LISTING)
    one = render(LISTING, "table")
    assert render(two, "table") == f"{one}\n{one}"
    assert render(two, "md").count("| name | share |") == 2
    assert render(two, "csv") == render(LISTING, "csv")
    assert render(two, "json") == render(LISTING, "json")


def test_markdown_escapes_what_would_break_it():
    assert render(LISTING, "md") == "| name | share |\n| --- | ---: |\n| Zoë | 33% |\n| a\\|b\\\\c d | 5% |\n"


def test_csv_has_ten_digits_and_blanks():
    assert render(LISTING, "csv") == ("name,share,tiny,rank,day\nZoë,0.3333333333,1.23456789e-07,1,2026-06-30\n,,0,,\n")


def test_json_has_the_same_digits_and_null():
    first, second = json.loads(render(LISTING, "json"))
    assert (first["name"], first["share"], first["rank"]) == ("Zoë", 0.3333333333, 1)
    assert first["tiny"] == pytest.approx(1.23456789e-07, rel=1e-7)
    assert first["day"].startswith("2026-06-30")
    assert (second["name"], second["share"], second["rank"], second["day"]) == (None, None, None, None)
    assert render(LISTING, "json").isascii() is False


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n b\t c", "a b c"),
        ("\x1b[2J", "\ufffd[2J"),
        ("\u202eevil\u2066", "\ufffdevil\ufffd"),
        ("日本 é 😀", "日本 é 😀"),
        ("\x00\x07", "\ufffd\ufffd"),
        ("\u00a0x\u00a0", "x"),
    ],
)
def test_text_for_a_terminal_is_one_line_without_steering(text, shown):
    assert plain(text) == shown
