"""CPU seconds and peak memory of the measures of the influence map, beside other libraries, in one run.

    python benchmarks/network.py                 # 2,000 stakeholders; 500 accounts; 100,000 stakeholders
    python benchmarks/network.py --large         # 1 million stakeholders and 10 million arcs: 16 GB, half an hour

Each job runs in a process of its own, on one thread, on a graph which the library has already taken in. What takes less
than five seconds is run again, as often as fits into half a second, and the mean counts. Peak memory is that of the
process, its graph included. In every row all libraries must find the same numbers (relative 1e-6; communities: as high
a modularity), or the program stops. Many accounts are one graph for all libraries, which is the quickest way for most.
Compare within a row: ratios are what carries over to another machine.

The libraries are the dependency group ``bench``; of EasyGraph its compiled part alone (``pip install --no-deps
python-easygraph``: with its dependencies it needs an older numpy). What is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import pickle
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from measuring import Array, Result, child, measure, outcome
from network_jobs import NETWORKX, OURS, PATHS, TASKS
from network_peers import Network

CASES = {"account": (1, 2_000, 20_000), "accounts": (500, 60, 300), "medium": (1, 100_000, 1_000_000)}
LARGE = {"large": (1, 1_000_000, 10_000_000)}
"""Accounts, stakeholders and arcs of each."""

EXPONENT = 2.3
MODULES = {"EasyGraph": "cpp_easygraph", "SciPy": "scipy"}
TOO_LARGE = (NETWORKX, "SciPy", "EasyGraph")
"""Left out where there are 10 million arcs: ten times the memory of 1 million, or more, is not at hand everywhere."""


def write(folder: Path, case: str) -> None:
    """The network of a case and its influence graph; prints what they are."""
    write_network(folder, *(CASES | LARGE)[case])
    write_graph(folder)
    print(Network.load(folder))


def write_network(folder: Path, accounts: int, nodes: int, arcs: int) -> None:
    """Random arcs between stakeholders whose expected numbers of ties follow a power law (Chung & Lu 2002)."""
    rng = np.random.default_rng(1)
    wanted = (np.arange(nodes) + nodes**0.27) ** (-1 / (EXPONENT - 1))  # the largest of a million has 13,000
    edges = np.cumsum(wanted / wanted.sum())
    found = np.zeros(0, dtype=np.int64)
    for account in range(accounts):
        keys = np.zeros(0, dtype=np.int64)
        while len(keys) < arcs:
            ends = np.minimum(np.searchsorted(edges, rng.random((2, arcs))), nodes - 1)
            keys = np.unique(np.r_[keys, (ends[0] * nodes + ends[1])[ends[0] != ends[1]]])
        keys = np.sort(rng.choice(keys, arcs, replace=False))
        found = np.r_[found, (keys // nodes + account * nodes) * (accounts * nodes) + keys % nodes + account * nodes]
    used, ends = np.unique(np.r_[found // (accounts * nodes), found % (accounts * nodes)], return_inverse=True)
    tail, head = ends.reshape(2, -1).astype(np.int64)
    chance, group = rng.uniform(0.02, 0.3, len(tail)), rng.integers(0, 5, len(used))
    np.savez(
        folder / "network.npz",
        tail=tail,
        head=head,
        chance=chance,
        account=used // nodes,
        group=group,
        allow_pickle=False,
    )


def write_graph(folder: Path) -> None:
    """The influence graph, for our jobs; its nodes and arcs have the order of the network."""
    import ecosystem_iq as eiq

    network = Network.load(folder)
    tail, head = network.names[network.tail], network.names[network.head]
    account = [f"a{code:04d}" for code in network.account[network.tail].tolist()]
    graph = eiq.InfluenceGraph.from_edges(tail, head, network.chance, account=account)
    if not np.array_equal(graph.matrix.indices, network.head):
        raise SystemExit("The graph does not have the order of the network.")
    (folder / "graph.pickle").write_bytes(pickle.dumps(graph, protocol=5))


def run(folder: Path, title: str, library: str, seconds_allowed: str) -> None:
    """One job in this process."""
    if library == "networkit":
        import networkit as nk

        nk.setNumberOfThreads(1)
    job = TASKS[title].jobs[library](Network.load(folder))
    measure(job, folder / f"{library}.npy", math.inf if library == OURS else int(seconds_allowed))


def measured(folder: Path, title: str, library: str, limit: int) -> Result:
    """Run one job."""
    done = child(__file__, "run", folder, title, library, limit)
    factor = TASKS[title].factor[1] if library == TASKS[title].factor[0] else 1.0
    if not done.returncode:
        child(__file__, "require_equal", folder, title, library)
    return outcome(done, limit, factor)


def require_equal(folder: Path, title: str, library: str) -> None:
    """Stop unless a library has found what we have."""
    ours, theirs = (np.load(folder / f"{name}.npy") for name in (OURS, library))
    kind = TASKS[title].compare
    if kind == "modularity":
        (mine, other) = (modularity(folder, labels) for labels in (ours, theirs))
        if mine < other - 0.005:  # what another seed changes
            raise SystemExit(f"{title}: our modularity is {mine:.4f}, that of {library} {other:.4f}.")
    elif kind == "values" and not np.allclose(
        ours, theirs, rtol=1e-6, atol=1e-9 * np.nanmax(np.abs(ours)), equal_nan=True
    ):
        worst = np.nanargmax(np.abs(ours - theirs))
        raise SystemExit(f"{title}: we find {ours[worst]} where {library} finds {theirs[worst]}.")


def modularity(folder: Path, labels: Array) -> float:
    """Mean over the accounts."""
    from ecosystem_iq.network.communities import bonds
    from ecosystem_iq.network.communities import modularity as of_partition

    network = Network.load(folder)
    code = np.unique(network.account * len(network) + labels.astype(np.int64), return_inverse=True)[1]
    first = np.full(network.account[-1] + 1, len(code))
    np.minimum.at(first, network.account, code)
    graph = network.graph
    return float(np.mean(of_partition(bonds(graph), code - first[network.account], graph.sizes)))


def refusal(folder: Path) -> None:
    """What is answered to who asks for betweenness of the whole, and after how long."""
    import ecosystem_iq as eiq

    graph = Network.load(folder).graph
    begin = time.process_time()
    try:
        eiq.measure(graph, ["betweenness"], draws=0)
    except eiq.InputError as error:
        print(f"measure(graph, ['betweenness']) after {time.process_time() - begin:.2f} s: {error}")


def row(title: str, results: dict[str, Result]) -> str:
    """Ours, the quickest compiled library, networkx, note."""
    ours, slow = results[OURS], results.get(NETWORKX)
    quick, name = min(
        ((r.seconds, name) for name, r in results.items() if name not in {OURS, NETWORKX}), default=(0, "")
    )
    compiled = f"{name} {results[name].against(ours)}" if quick else "–"
    return f"| {title} | {ours} | {compiled} | {slow.against(ours) if slow else '–'} | {TASKS[title].note} |"


def compare(case: str, options: argparse.Namespace) -> None:
    """All rows of a case, as a table in Markdown or as lines of JSON."""
    known = [name for name in ("SciPy", "networkit", "rustworkx", "EasyGraph", NETWORKX) if name not in left_out(case)]
    libraries = [OURS, *(name for name in known if importlib.util.find_spec(MODULES.get(name, name)))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = child(__file__, "write", folder, case).stdout.strip()
        if not options.json:
            print(
                f"\n**{size}**\n\n| | ours | quickest compiled | networkx | |\n| --- | --- | --- | --- | --- |",
                flush=True,
            )
        for title in options.task or TASKS:
            if case not in TASKS[title].on:
                continue
            jobs = [library for library in TASKS[title].jobs if library in libraries]
            results = {library: measured(folder, title, library, options.limit) for library in jobs}
            numbers = {"case": case, "job": title} | {library: asdict(result) for library, result in results.items()}
            print(json.dumps(numbers) if options.json else row(title, results), flush=True)
        if not (options.json or case in PATHS):
            print(f"\n{child(__file__, 'refusal', folder).stdout.strip()}")


def left_out(case: str) -> tuple[str, ...]:
    """Libraries for which a case is too large."""
    return TOO_LARGE if case in LARGE else ()


def main() -> None:
    """Print one table for each case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="+", metavar="PART", help="used by the program itself")
    parser.add_argument("--large", action="store_true", help="also 1 million stakeholders")
    parser.add_argument("--case", action="append", choices=[*CASES, *LARGE], help="only this; repeatable")
    parser.add_argument("--task", action="append", choices=list(TASKS), help="only this; repeatable")
    parser.add_argument("--json", action="store_true", help="a line of JSON a row: seconds and megabytes by library")
    parser.add_argument("--limit", type=int, default=120, help="CPU seconds after which another library is stopped")
    options = parser.parse_args()
    if options.part:
        part, folder, *rest = options.part
        {"write": write, "run": run, "require_equal": require_equal, "refusal": refusal}[part](Path(folder), *rest)
        return
    for case in options.case or [*CASES, *(LARGE if options.large else ())]:
        compare(case, options)


if __name__ == "__main__":
    main()
