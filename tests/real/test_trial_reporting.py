"""Public data about companies: reported trials as a benchmark, payments as context, adoptions for the backtest."""

from __future__ import annotations

import csv
import html
import json
import re
import runpy
from collections import Counter, defaultdict

import pandas as pd
import pytest
from scipy.stats import beta
from workspaces import run, write

from ecosystem_iq.assessment import assess
from ecosystem_iq.benchmark import compute_indicators, load_framework, score
from ecosystem_iq.pages import benchmark_page
from ecosystem_iq.tables import check, load
from ecosystem_iq.views import benchmark_view

OTHER_WORDS = re.compile(r"ecosystem[\s-]*iq|\beiq\b", re.IGNORECASE)
FEW = ["--draws", "1000"]


def read(*path):
    with path[0].joinpath(*path[1:]).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def source(extra_data):
    return extra_data / "data" / "trial_reporting_by_sponsor"


@pytest.fixture(scope="module")
def prepare(root):
    """``scripts/prepare_transparency.py``."""
    return runpy.run_path(str(root / "scripts" / "prepare_transparency.py"))["prepare"]


@pytest.fixture(scope="module")
def workspace(prepare, source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "reporting"
    assert prepare(source, folder) == 50
    return folder


@pytest.fixture(scope="module")
def counted(root, source):
    """Company → (completed, unreported), added up here from the published file and the cross-walk."""
    company_of = {row["sponsor"]: row["company"] for row in read(root, "data", "mappings", "trial_sponsors.csv")}
    totals = defaultdict(lambda: [0, 0])
    for row in read(source, "sponsor_year.csv"):
        if row["lead_sponsor_class"] == "Industry":
            total = totals[company_of.get(row["lead_sponsor"], row["lead_sponsor"])]
            total[0] += int(row["completed_trials"])
            total[1] += int(row["unreported_trials"])
    return totals


@pytest.fixture(scope="module")
def ranking(workspace):
    """Company → its row in the table of ``ecosystem-iq benchmark``."""
    ran = run("benchmark", workspace, *FEW, "-q", "--format", "json")
    assert ran.code == 0, ran.err
    return {row["company_id"]: row for row in json.loads(ran.out)}


# ------------------------------------------------------------------------------------------------ trial reporting


def test_sponsors_are_joined_to_companies(source, root, counted, workspace):
    sponsors = {
        row["lead_sponsor"] for row in read(source, "sponsor_year.csv") if row["lead_sponsor_class"] == "Industry"
    }
    joined = {row["sponsor"] for row in read(root, "data", "mappings", "trial_sponsors.csv")}
    assert (len(sponsors), len(counted)) == (69, 50)
    assert joined <= sponsors  # nothing in the cross-walk is misspelt
    assert {row["company_id"] for row in read(workspace, "companies.csv")} == set(counted)
    assert "69 industry sponsors" in read(workspace, "evidence.csv")[0]["title"]


def test_every_rate_is_that_of_the_added_up_trials(workspace, counted):
    scores = read(workspace, "scores.csv")
    assert len(scores) == 50
    for row in scores:
        completed, unreported = counted[row["company_id"]]
        assert int(row["n"]) == completed
        assert float(row["value"]) == pytest.approx(1 - unreported / completed, abs=1e-9)


@pytest.mark.parametrize(
    ("company", "sponsors"),
    [
        ("Novartis", ["Alcon Research", "CIBA VISION", "Novartis", "Novartis Pharmaceuticals", "Novartis Vaccines"]),
        ("Johnson & Johnson", [
            "Janssen Pharmaceutical K.K.", "Janssen Research & Development, LLC",
            "Johnson & Johnson Pharmaceutical Research & Development, L.L.C.", "Johnson & Johnson Vision Care, Inc.",
        ]),
    ],
)  # fmt: skip
def test_two_groups_by_name(source, workspace, company, sponsors):
    """Named here, not taken from the cross-walk."""
    rows = [row for row in read(source, "sponsor_year.csv") if row["lead_sponsor"] in sponsors]
    assert {row["lead_sponsor"] for row in rows} == set(sponsors)
    completed, unreported = (sum(int(row[f"{kind}_trials"]) for row in rows) for kind in ("completed", "unreported"))
    found = {row["company_id"]: row for row in read(workspace, "scores.csv")}[company]
    assert int(found["n"]) == completed
    assert float(found["value"]) == pytest.approx(1 - unreported / completed, abs=1e-9)


def test_standard_errors_are_those_of_jeffreys(workspace):
    for row in read(workspace, "scores.csv"):
        n, hits = int(row["n"]), float(row["value"]) * int(row["n"])
        assert float(row["se"]) == pytest.approx(beta(hits + 0.5, n - hits + 0.5).std(), rel=1e-6)


def test_nothing_is_wrong_with_the_workspace(workspace):
    assert [str(problem) for problem in check(workspace).at("error")] == []


def test_companies_are_ranked_with_intervals_by_the_workspaces_own_framework(ranking, counted, workspace):
    assert len(ranking) == 50
    for company, row in ranking.items():
        completed, unreported = counted[company]
        assert row["reporting_rate"] == pytest.approx(100 * (1 - unreported / completed), abs=1e-6)
        assert row["reporting_rate_low"] <= row["reporting_rate"] <= row["reporting_rate_high"]
        assert row["reporting_rate_low"] < row["reporting_rate_high"]
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
        assert row["ranked"]
        assert row["tie_group"]
    assert "readiness" not in next(iter(ranking.values()))
    assert "Framework trial-reporting 1.0.0" in run("benchmark", workspace, *FEW).err


def test_the_higher_rate_has_the_better_rank(ranking):
    rows = sorted(ranking.values(), key=lambda row: row["rank"])
    rates = [row["reporting_rate"] for row in rows]
    assert rates == sorted(rates, reverse=True)


def width(row):
    return row["reporting_rate_high"] - row["reporting_rate_low"]


def test_few_trials_are_less_sure(ranking, counted, workspace):
    assert counted["Ascensia Diabetes Care"] == [31, 0]
    assert counted["Novartis"][0] > 1000
    se = {row["company_id"]: float(row["se"]) for row in read(workspace, "scores.csv")}
    assert se["Ascensia Diabetes Care"] > 1.5 * se["Novartis"]
    assert width(ranking["Ascensia Diabetes Care"]) > 2  # 31 of 31, and still not certain
    pairs = [
        (few, many) for few, (n, _) in counted.items() for many, (m, _) in counted.items()
        if n < 60 and m > 300 and abs(ranking[many]["reporting_rate"] - ranking[few]["reporting_rate"]) < 5
    ]  # fmt: skip
    assert len(pairs) > 5
    for few, many in pairs:  # which report nearly alike
        assert width(ranking[few]) > width(ranking[many]), (few, many)


def test_31_of_31_is_less_sure_than_941_of_1401(ranking):
    assert width(ranking["Ascensia Diabetes Care"]) > width(ranking["Novartis"])


def test_intervals_agree_with_those_of_the_exact_posterior(workspace, counted):
    card = assess(load(workspace), draws=20_000).scorecard.table.set_index("company_id")
    for company, (completed, unreported) in counted.items():
        if 0 < unreported < completed:
            exact = 100 * beta(completed - unreported + 0.5, unreported + 0.5).ppf([0.05, 0.95])
            found = card.loc[company, ["reporting_rate_low", "reporting_rate_high"]].to_numpy(dtype=float)
            assert found == pytest.approx(exact, abs=1.5), company


def test_the_command_line_never_calls_it_an_ecosystem_iq(workspace):
    for options in ([], ["--explain", "Novartis"], ["--format", "csv"]):
        ran = run("benchmark", workspace, *FEW, *options)
        assert ran.code == 0
        assert OTHER_WORDS.findall(ran.out + ran.err) == []
    assert "measures neither readiness nor action" in run("benchmark", workspace, *FEW).err


def test_the_view_never_calls_it_an_ecosystem_iq(workspace):
    payload = benchmark_view(assess(load(workspace), draws=200))
    assert OTHER_WORDS.findall(json.dumps(payload)) == []
    assert payload["title"] == "Reporting rate benchmark"


def test_the_page_never_calls_it_an_ecosystem_iq(workspace):
    page = benchmark_page(benchmark_view(assess(load(workspace), draws=200)))
    seen = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page.html)
    assert OTHER_WORDS.findall(html.unescape(seen)) == []
    assert "Reporting rate" in seen
    assert "Ascensia Diabetes Care" in seen
    assert not re.search(r">(Gap|Quadrant)", seen)


def test_it_can_be_published(workspace, tmp_path):
    ran = run("run", workspace, "-o", tmp_path / "out", *FEW)
    assert ran.code == 0, ran.err
    assert (tmp_path / "out" / "benchmark.html").exists()


def test_a_company_with_few_trials_is_not_ranked(prepare, tmp_path):
    """Without the published data: 19 and 20 trials, and a subsidiary which lifts a company over the line."""
    rows = [("Small Co", 19, 1), ("Enough Co", 20, 1), ("Eisai Inc.", 12, 3), ("Eisai Co., Ltd.", 12, 3)]
    text = "lead_sponsor,lead_sponsor_class,year,completed_trials,unreported_trials\n" + "".join(
        f'"{name}",Industry,2010,{completed},{unreported}\n' for name, completed, unreported in rows
    )
    text += "A University,Other,2010,500,400\n"
    assert prepare(write(tmp_path / "source", {"sponsor_year.csv": text}), tmp_path / "ws") == 3
    ran = run("benchmark", tmp_path / "ws", *FEW, "-q", "--format", "json")
    assert ran.code == 0, ran.err
    table = {row["company_id"]: row for row in json.loads(ran.out)}
    assert {name: row["ranked"] for name, row in table.items()} == {
        "Small Co": False, "Enough Co": True, "Eisai": True,
    }  # fmt: skip
    assert table["Small Co"]["rank"] is None
    assert table["Eisai"]["reporting_rate"] == pytest.approx(75)


def test_the_framework_has_one_indicator_and_claims_no_more():
    framework = load_framework("builtin:trial-reporting")
    assert [indicator.id for indicator in framework.indicators] == ["results_reported"]
    assert framework.axes == () or list(framework.axes) == []
    assert OTHER_WORDS.findall(f"{framework.title} {framework.id} {framework.indicators[0].definition}") == []


def test_the_error_of_the_script_is_the_one_the_benchmark_would_make(workspace):
    framework = load_framework("builtin:trial-reporting")
    values = compute_indicators(load(workspace), framework)
    one, other = (score(v, framework, draws=10).matrix.sd for v in (values, values.assign(se=None)))
    assert one == pytest.approx(other, rel=1e-6)


# ------------------------------------------------------------------------------------------------ other data sets


@pytest.fixture(scope="module")
def imported(root, extra_data, tmp_path_factory):
    """Imports a data set by its shipped mapping."""

    def made(name):
        folder = tmp_path_factory.mktemp("real") / name
        mapping = root / "data" / "mappings" / f"{name}.toml"
        ran = run("import", extra_data / "data" / name, folder, "--map", mapping)
        assert ran.code == 0, ran.err
        return folder

    return made


@pytest.fixture(scope="module")
def payments(imported):
    return imported("open_payments_iowa")


def test_payments_become_transfers_and_nothing_else(payments, extra_data):
    given = pd.read_csv(extra_data / "data" / "open_payments_iowa" / "payments.csv", dtype={"physician_id": "str"})
    eco = load(payments)
    tables = {name: len(table) for name, table in eco.tables.items() if len(table)}
    assert tables == {"stakeholders": 2037, "companies": 592, "transfers": len(given)}
    transfers = eco.tables["transfers"]
    assert transfers["amount"].sum() == pytest.approx(given["amount_usd"].sum())
    assert transfers["count"].sum() == given["payments"].sum() == 126_084
    assert set(transfers["currency"]) == {"USD"}
    assert transfers["nature"].nunique() == 14
    by = transfers.groupby("company_id")["amount"].sum()
    assert by.to_dict() == pytest.approx(given.groupby(given["company_id"].astype(str))["amount_usd"].sum().to_dict())
    assert [str(problem) for problem in check(payments).at("error") if problem.code != "missing_table"] == []


def test_payments_alone_are_no_map_and_no_benchmark(payments, tmp_path):
    for command in (["map", payments], ["benchmark", payments], ["run", payments, "-o", tmp_path / "out"]):
        ran = run(*command)
        assert ran.code == 1
        assert ran.err.splitlines()[-1].startswith("Error: ")


@pytest.fixture(scope="module")
def physicians(imported):
    return load(imported("medical_innovation"))


@pytest.fixture(scope="module")
def nodes(extra_data):
    return {row["node_id"]: row for row in read(extra_data, "data", "medical_innovation", "nodes.csv")}


def test_adoptions_are_dated_and_those_who_did_not_adopt_are_censored(physicians, nodes):
    adoptions = physicians.tables["adoptions"].set_index("stakeholder_id")
    assert set(adoptions.index) == set(nodes)
    assert adoptions["adopted_on"].isna().sum() == 16
    assert set(adoptions.index[adoptions["adopted_on"].isna()]) == {
        name for name, row in nodes.items() if row["adoption_month"] == "18"
    }
    known = adoptions[adoptions["adopted_on"].notna()]
    assert known["adopted_on"].between(known["observed_from"], known["observed_to"]).all()
    order = sorted(known.index, key=lambda name: (known["adopted_on"][name], int(nodes[name]["adoption_month"])))
    months = [int(nodes[name]["adoption_month"]) for name in order]
    assert months == sorted(months)
    assert known["adopted_on"].nunique() == len(set(months))  # no two months became one date
    assert Counter(known["adopted_on"]).total() == 109


@pytest.mark.parametrize(
    ("month", "date"),
    [("1", "1953-11-01"), ("2", "1953-12-01"), ("3", "1954-01-01"), ("14", "1954-12-01"), ("17", "1955-02-01")],
)
def test_months_are_counted_from_november_1953(physicians, nodes, month, date):
    adoptions = physicians.tables["adoptions"].set_index("stakeholder_id")["adopted_on"]
    found = {str(adoptions[name].date()) for name, row in nodes.items() if row["adoption_month"] == month}
    assert found == {date}


@pytest.mark.parametrize(("covariate", "column"), [("detail_men", "detail"), ("science_orientation", "science")])
def test_exposures_are_the_answers_and_a_missing_one_is_missing(physicians, nodes, covariate, column):
    exposures = physicians.tables["exposures"]
    found = exposures[exposures["covariate"] == covariate].set_index("stakeholder_id")["value"].to_dict()
    assert found == {name: float(row[column]) for name, row in nodes.items() if row[column]}
    assert 100 < len(found) <= 125
