"""A broken workspace: every fault by file, row and column; with ``keep_going``, what can be saved is."""

from __future__ import annotations

import pytest
from workspaces import BROKEN, PEOPLE, SMALL, TIES, contents, places, write

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables import check, load
from ecosystem_iq.tables.validation import connect

OPINIONS = "stakeholder_id,stance,adaptability,influence_judged\n"


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    return check(write(tmp_path_factory.mktemp("broken"), BROKEN))


def errors(folder, **files):
    return check(write(folder, {**SMALL, **{f"{name}.csv": text for name, text in files.items()}})).at("error")


def test_every_fault_of_a_broken_workspace_is_found_in_one_pass(broken):
    assert places(broken) == {
        ("stakeholders.csv", 5, "stakeholder_id", "duplicate_key"),
        ("stakeholders.csv", 6, "kind", "unknown_word"),
        ("ties.csv", 2, "strength", "out_of_range"),
        ("ties.csv", 3, "strength", "not_a_number"),
        ("ties.csv", 4, "target", "unknown_id"),
        ("ties.csv", 5, "target", "cycle"),
        ("ties.csv", 6, "target", "cycle"),
        ("ties.csv", 7, "valid_to", "period"),
        ("companies.csv", None, None, "empty_file"),
        ("evidence.csv", None, None, "binary_file"),
    }


def test_each_fault_says_what_to_do(broken):
    said = {f"{p.table} {p.row} {p.column}": f"{p.message} {p.hint}" for p in broken.at("error")}
    remedies = {
        "stakeholders.csv 5 stakeholder_id": (
            "a (first in row 2) is there already. The key is stakeholder_id: change one of them, or delete the row."
        ),
        "stakeholders.csv 6 kind": '"persn" is not a known word. Did you mean "person"?',
        "ties.csv 2 strength": (
            "-0.4 is not between 0 and 1. A tie which works against has sign -1 and a positive strength."
        ),
        "ties.csv 4 target": '"zz" is not in stakeholders.csv. Add it there, or correct the spelling.',
        "ties.csv 7 valid_to": (
            "must be later than valid_from; found 2026-01-01 to 2025-01-01. Check which of the two dates is wrong."
        ),
    }
    assert said | remedies == said
    assert all(problem.hint for problem in broken.at("error"))


def test_an_unknown_id_gets_the_nearest_known_one(tmp_path):
    people = PEOPLE + "helix-labs,Helix,organisation,\n"
    (found,) = errors(tmp_path, stakeholders=people, ties=TIES + "Helix Lab,a,.5,1\nhelix-labs,a,.5,1\n")
    assert str(found) == 'ties.csv row 4, source: "Helix Lab" is not in stakeholders.csv. Did you mean "helix-labs"?'


def test_an_id_of_ten_megabytes_gets_no_hint_and_no_wait(tmp_path):
    (found,) = errors(tmp_path, ties=TIES + "x" * 10_000_000 + ",a,.5,1\n")
    assert found.code == "unknown_id"
    assert len(found.message) < 200


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE t_ties; --", '""q""', "$1", "%s", "{value}", "日本", "=cmd|' /C calc'!A0", "a|b", "null"]
)  # fmt: skip
def test_ids_may_be_anything(tmp_path, name):
    people = f'{PEOPLE}"{name}",Name,person,x\n'
    eco = load(write(tmp_path, {"stakeholders.csv": people, "ties.csv": f'{TIES}"{name}",a,.5,1\n'}))
    assert eco.tables["ties"]["source"].iloc[-1] == name.replace('""', '"')
    assert eco.tables["stakeholders"]["stakeholder_id"].iloc[-1] == name.replace('""', '"')


def test_ids_are_text_with_every_digit(tmp_path):
    people = PEOPLE + "007,Zero,person,x\n123456789012345678,Veeva,person,x\n"
    (found,) = errors(tmp_path, stakeholders=people, ties=TIES + "007,123456789012345678,1,1\n7,a,1,1\n")
    assert (found.row, found.code, found.value) == (5, "unknown_id", "7")


@pytest.mark.parametrize(
    "header",
    [
        "row,value,item,n,first",
        "name$,strength$,foo$",
        'a""b,x;y',
        "'; drop table t_ties;--,$1",
        "t_ties,m,s,k,x",
        "É,é2,名前",
    ],
)
def test_attributes_may_be_called_anything(tmp_path, header):
    names = header.split(",")
    quoted = ",".join(f'"{name}"' for name in names)
    ties = f"source,target,{quoted}\na,b{',7' * len(names)}\n"
    frame = load(write(tmp_path, {**SMALL, "ties.csv": ties})).tables["ties"]
    kept = frame.columns[-len(names) :]
    assert frame[kept].iloc[0].tolist() == ["7"] * len(names)
    assert frame.index.tolist() == [2]


def test_three_hundred_attributes_are_kept(tmp_path):
    names = [f"c{n}" for n in range(300)]
    ties = f"source,target,{','.join(names)}\na,b,{','.join(names)}\n"
    frame = load(write(tmp_path, {**SMALL, "ties.csv": ties})).tables["ties"]
    assert frame[names].iloc[0].tolist() == names


def test_columns_without_a_name_are_no_columns(tmp_path):
    ties = "source,target,,\na,b,,x\nb,zz,,\n"
    assert places(check(write(tmp_path, {**SMALL, "ties.csv": ties}))) == {("ties.csv", 3, "target", "unknown_id")}


def test_a_decimal_comma_is_read_in_its_own_table_only(tmp_path):
    ties = "source;target;strength;confidence\na;b;0,25;1\nb;c;0.75;1\n"
    accounts = 'account_id,name,potential_value\nacc,A,"1,5"\n'
    files = {**SMALL, "ties.csv": ties, "accounts.csv": accounts}
    assert places(check(write(tmp_path, files))) == {("accounts.csv", 2, "potential_value", "not_a_number")}
    files["accounts.csv"] = None
    (tmp_path / "accounts.csv").unlink()
    assert load(write(tmp_path, files)).tables["ties"]["strength"].tolist() == [0.25, 0.75]


def test_a_table_which_is_missing_is_one_problem_a_column_not_one_a_row(tmp_path):
    ties = "source,target\n" + "".join(f"a{n},b{n}\n" for n in range(50))
    found = errors(tmp_path, stakeholders="", ties=ties)
    assert [(p.row, p.column) for p in found if p.code == "missing_table"] == [(2, "source"), (2, "target"), (3, "source"), (3, "target")]  # fmt: skip # noqa: E501
    assert found[-1].message == "has the same fault, as have 48 more rows."


def test_a_fault_of_a_thousand_rows_is_shown_for_some_and_counted_for_all(tmp_path):
    ties = "source,target,layer,strength\n" + "".join(f"a,b,{n},9\n" for n in range(1_503))
    found = errors(tmp_path, ties=ties)
    assert len(found) == 1_001
    assert (found[-1].row, found[-1].message) == (1_002, "has the same fault, as have 502 more rows.")


@pytest.mark.parametrize("column", ["holder", "account_id"])
def test_an_optional_reference_to_a_missing_table_is_an_error_only_in_a_key(tmp_path, column):
    (found,) = [p for p in check(write(tmp_path, {**SMALL, "ties.csv": f"source,target,{column}\na,b,q\n"})) if p.row == 2 and p.column == column]  # fmt: skip # noqa: E501
    assert (found.code, found.level) == ("missing_table", "error")


def test_evidence_may_be_kept_elsewhere(tmp_path):
    found = check(write(tmp_path, {**SMALL, "ties.csv": "source,target,evidence_id\na,b,ev-9\n"}))
    assert [p.level for p in found if p.code == "missing_table" and p.table == "ties.csv"] == ["warning"]


def test_blank_parts_of_a_key_are_a_value_of_their_own(tmp_path):
    ties = "source,target,layer,kind\na,b,,\na,b,x,\na,b,,advises\na,b,x,advises\na,b,,\n"
    assert places(errors(tmp_path, ties=ties)) == {("ties.csv", 6, "source", "duplicate_key")}


def test_rows_without_a_required_key_can_be_there_twice_too(tmp_path):
    funnel = "stage,period,patients_in,patients_out\naccess,2026,9,8\naccess,2025,9,8\naccess,2026,9,7\n"
    assert places(errors(tmp_path, funnel=funnel)) == {("funnel.csv", 4, "account_id", "duplicate_key")}


def test_nobody_is_tied_to_themselves(tmp_path):
    assert places(errors(tmp_path, ties=TIES + "c,c,1,1\n")) == {("ties.csv", 4, "target", "self_tie")}


PRIVATE = (
    "stakeholder_id,name,kind,lawful_basis,special_category\n"
    "a,Ann,person,consent,health\nb,Bob,person,,\nc,Org,organisation,,\nd,Di,person,consent,\n"
)


def test_opinions_about_special_categories_are_refused(tmp_path):
    members = OPINIONS + "a,supporter,innovator,5\nd,supporter,innovator,5\n"
    assert places(errors(tmp_path, stakeholders=PRIVATE, memberships=members)) == {
        ("memberships.csv", 2, column, "special_category") for column in ("stance", "adaptability", "influence_judged")
    }


def test_what_is_no_opinion_may_be_held_of_special_categories(tmp_path):
    members = "stakeholder_id,decision_role,contact_depth\na,approver,brief\n"
    assert not errors(tmp_path, stakeholders=PRIVATE, memberships=members)


def test_a_stance_about_a_person_needs_a_lawful_basis(tmp_path):
    files = {**SMALL, "stakeholders.csv": PRIVATE, "memberships.csv": OPINIONS + "b,supporter,,\nc,opponent,,\nd,neutral,,\n"}  # fmt: skip # noqa: E501
    folder = write(tmp_path, files)
    (found,) = check(folder).at("error")
    assert (found.row, found.column, found.code) == (2, "stance", "lawful_basis")
    assert "--allow-undeclared" in found.hint
    with pytest.raises(InputError):
        load(folder)
    allowed = load(folder, allow_undeclared=True)
    assert [(p.level, p.row) for p in allowed.problems if p.code == "lawful_basis"] == [("warning", 2)]
    assert len(allowed.tables["memberships"]) == 3


def test_keep_going_sets_bad_rows_aside_with_their_reasons(tmp_path):
    people = PEOPLE + "d,Di,persn,\n"
    ties = TIES + "d,a,1,1\na,c,9,9\nb,a,.5\n"
    folder = write(tmp_path, {"stakeholders.csv": people, "ties.csv": ties})
    before = contents(folder)
    eco = load(folder, keep_going=True)
    assert eco.tables["stakeholders"]["stakeholder_id"].tolist() == ["a", "b", "c"]
    assert eco.tables["ties"].index.tolist() == [2, 3]
    aside = eco.rejected["ties"].set_index("row")["reason"].to_dict()
    assert aside == {
        4: 'source: "d" is not in stakeholders.csv.',
        5: "strength: 9 is not between 0 and 1. confidence: 9 is not between 0 and 1.",
        6: "has 3 cells where the header has 4.",
    }
    assert eco.rejected["stakeholders"][["row", "stakeholder_id", "reason"]].to_numpy().tolist() == [
        [5, "d", 'kind: "persn" is not a known word.']
    ]
    assert len(eco.problems.at("error")) == 5
    assert contents(folder) == before


def test_a_chain_of_rows_falls_as_a_whole(tmp_path):
    chain = "".join(f"s{n},S,organisation,s{n - 1}\n" for n in range(1, 25))
    people = "stakeholder_id,name,kind,org_id\na,Ann,person,\nb,Bob,person,a\ns0,S,organisation,nobody\n" + chain
    eco = load(
        write(tmp_path, {"stakeholders.csv": people, "ties.csv": "source,target\na,b\nb,s24\n"}), keep_going=True
    )
    assert eco.tables["stakeholders"]["stakeholder_id"].tolist() == ["a", "b"]
    assert {name: len(frame) for name, frame in eco.rejected.items()} == {"stakeholders": 25, "ties": 1}
    assert len({(p.table, p.row, p.code) for p in eco.problems}) == len(eco.problems)  # nothing is said twice


@pytest.mark.parametrize(
    "files",
    [
        {"ties.csv": ""},
        {"ties.csv": b"\x00"},
        {"ties.csv": "source,strength\na,1\n"},
        {"ties.csv": TIES + '"a,b,1,1\n'},
        {"ties.csv": "source,target,ssn\na,b,1\n"},
        {"TIES.CSV": TIES},
        {"workspace.toml": "title = 3"},
    ],
    ids=["empty", "binary", "column", "quote", "forbidden", "two", "settings"],
)
def test_keep_going_does_not_go_on_without_a_whole_file(tmp_path, files):
    with pytest.raises(InputError):
        load(write(tmp_path, {**SMALL, **files}), keep_going=True)


def test_the_database_fetches_nothing_from_the_net():
    with connect() as connection:
        settings = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["autoload_known_extensions"] == "false"


def test_a_window_of_one_day_is_a_window(tmp_path):
    head = "trigger_id,account_id,window_start,window_end\n"
    events = head + "t,A,2026-09-01,2026-09-01\nu,A,2026-09-02,2026-09-01\n"
    assert places(errors(tmp_path, accounts="account_id,name\nA,Alpha\n", trigger_events=events)) == {
        ("trigger_events.csv", 3, "window_end", "period")
    }
