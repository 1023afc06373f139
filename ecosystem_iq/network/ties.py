"""Which ties and which members belong to which account, now, on one map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.tie_kinds import meaning
from ecosystem_iq.tables import Ecosystem

SINGLE_ACCOUNT = "all"
"""The account of a workspace which names none."""


def place_by_key(ties: pd.DataFrame, held: pd.Index) -> NDArray[np.int64]:
    """Place of each row among those of this map, sorted by key; -1 for the rows of others and of the past."""
    key = list(schema.table("ties").key)
    place = pd.Series(-1, index=ties.index)
    ordered = ties.loc[held, key].sort_values(key).index
    place[ordered] = np.arange(len(ordered))
    return place.to_numpy().astype(np.int64)


def account_ids(eco: Ecosystem, wanted: Iterable[str] | None) -> list[str]:
    """The accounts asked for, once each; all of them unless some are named."""
    known = list(eco.tables["accounts"]["account_id"]) or [SINGLE_ACCOUNT]
    return known if wanted is None else known_names(wanted, set(known), "account")


def known_names(names: Iterable[str], known: set[str], what: str) -> list[str]:
    """The names, once each, when all are known."""
    asked = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise InputError(f'There is no {what} "{unknown[0]}". {did_you_mean(unknown[0], known)}'.strip())
    return asked


def members_of(eco: Ecosystem, holder: str | None, accounts: Sequence[str]) -> pd.DataFrame:
    """Pairs (account, id): who belongs where."""
    if eco.tables["accounts"].empty:
        return pd.DataFrame({"account": SINGLE_ACCOUNT, "id": eco.tables["stakeholders"]["stakeholder_id"]})
    rows = pd.concat(
        [eco.current("memberships"), eco.current("memberships", holder)] if holder else [eco.current("memberships")]
    )
    rows = rows[rows["account_id"].isin(accounts)]
    return rows[["account_id", "stakeholder_id"]].set_axis(["account", "id"], axis=1)


def ties_in_accounts(eco: Ecosystem, holder: str | None, accounts: Sequence[str]) -> pd.DataFrame:
    """Tie rows which hold now, once for each account they are in, with what influence needs of them."""
    if holder is not None:
        known_names([holder], set(eco.tables["companies"]["company_id"]), "company")
    position = pd.Series(np.arange(len(eco.tables["ties"])), index=eco.tables["ties"].index)
    ties = eco.current("ties", holder)
    ties = ties.assign(position=position[ties.index])
    ties = ties.assign(**meaning(ties, eco))
    if eco.tables["accounts"].empty:
        return ties.assign(account=SINGLE_ACCOUNT)
    named = ties[ties["account_id"].notna()].assign(account=lambda frame: frame["account_id"])
    ends = [named[["account", end]].set_axis(["account", "id"], axis=1) for end in ("source", "target")]
    pairs = pd.concat([members_of(eco, holder, accounts), *ends])
    blank = _shared_accounts(ties[ties["account_id"].isna()], pairs)
    both = pd.concat([named, blank])
    return both[both["account"].isin(accounts)]


def _shared_accounts(ties: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Ties without an account, once for each account of which both ends are members."""
    members = members.drop_duplicates()
    joined = ties.merge(members, left_on="source", right_on="id", how="inner").drop(columns="id")
    return joined.merge(members, left_on=["account", "target"], right_on=["account", "id"], how="inner").drop(
        columns="id"
    )
