"""Key stakeholders, their weights, and contact shares."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.engagement import contact_shares, key_stakeholders

NAMES = [f"p{i:02d}" for i in range(12)]
# p00 moves p01 moves p02 …: the rank is the number.
CHAIN = [{**ties("ab")[0], "source": a, "target": b, "strength": 1.0} for a, b in itertools.pairwise(NAMES)]


def chain(n=12, roles=(), **more):
    """An account A of n people in a chain; ``roles`` maps people to decision roles."""
    roles = dict(roles)
    rows = [{"account_id": "A", "stakeholder_id": name, "decision_role": roles.get(name, "user")} for name in NAMES[:n]]
    tables = {"accounts": accounts("A"), "memberships": rows, "ties": CHAIN[: n - 1]} | more
    return ecosystem(stakeholders=people(*NAMES[:n]), **tables)


def keys_of(eco):
    return key_stakeholders(eco, measure(influence_graph(eco), draws=0))


def names(keys):
    return keys["stakeholder_id"].tolist()


def test_the_top_fifth_by_influence_is_key():
    assert names(keys_of(chain(10))) == ["p00", "p01"]
    assert names(keys_of(chain(11))) == ["p00", "p01", "p02"]  # a fifth, rounded up


def test_formal_roles_come_first():
    keys = keys_of(chain(roles={"p11": "decision_maker", "p10": "gatekeeper", "p09": "approver", "p08": "evaluator"}))
    assert names(keys) == ["p09", "p10", "p11", "p00", "p01", "p02"]


def test_at_most_half_of_the_members_are_key_and_the_least_influential_formal_role_goes_first():
    keys = keys_of(chain(roles={f"p{i:02d}": "approver" for i in range(4, 12)}))
    assert names(keys) == ["p04", "p05", "p06", "p07", "p08", "p09"]


def test_at_least_three_fit_in_however_small_the_account():
    everybody = dict.fromkeys(NAMES, "approver")
    assert [len(keys_of(chain(n, everybody))) for n in (1, 2, 3, 4, 5, 6, 7, 8)] == [1, 2, 3, 3, 3, 3, 3, 4]


def test_weights_are_shares_of_all_members():
    eco = chain(roles={"p11": "approver"})
    influence = measure(influence_graph(eco), draws=0).table.set_index("stakeholder_id")["influence"]
    keys = keys_of(eco).set_index("stakeholder_id")["weight"]
    assert keys.to_dict() == influence[keys.index].to_dict()
    assert 0 < keys.sum() < 1


def test_weights_and_roles_come_from_the_reference_map():
    own = [{"account_id": "A", "stakeholder_id": "p11", "decision_role": "approver", "holder": "x"}]
    eco = chain(companies=companies("x"))
    rows = [*eco.tables["memberships"].to_dict("records"), *own]
    held = chain(
        companies=companies("x"), memberships=rows, ties=[*CHAIN, {**CHAIN[0], "source": "p09", "holder": "x"}]
    )
    assert keys_of(held).equals(keys_of(eco))


def test_roles_of_the_past_do_not_count():
    rows = members("A", *NAMES) + members(
        "A", "p11", decision_role="approver", valid_from="2024-01-01", valid_to="2025-01-01"
    )
    assert "p11" not in names(keys_of(chain(memberships=rows)))


def test_without_accounts_formal_roles_still_count():
    rows = [{"stakeholder_id": "p11", "decision_role": "approver"}]
    eco = ecosystem(stakeholders=people(*NAMES), ties=CHAIN, memberships=rows)
    assert names(keys_of(eco)) == ["p11", "p00", "p01", "p02"]


def test_the_order_of_the_rows_changes_nothing():
    eco = chain(roles={"p11": "approver"}, ties=CHAIN[:4])
    assert names(keys_of(shuffled(eco, 3))) == names(keys_of(eco))


def engaged(*contacts, n=10, **more):
    """Contact shares of company x in account A with key stakeholders p00 and p01."""
    log = [
        {"interaction_id": f"i{k}", "company_id": "x", "date": TODAY, "direction": "two_way"} | contact
        for k, contact in enumerate(contacts)
    ]
    tables = {"companies": companies("x", "y"), "company_accounts": [{"company_id": "x", "account_id": "A"}]} | more
    eco = chain(n, interactions=log, **tables)
    keys = keys_of(eco)
    return contact_shares(eco, keys), keys.set_index("stakeholder_id")["weight"]


def share(*contacts, **more):
    found, weight = engaged(*contacts, **more)
    assert found["denominator"].tolist() == [pytest.approx(weight.sum())]
    return found["numerator"].iloc[0] / weight.sum(), weight / weight.sum()


def test_shares_by_hand():
    found, weight = engaged({"stakeholder_id": "p01"})
    row = found.iloc[0]
    assert (row["company_id"], row["account_id"], row["n"]) == ("x", "A", 2)
    assert row["numerator"] == weight["p01"]
    assert row["denominator"] == pytest.approx(weight.sum())
    assert row["n_effective"] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


def test_a_second_contact_with_the_same_person_adds_nothing():
    once, _ = share({"stakeholder_id": "p00"})
    assert share({"stakeholder_id": "p00"}, {"stakeholder_id": "p00"})[0] == once < 1
    assert share({"stakeholder_id": "p00"}, {"stakeholder_id": "p01"})[0] == pytest.approx(1)


@pytest.mark.parametrize(("direction", "counts"), [("two_way", 1), ("inbound", 1), ("outbound", 0), (None, 0)])
def test_only_what_the_stakeholder_took_part_in_counts(direction, counts):
    found, weight = share({"stakeholder_id": "p00", "direction": direction})
    assert found == pytest.approx(counts * weight["p00"])


@pytest.mark.parametrize(("days", "counts"), [(-1, 0), (0, 1), (179, 1), (180, 0), (181, 0)])
def test_the_window_is_the_last_180_days(days, counts):
    found, weight = share({"stakeholder_id": "p00", "date": TODAY - dt.timedelta(days=days)})
    assert found == pytest.approx(counts * weight["p00"])


def test_contacts_with_others_and_by_others_do_not_count():
    assert share({"stakeholder_id": "p07"})[0] == 0
    assert share({"stakeholder_id": "p07"}, {"stakeholder_id": "p00", "company_id": "y"})[0] == 0


def test_a_contact_in_another_account_does_not_count_and_one_without_account_counts_everywhere():
    two = {
        "accounts": accounts("A", "B"),
        "memberships": [*members("A", *NAMES[:10]), *members("B", *NAMES[:10])],
        "company_accounts": [{"company_id": "x", "account_id": a} for a in "AB"],
    }
    named, _ = engaged({"stakeholder_id": "p00", "account_id": "A"}, **two)
    assert (named.set_index("account_id")["numerator"] > 0).to_dict() == {"A": True, "B": False}
    blank, _ = engaged({"stakeholder_id": "p00"}, **two)
    assert (blank["numerator"] > 0).all()


def test_a_company_without_a_log_is_left_out_and_one_without_contacts_has_zero():
    served = [{"company_id": c, "account_id": "A"} for c in "xy"]
    found, _ = engaged({"stakeholder_id": "p07"}, company_accounts=served)
    assert found["company_id"].tolist() == ["x"]
    assert found["numerator"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("period", "served"),
    [({}, True), ({"since": TODAY}, True), ({"since": "2026-07-01"}, False),
     ({"until": TODAY}, False), ({"until": "2026-07-01"}, True)],
)  # fmt: skip
def test_only_accounts_served_today_count(period, served):
    rows = [{"company_id": "x", "account_id": "A", **period}]
    assert len(engaged({"stakeholder_id": "p00"}, company_accounts=rows)[0]) == served


def test_no_log_no_shares():
    found, _ = engaged()
    assert found.empty
    assert {"company_id", "account_id", "numerator", "denominator", "n", "n_effective"} <= set(found)


def test_the_fifth_is_exact_for_every_size():
    sizes = np.arange(1, 100_001)
    np.testing.assert_array_equal(np.ceil(0.2 * sizes), -(-sizes // 5))
