"""What is written about stakeholders: names, titles, places, channels, provenance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import names
from ecosystem_iq.synthetic.accounts import shape_of
from ecosystem_iq.synthetic.draw import Array, Rng, blank, chance, days_before, iso, words

DIGITAL = ("email", "webinar", "web", "mobile", "social", "portal", "remote_call")
PERSONAL = ("face_to_face", "phone", "event", "congress", "committee")


def described(table: pd.DataFrame, accounts_: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Names, titles, places, channels and provenance."""
    count, persons = len(table), table["kind"].eq("person").to_numpy()
    account = table["_account"].to_numpy()
    towns = _towns(count, rng)
    table["name"] = _names(table, accounts_, towns, rng)
    table["org_id"] = blank(
        table["stakeholder_id"].to_numpy()[table["_site"].to_numpy()], table["_site"].to_numpy() == table.index
    )
    titles = [
        names.TITLES[g][0 if h else 1] if g in names.TITLES else None
        for g, h in zip(table["group"], table["_head"], strict=True)
    ]
    table["title"] = blank(np.array(titles, dtype=object), ~persons)
    medical = persons & table["group"].isin(["clinician", "nursing", "research_academia"]).to_numpy()
    table["specialty"] = blank(words(rng, names.SPECIALTIES, count), ~medical)
    table["country"] = accounts_["country"].to_numpy()[account]
    table["region"] = accounts_["region"].to_numpy()[account]
    table["city"] = towns[table["_site"].to_numpy()]
    _sized(table, medical, rng)
    _channels(table, accounts_, rng)
    _provenance(table, rng)
    return table


def _towns(count: int, rng: Rng) -> Array:
    """Invented towns."""
    return words(rng, names.TOWN_STARTS, count) + words(rng, names.TOWN_ENDS, count)


def _names(table: pd.DataFrame, accounts_: pd.DataFrame, towns: Array, rng: Rng) -> Array:
    """A name for everybody: people first, then each kind of organisation after its town or account."""
    kinds, groups = table["kind"].to_numpy(), table["group"].to_numpy()
    result = np.empty(len(table), dtype=object)
    persons = np.flatnonzero(kinds == "person")
    result[persons] = _person_names(len(persons), rng)
    account = table["_account"].to_numpy()
    nth = table.groupby(["_account", "kind"]).cumcount().to_numpy()
    place = accounts_["_place"].to_numpy()[account]
    committees = {group: name for name, group in names.COMMITTEES}
    for i in np.flatnonzero(kinds != "person"):
        town, site = towns[i], table["_site"].iloc[i]
        end = names.SITE_ENDS.get(str(table["care_setting"].iloc[i]), "Hospital")
        result[i] = {
            "organisation": accounts_["name"].iloc[account[i]] if not nth[i] else f"{town} {end}",
            "department": f"{names.DEPARTMENTS[nth[i] % len(names.DEPARTMENTS)]}, {towns[site]}",
            "committee": f"{place[i]} {committees.get(groups[i], 'Committee')}",
            "payer": f"{town} {names.PAYER_ENDS[nth[i] % len(names.PAYER_ENDS)]}",
            "patient_group": f"{place[i]} {names.PATIENT_GROUPS[nth[i] % len(names.PATIENT_GROUPS)]}",
            "programme": f"{place[i]} {names.PROGRAMMES[nth[i] % len(names.PROGRAMMES)]}",
            "regulator": f"{place[i]} Medicines Evaluation Office",
        }[kinds[i]]
    return _unique(result, kinds, account)


def _unique(values: Array, kinds: Array, account: Array) -> Array:
    """Names with a number where an account has the same one twice."""
    again = pd.DataFrame({"a": account, "n": values}).groupby(["a", "n"]).cumcount().to_numpy()
    numbers = np.where((again > 0) & (kinds != "person"), [f" {k + 1}" for k in again], "")
    result: Array = values + numbers.astype(object)
    return result


def _person_names(count: int, rng: Rng) -> Array:
    """Different names for different people; middle initials when the lists run short."""
    plain = len(names.GIVEN) * len(names.FAMILY)
    levels = 1 + 2 * count // plain
    code = rng.choice(plain * levels, size=count, replace=False)
    given, family = code % plain % len(names.GIVEN), code % plain // len(names.GIVEN)
    middle = np.array([" "] + [f" {chr(65 + k % 26)}. " * (1 + k // 26) for k in range(levels - 1)], dtype=object)
    joined = np.array(names.GIVEN, dtype=object)[given] + middle[code // plain]
    result: Array = joined + np.array(names.FAMILY, dtype=object)[family]
    return result


def _sized(table: pd.DataFrame, medical: Array, rng: Rng) -> None:
    """Beds of hospitals, patients of clinicians."""
    count = len(table)
    hospital = table["kind"].eq("organisation") & table["care_setting"].isin(["secondary", "tertiary"])
    beds = np.exp(rng.normal(5.6, 0.5, count)).round(-1)
    table["beds"] = pd.array(np.where(hospital, beds, np.nan), dtype="Int64")
    treating = medical & table["group"].eq("clinician").to_numpy()
    table["patient_volume"] = np.where(treating, np.exp(rng.normal(4.2, 0.7, count)).round(), np.nan)


def _channels(table: pd.DataFrame, accounts_: pd.DataFrame, rng: Rng) -> None:
    """Preferred and avoided channels; the share who prefer digital ones follows the account."""
    count, persons = len(table), table["kind"].eq("person").to_numpy()
    digital = shape_of(accounts_, "digital", table["_account"].to_numpy())
    known = persons & chance(rng, 0.7, count)
    first = np.where(chance(rng, digital, count), words(rng, DIGITAL, count), words(rng, PERSONAL, count))
    second = np.where(chance(rng, digital, count), words(rng, DIGITAL, count), words(rng, PERSONAL, count))
    table["_first"], table["_second"] = first, second
    table["preferred_channels"] = blank(np.where(first == second, first, first + "|" + second), ~known)
    avoided = np.where(
        chance(rng, digital, count),
        words(rng, ["face_to_face", "phone"], count),
        words(rng, ["email", "social"], count),
    )
    told = known & (avoided != first) & (avoided != second) & chance(rng, 0.4, count)
    table["avoided_channels"] = blank(avoided, ~told)


def _provenance(table: pd.DataFrame, rng: Rng) -> None:
    """Lawful basis of what is kept about persons, conflicts, source, date, confidence."""
    count, persons = len(table), table["kind"].eq("person").to_numpy()
    table["lawful_basis"] = blank(np.full(count, "legitimate_interest", dtype=object), ~persons)
    table["informed_on"] = blank(iso(days_before(rng.integers(200, 900, count))), ~persons)
    special = (
        persons & table["group"].eq("patient_public").to_numpy() & ~table["_head"].to_numpy() & chance(rng, 0.3, count)
    )
    table["special_category"] = blank(np.full(count, "health", dtype=object), ~special)
    table["declared_conflict"] = blank(np.where(chance(rng, 0.02, count), "yes", "no"), ~persons)
    table["record_source"] = "synthetic"
    table["as_of"] = iso(days_before(rng.integers(0, 420, count)))
    table["confidence"] = rng.choice([0.6, 0.7, 0.8, 0.9, 0.95], count)
