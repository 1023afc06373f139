"""Accounts for tests: by their tables, and by their features."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ecosystems import ecosystem, typed

from ecosystem_iq import schema
from ecosystem_iq.archetypes.library import FEATURES
from ecosystem_iq.tables import Ecosystem


def with_tables(settings=None, **tables) -> Ecosystem:
    """An ecosystem with any declared table, whether this version reads it yet or not."""
    known = {table.name for table in schema.TABLES}
    eco = ecosystem(settings=settings, **{name: rows for name, rows in tables.items() if name in known})
    extra = {name: typed(schema.table(name), rows) for name, rows in tables.items() if name not in known}
    return Ecosystem({**eco.tables, **extra}, eco.as_of, eco.settings)


def features(values, ids=None) -> pd.DataFrame:
    """A table of features from rows of sixteen numbers."""
    values = np.atleast_2d(np.asarray(values, dtype=float))
    names = [f"acc-{i:04d}" for i in range(len(values))] if ids is None else list(ids)
    return pd.DataFrame(values, columns=list(FEATURES)).assign(account_id=names)


def noisy(centers, copies, sd=0.15, seed=0) -> pd.DataFrame:
    """Accounts around places."""
    rng = np.random.default_rng(seed)
    places = np.repeat(np.atleast_2d(centers), copies, axis=0)
    return features(np.clip(places + rng.normal(0, sd, places.shape), 0, 1))
