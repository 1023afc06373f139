"""What every part of the influence map must do on graphs at the edges of what there is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from degenerate import GRAPHS

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.accounts import account_measures, reasons
from ecosystem_iq.network.brokerage import brokerage
from ecosystem_iq.network.cuts import minimum_cut
from ecosystem_iq.network.dominance import gatekeepers
from ecosystem_iq.network.kernels.connectivity import bridges
from ecosystem_iq.network.key_players import CRITERIA, key_players
from ecosystem_iq.network.layers import layer_table
from ecosystem_iq.network.learning import what_to_learn
from ecosystem_iq.network.missing import missing_share
from ecosystem_iq.network.paths import strongest_path
from ecosystem_iq.network.uncertainty import draw_influence

ON_ANY = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)


@ON_ANY
def test_a_row_a_stakeholder_or_an_account(graph):
    roles = brokerage(graph)
    assert list(roles.table["stakeholder_id"]) == list(graph.ids)
    assert set(roles.accounts["account_id"]) <= set(graph.account_ids)
    for table in (account_measures(graph), missing_share(graph)):
        assert list(table["account_id"]) == list(graph.account_ids)


@ON_ANY
def test_what_an_account_lacks_has_a_reason(graph):
    table = account_measures(graph)
    why = reasons(table)
    assert len(why) == int(table.isna().to_numpy().sum())
    assert (why["reason"] != "").all()


@ON_ANY
def test_no_number_is_infinite(graph):
    for table in (brokerage(graph).table, account_measures(graph), layer_table(graph), what_to_learn(graph).table):
        numbers = table.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any()


@ON_ANY
def test_drawn_shares_sum_to_one(graph):
    drawn = draw_influence(graph, 5, np.random.default_rng(0))
    total = pd.DataFrame(drawn).groupby(graph.account_code).sum().to_numpy()
    np.testing.assert_allclose(total, 1.0, rtol=1e-9)


@ON_ANY
@pytest.mark.parametrize("criterion", CRITERIA)
def test_key_players_are_members(graph, criterion):
    for account in graph.account_ids:
        found = key_players(graph, 2, criterion=criterion, account=account)
        members = set(graph.ids[graph.account == account])
        assert set(found.stakeholders) <= members
        assert len(found.stakeholders) == min(2, len(members))
        assert np.isnan(found.value) == (not members)


@ON_ANY
def test_between_any_two_there_is_a_path_or_a_reason(graph):
    for account in graph.account_ids:
        members = list(graph.ids[graph.account == account])
        if not members:
            continue
        first, last = members[0], members[-1]
        path = strongest_path(graph, first, last, account=account)
        assert path.found == (path.reason == "")
        assert path.found == (path.probability > 0)
        door = gatekeepers(graph, last, account=account)
        assert (door.reaching == 0) == (door.reason != "")
        if first != last:
            cut = minimum_cut(graph, first, last, account=account)
            assert cut.found == (cut.reason == "")


@ON_ANY
def test_bridges_are_pairs_of_nodes(graph):
    found = bridges(graph.matrix)
    assert found.shape[1:] == (2,)
    assert ((found >= 0) & (found < len(graph))).all()


def test_nobody_is_named_who_is_not_there():
    graph = GRAPHS["path"]
    with pytest.raises(InputError, match="ghost"):
        strongest_path(graph, "a", "ghost")
    with pytest.raises(InputError, match="ghost"):
        gatekeepers(graph, "ghost")
