"""Other people's files become a workspace which passes the check, or nothing at all."""

from __future__ import annotations

import pytest
from workspaces import write

from ecosystem_iq.errors import InputError
from ecosystem_iq.tables import check, load
from ecosystem_iq.tables.importers import import_mapped, read_mapping

MAPPING = """
[workspace]
title = "Survey 😀"
[[table]]
name = "stakeholders"
file = "people.csv"
keep = ["Colour"]
[table.columns]
stakeholder_id = "id"
name = "{first} {last}"
[table.constants]
kind = "person"
[[table]]
name = "ties"
file = "answers.csv"
direction = { from = "named", to = "asked" }
keep = true
[table.columns]
layer = "question"
strength = "rank"
[table.words.strength]
1 = "strong"
2 = "weak"
"""
SOURCE = {
    "people.csv": "id,first,last,Colour\n007,Ann,Lee,red\n8,Bob,{x},=cmd\n9,Cy,,\n",
    "answers.csv": "asked,named,question,rank,row\n007,8,advice,1,a\n\n007,8,lunch,2,b\n9,007,advice,,c\n",
}


def imported(folder, mapping=MAPPING, **source):
    write(folder, SOURCE | {name.replace("__", "."): content for name, content in source.items()})
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    return import_mapped(folder, read_mapping(folder / "m.toml"))


def faults(folder, mapping=MAPPING, **source):
    with pytest.raises(InputError) as caught:
        imported(folder, mapping, **source)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def workspace(tmp_path):
    return load(write(tmp_path / "ws", imported(tmp_path / "source").files))


def test_every_row_is_kept_and_passes_the_check(tmp_path):
    result = imported(tmp_path / "source")
    assert result.counts == {"stakeholders": 3, "ties": 3}
    assert check(write(tmp_path / "ws", result.files)).ok


def test_the_one_who_is_named_moves_the_one_who_was_asked(workspace):
    assert workspace.tables["ties"][["source", "target"]].to_numpy().tolist() == [["8", "007"], ["8", "007"], ["007", "9"]]  # fmt: skip # noqa: E501


def test_columns_templates_words_and_attributes_arrive(workspace):
    ties, people = workspace.tables["ties"], workspace.tables["stakeholders"]
    assert ties["layer"].tolist() == ["advice", "lunch", "advice"]
    assert ties["strength"].fillna(-1).tolist() == [0.75, 0.25, -1]
    assert ties["row_"].tolist() == ["a", "b", "c"]
    assert people["name"].tolist() == ["Ann Lee", "Bob {x}", "Cy"]
    assert people["colour"].fillna("").tolist() == ["red", "=cmd", ""]
    assert workspace.settings.title == "Survey 😀"


def test_undirected_ties_say_so(tmp_path):
    text = MAPPING.replace('to = "asked"', 'to = "asked", undirected = true')
    assert "direction" in imported(tmp_path, text).files["ties.csv"].splitlines()[0]
    assert "undirected" in imported(tmp_path, text).files["ties.csv"]


def test_two_sections_fill_one_table(tmp_path):
    more = MAPPING + MAPPING[MAPPING.index("[[table]]") : MAPPING.rindex("[[table]]")].replace("people", "more")
    result = imported(tmp_path, more, more__csv="id,first,last,Colour\n10,Di,Ho,\n")
    assert result.counts["stakeholders"] == 4


def test_everything_which_is_missing_is_listed_at_once(tmp_path):
    text = MAPPING.replace("answers.csv", "answer.csv").replace("{first}", "{frist}").replace('"Colour"', '"Color"')
    assert set(faults(tmp_path, text)) == {
        f"answer.csv: {tmp_path}/answer.csv does not exist.",
        'people.csv: has no column "Color", which stakeholders needs. Did you mean "Colour"?',
        'people.csv: has no column "frist", which stakeholders needs. Did you mean "first"?',
    }


def test_a_word_without_a_translation_is_named_with_its_row(tmp_path):
    answers = SOURCE["answers.csv"] + "8,9,advice,3,d\n9,8,advice,3,e\n8,9,lunch,4,f\n"
    assert faults(tmp_path, answers__csv=answers) == [
        "answers.csv row 6: \"3\" has no translation for ties.strength. Add '3' to [table.words.strength].",
        "answers.csv row 8: \"4\" has no translation for ties.strength. Add '4' to [table.words.strength].",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"answers__csv": ""}, "answers.csv: is empty."),
        ({"answers__csv": b"\x00"}, "answers.csv: is not a text file."),
        ({"answers__csv": "asked,named\n1\n"}, "answers.csv row 2: has 1 cells where the header has 2."),
        ({"answers__csv": 'asked,named\n1,"2\n'}, "answers.csv row 2: has a quotation mark which is never closed"),
        ({"answers__csv": "asked,asked,named,question,rank\n1,2,3,4,1\n"}, 'has several columns "asked".'),
        (
            {"answers__csv": "asked,named,question,rank,SSN\n007,8,x,1,1\n"},
            'column "SSN" looks like data about patients',
        ),
        ({"people__csv": "id,first,last\n1,2,3\n"}, 'has no column "Colour"'),
    ],
)
def test_a_source_which_cannot_be_used_is_refused(tmp_path, source, text):
    (fault,) = faults(tmp_path, **source)
    assert text in fault


def test_a_row_which_would_not_pass_the_check_is_shown_where_it_stands_in_the_source(tmp_path):
    people = SOURCE["people.csv"] + "\n8,Bob,again,\n"
    answers = SOURCE["answers.csv"] + "\n9,zz,advice,1,\n"
    dangling, twice = faults(tmp_path, people__csv=people, answers__csv=answers)
    assert dangling.startswith('answers.csv row 7, source: "zz" is not in stakeholders.csv.')
    assert twice.startswith("people.csv row 6, stakeholder_id: 8 (first in row 3) is there already.")


def test_a_constant_which_is_no_word_of_ours_is_refused(tmp_path):
    found = faults(tmp_path, MAPPING.replace('kind = "person"', 'kind = "persn"'))
    assert found[0] == 'people.csv row 2, kind: "persn" is not a known word. Did you mean "person"?'


def test_decimal_commas_become_points(tmp_path):
    text = MAPPING[: MAPPING.index("[table.words")]
    result = imported(tmp_path, text, answers__csv="asked;named;question;rank\n007;8;0,5;0,5\n")
    assert result.files["ties.csv"] == 'source,target,layer,strength\n8,007,"0,5",0.5\n'


def test_any_table_may_be_filled(tmp_path):
    jobs = '[[table]]\nname = "jobs"\nfile = "people.csv"\n[table.columns]\njob_id = "id"\nstatement = "first"\n'
    assert imported(tmp_path, MAPPING + jobs).counts["jobs"] == 3
