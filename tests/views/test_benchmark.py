"""The benchmark as a payload."""

from __future__ import annotations

import json

import pytest
from ecosystems import ecosystem, mapped, people, ties
from secrets_data import SECRET

from ecosystem_iq.assessment import assess
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.errors import InputError
from ecosystem_iq.views import benchmark_view
from ecosystem_iq.views.benchmark import QUADRANTS

KEYS = {"page", "title", "subtitle", "notice", "axes", "composite", "quadrants", "dimensions", "companies", "findings",
        "interval", "recipe", "links"}  # fmt: skip
COMPANY = {"name", "ranked", "rank", "rank_low", "rank_high", "recipe_low", "recipe_high",
           "tie_group", "tied_with", "p_first", "gap", "quadrant",
           "quadrant_probability", "band", "data_coverage", "dimensions"}  # fmt: skip
FRAMEWORK = parse_framework(
    {
        "title": "Two axes",
        "composite": "eiq",
        "method": "geometric",
        "missing": {"dimension": 0.3},
        "axis": [{"id": "readiness"}, {"id": "action"}],
        "indicator": [
            {"id": "r", "node": "readiness", "goalposts": [0, 100]},
            *({"id": f"a{k}", "node": "action", "goalposts": [0, 100]} for k in range(3)),
        ],
    }
)
SURE = {"method": "survey", "se": 0.5, "evidence_id": "e"}


def assessed(scores, framework=FRAMEWORK, settings=None):
    """An assessment of companies with a score of readiness and a score (or three) of action each."""
    rows = [
        {"company_id": company, "indicator_id": name, "value": value} | SURE
        for company, (ready, *acts) in scores.items()
        for name, value in {"r": ready, **{f"a{k}": value for k, value in enumerate(acts)}}.items()
    ]
    names = [{"company_id": c, "name": c.title()} for c in scores]
    proof = [{"evidence_id": "e", "kind": "document", "grade": "A"}]
    eco = ecosystem(companies=names, scores=rows, evidence=proof, settings=settings)
    return assess(eco, framework=framework, draws=500)


def view(scores, **more):
    return checked(benchmark_view(assessed(scores, **more)))


def three(ready, action):
    return (ready, action, action, action)


def checked(found):
    json.dumps(found, allow_nan=False)
    assert set(found) == KEYS
    ranked = [company for company in found["companies"] if company["ranked"]]
    names = [company["name"] for company in found["companies"]]
    assert [c["ranked"] for c in found["companies"]] == [True] * len(ranked) + [False] * (len(names) - len(ranked))
    assert [c["rank"] for c in ranked] == sorted(c["rank"] for c in ranked)
    scored = {found["composite"]["id"], *(axis["id"] for axis in found["axes"])}
    for company in found["companies"]:
        assert set(company) == COMPANY | {f"{name}{end}" for name in scored for end in ("", "_low", "_high")}
        assert set(company["dimensions"]) == {dimension["id"] for dimension in found["dimensions"]}
        assert set(company["tied_with"]) <= set(names) - {company["name"]}
        for name in scored:
            if company[name] is not None:
                assert company[f"{name}_low"] <= company[name] <= company[f"{name}_high"]
    for company in ranked:
        assert company["rank_low"] <= company["rank"] <= company["rank_high"]
    if found["quadrants"]:
        both = [c for c in found["companies"] if c["readiness"] is not None and c["action"] is not None]
        assert sum(found["quadrants"].values()) == len(both)
        for quadrant, count in found["quadrants"].items():
            assert sum(c["quadrant"].casefold() == quadrant for c in found["companies"]) == count
    return found


def test_the_demo(demo):
    found = checked(benchmark_view(demo, [{"label": "All", "href": "index.html"}]))
    assert len(found["companies"]) == 13
    assert [axis["id"] for axis in found["axes"]] == ["readiness", "action"]
    assert found["composite"] == {"id": "eiq", "label": "Ecosystem IQ"}
    assert len(found["dimensions"]) == 8
    assert set(found["quadrants"]) == set(QUADRANTS)
    assert demo.scorecard.framework.hash[:8] in found["subtitle"]
    table = demo.scorecard.table.set_index("company_id")
    names = demo.ecosystem.tables["companies"].set_index("company_id")["name"]
    for company, row in zip(found["companies"], table.to_dict("index").values(), strict=True):
        assert company["eiq"] == pytest.approx(row["eiq"], rel=1e-5)
    assert [c["name"] for c in found["companies"]] == [names[c] for c in table.index]


def test_numbers_and_words_of_a_company():
    company = view({"acme": three(81, 25), "best": three(90, 90)})["companies"][1]
    assert (company["name"], company["rank"], company["eiq"]) == ("Acme", 2, pytest.approx(45, rel=1e-6))
    assert (company["band"], company["quadrant"].casefold()) == ("fair", "aware, not pivoted")
    assert company["gap"] == pytest.approx(56)
    assert company["tied_with"] == []
    assert company["p_first"] == 0


def test_unranked_companies_have_blanks():
    found = view({"acme": three(81, 25), "some": (50,)})
    some = found["companies"][1]
    assert (some["ranked"], some["rank"], some["eiq"], some["eiq_low"], some["p_first"]) == (
        False,
        None,
        None,
        None,
        None,
    )
    assert (some["readiness"], some["band"], some["quadrant"], some["tie_group"]) == (50, "", "", "")


def test_no_secret_leaves_the_tables(secretive):
    text = json.dumps(checked(benchmark_view(secretive)))
    assert SECRET not in text
    assert "Firm 1" in text


def test_hostile_names_pass_through_untouched():
    name = "</script><img onerror=alert(1)>"
    rows = [{"company_id": "x", "indicator_id": i.id, "value": 50} for i in FRAMEWORK.indicators]
    eco = ecosystem(companies=[{"company_id": "x", "name": name}], scores=rows)
    found = checked(benchmark_view(assess(eco, framework=FRAMEWORK, draws=50)))
    assert found["companies"][0]["name"] == name
    assert name in found["findings"][0]


def test_without_two_axes_there_are_no_quadrants():
    single = parse_framework({"indicator": [{"id": "r", "node": "composite", "goalposts": [0, 100]}]})
    found = view({"acme": (70,), "beta": (20,)}, framework=single)
    assert (found["quadrants"], found["axes"], found["dimensions"]) == ({}, [], [])
    assert (found["companies"][0]["gap"], found["companies"][0]["quadrant"]) == (None, "")
    assert len(found["findings"]) == 1


def test_the_leader_is_ahead_or_tied_or_alone():
    assert view({"acme": three(90, 90), "beta": three(40, 40)})["findings"][0] == (
        "Acme scores highest (90 of 100), clearly ahead of all others."
    )
    assert view({"acme": three(60, 60), "beta": three(60, 60)})["findings"][0] == (
        "Acme scores highest (60 of 100), but cannot be told apart from Beta."
    )
    assert view({"acme": three(60, 60), "beta": (50,)})["findings"][0] == (
        "Acme scores highest (60 of 100): no other company is ranked."
    )


def test_who_leads_only_because_much_was_not_assessed_is_not_called_ahead():
    """One good score of three makes the point; draws put what is missing at 40."""
    found = view({"acme": (100, 100), "beta": three(99, 97)})
    assert [c["name"] for c in found["companies"]] == ["Acme", "Beta"]
    assert found["companies"][1]["p_first"] > 0.95
    assert found["findings"][0] == (
        "Acme scores highest (100 of 100), but falls behind Beta once what nobody assessed is drawn as well."
    )


def test_findings_count_and_compare():
    found = view({"acme": three(90, 20), "beta": three(60, 40), "gamma": three(20, 80)})
    assert found["findings"][1].startswith("2 of 3 companies are aware but have not pivoted")
    assert found["findings"][2] == "The widest gap between knowing and doing is at Acme (readiness 90, action 20)."
    assert view({"acme": three(20, 80), "beta": three(40, 40)})["findings"][2] == (
        "No company knows more than it does: readiness is nowhere above action."
    )


def test_findings_of_the_demo_are_true(demo):
    table, sentences = demo.scorecard.table, benchmark_view(demo)["findings"]
    names = demo.ecosystem.tables["companies"].set_index("company_id")["name"]
    first = table.iloc[0]
    assert sentences[0].startswith(f"{names[first['company_id']]} scores highest ({first['eiq']:.0f} of 100)")
    wins = demo.scorecard.wins.loc[first["company_id"]].drop(first["company_id"])
    assert ("clearly ahead" in sentences[0]) == (wins >= 0.95).all()
    stuck = ((table["readiness"] >= 50) & (table["action"] < 50)).sum()
    assert sentences[1].startswith(f"{stuck} of 13 companies")
    widest = table.loc[(table["readiness"] - table["action"]).idxmax()]
    assert names[widest["company_id"]] in sentences[2]


def test_nobody_ranked_is_said():
    found = view({"acme": (50,), "beta": (60,)})
    assert found["findings"] == ["No company has enough scores on every axis to be ranked."]
    assert sum(found["quadrants"].values()) == 0


def test_without_a_benchmark_there_is_no_view():
    with pytest.raises(InputError, match=r"companies\.csv and scores\.csv"):
        benchmark_view(mapped(ecosystem(stakeholders=people("a", "b"), ties=ties("ab"))))


def test_ties_are_listed_by_name():
    found = view({c: three(50 + k / 10, 50) for k, c in enumerate(["a", "b", "c", "d", "e", "f"])})
    assert found["findings"][0].endswith("cannot be told apart from E, D, C and 2 others.")
    assert found["companies"][0]["tied_with"] == ["E", "D", "C", "B", "A"]
