"""A workspace in memory: what holds when, whose knowledge, and who must not be in it."""

from __future__ import annotations

import datetime as dt

import pytest
from workspaces import COMPANIES, PEOPLE, SMALL, TIES, contents, places, write

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError
from ecosystem_iq.tables import check, load

DATED = "source,target,layer,holder,valid_from,valid_to,last_confirmed\n"


def loaded(folder, **files):
    options = {name: files.pop(name) for name in ("as_of", "keep_going") if name in files}
    return load(write(folder, {**SMALL, **{n.replace("__", "."): text for n, text in files.items()}}), **options)


def test_every_table_and_column_is_there_whatever_the_files(tmp_path):
    eco = loaded(tmp_path)
    assert set(eco.tables) == {table.name for table in schema.TABLES}
    for name, frame in eco.tables.items():
        assert set(frame.columns) >= set(schema.table(name).names)
        assert frame.index.name == "row"
        full = eco.tables["ties"].dtypes.astype(str)
        assert set(frame.dtypes.astype(str)) <= {"str", "float64", "datetime64[us]", "boolean"}, full


@pytest.mark.parametrize(
    ("files", "as_of"),
    [
        ({}, None),
        ({"ties__csv": DATED + "a,b,,,2025-01-01,2027-01-01,2026-05-01\n"}, dt.date(2026, 5, 1)),
        ({"ties__csv": DATED + "a,b,,,2026-05-02,,2026-05-01\n"}, dt.date(2026, 5, 2)),
        ({"stakeholders__csv": PEOPLE.replace("lawful_basis", "retain_until").replace("consent", "2030-01-01")}, None),
        ({"workspace__toml": "as_of = 2020-01-01", "ties__csv": DATED + "a,b,,,,,2026-05-01\n"}, dt.date(2020, 1, 1)),
        ({"as_of": "2021-01-01", "workspace__toml": "as_of = 2020-01-01"}, dt.date(2021, 1, 1)),
        ({"as_of": dt.date(2021, 1, 1)}, dt.date(2021, 1, 1)),
    ],
    ids=["none", "newest", "begin", "retention", "settings", "argument", "date"],
)
def test_today_is_the_newest_recorded_date_unless_it_is_said(tmp_path, files, as_of):
    eco = loaded(tmp_path, **files)
    assert eco.as_of == as_of
    assert eco.settings.as_of == as_of


@pytest.mark.parametrize("as_of", ["soon", "2026-13-01", "30.06.2026", ""])
def test_a_day_which_is_none_is_refused(tmp_path, as_of):
    with pytest.raises(InputError, match="as_of"):
        loaded(tmp_path, as_of=as_of)


@pytest.mark.parametrize(
    ("day", "rows"),
    [("2024-12-31", "o"), ("2025-01-01", "fo"), ("2025-12-31", "fo"), ("2026-01-01", "eo"), ("2027-01-01", "eo")],
)
def test_a_row_counts_from_its_begin_until_the_day_before_its_end(tmp_path, day, rows):
    ties = DATED + "a,b,f,,2025-01-01,2026-01-01,\na,b,e,,2026-01-01,,\na,b,o,,,,\n"
    current = loaded(tmp_path, ties__csv=ties, as_of=day).current("ties")
    assert sorted(current["layer"]) == sorted(rows)


def test_knowledge_is_the_reference_or_one_holders(tmp_path):
    ties = DATED + "a,b,ref,,,,\na,b,mine,x,,,\na,b,theirs,y,,,\n"
    eco = loaded(tmp_path, ties__csv=ties, companies__csv=COMPANIES)
    assert {holder: eco.current("ties", holder)["layer"].tolist() for holder in (None, "x", "y", "z")} == {
        None: ["ref"],
        "x": ["mine"],
        "y": ["theirs"],
        "z": [],
    }
    assert len(eco.current("companies")) == 3  # a table without holder or dates is current as a whole


WITHHELD = "stakeholder_id,name,kind,org_id,objected_on,retain_until,as_of\n"


@pytest.mark.parametrize(
    ("row", "gone"),
    [
        ("d,Di,person,,2026-01-01,,", True),
        ("d,Di,person,,,2026-06-29,", True),
        ("d,Di,person,,,2026-06-30,", False),
        ("d,Di,person,,,2027-01-01,", False),
        ("d,Di,person,,,,", False),
    ],
    ids=["objected", "past", "today", "later", "neither"],
)
def test_who_objected_or_is_past_retention_is_nowhere(tmp_path, row, gone):
    people = WITHHELD + f"a,Ann,person,d,,,2026-06-30\nb,Bob,person,a,,,\n{row}\n"
    eco = loaded(
        tmp_path,
        stakeholders__csv=people,
        ties__csv="source,target\na,d\nd,b\na,b\n",
        accounts__csv="account_id,name,anchor_id\nacc,A,d\n",
        memberships__csv="stakeholder_id,account_id\nd,acc\nb,acc\n",
        companies__csv=COMPANIES,
        interactions__csv="interaction_id,company_id,date,stakeholder_id\n1,x,2026-01-01,d\n2,x,2026-01-01,b\n",
    )
    assert eco.withheld == int(gone)
    named = "".join(frame.to_csv() for frame in eco.tables.values())
    assert (",d," in named or "Di" in named) is not gone
    sizes = {
        name: len(eco.tables[name]) for name in ("stakeholders", "ties", "memberships", "interactions", "accounts")
    }
    full = {"stakeholders": 3, "ties": 3, "memberships": 2, "interactions": 2, "accounts": 1}
    few = {"stakeholders": 2, "ties": 1, "memberships": 1, "interactions": 1, "accounts": 1}
    assert sizes == (few if gone else full)


def test_rows_which_are_set_aside_name_nobody_who_is_withheld(tmp_path):
    people = WITHHELD + "a,Ann,persn,,2026-01-01,,\nb,Bob,person,,2026-01-01,,\nc,Cy,persn,,,,\ne,Eve,person,,,,\nf,Flo,person,,,,\n"  # fmt: skip # noqa: E501
    ties = "source,target,strength\na,e,\nb,e,9\nc,e,\ne,f,9\ne,f,1,1\n"
    eco = loaded(tmp_path, stakeholders__csv=people, ties__csv=ties, keep_going=True)
    assert eco.withheld == 2
    assert eco.rejected["stakeholders"]["stakeholder_id"].tolist() == ["c"]
    assert sorted(eco.rejected["ties"]["row"]) == [4, 5, 6]


def test_a_list_of_people_loses_only_those_who_are_withheld(tmp_path):
    people = WITHHELD + "a,Ann,person,,2026-01-01,,\nb,Bob,person,,,,\nc,Cy,person,,,,\n"
    plan = "item_id,company_id,level,statement,co_designer_ids\n1,x,tactic,S,a|b|c\n2,x,tactic,S,a\n3,x,tactc,S,b|a\n"
    eco = loaded(
        tmp_path, stakeholders__csv=people, ties__csv="source,target\nb,c\n", companies__csv=COMPANIES, plan__csv=plan,
        keep_going=True,
    )  # fmt: skip
    assert eco.tables["plan"]["co_designer_ids"].fillna("").tolist() == ["b|c", ""]
    assert "plan" not in eco.rejected


def test_the_fingerprint_is_that_of_what_is_used(tmp_path):
    first = loaded(tmp_path / "1").fingerprint
    assert loaded(tmp_path / "2", notes__csv="a\n1\n").fingerprint == first
    assert loaded(tmp_path / "3", ties__csv=TIES.replace("\n", "\r\n").replace(".5", "0.50")).fingerprint == first
    assert loaded(tmp_path / "4", ties__csv=TIES.replace(".5", ".6")).fingerprint != first
    assert loaded(tmp_path / "5", ties__csv=TIES + "c,a,9,1\n", keep_going=True).fingerprint == first


def test_loading_changes_nothing(tmp_path):
    before = contents(write(tmp_path))
    load(tmp_path)
    check(tmp_path)
    assert contents(tmp_path) == before


def test_a_workspace_with_errors_is_not_loaded_and_all_are_told(tmp_path):
    with pytest.raises(InputError, match=r"has 2 errors\.") as caught:
        loaded(tmp_path, ties__csv=TIES + "a,zz,9,1\n")
    assert len(caught.value.problems.at("error")) == 2
    with pytest.raises(InputError, match=r"has 1 error\."):
        loaded(tmp_path, ties__csv=TIES + "a,zz,1,1\n")


def test_what_is_needed_and_missing_is_named_with_what_it_holds(tmp_path):
    eco = loaded(tmp_path)
    eco.require("stakeholders", "ties", command="map")
    with pytest.raises(InputError, match=r"benchmark needs companies.csv \(who is compared\); scores.csv \(what"):
        eco.require("companies", "scores", command="benchmark")


@pytest.mark.parametrize(
    ("files", "level", "tables"),
    [
        ({}, "info", ["companies.csv", "scores.csv"]),
        ({"ties.csv": None}, "error", ["companies.csv", "scores.csv", "ties.csv"]),
        ({"ties.csv": None, "companies.csv": COMPANIES}, "error", ["scores.csv", "ties.csv"]),
    ],
)
def test_a_missing_table_is_an_error_when_no_command_can_run(tmp_path, files, level, tables):
    found = [p for p in check(write(tmp_path, {**SMALL, **files})) if p.code == "missing_table"]
    assert [(p.level, p.table) for p in found] == [(level, table) for table in tables]


def test_a_broken_table_is_not_called_missing(tmp_path):
    assert places(check(write(tmp_path, {**SMALL, "ties.csv": ""}))) == {("ties.csv", None, None, "empty_file")}


@pytest.mark.parametrize(
    ("company", "hint"), [("x", None), ("xx", 'Did you mean "x"?'), ("nobody", "")]
)  # fmt: skip
def test_my_own_company_is_one_of_the_companies(tmp_path, company, hint):
    files = {**SMALL, "companies.csv": COMPANIES, "workspace.toml": f'own_company = "{company}"'}
    found = [p.hint for p in check(write(tmp_path, files)) if p.table == "workspace.toml"]
    assert found == ([] if hint is None else [hint])


@pytest.mark.parametrize("name", ["nothing", "ties.csv", "a" * 300])
def test_what_is_no_folder_is_refused(tmp_path, name):
    write(tmp_path)
    for read in (load, check):
        with pytest.raises(InputError):
            read(tmp_path / name)
