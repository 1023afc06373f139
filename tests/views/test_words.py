"""Words as people read them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq import schema
from ecosystem_iq.views.words import human, percent, plural, text


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("decision_maker", "Decision maker"),
        ("idn", "Integrated delivery network"),
        ("none", ""),
        ("", ""),
        (None, ""),
        (pd.NA, ""),
        (np.nan, ""),
        (pd.NaT, ""),
        ("NHS advice", "NHS advice"),
        ("<b>", "<b>"),
        ("ökonomisch", "Ökonomisch"),
        (3, "3"),
    ],
)
def test_labels(word, label):
    assert human(word) == label


def test_every_word_of_the_schema_has_a_label_of_its_own():
    for table in schema.TABLES:
        for column in table.columns:
            labels = [human(word) for word in column.words if word != "none"]
            assert all(labels)
            assert len(set(labels)) == len(labels)
            assert not any("_" in label for label in labels)


@pytest.mark.parametrize(
    ("count", "noun", "expected"),
    [(0, "tie", "0 ties"), (1, "tie", "1 tie"), (2, "tie", "2 ties"), (1234, "company", "1,234 companies")],
)
def test_counts(count, noun, expected):
    assert plural(count, noun) == expected


def test_shares_and_texts():
    assert percent(0.214).split() == ["21", "%"]
    assert [text(value) for value in ("a b", None, np.nan, 7)] == ["a b", "", "", "7"]
