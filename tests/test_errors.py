"""What goes wrong is said in one line: where, what, and what to do."""

from __future__ import annotations

import pandas as pd
import pytest

from ecosystem_iq.errors import (
    EcosystemError,
    FrameworkError,
    InputError,
    OutputError,
    Problem,
    Problems,
    did_you_mean,
)


def problem(level="error", table="ties.csv", row=None, column=None, code="range"):
    return Problem(level, code, table, row, column, None, "is wrong.", "Mend it.")


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (None, None, "ties.csv: is wrong. Mend it."),
        (3, None, "ties.csv row 3: is wrong. Mend it."),
        (None, "strength", "ties.csv, strength: is wrong. Mend it."),
        (3, "strength", "ties.csv row 3, strength: is wrong. Mend it."),
    ],
)
def test_a_problem_reads_as_a_sentence_with_its_place(row, column, text):
    assert str(problem(row=row, column=column)) == text


def test_a_problem_without_a_hint_has_no_trailing_blank():
    assert str(Problem("info", "x", "a.csv", None, None, None, "is so.")) == "a.csv: is so."


def test_problems_come_errors_first_then_by_file_row_and_column():
    found = Problems(
        [
            problem("info"),
            problem("error", "ties.csv", 9),
            problem("error", "ties.csv", 2, "z"),
            problem("error", "ties.csv", 2, "b"),
            problem("warning", "accounts.csv"),
            problem("error", "accounts.csv", 7),
        ]
    )
    assert [(p.level, p.table, p.row, p.column) for p in found] == [
        ("error", "accounts.csv", 7, None),
        ("error", "ties.csv", 2, "b"),
        ("error", "ties.csv", 2, "z"),
        ("error", "ties.csv", 9, None),
        ("warning", "accounts.csv", None, None),
        ("info", "ties.csv", None, None),
    ]


def test_problems_are_counted_and_filtered_by_level():
    found = Problems([problem("error"), problem("warning"), problem("warning")])
    assert (found.count("error"), found.count("warning"), found.count("info")) == (1, 2, 0)
    assert len(found.at("warning")) == 2
    assert repr(found) == "Problems(1 errors, 2 warnings, 0 notes)"


@pytest.mark.parametrize(("level", "ok"), [("error", False), ("warning", True), ("info", True)])
def test_only_errors_make_problems_not_ok(level, ok):
    assert Problems([problem(level)]).ok is ok


def test_no_problems_are_ok():
    assert Problems().ok
    assert len(Problems()) == 0


@pytest.mark.parametrize("found", [[], [problem(row=3), problem()]], ids=["none", "two"])
def test_the_frame_has_the_documented_columns_and_whole_rows(found):
    frame = Problems(found).to_frame()
    assert list(frame.columns) == ["level", "code", "table", "row", "column", "value", "message", "hint"]
    assert frame["row"].dtype == pd.Int64Dtype()
    assert len(frame) == len(found)


@pytest.mark.parametrize("error", [InputError, OutputError, FrameworkError])
def test_every_error_of_ours_can_be_caught_as_one(error):
    with pytest.raises(EcosystemError, match="wrong"):
        raise error("wrong")


def test_an_input_error_carries_its_problems():
    assert list(InputError("no", [problem()]).problems) == [problem()]
    assert not InputError("no").problems


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("advize", ["advises", "reports_to"], 'Did you mean "advises"?'),
        ("HELIX", ["helix-labs", "Helix"], 'Did you mean "Helix"?'),
        ("zzz", ["advises"], ""),
        ("x", [], ""),
        ("", ["advises"], ""),
        ("müler", ["Müller", "Miller"], 'Did you mean "Müller"?'),
        (7, ["7a", "b"], 'Did you mean "7a"?'),
    ],
)
def test_the_nearest_known_word_is_asked_for(word, known, hint):
    assert did_you_mean(word, known) == hint


def test_a_word_of_ten_million_letters_has_no_near_one():
    word = "x" * 10_000_000
    assert did_you_mean(word, [word]) == ""  # at once: comparing would take minutes
