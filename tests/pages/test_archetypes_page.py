"""What kind of account each is: names, blends and blanks told apart, every feature with its number."""

from __future__ import annotations

import payloads
import pytest
from reading import read

from ecosystem_iq.pages import Page, archetypes_page
from ecosystem_iq.pages.archetypes import grouped, kind_of


def hooked(document, name):
    return [element for element in document.elements if element.attributes.get("data-hook") == name]


def text_of(page: Page) -> str:
    return " ".join("".join(read(page.html).texts).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("n", [0, 1, 30])
def test_every_account_has_a_row_with_every_feature(n: int) -> None:
    document = read(archetypes_page(payloads.archetypes(n)).html)
    assert len(hooked(document, "account")) == len(hooked(document, "detail")) == n
    assert len(hooked(document, "cell")) == 16 * n


@pytest.mark.parametrize(
    ("label", "archetype", "kind"),
    [
        ("System Value Partner", "M1", "named"),
        ("Blend: A / B", "M1", "blend"),
        ("Blend: A / B", None, "blend"),
        ("no archetype fits", None, "none"),
        ("No archetype fits", "M1", "none"),
        ("insufficient data", None, "unknown"),
        ("something else", None, "none"),
    ],
)
def test_four_kinds_of_answer_are_told_apart(label, archetype, kind) -> None:
    assert kind_of({"label": label, "archetype_id": archetype}) == kind


def test_groups_follow_the_archetypes_and_leave_nobody_out() -> None:
    payload = payloads.archetypes(24)
    groups = grouped(payload["accounts"], payload["archetypes"])
    assert [group.badge for group in groups] == ["M1", "M2", "M3", "M4", "M5", "", "", ""]
    assert [group.kind for group in groups[-3:]] == ["blend", "none", "unknown"]
    assert sum(len(group.members) for group in groups) == 24


def test_an_archetype_the_library_does_not_list_has_a_group_of_its_own() -> None:
    payload = payloads.archetypes(1)
    payload["accounts"][0].update(label="New kind", archetype_id="X9")
    assert [group.badge for group in grouped(payload["accounts"], payload["archetypes"])] == ["X9"]
    assert "New kind" in text_of(archetypes_page(payload))


def test_a_row_tells_its_probability_and_its_reasons() -> None:
    payload = payloads.archetypes(4)
    account = payload["accounts"][3] | {
        "p_first": 0.62,
        "p_second": 0.2,
        "distance": 0.14,
        "second": "Access Negotiator",
    }
    text = text_of(archetypes_page(payload | {"accounts": [account]}))
    assert "probability 62 %" in text
    assert "62 % likely; then Access Negotiator, 20 % · distance 0.14 ·" in text
    assert all(reason in text for reason in account["reasons"])


@pytest.mark.parametrize("label", ["no archetype fits", "insufficient data"])
def test_without_a_name_no_probability_is_shown(label: str) -> None:
    payload = payloads.archetypes(1)
    payload["accounts"][0].update(label=label, archetype_id=None, p_first=0.91, p_second=0.05)
    text = text_of(archetypes_page(payload))
    assert "91 %" not in text
    assert "likely;" not in text


@pytest.mark.parametrize(("given", "told"), [([0, 1, None], [1, 2, None]), ([1, 3, None], [1, 3, None])])
def test_clusters_are_counted_from_one(given, told) -> None:
    payload = payloads.archetypes(3)
    for account, cluster in zip(payload["accounts"], given, strict=True):
        account["cluster"] = cluster
    groups = grouped(payload["accounts"], payload["archetypes"])
    found = {member.anchor: member.cluster for group in groups for member in group.members}
    assert [found[f"account-{i}"] for i in range(3)] == told


def test_missing_values_are_told_not_guessed() -> None:
    payload = payloads.archetypes(3)
    account = payload["accounts"][2] | {"features": {}, "href": None, "kind": ""}
    page = archetypes_page(payload | {"accounts": [account]})
    text = text_of(page)
    assert "None" not in text
    assert text.count("not known") == 16 + 1  # the legend says it once
    assert "0 of 16 features known" in text
    assert "No reasons can be given." in text


@pytest.mark.parametrize(
    ("value", "step"), [(0.0, "h0"), (0.099, "h0"), (0.3, "h3"), (0.7, "h7"), (0.999, "h9"), (1.0, "h9")]
)
def test_ten_steps_of_colour_cover_zero_to_one(value: float, step: str) -> None:
    payload = payloads.archetypes(1)
    payload["accounts"][0]["features"]["f1"] = value
    cell = hooked(read(archetypes_page(payload).html), "cell")[0]
    assert step in (cell.attributes["class"] or "").split()
    assert cell.attributes["data-value"] == str(value)


def test_cards_say_when_how_and_who_and_link_to_their_accounts(pages: dict[str, Page]) -> None:
    document, text = read(pages["archetypes"].html), text_of(pages["archetypes"])
    ids = {element.attributes.get("id") for element in document.elements}
    links = hooked(document, "visit")
    assert len(links) == sum(archetype["count"] > 0 for archetype in payloads.archetypes()["archetypes"])
    assert {(link.attributes["href"] or "")[1:] for link in links} <= ids
    for _, label, when, engagement in payloads.ARCHETYPES:
        assert all(words in text for words in (label, when, engagement))
    assert all(persona in text for persona in payloads.PERSONAS)


@pytest.mark.parametrize(
    ("clusters", "words"),
    [
        ({"k": 4, "note": "agrees"}, "Clusters: 4 agrees"),
        ({"k": 0, "note": "too few"}, "Clusters: none too few"),
        ({"k": None, "note": "no structure"}, "Clusters: none no structure"),
    ],
)
def test_clusters_stand_beside_the_archetypes(clusters, words) -> None:
    assert words in text_of(archetypes_page(payloads.archetypes() | {"clusters": clusters}))


def test_without_clusters_there_is_no_column_for_them() -> None:
    payload = payloads.archetypes()
    for account in payload["accounts"]:
        account["cluster"] = None
    page = archetypes_page(payload | {"clusters": None})
    assert "k-means" not in text_of(page)
    heads = [e for e in read(page.html).all("th") if e.attributes.get("scope") == "col"]
    assert len(heads) == 3 + 16


def test_column_headings_can_sort_and_have_their_meaning(pages: dict[str, Page]) -> None:
    document = read(pages["archetypes"].html)
    features = hooked(document, "feature")
    assert [feature.attributes["data-meaning"] for feature in features] == [words for _, words in payloads.FEATURES]
    assert len(hooked(document, "sort")) == 3 + 16
