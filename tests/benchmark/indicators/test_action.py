"""Indicators computed from what companies did, by hand on a small ecosystem."""

from __future__ import annotations

import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, ties

from ecosystem_iq.benchmark.indicators.action import influence_weighted_engagement
from ecosystem_iq.benchmark.uncertainty import jeffreys_variance
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.engagement import contact_shares, key_stakeholders

NAMES = [f"{account}{k}" for account in "AB" for k in range(6)]


def engaged(served, contacts=("A0",), **account):
    """A2 of company x: accounts A and B, each a chain of six whose first two are key."""
    named = [row | {key: column[row["account_id"]] for key, column in account.items()} for row in accounts("A", "B")]
    rows = [{**ties("ab")[0], "source": f"{a}{k}", "target": f"{a}{k + 1}"} for a in "AB" for k in range(5)]
    eco = ecosystem(
        stakeholders=people(*NAMES),
        accounts=named,
        memberships=[*members("A", *NAMES[:6]), *members("B", *NAMES[6:])],
        ties=rows,
        companies=companies("x"),
        company_accounts=[{"company_id": "x", **row} for row in served],
        interactions=[
            {"interaction_id": name, "company_id": "x", "date": TODAY, "direction": "inbound", "stakeholder_id": name}
            for name in contacts
        ],
    )  # fmt: skip
    measures = measure(influence_graph(eco), draws=0)
    facts = {"contact_shares": contact_shares(eco, key_stakeholders(eco, measures))}
    keys = key_stakeholders(eco, measures).set_index("stakeholder_id")["weight"]
    assert sorted(keys.index) == ["A0", "A1", "B0", "B1"]
    found = influence_weighted_engagement(eco, facts).iloc[0]
    return found, {a: keys[f"{a}0"] / (keys[f"{a}0"] + keys[f"{a}1"]) for a in "AB"}, keys


def test_in_one_account_it_is_the_share_of_weight():
    found, part, keys = engaged([{"account_id": "A"}])
    assert found["value"] == pytest.approx(100 * part["A"])
    assert (found["indicator_id"], found["state"], found["method"], found["n"]) == ("A2", "scored", "computed", 2)
    assert found["numerator"] == pytest.approx(keys["A0"])
    n = (keys["A0"] + keys["A1"]) ** 2 / (keys["A0"] ** 2 + keys["A1"] ** 2)
    a, b = part["A"] * n + 0.5, (1 - part["A"]) * n + 0.5
    assert found["se"] == pytest.approx(100 * (a * b / ((a + b) ** 2 * (a + b + 1))) ** 0.5)


def test_accounts_weigh_as_much_as_their_potential():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B", "potential_value": 100}]
    found, part, _ = engaged(served)
    assert found["value"] == pytest.approx(100 * 0.75 * part["A"])
    assert engaged(served, ["A0", "A1", "B0", "B1"])[0]["value"] == pytest.approx(100)


def test_a_potential_which_is_not_known_for_all_accounts_is_not_used():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B"}]
    assert engaged(served)[0]["value"] == pytest.approx(50 * engaged(served)[1]["A"])
    with_accounts, part, _ = engaged(served, potential_value={"A": 10, "B": 40})
    assert with_accounts["value"] == pytest.approx(20 * part["A"])
    half, part, _ = engaged(served, potential_value={"A": 10, "B": None})
    assert half["value"] == pytest.approx(50 * part["A"])


def test_the_companys_own_potential_goes_before_the_accounts():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B", "potential_value": 100}]
    found, part, _ = engaged(served, potential_value={"A": 1, "B": 1000})
    assert found["value"] == pytest.approx(75 * part["A"])


def test_errors_of_accounts_add_up_by_their_squared_parts():
    one = engaged([{"account_id": "A"}])[0]["se"]
    other = engaged([{"account_id": "B"}])[0]["se"]
    both = engaged([{"account_id": "A"}, {"account_id": "B"}])[0]["se"]
    assert both == pytest.approx(((0.5 * one) ** 2 + (0.5 * other) ** 2) ** 0.5)


def test_without_facts_it_is_not_computed():
    assert influence_weighted_engagement(ecosystem(), {}).empty
    assert influence_weighted_engagement(ecosystem(), {"contact_shares": pd.DataFrame()}).empty


def test_variance_of_a_proportion_is_that_of_its_beta():
    from scipy.stats import beta

    share, n = pd.Series([0.0, 0.3, 1.0]), pd.Series([4.0, 9.5, 2.0])
    expected = [beta(s * m + 0.5, (1 - s) * m + 0.5).var() for s, m in zip(share, n, strict=True)]
    assert jeffreys_variance(share, n).tolist() == pytest.approx(expected)
