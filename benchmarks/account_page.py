"""The page of one account beside pyvis, in one run: CPU of Chromium's main thread, file size, and CPU of Python.

    .venv/bin/python benchmarks/account_page.py            # about five minutes; prints a Markdown table

"pyvis, fixed" is pyvis with our positions and no physics; "pyvis, stock" lays the network out in the browser, as it
does when nobody tells it otherwise. Compare within a row: the ratio is what carries over to another machine.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from account_browser import PATIENCE, Timed, chromium
from account_data import write_workspace

DEGREE = {300: 4, 500: 4, 2_000: 4}  # ties per stakeholder of the pages which a browser opens
DENSE = (2_000, 20_000)
KINDS = ("ours", "fixed", "stock")
HEAD = ("", "target", "ours", "pyvis, fixed", "pyvis, stock")
SECONDS, MILLISECONDS, KILOBYTES = "{:.2f} s", "{:.1f} ms", "{:,.0f} kB"


def assessed(folder: Path) -> Any:
    """The account, its influence worked out."""
    import ecosystem_iq as eiq
    from ecosystem_iq.assessment import MEASURED, Assessment

    eco = eiq.load(folder)
    graph = eiq.influence_graph(eco)
    return Assessment(eco, graph, eiq.measure(graph, MEASURED, draws=0))


def build_ours(folder: Path) -> Callable[[], str]:
    """Layouts, communities, findings, HTML."""
    import ecosystem_iq as eiq

    assessment = assessed(folder)
    return lambda: eiq.network_view(assessment).html


def build_pyvis(folder: Path, *, fixed: bool) -> Callable[[], str]:
    """The same stakeholders and ties; without ``fixed``, where they stand is left to the browser."""
    from pyvis.network import Network

    from ecosystem_iq.publication import network_payload

    payload = network_payload(assessed(folder), "acc-1", [])
    nodes, ties = payload["nodes"], payload["ties"]

    def build() -> str:
        network = Network(height="900px", directed=True, cdn_resources="in_line")
        for i, name in enumerate(nodes["name"]):
            place = {"x": nodes["x"][i], "y": nodes["y"][i], "physics": False} if fixed else {}
            network.add_node(i, label=name, shape="dot", size=nodes["size"][i], title=name, **place)
        network.add_edges(zip(map(int, ties["source"]), map(int, ties["target"]), strict=True))
        if fixed:
            network.toggle_physics(status=False)
        return str(network.generate_html())

    return build


def job(kind: str, folder: Path, target: Path) -> str:
    """Build a page twice, the first time for the caches, and tell CPU seconds, bytes, and whether both are the same."""
    build = build_ours(folder) if kind == "ours" else build_pyvis(folder, fixed=kind == "fixed")
    first = build()
    begin = time.process_time()
    html = build()
    seconds = time.process_time() - begin
    target.write_text(html, encoding="utf-8")
    return json.dumps([seconds, len(html.encode()), html == first])


def built(kind: str, folder: Path, target: Path) -> tuple[float, int, bool]:
    """Run one job in a process of its own."""
    command = [sys.executable, __file__, "--job", kind, str(folder), str(target)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, size, same = json.loads(output.splitlines()[-1])
    return seconds, size, same


def row(title: str, target: str, form: str, values: list[float | None]) -> str:
    """A line of the table; None says that the page was not ready in time."""
    texts = [f"> {PATIENCE} s" if value is None else form.format(value) for value in values]
    return "| " + " | ".join((title, target, *texts)) + " |"


def browsed(kind: str, page: Path, gestures: str) -> dict[str, float | None]:
    """Readiness and gestures of a page, in a browser of its own: a page which hangs is ended with it."""
    command = [sys.executable, __file__, "--browse", kind, str(page), gestures]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=2 * PATIENCE)
        return json.loads(output.splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError):
        os.killpg(process.pid, signal.SIGKILL)
        return dict.fromkeys(("ready", "pan", "zoom"))


def browse(kind: str, page: Path, gestures: str) -> str:
    """What :func:`browsed` asks for, as JSON."""
    with chromium() as browser:
        timed = Timed(browser, page, kind)
        spent = {gesture: timed.frame(gesture) for gesture in gestures.split()}
        found = {"ready": timed.ready, **{name: None if each is None else 1000 * each for name, each in spent.items()}}
        timed.close()
    return json.dumps(found)


def browser_rows(pages: dict[tuple[int, str], Path], kinds: tuple[str, ...]) -> list[str]:
    """Readiness at two sizes, a frame of pan and zoom at the larger."""
    small = [browsed(kind, pages[500, kind], "") for kind in kinds]
    large = [browsed(kind, pages[2_000, kind], "pan zoom") for kind in kinds]
    return [
        row("ready, 500 stakeholders", "≤ 0.6 s", SECONDS, [each["ready"] for each in small]),
        row("ready, 2,000", "≤ 1.5 s", SECONDS, [each["ready"] for each in large]),
        row("a frame of panning, 2,000", "≤ 20 ms", MILLISECONDS, [each["pan"] for each in large]),
        row("a frame of zooming, 2,000", "≤ 40 ms", MILLISECONDS, [each["zoom"] for each in large]),
    ]


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--job", nargs=3, metavar=("KIND", "FOLDER", "TARGET"), help="used by the program itself")
    parser.add_argument("--without-stock", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--browse", nargs=3, metavar=("KIND", "PAGE", "GESTURES"), help="used by the program itself")
    options = parser.parse_args()
    if options.browse:
        kind, page, gestures = options.browse
        print(browse(kind, Path(page), gestures))
        return
    if options.job:
        kind, folder, target = options.job
        print(job(kind, Path(folder), Path(target)))
        return
    kinds = KINDS[:2] if options.without_stock else KINDS
    with tempfile.TemporaryDirectory() as name:
        print_table(Path(name), kinds)


def print_table(root: Path, kinds: tuple[str, ...]) -> None:
    """Build every page, open those which a browser is to open, and print what it took."""
    print("| " + " | ".join(HEAD[: 2 + len(kinds)]) + " |")
    print("|---|" + "---:|" * (1 + len(kinds)))
    pages, size = {}, {}
    for n, degree in DEGREE.items():
        write_workspace(root / str(n), n, degree * n)
        for kind in kinds:
            pages[n, kind] = root / f"{n}-{kind}.html"
            size[n, kind] = built(kind, root / str(n), pages[n, kind])[1]
    print("\n".join(browser_rows(pages, kinds)), flush=True)
    for n, target in ((300, "≤ 700 kB"), (2_000, "≤ 1,800 kB")):
        print(row(f"file, {n:,}", target, KILOBYTES, [size[n, kind] / 1000 for kind in kinds]))
    write_workspace(root / "dense", *DENSE)
    dense = [built(kind, root / "dense", root / "dense.html") for kind in kinds]
    print(row("Python, 2,000 and 20,000 ties", "≤ 1.5 s", SECONDS, [seconds for seconds, _, _ in dense]))
    print(row("file of these", "", KILOBYTES, [size / 1000 for _, size, _ in dense]))
    print(row("the same bytes again", "yes", "{}", ["yes" if same else "no" for _, _, same in dense]))  # type: ignore[list-item]


if __name__ == "__main__":
    main()
