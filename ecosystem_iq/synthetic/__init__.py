"""The demo workspace: a fictional ecosystem of health accounts and the manufacturers which serve them.

Every table has its own random stream, keyed by its name, so that a table added later changes no other. The same
arguments give the same bytes. Companies differ by what is true of them (``latent``): most are aware, few act;
raters, logs, plans and maps show it through noise; accounts behave in one of seven ways. All names are invented.
The truth behind the tables (``hidden_truth``) is written beside them for tests, in a folder which no reader looks into.

Examples
--------
>>> frames = generate(n_accounts=2, n_companies=3, rng=1)
>>> len(frames["accounts"]), len(frames["companies"])
(2, 3)
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.synthetic import accounts as places
from ecosystem_iq.synthetic import companies as firms
from ecosystem_iq.synthetic import contacts, opinions, people, proof, seats
from ecosystem_iq.synthetic.causes import described, own_company, truth_tables
from ecosystem_iq.synthetic.draw import AS_OF, stream
from ecosystem_iq.synthetic.hidden import hidden
from ecosystem_iq.synthetic.scores import scores
from ecosystem_iq.synthetic.ties import ties
from ecosystem_iq.synthetic.truth import latent
from ecosystem_iq.synthetic.world import World

__all__ = ["TABLES", "demo_files", "generate", "hidden_truth", "latent"]

TABLES = (
    "stakeholders",
    "ties",
    "accounts",
    "company_accounts",
    "memberships",
    "companies",
    "scores",
    "evidence",
    "interactions",
    "values",
    "jobs",
    "job_ratings",
    "funnel",
    "trigger_events",
    "plan",
    "teams",
    "pulse",
    "outcomes",
    "adoptions",
    "exposures",
    "transfers",
)
TITLE = "Ecosystem-IQ demonstration (synthetic)"


def generate(
    *, n_accounts: int = 24, n_companies: int = 13, noise: float = 1.0, scale: float = 1.0, rng: int = 0
) -> dict[str, pd.DataFrame]:
    """The demo's tables.

    Parameters
    ----------
    n_accounts, n_companies : int
        At least 1 each.
    noise : float
        Factor on the errors of raters, evidence, samples, holders and forecasts; stated standard errors stay.
    scale : float
        Factor on the number of stakeholders of each account.
    rng : int
        The seed.

    Returns
    -------
    dict of str to pandas.DataFrame
        Columns and words as in the schema; dates as ISO text.

    Raises
    ------
    ValueError
        When a count is below 1, or a factor negative.
    """
    return _tables(_world((n_accounts, n_companies), noise, scale, rng))


def hidden_truth(
    *, n_accounts: int = 24, n_companies: int = 13, noise: float = 1.0, scale: float = 1.0, rng: int = 0
) -> dict[str, pd.DataFrame]:
    """What the tables were drawn from: true tie probabilities, planted triggers, kinds of account, true indicators.

    Parameters
    ----------
    n_accounts, n_companies, noise, scale, rng
        As in ``generate``.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``ties_true``, ``triggers_true``, ``accounts_true``, ``companies_true``.
    """
    return truth_tables(_world((n_accounts, n_companies), noise, scale, rng))


def _world(counts: tuple[int, int], noise: float, scale: float, seed: int) -> World:
    """The reference map, the companies and their log, and the truth behind them."""
    if min(counts) < 1 or noise < 0 or scale <= 0:
        raise ValueError("n_accounts and n_companies must be at least 1, noise at least 0, and scale above 0.")
    accounts = places.accounts(counts[0], scale, stream("accounts", seed))
    who = people.stakeholders(accounts, stream("stakeholders", seed))
    members = seats.members(who, accounts, stream("members", seed))
    frames = {
        "accounts": accounts,
        "stakeholders": who,
        "companies": firms.companies(counts[1], stream("companies", seed)),
    }
    frames |= _map(frames, members, seed)
    frames |= _companies(frames, members, noise, seed)
    able = members["kind"].eq("person") & who["special_category"].isna().to_numpy()[members["_who"].to_numpy()]
    behind = hidden(frames["ties"], members, able.to_numpy(), stream("hidden", seed))
    return World(frames, members, behind, latent(counts[1], seed), noise, seed)


def _tables(world: World) -> dict[str, pd.DataFrame]:
    """All tables as they are written."""
    frames = world.frames | described(world)
    return {name: _finished(name, frames) for name in TABLES}


def _map(frames: dict[str, pd.DataFrame], members: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """The reference map: evidence, ties, memberships."""
    accounts = frames["accounts"]
    evidence = proof.evidence(accounts, frames["companies"], stream("evidence", seed))
    special = frames["stakeholders"]["special_category"].notna().to_numpy()
    anchors = members[members["kind"].eq("organisation")].groupby("_account")["_who"].min()
    accounts["anchor_id"] = frames["stakeholders"]["stakeholder_id"].to_numpy()[anchors.to_numpy()]
    return {
        "evidence": evidence,
        "ties": ties(members, accounts, evidence, stream("ties", seed)),
        "memberships": opinions.memberships(members, accounts, evidence, special, stream("memberships", seed)),
    }


def _companies(
    frames: dict[str, pd.DataFrame], members: pd.DataFrame, noise: float, seed: int
) -> dict[str, pd.DataFrame]:
    """What companies do and what assessors gave them."""
    accounts, truth = frames["accounts"], latent(len(frames["companies"]), seed)
    rivals = places.shape_of(accounts, "competition", np.arange(len(accounts)))
    served = firms.company_accounts(frames["companies"], accounts, rivals, stream("company_accounts", seed))
    random = stream("interactions", seed)
    met = contacts.relations(served, members, accounts, truth, random)
    return {
        "company_accounts": served,
        "_met": met,
        "interactions": contacts.interactions(met, frames["stakeholders"], truth, random),
        "scores": scores(truth, frames["evidence"], noise, stream("scores", seed)),
    }


def _finished(name: str, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One table with its positions turned into ids, its columns in the order of the schema, blank ones left out."""
    table, columns = frames[name].copy(), schema.table(name).names
    scoped = name not in {"accounts", "companies", "stakeholders", "scores"}
    for column, position, owner in _POSITIONS:
        if column in columns and column not in table and position in table and (scoped or owner == "companies"):
            ids = frames[owner][schema.table(owner).key[-1]].to_numpy()
            table[column] = ids[table[position].to_numpy()]
    if name == "ties":
        table.loc[table["kind"].isin(["owns", "employs", "funds", "member_of"]), "account_id"] = None
    kept = [column for column in columns if column in table and table[column].notna().any()]
    return table[kept].reset_index(drop=True)


_POSITIONS = (
    ("source", "_source", "stakeholders"),
    ("target", "_target", "stakeholders"),
    ("stakeholder_id", "_who", "stakeholders"),
    ("account_id", "_account", "accounts"),
    ("company_id", "_company", "companies"),
)


def demo_files(
    *, n_accounts: int = 24, n_companies: int = 13, noise: float = 1.0, scale: float = 1.0, rng: int = 0
) -> dict[str, str]:
    """The demo workspace as texts by relative file name: settings, a note, and one CSV file a table.

    The truth behind them is in ``truth/``: for tests, not for readers.

    Parameters
    ----------
    n_accounts, n_companies, noise, scale, rng
        As in ``generate``.

    Returns
    -------
    dict of str to str
    """
    world = _world((n_accounts, n_companies), noise, scale, rng)
    frames = _tables(world)
    texts = {"workspace.toml": _settings(world), "README.md": _note(frames)}
    texts |= {f"{name}.csv": _csv(frame) for name, frame in frames.items()}
    return texts | {f"truth/{name}.csv": _csv(frame) for name, frame in truth_tables(world).items()}


def _csv(frame: pd.DataFrame) -> str:
    """The text of one file."""
    return frame.to_csv(index=False, lineterminator="\n")


def _settings(world: World) -> str:
    """The text of workspace.toml."""
    own = world.ids("companies")[own_company(world)]
    return (
        "# Generated by scripts/generate_demo.py: every name is fictional.\n"
        f'title = "{TITLE}"\n'
        f"as_of = {AS_OF}\n"
        f'own_company = "{own}"\n'
        'period = "2026"\n'
        "\n"
        "[benchmark]\n"
        "clean_room = true\n"
    )


def _note(frames: dict[str, pd.DataFrame]) -> str:
    """The text of README.md."""
    rows = "".join(f"| {name}.csv | {len(frames[name]):,} | {schema.table(name).purpose} |\n" for name in TABLES)
    return (
        f"# {TITLE}\n\n"
        "**Synthetic data: every name is fictional.** No person, organisation, payer, patient group or company in\n"
        "these files exists; any likeness is accidental. Nothing here was measured, and no finding drawn from it says\n"
        "anything about a real market.\n\n"
        "Made by `scripts/generate_demo.py` with a fixed seed (`ecosystem-iq init --demo DIR` writes the same bytes);\n"
        f'do not edit by hand. "Today" is {AS_OF}. Most companies were drawn as aware of their ecosystem and few as\n'
        "acting on it; accounts were drawn to work in seven different ways.\n\n"
        f"| table | rows | what |\n|---|---:|---|\n{rows}\n"
        "Rows with a `holder` are what that company knows, in the accounts it serves: copies of the reference (blank\n"
        "holder) with rows missing, stale and wrong. What the tables were drawn from is in `truth/` (tie\n"
        "probabilities, planted trigger stakeholders, kinds of account, what is true of companies): tests compare\n"
        "results with it, and no command reads it.\n"
    )
