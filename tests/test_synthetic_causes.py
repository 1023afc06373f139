"""What the demo's generator plants can be found again in the tables, by counting, without any room of the package.

Every figure of a company is compared with what is true of it (``truth/companies_true.csv``), every figure of an account
with the kind of account it is. Counting here is deliberately plainer than in the rooms.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.synthetic import generate, hidden_truth

AS_OF = pd.Timestamp("2026-06-30")
YEAR_AGO = "2025-06-30"
LEVEL = {"opponent": -2, "non_supporter": -1, "neutral": 0, "supporter": 1, "advocate": 2}
FORMAL = ["decision_maker", "approver", "gatekeeper"]
DIGITAL = ["email", "webinar", "web", "mobile", "social", "portal", "remote_call"]


@pytest.fixture(scope="module")
def frames():
    return generate()


@pytest.fixture(scope="module")
def truth():
    return hidden_truth()


def reference(frame):
    return frame[frame["holder"].isna()]


def held(frame):
    return frame[frame["holder"].notna()]


def rows_in(frame, columns, other, others=None):
    """Which rows of a frame occur, by some columns, in another."""
    keys = pd.MultiIndex.from_frame(other[others or columns])
    return pd.MultiIndex.from_frame(frame[columns]).isin(keys)


def mean_by_company(rows, hit, company="company_id"):
    return pd.Series(np.asarray(hit, dtype=float), index=rows[company].to_numpy()).groupby(level=0).mean()


def by_budget(items, hit):
    """Budget share of the items of each company which fulfil a condition."""
    total = items.groupby("company_id")["budget"].sum()
    return items[hit].groupby("company_id")["budget"].sum().reindex(total.index, fill_value=0) / total


def deciders(frames):
    members = reference(frames["memberships"])
    members = members[members["valid_to"].isna() & members["decision_role"].isin(FORMAL)]
    return frames["company_accounts"].merge(members[["account_id", "stakeholder_id", "role_slot"]], on="account_id")


# --- readiness: what companies hold, against the reference


def value_map(frames):
    rows = held(frames["values"])
    good = rows[rows["evidence_id"].notna() & (rows["as_of"] > "2024-06-30")]
    pairs = deciders(frames)
    columns = ["account_id", "stakeholder_id"]
    return mean_by_company(pairs, rows_in(pairs, ["company_id", *columns], good, ["holder", *columns]))


def job_insight(frames):
    rows = held(frames["job_ratings"]).merge(frames["jobs"][["job_id", "group"]], on="job_id")
    count = rows[rows["n"] >= 5].groupby(["holder", "account_id", "group"])["job_id"].nunique()
    full = (count >= 3).groupby(level=0).sum()
    return full / (frames["jobs"]["group"].nunique() * frames["company_accounts"].groupby("company_id").size())


def known_ties(frames):
    """F1 of tie rows between deciders and whoever occurs in any company's map."""
    columns = ["account_id", "source", "target"]
    live = frames["ties"][frames["ties"]["valid_to"].isna()].dropna(subset=["account_id"])
    mine, real = held(live), reference(live)
    seen = real[rows_in(real, columns, mine)]
    wanted = frames["company_accounts"].merge(seen.drop_duplicates(columns), on="account_id")
    hits = mean_by_company(wanted, rows_in(wanted, ["company_id", *columns], mine, ["holder", *columns]))
    right = mean_by_company(mine, rows_in(mine, columns, real), "holder")
    return 2 * hits * right / (hits + right)


def decision_chain(frames):
    members = frames["memberships"].dropna(subset=["role_slot"])
    pairs = frames["company_accounts"].merge(
        reference(members)[lambda rows: rows["valid_to"].isna()], on="account_id", suffixes=("", "_ref")
    )
    columns = ["account_id", "role_slot", "stakeholder_id"]
    return mean_by_company(pairs, rows_in(pairs, ["company_id", *columns], held(members), ["holder", *columns]))


def triangulated(frames):
    rows = held(frames["ties"])
    columns = ["account_id", "source", "target"]
    proven = rows[(rows["n_sources"] >= 2) | rows["evidence_kind"].isin(["observed", "documented"])]
    real = reference(frames["ties"])
    real = real[rows_in(real, columns, rows)].drop_duplicates(columns)
    wanted = frames["company_accounts"].merge(real, on="account_id")
    return mean_by_company(wanted, rows_in(wanted, ["company_id", *columns], proven, ["holder", *columns]))


def targets(frames):
    """How many ties those have whom a company targets, against all persons of its accounts."""
    ties = reference(frames["ties"])
    count = ties.groupby(["account_id", "source"]).size()
    rows = held(frames["memberships"])
    rows = rows[rows["is_target"].eq("yes")]
    mine = count.reindex(pd.MultiIndex.from_frame(rows[["account_id", "stakeholder_id"]]), fill_value=0)
    members = frames["company_accounts"].merge(
        reference(frames["memberships"])[["account_id", "stakeholder_id"]].drop_duplicates(), on="account_id"
    )
    every = count.reindex(pd.MultiIndex.from_frame(members[["account_id", "stakeholder_id"]]), fill_value=0)
    average = pd.Series(every.to_numpy(), index=members["company_id"]).groupby(level=0).mean()
    return np.log(pd.Series(mine.to_numpy(), index=rows["holder"]).groupby(level=0).mean() / average)


def registered(frames):
    rows = held(frames["trigger_events"])
    needed = ["stakeholder_id", "probability", "owner", "expected_effect"]
    rows = rows[(rows["window_end"] >= str(AS_OF.date())) & rows[needed].notna().all(axis=1)]
    cells = rows.groupby(["holder", "account_id"])["kind"].agg(["size", "nunique"])
    ready = ((cells["size"] >= 3) & (cells["nunique"] >= 2)).groupby(level=0).sum()
    return ready / frames["company_accounts"].groupby("company_id").size()


def foresight(frames):
    past = reference(frames["trigger_events"])
    past = past[past["status"].isin(["fired", "expired"])]
    past = past.assign(_y=past["fired_on"].notna().astype(float))
    past["_base"] = past.groupby("kind")["_y"].transform("mean")
    said = held(frames["trigger_events"])
    said = said[said["registered_on"] < said["window_start"]]
    pairs = frames["company_accounts"].merge(past[["account_id", "trigger_id", "_y", "_base"]], on="account_id")
    pairs = pairs.merge(
        said[["holder", "trigger_id", "probability"]].rename(columns={"holder": "company_id"}), how="left"
    )
    error = (pairs["probability"].fillna(0) - pairs["_y"]) ** 2
    usual = (pairs["_base"] - pairs["_y"]) ** 2
    return 1 - mean_by_company(pairs, error) / mean_by_company(pairs, usual)


def leverage(frames):
    """Mean place, by ties, of those whom a company takes for the holders of coming events."""
    ties = reference(frames["ties"])
    members = reference(frames["memberships"])[["account_id", "stakeholder_id"]].drop_duplicates()
    count = ties.groupby(["account_id", "source"])["strength"].size()
    count = count.reindex(pd.MultiIndex.from_frame(members), fill_value=0)
    place = count.groupby(level=0).rank(pct=True)
    rows = held(frames["trigger_events"]).dropna(subset=["stakeholder_id"])
    rows = rows[rows["window_end"] >= "2026-06-30"]
    mine = place.reindex(pd.MultiIndex.from_frame(rows[["account_id", "stakeholder_id"]]))
    return mean_by_company(rows, mine, "holder")


def agreement(frames):
    rows = frames["pulse"][frames["pulse"]["period"].eq("2026")]
    each = rows.groupby(["company_id", "function"])["top2_share"].mean().groupby(level=0)
    return each.mean() - 1.5 * each.std()


def anchored(frames):
    plan = frames["plan"]
    soon = plan[plan["level"].eq("objective") & plan["due"].between("2026-07-01", "2027-06-30")]
    above = plan[plan["level"].eq("imperative")]
    return mean_by_company(above, above["item_id"].isin(soon["parent_id"]))


# --- action: what companies did


def designed_together(frames):
    plan = frames["plan"]
    live = plan[plan["level"].eq("initiative") & plan["done_on"].isna() & (plan["start"] <= "2026-06-30")]
    log = frames["interactions"]
    days = log[log["mode"].eq("co_design")].groupby("item_id")["date"].nunique()
    return by_budget(live, live["item_id"].map(days).fillna(0) >= 2)


def answered_by_deciders(frames):
    log = frames["interactions"]
    recent = log[(log["date"] > "2026-01-01") & log["direction"].isin(["two_way", "inbound"])]
    pairs = deciders(frames)
    return mean_by_company(pairs, rows_in(pairs, ["company_id", "account_id", "stakeholder_id"], recent))


def reliable(frames):
    plan = frames["plan"]
    due = plan[plan["level"].eq("milestone") & plan["due_original"].between(YEAR_AGO, "2026-06-30")]
    return mean_by_company(due, (due["done_on"] <= due["due_original"]).fillna(False))


def quick(frames):
    log = frames["interactions"].dropna(subset=["trigger_id"])
    first = log.groupby(["company_id", "trigger_id"])["date"].min().rename("first").reset_index()
    fired = reference(frames["trigger_events"])
    fired = fired[fired["fired_on"] > YEAR_AGO]
    pairs = frames["company_accounts"].merge(fired[["account_id", "trigger_id", "fired_on"]], on="account_id")
    pairs = pairs.merge(first, how="left")
    days = (pd.to_datetime(pairs["first"]) - pd.to_datetime(pairs["fired_on"])).dt.days
    assert (days.dropna() >= 0).all()
    return days.fillna(60).groupby(pairs["company_id"]).median()


def in_preferred_channels(frames):
    log = frames["interactions"].merge(frames["stakeholders"][["stakeholder_id", "preferred_channels"]])
    log = log[log["direction"].eq("outbound")].dropna(subset=["preferred_channels"])
    liked = [a in b.split("|") for a, b in zip(log["channel"], log["preferred_channels"], strict=True)]
    return mean_by_company(log, liked)


def in_sight(frames):
    plan = frames["plan"]
    tactics = plan[plan["level"].eq("tactic")]
    return by_budget(tactics, tactics[["parent_id", "job_ids", "kpi"]].notna().all(axis=1))


def gaps(frames):
    """Gap of each job in each account and period, on 0-10."""
    rows = reference(frames["job_ratings"])
    short = rows["scale"].eq("1-5")
    for name in ("importance", "satisfaction"):
        rows = rows.assign(**{name: rows[name].where(~short, 2.5 * (rows[name] - 1))})
    mean = rows.groupby(["account_id", "job_id", "period"])[["importance", "satisfaction"]].mean()
    return (mean["importance"] - mean["satisfaction"]).clip(lower=0).unstack()


def closed(frames):
    plan, gap = frames["plan"], gaps(frames).reset_index()
    items = plan[plan["declared_on"].lt("2025-01-01") & plan["start"].lt("2026-01-01")]
    items = items.dropna(subset=["account_id", "job_ids"])
    items = items.assign(job_id=items["job_ids"].str.split("|")).explode("job_id")
    pairs = items[["company_id", "account_id", "job_id"]].drop_duplicates().merge(gap)
    total = pairs.groupby("company_id")[["2025", "2026"]].sum()
    return 1 - total["2026"] / total["2025"]


def relevant(frames):
    log = frames["interactions"]
    log = log[log["rated_by"].eq("stakeholder")]
    return mean_by_company(log, log["relevant"].eq("yes") & log["acted"].eq("yes"))


def trust(frames):
    rows = frames["outcomes"]
    return rows[rows["metric"].eq("trust_index") & rows["period"].eq("2026")].set_index("company_id")["value"]


def stance_shift(frames):
    members = reference(frames["memberships"]).assign(level=lambda rows: rows["stance"].map(LEVEL))
    members = members.dropna(subset=["level"])
    then = members[(members["valid_from"] <= YEAR_AGO) & ~(members["valid_to"] <= YEAR_AGO)]
    both = members[members["valid_to"].isna()].merge(then, on=["account_id", "stakeholder_id"], suffixes=("", "_then"))
    log = frames["interactions"]
    log = log[(log["date"] > YEAR_AGO) & log["direction"].isin(["two_way", "inbound"])]
    met = log[["company_id", "account_id", "stakeholder_id"]].drop_duplicates().merge(both)
    moved = (met["level"] - met["level_then"]).groupby(met["company_id"]).sum()
    return moved / (2 - met["level_then"]).groupby(met["company_id"]).sum()


def team_mean(frames, columns):
    rows = frames["teams"][frames["teams"]["period"].eq("2026")]
    values = rows.assign(value=columns(rows) * rows["fte"]).groupby("company_id")[["value", "fte"]].sum()
    return values["value"] / values["fte"]


def autonomy(frames):
    rows = frames["teams"][frames["teams"]["period"].eq("2026")]
    served = rows.groupby("company_id")["account_id"].nunique()
    served = served / frames["company_accounts"].groupby("company_id").size()
    rights = ["decision_right", "people_right", "reward_right"]
    return served * team_mean(frames, lambda part: part[rights].mean(axis=1) / 3)


def near(frames):
    return team_mean(frames, lambda part: part["local_decision_share"] * 5 / part["approval_days"].clip(lower=5))


def shared_reward(frames):
    return team_mean(frames, lambda part: part["outcome_pay_share"])


CAUSES = {
    "R1": (value_map, 0.7),
    "R2": (job_insight, 0.8),
    "R3": (known_ties, 0.7),
    "R4": (decision_chain, 0.8),
    "R5": (triangulated, 0.8),
    "R6": (targets, 0.6),
    "R7": (registered, 0.8),
    "R8": (foresight, 0.6),
    "R9": (leverage, 0.4),
    "R11": (agreement, 0.6),
    "R12": (anchored, 0.8),
    "A1": (designed_together, 0.8),
    "A2": (answered_by_deciders, 0.7),
    "A3": (reliable, 0.6),
    "A4": (quick, 0.6),
    "A5": (in_preferred_channels, 0.8),
    "A6": (in_sight, 0.8),
    "A7": (closed, 0.6),
    "A8": (relevant, 0.6),
    "A9": (trust, 0.8),
    "A10": (stance_shift, 0.4),
    "A11": (autonomy, 0.8),
    "A12": (near, 0.8),
    "A13": (shared_reward, 0.8),
}


@pytest.mark.parametrize("indicator", CAUSES)
def test_what_is_true_of_a_company_shows_in_its_rows(frames, truth, indicator):
    count, least = CAUSES[indicator]
    seen, true = count(frames), truth["companies_true"].set_index("company_id")[indicator]
    assert len(seen) == 13
    assert np.corrcoef(seen.loc[true.index], true)[0, 1] > least


def test_milestones_are_kept_by_those_who_act(frames, truth):
    """Against the axis, not the indicator: a company which acts keeps its dates, too."""
    action = truth["companies_true"].set_index("company_id")["action"]
    assert np.corrcoef(reliable(frames).loc[action.index], action)[0, 1] > 0.6


def test_knowing_and_acting_are_different_things(frames, truth):
    """Companies which know most are not those which act most: what they hold does not follow from action."""
    table = truth["companies_true"].set_index("company_id")
    aware = table.index[table["kind"].eq("aware")]
    chain, together = decision_chain(frames), designed_together(frames)
    active = table.index[table["kind"].isin(["leader", "active"])]
    assert together.loc[active].min() > together.loc[aware].median()
    assert chain.loc[aware].mean() > 0.55


def test_maps_have_rows_dropped_stale_and_wrong(frames):
    columns = ["account_id", "source", "target"]
    ties, real = held(frames["ties"]), reference(frames["ties"])
    assert 0.03 < ties["valid_to"].notna().mean() < 0.3  # stale
    assert 0.1 < (~rows_in(ties.dropna(subset=["account_id"]), columns, real)).mean() < 0.6  # wrong
    members = held(frames["memberships"]).merge(
        reference(frames["memberships"])[lambda rows: rows["valid_to"].isna()],
        on=["account_id", "stakeholder_id"],
        suffixes=("", "_ref"),
    )
    both = members.dropna(subset=["stance", "stance_ref"])
    assert 0.5 < (both["stance"] == both["stance_ref"]).mean() < 0.95


# --- planted triggers and hidden ties


def test_a_third_of_the_planted_triggers_have_few_ties(frames, truth):
    planted, ties = truth["triggers_true"], reference(frames["ties"])
    assert planted.groupby("account_id").size().min() >= 3
    ends = [
        ties[["account_id", end]].set_axis(["account_id", "stakeholder_id"], axis=1) for end in ("source", "target")
    ]
    degree = pd.concat(ends).groupby(["account_id", "stakeholder_id"]).size()
    members = reference(frames["memberships"])[["account_id", "stakeholder_id"]].drop_duplicates()
    count = degree.reindex(pd.MultiIndex.from_frame(members), fill_value=0)
    median = count.groupby(level=0).median()
    mine = count.loc[pd.MultiIndex.from_frame(planted[["account_id", "stakeholder_id"]])]
    assert (mine.to_numpy() < median.loc[planted["account_id"]].to_numpy()).mean() >= 1 / 3


def test_planted_triggers_move_others_far_more_often_than_their_ties_show(truth):
    ties, planted = truth["ties_true"], truth["triggers_true"]
    assert ties["probability"].between(0, 1).all()
    quiet = planted[planted["few_ties"].eq("yes")]
    columns = ["account_id", "source"]
    theirs = rows_in(ties, columns, quiet, ["account_id", "stakeholder_id"])
    assert ties.loc[theirs, "probability"].mean() > 3 * ties.loc[~theirs, "probability"].mean()
    size = ties[theirs].groupby(columns).size().mean()
    assert size < ties[~theirs].groupby(columns).size().mean()


def test_true_probabilities_follow_strength_with_an_error(frames, truth):
    ties = reference(frames["ties"])
    ties = ties[ties["kind"].eq("influences") & ties["sign"].isna()]
    one = ties.drop_duplicates(["account_id", "source", "target"], keep=False)
    both = one.merge(truth["ties_true"], on=["account_id", "source", "target"])
    normal = both[both["probability"] < both["probability"].quantile(0.95)]
    r = normal["strength"].astype(float).groupby(normal["account_id"]).corr(normal["probability"]).median()
    assert 0.3 < r < 0.95


def test_adoption_spreads_along_true_ties(frames, truth):
    """Those whom an adopter moves adopt more often than others; some are lost from sight."""
    adopted = frames["adoptions"]
    assert 0.1 < adopted["adopted_on"].notna().mean() < 0.5
    assert (adopted["observed_to"] < "2026-06-30").any()
    done = adopted.dropna(subset=["adopted_on"])
    assert (done["adopted_on"] <= done["observed_to"]).all()
    ties = truth["ties_true"]
    ties = ties[ties["source"].isin(done["stakeholder_id"]) & ties["target"].isin(adopted["stakeholder_id"])]
    push = ties.groupby("target")["probability"].sum().reindex(adopted["stakeholder_id"], fill_value=0)
    hit = adopted["adopted_on"].notna().to_numpy()
    assert push[hit].mean() > 1.5 * push[~hit].mean()


def test_transfers_go_with_nothing(frames):
    paid = frames["transfers"].groupby("stakeholder_id")["amount"].sum()
    met = frames["interactions"].groupby("stakeholder_id").size()
    everybody = frames["stakeholders"]["stakeholder_id"]
    joined = pd.DataFrame({"paid": paid.reindex(everybody).fillna(0), "met": met.reindex(everybody).fillna(0)})
    assert abs(joined.corr(method="spearman").iloc[0, 1]) < 0.2


# --- seven kinds of account


@pytest.fixture(scope="module")
def kinds(truth):
    return truth["accounts_true"].set_index("account_id")["behaviour"]


def test_each_kind_of_account_is_there_three_times(kinds):
    assert kinds.nunique() == 7
    assert kinds.value_counts().min() >= 3


def gini(values):
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def value_concentration(frames):
    rows = reference(frames["values"])
    rows = rows[rows["perspective"].eq("received") & rows["as_of"].gt("2025-12-31")]
    return rows.groupby("account_id")["share"].agg(gini)


def need(frames, categories):
    gap = gaps(frames)["2026"].reset_index().merge(frames["jobs"][["job_id", "category"]])
    mine = gap[gap["category"].isin(categories)].groupby("account_id")["2026"].sum()
    return mine / gap.groupby("account_id")["2026"].sum()


def system_need(frames):
    return need(frames, ["system", "operational", "economic"])


def unmet(frames):
    return gaps(frames)["2026"].groupby(level=0).mean()


def lost(frames, stages):
    rows = frames["funnel"][frames["funnel"]["period"].eq("2026")]
    rows = rows.assign(lost=(rows["patients_in"] - rows["patients_out"]) * rows["value_per_patient"])
    return (
        rows[rows["stage"].isin(stages)].groupby("account_id")["lost"].sum() / rows.groupby("account_id")["lost"].sum()
    )


def lost_early(frames):
    return lost(frames, ["awareness", "diagnosis"])


def lost_late(frames):
    return lost(frames, ["access", "initiation", "adherence"])


def members_with(frames, column):
    rows = reference(frames["memberships"])
    rows = rows[rows["valid_to"].isna()].merge(frames["stakeholders"], on="stakeholder_id")
    return rows.dropna(subset=[column])


def climate(frames):
    rows = members_with(frames, "stance")
    return rows["stance"].map(LEVEL).groupby(rows["account_id"]).mean()


def digital(frames):
    rows = members_with(frames, "preferred_channels")
    rows = rows.assign(channel=rows["preferred_channels"].str.split("|")).explode("channel")
    return rows["channel"].isin(DIGITAL).groupby(rows["account_id"]).mean()


def arrows_from(frames, groups):
    ties = reference(frames["ties"])
    ties = ties[ties["kind"].isin(["influences", "advises"])]
    group = ties["source"].map(frames["stakeholders"].set_index("stakeholder_id")["group"])
    return group.isin(groups).groupby(ties["account_id"]).mean()


def payers(frames):
    return arrows_from(frames, ["payer", "finance_procurement", "pharmacy"])


def experts(frames):
    return arrows_from(frames, ["clinician", "research_academia"])


def rivalry(frames):
    return frames["company_accounts"].groupby("account_id")["competition"].mean()


def potential(frames):
    return np.log10(frames["accounts"].set_index("account_id")["potential_value"])


def owned(frames):
    members = members_with(frames, "name")
    sites = members[members["kind"].eq("organisation")]
    ties = reference(frames["ties"])
    under = set(ties.loc[ties["kind"].eq("owns"), "target"])
    return sites["stakeholder_id"].isin(under).groupby(sites["account_id"]).mean()


BEHAVIOUR = [  # figure, kinds in which it is high, kinds in which it is low ("" = all others)
    (owned, ["centralised system"], ["fragmented pathway", "digital long tail"]),
    (unmet, ["centralised system"], ["digital long tail", "competitor entrenched"]),
    (system_need, ["centralised system", "payer controlled", "fragmented pathway"], []),
    (payers, ["payer controlled"], []),
    (experts, ["expert hub and spoke"], ["payer controlled"]),
    (value_concentration, ["expert hub and spoke"], []),
    (lost_early, ["fragmented pathway"], []),
    (lost_late, ["access limited"], []),
    (climate, ["access limited"], ["payer controlled", "competitor entrenched"]),
    (digital, ["digital long tail"], []),
    (rivalry, ["competitor entrenched"], []),
    (potential, ["centralised system", "competitor entrenched"], ["digital long tail"]),
]


@pytest.mark.parametrize(("figure", "high", "low"), BEHAVIOUR, ids=lambda value: getattr(value, "__name__", None))
def test_accounts_behave_as_their_kind_does(frames, kinds, figure, high, low):
    values = figure(frames).reindex(kinds.index)
    assert values.notna().all()
    up = values[kinds.isin(high)]
    down = values[kinds.isin(low) if low else ~kinds.isin(high)]
    assert up.min() > down.median()
    assert up.mean() - down.mean() > 1.5 * max(up.std(), down.std())


def test_accounts_of_one_kind_differ_among_themselves(frames, kinds):
    for figure in (value_concentration, lost_early, climate, system_need):
        spread = figure(frames).groupby(kinds).std()
        assert (spread > 0).all()
        assert 0.03 < spread.mean() / np.ptp(figure(frames)) < 0.3
