"""Raters, logs and maps show what is true of a company through noise; the benchmark must see through it."""

from __future__ import annotations

import pandas as pd
import pytest

from ecosystem_iq.benchmark.indicators.readiness import influence_map_accuracy
from ecosystem_iq.network.engagement import company_facts
from ecosystem_iq.tables import Ecosystem

COMPUTED = ("R3", "R4", "A1", "A2", "A3", "A5")


@pytest.fixture(scope="module")
def latent(truth):
    """What is true of each company."""
    return truth("companies_true").set_index("company_id")


@pytest.mark.parametrize("axis", ["readiness", "action"])
def test_companies_are_in_the_true_order(demo, latent, axis):
    found = demo.scorecard.table.set_index("company_id")[axis].reindex(latent.index)
    assert found.notna().all()
    assert found.corr(latent[axis], method="spearman") >= 0.8


def test_readiness_is_not_action(demo, latent):
    """The opposite: one axis is no stand-in for the other."""
    table = demo.scorecard.table.set_index("company_id").reindex(latent.index)
    assert table["readiness"].corr(latent["action"], method="spearman") < 0.5
    assert table["action"].corr(latent["readiness"], method="spearman") < 0.5


@pytest.mark.parametrize("indicator", COMPUTED)
@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_what_is_computed_from_tables_follows_the_truth(demo, latent, indicator, method):
    rows = demo.indicators[demo.indicators["method"] == "computed"].pivot(
        index="company_id", columns="indicator_id", values="value"
    )
    assert rows[indicator].notna().all()
    assert rows[indicator].reindex(latent.index).corr(latent[indicator], method=method) >= 0.7


def test_companies_which_serve_the_same_account_differ(demo):
    """They share a reference map: if it were taken for theirs, all would have the same accuracy."""
    facts, eco = company_facts(demo.ecosystem, demo.measures), demo.ecosystem
    compared = 0
    for _, served in eco.tables["company_accounts"].groupby("account_id"):
        here = Ecosystem({**eco.tables, "company_accounts": served}, eco.as_of, eco.settings)
        found = influence_map_accuracy(here, facts)["value"]
        assert len(found) == len(served)
        assert found.nunique() == len(found)
        compared += len(found) > 1
    assert compared >= 20


def test_a_company_which_holds_the_reference_map_scores_higher(demo):
    """The opposite of the noise: with the reference as its own map, accuracy is complete."""
    facts = company_facts(demo.ecosystem, demo.measures)
    arcs = facts["arcs"]
    perfect = arcs[arcs["holder"] == ""].assign(holder="co-07")
    facts["arcs"] = pd.concat([arcs[arcs["holder"] != "co-07"], perfect], ignore_index=True)
    found = influence_map_accuracy(demo.ecosystem, facts).set_index("company_id")["value"]
    assert found["co-07"] == pytest.approx(1.0)
    assert found.drop("co-07").max() < 0.9
