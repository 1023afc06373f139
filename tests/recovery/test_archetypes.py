"""Accounts were drawn to work in seven ways; the archetypes, which know nothing of that, must tell them apart.

A kind of account is matched with the archetype whose description says the same: the generator plants behaviour in
tables and never reads the library.
"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from ecosystem_iq.archetypes import assign_archetypes, scale_features

SAME = {
    "centralised system": "M1",  # integrated, centralised, carries risk
    "payer controlled": "M2",  # payer or formulary controls
    "expert hub and spoke": "M3",  # expert-led hub and spoke
    "fragmented pathway": "M4",  # many organisations; patients are lost before treatment
    "access limited": "M5",  # the decision is won; patients are lost at coverage
    "digital long tail": "M6",  # dispersed, low potential, digital preference
    "competitor entrenched": "M7",  # rival entrenched, sceptical
}


@pytest.fixture(scope="module")
def labels(demo, truth):
    """The archetypes beside the kind of account."""
    kinds = truth("accounts_true").set_index("account_id")["behaviour"]
    return demo.archetypes.table.assign(kind=lambda table: table["account_id"].map(kinds))


def test_every_kind_is_matched_and_planted_more_than_once(labels, demo):
    assert set(SAME) == set(labels["kind"])
    assert sorted(SAME.values()) == sorted(demo.archetypes.library.ids)
    assert labels["kind"].value_counts().min() >= 3


def test_names_agree_with_what_was_planted_and_most_accounts_have_one(labels):
    """Both together: labels are easily right when hardly anything is labelled."""
    named = labels[labels["archetype_id"].notna()]
    assert len(named) >= 0.6 * len(labels), labels["label"].value_counts().to_dict()
    assert adjusted_rand_score(named["kind"], named["archetype_id"]) >= 0.7
    assert (named["archetype_id"] == named["kind"].map(SAME)).mean() >= 0.9


def test_the_nearest_is_mostly_right_even_where_no_name_is_given(labels):
    assert (labels["nearest_id"] == labels["kind"].map(SAME)).mean() >= 0.7


def test_features_of_other_accounts_do_not_give_the_names(demo, labels):
    """The opposite: with the features of another account, agreement is gone."""
    raw = [name for name in demo.features if name.startswith("raw_")]
    mixed = demo.features.copy()
    mixed[raw] = demo.features[raw].sample(frac=1.0, random_state=1).to_numpy()
    table = assign_archetypes(scale_features(mixed, demo.archetypes.library)).table
    assert (table["nearest_id"] == labels["kind"].map(SAME)).mean() < 0.4


def test_groups_found_without_archetypes_agree_with_what_was_planted(demo, labels):
    """Better than chance only: from 4 to 8 groups the silhouette hardly differs, so their number may change."""
    kinds, groups = labels["kind"].to_numpy(), demo.discovery.table["cluster"].to_numpy()
    random = np.random.default_rng(0)
    chance = [adjusted_rand_score(kinds, random.permutation(groups)) for _ in range(200)]
    assert demo.discovery.structure
    assert adjusted_rand_score(kinds, groups) > max(chance)
