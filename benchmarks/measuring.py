"""How jobs are measured: each in a process of its own, in seconds of its processor and its own peak of memory."""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Job = Callable[[], Array]

AGAIN_BELOW, TOGETHER = 5.0, 0.5
"""Jobs which take fewer seconds are run again, as often as it takes to fill so many."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True)
class Result:
    """Seconds and megabytes of a job; a job which took longer than the limit has no megabytes."""

    seconds: float
    megabytes: float | None = None

    def __str__(self) -> str:
        digits = 0 if self.seconds >= 100 else 2 if self.seconds >= 0.1 else 4  # noqa: PLR2004 - three figures or so
        if self.megabytes is None:
            return f"> {self.seconds:,.0f} s"
        return f"{self.seconds:,.{digits}f} s, {self.megabytes:,.0f} MB"

    def against(self, ours: Result) -> str:
        """With how many times our own seconds this is."""
        ratio = self.seconds / ours.seconds
        return f"{self} ({'> ' if self.megabytes is None else ''}{ratio:,.{0 if ratio >= 10 else 1}f}x)"  # noqa: PLR2004


def child(program: str, part: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a part of a program in a process of its own.

    The one which asks stays small: where a process is forked, its peak memory begins with that of the one which starts
    it.
    """
    command = [sys.executable, program, "--part", part, *map(str, arguments)]
    environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode not in {0, -signal.SIGXCPU}:
        raise SystemExit(f"{part} {' '.join(map(str, arguments))}:\n{done.stderr}")
    return done


def measure(job: Job, kept: Path, seconds_allowed: float = math.inf) -> None:
    """One job in this process: its result as a file; seconds and megabytes are printed, as JSON."""
    if seconds_allowed < math.inf:
        limit = math.ceil(time.process_time()) + int(seconds_allowed)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    result, seconds = _timed(job, 1)
    if seconds < AGAIN_BELOW:  # the first run also loads what it needs, and the clock may be coarse
        result, seconds = _timed(job, math.ceil(TOGETHER / max(seconds, 1e-4)))
    np.save(kept, result)
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, kilobytes elsewhere
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit / 1024]))


def _timed(job: Job, times: int) -> tuple[Array, float]:
    """Result of a job, and the mean CPU seconds of so many runs."""
    begin = time.process_time()
    for _ in range(times):
        result = job()
    return result, (time.process_time() - begin) / times


def outcome(done: subprocess.CompletedProcess[str], limit: float, factor: float) -> Result:
    """What a measured process found; a library which does a part of the work only is counted ``factor`` times."""
    if done.returncode:
        return Result(limit * factor)
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return Result(seconds * factor, megabytes)
