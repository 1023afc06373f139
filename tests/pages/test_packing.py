"""Columns in few bytes, and back."""

from __future__ import annotations

import json
import random

import payloads
import pytest
from reading import unpacked

from ecosystem_iq.pages.packing import packed


@pytest.mark.parametrize("n", [0, 1, 3, 60, 300])
def test_a_payload_survives(n):
    payload = payloads.account(n)
    before = json.dumps(payload)
    assert unpacked(packed(payload)) == payload
    assert json.dumps(payload) == before, "nothing is changed in place"


def test_hostile_text_survives():
    payload = payloads.hostile_account()
    assert unpacked(packed(payload)) == payload


@pytest.mark.parametrize(
    "column",
    [
        ["2026-02-28", "", "2024-02-29"] * 30, ["2026-02-30", "2026-01-01"] * 40, ["0001-01-01", "9999-12-31"] * 40,
        [0] * 64, list(range(-30, 40)), [2**20 + k for k in range(80)], [True, False] * 40, [None, "a", 0.5, 1] * 20,
        [1, True, 1.0] * 30, ["x" * 500, "\u2028"] * 40, [1 << 24, 0] * 40, [1 << 60, 0] * 40,
        [k / 7 for k in range(90)], [f"name {k}" for k in range(90)], [""] * 100, [0, 255] * 33, [-1, None] * 50,
    ],
)  # fmt: skip
def test_a_column_survives_with_its_types(column):
    found = unpacked(packed(column))
    assert found == column
    assert [type(value) for value in found] == [type(value) for value in column]


def test_what_would_not_become_shorter_stays():
    few, different, broken = list(range(63)), [f"{k}" for k in range(64)], [k / 7 for k in range(90)]
    assert [packed(column) for column in (few, different, broken)] == [few, different, broken]


def test_records_with_other_names_stay_records():
    odd = {"a": [{"x": 1}] * 40, "b": [{"y": 1}] * 40}
    assert packed(odd) == odd
    assert packed({"a": [], "b": [{"x": 1}] * 80}) == {"a": [], "b": [{"x": 1}] * 80}


def test_it_is_small():
    rng = random.Random(1)
    ties = {
        "source": [rng.randrange(2_000) for _ in range(20_000)],
        "mutual": [rng.random() < 0.2 for _ in range(20_000)],
    }
    assert len(json.dumps(packed(ties))) < 20_000 * (11 + 1) / 8 * 4 / 3 + 300
