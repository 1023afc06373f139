"""``workspace.toml``: defaults for everything, and every fault at once."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from ecosystem_iq.tables.settings import Settings, read_settings

FULL_ONLY = "This version leaves nothing out of its results."


def faults(text):
    return [(problem.column, problem.code, problem.hint) for problem in read_settings(text)[1]]


def test_an_empty_file_gives_the_defaults():
    assert read_settings("") == (Settings(), [])


def test_every_setting_is_read():
    text = """
        title = "T"
        as_of = 2026-06-30
        own_company = "co-1"
        period = 2026
        [files]
        separator = ";"
        decimal = ","
        encoding = "utf-16"
        [influence]
        half_life_months = 12
        damping = 0.5
        judged_weight = 1
        mean_branching = 1.5
        [layers]
        "my layer" = 0.25
        [benchmark]
        framework = "mine.toml"
        clean_room = true
        [privacy]
        level = "full"
        key_file = "k"
    """
    settings, problems = read_settings(text)
    assert not problems
    weights = {"my layer": 0.25}
    assert settings == Settings(
        "T", dt.date(2026, 6, 30), "co-1", "2026", ";", ",", "utf-16", 12, 0.5, 1, 1.5, weights, "mine.toml", True
    )  # fmt: skip
    assert all(getattr(settings, f.name) != getattr(Settings(), f.name) for f in dataclasses.fields(Settings))


@pytest.mark.parametrize(
    "value", ["2026-06-30", '"2026-06-30"', "2026-06-30T12:00:00", "2026-06-30T12:00:00Z"]
)  # fmt: skip
def test_a_date_may_be_written_in_several_ways(value):
    assert read_settings(f"as_of = {value}")[0].as_of == dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "column", "code", "hint"),
    [
        ("titel = 'x'", "titel", "unknown_setting", 'Did you mean "title"?'),
        ("title = 3", "title", "setting", ""),
        ("as_of = 'soon'", "as_of", "setting", "Write as_of = 2026-06-30."),
        ("as_of = '0000-01-01'", "as_of", "setting", "Write as_of = 2026-06-30."),
        ("as_of = 12:00:00", "as_of", "setting", ""),
        ("as_of = true", "as_of", "setting", ""),
        ("[infuence]\na = 1", "infuence.a", "unknown_setting", 'Did you mean "influence"?'),
        ("[infuence]", "infuence", "unknown_setting", 'Did you mean "influence"?'),
        ("[influence]\ndampening = 1", "influence.dampening", "unknown_setting", 'Did you mean "damping"?'),
        ("[influence]\ndamping = 1", "influence.damping", "setting", ""),
        ("[influence]\ndamping = -0.1", "influence.damping", "setting", ""),
        ("[influence]\ndamping = nan", "influence.damping", "setting", ""),
        ("[influence]\ndamping = true", "influence.damping", "setting", ""),
        ("[influence]\nmean_branching = 0", "influence.mean_branching", "setting", ""),
        ("[influence]\nhalf_life_months = '24'", "influence.half_life_months", "setting", ""),
        ("[influence.damping]\nx = 1", "influence.damping", "setting", ""),
        ("[files]\nseparator = ':'", "files.separator", "setting", ""),
        ("[files]\nencoding = 'latin'", "files.encoding", "setting", ""),
        ("[layers]\nx = 2", "layers.x", "setting", ""),
        ("[layers]\nx = nan", "layers.x", "setting", ""),
        ("[layers]\nx = true", "layers.x", "setting", ""),
        ("layers = 1", "layers", "setting", ""),
        ("[[files]]\nx = 1", "files", "setting", ""),
        ("[benchmark]\nclean_room = 'yes'", "benchmark.clean_room", "setting", ""),
        ("[privacy]\nlevel = 'pseudonymous'", "privacy.level", "setting", FULL_ONLY),
    ],
)  # fmt: skip
def test_a_fault_is_reported_and_the_default_used(text, column, code, hint):
    settings, _ = read_settings(text)
    assert faults(text) == [(column, code, hint)]
    assert settings == Settings()


def test_all_faults_come_at_once():
    text = "titel = 'x'\nas_of = 'soon'\n[influence]\ndampng = 1\nmean_branching = 99\n[files]\ndecimal = ';'\n"
    text += "[x]\ny = 1\n"
    assert [column for column, _, _ in faults(text)] == [
        "titel", "as_of", "influence.dampng", "influence.mean_branching", "files.decimal", "x.y"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["title = Hello", "title = 'a'\ntitle = 'b'", "x = " + "[" * 3_000, "x = 1" + "0" * 5_000, "title = 'a\x00'", "["],
    ids=["bare", "twice", "deep", "huge", "nul", "open"],
)
def test_what_is_no_toml_is_one_fault(text):
    assert [(column, code) for column, code, _ in faults(text)] == [(None, "toml")]
