"""Rows are filtered, renamed, summed and divided before they fill a table, or nothing is imported."""

from __future__ import annotations

import pytest
from workspaces import write

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables.importers import import_mapped, read_mapping

MAPPING = """
[[table]]
name = "companies"
file = "trials.csv"
{}
[table.columns]
company_id = "company"
name = "company"
region = "{{{}}}"
"""
TRIALS = "company,class,year,done,late\nA,Industry,1,4,1\na b,Industry,1,2,0\nA,Other,1,9,9\nA,Industry,2,4,3\n"
SOURCE = {
    "trials.csv": TRIALS,
    "parents.csv": "from,to\na b,B\n",
}


def imported(folder, steps, column="company", **source):
    write(folder, SOURCE | {f"{name}.csv": text for name, text in source.items()})
    (folder / "m.toml").write_text(MAPPING.format(steps, column), encoding="utf-8")
    return import_mapped(folder, read_mapping(folder / "m.toml")).files["companies.csv"].splitlines()[1:]


def faults(folder, steps, column="company", **source):
    with pytest.raises(InputError) as caught:
        imported(folder, steps, column, **source)
    return [str(problem) for problem in caught.value.problems]


GROUP = '[table.group]\nby = ["company"]\nsum = { done = "done", late = "late" }\ndistinct = { years = "year" }\n'
WHERE = 'where = { class = "Industry" }\n'


WALK = '[table.crosswalk]\ncompany = { column = "company", file = "parents.csv", key = "from", value = "to" }\n'
RATIO = '[table.ratio]\nr = { of = "late", to = "done" }\n'


@pytest.mark.parametrize(
    ("steps", "column", "rows"),
    [
        ("where = { year = 2 }\n", "done", ["A,A,4"]),
        ('where = { class = ["Industry"], company = "a b" }\n', "done", ["a b,a b,2"]),
        (WHERE + GROUP, "done", ["A,A,8", "a b,a b,2"]),
        (WHERE + GROUP, "years", ["A,A,2", "a b,a b,1"]),
        (WHERE + GROUP + RATIO, "r", ["A,A,0.5", "a b,a b,0"]),
        (WHERE + GROUP + RATIO.replace(" }", ", one_minus = true }"), "r", ["A,A,0.5", "a b,a b,1"]),
    ],
)
def test_each_step_works_on_what_the_one_before_left(tmp_path, steps, column, rows):
    assert imported(tmp_path, steps, column) == rows


def test_names_are_replaced_by_a_file_beside_the_mapping(tmp_path):
    assert imported(tmp_path, WHERE + WALK + GROUP, "done") == ["A,A,8", "B,B,2"]


def test_a_share_of_nothing_is_blank_and_may_be_left_out(tmp_path):
    trials = "company,class,year,done,late\nA,Industry,1,0,0\nB,Industry,1,2,1\n"
    assert imported(tmp_path, RATIO, "r", trials=trials) == ["A,A,", "B,B,0.5"]
    assert imported(tmp_path, 'require = ["r"]\n' + RATIO, "r", trials=trials) == ["B,B,0.5"]


def test_numbers_with_a_decimal_comma_are_summed(tmp_path):
    trials = "company;class;year;done;late\nA;Industry;1;1,5;0\nA;Industry;1;1,25;0\n"
    assert imported(tmp_path, GROUP, "done", trials=trials) == ["A,A,2.75"]


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ('where = { clas = "x" }\n', 'trials.csv: has no column "clas". Did you mean "class"?'),
        ('require = ["dane"]\n', 'trials.csv: has no column "dane". Did you mean "done"?'),
        (GROUP.replace('"late" }', '"class" }'), 'trials.csv row 2, class: "Industry" is not a number.'),
        (WALK.replace("parents", "no"), "no.csv does not exist."),
        (WALK.replace("from", "fro"), 'parents.csv: has no column "fro".'),
    ],
)  # fmt: skip
def test_what_is_missing_or_no_number_is_named(tmp_path, steps, text):
    assert text in faults(tmp_path, steps)[0]


def test_faults_of_the_source_are_found_in_any_shape_of_it(tmp_path):
    empty = {"trials": "company,class,year,done,late\n"}
    assert imported(tmp_path, WHERE + GROUP, **empty) == []
    assert faults(tmp_path, 'where = { x = "y" }\n', **empty) == ['trials.csv: has no column "x".']
    twice = {"trials": "company,class,class\nA,B,C\n"}
    assert faults(tmp_path, WHERE, **twice) == ['trials.csv: has several columns "class".']
    infinite = {"trials": "company,class,year,done,late\nA,Industry,1,inf,1e400\n"}
    assert len(faults(tmp_path, GROUP, **infinite)) == 2


def test_a_crosswalk_with_two_answers_is_refused(tmp_path):
    found = faults(tmp_path, WALK, parents="from,to\na b,B\na b,C\n")
    assert found == ['parents.csv row 3, from: "a b" is there already.']


@pytest.mark.parametrize(
    ("steps", "key"),
    [
        ("where = 3\n", "where"),
        ("where = { class = { a = 1 } }\n", "where.class"),
        ('require = "r"\n', "require"),
        ("require = [1]\n", "require"),
        ("[table.crosswalk]\nc = 3\n", "crosswalk.c"),
        ('[table.crosswalk]\nc = { column = "a", file = 3, key = "k", value = "v" }\n', "crosswalk.c.file"),
        ('[table.crosswalk]\nc = { column = "a", file = "../x", key = "k", value = "v" }\n', "crosswalk.c.file"),
        ('[table.crosswalk]\nc = { column = "a", file = "f", key = ["k"], value = "v" }\n', "crosswalk.c.key"),
        ('[table.group]\nby = "company"\n', "group.by"),
        ("[table.group]\nby = []\n", "group.by"),
        ('[table.group]\nby = ["a", "a"]\n', "group.by"),
        ('[table.group]\nby = ["a"]\nsum = ["a"]\n', "group.sum"),
        ('[table.group]\nby = ["a"]\nmean = { a = "a" }\n', "group.mean"),
        ('[table.ratio]\nr = { of = "a" }\n', "ratio.r.to"),
        ('[table.ratio]\nr = { of = "a", to = "b", one_minus = "no" }\n', "ratio.r.one_minus"),
    ],
)
def test_a_step_which_is_declared_wrongly_is_refused(tmp_path, steps, key):
    assert [fault.split(": ")[0] for fault in faults(tmp_path, steps)] == [f"m.toml, table.companies.{key}"]
