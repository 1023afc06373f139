"""Values in either form → cells; what they are divided by, and what is said beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from composites import tree_of

from ecosystem_iq.benchmark import score
from ecosystem_iq.benchmark.cells import read_cells
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.errors import InputError

NAN = np.nan


def framework(**changes):
    """Two indicators; a third which is divided by people, per thousand."""
    source = tree_of({}, {"a": "composite", "b": "composite", "per_head": "composite"})
    source["indicator"][2] |= {"denominator": "people", "scale": 1000, "goalposts": [0, 50]} | changes
    return parse_framework(source)


PLAIN = framework()
WIDE = pd.DataFrame(
    {
        "company_id": ["x", "y", "z"], "a": [10.0, 20, 30], "b": [5.0, NAN, 15], "per_head": [40.0, 50, 60],
        "people": [2000.0, 1000, 4000], "region": ["north", "south", None], "company_name": ["X", "Y", "Z"],
    }
)  # fmt: skip
LONG = WIDE.melt(["company_id", "region", "company_name"], var_name="indicator_id")


def denominated(values, recipe=PLAIN):
    return score(values, recipe, draws=3).stages["denominated"]


def test_long_and_wide_form_are_the_same_benchmark():
    one, other = (score(values, PLAIN, draws=20) for values in (WIDE, LONG))
    pd.testing.assert_frame_equal(one.table, other.table)
    for stage, table in one.stages.items():
        pd.testing.assert_frame_equal(table, other.stages[stage])
    assert denominated(WIDE)["per_head"].tolist() == [20, 50, 15]


def test_wide_form_in_any_order_of_rows_and_columns():
    mixed = WIDE.sample(frac=1, random_state=1)[WIDE.columns[::-1]]
    pd.testing.assert_frame_equal(score(mixed, PLAIN, draws=9).table, score(WIDE, PLAIN, draws=9).table)


def test_a_panel_in_either_form():
    wide = pd.concat([WIDE.assign(period=year) for year in (2021, 2020)])
    long = wide.melt(["company_id", "period", "region", "company_name"], var_name="indicator_id")
    one, other = (read_cells(values, PLAIN) for values in (wide, long))
    assert one.rows.to_numpy().tolist() == [[name, year] for name in "xyz" for year in (2020, 2021)]
    pd.testing.assert_frame_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.numbers(one.frame["value"]), other.numbers(other.frame["value"]))
    np.testing.assert_array_equal(one.denominators["people"], other.denominators["people"])


def test_columns_beside_the_values_say_what_companies_are_grouped_by():
    for values in (WIDE, LONG):
        found = read_cells(values, PLAIN).groups
        assert {name: group.tolist() for name, group in found.items()} == {
            "region": ["north", "south", None], "company_name": ["X", "Y", "Z"],
        }  # fmt: skip


def test_groups_of_a_panel_are_those_of_each_row():
    wide = pd.concat([WIDE, WIDE.assign(period=2021, region="east")]).fillna({"period": 2020})
    assert read_cells(wide, PLAIN).groups["region"].tolist() == ["north", "east", "south", "east", None, "east"]


@pytest.mark.parametrize("values", [WIDE, LONG])
def test_a_wide_column_which_is_missing_altogether_is_not_assessed(values):
    without = values.drop(columns="b", errors="ignore")
    if "indicator_id" in without:
        without = without[without["indicator_id"] != "b"]
    found = score(without, PLAIN, draws=5)
    assert found.stages["raw"]["b"].isna().all()
    assert found.table["ranked"].all()


def test_a_table_without_any_indicator_is_refused():
    with pytest.raises(InputError, match=r"Values need the columns indicator_id, value\."):
        score(WIDE[["company_id", "region"]], PLAIN)
    with pytest.raises(InputError, match=r"Values need the columns company_id\."):
        score(LONG.drop(columns="company_id"), PLAIN)
    with pytest.raises(InputError, match="There is nothing to score"):
        score(LONG[LONG["indicator_id"] == "people"], PLAIN)


def test_a_misspelt_indicator_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match=r'"per_haed" is not an indicator of framework\. Did you mean "per_head"\?'):
        score(LONG.replace("per_head", "per_haed"), PLAIN)


def test_a_misspelt_denominator_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match=r'"peopel" is not an indicator of framework\. Did you mean "people"\?'):
        score(LONG.replace("people", "peopel"), PLAIN)


def test_a_cell_which_stands_twice_is_refused():
    with pytest.raises(InputError, match="y has a twice by method assessor"):
        score(pd.concat([LONG, LONG[(LONG["company_id"] == "y") & (LONG["indicator_id"] == "a")]]), PLAIN)


def test_a_company_which_stands_twice_in_wide_form_is_refused():
    with pytest.raises(InputError, match="x has a twice"):
        score(pd.concat([WIDE, WIDE.iloc[[0]]]), PLAIN)


def test_a_denominator_which_stands_twice_is_refused():
    again = LONG[(LONG["company_id"] == "y") & (LONG["indicator_id"] == "people")]
    with pytest.raises(InputError, match="y has people twice"):
        score(pd.concat([LONG, again.assign(value=9.0)]), PLAIN)


@pytest.mark.parametrize("nothing", [NAN, 0.0])
def test_without_a_denominator_there_is_no_value(nothing):
    values = WIDE.assign(people=[nothing, 1000, 4000])
    assert denominated(values)["per_head"].tolist() == pytest.approx([NAN, 50, 15], nan_ok=True)
    assert score(values, PLAIN, draws=3).matrix.state[0, 2] in {"scored", "not_assessed"}
    assert score(values, PLAIN, draws=3).nodes.loc["x", "composite"] == pytest.approx((10 + 5) / 2)


def test_what_has_no_denominator_is_not_covered():
    found = score(WIDE.assign(people=[NAN, 1000, 4000]), PLAIN, draws=3).table.set_index("company_id")
    assert found.loc["x", "data_coverage"] == pytest.approx(2 / 3)


def test_a_denominator_of_which_no_row_speaks_leaves_nothing():
    assert denominated(WIDE.drop(columns="people"))["per_head"].isna().all()


def test_a_denominator_may_be_an_indicator_too():
    both = framework(denominator="a", scale=1)
    found = denominated(WIDE.drop(columns="people"), both)
    assert found["per_head"].tolist() == [4, 2.5, 2]
    assert found["a"].tolist() == [10, 20, 30]
    long = denominated(LONG[LONG["indicator_id"] != "people"], both)
    pd.testing.assert_frame_equal(found, long)


def test_a_denominator_which_is_an_indicator_by_two_methods_is_used_by_the_one_which_counts():
    long = LONG[LONG["indicator_id"] != "people"].assign(method="assessor")
    computed = long[long["indicator_id"] == "a"].assign(method="computed", value=[1.0, 2, 3])
    found = denominated(pd.concat([long, computed]), framework(denominator="a", scale=1))
    assert found["a"].tolist() == [1, 2, 3]
    assert found["per_head"].tolist() == [40, 25, 20]


def test_a_denominator_which_is_an_indicator_is_used_raw():
    source = framework(denominator="a", scale=1).source
    source["indicator"][0] |= {"denominator": "b"}
    found = denominated(WIDE.drop(columns="people"), parse_framework(source))
    assert found["a"].tolist() == pytest.approx([2, NAN, 2], nan_ok=True)
    assert found["per_head"].tolist() == [4, 2.5, 2]


def test_only_a_disclosed_denominator_divides():
    both = framework(denominator="a", scale=1)
    long = LONG[LONG["indicator_id"] != "people"]
    hidden = (long["company_id"] == "x") & (long["indicator_id"] == "a")
    found = denominated(long.assign(state=np.where(hidden, "not_disclosed", "scored")), both)
    assert np.isnan(found.loc["x", "per_head"])


def test_the_error_of_a_value_is_divided_with_it():
    values = LONG.assign(se=4.0, method="computed")
    sheet = score(values, PLAIN, draws=3).matrix
    np.testing.assert_allclose(sheet.sd[:, 2], 4.0 / (np.array([2000, 1000, 4000]) / 1000) * 100 / 50)


def test_a_word_beside_a_value_keeps_its_place():
    cells = read_cells(LONG.assign(state=np.where(LONG["value"].isna(), "not_disclosed", "scored")), PLAIN)
    assert cells.words("state", "?").tolist() == [
        ["scored"] * 3, ["scored", "not_disclosed", "scored"], ["scored"] * 3,
    ]  # fmt: skip
    assert cells.shape == (3, 3)


def test_numbers_as_names_of_companies():
    values = WIDE.assign(company_id=[7, 12, 3])
    found = score(values, PLAIN, draws=5)
    assert set(found.table["company_id"]) == {"3", "7", "12"}
    assert found.nodes.loc["12", "composite"] == pytest.approx((20 + 100) / 2)


def test_a_company_without_a_name_is_refused():
    with pytest.raises(InputError, match="company_id"):
        score(WIDE.assign(company_id=["x", None, "z"]), PLAIN)


@pytest.mark.parametrize("value", ["much", np.inf, -np.inf])
def test_a_value_which_is_no_number_is_refused_by_name(value):
    values = LONG.astype({"value": object})
    values.loc[(values["company_id"] == "y") & (values["indicator_id"] == "a"), "value"] = value
    with pytest.raises(InputError, match=r"y.*a"):
        score(values, PLAIN, draws=3)


def test_numbers_which_are_written_as_text_are_numbers():
    pd.testing.assert_frame_equal(denominated(LONG.astype({"value": "str"})), denominated(LONG))


def test_what_is_given_is_not_changed():
    for values in (WIDE, LONG):
        kept = values.copy(deep=True)
        score(values, PLAIN, draws=3)
        pd.testing.assert_frame_equal(values, kept)
