"""The indices which ``composite.py`` builds: the data of a case, and what an index is without a library.

``rebuild`` is what a competent user writes: pandas, step by step, once a replication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from measuring import Array
from numpy.typing import NDArray

Ints = NDArray[np.intp]

OURS, REBUILT, ONCE = "ecosystem_iq", "pandas", "numpy"
NOISE, DRAWS, ROWS, FACTORS, SETS = 0.15, 10_000, 1_024, 7, 20
_DIVISORS = ("Area", "Money", "People", "Power")
SKEW, KURTOSIS = 2.0, 3.5
"""COINr's limits: what reaches both is treated."""


def write_case(folder: Path, units: int, pillars: Sequence[int], missing: float) -> None:
    """A fictional index in the form of COINr: two halves, pillars of so many indicators, skewed values.

    Without missing values it is also without divisors: the one on which measurement is drawn.
    """
    rng = np.random.default_rng(1)
    count = sum(pillars)
    codes = [f"I{at:03d}" for at in range(count)]
    divisors = pd.DataFrame(rng.lognormal(3, 1, (units, len(_DIVISORS))), columns=list(_DIVISORS))
    values = np.exp(0.5 * rng.normal(size=(units, 1)) + rng.normal(size=(units, count)) * rng.uniform(0.2, 1.2, count))
    of = [_DIVISORS[at % 4] if at % 5 == 1 and missing else "" for at in range(count)]
    for at, name in enumerate(of):
        values[:, at] *= divisors[name] if name else 1.0
    values[rng.random(values.shape) < missing] = np.nan
    data = pd.DataFrame(
        {"uCode": [f"U{at:04d}" for at in range(units)], "Region": rng.choice(["North", "South"], units)}
    )
    data = pd.concat([data, divisors, pd.DataFrame(values, columns=codes)], axis=1)
    data.to_csv(folder / "idata.csv", index=False, na_rep="NA")
    parent = np.repeat([f"P{at}" for at in range(len(pillars))], pillars)
    rows: list[tuple[Any, ...]] = [
        (code, of_, -1 if at % 5 == 0 else 1, 1, "Indicator", named)
        for at, (code, of_, named) in enumerate(zip(codes, parent, of, strict=True))
    ]
    half = (len(pillars) + 1) // 2
    rows += [(f"P{at}", "First" if at < half else "Second", 1, 2, "Aggregate", "") for at in range(len(pillars))]
    rows += [("First", "Index", 1, 3, "Aggregate", ""), ("Second", "Index", 1, 3, "Aggregate", "")]
    rows += [("Index", "", 1, 4, "Aggregate", ""), ("Region", "", "", "", "Group", "")]
    rows += [(name, "", "", "", "Denominator", "") for name in _DIVISORS]
    meta = pd.DataFrame(rows, columns=["iCode", "Parent", "Direction", "Level", "Type", "Denominator"])
    meta.assign(Weight=1).to_csv(folder / "imeta.csv", index=False)


def write_sets(folder: Path) -> None:
    """Twenty sets of weights for whatever index the folder holds."""
    meta = pd.read_csv(folder / "imeta.csv", keep_default_na=False)
    codes = meta.loc[meta["Type"].isin(["Indicator", "Aggregate"]) & (meta["Parent"] != ""), "iCode"]
    sets = np.exp(NOISE * np.random.default_rng(2).standard_normal((SETS, len(codes))))
    pd.DataFrame(sets, columns=list(codes)).to_csv(folder / "sets.csv", index=False)


@dataclass(frozen=True)
class Recipe:
    """What one replication chooses."""

    indicators: float = 0.0
    imputation: str = "group_mean"
    winmax: int = 5
    log: bool = True
    normalization: str = "minmax"
    weights: Mapping[str, float] = field(default_factory=dict)
    mean: str = "arithmetic"
    left_out: str = ""


MEANS = ("arithmetic", "geometric", "harmonic")
LARGE = Recipe(log=False, normalization="minmax_1")
"""That of the case on which weights, forms and values are drawn."""


@dataclass(frozen=True, eq=False)
class Index:
    """An index as a user of pandas holds it: two tables, and the sets of weights."""

    folder: Path

    @cached_property
    def data(self) -> pd.DataFrame:
        """Units × indicators, divisors and groups, in the order in which our own results stand."""
        return pd.read_csv(self.folder / "idata.csv", index_col="uCode", keep_default_na=False, na_values=["NA", ""])[
            lambda table: [name for name in table if name not in ("uName", "Time")]
        ].sort_index()

    @cached_property
    def meta(self) -> pd.DataFrame:
        """One row an indicator, node, divisor or group."""
        return pd.read_csv(self.folder / "imeta.csv", index_col="iCode", keep_default_na=False)

    @cached_property
    def sets(self) -> list[dict[str, float]]:
        """Sets of weights."""
        return [{str(k): v for k, v in row.items()} for row in pd.read_csv(self.folder / "sets.csv").to_dict("records")]

    @cached_property
    def leaves(self) -> pd.DataFrame:
        """The indicators."""
        return self.meta[self.meta["Type"] == "Indicator"]

    @cached_property
    def tree(self) -> list[tuple[str, list[str]]]:
        """Nodes with what is below them, children before parents."""
        inner = self.meta[self.meta["Type"] == "Aggregate"].sort_values("Level", key=pd.to_numeric, kind="stable")
        below = self.meta[self.meta["Type"].isin(["Indicator", "Aggregate"])].groupby("Parent").groups
        return [(str(name), list(below[name])) for name in inner.index]

    @property
    def group(self) -> str:
        """The last of the groups."""
        return str(self.meta.index[self.meta["Type"] == "Group"][-1])

    def ours(self, **steps: Any) -> tuple[pd.DataFrame, Any]:
        """Values and framework; by default with the recipe as it is."""
        import ecosystem_iq as eiq

        values, framework = eiq.read_coinr(self.folder / "idata.csv", self.folder / "imeta.csv")
        own = {"imputation": {"method": "group_mean", "group": self.group}, "treatment": winsorized(5)}
        return values, framework.with_steps(**(own | steps))


def winsorized(most: int) -> dict[str, Any]:
    """A treatment as a framework file has it."""
    return {"method": "winsorize", "winmax": most}


def cleaned(index: Index, recipe: Recipe) -> pd.DataFrame:
    """Divided, imputed, treated; higher is better."""
    raw = index.data[index.leaves.index].copy()
    for name, divisor in index.leaves["Denominator"].items():
        if divisor:
            raw[name] /= index.data[divisor]
    raw = raw.loc[:, raw.notna().mean() >= recipe.indicators]
    if recipe.imputation == "group_mean":
        raw = raw.fillna(raw.groupby(index.data[index.group]).transform("mean"))
    elif recipe.imputation == "mean":
        raw = raw.fillna(raw.mean())
    skew, kurtosis = raw.skew(), raw.kurt()
    for name in raw.columns[(skew.abs() >= SKEW) & (kurtosis >= KURTOSIS)]:
        raw[name] = treated(raw[name], recipe)
    return raw * index.leaves["Direction"].astype(float)[raw.columns]


def treated(values: pd.Series, recipe: Recipe) -> pd.Series:
    """Winsorized until it passes; else the logarithm, where the recipe has it."""
    x, moved = values.copy(), 0
    while abs(x.skew()) >= SKEW and x.kurt() >= KURTOSIS and moved < recipe.winmax:
        high = x.skew() >= 0
        end = x == (x.max() if high else x.min())
        x[end] = x[~end].max() if high else x[~end].min()
        moved = int(((x != values) & values.notna()).sum())
    if recipe.log and abs(x.skew()) >= SKEW and x.kurt() >= KURTOSIS:
        return np.log(values - values.min() + 0.01 * (values.max() - values.min()))
    return x


def normalized(index: Index, recipe: Recipe) -> pd.DataFrame:
    """Scores of indicators."""
    up = cleaned(index, recipe)
    if recipe.normalization == "rank":
        return up.rank(method="min")
    if recipe.normalization == "zscore":
        return 10 + 2 * (up - up.mean()) / up.std()
    low = 1 if recipe.normalization == "minmax_1" else 0
    return low + (100 - low) * (up - up.min()) / (up.max() - up.min())


def aggregated(index: Index, scores: Mapping[str, Array], recipe: Recipe) -> dict[str, Array]:
    """Every node, from columns of scores."""
    found = dict(scores)
    for node, children in index.tree:
        held = [name for name in children if name in found]
        below = np.column_stack([found[name] for name in held])
        w = np.array([0.0 if name == recipe.left_out else recipe.weights.get(name, 1.0) for name in held])
        total = ~np.isnan(below) @ w
        if recipe.mean == "geometric":
            found[node] = np.exp(np.nan_to_num(np.log(below)) @ w / total)
        elif recipe.mean == "harmonic":
            found[node] = total / (np.nan_to_num(1 / below) @ w)
        else:
            found[node] = np.nan_to_num(below) @ w / total
    return found


def columns(scores: pd.DataFrame) -> dict[str, Array]:
    """A table by column."""
    return dict(zip(scores, scores.to_numpy().T, strict=True))


def rebuild(index: Index, recipe: Recipe) -> Array:
    """The index anew, from raw values to the composite."""
    return aggregated(index, columns(normalized(index, recipe)), recipe)[index.tree[-1][0]]


def ranked(scores: Array) -> Array:
    """What every job with replications ends with: ranks, row by row."""
    return pd.DataFrame(scores).rank(axis=1, ascending=False, method="min").to_numpy()


# Replications whose every choice has a name, so that another can repeat them one by one.


def factors(index: Index, *, seven: bool) -> list[dict[str, Any]]:
    """Four uncertain choices, as COINr's own example has them, or seven."""
    treatments = [winsorized(most) for most in range(1, 6)]
    scales: list[Any] = [{"method": "minmax", "range": [1, 100]}, {"method": "zscore", "mean": 10, "sd": 2}]
    means = ["arithmetic", "geometric"]
    if not seven:
        found = {"treatment": treatments, "normalization": scales, "weights": index.sets, "aggregation": means}
        return [{"name": step, "step": step, "choices": choices} for step, choices in found.items()]
    found = {
        "screening": ["none", {"method": "missing", "units": 0.0, "indicators": 0.95}],
        "imputation": [{"method": "group_mean", "group": index.group}, "mean", "none"],
        "treatment": treatments,
        "normalization": [*scales, "rank"],
        "weights": index.sets,
        "aggregation": [*means, "harmonic"],
        "leave_out": [name for name, _ in index.tree if name in _pillars(index)],
    }
    return [{"name": step, "step": step, "choices": choices} for step, choices in found.items()]


def _pillars(index: Index) -> set[str]:
    return set(index.leaves["Parent"])


def recipes(index: Index, record: pd.DataFrame) -> list[Recipe]:
    """Replications from the record which ours leave: what each took, in words."""
    last = {"normalization": ["minmax_1", "zscore", "rank"], "imputation": ["group_mean", "mean", "none"]}
    found = []
    for row in record.to_dict("records"):
        scale = ("minmax", "zscore", "rank").index(str(row["normalization"]).split(" ")[0])
        found.append(
            Recipe(
                indicators=0.0 if row.get("screening", "none") == "none" else 0.95,
                imputation=str(row.get("imputation", "group_mean")).split(" ")[0],
                winmax=int(str(row["treatment"]).removesuffix(")").split(" ")[-1]),
                normalization=last["normalization"][scale],
                weights=index.sets[int(str(row["weights"]).split(" ")[-1]) - 1],
                mean=str(row["aggregation"]),
                left_out=str(row.get("leave_out", "nothing")),
            )
        )
    return found
