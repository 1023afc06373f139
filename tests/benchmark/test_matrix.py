"""Values in long form → matrices, with one method an indicator."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.matrix import score_matrix
from ecosystem_iq.errors import InputError

FRAMEWORK = parse_framework(
    {
        "indicator": [
            {"id": "i", "node": "composite", "goalposts": [0, 1], "weight": 3},
            {"id": "j", "node": "composite", "goalposts": [0, 100]},
        ]
    }
)


def matrix(*rows, **more):
    return score_matrix(pd.DataFrame([{"indicator_id": "i"} | row for row in rows], **more), FRAMEWORK)


def cell(name, value, method="assessor", state="scored", indicator="i"):
    return {"company_id": name, "indicator_id": indicator, "value": value, "method": method, "state": state}


def test_companies_and_indicators_are_in_order_whatever_the_rows():
    found = matrix(cell("y", 0.5), cell("x", 20, indicator="j"))
    assert (found.companies, found.indicators) == (("x", "y"), ("i", "j"))
    np.testing.assert_array_equal(found.scores, [[np.nan, 20], [50, np.nan]])
    assert found.state.tolist() == [["not_assessed", "scored"], ["scored", "not_assessed"]]
    assert found.method.tolist() == [["", "assessor"], ["assessor", ""]]
    assert found.frame(found.scores).loc["y", "i"] == 50


def test_three_columns_suffice():
    found = matrix({"company_id": "x", "value": 0.5})
    assert (found.scores[0, 0], found.sd[0, 0]) == (50, 10)


def test_states():
    found = matrix(
        cell("a", 0.5), cell("b", None, state="not_disclosed"), cell("c", None, state="not_applicable"),
        cell("d", None, state="not_assessed"), cell("e", None),
    )  # fmt: skip
    np.testing.assert_array_equal(found.scores[:, 0], [50, 0, np.nan, np.nan, np.nan])
    assert found.applicable[:, 0].tolist() == [True, True, False, True, True]
    assert found.sd[:, 0].tolist() == [10, 0, 0, 0, 0]
    assert found.state[:, 0].tolist() == ["scored", "not_disclosed", "not_applicable", "not_assessed", "not_assessed"]


def test_a_value_beside_another_state_is_not_used():
    assert matrix(cell("a", 0.9, state="not_disclosed"), cell("b", 1)).scores[0, 0] == 0


def test_coverage_is_the_share_of_applicable_weight_which_is_scored():
    found = matrix(
        cell("a", 0.5), cell("b", 0.5), cell("b", 50, indicator="j"), cell("c", 0.5),
        cell("c", None, state="not_applicable", indicator="j"), cell("d", None, state="not_disclosed"),
        cell("e", None, state="not_applicable"), cell("e", None, state="not_applicable", indicator="j"),
    )  # fmt: skip
    assert found.coverage.tolist() == [0.75, 1.0, 1.0, 0.0, 0.0]


def test_the_method_which_covers_more_companies_is_used_for_all():
    rows = [cell("a", 0.1, "computed"), cell("a", 0.2), cell("b", 0.3), cell("b", 0.4, "computed"), cell("c", 0.5)]
    np.testing.assert_array_equal(matrix(*rows).raw[:, 0], [0.2, 0.3, 0.5])
    more = [*rows, cell("c", 0.6, "computed"), cell("d", 0.7, "computed")]
    np.testing.assert_array_equal(matrix(*more).raw[:, 0], [0.1, 0.4, 0.6, 0.7])
    np.testing.assert_array_equal(matrix(*rows[:4]).raw[:, 0], [0.1, 0.4])  # computed where equal


def test_methods_are_chosen_for_each_indicator_apart():
    rows = [cell("a", 0.1, "computed"), cell("a", 0.2), cell("a", 30, indicator="j")]
    assert matrix(*rows).method.tolist() == [["computed", "assessor"]]


def test_surveys_and_assessors_are_one_kind():
    rows = [cell("a", 0.1, "survey"), cell("b", 0.2), cell("b", 0.3, "computed")]
    assert matrix(*rows).method[:, 0].tolist() == ["survey", "assessor"]


def test_what_is_not_disclosed_or_applicable_holds_by_either_method():
    rows = [cell("a", 0.1, "computed"), cell("b", 0.2, "computed"), cell("c", None, state="not_disclosed"),
            cell("d", None, state="not_applicable"), cell("a", None, state="not_disclosed")]  # fmt: skip
    assert matrix(*rows).state[:, 0].tolist() == ["scored", "scored", "not_disclosed", "not_applicable"]


def test_rows_may_come_in_any_order_and_with_any_index():
    rows = [
        cell("a", 0.1, "computed"),
        cell("a", 0.2),
        cell("b", 0.3),
        cell("c", 0.4, "computed"),
        cell("b", None, "computed", "not_disclosed"),
    ]
    one, other = matrix(*rows), matrix(*rows[::-1], index=[0, 0, 0, 1, 1])
    for name in ("raw", "scores", "sd", "state", "method"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"company_id": "a"}], "Values need the columns value."),
        ([cell("a", 1, indicator="k")], '"k" is not an indicator of framework.'),
        ([cell("a", 1, state="skored")], '"skored" is not a state. Did you mean "scored"?'),
        ([cell("a", 1), cell("a", 0)], "a has i twice by method assessor."),
    ],
)
def test_bad_values_are_refused(rows, message):
    with pytest.raises(InputError) as caught:
        matrix(*rows)
    assert str(caught.value) == message


def test_no_values_are_refused():
    with pytest.raises(InputError, match="nothing to score"):
        score_matrix(pd.DataFrame(columns=["company_id", "indicator_id", "value"]), FRAMEWORK)


def test_spread_is_capped_nowhere_but_missing_cells_have_none():
    found = matrix(cell("a", 0.5) | {"se": 0.3}, cell("b", None))
    assert found.sd[0, 0] == pytest.approx(np.hypot(30, 10))
    assert found.sd[1, 0] == 0
