"""Make the numbers behind the archetypes: ``python scripts/calibrate_archetypes.py null|measure|tau [--write]``.

null     modularity by chance, over size, degree and dispersion → ecosystem_iq/builtin/modularity_null.csv
measure  raw features of random, hub-and-spoke, demo and real networks → the "measured" lines of default.toml
tau      the softness of memberships on planted prototypes and blends → naming.tau of default.toml

Goalposts themselves are set by hand from what ``measure`` prints, and stay: they must not move with the demo.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import gamma

from ecosystem_iq import InfluenceGraph, files, influence_graph, load, measure
from ecosystem_iq.archetypes import Library, account_features, assign_archetypes, load_library
from ecosystem_iq.archetypes.features import FEATURES
from ecosystem_iq.network.communities import communities, modularity
from ecosystem_iq.network.modularity import fragmentation

ROOT = Path(__file__).resolve().parents[1]
BUILTIN = ROOT / "ecosystem_iq" / "builtin" / "archetypes"
REWIRINGS = 50
SIZES = (6, 10, 16, 25, 40, 64, 100, 160, 250, 400)
DEGREES = (1.2, 1.6, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0, 24.0, 40.0)
DISPERSIONS = (0.2, 0.4, 0.6, 0.8, 1.0, 1.4, 2.0, 3.0)
NOISE = 0.15
NAMED = 0.9


def degrees(n: int, mean: float, dispersion: float) -> np.ndarray | None:
    """Degrees from 1 to n - 1 with a mean and a dispersion, or None where there are none such (within a tenth)."""
    aim = np.array([mean - 1.0 + 1e-3, mean * dispersion])
    levels = (np.arange(n) + 0.5) / n
    for _ in range(40):
        shape = (aim[0] / aim[1]) ** 2
        drawn = np.clip(np.rint(1.0 + gamma.ppf(levels, shape, scale=aim[1] ** 2 / aim[0])), 1, n - 1)
        aim = aim * np.array([(mean - 0.9) / (drawn.mean() - 0.9), mean * dispersion / max(drawn.std(), 0.05)]) ** 0.5
    drawn[-1] -= drawn.sum() % 2
    off = abs(drawn.mean() / mean - 1), abs(drawn.std() / drawn.mean() - dispersion)
    return drawn.astype(int) if drawn[-1] >= 1 and off[0] < 0.1 and off[1] < 0.1 * (1 + dispersion) else None  # noqa: PLR2004


def edges_of(sequence: np.ndarray) -> list[tuple[int, int]] | None:
    """Edges of one simple network with these degrees (Havel-Hakimi), or None."""
    left = sequence.copy()
    edges = []
    while left.any():
        hub = int(np.argmax(left))
        others = np.argsort(-left, kind="stable")
        others = others[others != hub][: left[hub]]
        if len(others) < left[hub] or (left[others] < 1).any():
            return None
        edges.extend((hub, int(other)) for other in others)
        left[others] -= 1
        left[hub] = 0
    return edges


def rewire(edges: list[tuple[int, int]], swaps: int, rng: np.random.Generator) -> None:
    """Swap ends of pairs of edges in place; every degree stays, no edge doubles."""
    present = {(min(edge), max(edge)) for edge in edges}
    picks = rng.integers(len(edges), size=(swaps, 2)).tolist()
    flips = (rng.random(swaps) < 0.5).tolist()  # noqa: PLR2004 - a coin
    for (i, j), flip in zip(picks, flips, strict=True):
        (a, b), (c, d) = edges[i], edges[j][::-1] if flip else edges[j]
        if len({a, b, c, d}) < 4:  # noqa: PLR2004 - four ends
            continue
        new = (min(a, d), max(a, d)), (min(c, b), max(c, b))
        if new[0] in present or new[1] in present:
            continue
        present -= {(min(a, b), max(a, b)), (min(c, d), max(c, d))}
        present.update(new)
        edges[i], edges[j] = (a, d), (c, b)


def null_cell(n: int, mean: float, dispersion: float, rng: np.random.Generator) -> float:
    """Mean modularity of rewired networks, NaN where no network is like that."""
    sequence = degrees(n, mean, dispersion)
    edges = None if sequence is None else edges_of(sequence)
    if edges is None:
        return np.nan
    rewire(edges, 10 * len(edges), rng)
    found = []
    for _ in range(REWIRINGS):
        rewire(edges, 3 * len(edges), rng)
        ends = np.array(edges + [edge[::-1] for edge in edges])
        network = csr_array((np.ones(len(ends)), ends.T), shape=(n, n))
        found.append(modularity(network, communities(network))[0])
    return float(np.mean(found))


def null_table() -> str:
    """The whole table as CSV; cells which cannot exist take their nearest neighbour's value."""
    rows = []
    for n in SIZES:
        for mean in DEGREES:
            cells = [
                null_cell(n, mean, dispersion, np.random.default_rng([n, int(10 * mean), int(10 * dispersion)]))
                if mean < n - 1
                else np.nan
                for dispersion in DISPERSIONS
            ]
            rows.append(pd.Series(cells, index=DISPERSIONS).interpolate(limit_area="inside").ffill().bfill())
        print(n, flush=True)
    table = pd.concat(rows, keys=[(n, mean) for n in SIZES for mean in DEGREES])
    table = table.rename_axis(["n", "degree", "dispersion"]).rename("modularity")
    table = table.groupby(["n", "dispersion"]).transform(lambda cells: cells.ffill().bfill()).sort_index()
    head = f"# Mean modularity (Leiden) of {REWIRINGS} networks rewired with every degree kept.\n"
    return head + "# Made by scripts/calibrate_archetypes.py null\n" + table.round(4).to_csv(lineterminator="\n")


def random_network(n: int, arcs: int, rng: np.random.Generator) -> InfluenceGraph:
    """Arcs drawn with equal chance."""
    pairs = rng.permutation(n * n)
    tail, head = np.divmod(pairs, n)
    keep = np.flatnonzero(tail != head)[:arcs]
    return named(n, tail[keep], head[keep])


def hub_and_spoke(n: int, hubs: int, rng: np.random.Generator) -> InfluenceGraph:
    """A few hubs move everybody else, who hardly move each other."""
    spokes = np.arange(hubs, n)
    tail = np.r_[rng.integers(hubs, size=len(spokes)), rng.integers(n, size=n)]
    head = np.r_[spokes, rng.integers(n, size=n)]
    keep = tail != head
    return named(n, tail[keep], head[keep])


def grouped(n: int, inside: float, rng: np.random.Generator) -> InfluenceGraph:
    """Five groups; a share of the arcs stays inside them, the others go anywhere."""
    tail = rng.integers(n, size=6 * n)
    mates = tail % 5 + 5 * rng.integers(n // 5, size=6 * n)
    head = np.where(rng.random(6 * n) < inside, mates, rng.integers(n, size=6 * n))
    return named(n, tail[tail != head], head[tail != head])


def named(n: int, tail: np.ndarray, head: np.ndarray) -> InfluenceGraph:
    """A network from positions, with the mean branching of the default settings."""
    names = [f"n{i:04d}" for i in range(n)]
    arcs = pd.DataFrame({"tail": tail, "head": head}).drop_duplicates()
    chance = min(1.0, 0.8 * n / len(arcs))
    return InfluenceGraph.from_edges(
        [names[i] for i in arcs["tail"]], [names[i] for i in arcs["head"]], chance, ids=names
    )


REAL = (("medical_innovation", "nominee", "nominator"), ("tobacco_control_indiana", "source", "target"))


def real_networks() -> dict[str, InfluenceGraph]:
    """Networks which people measured, where the folder with them is at hand."""
    folder = Path(os.environ.get("ECOSYSTEM_IQ_EXTRA_DATA", "nowhere")) / "data"
    found = {}
    for name, source, target in REAL:
        path = folder / name / "ties.csv"
        if path.exists():
            ties = pd.read_csv(path, dtype=str)[[source, target]].drop_duplicates()
            ties = ties[ties[source] != ties[target]]
            n = pd.concat([ties[source], ties[target]]).nunique()
            found[name] = InfluenceGraph.from_edges(ties[source], ties[target], min(1.0, 0.8 * n / len(ties)))
    return found


def of_network(graph: InfluenceGraph) -> tuple[float, float]:
    """Raw f1 and f6 of a network in one account."""
    share = measure(graph, draws=0).table["influence"]
    return (len(graph) * share.max() - 1) / (len(graph) - 1), float(fragmentation(graph)[0])


def measured() -> dict[str, list[str]]:
    """What was found, in words, by feature."""
    rng = np.random.default_rng(0)
    kinds = {
        "random": [of_network(random_network(n, 6 * n, rng)) for n in (30, 60, 120) for _ in range(5)],
        "hub-and-spoke": [of_network(hub_and_spoke(n, hubs, rng)) for n in (30, 60, 120) for hubs in (1, 2, 3)],
        "five groups, half of the arcs inside": [
            of_network(grouped(n, 0.5, rng)) for n in (30, 60, 120) for _ in range(3)
        ],
        **{f"real ({name})": [of_network(graph)] for name, graph in real_networks().items()},
    }
    words: dict[str, list[str]] = {name: [] for name in FEATURES}
    for kind, found in kinds.items():
        for name, values in zip(("f1", "f6"), np.array(found).T, strict=True):
            words[name].append(f"{kind} {quartiles(values)}")
    eco = load(ROOT / "data" / "demo")
    demo = account_features(eco, influence_graph(eco))
    for name in FEATURES:
        values = demo[f"raw_{name}"].dropna().to_numpy()
        words[name].append(f"demo {quartiles(values)}" if len(values) else "demo none yet")
    return words


def quartiles(values: np.ndarray) -> str:
    """Least, lower quartile, median, upper quartile and most, or the one value."""
    return " ".join(f"{x:.3g}" for x in (np.quantile(values, [0, 0.25, 0.5, 0.75, 1]) if len(values) > 1 else values))


def planted(centers: np.ndarray, copies: int, noise: np.random.Generator | None = None) -> pd.DataFrame:
    """Accounts at places, with noise around them."""
    places = np.repeat(centers, copies, axis=0)
    spread = 0.0 if noise is None else noise.normal(0, NOISE, places.shape)
    ids = [f"a{i:05d}" for i in range(len(places))]
    return pd.DataFrame(np.clip(places + spread, 0, 1), columns=list(FEATURES)).assign(account_id=ids)


def share_named(accounts: pd.DataFrame, library: Library) -> float:
    """Share of accounts with one name."""
    return float(assign_archetypes(accounts, library=library).table["archetype_id"].notna().mean())


def best_tau() -> float:
    """The largest tau, so the most careful, which still names nine in ten planted prototypes rightly."""
    library = load_library()
    rng = np.random.default_rng(0)
    pairs = [(i, j) for i in range(len(library.ids)) for j in range(i)]
    pure = planted(library.centers, 200, rng)
    others = {
        "half-way": planted(np.array([(library.centers[i] + library.centers[j]) / 2 for i, j in pairs]), 60, rng),
        "uniform": planted(rng.random((500, len(FEATURES))), 1),
        "typical": planted(np.full((1, len(FEATURES)), 0.5), 500, rng),
    }
    truth = np.repeat(library.ids, 200)
    best = 0.0
    for tau in np.round(np.arange(0.04, 0.25, 0.01), 2).tolist():
        one = replace(library, naming=replace(library.naming, tau=tau))
        right = (assign_archetypes(pure, library=one).table["archetype_id"] == truth).mean()
        shares = {
            name: assign_archetypes(x, library=one).table["archetype_id"].notna().mean() for name, x in others.items()
        }
        print(f"tau {tau}: right {right:.3f}; given one name:", ", ".join(f"{n} {s:.3f}" for n, s in shares.items()))
        best = tau if right >= NAMED else best
    return best


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["null", "measure", "tau"])
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if chosen.what == "null":
        text = null_table()
        files.write_text(BUILTIN.parent / "modularity_null.csv", text) if chosen.write else print(text)
        return
    toml = files.read_text(BUILTIN / "default.toml")
    if chosen.what == "measure":
        for name, words in measured().items():
            print(name, "; ".join(words))
            toml = re.sub(rf'(id = "{name}"\n# measured: ).*', rf"\g<1>{'; '.join(words)}", toml)
    else:
        tau = best_tau()
        print(f"best {tau:g}")
        toml = re.sub(r"\ntau = \S+", f"\ntau = {tau:g}", toml)
    if chosen.write:
        files.write_text(BUILTIN / "default.toml", toml)


if __name__ == "__main__":
    main()
