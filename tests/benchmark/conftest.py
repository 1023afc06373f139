"""The index of COINr's documentation, read from its own files, and the numbers COINr gets for it."""

from __future__ import annotations

import pandas as pd
import pytest
from composites import GROUPED

from ecosystem_iq.benchmark import read_coinr


@pytest.fixture(scope="session")
def coinr_table(extra_data):
    """A reference table by its name, with units or indicators as index."""

    def one(name, index="uCode"):
        path = extra_data / "reference" / "coinr" / f"{name}.csv"
        table = pd.read_csv(path, keep_default_na=False, na_values=["", "NaN"])
        return table.set_index(index) if index else table

    return one


@pytest.fixture(scope="session")
def coinr_inputs(extra_data):
    """Paths of the data and the metadata, of one year or of the panel."""
    folder = extra_data / "reference" / "coinr"

    def of(data="input_ASEM_iData"):
        return folder / f"{data}.csv", folder / "input_ASEM_iMeta.csv"

    return of


@pytest.fixture(scope="session")
def asem_values(coinr_inputs):
    """Values and framework of the example, with COINr's choices at each step."""
    values, framework = read_coinr(*coinr_inputs())
    return values, framework.with_steps(imputation=GROUPED, treatment={"method": "winsorize", "winmax": 5})
