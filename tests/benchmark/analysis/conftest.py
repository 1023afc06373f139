"""The ASEM index of COINr: its scores after each step, and its tree."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark.framework import parse_framework


@pytest.fixture(scope="session")
def read(extra_data):
    """A reference file by the start of its name."""

    def one(name, **options):
        path = extra_data / "reference" / "coinr" / f"{name}.csv"
        return pd.read_csv(path, keep_default_na=False, na_values=["", "NaN"], **options)

    return one


@pytest.fixture(scope="session")
def asem(read):
    meta = read("input_ASEM_iMeta")
    return SimpleNamespace(
        meta=meta,
        framework=tree(meta),
        raw=read("01_raw", index_col="uCode"),
        normalized=read("06_normalised", index_col="uCode"),
        aggregated=read("07_aggregated", index_col="uCode"),
    )


def tree(meta):
    rows = meta[meta["Type"].isin(["Indicator", "Aggregate"])]
    root = rows.loc[rows["Parent"].isna(), "iCode"].item()
    nodes = rows[(rows["Type"] == "Aggregate") & (rows["iCode"] != root)]
    leaves = rows[rows["Type"] == "Indicator"]
    return parse_framework(
        {
            "composite": root,
            "node": [{"id": r.iCode, "parent": r.Parent, "weight": r.Weight} for r in nodes.itertuples()],
            "indicator": [
                {"id": r.iCode, "node": r.Parent, "weight": r.Weight, "goalposts": [0, 100]}
                for r in leaves.itertuples()
            ],
        }
    )


@pytest.fixture(scope="session")
def small_tree():
    """A root of an indicator and two nodes of unequal depth."""
    return parse_framework(
        {
            "composite": "top",
            "node": [{"id": "left", "weight": 3}, {"id": "right"}, {"id": "deep", "parent": "right", "weight": 2}],
            "indicator": [
                {"id": name, "node": node, "weight": weight, "goalposts": [0, 1]}
                for name, node, weight in [
                    ("a", "left", 1),
                    ("b", "left", 3),
                    ("c", "deep", 1),
                    ("d", "deep", 1),
                    ("e", "right", 2),
                    ("f", "top", 1),
                ]
            ],
        }
    )


@pytest.fixture
def gapped():
    """Columns with gaps, ties, one without variation, and one with two values only."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(40, 6)) + rng.normal(size=(40, 1))
    x[:, 2] = np.round(x[:, 2])
    x[rng.random(x.shape) < 0.15] = np.nan
    x[:, 4] = 3.1
    x[2:, 5] = np.nan
    return x
