"""The whole room on the demo workspace."""

from __future__ import annotations

import time

import pytest

from ecosystem_iq import influence_graph, load
from ecosystem_iq.archetypes import account_features, assign_archetypes
from ecosystem_iq.archetypes.library import FEATURES


@pytest.fixture(scope="module")
def demo(root):
    eco = load(root / "data" / "demo")
    return eco, influence_graph(eco)


def test_the_demo_takes_under_four_seconds(demo):
    start = time.process_time()
    table = account_features(*demo)
    result = assign_archetypes(table)
    assert time.process_time() - start < 4
    assert len(result.table) == len(demo[1].account_ids)


def test_typical_accounts_are_typical(demo):
    middle = account_features(*demo)[list(FEATURES)].median().dropna()
    # Of the demo's accounts more than half are wholly owned, which is high, not typical.
    assert 0.7 < middle.pop("f2") < 0.85
    assert ((middle > 0.35) & (middle < 0.65)).all(), middle.to_dict()
    assert len(middle) >= 10


def test_features_tell_accounts_apart(demo):
    spread = account_features(*demo)[list(FEATURES)].std().dropna()
    assert (spread > 0.05).all(), spread.to_dict()


def test_some_accounts_are_named_and_more_than_one_way(demo):
    table = assign_archetypes(account_features(*demo)).table
    assert table["archetype_id"].dropna().nunique() >= 2


def test_an_account_alone_has_the_features_which_it_has_among_others(demo):
    eco, graph = demo
    table = account_features(eco, graph).set_index("account_id")
    alone = account_features(eco, influence_graph(eco, accounts=["acc-07"])).set_index("account_id")
    assert (alone.loc["acc-07"] - table.loc["acc-07"]).abs().max() < 1e-9
