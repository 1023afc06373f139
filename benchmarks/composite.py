"""CPU seconds and peak memory of composite indicators, beside what else there is in Python, in one run.

    python benchmarks/composite.py                           # two minutes
    python benchmarks/composite.py --asem iData.csv iMeta.csv  # COINr's own example instead of a fictional one

Each job runs in a process of its own, on one thread, on data which it has already read. What takes less than five
seconds is run again, as often as fits into half a second, and the mean counts. Peak memory is that of the process. In
every row all must find the same numbers, or the program stops: replication by replication where choices have names (to
1e-9), else the index as it is (to 1e-9) and the mean over replications (within six standard errors). Compare within a
row: ratios are what carries over to another machine.

*pandas, rebuilt* makes the index anew for every replication, which is how COINr does it, in R; *built once* keeps what
does not change and loops over the rest in numpy. Both are written for one index: they check nothing, record nothing and
know one method a step. They do a part of the replications, and their seconds are scaled up. The libraries are in the
dependency group ``bench``; what is not installed is left out, and said. None of them builds an index: pymcdm and
scikit-criteria normalize one matrix and add it up, SALib has the indices.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import composite_index as index
import composite_jobs as jobs
import numpy as np
from composite_index import DRAWS, FACTORS, ONCE, OURS, REBUILT, ROWS
from measuring import Job, Result, child, measure, outcome

CASES = {
    "asem": (51, (8, 5, 3, 6, 8, 5, 9, 5), 0.02),
    "wide": (1_000, (10,) * 10, 0.02),
    "large": (500, (10,) * 6, 0.0),
}
"""Units, indicators of each pillar, share missing."""

MODULES = {"scikit-criteria": "skcriteria"}


@dataclass(frozen=True)
class Task:
    """A row.

    ``part`` tells which share of the replications a library does; ``target`` the seconds which are ours to keep.
    """

    title: str
    case: str
    jobs: Mapping[str, Callable[[Path], Job]]
    compare: str
    target: float = math.nan
    part: Mapping[str, float] | None = None
    note: str = ""


TASKS = {
    "replications": Task(
        "10,000 replications, 51 × 49",
        "asem",
        {OURS: jobs.replications_ours, REBUILT: jobs.replications_rebuilt, ONCE: jobs.replications_once},
        "rows",
        2.0,
        {REBUILT: 100 / DRAWS, ONCE: 1_000 / DRAWS},
        "4 choices; COINr: about 2,500 s, as reported",
    ),
    "build": Task(
        "full build, 1,000 × 100",
        "wide",
        {OURS: jobs.build_ours, REBUILT: jobs.build_pandas},
        "rows",
        0.2,
        note="with ranks and ties",
    ),
    "weights": Task(
        "weights and forms, 500 × 60, 10,000 draws",
        "large",
        {OURS: jobs.draws_ours, REBUILT: jobs.draws_rebuilt, ONCE: jobs.draws_once},
        "means",
        5.0,
        {REBUILT: 20 / DRAWS, ONCE: 1_000 / DRAWS},
        "3 forms; at most 2,000 MB",
    ),
    "values": Task(
        "the same, with values",
        "large",
        {OURS: partial(jobs.draws_ours, values=True), ONCE: partial(jobs.draws_once, values=True, times=200)},
        "means",
        60.0,
        {ONCE: 200 / DRAWS},
        "each value drawn from its error; at most 2,000 MB",
    ),
    "sensitivity": Task(
        f"sensitivity, {FACTORS} choices, N = {ROWS:,}, 51 × 49",
        "asem",
        {OURS: jobs.sensitivity_ours, REBUILT: jobs.replications_rebuilt},
        "rows",
        5.0,
        {REBUILT: 100 / (ROWS * (FACTORS + 2))},
        "9,216 replications; theirs is without the indices",
    ),
    "indices": Task(
        "Sobol' indices of 103 outputs",
        "asem",
        {OURS: jobs.indices_ours, "SALib": jobs.indices_salib},
        "indices",
        note="1,000 resamples",
    ),
    "flat": Task(
        "10,000 sets of weights, one level, 51 × 49",
        "asem",
        {
            OURS: jobs.flat_ours,
            ONCE: jobs.flat_numpy,
            "pymcdm": jobs.flat_pymcdm,
            "scikit-criteria": jobs.flat_scikit_criteria,
        },
        "means",
        part={"pymcdm": 1_000 / DRAWS, "scikit-criteria": 1_000 / DRAWS},
        note="min-max, weighted sum, ranks",
    ),
}


def write(folder: Path, case: str, *asem: str) -> None:
    """The data of a case."""
    if asem and case == "asem":
        for source, name in zip(asem, ("idata.csv", "imeta.csv"), strict=True):
            shutil.copy(source, folder / name)
    else:
        index.write_case(folder, *CASES[case])
    index.write_sets(folder)


def run(folder: Path, name: str, library: str, seconds_allowed: str) -> None:
    """One job in this process."""
    job = TASKS[name].jobs[library](folder)
    measure(job, folder / f"{library}.npy", math.inf if library == OURS else int(seconds_allowed))


def measured(folder: Path, name: str, library: str, limit: int) -> Result:
    """Run one job, and hold its numbers against ours."""
    factor = 1 / (TASKS[name].part or {}).get(library, 1.0)
    done = child(__file__, "run", folder, name, library, limit)
    if not done.returncode:
        child(__file__, "require_equal", folder, name, library)
    return outcome(done, limit, factor)


def require_equal(folder: Path, name: str, library: str) -> None:
    """Stop unless a library has found what we have."""
    ours, theirs = (np.load(folder / f"{by}.npy") for by in (OURS, library))
    exact = {"rows": len(theirs), "means": 1, "indices": 0}[TASKS[name].compare]
    same = np.allclose(ours[:exact], theirs[:exact], rtol=1e-9, atol=1e-9, equal_nan=True)
    if TASKS[name].compare == "means":
        apart = np.abs(ours[1:].mean(axis=0) - theirs[1:].mean(axis=0))
        error = np.sqrt(sum(found[1:].var(axis=0, ddof=1) / (len(found) - 1) for found in (ours, theirs)))
        same &= bool((apart <= 6 * error + 1e-9).all())
    elif TASKS[name].compare == "indices":  # SALib takes the mean over all runs where we take that over A and B
        same = np.allclose(ours[FACTORS:], theirs[FACTORS:], rtol=1e-9) and np.allclose(ours, theirs, atol=0.02)
    if not same:
        raise SystemExit(f"{TASKS[name].title}: our numbers are not those of {library}.")


def row(name: str, results: dict[str, Result]) -> str:
    """Ours, the target, by hand in two ways, libraries, note."""
    task, ours = TASKS[name], results[OURS]
    target = "–" if math.isnan(task.target) else f"{task.target:g} s"
    by_hand = [results[way].against(ours) if way in results else "–" for way in (REBUILT, ONCE)]
    others = [f"{other} {r.against(ours)}" for other, r in results.items() if other not in {OURS, REBUILT, ONCE}]
    return f"| {task.title} | {ours} | {target} | {' | '.join(by_hand)} | {'; '.join(others) or '–'} | {task.note} |"


def compare(names: list[str], options: argparse.Namespace) -> None:
    """All rows, as a table in Markdown or as lines of JSON."""
    absent = [name for name in libraries() if not importlib.util.find_spec(MODULES.get(name, name))]
    if not options.json:
        print(
            "| | ours | target | pandas, rebuilt | numpy, built once | libraries | |\n" + "| --- " * 7 + "|", flush=True
        )
    with tempfile.TemporaryDirectory() as top:
        for name in names:
            task, folder = TASKS[name], Path(top) / TASKS[name].case
            if not folder.exists():
                folder.mkdir()
                child(__file__, "write", folder, task.case, *(options.asem or ()))
            todo = [library for library in task.jobs if library not in absent]
            results = {library: measured(folder, name, library, options.limit) for library in todo}
            numbers = {"job": task.title} | {library: asdict(result) for library, result in results.items()}
            print(json.dumps(numbers) if options.json else row(name, results), flush=True)
    if absent and not options.json:
        print(f"\nNot installed, and left out: {', '.join(absent)}.")


def libraries() -> list[str]:
    """Those which somebody else has written for this."""
    return sorted({name for task in TASKS.values() for name in task.jobs} - {OURS, REBUILT, ONCE})


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="+", metavar="PART", help="used by the program itself")
    parser.add_argument("--task", action="append", choices=list(TASKS), help="only this; repeatable")
    parser.add_argument("--asem", nargs=2, metavar=("IDATA", "IMETA"), help="COINr's example data, as it writes them")
    parser.add_argument("--json", action="store_true", help="a line of JSON a row: seconds and megabytes by library")
    parser.add_argument("--limit", type=int, default=120, help="CPU seconds after which another library is stopped")
    options = parser.parse_args()
    if options.part:
        part, folder, *rest = options.part
        {"write": write, "run": run, "require_equal": require_equal}[part](Path(folder), *rest)
        return
    compare(options.task or list(TASKS), options)


if __name__ == "__main__":
    main()
