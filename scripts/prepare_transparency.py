"""Public trial-reporting data → a workspace which can be benchmarked: a real comparison of real companies.

    .venv/bin/python scripts/prepare_transparency.py SOURCE WORKSPACE
    .venv/bin/ecosystem-iq benchmark WORKSPACE

SOURCE is the folder with TrialsTracker's ``sponsor_year.csv``. Subsidiaries are joined by the hand-checked
``data/mappings/trial_sponsors.csv``, companies with fewer than 20 completed trials are not ranked, and each rate has
the standard error of its count (Jeffreys' prior), so that small companies have wide intervals.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.uncertainty import jeffreys_variance
from ecosystem_iq.errors import EcosystemError
from ecosystem_iq.files import refuse_occupied, write_text
from ecosystem_iq.tables.importers import import_mapped, read_mapping
from ecosystem_iq.tables.writers import table_text

MAPPING = Path(__file__).resolve().parent.parent / "data" / "mappings" / "trial_reporting.toml"


def prepare(source: Path, workspace: Path) -> int:
    """Write the workspace; gives the number of companies."""
    refuse_occupied(workspace)
    imported = import_mapped(source, read_mapping(MAPPING))
    files = {**imported.files, "scores.csv": with_errors(imported.files["scores.csv"])}
    for name, text in files.items():
        write_text(workspace / name, text)
    return imported.counts["companies"]


def with_errors(scores: str) -> str:
    """The scores with the standard error of each rate, from its count."""
    table = pd.read_csv(io.StringIO(scores), dtype={"company_id": "str"})
    table["se"] = np.sqrt(jeffreys_variance(table["value"], table["n"]))
    return table_text(table)


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 - itself, source, workspace
        sys.exit(__doc__)
    try:
        print(f"{prepare(Path(sys.argv[1]), Path(sys.argv[2]))} companies in {sys.argv[2]}")
    except EcosystemError as error:
        sys.exit(f"Error: {error}")
