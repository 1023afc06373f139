"""Assessments which several view tests look at."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ecosystem_iq.assessment import assess
from ecosystem_iq.tables import load


@pytest.fixture(scope="session")
def demo(root):
    """The demo, assessed."""
    return assess(load(root / "data" / "demo"), draws=300)


@pytest.fixture(scope="session")
def secretive():
    """An ecosystem full of secrets, assessed."""
    from secrets_data import secret_ecosystem

    return assess(secret_ecosystem(), draws=50)
