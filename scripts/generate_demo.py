"""Write the demo workspace to data/demo: ``python scripts/generate_demo.py``."""

from __future__ import annotations

from pathlib import Path

from ecosystem_iq import files
from ecosystem_iq.synthetic import demo_files

FOLDER = Path(__file__).resolve().parents[1] / "data" / "demo"

if __name__ == "__main__":
    for name, text in demo_files().items():
        files.write_text(FOLDER / name, text)
