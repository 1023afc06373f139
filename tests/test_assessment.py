"""One call from tables to everything the views need."""

from __future__ import annotations

import numpy as np
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, ties

from ecosystem_iq.assessment import RECIPES, assess, assess_companies
from ecosystem_iq.benchmark import load_framework, score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.errors import FrameworkError, InputError
from ecosystem_iq.tables import load

MAP = {"stakeholders": people(*"abcd"), "ties": ties("ab", "bc", confidence=0.5)}


def scores(*names, indicators=None, value=50.0):
    return [
        {"company_id": name, "indicator_id": i, "value": value, "rater": "r"}
        for name in names
        for i in indicators or [indicator.id for indicator in load_framework().indicators]
    ]


def test_stakeholders_and_ties_suffice_for_a_map():
    found = assess(ecosystem(**MAP), draws=50)
    assert len(found.measures.table) == 4
    assert {"influence", "out_strength", "in_strength"} <= set(found.measures.table)
    assert (found.scorecard, found.indicators) == (None, None)


def test_companies_and_scores_suffice_for_a_benchmark():
    found = assess(ecosystem(companies=companies("x", "y"), scores=scores("x")), draws=50)
    assert (found.graph, found.measures) == (None, None)
    assert found.scorecard.table["company_id"].tolist() == ["x"]
    assert len(found.indicators) == 26


def test_robustness_takes_two_ranked_companies():
    alone = assess(ecosystem(companies=companies("x", "y"), scores=scores("x")), draws=50)
    assert (alone.robustness, alone.sensitivity) == (None, None)
    found = assess(ecosystem(companies=companies("x", "y"), scores=scores("x", "y")), draws=50)
    assert len(found.robustness.replications.record) == RECIPES
    assert found.sensitivity.factors == found.robustness.factors
    again = assess(ecosystem(companies=companies("x", "y"), scores=scores("x", "y")), draws=50)
    assert found.robustness.to_frame().equals(again.robustness.to_frame())


def test_so_they_do_as_files(tmp_path):
    rows = "\n".join(f"{row['company_id']},{row['indicator_id']},{row['value']}" for row in scores("x", "y"))
    (tmp_path / "companies.csv").write_text("company_id,name\nx,X\ny,Y\n", encoding="utf-8")
    (tmp_path / "scores.csv").write_text(f"company_id,indicator_id,value\n{rows}\n", encoding="utf-8")
    assert assess(load(tmp_path), draws=50).scorecard.table["ranked"].all()


def test_companies_with_too_few_scores_are_no_trouble():
    found = assess(
        ecosystem(companies=companies("x", "y"), scores=[*scores("x"), *scores("y", indicators=["R1"])]), draws=50
    )
    assert found.scorecard.table["ranked"].tolist() == [True, False]


@pytest.mark.parametrize("tables", [{}, {"stakeholders": people("a")}, {"companies": companies("x")}])
def test_too_little_for_anything_names_what_is_missing(tables):
    with pytest.raises(InputError, match=r"A map needs .*ties\.csv"):
        assess(ecosystem(**tables))


def test_scores_of_another_period_are_nothing_to_score():
    eco = ecosystem(companies=companies("x"), scores=scores("x"), settings={"period": "2031"})
    with pytest.raises(InputError, match="nothing to score"):
        assess(eco)


def contacts(name):
    return [{"interaction_id": "1", "company_id": "x", "date": TODAY, "stakeholder_id": name, "direction": "two_way"}]


def both(**more):
    return ecosystem(
        **MAP, accounts=accounts("A"), memberships=members("A", *"abcd"), companies=companies("x", "y"),
        company_accounts=[{"company_id": c, "account_id": "A"} for c in "xy"], scores=scores("x", "y"),
        **{"interactions": contacts("a")} | more,
    )  # fmt: skip


def test_companies_alone_are_assessed_to_the_same_numbers():
    whole, found = assess(both(), draws=50), assess_companies(both(), draws=50)
    assert found.scorecard.table.equals(whole.scorecard.table)
    assert found.measures.table.equals(whole.measures.table)
    assert (found.triggers, found.robustness) == (None, None)


def test_contacts_are_handed_across_to_the_benchmark():
    found = assess(both(), draws=50)
    computed = found.indicators[found.indicators["method"] == "computed"]
    computed = computed[computed["indicator_id"] == "A2"]
    assert computed[["company_id", "value"]].to_numpy().tolist() == [["x", 100]]  # a is key, and the only one of four
    at = found.scorecard.matrix.indicators.index("A2")
    assert found.scorecard.matrix.method[:, at].tolist() == ["assessor", "assessor"]  # for both companies or for none


def test_without_a_log_there_is_no_contact_to_compute():
    found = assess(both(interactions=[]), draws=20)
    assert "A2" not in set(found.indicators.loc[found.indicators["method"] == "computed", "indicator_id"])


def test_a_framework_may_be_given_or_named_in_the_settings():
    small = parse_framework({"indicator": [{"id": "R1", "node": "composite", "goalposts": [0, 100]}]})
    rows = scores("x", indicators=["R1"])
    found = assess(ecosystem(companies=companies("x"), scores=rows), framework=small, draws=50)
    assert found.scorecard.framework is small
    with pytest.raises(FrameworkError, match="no shipped framework"):
        assess(ecosystem(companies=companies("x"), scores=rows, settings={"framework": "builtin:none"}))


def test_the_same_seed_gives_the_same_and_another_only_other_intervals():
    one, same, other = (assess(both(), draws=50, rng=rng) for rng in (1, np.random.default_rng(1), 2))
    assert one.scorecard.table.equals(same.scorecard.table)
    assert one.measures.table.equals(same.measures.table)
    assert not one.scorecard.table["eiq_low"].equals(other.scorecard.table["eiq_low"])
    assert one.scorecard.table["eiq"].equals(other.scorecard.table["eiq"])
    assert one.measures.table["influence"].equals(other.measures.table["influence"])


def test_the_map_draws_the_same_with_and_without_a_benchmark():
    eco = both()
    alone = ecosystem(**{name: eco.tables[name] for name in ("stakeholders", "ties", "accounts", "memberships")})
    assert assess(eco, draws=20).measures.table.equals(assess(alone).measures.table)


def test_the_benchmark_is_that_of_its_indicators():
    found = assess(both(), draws=100)
    again = score(found.indicators, load_framework(), draws=100)
    assert found.scorecard.table["eiq"].tolist() == again.table["eiq"].tolist()
