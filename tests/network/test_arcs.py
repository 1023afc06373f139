"""Arcs by holder: who believes that who moves whom."""

from __future__ import annotations

import pytest
from ecosystems import accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.network.arcs import held_arcs

COLUMNS = ["holder", "account_id", "mover", "moved", "strength"]


def arcs(*rows, **tables):
    """{(holder, account, mover, moved): strength} among a to f, of whom a to d belong to A, c to f to B."""
    given = {
        "accounts": accounts("A", "B"),
        "memberships": [*members("A", *"abcd"), *members("B", *"cdef")],
        "companies": companies("x", "y"),
    } | tables  # fmt: skip
    found = held_arcs(ecosystem(stakeholders=people(*"abcdef"), ties=rows, **given))
    assert list(found) == COLUMNS
    return found.set_index(COLUMNS[:4])["strength"].to_dict()


@pytest.mark.parametrize(
    ("kind", "found"),
    [("influences", "ab"), ("advises", "ab"), (None, "ab"), ("reports_to", "ba"), ("refers_to", "ba"),
     ("collaborates", "ab ba"), ("coauthors", "ab ba"), ("competes", "ab ba"), ("owns", ""), ("funds", "")],
)  # fmt: skip
def test_the_kind_says_who_moves_whom(kind, found):
    rows = ties("ab", kind=kind, strength=0.6, account_id="A")
    assert arcs(*rows) == {("", "A", *pair): 0.6 for pair in found.split()}


@pytest.mark.parametrize("direction", ["undirected", "mutual"])
def test_a_tie_without_direction_runs_both_ways_unless_it_moves_nobody(direction):
    assert set(arcs(*ties("ab", direction=direction, account_id="A"))) == {("", "A", "a", "b"), ("", "A", "b", "a")}
    assert arcs(*ties("ab", direction=direction, kind="owns", account_id="A")) == {}


def test_the_strongest_row_of_any_layer_counts_and_a_blank_one_is_a_half():
    rows = [*ties("ab", strength=0.3, account_id="A"), *ties("ab", kind="advises", strength=None, account_id="A")]
    assert arcs(*rows) == {("", "A", "a", "b"): 0.5}
    assert arcs(*rows, *ties("ba", kind="reports_to", strength=0.9, account_id="A")) == {("", "A", "a", "b"): 0.9}


def test_a_tie_without_account_is_in_each_account_of_both_ends():
    assert set(arcs(*ties("ab", "cd", "af", "ef"))) == {
        ("", "A", "a", "b"), ("", "A", "c", "d"), ("", "B", "c", "d"), ("", "B", "e", "f"),
    }  # fmt: skip


def test_a_named_account_is_taken_at_its_word():
    assert set(arcs(*ties("af", account_id="B"))) == {("", "B", "a", "f")}


def test_holders_are_kept_apart_and_placed_by_the_reference_members():
    rows = [*ties("ab", strength=0.8), *ties("ab", strength=0.2, holder="x"), *ties("bc", holder="y")]
    theirs = members("B", "a", "b", holder="x")
    tables = {"memberships": [*members("A", *"abcd"), *members("B", *"cdef"), *theirs]}
    assert arcs(*rows, **tables) == {
        ("", "A", "a", "b"): 0.8, ("x", "A", "a", "b"): 0.2, ("y", "A", "b", "c"): 1.0,
    }  # fmt: skip


def test_the_past_does_not_count():
    assert arcs(*ties("ab", valid_from="2020-01-01", valid_to="2021-01-01")) == {}


def test_without_accounts_there_is_one():
    assert set(arcs(*ties("af"), accounts=[], memberships=[])) == {("", "all", "a", "f")}


@pytest.mark.parametrize("tables", [{}, {"accounts": [], "memberships": []}], ids=["accounts", "none"])
def test_without_ties_there_are_none(tables):
    assert arcs(**tables) == {}


def test_the_order_of_rows_changes_nothing():
    eco = ecosystem(
        stakeholders=people(*"abcd"), accounts=accounts("A"), memberships=members("A", *"abcd"),
        ties=[*ties("ab", "bc", strength=0.4), *ties("ab", "cd", kind="collaborates", strength=0.7)],
    )  # fmt: skip
    assert held_arcs(eco).equals(held_arcs(shuffled(eco, 5)))
