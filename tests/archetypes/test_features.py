"""Every feature by hand on a small ecosystem, and what is missing when."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, companies, members, people, shuffled, ties
from example_accounts import with_tables

from ecosystem_iq import influence_graph, measure
from ecosystem_iq.archetypes import account_features, load_library, scale_features
from ecosystem_iq.archetypes.features import FEATURES, between_goalposts
from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph

JOB_COLUMNS = ["account_id", "category", "importance", "opportunity", "quartile"]


def hospital(**more):
    """One account of eight: a moves b, c, d; three organisations, one payer."""
    setting = {"a": "secondary", "b": "secondary", "c": "primary", "d": None}
    group = {"a": "clinician", "b": "pharmacy", "c": "finance_procurement", "d": "nursing"}
    channels = {"a": "email|web|phone", "b": "face_to_face", "c": None, "d": None}
    persons = [
        {**row, "group": group[name], "care_setting": setting[name], "preferred_channels": channels[name]}
        for row in people("a", "b", "c", "d")
        for name in [row["stakeholder_id"]]
    ]
    organisations = people("h", "k", "m", kind="organisation", group="other")
    payer = people("p", kind="payer", group="payer")
    depth = {"a": "in_depth", "b": "multiple", "c": "brief"}
    tables = {
        "stakeholders": [*persons, *organisations, *payer],
        "accounts": accounts("x", anchor_id="h", potential_value=5_000_000, currency="EUR"),
        "companies": companies("own", "other"),
        "memberships": [
            *members("x", "a", stance="advocate", decision_role="decision_maker"),
            *members("x", "b", stance="opponent", decision_role="approver"),
            *members("x", "c", decision_role="gatekeeper"),
            *members("x", "d", "h", "k", "m", "p"),
            *(row for name in depth for row in members("x", name, holder="own", contact_depth=depth[name])),
        ],
        "company_accounts": [{"company_id": "own", "account_id": "x", "competition": 0.7, "own_share": 0.1}],
        "ties": [
            *ties("ab", "ac", strength=0.8),
            *ties("ad", strength=0.4),
            *ties("bc", strength=0.4, kind="collaborates"),
            *ties("hk", kind="owns"),
        ],
    }
    return with_tables(settings={"own_company": "own"}, **{**tables, **more})


def raw(eco, name, **options):
    table = account_features(eco, influence_graph(eco), **options)
    return table.set_index("account_id")[f"raw_{name}"]


def shares(eco):
    table = measure(influence_graph(eco), draws=0).table
    return table.set_index("stakeholder_id")["influence"]


def test_one_row_an_account_with_scaled_and_raw_features():
    table = account_features(hospital(), influence_graph(hospital()))
    assert list(table.columns) == ["account_id", *FEATURES, *(f"raw_{name}" for name in FEATURES)]
    assert table["account_id"].tolist() == ["x"]
    scaled = table[list(FEATURES)].to_numpy()
    assert np.nanmin(scaled) >= 0
    assert np.nanmax(scaled) <= 1


def test_centralisation_is_the_largest_share_beyond_an_equal_one():
    p = shares(hospital())
    assert raw(hospital(), "f1")["x"] == pytest.approx((8 * p.max() - 1) / 7)


def test_a_perfect_star_of_sixty_is_what_the_design_says():
    names = [f"s{i:02d}" for i in range(60)]
    eco = with_tables(
        stakeholders=people(*names), ties=[t for name in names[1:] for t in ties(("s00", name), strength=1.0)]
    )
    assert raw(eco, "f1")["all"] == pytest.approx(0.46, abs=0.1)


def test_integration_counts_organisations_joined_to_the_anchor():
    assert raw(hospital(), "f2")["x"] == pytest.approx(2 / 3)  # h and k of h, k, m


def test_integration_goes_through_departments_but_not_through_persons():
    base = hospital()
    link = {"kind": "member_of"}
    joined = [*ties("hk", kind="owns"), *ties("ah", "am", **link), *ties("ab")]
    assert raw(hospital(ties=joined), "f2")["x"] == pytest.approx(2 / 3)
    people_and_unit = [*base.tables["stakeholders"].to_dict("records"), *people("u", kind="department")]
    membership = [*base.tables["memberships"].to_dict("records"), *members("x", "u")]
    through = [*ties("hk", kind="owns"), *ties("hu", kind="owns"), *ties("um", **link), *ties("ab")]
    eco = hospital(ties=through, stakeholders=people_and_unit, memberships=membership)
    assert raw(eco, "f2")["x"] == 1.0


@pytest.mark.parametrize("given", [{"anchor_id": None}, {"anchor_id": "p"}])
def test_integration_without_links_or_anchor(given):
    found = raw(hospital(accounts=accounts("x", **given)), "f2")["x"]
    assert np.isnan(found) if given["anchor_id"] is None else found == 0


def test_integration_needs_two_organisations():
    eco = hospital()
    fewer = eco.tables["memberships"].query("stakeholder_id not in ['k', 'm']")
    assert np.isnan(raw(hospital(memberships=fewer), "f2")["x"])


def test_a_structural_tie_of_another_account_does_not_integrate():
    two = [*accounts("x", anchor_id="h"), *accounts("y")]
    tie = [*ties("hk", kind="owns", account_id="y"), *ties("ab", "ac", "ad", account_id="x")]
    assert raw(hospital(accounts=two, ties=tie), "f2")["x"] == pytest.approx(1 / 3)


def test_payer_control_and_clinical_leadership_are_sums_of_influence():
    p = shares(hospital())
    assert raw(hospital(), "f3")["x"] == pytest.approx(p[["b", "c", "p"]].sum())
    assert raw(hospital(), "f4")["x"] == pytest.approx(p["a"])


def test_groups_are_missing_when_few_are_known():
    eco = hospital()
    blank = eco.tables["stakeholders"].assign(
        group=pd.Series(None, dtype="str", index=eco.tables["stakeholders"].index)
    )
    assert np.isnan(raw(hospital(stakeholders=blank), "f3")["x"])
    assert np.isnan(raw(hospital(stakeholders=blank), "f4")["x"])


def test_cross_setting_is_a_share_of_strength_and_a_mutual_tie_counts_once():
    # a-b .8 within; a-c .8 and b-c .4 (mutual) across; a-d unknown; h-k carries no influence
    assert raw(hospital(), "f5")["x"] == pytest.approx(1.2 / 2.0)


def test_value_concentration_is_a_gini_with_zeros():
    value = {"account_id": "x", "value_type": "clinical", "perspective": "received"}
    one = [{**value, "stakeholder_id": "a", "share": 1.0}]
    assert raw(hospital(values=one), "f7")["x"] == pytest.approx(1.0)
    even = [{**value, "stakeholder_id": name, "share": 0.125} for name in "abcdhkmp"]
    assert raw(hospital(values=even), "f7")["x"] == pytest.approx(0.0)
    two = [{**value, "stakeholder_id": "a", "share": 0.75}, {**value, "stakeholder_id": "b", "share": 0.25}]
    held = np.array([0.75, 0.25, *[0] * 6])
    gini = np.abs(held[:, None] - held[None, :]).sum() / (2 * 8 * held.sum()) * 8 / 7
    assert raw(hospital(values=two), "f7")["x"] == pytest.approx(gini / 1)


def test_values_at_risk_older_ones_and_those_of_others_do_not_count():
    value = {"account_id": "x", "stakeholder_id": "a", "value_type": "clinical", "share": 1.0}
    rows = [
        {**value, "perspective": "received", "as_of": "2026-01-01"},
        {**value, "perspective": "received", "as_of": "2025-01-01", "share": 0.1, "stakeholder_id": "b"},
        {**value, "perspective": "received", "as_of": "2026-01-01", "share": 0.0, "stakeholder_id": "b"},
        {**value, "perspective": "created", "as_of": "2027-01-01", "stakeholder_id": "c"},
        {**value, "perspective": "at_risk", "stakeholder_id": "d"},
        {**value, "perspective": "received", "stakeholder_id": "d", "holder": "own"},
    ]
    assert raw(hospital(values=rows), "f7")["x"] == pytest.approx(1.0)
    assert np.isnan(raw(hospital(values=rows[4:]), "f7")["x"])


def test_jobs_are_weighted_by_importance_and_by_opportunity():
    jobs = pd.DataFrame(
        [("x", "economic", 9.0, 12.0, 10.0), ("x", "patient", 3.0, 4.0, 4.0), ("gone", "system", 9.0, 20.0, 20.0)],
        columns=JOB_COLUMNS,
    )
    assert raw(hospital(), "f8", opportunities=jobs)["x"] == pytest.approx(9 * 0.5 / 12)
    assert raw(hospital(), "f9", opportunities=jobs)["x"] == pytest.approx(12 / 16)


def test_jobs_are_worked_out_where_they_were_rated():
    jobs = [{"job_id": "j", "statement": "Cut costs", "category": "economic"}]
    ratings = [{"job_id": "j", "account_id": "x", "importance": 9, "satisfaction": 2, "scale": "0-10", "n": 50}]
    eco = hospital(jobs=jobs, job_ratings=ratings)
    assert raw(eco, "f9")["x"] == 1.0
    assert raw(eco, "f8")["x"] > 0.5


@pytest.mark.parametrize("worth", [None, 100.0])
def test_leaks_are_shares_of_the_value_lost(worth):
    stage = {"account_id": "x", "period": "2026", "value_per_patient": worth}
    funnel = [
        {**stage, "stage": "awareness", "patients_in": 100, "patients_out": 80},
        {**stage, "stage": "diagnosis", "patients_in": 80, "patients_out": 60, "period": "2025"},
        {**stage, "stage": "diagnosis", "patients_in": 80, "patients_out": 70},
        {**stage, "stage": "decision", "patients_in": 70, "patients_out": 65},
        {**stage, "stage": "access", "patients_in": 65, "patients_out": 50},
        {**stage, "stage": "adherence", "patients_in": 50, "patients_out": 60},
    ]
    eco = hospital(funnel=funnel)
    assert raw(eco, "f10")["x"] == pytest.approx(30 / 50)
    assert raw(eco, "f11")["x"] == pytest.approx(15 / 50)


def test_a_patient_is_worth_more_in_one_stage():
    stage = {"account_id": "x", "period": "2026", "patients_in": 10, "patients_out": 5}
    funnel = [
        {**stage, "stage": "awareness", "value_per_patient": 30},
        {**stage, "stage": "access", "value_per_patient": 10},
        {**stage, "stage": "decision"},  # takes the mean, 20
    ]
    eco = hospital(funnel=funnel)
    assert raw(eco, "f10")["x"] == pytest.approx(30 / 60)
    assert raw(eco, "f11")["x"] == pytest.approx(10 / 60)


def test_nothing_lost_is_no_leak_to_divide():
    funnel = [{"account_id": "x", "stage": "access", "patients_in": 5, "patients_out": 5}]
    assert np.isnan(raw(hospital(funnel=funnel), "f10")["x"])


def test_advocacy_is_over_key_stakeholders_whose_stance_is_known():
    p = shares(hospital())
    assert raw(hospital(), "f12")["x"] == pytest.approx((2 * p["a"] - 2 * p["b"]) / (p["a"] + p["b"]))


def test_the_newest_of_two_open_memberships_gives_the_stance():
    eco = hospital()
    rows = eco.tables["memberships"].to_dict("records")
    newer = members("x", "b", stance="advocate", valid_from="2025-01-01", decision_role="approver")
    assert raw(hospital(memberships=[*newer, *rows]), "f12")["x"] == pytest.approx(2.0)


def test_engagement_is_the_own_companys_and_divides_by_all_key_stakeholders():
    p = shares(hospital())
    assert raw(hospital(), "f13")["x"] == pytest.approx((p["a"] + p["b"]) / p[["a", "b", "c"]].sum())


def test_engagement_falls_back_to_rows_without_holder_and_is_missing_without_any():
    eco = hospital()
    rows = eco.tables["memberships"]
    blank = rows[rows["holder"].isna()]
    assert np.isnan(raw(hospital(memberships=blank), "f13")["x"])
    depth = pd.Series(["unknown", "in_depth", *[None] * (len(blank) - 2)], dtype="str", index=blank.index)
    p = shares(eco)
    found = raw(hospital(memberships=blank.assign(contact_depth=depth)), "f13")["x"]
    assert found == pytest.approx(p["b"] / p[["a", "b", "c"]].sum())


def test_digital_affinity_counts_preferences():
    assert raw(hospital(), "f14")["x"] == pytest.approx(2 / 4)


def test_potential_is_a_logarithm_in_the_first_currency():
    assert raw(hospital(), "f15")["x"] == pytest.approx(np.log10(5e6))
    rate = load_library().currencies["GBP"]
    eco = hospital(accounts=accounts("x", potential_value=5e6 * rate, currency="GBP"))
    assert raw(eco, "f15")["x"] == pytest.approx(np.log10(5e6))
    for given in ({"currency": None}, {"currency": "XXX"}, {"potential_value": 0}):
        row = {"potential_value": 5e6, "currency": "EUR", **given}
        assert np.isnan(raw(hospital(accounts=accounts("x", **row)), "f15")["x"])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"competition": 0.7, "own_share": 0.1}, 0.7),
        ({"own_share": 0.1}, 0.9),
        ({}, np.nan),
        ({"competition": 0.7, "company_id": "other"}, np.nan),
        ({"competition": 0.7, "until": "2026-01-01"}, np.nan),
    ],
)
def test_competition_is_the_own_companys(row, expected):
    eco = hospital(company_accounts=[{"company_id": "own", "account_id": "x", **row}])
    assert raw(eco, "f16")["x"] == pytest.approx(expected, nan_ok=True)


def test_tables_which_are_not_read_or_empty_are_missing_features():
    eco = hospital()
    without = {
        name: frame for name, frame in eco.tables.items() if name not in ("values", "jobs", "job_ratings", "funnel")
    }
    for tables in (
        without,
        {**without, **with_tables(values=[], jobs=[], job_ratings=[], funnel=[]).tables, **without},
    ):
        table = account_features(type(eco)(tables, eco.as_of, eco.settings), influence_graph(eco))
        assert table[["f7", "f8", "f9", "f10", "f11"]].isna().all(axis=None)
        assert table.drop(columns="account_id")["f1"].notna().all()


def test_accounts_under_four_stakeholders_or_without_arcs_lack_what_needs_them():
    eco = with_tables(
        stakeholders=people(*"abcdefgh"),
        accounts=[
            *accounts("large", "small", "silent", "empty", potential_value=1e7, currency="EUR"),
        ],
        memberships=[*members("large", *"abcd"), *members("small", *"abc"), *members("silent", *"efgh")],
        ties=[*ties("ab", "bc", "cd", account_id="large"), *ties("ab", account_id="small")],
    )
    table = account_features(eco, influence_graph(eco)).set_index("account_id")
    assert table["f1"].notna().tolist() == [True, False, False, False]
    assert table["f15"].notna().all()
    assert table.loc[["small", "silent", "empty"], ["f3", "f4", "f5", "f6", "f12", "f13"]].isna().all(axis=None)


def test_a_workspace_without_accounts_is_one():
    eco = with_tables(stakeholders=people(*"abcde", group="clinician"), ties=ties("ab", "bc", "cd", "da", "ea"))
    table = account_features(eco, influence_graph(eco)).set_index("account_id")
    assert table.loc["all", "raw_f4"] == pytest.approx(1.0)
    assert np.isnan(table.loc["all", "f2"])


def test_no_ties_at_all():
    eco = with_tables(stakeholders=people(*"abcde"))
    assert account_features(eco, influence_graph(eco))[list(FEATURES)].isna().all(axis=None)


def test_rows_in_another_order_give_the_same_features():
    eco = hospital()
    first = account_features(eco, influence_graph(eco))
    for seed in range(3):
        mixed = shuffled(eco, seed)
        pd.testing.assert_frame_equal(account_features(mixed, influence_graph(mixed)), first, rtol=1e-9)


def test_a_graph_of_something_else_is_refused():
    with pytest.raises(InputError, match="not made from this ecosystem"):
        account_features(hospital(), InfluenceGraph.from_edges(["a"], ["b"], 0.5))


def test_goalposts_are_two_lines_which_rise():
    posts = load_library().goalposts
    assert (np.diff(posts, axis=1) > 0).all()
    np.testing.assert_allclose(between_goalposts(posts.T, posts), [[0] * 16, [0.5] * 16, [1] * 16])
    grid = np.linspace(-3, 9, 500)[:, None].repeat(16, axis=1)
    scaled = between_goalposts(grid, posts)
    assert (np.diff(scaled, axis=0) >= 0).all()
    assert scaled.min() == 0
    assert scaled.max() == 1


def test_other_goalposts_scale_the_raw_features_again():
    eco = hospital()
    table = account_features(eco, influence_graph(eco))
    pd.testing.assert_frame_equal(scale_features(table, load_library()), table)
