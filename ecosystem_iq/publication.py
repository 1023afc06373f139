"""An assessment → a folder of pages and tables which opens by double click."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError, OutputError, did_you_mean
from ecosystem_iq.files import read_text, refuse_occupied, remove, write_text
from ecosystem_iq.pages import Page, account_page, benchmark_page, portal_page
from ecosystem_iq.tables.writers import table_text
from ecosystem_iq.views import benchmark_view, network_payload, portal_view

MANIFEST = "manifest.json"
ALL = "all"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Manifest:
    """What was published.

    Attributes
    ----------
    folder : Path
    files : mapping of str to str
        SHA-256 of each file, by path relative to the folder.
    facts : mapping
        Title, ``as_of``, fingerprint of the tables, framework, counts, version.
    """

    folder: Path
    files: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def index(self) -> Path:
        """The page to open first."""
        return self.folder / "index.html"

    def to_frame(self) -> pd.DataFrame:
        """One row a file: ``path``, ``sha256``."""
        return pd.DataFrame({"path": list(self.files), "sha256": list(self.files.values())})

    def to_json(self) -> str:
        """The manifest as it is written."""
        return (
            json.dumps({**self.facts, "files": dict(self.files)}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        )


def network_view(assessment: Assessment, account: str = ALL, links: Iterable[dict[str, str]] = ()) -> Page:
    """The interactive page of one account.

    Parameters
    ----------
    assessment : Assessment
    account : str
        Account id; may be left out when there is one account.
    links : iterable of dict
        ``label`` and ``href`` of neighbouring pages.

    Returns
    -------
    Page
        Shows itself in a notebook; ``.save(path)`` writes it.
    """
    return account_page(network_payload(assessment, account, list(links)))


def publish(
    assessment: Assessment,
    out: str | Path,
    *,
    accounts: str | Iterable[str] = ALL,
    progress: Progress | None = None,
) -> Manifest:
    """Write every page and table of an assessment.

    Parameters
    ----------
    assessment : Assessment
    out : path
        A new or empty folder, or one which an earlier run filled (its files are replaced, others stay).
    accounts : "all" or iterable of str
        Which accounts get a page.
    progress : callable, optional
        Called with (done, total, name) after each file.

    Returns
    -------
    Manifest

    Raises
    ------
    OutputError
        When the folder holds something else.
    InputError
        When an account is unknown.
    """
    folder = Path(out)
    before = _earlier(folder)
    hrefs = _hrefs(assessment, accounts)
    tables = _tables(assessment)
    total = len(hrefs) + len(tables) + 1
    files: dict[str, str] = {}
    for name, make in _contents(assessment, hrefs, tables):
        text = make()
        write_text(folder / name, text)
        files[name] = hashlib.sha256(text.encode()).hexdigest()
        if progress:
            progress(len(files), total, name)
    manifest = Manifest(folder, files, _facts(assessment))
    write_text(folder / MANIFEST, manifest.to_json())
    for stale in before - set(files):
        remove(folder / stale)
    return manifest


def _contents(
    assessment: Assessment, hrefs: Mapping[str, str], tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name and maker of every file, the index last: it must not point at what is not there yet."""
    for name, frame in tables.items():
        yield name, lambda frame=frame: table_text(frame)  # type: ignore[misc]
    for account, href in hrefs.items():
        if account:
            back = [{"label": "All accounts", "href": "../index.html"}]
            yield href, lambda account=account, back=back: network_view(assessment, account, back).html  # type: ignore[misc]
        else:
            back = [{"label": "All accounts", "href": "index.html"}]
            yield href, lambda back=back: benchmark_page(benchmark_view(assessment, back)).html  # type: ignore[misc]
    yield "index.html", lambda: portal_page(portal_view(assessment, hrefs, list(tables))).html


def _earlier(folder: Path) -> set[str]:
    """Files which an earlier run wrote here; refuses a folder of anything else."""
    if not (folder / MANIFEST).is_file():
        refuse_occupied(folder)
        return set()
    try:
        files = json.loads(read_text(folder / MANIFEST, limit=10**8))["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{folder / MANIFEST} was not written by this program; name another folder.") from error
    return {name for name in files if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _hrefs(assessment: Assessment, accounts: str | Iterable[str]) -> dict[str, str]:
    """File of each account page, and of the benchmark under ``""``."""
    known = assessment.graph.account_ids if assessment.graph is not None else ()
    wanted = list(known) if accounts == ALL else list(accounts)
    for account in wanted:
        if account not in known:
            raise InputError(f'There is no account "{account}". {did_you_mean(account, known)}'.strip())
    codes = account_codes(known)
    benchmark = {"": "benchmark.html"} if assessment.scorecard is not None else {}
    return {**benchmark, **{account: f"accounts/{codes[account]}.html" for account in wanted}}


def account_codes(accounts: Iterable[str]) -> dict[str, str]:
    """A file name for each account: letters, digits and hyphens, different for each.

    Examples
    --------
    >>> account_codes(["Nord/Süd", "nord sued", "CON"])
    {'Nord/Süd': 'nord-s-d', 'nord sued': 'nord-sued', 'CON': 'con-1'}
    """
    codes: dict[str, str] = {}
    taken = {"con", "prn", "aux", "nul", ""}  # names which Windows keeps for itself
    for account in accounts:
        base = re.sub(r"[^a-z0-9]+", "-", account.lower()).strip("-")[:60] or "account"
        code, n = base, 0
        while code in taken:
            n += 1
            code = f"{base}-{n}"
        taken.add(code)
        codes[account] = code
    return codes


def _tables(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Every result as a table, by path."""
    tables: dict[str, pd.DataFrame] = {}
    if assessment.measures is not None:
        tables["tables/influence.csv"] = assessment.measures.to_frame()
    if assessment.scorecard is not None:
        tables["tables/benchmark.csv"] = assessment.scorecard.to_frame()
    if assessment.indicators is not None:
        tables["tables/indicators.csv"] = assessment.indicators
    for name, frame in assessment.ecosystem.rejected.items():
        tables[f"rejected/{name}.csv"] = frame
    return tables


def _facts(assessment: Assessment) -> dict[str, Any]:
    from importlib.metadata import version

    eco, card = assessment.ecosystem, assessment.scorecard
    return {
        "program": f"ecosystem-iq {version('ecosystem-iq')}",
        "title": eco.settings.title,
        "as_of": eco.as_of.isoformat() if eco.as_of else None,
        "fingerprint": eco.fingerprint,
        "framework": None if card is None else f"{card.framework.id} {card.framework.version} {card.framework.hash}",
        "rows": {name: len(frame) for name, frame in eco.tables.items() if len(frame)},
        "rows_set_aside": {name: len(frame) for name, frame in eco.rejected.items()},
        "people_withheld": eco.withheld,
    }
