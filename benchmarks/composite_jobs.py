"""What ``composite.py`` measures: one function a library and job.

A job is made of a folder, outside of the time which counts, and then gives an array: scores of the composite, one row a
replication, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from composite_index import (
    DRAWS,
    FACTORS,
    LARGE,
    MEANS,
    NOISE,
    ROWS,
    Index,
    Recipe,
    aggregated,
    cleaned,
    columns,
    factors,
    normalized,
    ranked,
    rebuild,
    recipes,
    winsorized,
)
from measuring import Array, Job


def replications_ours(folder: Path) -> Job:
    """Ten thousand replications, declared; the record is left for the others."""
    import ecosystem_iq as eiq

    index = Index(folder)
    values, framework = index.ours()

    def job() -> Array:
        found = eiq.assess_robustness(values, framework, factors(index, seven=False), draws=DRAWS)
        found.ranks()
        found.replications.record.head(DRAWS // 10).to_pickle(folder / "record.pickle")
        return found.replications.scores[found.node]

    return job


def replications_rebuilt(folder: Path) -> Job:
    """A hundred of the same, each from raw values."""
    index = Index(folder)
    todo = recipes(index, pd.read_pickle(folder / "record.pickle")[:100])  # noqa: S301 - this program wrote it

    def job() -> Array:
        scores = np.stack([rebuild(index, recipe) for recipe in todo])
        ranked(scores)
        return scores

    return job


def replications_once(folder: Path) -> Job:
    """A thousand of the same: scores of indicators are kept for each recipe, as a careful user would."""
    index = Index(folder)
    todo = recipes(index, pd.read_pickle(folder / "record.pickle"))  # noqa: S301 - this program wrote it

    def job() -> Array:
        built = {
            (most, scale): columns(normalized(index, Recipe(winmax=most, normalization=scale)))
            for most, scale in product(range(1, 6), ("minmax_1", "zscore"))
        }
        scores = np.stack([aggregated(index, built[r.winmax, r.normalization], r)[index.tree[-1][0]] for r in todo])
        ranked(scores)
        return scores

    return job


def sensitivity_ours(folder: Path) -> Job:
    """Sobol' indices of seven choices; all scores are left for the others."""
    import ecosystem_iq as eiq

    index = Index(folder)
    values, framework = index.ours()

    def job() -> Array:
        found = eiq.analyze_sensitivity(values, framework, factors(index, seven=True), n=ROWS)
        found.replications.record.head(100).to_pickle(folder / "record.pickle")
        return found.replications.scores[framework.composite]

    return job


# One build.


def build_ours(folder: Path) -> Job:
    """A scorecard with a single draw; its nodes, companies × nodes."""
    import ecosystem_iq as eiq

    values, framework = Index(folder).ours()
    names = [node for node, _ in Index(folder).tree]

    def job() -> Array:
        return eiq.score(values, framework, draws=1).stages["aggregated"][names].to_numpy()

    return job


def build_pandas(folder: Path) -> Job:
    """The same steps by hand."""
    index = Index(folder)

    def job() -> Array:
        recipe = Recipe()
        found = aggregated(index, columns(normalized(index, recipe)), recipe)
        nodes = np.column_stack([found[node] for node, _ in index.tree])
        ranked(nodes[:, -1:].T)
        return nodes

    return job


# Weights, forms and values at random: each library draws its own. The first row is the index as it is.


def draws_ours(folder: Path, *, values: bool = False) -> Job:
    """Ten thousand replications of weights and forms, with or without what was measured."""
    import ecosystem_iq as eiq

    index = Index(folder)
    long, framework = index.ours(
        normalization={"method": "minmax", "range": [1, 100]}, treatment=winsorized(5) | {"then": "none"}
    )
    declared: list[dict[str, Any]] = [
        {"name": "weights", "step": "weights", "noise": NOISE},
        {"name": "form", "step": "aggregation", "choices": list(MEANS)},
    ]
    if values:
        long = long.assign(method="computed", se=long["indicator_id"].map(errors(index)))
        declared.append({"name": "values", "step": "values"})

    def job() -> Array:
        found = eiq.assess_robustness(long, framework, declared, draws=DRAWS, nodes=[framework.composite])
        found.ranks()
        return np.vstack([found.replications.nominal[found.node], found.replications.scores[found.node]])

    return job


def errors(index: Index) -> pd.Series:
    """Standard errors of values, by indicator: a tenth of the deviation over units."""
    return 0.1 * index.data[index.leaves.index].std()


def drawn_recipe(index: Index, rng: np.random.Generator) -> Recipe:
    """Weights and a form at random."""
    names = [name for _, below in index.tree for name in below]
    weights = dict(zip(names, np.exp(NOISE * rng.standard_normal(len(names))), strict=True))
    return replace(LARGE, weights=weights, mean=str(rng.choice(MEANS)))


def draws_rebuilt(folder: Path) -> Job:
    """Twenty replications, each from raw values."""
    index, rng = Index(folder), np.random.default_rng(3)

    def job() -> Array:
        scores = np.stack([rebuild(index, LARGE), *(rebuild(index, drawn_recipe(index, rng)) for _ in range(20))])
        ranked(scores)
        return scores

    return job


def draws_once(folder: Path, *, values: bool = False, times: int = 1_000) -> Job:
    """Replications on scores of indicators which are built once, and drawn again where values are uncertain."""
    index, rng = Index(folder), np.random.default_rng(3)

    def job() -> Array:
        up = cleaned(index, LARGE)
        scores, sd = normalized(index, LARGE), 99 * errors(index) / (up.max() - up.min())
        point, root = columns(scores), index.tree[-1][0]
        rows = [aggregated(index, point, LARGE)[root]]
        for _ in range(times):
            held = dict(zip(point, again(scores.to_numpy(), sd.to_numpy(), rng).T, strict=True)) if values else point
            rows.append(aggregated(index, held, drawn_recipe(index, rng))[root])
        ranked(np.stack(rows))
        return np.stack(rows)

    return job


def again(scores: Array, sd: Array, rng: np.random.Generator) -> Array:
    """Scores from 1 to 100, measured again: Beta, its mean kept from the ends as ours is."""
    s = sd / 99
    edge = np.clip(0.7 * s, 0.005, 0.5)
    m = np.clip((scores - 1) / 99, edge, 1 - edge)
    k = m * (1 - m) / np.minimum(s, 0.98 * np.sqrt(m * (1 - m))) ** 2 - 1
    return 1 + 99 * rng.beta(m * k, (1 - m) * k)


# One level, min-max and weighted sum: what libraries for decisions with several criteria have, too.


def matrix(index: Index) -> tuple[Array, Array]:
    """Values without gaps, and directions."""
    table = index.data[index.leaves.index]
    return table.fillna(table.mean()).to_numpy(), index.leaves["Direction"].to_numpy(dtype=int)


def flat_ours(folder: Path) -> Job:
    """Ten thousand sets of weights."""
    import ecosystem_iq as eiq

    index = Index(folder)
    values, directions = matrix(index)
    names = list(index.leaves.index)
    meta = pd.DataFrame({"iCode": [*names, "Index"], "Parent": ["Index"] * len(names) + [""], "Weight": 1})
    meta = meta.assign(Direction=[*directions, 1], Level=1, Type=["Indicator"] * len(names) + ["Aggregate"])
    data = pd.DataFrame(values, columns=names).assign(uCode=list(index.data.index))
    long, framework = eiq.read_coinr(data, meta)

    def job() -> Array:
        declared = [{"name": "weights", "step": "weights", "noise": NOISE}]
        found = eiq.assess_robustness(long, framework, declared, draws=DRAWS)
        found.ranks()
        return np.vstack([found.replications.nominal["Index"], found.replications.scores["Index"]]) / 100

    return job


def flat(folder: Path, method: Callable[[Array, Array, Array], Array]) -> Job:
    """A thousand sets of weights, one after the other."""
    x, directions = matrix(Index(folder))
    rng = np.random.default_rng(3)

    def job() -> Array:
        each = np.vstack([np.ones(x.shape[1]), np.exp(NOISE * rng.standard_normal((1_000, x.shape[1])))])
        scores = np.stack([method(x, w / w.sum(), directions) for w in each])
        ranked(scores)
        return scores

    return job


def flat_numpy(folder: Path) -> Job:
    """All sets of weights in one product of matrices."""
    x, directions = matrix(Index(folder))
    rng = np.random.default_rng(3)

    def job() -> Array:
        up = x * directions
        scores = (up - up.min(axis=0)) / np.ptp(up, axis=0)
        each = np.vstack([np.ones(x.shape[1]), np.exp(NOISE * rng.standard_normal((DRAWS, x.shape[1])))])
        found = each @ scores.T / each.sum(axis=1, keepdims=True)
        ranked(found)
        return np.asarray(found)

    return job


def flat_pymcdm(folder: Path) -> Job:
    """``WSM`` with ``minmax_normalization``."""
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    return flat(folder, WSM(normalization_function=minmax_normalization))


def flat_scikit_criteria(folder: Path) -> Job:
    """A pipeline of four."""
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.pipelines import mkpipe
    from skcriteria.preprocessing.invert_objectives import NegateMinimize
    from skcriteria.preprocessing.scalers import MinMaxScaler, SumScaler

    steps = mkpipe(NegateMinimize(), MinMaxScaler("matrix"), SumScaler("weights"), WeightedSumModel())
    return flat(folder, lambda x, w, up: steps.evaluate(skcriteria.mkdm(x, up, weights=w)).e_.score)


# Sobol' indices of results which are already there: first-order, then total, with intervals from 1,000 resamples.


def results() -> Array:
    """Runs of a Saltelli design, A, B and their mixtures, for 103 outputs; shape (factors + 2, rows, outputs)."""
    from ecosystem_iq.benchmark.sensitivity import saltelli_design

    design = saltelli_design(ROWS, FACTORS, 1)
    a = np.random.default_rng(4).uniform(0, 9, (103, FACTORS))
    y = np.prod((np.abs(4 * design[:, None] - 2) + a) / (1 + a), axis=-1)
    return np.asarray(y.reshape(FACTORS + 2, ROWS, 103))


def indices_ours(folder: Path) -> Job:
    """All outputs at once."""
    from ecosystem_iq.benchmark.sensitivity import sobol_indices

    del folder
    y = results().reshape(-1, 103)

    def job() -> Array:
        found = sobol_indices(y, ROWS, FACTORS, bootstrap=1_000)
        return np.vstack([found.first, found.total])

    return job


def indices_salib(folder: Path) -> Job:
    """One output after the other; rows of the design are interleaved there: A, its mixtures, B."""
    from SALib.analyze import sobol

    del folder
    y = results()
    interleaved = np.moveaxis(np.concatenate([y[:1], y[2:], y[1:2]]), 0, 1).reshape(-1, 103)
    problem = {"num_vars": FACTORS, "names": list("abcdefg"), "bounds": [[0, 1]] * FACTORS}

    def one(output: Array) -> Array:
        found = sobol.analyze(problem, output, calc_second_order=False, num_resamples=1_000, conf_level=0.9, seed=1)
        return np.r_[found["S1"], found["ST"]]

    return lambda: np.column_stack([one(output) for output in interleaved.T])
