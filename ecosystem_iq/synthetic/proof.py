"""Evidence: what ties, memberships and scores of the demo rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import AS_OF, Array, Rng, iso, numbered, words

KINDS = {  # evidence of a tie -> kind of evidence, grades from A to D
    "observed": ("observation", (0.35, 0.45, 0.15, 0.05)),
    "nominated": ("survey", (0.3, 0.5, 0.15, 0.05)),
    "self_reported": ("interview", (0.1, 0.5, 0.3, 0.1)),
    "documented": ("document", (0.5, 0.35, 0.1, 0.05)),
    "inferred": ("dataset", (0.05, 0.25, 0.45, 0.25)),
}
_TITLES = {
    "observation": "Field observation",
    "survey": "Nomination survey",
    "interview": "Interview round",
    "document": "Minutes and organisation charts",
    "dataset": "Referral and publication analysis",
}
PER_COMPANY = 8
_COMPANY_KINDS = ("document", "interview", "dataset", "public_web")


def evidence(accounts: pd.DataFrame, companies: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Some pieces of evidence an account for each kind, then some a company and year."""
    about = _about_accounts(accounts, rng)
    table = pd.concat([about, _about_companies(companies, rng)], ignore_index=True)
    dates = AS_OF - table.pop("_age").to_numpy().astype("timedelta64[D]")
    months = np.datetime_as_string(dates.astype("datetime64[M]"))
    table["title"] = table["title"] + [f", {month} (synthetic)" for month in months]
    table["date"] = iso(dates)
    table["access"] = "synthetic"
    table["evidence_id"] = numbered("ev", len(table))
    return table


def _about_accounts(accounts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Each kind of evidence two to five times an account, more in large ones."""
    parts = []
    for account, (name, size) in enumerate(zip(accounts["name"], accounts["_size"], strict=True)):
        each = int(2 + min(size // 50, 3))
        for kind, grades in KINDS.values():
            parts.append(
                pd.DataFrame(
                    {
                        "_account": account,
                        "kind": kind,
                        "title": f"{_TITLES[kind]}, {name}",
                        "grade": words(rng, "ABCD", each, grades),
                        "_age": rng.integers(5, 720, each),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _about_companies(companies: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """What assessors read: one half from this year's round, one half from the last one."""
    count = len(companies) * PER_COMPANY
    year = np.tile(np.repeat([0, 365], PER_COMPANY // 2), len(companies))
    kind = np.tile(np.array(_COMPANY_KINDS, dtype=object), 2 * len(companies))
    return pd.DataFrame(
        {
            "_company": np.repeat(np.arange(len(companies)), PER_COMPANY),
            "kind": kind,
            "title": [
                f"Assessment file {companies['name'].iloc[c]}"
                for c in np.repeat(np.arange(len(companies)), PER_COMPANY)
            ],
            "grade": words(rng, "ABCD", count, (0.35, 0.4, 0.2, 0.05)),
            "_age": rng.integers(60, 220, count) + year,
            "_year": 2026 - year // 365,
        }
    )


def cite(table: pd.DataFrame, account: Array, kinds: Array, rng: Rng) -> Array:
    """A piece of evidence of the account for each row, of a kind which fits."""
    result = np.empty(len(account), dtype=object)
    own = table[table["_account"].notna()]
    pools = {key: rows["evidence_id"].to_numpy() for key, rows in own.groupby(["_account", "kind"])}
    choice = rng.random(len(account))
    wanted = [KINDS[kind][0] for kind in kinds]
    for i, (where, kind) in enumerate(zip(account, wanted, strict=True)):
        pool = pools[float(where), kind]
        result[i] = pool[int(choice[i] * len(pool))]
    return result
