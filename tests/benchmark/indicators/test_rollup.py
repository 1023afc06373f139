"""From accounts to companies, and the sampling error of values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem
from scipy.stats import beta

from ecosystem_iq.benchmark.indicators.rollup import effective, potential, roll_up
from ecosystem_iq.benchmark.uncertainty import sampling_errors

CELL = {"company_id": "x", "account_id": "A", "numerator": 1.0, "denominator": 4.0, "n": 4, "n_effective": 4.0}


def served(own=(None, None), whole=(None, None), currency=("EUR", "EUR")):
    """Company x in accounts A and B, with its own potential there and that of the accounts."""
    rows = [
        row | {"potential_value": value, "currency": money}
        for row, value, money in zip(accounts("A", "B"), whole, currency, strict=True)
    ]
    return ecosystem(
        companies=companies("x"), accounts=rows,
        company_accounts=[
            {"company_id": "x", "account_id": a, "potential_value": v} for a, v in zip("AB", own, strict=True)
        ],
    )  # fmt: skip


def jeffreys_sd(share, n):
    return beta(share * n + 0.5, (1 - share) * n + 0.5).std()


def rolled(eco, *cells, **more):
    return roll_up(pd.DataFrame([CELL | cell for cell in cells]), eco, **more).set_index("company_id")


def test_one_account_is_its_share():
    found = rolled(served(), {}).loc["x"]
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (25, 1, 4, 4)
    assert found["se"] == pytest.approx(100 * jeffreys_sd(0.25, 4))
    assert (found["state"], found["method"]) == ("scored", "computed")


def test_a_share_may_stay_a_share():
    found = rolled(served(), {}, scale=1.0).loc["x"]
    assert (found["value"], found["se"]) == (0.25, pytest.approx(jeffreys_sd(0.25, 4)))


@pytest.mark.parametrize(
    ("eco", "part"),
    [
        (served(), 0.5),
        (served(own=(300, 100)), 0.75),
        (served(own=(300, 100), whole=(1, 9)), 0.75),
        (served(own=(300, None), whole=(1, 9)), 0.1),
        (served(own=(300, 0), whole=(1, 9)), 0.1),
        (served(own=(300, None), whole=(1, None)), 0.5),
        (served(whole=(1, 9), currency=("EUR", "USD")), 0.5),
        (served(own=(300, 100), currency=("EUR", "USD")), 0.75),
        (served(whole=(1, 9), currency=(None, None)), 0.1),
    ],
    ids=["none", "own", "own first", "own not for all", "own zero", "neither for all", "two currencies",
         "own, whatever the accounts", "no currency"],
)  # fmt: skip
def test_accounts_weigh_by_what_is_known_for_all_in_one_unit(eco, part):
    found = rolled(eco, {"numerator": 4.0}, {"account_id": "B", "n_effective": 9.0, "numerator": 0.0}).loc["x"]
    assert found["value"] == pytest.approx(100 * part)
    errors = part * jeffreys_sd(1, 4), (1 - part) * jeffreys_sd(0, 9)
    assert found["se"] == pytest.approx(100 * np.hypot(*errors))
    assert found["n"] == 8


def test_weights_are_shared_among_the_accounts_which_have_a_share():
    found = rolled(served(own=(300, 100)), {"denominator": 0.0}, {"account_id": "B"}).loc["x"]
    assert found["value"] == 25
    assert rolled_empty(served()).empty


def rolled_empty(eco):
    return roll_up(pd.DataFrame([CELL | {"denominator": 0.0}]), eco)


def test_companies_do_not_meet():
    eco = ecosystem(
        companies=companies("x", "y"), accounts=accounts("A", "B"),
        company_accounts=[
            {"company_id": c, "account_id": a, "potential_value": v}
            for c, a, v in (("x", "A", 3), ("x", "B", 1), ("y", "A", 1), ("y", "B", 1))
        ],
    )  # fmt: skip
    cells = [{"company_id": c, "account_id": a, "numerator": 4.0 * (a == "A")} for c in "xy" for a in "AB"]
    assert rolled(eco, *cells)["value"].to_dict() == {"x": 75, "y": 50}
    assert potential(eco)["potential"].tolist() == [3, 1, 1, 1]


def test_effective_cases():
    weights, by = pd.Series([1.0, 1, 1, 9, 1]), [pd.Series(list("aaabb"))]
    assert effective(weights, by).to_dict() == {"a": 3, "b": pytest.approx(100 / 82)}


# ------------------------------------------------------------------------------------------------ sampling errors

UNITS = {"part": "share", "percent": "%", "level": "1-5", "days": "days", "score": ""}


def error(indicator, value, n=np.nan, se=np.nan):
    frame = pd.DataFrame([{"indicator_id": indicator, "value": value, "n": n, "se": se}])
    return sampling_errors(frame, UNITS).iloc[0]


@pytest.mark.parametrize("indicator", UNITS)
@pytest.mark.parametrize("se", [0.0, 0.07, 12.0])
def test_a_given_error_is_kept(indicator, se):
    assert error(indicator, 0.4, n=30, se=se) == se


@pytest.mark.parametrize(("share", "n"), [(0.0, 5), (0.3, 30), (1.0, 1), (0.5, 1e6)])
def test_proportions_have_that_of_jeffreys(share, n):
    assert error("part", share, n) == pytest.approx(jeffreys_sd(share, n))
    assert error("percent", 100 * share, n) == pytest.approx(100 * jeffreys_sd(share, n))


@pytest.mark.parametrize(
    ("indicator", "value", "n"),
    [("level", 3, 30), ("days", 0.5, 30), ("score", 0.5, 30), ("part", 0.5, np.nan), ("part", 0.5, 0),
     ("part", 1.2, 30), ("percent", -1, 30), ("part", np.nan, 30)],
)  # fmt: skip
def test_of_anything_else_it_is_unknown(indicator, value, n):
    assert np.isnan(error(indicator, value, n))


def test_rows_do_not_meet():
    frame = pd.DataFrame(
        {
            "indicator_id": ["part", "days", "percent"],
            "value": [0.5, 3, 50],
            "n": [9.0, 9, 9],
            "se": [np.nan, 2, np.nan],
        },
        index=[7, 3, 5],
    )
    found = sampling_errors(frame, UNITS)
    assert found.to_dict() == pytest.approx({7: jeffreys_sd(0.5, 9), 3: 2, 5: 100 * jeffreys_sd(0.5, 9)})
