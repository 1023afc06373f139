"""Opportunity of jobs by hand, in both forms, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem, people, shuffled
from scipy.stats import beta

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.jobs import BANDS, MEAN, TOP_BOX, UNKNOWN_SD, job_segments, opportunities, opportunity

COLUMNS = [
    "account_id", "job_id", "group", "category", "funnel_stage", "importance", "satisfaction", "opportunity",
    "quartile", "low", "high", "n", "form", "band",
]  # fmt: skip
AGGREGATE = {"scale": "1-5", "n": 50, "sd_importance": 1.0, "sd_satisfaction": 1.0}


def rated(*ratings, jobs=("j",), where=("A",), **tables):
    """An ecosystem in which these ratings, by default of job j in account A, were given."""
    rows = [{"job_id": "j", "account_id": "A", "period": "2026", "scale": "0-10"} | row for row in ratings]
    declared = [
        {"job_id": job, "statement": f"do {job}", "group": "pharmacy", "category": "access", "funnel_stage": "decision"}
        for job in jobs
    ]
    return ecosystem(accounts=accounts(*where), jobs=declared, job_ratings=rows, **tables)


def answers(*pairs, scale="0-10", **more):
    """One row a respondent."""
    return [
        {"importance": i, "satisfaction": s, "scale": scale, "stakeholder_id": f"p{k}"} | more
        for k, (i, s) in enumerate(pairs)
    ]


def only(*ratings, **more):
    found = opportunities(rated(*ratings, **more))
    assert len(found) == 1
    return found.iloc[0]


def values(row):
    return row["form"], row["importance"], row["satisfaction"], row["opportunity"], row["n"]


# ------------------------------------------------------------------------------------------------ the two forms


def test_thirty_answers_are_counted_by_their_top_box():
    important = [10] * 10 + [8] * 11 + [7.5] * 9
    served = [9] * 6 + [7] * 24
    found = only(*answers(*zip(important, served, strict=True)))
    assert values(found) == (TOP_BOX, pytest.approx(7), pytest.approx(2), pytest.approx(12), 30)


def test_on_one_to_five_the_top_box_is_four_and_five():
    pairs = [(5, 4)] * 10 + [(4, 3)] * 10 + [(3, 3)] * 20
    assert values(only(*answers(*pairs, scale="1-5"))) == (TOP_BOX, pytest.approx(5), 2.5, 7.5, 40)


def test_twenty_nine_answers_have_the_mean_form():
    pairs = [(10, 9)] * 20 + [(1, 3)] * 9
    found = only(*answers(*pairs))
    i, s = (200 + 9) / 29, (180 + 27) / 29
    assert values(found) == (MEAN, pytest.approx(i), pytest.approx(s), pytest.approx(2 * i - s), 29)


def test_the_mean_form_moves_one_to_five_to_zero_to_ten():
    found = only(*answers((5, 2), (4, 1), scale="1-5"))
    assert values(found) == (MEAN, pytest.approx(8.75), pytest.approx(1.25), pytest.approx(16.25), 2)


@pytest.mark.parametrize("n", [5, 30, 500])
def test_an_aggregate_has_the_mean_form_however_large(n):
    found = only({**AGGREGATE, "importance": 4.0, "satisfaction": 2.0, "n": n})
    assert values(found) == (MEAN, pytest.approx(7.5), pytest.approx(2.5), pytest.approx(12.5), n)


def test_aggregates_weigh_by_their_respondents():
    one = {**AGGREGATE, "importance": 5, "satisfaction": 1, "n": 30, "stakeholder_id": "a"}
    two = {**AGGREGATE, "importance": 3, "satisfaction": 3, "n": 10, "stakeholder_id": "b"}
    assert values(only(one, two)) == (MEAN, pytest.approx(8.75), pytest.approx(1.25), pytest.approx(16.25), 40)


def test_one_aggregate_beside_thirty_answers_makes_them_the_mean_form():
    rows = [*answers(*[(9, 3)] * 30), {"importance": 9, "satisfaction": 3, "n": 30}]
    assert values(only(*rows)) == (MEAN, pytest.approx(9), pytest.approx(3), pytest.approx(15), 60)


@pytest.mark.parametrize("n", [12, 200])
def test_shares_of_the_top_two_are_top_box(n):
    found = only({"importance": 80, "satisfaction": 30, "scale": "top2_pct", "n": n})
    assert values(found) == (TOP_BOX, pytest.approx(8), pytest.approx(3), pytest.approx(13), n)


def test_a_job_served_better_than_it_is_important_is_worth_its_importance():
    assert only({**AGGREGATE, "importance": 3, "satisfaction": 5})["opportunity"] == pytest.approx(5)
    assert opportunity(np.array([8.0, 5.0, 10.0]), np.array([3.0, 9.0, 0.0])).tolist() == [13, 5, 20]


@pytest.mark.parametrize(("shares", "form"), [(39, MEAN), (41, TOP_BOX)])
def test_the_two_forms_are_never_mixed(shares, form):
    survey = {"importance": 90, "satisfaction": 10, "scale": "top2_pct", "n": shares, "stakeholder_id": "a"}
    means = {**AGGREGATE, "importance": 3, "satisfaction": 3, "n": 40}
    found = only(survey, means)
    alone = only(means if form == MEAN else survey)
    pd.testing.assert_series_equal(found, alone)
    assert found["form"] == form


def test_answers_without_a_scale_are_on_zero_to_ten():
    assert only({"importance": 7, "satisfaction": 6, "scale": None})["opportunity"] == 8


# ------------------------------------------------------------------------------------------------ interval and band


def test_the_interval_of_shares_is_that_of_their_beta():
    found = only({"importance": 60, "satisfaction": 95, "scale": "top2_pct", "n": 40})  # never dissatisfied: O = I
    expected = 10 * beta(24.5, 16.5).ppf([0.25, 0.05, 0.95])
    assert found[["quartile", "low", "high"]].to_list() == pytest.approx(expected.tolist(), rel=1e-3)


def test_the_interval_of_means_is_that_of_their_standard_error():
    found = only({**AGGREGATE, "importance": 3, "satisfaction": 5, "n": 100})
    se = ((2.5**2 + UNKNOWN_SD**2 / 100) / 100) ** 0.5
    assert found["low"] == pytest.approx(5 - 1.645 * se, abs=0.01)
    assert found["high"] == pytest.approx(5 + 1.645 * se, abs=0.01)
    assert found["quartile"] == pytest.approx(5 - 0.6745 * se, abs=0.01)


CELLS = {
    "answers": answers(*[(9, 3), (7, 5), (8, 2)] * 4),
    "many answers": answers(*[(9, 3), (7, 5), (8, 2)] * 20),
    "one answer": answers((9, 2)),
    "two alike": answers((9, 2), (9, 2)),
    "aggregate": [{**AGGREGATE, "importance": 4, "satisfaction": 2}],
    "aggregate without spread": [{"importance": 9, "satisfaction": 2, "n": 40}],
    "shares": [{"importance": 85, "satisfaction": 40, "scale": "top2_pct", "n": 60}],
    "as important as served": [{**AGGREGATE, "importance": 4, "satisfaction": 4}],
}
ENDS = {
    "nothing": answers(*[(0, 0)] * 40),
    "everything": answers(*[(10, 0)] * 40),
    "nothing on average": answers((0, 0), (0, 0)),
}


@pytest.mark.parametrize("rows", CELLS.values(), ids=CELLS)
def test_the_lower_quartile_is_below_the_point_and_the_interval_holds_it(rows):
    found = only(*rows)
    assert 0 <= found["low"] < found["quartile"] < found["opportunity"] < found["high"] <= 20


@pytest.mark.parametrize("rows", ENDS.values(), ids=ENDS)
def test_at_the_ends_of_the_scale_the_point_stays_within(rows):
    found = only(*rows)
    assert 0 <= found["low"] <= found["quartile"] <= found["opportunity"] <= found["high"] <= 20
    assert found["low"] < found["high"]


def test_one_answer_is_not_sure_and_more_answers_are_surer():
    width = [np.ptp(only(*answers(*[(9, 2)] * n))[["low", "high"]]) for n in (1, 2, 4, 16)]
    assert width[0] > 4
    assert width == sorted(width, reverse=True)
    assert only(*answers((9.5, 3)))["band"] == ""


def test_an_aggregate_without_its_spread_is_no_surer_than_one_with_the_usual():
    given = {"importance": 9, "satisfaction": 2, "n": 40}
    stated = {**given, "sd_importance": UNKNOWN_SD, "sd_satisfaction": UNKNOWN_SD}
    pd.testing.assert_series_equal(only(given), only(stated))


@pytest.mark.parametrize(
    ("importance", "satisfaction", "band"),
    [(90, 10, "extreme"), (80, 25, "strong"), (70, 31, "worth considering"), (62, 40, "served")],
)
def test_a_band_is_named_when_it_is_sure(importance, satisfaction, band):
    row = {"importance": importance, "satisfaction": satisfaction, "scale": "top2_pct"}
    assert only({**row, "n": 3000})["band"] == band
    assert only({**row, "n": 3})["band"] == ""
    assert band in {name for _, name in BANDS}


@pytest.mark.parametrize("satisfaction", [50, 20])
def test_a_point_on_the_border_of_two_bands_is_not_sure(satisfaction):
    importance = {50: 75, 20: 85}[satisfaction]  # 10 and 15
    row = {"importance": importance, "satisfaction": satisfaction, "scale": "top2_pct", "n": 3000}
    assert only(row)["band"] == ""


# ------------------------------------------------------------------------------------------------ which ratings count


def test_the_newest_period_of_an_account_counts():
    old = {**AGGREGATE, "importance": 1, "satisfaction": 5, "period": "2025"}
    new = {**AGGREGATE, "importance": 5, "satisfaction": 1, "period": "2026-H1"}
    blank = {**AGGREGATE, "importance": 3, "satisfaction": 3, "period": None}
    assert only(old, new, blank)["opportunity"] == 20
    assert only(old, blank)["opportunity"] == 0
    elsewhere = opportunities(rated(new, {**old, "account_id": "B"}, where="AB")).set_index("account_id")
    assert elsewhere["opportunity"].to_dict() == {"A": 20, "B": 0}


def test_ratings_without_account_hold_where_there_are_none():
    everywhere = {**AGGREGATE, "importance": 3, "satisfaction": 5, "account_id": None, "period": "2027"}
    own = {**AGGREGATE, "importance": 5, "satisfaction": 1}
    other = {**everywhere, "job_id": "k", "importance": 4}
    found = opportunities(rated(everywhere, own, other, jobs="jk", where="ABC"))
    table = found.set_index(["account_id", "job_id"])["opportunity"].to_dict()
    assert table == pytest.approx(
        {("A", "j"): 20, ("A", "k"): 7.5, ("B", "j"): 5, ("B", "k"): 7.5, ("C", "j"): 5, ("C", "k"): 7.5}
    )


def test_without_accounts_there_is_one():
    row = {**AGGREGATE, "importance": 5, "satisfaction": 1, "account_id": None}
    assert only(row, where=())["account_id"] == "all"


def test_one_more_account_changes_nothing_for_the_others():
    rows = [row | {"account_id": a} for a, kind in zip("AC", ("answers", "shares"), strict=True) for row in CELLS[kind]]
    more = [row | {"account_id": "B"} for row in CELLS["many answers"]]
    before = opportunities(rated(*rows, where="AC"))
    after = opportunities(rated(*rows, *more, where="ABC"))
    assert len(after) == 3
    pd.testing.assert_frame_equal(before, after[after["account_id"] != "B"].reset_index(drop=True))


def test_the_order_of_rows_and_the_seed_hardly_matter():
    eco = rated(*CELLS["answers"])
    pd.testing.assert_frame_equal(opportunities(eco), opportunities(shuffled(eco, 1)))
    pd.testing.assert_frame_equal(opportunities(eco, rng=3), opportunities(eco, rng=3))
    one, two = (opportunities(eco, rng=seed)[["quartile", "low", "high"]] for seed in (0, 1))
    np.testing.assert_allclose(one, two, atol=0.25)


def test_what_a_company_holds_is_not_the_reference():
    known = {**AGGREGATE, "importance": 5, "satisfaction": 1}
    believed = {**AGGREGATE, "importance": 1, "satisfaction": 1, "holder": "x"}
    eco = rated(known, believed, companies=companies("x", "y"), stakeholders=people("a"))
    assert opportunities(eco)["opportunity"].tolist() == [20]
    assert opportunities(eco, holder="x")["opportunity"].tolist() == [0]
    assert opportunities(eco, holder="y").empty


def test_the_columns_are_those_of_the_jobs_too():
    found = opportunities(rated(*CELLS["aggregate"]))
    assert list(found) == COLUMNS
    assert found[["group", "category", "funnel_stage"]].to_numpy().tolist() == [["pharmacy", "access", "decision"]]


@pytest.mark.parametrize("eco", [rated(), ecosystem()], ids=["no ratings", "nothing"])
def test_without_ratings_there_is_an_empty_table_with_the_columns(eco):
    found = opportunities(eco)
    assert found.empty
    assert list(found) == COLUMNS


# ------------------------------------------------------------------------------------------------ segments


SHARES = {"scale": "top2_pct", "importance": 80, "satisfaction": 30}


def segments(*ratings, by="group", **more):
    return job_segments(rated(*ratings, **more), by=by).set_index(["segment", "job_id"])


def numbers(row, form):
    return [row[f"{form}_{name}"] for name in ("importance", "satisfaction", "opportunity", "n")]


def test_both_forms_side_by_side():
    row = segments(*answers(*[(10, 9)] * 20 + [(1, 3)] * 20), by="account").loc[("A", "j")]
    assert numbers(row, TOP_BOX) == pytest.approx([5, 5, 5, 40])
    assert numbers(row, MEAN) == pytest.approx([5.5, 6, 5.5, 40])


def test_a_form_which_is_not_possible_is_missing():
    few = segments(*answers(*[(10, 0)] * 29)).loc[("pharmacy", "j")]
    assert numbers(few, TOP_BOX) == pytest.approx([np.nan] * 3 + [29], nan_ok=True)
    assert few[["top_box_low", "top_box_high"]].isna().all()
    assert (few["top_box_band"], few["mean_opportunity"]) == ("", pytest.approx(20))
    means = segments({**AGGREGATE, "importance": 4, "satisfaction": 2}).loc[("pharmacy", "j")]
    assert numbers(means, TOP_BOX) == pytest.approx([np.nan] * 3 + [0], nan_ok=True)
    assert numbers(means, MEAN) == pytest.approx([7.5, 2.5, 12.5, 50])
    shares = segments({**SHARES, "n": 12}).loc[("pharmacy", "j")]
    assert numbers(shares, TOP_BOX) == pytest.approx([8, 3, 13, 12])
    assert numbers(shares, MEAN) == pytest.approx([np.nan] * 3 + [0], nan_ok=True)
    assert shares["mean_band"] == ""


def test_shares_and_answers_are_one_form_where_there_are_enough():
    many = segments({**SHARES, "n": 20}, *answers(*[(10, 9)] * 20)).loc[("pharmacy", "j")]
    assert numbers(many, TOP_BOX) == pytest.approx([9, 6.5, 11.5, 40])
    assert numbers(many, MEAN) == pytest.approx([10, 9, 11, 20])
    few = segments({**SHARES, "n": 12}, *answers((10, 9), (10, 9))).loc[("pharmacy", "j")]
    assert numbers(few, TOP_BOX) == pytest.approx([8, 3, 13, 12])
    assert numbers(few, MEAN) == pytest.approx([10, 9, 11, 2])


@pytest.mark.parametrize("rows", CELLS.values(), ids=CELLS)
def test_in_one_account_the_form_is_that_of_the_opportunities(rows):
    alone = only(*rows)
    row = segments(*rows, by="account").loc[("A", "j")]
    for name in ("opportunity", "low", "high", "band", "n"):
        assert row[f"{alone['form']}_{name}"] == alone[name]


def test_segments_are_groups_of_respondents_and_else_the_group_of_the_job():
    group = {"p0": "payer", "p1": "nursing", "p2": None}
    who = [{**row, "group": group[row["stakeholder_id"]]} for row in people("p0", "p1", "p2")]
    rows = [*answers((9, 1), (8, 2), (7, 3)), {**AGGREGATE, "importance": 3, "satisfaction": 5, "stakeholder_id": None}]
    found = segments(*rows, stakeholders=who)
    assert found["mean_n"].to_dict() == {("nursing", "j"): 1, ("payer", "j"): 1, ("pharmacy", "j"): 51}
    assert found.loc[("payer", "j"), "group"] == "pharmacy"  # of the job


@pytest.mark.parametrize(
    ("by", "expected"),
    [("account", {"A": 2, "B": 2, "C": 1}), ("account_kind", {"": 1, "idn": 1, "ics": 1}),
     ("country", {"": 1, "GB": 1, "US": 1}), ("all", {"all": 3})],
)  # fmt: skip
def test_ways_to_cut(by, expected):
    where = [{"kind": "ics", "country": "GB"}, {"kind": "idn", "country": "US"}, {}]
    rows = [{**row, **more} for row, more in zip(accounts("A", "B", "C"), where, strict=True)]
    other = {"job_id": "k", "importance": 3, "satisfaction": 1}
    told = [answers((9, 1))[0] | {"account_id": name} for name in ("A", "B", None)]
    eco = rated(*told, {**other, "account_id": "A"}, {**other, "account_id": "B"}, jobs="jk")
    eco = ecosystem(**{**eco.tables, "accounts": rows})
    found = job_segments(eco, by=by).set_index(["segment", "job_id"])
    assert found["mean_n"].xs("j", level="job_id").to_dict() == {
        **expected,
        **({"A": 1, "B": 1} if by == "account" else {}),
    }


def test_respondents_of_one_account_are_alike():
    same = [row | {"account_id": "A"} for row in answers(*[(9, 3)] * 20, *[(3, 3)] * 20)]
    apart = [row | {"account_id": "AB"[k // 20]} for k, row in enumerate(answers(*[(9, 3)] * 20, *[(3, 3)] * 20))]
    mixed = [row | {"account_id": "AB"[k % 2]} for k, row in enumerate(answers(*[(9, 3)] * 20, *[(3, 3)] * 20))]
    one, two, even = (segments(*rows, where="AB").loc[("pharmacy", "j")] for rows in (same, apart, mixed))
    for form in (TOP_BOX, MEAN):
        assert one[f"{form}_opportunity"] == two[f"{form}_opportunity"]
        width = [row[f"{form}_high"] - row[f"{form}_low"] for row in (one, two, even)]
        assert width[1] > 2 * width[0]
        assert width[2] == pytest.approx(width[0])


def test_the_variance_between_accounts_by_hand():
    pairs = [(8.0, 9), (6.0, 9), (7.0, 9)]
    rows = [
        {"importance": i, "satisfaction": s, "n": n, "sd_importance": 0, "sd_satisfaction": 0, "account_id": a}
        for (i, s), n, a in zip(pairs, (1000, 3000, 2000), "ABC", strict=True)
    ]
    row = segments(*rows, where="ABC").loc[("pharmacy", "j")]
    mean = (8 + 18 + 14) / 6
    off = [1 * (8 - mean), 3 * (6 - mean), 2 * (7 - mean)]
    se = (sum(x**2 for x in off) / 36 * 3 / 2) ** 0.5
    assert row["mean_opportunity"] == pytest.approx(mean)  # never dissatisfied: O = I
    assert row["mean_high"] - mean == pytest.approx(1.645 * se, rel=0.01)


def test_bands_of_segments_are_named_only_when_sure():
    sure = segments(*[{**SHARES, "n": 3000}]).loc[("pharmacy", "j")]
    assert sure["top_box_band"] == "strong"
    assert segments({**SHARES, "n": 3}).loc[("pharmacy", "j"), "top_box_band"] == ""


def test_segments_repeat_and_do_not_hang_on_order():
    eco = rated(*CELLS["many answers"], {**SHARES, "n": 50, "account_id": "B"}, where="AB")
    pd.testing.assert_frame_equal(job_segments(eco, rng=2), job_segments(shuffled(eco, 1), rng=2))


def test_segments_of_a_company_and_of_nobody():
    believed = {**AGGREGATE, "importance": 1, "satisfaction": 1, "holder": "x"}
    eco = rated({**AGGREGATE, "importance": 5, "satisfaction": 1}, believed, companies=companies("x", "y"))
    assert job_segments(eco)["mean_opportunity"].tolist() == [20]
    assert job_segments(eco, holder="x")["mean_opportunity"].tolist() == [0]
    none = job_segments(eco, holder="y")
    assert none.empty
    assert list(none) == list(job_segments(eco))


def test_an_unknown_way_to_cut_is_refused():
    with pytest.raises(InputError, match=r'no segments by "groups".*group'):
        job_segments(rated(), by="groups")
