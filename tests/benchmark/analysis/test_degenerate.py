"""Every table has its columns and kinds of columns, however little there is to say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark import analysis

NAMES = ["a", "b", "c", "d", "e", "f", "left", "deep", "right", "top"]
TABLES = {
    "correlations": lambda scores, _: analysis.correlations(scores),
    "spearman": lambda scores, _: analysis.correlations(scores, kind="spearman"),
    "kendall": lambda scores, _: analysis.correlations(scores, kind="kendall"),
    "ancestors": analysis.ancestor_correlations,
    "flags": lambda scores, tree: analysis.correlation_flags(analysis.correlations(scores), tree),
    "denominators": lambda scores, _: analysis.denominator_correlations(scores, scores),
    "components": analysis.components,
    "reliability": analysis.reliability,
    "items": analysis.item_reliability,
    "importance": analysis.importance,
    "redundancy": analysis.redundancy,
    "pairs": lambda scores, _: analysis.redundant_pairs(scores),
    "standings": lambda scores, _: analysis.standings(scores),
    "external": lambda scores, _: analysis.external_correlations(
        scores, scores, resampling=analysis.Resampling(replicates=20)
    ),
    "trends": lambda scores, _: analysis.trends(
        scores.assign(unit=scores.index.astype(str), period=np.arange(len(scores)))
    ),
}


def ordinary(units=12):
    values = np.random.default_rng(0).normal(size=(units, len(NAMES)))
    return pd.DataFrame(values, columns=NAMES, index=[f"u{at}" for at in range(units)])


CASES = {
    "no units": ordinary().iloc[:0],
    "one unit": ordinary().iloc[:1],
    "two units": ordinary().iloc[:2],
    "no elements": ordinary()[[]],
    "one element": ordinary()[["a"]],
    "two nodes": ordinary()[["left", "top"]],
    "all missing": ordinary() * np.nan,
    "no variation": ordinary() * 0 + 0.1,
    "copies": pd.DataFrame(dict.fromkeys(NAMES, ordinary()["a"])),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("table", TABLES)
def test_tables_keep_their_columns(table, case, small_tree):
    usual = TABLES[table](ordinary(), small_tree)
    found = TABLES[table](CASES[case], small_tree)
    assert list(found.columns) == list(usual.columns)
    if len(found) and len(usual):
        numeric = [name for name in usual if usual[name].dtype.kind in "fi"]
        assert all(found[name].dtype.kind in "fi" for name in numeric)
