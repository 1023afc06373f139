"""Which archetype an account is: its distance to fixed prototypes.

``d² = Σ w (x - c)² / Σ w`` over the features which are known, with w = 2 for features the prototype names and 1 for
others; memberships are ``softmax(-d² / tau²)`` over the prototypes for which enough is known. An account gets the name
of the first when it is near, nearer to it than to a *typical account* (.5 throughout), and the second is clearly
further. Between two it is a blend; else no archetype fits. When, on what is known, a prototype of which too little is
known is nearer than the first, data are insufficient. Nothing depends on the other accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.archetypes.library import FEATURES, TYPICAL, Library
from ecosystem_iq.archetypes.loading import load_library
from ecosystem_iq.archetypes.reasons import SEPARATOR, Array, favouring, opposing, sentence
from ecosystem_iq.errors import InputError

NAMED, BLEND, NO_FIT, INSUFFICIENT = "named", "Blend", "no archetype fits", "insufficient data"
_DIGITS = 12
_ROUNDING = 1e-9

_Hurdle = tuple[NDArray[np.bool_], str, Callable[[int], str]]
"""Who fails, what they are called then, and why, by row."""


@dataclass(frozen=True, eq=False)
class Archetypes:
    """The archetype of every account.

    Attributes
    ----------
    table : DataFrame
        One row an account, in the order given: ``account_id``; ``archetype_id`` (missing unless one name is given);
        ``label`` (the name, "Blend: A / B", "no archetype fits", "insufficient data"); ``nearest_id``, ``second_id``
        and their memberships ``p_first``, ``p_second``; ``distance`` to the nearest; ``features_known`` (of 16);
        ``reasons`` (at most three, joined by "; ": for the nearest over the second where there is a name or a blend,
        against the nearest where none fits); ``note`` (why there is no name, and which archetypes could not be judged).
    memberships : DataFrame
        ``account_id`` and one column a prototype; rows sum to 1, NaN for prototypes which could not be judged.
    library : Library
    """

    table: pd.DataFrame
    memberships: pd.DataFrame
    library: Library

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        named = int(self.table["archetype_id"].notna().sum())
        return f"Archetypes({len(self.table):,} accounts, {named:,} named; library {self.library.id})"


def assign_archetypes(features: pd.DataFrame, *, library: Library | str | Path = "builtin:default") -> Archetypes:
    """Name the archetype of every account.

    Parameters
    ----------
    features : DataFrame
        With ``account_id`` and ``f1`` to ``f16`` in 0-1, NaN where missing; ``raw_f1`` to ``raw_f16``, where there,
        give the reasons their units. The numbers are used as they are: for a library with other goalposts, run
        :func:`~ecosystem_iq.archetypes.scale_features` first.
    library : Library or path

    Returns
    -------
    Archetypes

    Raises
    ------
    InputError
        When a feature column is missing, or a value is outside 0-1.

    Examples
    --------
    >>> account = {"account_id": ["a"]} | {f"f{i}": [0.5] for i in range(1, 17)}
    >>> assign_archetypes(pd.DataFrame(account)).table["label"].tolist()
    ['no archetype fits']
    """
    chosen = library if isinstance(library, Library) else load_library(library)
    values = feature_values(features)
    fit = _Fit.of(values, chosen)
    raw = _raw_values(features)
    label, note = _labels(fit, chosen)
    named = label == NAMED
    ids = pd.array([*chosen.ids, None], dtype="str")
    table = pd.DataFrame({"account_id": features["account_id"].astype("str").to_numpy()})
    table["archetype_id"] = pd.Series(ids[fit.first]).where(named)
    table["label"] = pd.Series(_words(fit, label, chosen), dtype="str")
    table["nearest_id"] = ids[fit.first]
    table["second_id"] = ids[fit.second]
    table["p_first"], table["p_second"] = fit.pick(fit.memberships, fit.first), fit.pick(fit.memberships, fit.second)
    table["distance"] = fit.pick(fit.distance, fit.first)
    table["features_known"] = fit.known
    table["reasons"] = pd.Series(_reasons(values, raw, fit, label, chosen), dtype="str")
    table["note"] = pd.Series(note, dtype="str")
    memberships = pd.DataFrame(fit.memberships, columns=list(chosen.ids))
    memberships.insert(0, "account_id", table["account_id"])
    return Archetypes(table, memberships, chosen)


def feature_values(features: pd.DataFrame) -> Array:
    """The features as an array, shape (accounts, 16).

    Raises
    ------
    InputError
        When a column is missing, an account is there twice, or a value is outside 0-1.
    """
    missing = [name for name in ("account_id", *FEATURES) if name not in features]
    if missing:
        raise InputError(f"features: {', '.join(missing)} missing; account_features(eco, graph) makes them.")
    twice = features["account_id"].duplicated().to_numpy()
    if twice.any():
        raise InputError(f"features: account {features['account_id'][twice].iloc[0]} is there twice.")
    values = features[list(FEATURES)].to_numpy(dtype=float)
    wrong = np.argwhere((values < 0) | (values > 1) | np.isinf(values))
    if len(wrong):
        row, column = wrong[0]
        account = features["account_id"].iloc[row]
        raise InputError(f"features, account {account}, {FEATURES[column]}: {values[row, column]:g} is outside 0 to 1.")
    return values


def distances(values: Array, centers: Array, weights: Array) -> Array:
    """Distance of accounts to places, NaN where no feature is known (kernel).

    Parameters
    ----------
    values : ndarray, shape (accounts, features)
    centers, weights : ndarray, shape (places, features)

    Examples
    --------
    >>> distances(np.array([[0.8, np.nan]]), np.array([[0.5, 0.5]]), np.ones((1, 2))).round(6).tolist()
    [[0.3]]
    """
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    squares = (filled**2) @ weights.T - 2.0 * filled @ (weights * centers).T + known @ (weights * centers**2).T
    total = known @ weights.T
    mean = np.divide(squares, total, out=np.full(squares.shape, np.nan), where=total > 0)
    return np.asarray(np.sqrt(np.round(np.maximum(mean, 0.0), _DIGITS)))


@dataclass(frozen=True, eq=False)
class _Fit:
    """How near every account is to every prototype; position -1 is "none".

    ``hidden`` is a prototype which, on what is known, is nearer than the first and than typical, but cannot be judged.
    """

    distance: Array
    from_typical: Array
    memberships: Array
    judged: NDArray[np.bool_]
    known: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    hidden: NDArray[np.int64]

    @classmethod
    def of(cls, values: Array, library: Library) -> _Fit:
        centers, weights = library.centers, library.weights
        judged = _judged(~np.isnan(values), library)
        distance = distances(values, centers, weights)
        nearness = np.where(judged, -((distance / library.naming.tau) ** 2), -np.inf)
        powers = np.exp(nearness - np.where(judged.any(axis=1), nearness.max(axis=1, initial=-np.inf), 0.0)[:, None])
        total = powers.sum(axis=1, keepdims=True)
        memberships = np.divide(powers, total, out=np.full(powers.shape, np.nan), where=judged & (total > 0))
        order = np.argsort(np.where(judged, distance, np.inf), axis=1, kind="stable")
        count = judged.sum(axis=1)
        first, second = (np.where(count > place, order[:, min(place, order.shape[1] - 1)], -1) for place in (0, 1))
        typical = distances(values, np.full_like(centers, TYPICAL), weights)
        tempting = np.where(~judged & (distance < typical), distance, np.inf)
        nearer = tempting.min(axis=1, initial=np.inf) < np.where(judged, distance, np.inf).min(axis=1, initial=np.inf)
        hidden = np.where(nearer, tempting.argmin(axis=1), -1)
        return cls(distance, typical, memberships, judged, (~np.isnan(values)).sum(axis=1), first, second, hidden)

    def pick(self, table: Array, which: NDArray[np.int64]) -> Array:
        """One prototype's column of each account; NaN where there is none."""
        return np.where(which >= 0, table[np.arange(len(table)), which], np.nan)


def _judged(known: NDArray[np.bool_], library: Library) -> NDArray[np.bool_]:
    """Which prototypes enough is known for: of all their weight, and of that on the features they name."""
    weights = library.weights
    named = np.where(weights > 1.0, weights, 0.0) if library.named_weight > 1.0 else weights
    shares = [known @ part.T / part.sum(axis=1) for part in (weights, named)]
    return np.asarray(np.minimum(*shares) >= library.naming.min_weight - _ROUNDING)


def _labels(fit: _Fit, library: Library) -> tuple[NDArray[np.str_], list[str]]:
    """What each account gets (named, blend, no fit, insufficient), and why it gets no name."""
    hurdles = _hurdles(fit, library)
    failed = [fails for fails, _, _ in hurdles]
    label = np.select(failed, [label for _, label, _ in hurdles], NAMED)
    first = np.select(failed, range(len(hurdles)), -1)
    because = ["" if at < 0 else hurdles[at][2](row) for row, at in enumerate(first)]
    return label, ["; ".join(filter(None, (why, _unjudged(fit, row, library)))) for row, why in enumerate(because)]


def _unjudged(fit: _Fit, row: int, library: Library) -> str:
    """Which prototypes too little is known for, when others are judged."""
    if fit.first[row] < 0 or fit.known[row] < library.naming.min_features:
        return ""
    names = [name for name, fine in zip(library.ids, fit.judged[row], strict=True) if not fine]
    return f"too little is known to judge {', '.join(names)}" if names else ""


def _hurdles(fit: _Fit, library: Library) -> list[_Hurdle]:
    """What stands between an account and a name, in order."""
    rule = library.naming
    p, q = (np.nan_to_num(fit.pick(fit.memberships, which)) for which in (fit.first, fit.second))
    distance = fit.pick(fit.distance, fit.first)
    beats, second_beats = (
        fit.pick(fit.distance, at) < fit.pick(fit.from_typical, at) for at in (fit.first, fit.second)
    )
    close = (p < rule.min_membership) | (p - q < rule.min_lead) | ~beats
    return [
        (
            fit.known < rule.min_features,
            INSUFFICIENT,
            lambda r: f"{fit.known[r]} features of {rule.min_features:g} known",
        ),
        (fit.first < 0, INSUFFICIENT, lambda _: "too little is known to judge any archetype"),
        (fit.hidden >= 0, INSUFFICIENT, lambda r: f"perhaps {library.ids[fit.hidden[r]]}"),
        (distance > rule.max_distance, NO_FIT, lambda r: f"distance {distance[r]:.2f} is above {rule.max_distance:g}"),
        (~beats & ~second_beats, NO_FIT, lambda _: "nearer to a typical account than to any archetype"),
        (close, BLEND, lambda r: f"memberships {p[r]:.2f} and {q[r]:.2f} are too close"),
    ]


def _words(fit: _Fit, label: NDArray[np.str_], library: Library) -> list[str]:
    names = [prototype.label for prototype in library.prototypes]
    return [
        names[a] if what == NAMED else f"{BLEND}: {names[a]} / {names[b]}" if what == BLEND else str(what)
        for what, a, b in zip(label, fit.first, fit.second, strict=True)
    ]


def _reasons(values: Array, raw: Array, fit: _Fit, label: NDArray[np.str_], library: Library) -> list[str]:
    """Reasons of every account, joined."""
    found = []
    for row, what in enumerate(label):
        first, second = int(fit.first[row]), int(fit.second[row])
        if what == INSUFFICIENT:
            chosen = []
        elif what == NO_FIT:
            chosen = opposing(values[row], first, library)
        else:
            chosen = favouring(values[row], first, None if second < 0 else second, library)
        found.append(SEPARATOR.join(sentence(library.features[j], values[row, j], raw[row, j]) for j in chosen))
    return found


def _raw_values(features: pd.DataFrame) -> Array:
    return features.reindex(columns=[f"raw_{name}" for name in FEATURES]).to_numpy(dtype=float)
