"""An assessment → a folder of pages and tables which opens by double click."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError, OutputError, did_you_mean
from ecosystem_iq.files import is_file, read_text, refuse_occupied, remove, write_text
from ecosystem_iq.network.accounts import account_table
from ecosystem_iq.network.layers import layer_table
from ecosystem_iq.pages import (
    Page,
    account_page,
    archetypes_page,
    benchmark_page,
    portal_page,
    triggers_page,
)
from ecosystem_iq.tables.writers import spreadsheet_text
from ecosystem_iq.views import archetypes_view, benchmark_view, network_payload, portal_view, triggers_view

PROGRAM = "ecosystem-iq"
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


def network_view(
    assessment: Assessment,
    account: str = ALL,
    links: Iterable[dict[str, str]] = (),
    *,
    before: Assessment | None = None,
) -> Page:
    """The interactive page of one account.

    Parameters
    ----------
    assessment : Assessment
    account : str
        Account id; may be left out when there is only one account.
    links : iterable of dict
        ``label`` and ``href`` of neighbouring pages.
    before : Assessment, optional
        An earlier state of the same account; what is new, gone, risen or fallen since is shown.

    Returns
    -------
    Page
        Shows itself in a notebook; ``.save(path)`` writes it.
    """
    known = assessment.graph.account_ids if assessment.graph is not None else ()
    only = known[0] if account == ALL and len(known) == 1 else account
    return account_page(network_payload(assessment, only, list(links), before=before))


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
    accounts : "all", str or iterable of str
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
    plan = _Plan(_hrefs(assessment, accounts), _reports(assessment), _tables(assessment))
    facts = _facts(assessment)
    files = dict.fromkeys([*before, *plan.names], "")
    write_text(folder / MANIFEST, Manifest(folder, files, facts).to_json())  # so that a run cut short can be run again
    files.clear()
    for name, make in _contents(assessment, plan):
        text = make()
        write_text(folder / name, text)
        files[name] = hashlib.sha256(text.encode()).hexdigest()
        if progress:
            progress(len(files), len(plan.names), name)
    for stale in before - set(files):
        remove(folder / stale)
    manifest = Manifest(folder, files, facts)
    write_text(folder / MANIFEST, manifest.to_json())
    return manifest


@dataclass(frozen=True)
class _Plan:
    """Where everything goes: pages of accounts by id, reports by name, tables by path."""

    accounts: Mapping[str, str]
    reports: Mapping[str, str]
    tables: Mapping[str, pd.DataFrame]

    @property
    def names(self) -> list[str]:
        """Every file, in the order of writing; the index last: it must not point at what is not there yet."""
        return [*self.tables, *self.accounts.values(), *self.reports.values(), "index.html"]


def _contents(assessment: Assessment, plan: _Plan) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name and maker of every file, in the order of the plan."""
    for name, frame in plan.tables.items():
        yield name, partial(spreadsheet_text, frame)
    up = [{"label": "All accounts", "href": "../index.html"}]
    for account, href in plan.accounts.items():
        yield href, partial(_account_html, assessment, account, up)
    home = [{"label": "All accounts", "href": "index.html"}]
    for report, href in plan.reports.items():
        yield href, partial(_REPORTS[report], assessment, plan.accounts, home)
    yield (
        "index.html",
        lambda: portal_page(portal_view(assessment, plan.accounts, plan.reports, list(plan.tables))).html,
    )


Links = list[dict[str, str]]


def _account_html(assessment: Assessment, account: str, links: Links) -> str:
    return network_view(assessment, account, links).html


def _benchmark_html(assessment: Assessment, _: Mapping[str, str], links: Links) -> str:
    return benchmark_page(benchmark_view(assessment, links)).html


def _triggers_html(assessment: Assessment, hrefs: Mapping[str, str], links: Links) -> str:
    return triggers_page(triggers_view(assessment, hrefs, links)).html


def _archetypes_html(assessment: Assessment, hrefs: Mapping[str, str], links: Links) -> str:
    return archetypes_page(archetypes_view(assessment, hrefs, links)).html


_REPORTS = {"benchmark": _benchmark_html, "triggers": _triggers_html, "archetypes": _archetypes_html}


def _reports(assessment: Assessment) -> dict[str, str]:
    """File of each report which can be made."""
    made = {
        "benchmark": assessment.scorecard,
        "triggers": assessment.triggers,
        "archetypes": assessment.archetypes,
    }
    return {name: f"{name}.html" for name, result in made.items() if result is not None}


def _earlier(folder: Path) -> set[str]:
    """Files which an earlier run wrote here; refuses a folder of anything else."""
    if not is_file(folder / MANIFEST):
        refuse_occupied(folder)
        return set()
    try:
        manifest = json.loads(read_text(folder / MANIFEST, limit=10**8))
    except (ValueError, InputError) as error:
        raise _foreign(folder) from error
    # Other programs write a manifest.json with "files" as well: what they list must never be deleted.
    ours = isinstance(manifest, dict) and str(manifest.get("program", "")).startswith(f"{PROGRAM} ")
    if not ours or not isinstance(manifest.get("files"), dict):
        raise _foreign(folder)
    return {name for name in manifest["files"] if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _foreign(folder: Path) -> OutputError:
    return OutputError(f"{folder / MANIFEST} was not written by this program; name another folder.")


def _hrefs(assessment: Assessment, accounts: str | Iterable[str]) -> dict[str, str]:
    """File of each account page, by account id."""
    known = assessment.graph.account_ids if assessment.graph is not None else ()
    if accounts == ALL:
        accounts = known
    wanted = [accounts] if isinstance(accounts, str) else list(accounts)
    for account in wanted:
        if account not in known:
            raise InputError(f'There is no account "{account}". {did_you_mean(account, known)}'.strip())
    codes = account_codes(known)
    return {account: f"accounts/{codes[account]}.html" for account in wanted}


def account_codes(accounts: Iterable[str]) -> dict[str, str]:
    """A file name for each account: letters, digits and hyphens, different for each.

    Examples
    --------
    >>> account_codes(["Nord/Süd", "nord sued", "CON"])
    {'Nord/Süd': 'nord-s-d', 'nord sued': 'nord-sued', 'CON': 'con-1'}
    """
    codes: dict[str, str] = {}
    ports = (f"{port}{n}" for port in ("com", "lpt") for n in range(10))
    taken = {"con", "prn", "aux", "nul", *ports}  # names which Windows keeps for itself
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
    if assessment.graph is not None:
        tables["tables/accounts.csv"] = account_table(assessment.ecosystem, assessment.graph)
        tables["tables/layers.csv"] = layer_table(assessment.graph)
    compared = {
        "benchmark": assessment.scorecard,
        "robustness": assessment.robustness,
        "sensitivity": assessment.sensitivity,
    }
    tables |= {f"tables/{name}.csv": result.to_frame() for name, result in compared.items() if result is not None}
    if assessment.indicators is not None:
        tables["tables/indicators.csv"] = assessment.indicators
    if assessment.triggers is not None:
        tables["tables/triggers.csv"] = assessment.triggers.to_frame()
    if assessment.archetypes is not None and assessment.features is not None:
        tables["tables/archetypes.csv"] = assessment.archetypes.to_frame()
        tables["tables/features.csv"] = assessment.features
    if assessment.opportunities is not None and len(assessment.opportunities):
        tables["tables/jobs.csv"] = assessment.opportunities
    for name, frame in assessment.ecosystem.rejected.items():
        tables[f"rejected/{name}.csv"] = frame
    return tables


def _facts(assessment: Assessment) -> dict[str, Any]:
    from importlib.metadata import version

    eco, card = assessment.ecosystem, assessment.scorecard
    return {
        "program": f"{PROGRAM} {version(PROGRAM)}",
        "title": eco.settings.title,
        "as_of": eco.as_of.isoformat() if eco.as_of else None,
        "fingerprint": eco.fingerprint,
        "framework": None if card is None else f"{card.framework.id} {card.framework.version} {card.framework.hash}",
        "rows": {name: len(frame) for name, frame in eco.tables.items() if len(frame)},
        "rows_set_aside": {name: len(frame) for name, frame in eco.rejected.items()},
        "people_withheld": eco.withheld,
        "opinions_without_lawful_basis": sum(problem.code == "lawful_basis" for problem in eco.problems),
    }
