"""Every indicator which can be computed, and the assessors' scores beside them."""

from __future__ import annotations

import pandas as pd
from ecosystems import companies, ecosystem

from ecosystem_iq.benchmark import compute_indicators, load_framework
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.indicators import COLUMNS
from ecosystem_iq.benchmark.indicators.registry import COMPUTED

SHARES = pd.DataFrame(
    {"company_id": ["x"], "account_id": ["A"], "numerator": [0.2], "denominator": [0.4], "n": [3], "n_effective": [2.5]}
)
FACTS = {"contact_shares": SHARES}
SERVED = [{"company_id": "x", "account_id": "A"}]


def eco(*scores):
    rows = [{"company_id": "x", "indicator_id": "A2", "rater": "a"} | row for row in scores]
    return ecosystem(companies=companies("x"), company_accounts=SERVED, scores=rows)


def test_what_is_computed_is_in_the_shipped_framework():
    assert set(COMPUTED) <= {indicator.id for indicator in load_framework().indicators}


def test_computed_and_assessed_values_stand_side_by_side():
    found = compute_indicators(eco({"value": 70}, {"value": 3, "indicator_id": "R10"}), load_framework(), facts=FACTS)
    assert list(found) == list(COLUMNS)
    assert found[["indicator_id", "method", "value"]].to_numpy().tolist() == [
        ["A2", "assessor", 70], ["A2", "computed", 50], ["R10", "assessor", 3],
    ]  # fmt: skip


def test_without_facts_only_the_assessed_are_there():
    assert compute_indicators(eco({"value": 70}), load_framework())["method"].tolist() == ["assessor"]


def test_what_the_framework_does_not_have_is_not_computed():
    small = parse_framework({"indicator": [{"id": "R10", "node": "composite", "goalposts": [1, 5]}]})
    found = compute_indicators(eco({"value": 3, "indicator_id": "R10"}), small, facts=FACTS)
    assert found["indicator_id"].tolist() == ["R10"]


def test_a_value_computed_here_goes_before_one_which_was_brought_along():
    brought = eco({"value": 99, "method": "computed"})
    assert compute_indicators(brought, load_framework(), facts=FACTS)["value"].tolist() == [50]
    assert compute_indicators(brought, load_framework())["value"].tolist() == [99]


def test_nothing_at_all_has_the_columns():
    found = compute_indicators(ecosystem(), load_framework())
    assert found.empty
    assert list(found) == list(COLUMNS)
