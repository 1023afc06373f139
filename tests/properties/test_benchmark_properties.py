"""What holds for any scores."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
from ecosystems import companies as company_rows
from ecosystems import ecosystem
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ecosystem_iq.benchmark import compute_indicators, load_framework, score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.ranking import compact_letters, competition_rank
from ecosystem_iq.benchmark.steps.means import REGISTRY
from ecosystem_iq.benchmark.steps.normalization import between_goalposts
from ecosystem_iq.benchmark.steps.sheet import sheet

MEANS = ("arithmetic", "geometric", "harmonic", "minimum")

SHIPPED = load_framework()
SMALL = parse_framework(
    {
        "composite": "eiq",
        "method": "geometric",
        "missing": {"dimension": 0.6, "axis": 0.66},
        "axis": [{"id": "readiness"}, {"id": "action"}],
        "dimension": [{"id": "d1", "parent": "readiness"}, {"id": "d2", "parent": "readiness"}],
        "indicator": [
            {"id": "a", "node": "d1", "goalposts": [0, 1], "weight": 2},
            {"id": "b", "node": "d1", "goalposts": [3, 30], "direction": "down"},
            {"id": "c", "node": "d2", "goalposts": [1, 5], "anchors": ["1", "2"]},
            {"id": "d", "node": "action", "goalposts": [-20, 60]},
            {"id": "e", "node": "action", "goalposts": [0, 100], "weight": 3},
        ],
    }
)
IDS = [i.id for i in SMALL.indicators]
POSTS = {i.id: (i.low, i.high) for i in SMALL.indicators}
METHODS = ["assessor", "survey", "computed"]
SCORES = st.floats(0, 100, allow_subnormal=False)
STATES = ["scored"] * 6 + ["not_disclosed", "not_applicable", "not_assessed"]


@st.composite
def values(draw, methods=("assessor",)):
    """Values of up to four companies, some outside the goalposts, in any state and by one or two methods."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))  # cells one by one would take most of the time
    cells = [(c, i, m) for c in "wxyz"[: rng.integers(1, 5)] for i in IDS for m in methods if rng.random() < 0.9]
    rows = [(*cell, rng.uniform(-0.3, 1.3), rng.choice(STATES)) for cell in cells or [("w", "a", methods[0])]]
    table = pd.DataFrame(rows, columns=["company_id", "indicator_id", "method", "value", "state"])
    low, high = (table["indicator_id"].map(lambda name, k=k: POSTS[name][k]) for k in (0, 1))
    return table.assign(value=(low + table["value"] * (high - low)).round(draw(st.sampled_from([0, 1, 9]))))


def outcome(table):
    found = score(table, SMALL, draws=2).table.set_index("company_id")
    return found["eiq"], found["rank"]


def never_better(before, after, company):
    """No higher score of the company; no better rank if it had one."""
    (was, was_rank), (now, now_rank) = ((scores[company], ranks[company]) for scores, ranks in (before, after))
    if pd.isna(was):
        return True
    return pd.isna(now) or (now <= was + 1e-9 and now_rank >= was_rank)


@settings(max_examples=50)
@given(values(methods=("assessor", "computed")), st.integers(0, 2**32))
def test_hiding_any_scores_never_raises_score_or_rank(table, seed):
    rng = np.random.default_rng(seed)
    company = rng.choice(table["company_id"].unique())
    own = (table["company_id"] == company) & (table["state"] == "scored")
    hidden = own & (rng.random(len(table)) < rng.random())
    after = table.assign(state=table["state"].mask(hidden, "not_disclosed"))
    assert never_better(outcome(table), outcome(after), company)


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_hiding_any_rows_of_the_score_table_never_raises_score_or_rank(seed):
    """Several raters, periods and methods a cell: hiding the strictest of them must not pay."""
    rng = np.random.default_rng(seed)
    rows = [
        {"company_id": company, "indicator_id": name, "rater": rater, "method": rng.choice(METHODS),
         "value": low + rng.uniform(-0.2, 1.2) * (high - low), "period": rng.choice(["2025", "2026"])}
        for company in "xyz" for name, (low, high) in POSTS.items() for rater in "pqr"[: rng.integers(1, 4)]
    ]  # fmt: skip
    hidden = [row["company_id"] == "x" and rng.random() < 0.3 for row in rows]
    after = [row | {"state": "not_disclosed"} if hide else row for row, hide in zip(rows, hidden, strict=True)]

    def scored(scores):
        return outcome(compute_indicators(ecosystem(companies=company_rows(*"xyz"), scores=scores), SMALL))

    assert never_better(scored(rows), scored(after), "x")


@settings(max_examples=20)
@given(values())
def test_every_point_is_inside_its_interval_and_every_rank_too(table):
    found = score(table, SMALL, draws=20).table
    for name in ("eiq", "readiness", "action"):
        known = found[found[name].notna()]
        assert (known[f"{name}_low"] <= known[name]).all()
        assert (known[name] <= known[f"{name}_high"]).all()
        assert found.loc[found[name].isna(), [f"{name}_low", f"{name}_high"]].isna().all(axis=None)
    ranked = found[found["ranked"]]
    assert (ranked["rank_low"] <= ranked["rank"]).all()
    assert (ranked["rank"] <= ranked["rank_high"]).all()
    assert found["data_coverage"].between(0, 1).all()


@settings(max_examples=15)
@given(values(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    one, other = (score(t, SMALL, draws=5).table for t in (table, table.iloc[order]))
    assert one.equals(other)


@settings(max_examples=15)
@given(values(), SCORES)
def test_adding_a_company_changes_no_score(table, level):
    rows = [("new", i, "assessor", low + level / 100 * (high - low), "scored") for i, (low, high) in POSTS.items()]
    extra = pd.DataFrame(rows, columns=table.columns)
    before, after = outcome(table)[0], outcome(pd.concat([table, extra]))[0]
    np.testing.assert_allclose(after[before.index], before, rtol=1e-12)


@given(arrays(float, (2, 5), elements=SCORES), st.sampled_from(sorted(MEANS)))
def test_better_in_everything_is_never_ranked_below(scores, method):
    better = np.maximum(*scores)
    weights = np.full(5, 0.2)
    both = REGISTRY.methods[method].apply(np.vstack([better, scores[0]]), weights)
    assert competition_rank(both)[0] == 1 or both[0] >= both[1] * (1 - 1e-12)


@given(arrays(float, 6, elements=SCORES), arrays(float, 6, elements=st.floats(0.01, 1)))
def test_minimum_harmonic_geometric_arithmetic_rise_in_this_order(scores, weights):
    weights = weights / weights.sum()
    means = ("minimum", "harmonic", "geometric", "arithmetic")
    found = [float(REGISTRY.methods[mean].apply(scores[None], weights)[0]) for mean in means]
    assert all(low <= high * (1 + 1e-9) + 1e-9 for low, high in itertools.pairwise(found))
    assert found[0] >= 0
    assert found[-1] <= 100 * (1 + 1e-12)


@given(st.floats(-1e3, 1e3), st.floats(0.1, 1e3), st.floats(0.1, 10), st.floats(-100, 100))
def test_goalposts_do_not_mind_the_unit(low, width, factor, shift):
    def scored(convert):
        raw = low + np.linspace(-0.5, 1.5, 9)[:, None] * width
        posts = {"low": np.array([convert(low)]), "high": np.array([convert(low + width)])}
        found = between_goalposts(replace(sheet(convert(raw)), **posts))
        return found.values  # noqa: PD011 - a sheet, not a frame

    np.testing.assert_allclose(scored(lambda x: x), scored(lambda x: factor * x + shift), atol=1e-6)


@given(
    st.integers(0, 9).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.booleans(), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2))
    )
)
def test_letters_are_shared_exactly_by_those_who_are_tied(case):
    n, bits = case
    together = np.eye(n, dtype=bool)
    together[np.triu_indices(n, 1)] = bits
    together |= together.T
    letters = [set(re.findall(r"[a-z]\d*", text)) for text in compact_letters(together)]
    assert all(letters)
    assert all(bool(letters[i] & letters[j]) == together[i, j] for i in range(n) for j in range(n))


@given(st.lists(st.integers(0, 4), max_size=12))
def test_a_rank_is_one_more_than_how_many_score_higher(scores):
    expected = [1 + sum(other > own for other in scores) for own in scores]
    assert competition_rank(np.array(scores, dtype=float)).tolist() == expected


@settings(max_examples=20)
@given(values())
def test_not_applicable_and_not_disclosed_are_not_the_same(table):
    """Not applicable takes the weight away: never worse than not disclosed."""
    cell = (table["company_id"] == "w") & (table["indicator_id"] == "a")
    states = ("not_applicable", "not_disclosed")
    applicable, disclosed = (outcome(table.assign(state=table["state"].mask(cell, s)))[0]["w"] for s in states)
    assert pd.isna(disclosed) or pd.isna(applicable) or applicable >= disclosed - 1e-9
