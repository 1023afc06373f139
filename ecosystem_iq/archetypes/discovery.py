"""Groups of accounts as the data have them, without prototypes: a check of the archetypes, not their replacement.

k-means on robustly scaled features; k by silhouette. Groups are believed only when their silhouette is above that of
every one of twenty copies whose columns were shuffled, which keeps each feature and destroys what they have in common.
Unlike archetypes, groups depend on all accounts: they may change when one is added.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ecosystem_iq.archetypes.library import FEATURES, Library
from ecosystem_iq.archetypes.loading import load_library
from ecosystem_iq.archetypes.prototypes import assign_archetypes, distances, feature_values
from ecosystem_iq.archetypes.reasons import Array
from ecosystem_iq.errors import InputError

FEWEST = 8
MOST_GROUPS = 8
PERMUTATIONS = 20
NO_STRUCTURE = "no structure"
LEAST_KNOWN = 0.6
"""Share of accounts in which a feature must be known to be used."""

_STARTS = 10
_CLIP = 3.0
_SAMPLE = 2_000
"""Accounts on which a silhouette is worked out: it takes time with their square."""

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Discovery:
    """Groups of accounts and how they compare with the archetypes.

    Attributes
    ----------
    table : DataFrame
        One row an account, in the order given: ``account_id``; ``cluster``, 0 the largest; ``nearest_id``, the
        archetype after which the cluster is called (missing where none is left for it, or without structure);
        ``agreement``, whether the account's own archetype is that one (missing where it has none); ``imputed``,
        features which were missing and took the median.
    clusters : DataFrame
        ``cluster``, ``accounts``, ``nearest_id``, ``label``, ``distance`` of its middle to that archetype.
    k : int
        Number of clusters; 1 without structure.
    silhouette : float
        Of the best division, -1 to 1; NaN where no two accounts differ.
    by_chance : float
        The largest silhouette among copies with shuffled columns.
    structure : bool
        Whether the silhouette is above chance.
    ari : float
        Adjusted Rand index of clusters and archetypes, over accounts with a name; NaN under two of them.
    note : str
        All this in a sentence.
    """

    table: pd.DataFrame
    clusters: pd.DataFrame
    k: int
    silhouette: float
    by_chance: float
    structure: bool
    ari: float
    note: str

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"Discovery({len(self.table):,} accounts; {self.note})"


def discover_archetypes(
    features: pd.DataFrame,
    *,
    library: Library | str | Path = "builtin:default",
    rng: int | np.random.Generator = 0,
) -> Discovery:
    """Group accounts by what they have in common.

    Parameters
    ----------
    features : DataFrame
        As :func:`~ecosystem_iq.archetypes.assign_archetypes` takes it. Features known of fewer than 60 % of the
        accounts are left out; other gaps take the median and are counted in ``imputed``.
    library : Library or path
        Archetypes after which groups are called, each at most once.
    rng : int or numpy.random.Generator

    Returns
    -------
    Discovery
        The same for the same accounts in another order.

    Raises
    ------
    InputError
        Under 8 accounts.
    """
    chosen = library if isinstance(library, Library) else load_library(library)
    ordered = features.sort_values("account_id", kind="stable").reset_index(drop=True)
    values = feature_values(ordered)
    scaled, imputed = _prepared(values)
    with _one_thread():
        random = np.random.default_rng(rng)
        labels, silhouette = _best(scaled, random)
        by_chance = max(_best(random.permuted(scaled, axis=0), random)[1] for _ in range(PERMUTATIONS))
    structure = silhouette > by_chance
    labels = _by_size(labels) if structure else np.zeros(len(labels), dtype=np.int64)
    clusters = _named(values, labels, chosen, structure=structure)
    own = assign_archetypes(ordered, library=chosen).table["archetype_id"]
    table = _table(ordered["account_id"], labels, clusters, own).assign(imputed=imputed)
    table = table.set_index("account_id").reindex(features["account_id"].astype("str")).reset_index()
    ari = _agreement(labels, own) if structure else np.nan
    note = _note(len(clusters), silhouette, by_chance, ari) if structure else _no_note(silhouette, by_chance)
    return Discovery(table, clusters, len(clusters), silhouette, by_chance, bool(structure), ari, note)


def _one_thread() -> AbstractContextManager[object]:
    """One thread only: two may add up in either order, and then the bytes differ."""
    import sklearn.cluster  # noqa: F401 - a library can be limited only once it is loaded
    from threadpoolctl import threadpool_limits

    return cast("AbstractContextManager[object]", threadpool_limits(limits=1))


def _prepared(values: Array) -> tuple[Array, NDArray[np.int64]]:
    """Features on one robust scale, without gaps, and how many gaps each account had."""
    if len(values) < FEWEST:
        raise InputError(f"Discovery needs at least {FEWEST} accounts; there are {len(values)}.")
    used = values[:, (~np.isnan(values)).mean(axis=0) >= LEAST_KNOWN]
    if not used.shape[1]:
        return np.zeros((len(values), 1)), np.zeros(len(values), dtype=np.int64)
    low, middle, high = np.nanquantile(used, [0.25, 0.5, 0.75], axis=0)
    spread = np.where(high > low, high - low, 1.0)
    gaps = np.isnan(used)
    return np.clip(np.where(gaps, 0.0, (used - middle) / spread), -_CLIP, _CLIP), gaps.sum(axis=1)


def _best(scaled: Array, random: np.random.Generator) -> tuple[Labels, float]:
    """The division into 2 to 8 groups with the largest silhouette, the fewer groups among equals."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best, found = np.nan, np.zeros(len(scaled), dtype=np.int64)
    seed = int(random.integers(2**31))
    distinct = len(np.unique(scaled, axis=0))
    for k in range(2, min(MOST_GROUPS, distinct - 1, len(scaled) - 1) + 1):
        labels = KMeans(k, n_init=_STARTS, random_state=seed).fit_predict(scaled)
        score = float(silhouette_score(scaled, labels, sample_size=min(_SAMPLE, len(scaled)), random_state=seed))
        if not score <= best:
            best, found = score, labels.astype(np.int64)
    return found, best


def _by_size(labels: Labels) -> Labels:
    """Labels numbered by size, largest 0; equals by their first account."""
    _, first, inverse, counts = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(counts), dtype=np.int64)
    number[np.lexsort((first, -counts))] = np.arange(len(counts))
    return number[inverse]


def _named(values: Array, labels: Labels, library: Library, *, structure: bool) -> pd.DataFrame:
    """One row a cluster, called after an archetype so that the sum of squared distances is least."""
    groups = pd.DataFrame(values, columns=list(FEATURES)).groupby(labels)
    middles = groups.mean().to_numpy()
    apart = distances(middles, library.centers, library.weights)
    table = pd.DataFrame({"cluster": np.arange(len(middles)), "accounts": groups.size().to_numpy()})
    names = np.full((3, len(middles)), None, dtype=object)
    if structure:
        at, prototype = linear_sum_assignment(np.nan_to_num(apart, nan=1.0) ** 2)
        names[0, at] = np.array(library.ids, dtype=object)[prototype]
        names[1, at] = np.array([p.label for p in library.prototypes], dtype=object)[prototype]
        names[2, at] = apart[at, prototype]
    return table.assign(
        nearest_id=pd.Series(names[0], dtype="str"),
        label=pd.Series(names[1], dtype="str"),
        distance=names[2].astype(float),
    )


def _table(account_id: pd.Series, labels: Labels, clusters: pd.DataFrame, own: pd.Series) -> pd.DataFrame:
    called = clusters["nearest_id"].to_numpy()[labels]
    table = pd.DataFrame({"account_id": account_id.astype("str"), "cluster": labels})
    table["nearest_id"] = pd.Series(called, dtype="str")
    same = (table["nearest_id"] == own).astype("boolean")
    return table.assign(agreement=same.mask(own.isna() | table["nearest_id"].isna()))


def _agreement(labels: Labels, own: pd.Series) -> float:
    from sklearn.metrics import adjusted_rand_score

    named = own.notna().to_numpy()
    return float(adjusted_rand_score(own[named], labels[named])) if named.sum() > 1 else float("nan")


def _note(k: int, silhouette: float, by_chance: float, ari: float) -> str:
    agreement = "" if np.isnan(ari) else f"; agreement with the archetypes {ari:.2f} (adjusted Rand index)"
    return f"k-means finds {k} groups, silhouette {silhouette:.2f} (by chance at most {by_chance:.2f}){agreement}"


def _no_note(silhouette: float, by_chance: float) -> str:
    if np.isnan(silhouette):
        return f"{NO_STRUCTURE}: the accounts do not differ in what is known of most of them"
    return f"{NO_STRUCTURE}: silhouette {silhouette:.2f} is not above chance ({by_chance:.2f})"
