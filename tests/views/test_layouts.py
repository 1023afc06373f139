"""The other arrangements of an account: by group, by hierarchy, by stance and influence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist, squareform

from ecosystem_iq.views.frames import lines_of, name_room, packed_frames, squarified
from ecosystem_iq.views.hierarchy import banded, crossing_order, levels, spread
from ecosystem_iq.views.layouts import all_layouts
from ecosystem_iq.views.stances import STANCE_LABELS, stance_layout

ROLES = ["decision_maker", "approver", "evaluator", "gatekeeper", "influencer", "user", "beneficiary", "none", np.nan]
STANCES = ["opponent", "non_supporter", "neutral", "supporter", "advocate", np.nan]
GROUPS = ["clinician", "payer", "pharmacy", "policy", "other"]


def random_account(n, seed=0, many=3.0):
    """People (most influential first), ties and radii."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "group": rng.choice(GROUPS, n, p=[0.6, 0.2, 0.1, 0.05, 0.05]),
            "decision_role": rng.choice(np.array(ROLES, dtype=object), n),
            "stance": rng.choice(np.array(STANCES, dtype=object), n),
            "x": rng.normal(size=n),
        }
    )
    count = int(many * n) if n > 1 else 0
    first, second = rng.integers(0, max(n, 1), (2, count))
    rows = pd.DataFrame({"first": first, "second": second, "kind": "influences"})[first != second]
    matrix = csr_array((np.ones(len(rows)), (rows["first"], rows["second"])), shape=(n, n))
    radius = np.round(np.sort(5 + 21 * np.sqrt(rng.random(n) ** 4))[::-1], 1)
    return people, rows, matrix, radius


def arranged(n, seed=0):
    people, rows, matrix, radius = random_account(n, seed)
    return people, radius, {layout["id"]: layout for layout in all_layouts(people, rows, matrix, radius)}


def overlaps(layout, radius):
    position = np.column_stack([layout["x"], layout["y"]])
    gaps = squareform(pdist(position)) - radius[:, None] - radius
    np.fill_diagonal(gaps, np.inf)
    return max(0.0, -gaps.min(initial=np.inf))


def frame_of(layout, radius):
    """The one frame which holds each disc whole."""
    x, y = np.array(layout["x"]), np.array(layout["y"])
    place = np.stack([x, y])
    corners = [np.array([[f["x"], f["x"] + f["w"]], [f["y"], f["y"] + f["h"]]]) for f in layout["frames"]]
    inside = np.array([((place - radius >= c[:, :1]) & (place + radius <= c[:, 1:])).all(axis=0) for c in corners])
    assert (inside.sum(axis=0) == 1).all()
    return inside.argmax(axis=0)


def assert_frames_are_apart(layout):
    for i, a in enumerate(layout["frames"]):
        for b in layout["frames"][:i]:
            beside = a["x"] >= b["x"] + b["w"] or b["x"] >= a["x"] + a["w"]
            assert beside or a["y"] >= b["y"] + b["h"] or b["y"] >= a["y"] + a["h"]


@pytest.mark.parametrize("n", [1, 2, 3, 17, 120, 700])
@pytest.mark.parametrize("name", ["groups", "hierarchy", "stance"])
def test_frames_hold_their_members_and_nothing_overlaps(n, name):
    _, radius, layouts = arranged(n, seed=n)
    if name not in layouts:
        assert n <= 2
        return
    layout = layouts[name]
    assert overlaps(layout, radius) == 0
    frame_of(layout, radius)
    assert_frames_are_apart(layout)
    middle = [min(f["x"] for f in layout["frames"]) + max(f["x"] + f["w"] for f in layout["frames"])]
    assert abs(middle[0]) <= 3, "centred"


def test_nobody_has_one_arrangement():
    assert [layout["id"] for layout in all_layouts(*random_account(0))] == ["communities"]


def test_a_frame_is_a_group():
    people, radius, layouts = arranged(200)
    frame = frame_of(layouts["groups"], radius)
    labels = [layouts["groups"]["frames"][k]["label"].lower() for k in frame]
    assert labels == people["group"].tolist()


def test_within_a_group_the_most_influential_stand_first():
    people, _, layouts = arranged(200)
    y = np.array(layouts["groups"]["y"])
    for group in GROUPS:
        here = y[(people["group"] == group).to_numpy()]
        assert (np.diff(here) >= -1).all()


@pytest.mark.parametrize("sizes", [[1], [40, 1], [1] * 14, [500, 1, 1, 1], [30, 29, 28, 3]])
def test_groups_fill_the_shape_of_a_screen(sizes):
    code = np.repeat(np.arange(len(sizes)), sizes)
    _, frames = packed_frames(code, [str(k) for k in range(len(sizes))], np.full(len(code), 8.0))
    width = max(f.x + f.w for f in frames) - min(f.x for f in frames)
    height = max(f.y + f.h for f in frames) - min(f.y for f in frames)
    assert 1.2 < width / height < 2.4
    assert all(f.w >= 189 for f in frames), "room for a title"


def test_tiles_have_their_areas_and_fill_the_whole():
    areas = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0]
    boxes = squarified(areas, 6.0, 4.0)
    assert [w * h for _, _, w, h in boxes] == pytest.approx(areas)
    assert max(x + w for x, _, w, _ in boxes) == pytest.approx(6)
    assert max(y + h for _, y, _, h in boxes) == pytest.approx(4)


def test_lines_keep_to_their_width():
    placed, high = lines_of(np.full(50, 10.0), 300.0)
    assert np.abs(placed[:, 0]).max() + 10 <= 150 + 1e-9
    assert placed[:, 1].max() + 10 <= high + 1e-9


# --- hierarchy ---------------------------------------------------------------------------------------------------


def test_without_structure_decision_roles_make_the_levels():
    people, radius, layouts = arranged(150)
    layout = layouts["hierarchy"]
    labels = [layout["frames"][k]["label"] for k in frame_of(layout, radius)]
    told = dict(zip(people["decision_role"].fillna(""), labels, strict=True))
    assert told == {
        "decision_maker": "Decide", "approver": "Decide", "evaluator": "Evaluate", "gatekeeper": "Evaluate",
        "influencer": "Influence", "user": "Use and benefit", "beneficiary": "Use and benefit",
        "none": "No decision role known", "": "No decision role known",
    }  # fmt: skip
    tops = [f["y"] for f in layout["frames"]]
    assert tops == sorted(tops)
    assert layout["frames"][0]["label"] == "Decide"


def test_without_roles_and_structure_there_is_no_hierarchy():
    people, rows, matrix, radius = random_account(30)
    people["decision_role"] = np.nan
    assert "hierarchy" not in {layout["id"] for layout in all_layouts(people, rows, matrix, radius)}


def test_structure_makes_the_levels_where_most_take_part():
    people, _, matrix, radius = random_account(7)
    rows = pd.DataFrame(
        [(1, 0, "reports_to"), (2, 1, "reports_to"), (3, 0, "member_of"), (0, 4, "owns"), (4, 5, "employs")],
        columns=["first", "second", "kind"],
    )
    layouts = {layout["id"]: layout for layout in all_layouts(people, rows, matrix, radius)}
    layout = layouts["hierarchy"]
    labels = [layout["frames"][k]["label"] for k in frame_of(layout, radius)]
    assert labels == ["Top", "Level 2", "Level 3", "Level 2", "Level 2", "Level 3", "Outside the hierarchy"]


def test_people_on_a_circle_share_a_level():
    assert levels(np.array([0, 1, 2, 2]), np.array([1, 0, 0, 3]), 4).tolist() == [1, 1, 0, 1]


def test_a_long_chain_has_as_many_levels():
    assert levels(np.arange(99), np.arange(1, 100), 100).tolist() == list(range(100))


def crossings(level, place, ties):
    tail, head = csr_array(ties).nonzero()
    down = level[head] == level[tail] + 1
    tail, head = tail[down], head[down]
    same = (level[tail][:, None] == level[tail]) & np.less.outer(np.arange(len(tail)), np.arange(len(tail)))
    return int(
        (same & (np.subtract.outer(place[tail], place[tail]) * np.subtract.outer(place[head], place[head]) < 0)).sum()
    )


def test_the_order_within_levels_has_few_crossings():
    rng = np.random.default_rng(2)
    level = np.repeat([0, 1, 2], 20)
    seat = np.tile(rng.permutation(20), 3)
    pairs = [(i, j) for i in range(60) for j in range(60) if level[j] == level[i] + 1 and abs(seat[i] - seat[j]) <= 1]
    ties = csr_array((np.ones(len(pairs)), tuple(zip(*pairs, strict=True))), shape=(60, 60))
    start = rng.random(60)
    place = crossing_order(level, csr_array(ties + ties.T), start)
    assert crossings(level, place, ties) < 0.35 * crossings(level, spread(level, start), ties)


def test_bands_are_as_wide_as_a_screen():
    radius = np.full(900, 6.0)
    level = np.repeat([0, 1, 2], [10, 90, 800])
    position, frames = banded(level, np.linspace(0, 1, 900), radius, ["a", "b", "c"])
    width, height = frames[0].w, frames[-1].y + frames[-1].h
    assert 1.0 < width / height < 2.2
    assert (np.diff([position[level == k, 1].mean() for k in range(3)]) > 0).all()


# --- stance by influence -----------------------------------------------------------------------------------------


def test_the_stance_axis_runs_from_against_to_for():
    people, radius, layouts = arranged(300)
    layout = layouts["stance"]
    labels = [frame["label"] for frame in layout["frames"]]
    assert labels == ["Stance unknown", *STANCE_LABELS]
    lefts = [frame["x"] for frame in layout["frames"]]
    assert lefts == sorted(lefts)
    shown = [labels[k] for k in frame_of(layout, radius)]
    wanted = dict(zip(STANCES[:5], STANCE_LABELS, strict=True))
    assert shown == [wanted.get(stance, "Stance unknown") for stance in people["stance"]]
    assert layout["axes"] == {"x": ["Opponent", "Neutral", "Advocate"], "y": ["less influence", "more influence"]}


def test_more_influence_is_higher_up():
    _, _, layouts = arranged(300)
    y = np.array(layouts["stance"]["y"])
    assert (np.diff(y) >= -1).all(), "never above anybody more influential"
    assert y[0] < y[-1]


def test_every_stance_keeps_its_column_and_unknown_only_where_there_is_anybody():
    _, frames = stance_layout(np.array([4, 4, 3]), np.full(3, 5.0))
    assert [frame.label for frame in frames] == list(STANCE_LABELS)
    assert all(frame.w >= 149 for frame in frames)


def test_without_any_stance_there_is_no_such_arrangement():
    people, rows, matrix, radius = random_account(30)
    people["stance"] = np.nan
    assert "stance" not in {layout["id"] for layout in all_layouts(people, rows, matrix, radius)}


def test_the_same_account_is_arranged_in_the_same_way():
    assert arranged(250)[2] == arranged(250)[2]


def test_twenty_thousand_stakeholders():
    _, radius, layouts = arranged(20_000)
    assert all(len(layout["x"]) == 20_000 for name, layout in layouts.items() if name != "communities")
    for name in ("groups", "hierarchy", "stance"):
        few = np.random.default_rng(0).choice(20_000, 1_500, replace=False)
        layout = {axis: np.array(layouts[name][axis])[few] for axis in "xy"}
        assert overlaps(layout, radius[few]) == 0


# --- room for names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["groups", "hierarchy", "stance"])
def test_in_a_small_account_names_have_room_to_the_right(name):
    _, radius, layouts = arranged(30)
    x, y = np.array(layouts[name]["x"]), np.array(layouts[name]["y"])
    right = x[None, :] - x[:, None] - radius - radius[:, None]
    beside = (np.abs(y[None, :] - y[:, None]) < 10) & (x[None, :] > x[:, None])
    assert right[beside].min(initial=np.inf) >= name_room(30)
    frame = frame_of(layouts[name], radius)
    edge = np.array([layouts[name]["frames"][k]["x"] + layouts[name]["frames"][k]["w"] for k in frame])
    assert (edge - x - radius >= 0.9 * name_room(30)).all()


def test_in_a_large_account_symbols_stand_close():
    assert name_room(30) > name_room(300) > name_room(2_000) == 0
