"""CPU seconds and peak memory of the spine, beside what a user would otherwise use, in one run.

    .venv/bin/python benchmarks/spine.py            # about two minutes

Each job runs in a process of its own, so that its peak memory is its own. Compare within a row: the ratio is what
carries over to another machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

JOBS = {
    "influence, every account": ("influence_ours", "influence_networkx"),
    "check (otherwise: 6 rules by hand)": ("check_ours", "check_pandas"),
    "page of one account, Python side": ("page_ours", "page_pyvis"),
    "benchmark, 10,000 draws": ("score_ours", "score_loop"),
}


def influence_ours(folder: Path) -> str:
    """Influence of every stakeholder in every account, in one pass."""
    import ecosystem_iq as eiq

    graph = eiq.influence_graph(eiq.load(folder))
    return timed(lambda: eiq.measure(graph, draws=0))


def influence_networkx(folder: Path) -> str:
    """PageRank on reversed arrows, account by account."""
    import networkx as nx

    import ecosystem_iq as eiq

    graph = eiq.to_networkx(eiq.influence_graph(eiq.load(folder))).reverse()
    parts = [graph.subgraph(nodes).copy() for nodes in nx.weakly_connected_components(graph)]
    return timed(lambda: [nx.pagerank(part, weight="probability", tol=1e-12, max_iter=500) for part in parts])


def check_ours(folder: Path) -> str:
    """Every rule on every table."""
    import ecosystem_iq as eiq

    return timed(lambda: eiq.check(folder))


def check_pandas(folder: Path) -> str:
    """The rules one would write by hand for two of the nine tables: keys, references, ranges."""
    import pandas as pd

    def rules() -> int:
        people = pd.read_csv(folder / "stakeholders.csv", dtype=str)
        ties = pd.read_csv(folder / "ties.csv", dtype=str)
        known = set(people["stakeholder_id"])
        wrong = people["stakeholder_id"].duplicated().sum() + (~ties["source"].isin(known)).sum()
        wrong += (~ties["target"].isin(known)).sum() + (pd.to_numeric(ties["confidence"], errors="coerce") > 1).sum()
        key = ["source", "target", "kind", "layer", "account_id", "valid_from"]
        wrong += ties.duplicated(key).sum() + (ties["valid_to"] <= ties["valid_from"]).sum()
        return int(wrong)

    return timed(rules)


def page_ours(folder: Path) -> str:
    """The page of the largest account: layout, communities, HTML."""
    import ecosystem_iq as eiq
    from ecosystem_iq.assessment import Assessment

    eco = eiq.load(folder)
    graph = eiq.influence_graph(eco)
    assessment = Assessment(eco, graph, eiq.measure(graph, draws=0), None, None)
    account = graph.account_ids[int(graph.sizes.argmax())]
    return timed(lambda: eiq.network_view(assessment, account))


def page_pyvis(folder: Path) -> str:
    """Stock pyvis on the same account; its browser then still has to lay it out, and loads scripts from the net."""
    import networkx as nx
    from pyvis.network import Network

    import ecosystem_iq as eiq

    eco = eiq.load(folder)
    whole = eiq.influence_graph(eco)
    graph = eiq.to_networkx(eiq.influence_graph(eco, accounts=[whole.account_ids[int(whole.sizes.argmax())]]))

    def page() -> str:
        network = Network(cdn_resources="in_line")
        network.from_nx(nx.DiGraph(graph))
        return network.generate_html()

    return timed(page)


def score_ours(folder: Path) -> str:
    """Ten thousand replications at once."""
    import ecosystem_iq as eiq

    framework = eiq.load_framework()
    values = eiq.compute_indicators(eiq.load(folder), framework)
    return timed(lambda: eiq.score(values, framework, draws=10_000))


def score_loop(folder: Path) -> str:
    """The same replications one after the other, 200 of them, times 50."""
    import ecosystem_iq as eiq

    framework = eiq.load_framework()
    values = eiq.compute_indicators(eiq.load(folder), framework)
    return timed(lambda: [eiq.score(values, framework, draws=1, rng=i) for i in range(200)], factor=50)


def timed(job: Callable[[], object], factor: float = 1.0) -> str:
    """CPU seconds of a job and the peak memory of this process in MB, as JSON."""
    begin = time.process_time()
    job()
    seconds = factor * (time.process_time() - begin)
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, kilobytes elsewhere
    return json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit / 1024])


def measured(job: str, folder: Path) -> tuple[float, float]:
    """Run one job in a process of its own."""
    command = [sys.executable, __file__, "--job", job, str(folder)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(output.splitlines()[-1])
    return seconds, megabytes


def main() -> None:
    """Measure every job beside its peer and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--job", nargs=2, metavar=("NAME", "FOLDER"), help="used by the program itself")
    parser.add_argument("--scale", type=float, default=5.0, help="stakeholders, in multiples of the demo (default 5)")
    options = parser.parse_args()
    if options.job:
        print(globals()[options.job[0]](Path(options.job[1])))
        return
    with tempfile.TemporaryDirectory() as name:
        write_demo(Path(name), options.scale)
        print(f"{'':34}{'ours':>18}{'otherwise':>20}{'ratio':>8}")
        for title, jobs in JOBS.items():
            (ours, mine), (theirs, other) = (measured(job, Path(name)) for job in jobs)
            print(f"{title:34}{ours:8.2f} s {mine:5.0f} MB{theirs:10.2f} s {other:5.0f} MB{theirs / ours:8.1f}")


def write_demo(folder: Path, scale: float) -> None:
    """The demo at another size."""
    from ecosystem_iq.synthetic import demo_files

    for name, text in demo_files(scale=scale).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
