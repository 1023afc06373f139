"""The demo: reproducible, valid against the declared tables, fictional, and with the pattern it is meant to show."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq import schema
from ecosystem_iq.synthetic import TABLES, demo_files, generate, hidden_truth, latent
from ecosystem_iq.synthetic.draw import stream
from ecosystem_iq.synthetic.truth import indicators

ROOT = Path(__file__).parents[1]
AS_OF = "2026-06-30"
REAL = re.compile(
    r"\b(?:pfizer|novartis|roche|merck|sanofi|gsk|glaxo|bayer|abbvie|amgen|astra|lilly|takeda|gilead|"
    "biogen|novo nordisk|bristol|johnson|janssen|boehringer|astellas|daiichi|servier|ipsen|ucb|teva|"
    "sandoz|viatris|moderna|regeneron|"
    "vertex|lundbeck|hexal|mayo|cleveland|kaiser|charit|karolinska|sloan|anderson|guy's|marsden|aetna|cigna|humana|aok)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def frames():
    return generate()


@pytest.fixture(scope="module")
def files():
    return demo_files()


def _reference(frame):
    return frame[frame["holder"].isna()] if "holder" in frame else frame


def _now(members):
    """Rows of the reference which hold today, in order."""
    rows = _reference(members)
    return rows[rows["valid_to"].isna()].sort_values(["account_id", "stakeholder_id"], ignore_index=True)


def _lists(values):
    return values.dropna().str.split("|").explode()


def _points(scores):
    """Scores of this year as 0-100, by company and axis, as plain weighted means."""
    entry = pd.DataFrame([(e.id, e.axis, e.weight, e.low, e.high, e.down) for e in indicators()])
    entry.columns = ["indicator_id", "axis", "weight", "low", "high", "down"]
    rows = scores[scores["period"].eq("2026") & scores["state"].eq("scored")].sort_values("as_of")
    rows = rows.drop_duplicates(["company_id", "indicator_id", "rater"], keep="last").merge(entry, on="indicator_id")
    share = ((rows["value"] - rows["low"]) / (rows["high"] - rows["low"])).clip(0, 1)
    rows["points"] = 100 * share.where(~rows["down"], 1 - share)
    mean = rows.groupby(["company_id", "axis", "indicator_id"]).agg(points=("points", "mean"), w=("weight", "first"))
    mean["weighted"] = mean["points"] * mean["w"]
    total = mean.groupby(level=[0, 1])[["weighted", "w"]].sum()
    return (total["weighted"] / total["w"]).unstack()


# --- reproducible


def test_same_seed_same_bytes(files):
    assert demo_files() == files


def test_other_seed_other_rows(files):
    assert demo_files(rng=1)["ties.csv"] != files["ties.csv"]


def test_committed_demo_is_what_is_generated(files):
    folder = ROOT / "data" / "demo"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == sorted(files)
    for name, text in files.items():
        assert (folder / name).read_bytes() == text.encode(), f"{name}: run scripts/generate_demo.py"


def test_script_writes_the_demo_folder():
    spec = importlib.util.spec_from_file_location("generate_demo", ROOT / "scripts" / "generate_demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert ROOT / "data" / "demo" == module.FOLDER


def test_files_are_small_and_have_plain_line_ends(files):
    assert sum(len(text.encode()) for text in files.values()) < 10_000_000
    assert not any("\r" in text for text in files.values())


def test_streams_depend_on_name_and_seed_only():
    first = stream("ties", 0).random(5)
    stream("a table added later", 0).random(100)
    assert np.array_equal(first, stream("ties", 0).random(5))
    assert not np.array_equal(first, stream("scores", 0).random(5))
    assert not np.array_equal(first, stream("ties", 1).random(5))


def test_tables_do_not_share_a_stream(frames, monkeypatch):
    """With another stream for the log, every table which does not follow from the log stays as it was."""
    import ecosystem_iq.synthetic as module

    after_log = {"interactions", "memberships", "plan", "job_ratings", "trigger_events", "adoptions", "exposures"}

    def other(name, seed):
        return stream("something else" if name == "interactions" else name, seed)

    monkeypatch.setattr(module, "stream", other)
    changed = module.generate()
    assert not changed["interactions"].equals(frames["interactions"])
    for name in set(TABLES) - after_log:
        pd.testing.assert_frame_equal(changed[name], frames[name])
    key = ["account_id", "stakeholder_id", "decision_role", "role_slot", "stance"]
    pd.testing.assert_frame_equal(_now(changed["memberships"])[key], _now(frames["memberships"])[key])


@pytest.mark.parametrize(
    "name", ["values", "funnel", "job_ratings", "teams", "pulse", "outcomes", "transfers", "ties held"]
)
def test_a_later_table_changes_no_other(monkeypatch, name):
    import ecosystem_iq.synthetic.world as module

    small = {"n_accounts": 3, "n_companies": 3}
    before = generate(**small)

    def other(table, seed):
        return stream("something else" if table == name else table, seed)

    monkeypatch.setattr(module, "stream", other)
    changed = generate(**small)
    mine = name.split()[0]
    assert not changed[mine].equals(before[mine])
    for table in set(TABLES) - {mine}:
        pd.testing.assert_frame_equal(changed[table], before[table])


def test_noise_changes_no_fact_and_no_stated_error(frames):
    noisy = generate(noise=2.0)
    for name in ("stakeholders", "accounts", "company_accounts", "companies", "evidence", "jobs", "transfers"):
        pd.testing.assert_frame_equal(noisy[name], frames[name])
    for name in ("ties", "memberships"):
        pd.testing.assert_frame_equal(_reference(noisy[name]), _reference(frames[name]))
    for name in ("values", "job_ratings", "funnel", "pulse", "outcomes"):
        assert not noisy[name].equals(frames[name])
    assert not noisy["scores"]["value"].equals(frames["scores"]["value"])
    pd.testing.assert_series_equal(noisy["scores"]["se"], frames["scores"]["se"])


# --- sizes and parameters


def test_sizes(frames):
    assert list(frames) == list(TABLES)
    assert len(frames["accounts"]) == 24
    assert len(frames["companies"]) == 13
    assert 1400 <= len(frames["stakeholders"]) <= 1600
    assert 8000 <= len(_reference(frames["ties"])) <= 10000
    assert all(len(frames[name]) for name in TABLES)
    assert 6000 <= len(frames["interactions"]) <= 9000
    size = _reference(frames["memberships"]).groupby("account_id")["stakeholder_id"].nunique()
    assert size.min() < 35
    assert size.max() > 150


def test_counts_are_honoured():
    small = generate(n_accounts=3, n_companies=2, rng=5)
    assert (len(small["accounts"]), len(small["companies"])) == (3, 2)
    assert small["scores"]["company_id"].nunique() == 2
    assert _reference(small["memberships"])["account_id"].nunique() == 3


def test_scale_multiplies_stakeholders(frames):
    ratio = len(generate(scale=3.0)["stakeholders"]) / len(frames["stakeholders"])
    assert 2.8 < ratio < 3.2


def test_one_account_and_one_company():
    small = generate(n_accounts=1, n_companies=1)
    _check(small)
    assert small["company_accounts"].shape[0] == 1


@pytest.mark.parametrize("wrong", [{"n_accounts": 0}, {"n_companies": 0}, {"noise": -1}, {"scale": 0}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(ValueError, match="at least"):
        generate(**wrong)


# --- valid against the schema


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_table_keeps_the_rules_of_the_schema(seed, frames):
    _check(generate(rng=seed) if seed else frames)


def _check(frames):
    for name, frame in frames.items():
        table = schema.table(name)
        assert list(frame.columns) == [column for column in table.names if column in frame.columns]
        assert frame.notna().any().all(), f"{name}: entirely blank columns are left out"
        key = [column for column in table.key if column in frame]
        assert not frame.duplicated(key).any(), f"{name}: duplicate keys"
        for column in table.columns:
            if column.name in frame:
                _check_column(name, column, frame, frames)
            else:
                assert not column.required
        for start, end in table.periods:
            if end in frame:
                both = frame.dropna(subset=[start, end])
                assert (both[start] < both[end]).all()


def _check_column(name, column, frame, frames):
    values = frame[column.name].dropna()
    where = f"{name}.{column.name}"
    assert not column.required or len(values) == len(frame), where
    if column.type == "word":
        assert set(values) <= set(column.words), where
    if column.type == "list" and column.words:
        assert set(_lists(values)) <= set(column.words), where
    if column.type == "flag":
        assert set(values) <= {"yes", "no"}, where
    if column.type == "date":
        assert values.map(dt.date.fromisoformat).notna().all(), where
        assert not column.recorded or values.max() <= AS_OF, where
    if column.type in ("number", "integer"):
        numbers = pd.to_numeric(values)
        assert np.isfinite(numbers).all(), where
        assert column.low is None or (numbers >= column.low).all(), where
        assert column.high is None or (numbers <= column.high).all(), where
        assert column.type == "number" or (numbers % 1 == 0).all(), where
    if column.references:
        target = schema.table(column.references)
        named = _lists(values) if column.type == "list" else values
        assert set(named) <= set(frames[target.name][target.key[-1]]), where


def test_reader_finds_no_error():
    """The same by the room which reads users' files (skipped while it is being built)."""
    tables = pytest.importorskip("ecosystem_iq.tables")
    problems = tables.check(ROOT / "data" / "demo")
    assert problems.ok, problems.to_frame().to_string()


def test_ties_join_members_of_their_account(frames):
    ties, members = frames["ties"], _reference(frames["memberships"])
    assert not ties["source"].eq(ties["target"]).any()
    assert (ties["last_confirmed"] >= ties["valid_from"]).all()
    inside = set(zip(members["account_id"], members["stakeholder_id"], strict=True))
    scoped = ties.dropna(subset=["account_id"])
    for end in ("source", "target"):
        assert set(zip(scoped["account_id"], scoped[end], strict=True)) <= inside


@pytest.mark.parametrize("kind", ["reports_to", "owns"])
def test_command_and_ownership_form_a_forest(frames, kind):
    ties = _reference(frames["ties"])
    ties = ties[ties["kind"].eq(kind)]
    child, parent = ("source", "target") if kind == "reports_to" else ("target", "source")
    assert not ties[child].duplicated().any()
    above = dict(zip(ties[child], ties[parent], strict=True))
    for start in above:
        seen, here = {start}, above.get(start)
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = above.get(here)


def test_undirected_ties_are_written_once(frames):
    ties = _reference(frames["ties"])
    ties = ties[ties["direction"].eq("undirected")]
    ends = [tuple(sorted(pair)) for pair in zip(ties["source"], ties["target"], strict=True)]
    assert not pd.DataFrame({"e": ends, "k": ties["kind"].array, "a": ties["account_id"].array}).duplicated().any()


def test_a_few_ties_are_stale(frames):
    share = (_reference(frames["ties"])["last_confirmed"] < "2024-12-30").mean()
    assert 0.005 < share < 0.1


# --- fictional, lawful


def test_everything_says_synthetic(frames, files):
    assert "(synthetic)" in tomllib.loads(files["workspace.toml"])["title"]
    assert "every name is fictional" in files["README.md"]
    assert frames["stakeholders"]["record_source"].eq("synthetic").all()
    assert frames["evidence"]["title"].str.endswith("(synthetic)").all()


def test_no_real_company_or_hospital(frames):
    organisations = frames["stakeholders"].loc[frames["stakeholders"]["kind"].ne("person"), "name"]
    for names in (frames["companies"]["name"], frames["accounts"]["name"], organisations):
        assert not names[names.str.contains(REAL)].tolist()
    assert not frames["companies"]["name"].duplicated().any()
    assert not frames["accounts"]["name"].duplicated().any()


def test_people_have_different_names_from_many_languages(frames):
    people = frames["stakeholders"].loc[frames["stakeholders"]["kind"].eq("person"), "name"]
    assert not people.duplicated().any()
    assert people.map(str.isascii).mean() < 0.8


def test_opinions_about_persons_have_a_basis(frames):
    people = frames["stakeholders"].set_index("stakeholder_id")
    members = _reference(frames["memberships"]).dropna(subset=["stance"])
    rows = people.loc[members["stakeholder_id"]]
    assert rows.loc[rows["kind"].eq("person"), ["lawful_basis", "informed_on"]].notna().all().all()
    special = set(people.index[people["special_category"].notna()])
    assert special
    held = frames["memberships"][frames["memberships"]["stakeholder_id"].isin(special)]
    assert held[["stance", "adaptability", "influence_judged"]].isna().all().all()


# --- what it is meant to show


def test_one_decision_maker_an_account_and_a_chain(frames):
    members = _reference(frames["memberships"])
    members = members[members["valid_to"].isna()]
    assert members[members["decision_role"].eq("decision_maker")].groupby("account_id").size().eq(1).all()
    slots = members.dropna(subset=["role_slot"]).groupby("account_id")["role_slot"].nunique()
    assert slots.min() >= 7
    assert slots.max() == 8
    assert 0.4 < members["stance"].notna().mean() < 0.9


def test_people_in_two_accounts_have_two_stances(frames):
    members = _reference(frames["memberships"])
    members = members[members["valid_to"].isna()]
    stances = members.groupby("stakeholder_id")["stance"].agg(["size", "nunique"])
    both = stances[stances["size"].eq(2)]
    assert len(both) >= 15
    assert both["nunique"].eq(2).mean() > 0.7


def test_company_side_columns_are_never_reference(frames, files):
    members = frames["memberships"]
    company_side = ["contact_depth", "relationship_level", "is_target", "owner"]
    assert _reference(members)[company_side].isna().all().all()
    own = tomllib.loads(files["workspace.toml"])["own_company"]
    met = members[members["holder"].eq(own) & members["owner"].notna()]
    log = frames["interactions"][frames["interactions"]["company_id"].eq(own)]
    pairs = ["account_id", "stakeholder_id"]
    assert set(zip(*met[pairs].to_numpy().T, strict=True)) == set(zip(*log[pairs].to_numpy().T, strict=True))
    assert met[company_side].notna().all().all()


@pytest.mark.parametrize("table", ["ties", "memberships", "values", "job_ratings", "trigger_events"])
def test_every_company_holds_rows_in_the_accounts_it_serves_and_nowhere_else(frames, table):
    held = frames[table].dropna(subset=["holder", "account_id"])
    assert held["holder"].nunique() == 13
    served = set(zip(*frames["company_accounts"][["company_id", "account_id"]].to_numpy().T, strict=True))
    assert set(zip(held["holder"], held["account_id"], strict=True)) <= served


def test_what_belongs_to_a_company_names_its_own_items(frames):
    owner = frames["plan"].set_index("item_id")["company_id"]
    log = frames["interactions"].dropna(subset=["item_id"])
    assert (log["item_id"].map(owner) == log["company_id"]).all()
    held = frames["trigger_events"].dropna(subset=["item_id"])
    assert (held["item_id"].map(owner) == held["holder"]).all()
    children = frames["plan"].dropna(subset=["parent_id"])
    assert (children["parent_id"].map(owner) == children["company_id"]).all()


def test_truth_lies_beside_the_tables_and_is_read_by_nobody(files, frames, tmp_path):
    truth = hidden_truth()
    assert {f"truth/{name}.csv" for name in truth} == {name for name in files if name.startswith("truth/")}
    for name, frame in truth.items():
        assert files[f"truth/{name}.csv"] == frame.to_csv(index=False, lineterminator="\n")
    tables = pytest.importorskip("ecosystem_iq.tables")
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert not [p for p in tables.check(tmp_path).to_frame()["table"] if "true" in str(p)]
    assert len(frames["accounts"]) == len(truth["accounts_true"])


def test_out_degree_has_a_heavy_tail(frames):
    ties = _reference(frames["ties"])
    degree = ties[ties["kind"].eq("influences")].groupby("source").size().sort_values(ascending=False)
    people = frames["stakeholders"]["kind"].isin(["person", "committee", "payer"]).sum()
    top = degree.head(people // 10).sum() / degree.sum()
    assert top > 0.3


def test_most_companies_are_aware_and_few_act(frames):
    axes = _points(frames["scores"])
    aware = ((axes["readiness"] >= 50) & (axes["action"] < 50)).sum()
    leaders = ((axes["readiness"] >= 50) & (axes["action"] >= 50)).sum()
    assert 7 <= aware <= 9
    assert 2 <= leaders <= 3
    assert axes["action"].mean() < axes["readiness"].mean() - 10


@pytest.mark.parametrize("seed", range(1, 6))
def test_pattern_and_truth_hold_for_other_seeds(seed):
    axes = _points(generate(n_accounts=4, rng=seed)["scores"])
    aware = ((axes["readiness"] >= 50) & (axes["action"] < 50)).sum()
    assert 6 <= aware <= 10
    truth = latent(13, seed)
    for axis in ("readiness", "action"):
        mine = [e for e in indicators() if e.axis == axis]
        weights = np.array([e.weight for e in mine])
        level = truth[[e.id for e in mine]].to_numpy() @ weights / weights.sum()
        assert np.abs(axes[axis].to_numpy() - level).mean() < 5


def test_scores_cover_the_framework(frames):
    scores = frames["scores"]
    assert set(scores["indicator_id"]) == {entry.id for entry in indicators()}
    assert len(indicators()) == 26
    assert scores[scores["indicator_id"].eq("R10")].groupby(["company_id", "period"])["rater"].nunique().eq(2).all()
    assert set(scores["state"]) == {"scored", "not_disclosed", "not_assessed", "not_applicable"}
    assert (scores["value"].isna() == scores["state"].ne("scored")).all()
    assert set(scores["period"]) == {"2025", "2026"}
    low_high = {e.id: sorted((e.low, e.high)) for e in indicators()}
    for indicator, values in scores.groupby("indicator_id")["value"]:
        low, high = low_high[indicator]
        assert values.dropna().between(low * 0.9 - 1e-9, high + 1e-9).all(), indicator


def test_evidence_is_graded_and_older_than_what_rests_on_it(frames):
    assert set(frames["evidence"]["grade"]) == set("ABCD")
    dated = frames["scores"].merge(frames["evidence"], on="evidence_id")
    assert (dated["date"] <= dated["as_of"]).all()


def test_acting_companies_are_answered_by_those_who_matter(frames):
    """Counted from the log alone: share of deciders with an answer in 180 days follows what is true of the company."""
    log = frames["interactions"]
    recent = log[(log["date"] >= "2026-01-01") & log["direction"].isin(["two_way", "inbound"])]
    met = set(zip(recent["company_id"], recent["account_id"], recent["stakeholder_id"], strict=True))
    deciders = _reference(frames["memberships"])
    deciders = deciders[
        deciders["decision_role"].isin(["decision_maker", "approver", "gatekeeper"]) & deciders["valid_to"].isna()
    ]
    pairs = frames["company_accounts"].merge(deciders, on="account_id")
    pairs["met"] = [
        key in met for key in zip(pairs["company_id"], pairs["account_id"], pairs["stakeholder_id"], strict=True)
    ]
    share = pairs.groupby("company_id")["met"].mean()
    assert np.corrcoef(share, latent()["A2"])[0, 1] > 0.8
    together = log["mode"].eq("co_design").groupby(log["company_id"]).mean()
    assert np.corrcoef(together, latent()["A1"])[0, 1] > 0.6


def test_companies_contact_only_accounts_they_serve(frames):
    served = set(zip(frames["company_accounts"]["company_id"], frames["company_accounts"]["account_id"], strict=True))
    assert set(zip(frames["interactions"]["company_id"], frames["interactions"]["account_id"], strict=True)) <= served
    per_company = frames["company_accounts"].groupby("company_id").size()
    assert per_company.between(5, 14).all()
    assert per_company.size == 13


def test_accounts_differ_in_who_decides_owns_and_opposes(frames):
    """Behaviour planted in the rows can be counted in them."""
    accounts = frames["accounts"].set_index("account_id")
    members = _reference(frames["memberships"]).merge(frames["stakeholders"], on="stakeholder_id")
    boss = members[members["decision_role"].eq("decision_maker")].drop_duplicates("account_id").set_index("account_id")
    assert (boss["group"] == "payer").sum() >= 3
    assert (boss["group"] == "executive").sum() >= 15
    word = {"opponent": -2, "non_supporter": -1, "neutral": 0, "supporter": 1, "advocate": 2}
    climate = members.assign(level=members["stance"].map(word)).groupby("account_id")["level"].mean()
    assert climate.max() - climate.min() > 1
    assert set(accounts["kind"]) >= {"idn", "ics", "aco", "hospital_group", "regional_payer", "oncology_network"}
