"""Companies, and the accounts where they work."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import names
from ecosystem_iq.synthetic.draw import Array, Rng, iso, numbered, words


def companies(count: int, rng: Rng) -> pd.DataFrame:
    """Fictional manufacturers."""
    starts = rng.permutation(len(names.COMPANY_STARTS))
    ends = rng.integers(0, len(names.COMPANY_ENDS), count)
    called = []
    for k in range(count):
        again, index = divmod(k, len(starts))
        called.append(
            f"{names.COMPANY_STARTS[starts[index]]} {names.COMPANY_ENDS[ends[k]]}" + (f" {again + 1}" if again else "")
        )
    size = rng.permutation(count) + 1
    return pd.DataFrame(
        {
            "company_id": numbered("co", count, 2),
            "name": called,
            "peer_group": "oncology",
            "size_rank": size,
            "region": words(rng, ["Europe", "North America", "Asia Pacific"], count, [5, 5, 3]),
            "masked_code": [f"C{code:02d}" for code in rng.permutation(count) + 1],
            "in_sample": "yes",
        }
    )


def company_accounts(companies_: pd.DataFrame, accounts: pd.DataFrame, competition: Array, rng: Rng) -> pd.DataFrame:
    """Where each company works: five to fourteen of 24 accounts; rivals are strong where one of them is entrenched."""
    total, rows = len(accounts), []
    holder = rng.integers(0, len(companies_), total)  # the company which is entrenched, where anybody is
    for company in range(len(companies_)):
        count = int(np.clip(rng.integers(5, 15) * total / 24, min(2, total), total).round())
        chosen = np.sort(rng.choice(total, count, replace=False))
        order = np.argsort(-accounts["potential_value"].to_numpy()[chosen] * np.exp(0.3 * rng.standard_normal(count)))
        priority = np.empty(count, dtype=int)
        priority[order] = np.arange(1, count + 1)
        rows.append(pd.DataFrame({"_company": company, "_account": chosen, "priority": priority}))
    table = pd.concat(rows, ignore_index=True)
    table["_entrenched"] = table["_company"].to_numpy() == holder[table["_account"]]
    return _market(table, accounts, competition, rng)


def _market(table: pd.DataFrame, accounts: pd.DataFrame, competition: Array, rng: Rng) -> pd.DataFrame:
    """Share, competition, potential, investment and functions of each company in each account."""
    count, account = len(table), table["_account"].to_numpy()
    rivals = (competition[account] + 0.1 * rng.standard_normal(count)).clip(0.05, 0.97)
    rivals = np.where(table["_entrenched"], 0.5 * rivals, rivals)
    value = accounts["potential_value"].to_numpy()[account] * rng.uniform(0.08, 0.25, count)
    table["potential_value"] = value.round(-4).astype(int)
    table["own_share"] = ((1 - rivals) * rng.uniform(0.2, 0.6, count)).round(2)
    table["competition"] = rivals.round(2)
    levels = np.array(["high", "medium", "low"], dtype=object)
    table["investment"] = levels[np.minimum((table["priority"].to_numpy() - 1) // 4, 2)]
    functions = [
        "sales|medical|access",
        "sales|medical",
        "medical|access|account_management",
        "sales|medical|access|patient_services",
    ]
    table["expected_functions"] = words(rng, functions, count)
    table["since"] = iso(np.datetime64("2018-01-01") + rng.integers(0, 2500, count).astype("timedelta64[D]"))
    return table
