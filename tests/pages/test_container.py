"""pyvis holds the account's network as it is: each tie once, parallel ones kept, nothing simulated, nothing fetched."""

from __future__ import annotations

import payloads
import pytest
from reading import read, unpacked

from ecosystem_iq.errors import InputError
from ecosystem_iq.pages import Page, account_page, palette
from ecosystem_iq.pages.container import to_network


def test_every_stakeholder_and_tie_is_there_with_its_direction() -> None:
    payload = payloads.account(40)
    network = to_network(payload)
    assert network.get_nodes() == list(range(40))
    ends = [(edge["from"], edge["to"]) for edge in network.edges]
    assert ends == list(zip(payload["ties"]["source"], payload["ties"]["target"], strict=True))
    assert network.directed


def test_parallel_and_opposite_ties_are_kept_and_do_not_lie_on_each_other() -> None:
    payload = payloads.account(4)
    count = 5
    for name, values in payload["ties"].items():
        payload["ties"][name] = [values[0]] * count
    payload["ties"]["source"], payload["ties"]["target"] = [0, 0, 0, 1, 1], [1, 1, 1, 0, 0]
    edges = to_network(payload).edges
    assert len(edges) == count
    drawn = {(edge["from"], edge["to"], edge["smooth"]["roundness"]) for edge in edges}
    assert len(drawn) == count
    ties = unpacked(read(account_page(payload).html).island("data")["ties"])
    assert list(zip(ties["source"], ties["target"], strict=True)) == [(0, 1)] * 3 + [(1, 0)] * 2


def test_nothing_is_simulated_and_positions_come_from_the_payload(pages: dict[str, Page]) -> None:
    payload = payloads.account(60)
    island = read(pages["account"].html).island("network")
    assert island["x"] == pytest.approx(payload["nodes"]["x"], abs=0.051)
    assert island["y"] == pytest.approx(payload["nodes"]["y"], abs=0.051)


def test_large_networks_hide_ties_while_they_move() -> None:
    for n, hidden in ((1_000, False), (1_001, True)):
        interaction = to_network(payloads.account(n, degree=0.1)).options.interaction
        assert (interaction.hideEdgesOnDrag, interaction.hideEdgesOnZoom) == (hidden, hidden)


def test_a_page_carries_no_script_but_ours(pages: dict[str, Page]) -> None:
    scripts = read(pages["account"].html).scripts()
    assert len(scripts) == 2  # what runs before the body is parsed, and the page's own
    assert len("".join(scripts)) < 250_000


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(("table", "column"), [("nodes", "x"), ("nodes", "influence"), ("ties", "probability")])
def test_a_number_which_is_none_is_refused_with_its_place(table: str, column: str, value: float) -> None:
    payload = payloads.account(10)
    payload[table][column][3] = value
    with pytest.raises(InputError, match=rf"{table}\.{column}\[3\] is .*null, never NaN"):
        to_network(payload)


def test_columns_of_different_length_are_refused() -> None:
    payload = payloads.account(10)
    payload["nodes"]["title"].pop()
    with pytest.raises(InputError, match="columns of nodes differ in length"):
        to_network(payload)


def test_an_empty_name_does_not_show_the_id() -> None:
    payload = payloads.account(3)
    payload["nodes"]["name"][0] = ""
    assert to_network(payload).nodes[0]["label"] == " "


def test_groups_differ_in_colour_and_shape() -> None:
    marks = palette.group_marks([*palette.GROUPS, "unheard of", "also new"])
    assert len({(mark.color, mark.shape) for mark in marks}) == len(marks)
    assert len({mark.color for mark in palette.GROUPS.values()}) == len(palette.GROUPS)


def test_strokes_of_influence_differ_and_structure_is_always_the_same() -> None:
    strokes = palette.layer_strokes([False] * 14 + [True, True])
    assert len(set(strokes[:14])) == 14
    assert strokes[14] == strokes[15]
    assert strokes[14] not in strokes[:14]
