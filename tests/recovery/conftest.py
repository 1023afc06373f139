"""The demo, assessed once, beside the truth it was drawn from: no command reads that, only these tests."""

from __future__ import annotations

import pandas as pd
import pytest

from ecosystem_iq.assessment import assess
from ecosystem_iq.tables import load


@pytest.fixture(scope="session")
def demo(root):
    """The demo, assessed."""
    return assess(load(root / "data" / "demo"), draws=100)


@pytest.fixture(scope="session")
def truth(root):
    """Read a table of the truth by name."""
    return lambda name: pd.read_csv(root / "data" / "demo" / "truth" / f"{name}.csv")
