"""Sixteen features of every account, raw and between fixed goalposts.

A raw feature becomes a number in 0-1 by two straight lines through (low, 0), (typical, .5) and (high, 1): .5 is always
a typical account, and no account's number depends on the other accounts. Missing stays missing (NaN).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem_iq.archetypes import circumstances, structure
from ecosystem_iq.archetypes.inputs import Array, Inputs, gather
from ecosystem_iq.archetypes.library import FEATURES, Library
from ecosystem_iq.archetypes.loading import load_library
from ecosystem_iq.network import InfluenceGraph, Measures, measure
from ecosystem_iq.network.engagement import key_stakeholders
from ecosystem_iq.network.jobs import opportunities as rated
from ecosystem_iq.network.modularity import fragmentation
from ecosystem_iq.tables import Ecosystem

FEWEST = 4
"""Stakeholders below which an account has no features of its people."""

OF_PEOPLE = ("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f12", "f13", "f14")
OF_ARCS = ("f1", "f3", "f4", "f5", "f6", "f12", "f13")
RAW = tuple(f"raw_{name}" for name in FEATURES)
_DIGITS = 10
"""Decimals which are kept, so that no label hangs on the order in which numbers were added."""

_JOB_COLUMNS = ("account_id", "category", "importance", "opportunity", "quartile")


def account_features(
    eco: Ecosystem,
    graph: InfluenceGraph,
    *,
    measures: Measures | None = None,
    keys: pd.DataFrame | None = None,
    opportunities: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The features of every account, in one pass.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        The reference map of ``eco``.
    measures : Measures, optional
        With ``influence``; default: measured here.
    keys : DataFrame, optional
        Of :func:`~ecosystem_iq.network.engagement.key_stakeholders`.
    opportunities : DataFrame, optional
        Of :func:`~ecosystem_iq.network.jobs.opportunities`; default: worked out where jobs were rated.

    Returns
    -------
    DataFrame
        One row an account, in the order of the graph: ``account_id``, ``f1`` to ``f16`` in 0-1 by the goalposts of the
        shipped library, ``raw_f1`` to ``raw_f16``. NaN where a table, or what an account needs (four stakeholders,
        arcs, an anchor, …), is missing.

    Raises
    ------
    InputError
        When the graph was not made from this ecosystem.
    """
    library = load_library()
    measured = measure(graph, ("influence",), draws=0) if measures is None else measures
    chosen = key_stakeholders(eco, measured) if keys is None else keys
    inputs = gather(eco, graph, measured.table, chosen)
    raw = _raw(inputs, _jobs(eco) if opportunities is None else opportunities, library)
    table = pd.DataFrame({"account_id": pd.Series(graph.account_ids, dtype="str")})
    return scale_features(table.assign(**{f"raw_{name}": raw[name] for name in FEATURES}), library)


def scale_features(features: pd.DataFrame, library: Library | str | Path) -> pd.DataFrame:
    """The features with ``f1`` to ``f16`` made afresh from the raw ones, between the goalposts of a library.

    Parameters
    ----------
    features : DataFrame
        With ``account_id`` and ``raw_f1`` to ``raw_f16``.
    library : Library or path

    Returns
    -------
    DataFrame
        As :func:`account_features` gives it.
    """
    chosen = library if isinstance(library, Library) else load_library(library)
    raw = features[list(RAW)].to_numpy(dtype=float)
    scaled = pd.DataFrame(between_goalposts(raw, chosen.goalposts), columns=FEATURES, index=features.index)
    return pd.concat([features[["account_id"]], scaled, features[list(RAW)]], axis=1)


def between_goalposts(raw: Array, goalposts: Array) -> Array:
    """Raw values as 0-1 by two straight lines; NaN stays NaN (kernel).

    Parameters
    ----------
    raw : ndarray, shape (accounts, features)
    goalposts : ndarray, shape (features, 3)
        Low, typical, high, rising.

    Examples
    --------
    >>> between_goalposts(np.array([[0.0], [0.1], [0.2], [0.6], [2.0]]), np.array([[0.0, 0.2, 1.0]])).ravel().tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    low, typical, high = goalposts.T
    below = 0.5 * (raw - low) / (typical - low)
    above = 0.5 + 0.5 * (raw - typical) / (high - typical)
    return np.asarray(np.round(np.clip(np.where(raw < typical, below, above), 0.0, 1.0), _DIGITS))


def _jobs(eco: Ecosystem) -> pd.DataFrame:
    """Opportunities of rated jobs, empty where the tables are not there."""
    if any(eco.tables.get(name) is None or eco.tables[name].empty for name in ("jobs", "job_ratings")):
        return pd.DataFrame(columns=list(_JOB_COLUMNS))
    return rated(eco)


def _raw(inputs: Inputs, jobs: pd.DataFrame, library: Library) -> dict[str, Array]:
    """All raw features, NaN where an account is too small for one."""
    raw = {
        "f1": structure.centralisation(inputs),
        "f2": structure.integration(inputs),
        "f3": structure.held_by(inputs, structure.PAYING),
        "f4": structure.held_by(inputs, structure.CLINICAL),
        "f5": structure.cross_setting(inputs),
        "f6": fragmentation(inputs.graph),
        "f7": circumstances.value_concentration(inputs),
        "f8": circumstances.unmet_jobs(inputs, jobs),
        "f9": circumstances.system_jobs(inputs, jobs),
        **circumstances.leaks(inputs),
        "f12": structure.advocacy(inputs),
        "f13": circumstances.engagement(inputs),
        "f14": structure.digital_affinity(inputs),
        "f15": circumstances.potential(inputs, library.currencies),
        "f16": circumstances.competition(inputs),
    }
    tails = np.repeat(inputs.graph.account_code, np.diff(inputs.graph.matrix.indptr))
    arcs = np.bincount(tails, minlength=len(inputs.graph.account_ids))
    for names, fine in ((OF_PEOPLE, inputs.graph.sizes >= FEWEST), (OF_ARCS, arcs > 0)):
        raw.update({name: np.where(fine, raw[name], np.nan) for name in names})
    return raw
