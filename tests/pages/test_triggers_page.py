"""Whom to engage next: all factors shown, nothing flattered, and the reminder that people decide."""

from __future__ import annotations

import payloads
import pytest
from reading import read

from ecosystem_iq.pages import Page, triggers_page
from ecosystem_iq.pages.triggers import type_counts, verdict


def hooked(document, name):
    return [element for element in document.elements if element.attributes.get("data-hook") == name]


def text_of(page: Page) -> str:
    return " ".join("".join(read(page.html).texts).split())


@pytest.mark.parametrize("n", [0, 1, 30])
def test_every_account_has_a_section_and_every_trigger_a_row(n: int) -> None:
    payload = payloads.triggers(n)
    document = read(triggers_page(payload).html)
    assert len(hooked(document, "account")) == n
    assert len(hooked(document, "row")) == sum(len(account["rows"]) for account in payload["accounts"])


@pytest.mark.parametrize("kind", ["triggers", "no triggers"])
def test_the_note_on_conduct_comes_before_anything_else(pages: dict[str, Page], kind: str) -> None:
    document = read(pages[kind].html)
    note = hooked(document, "conduct")[0]
    assert note.attributes["role"] == "note"
    main = document.elements.index(document.all("main")[0])
    assert document.elements[main + 1] is note
    assert payloads.CONDUCT in text_of(pages[kind])


def test_the_note_is_printed_on_every_sheet_and_never_hidden(pages: dict[str, Page]) -> None:
    style = read(pages["triggers"].html).all("style")[0].text
    assert '@bottom-center { content: "For human review: no automated decision."' in style
    assert not any("display: none" in rule for rule in style.split("}") if ".conduct" in rule)


def test_a_row_shows_every_factor_with_its_number(pages: dict[str, Page]) -> None:
    text = text_of(pages["triggers"])
    row = payloads.triggers()["accounts"][0]["rows"][0]
    wanted = [f"{row['reach']:.2f}", f"± {row['reach_se']:.2f}", f"{row['score']:.2f}", row["reason"]]
    wanted += [f"{row[factor]:.2f}" for factor in ("movability", "timing", "actionability")]
    wanted += [row["name"], f"{row['role']} · {row['organisation']}", "17 % of the account"]
    for words in wanted:
        assert words in text.replace("\N{NO-BREAK SPACE}", " ")


def test_missing_values_are_dashes_or_nothing() -> None:
    payload = payloads.triggers(1)
    account = payload["accounts"][0] | {"href": None}
    row = account["rows"][0]
    row.update(dict.fromkeys(("reach", "reach_se", "reach_share", "movability", "timing", "actionability", "score")))
    row.update(dict.fromkeys(("role", "organisation", "event", "through"), ""))
    account["comparison"][2].update(reach=None, se=None)
    text = text_of(triggers_page(payload | {"accounts": [account]}))
    assert "None" not in text
    assert "–" in text


def test_an_account_with_nobody_to_recommend_says_so_and_why() -> None:
    payload = payloads.triggers(3)
    assert payload["accounts"][2]["rows"] == []
    text = text_of(triggers_page(payload))
    assert "Nobody in this account can be recommended; the list below says why." in text


def test_who_may_not_be_targeted_is_listed_under_the_reason_and_closed() -> None:
    payload = payloads.triggers(1)
    refused = [{"name": name, "reason": reason} for name, reason in zip("abcd", "xyyy", strict=True)]
    payload["accounts"][0]["refused"] = refused
    page = triggers_page(payload)
    box = hooked(read(page.html), "refused")[0]
    assert (box.tag, "open" in box.attributes) == ("details", False)
    assert "Who may not be targeted, and why 4 y 3bcd x 1a" in text_of(page)


def test_large_reaches_lose_their_decimals_and_small_errors_never_vanish() -> None:
    payload = payloads.triggers(1, rows=1)
    payload["accounts"][0]["rows"][0].update(reach=1_234_567.8, reach_se=0.2)
    text = text_of(triggers_page(payload))
    assert "1,234,568 ± <1" in text


def test_few_accounts_are_open_of_many_only_the_first() -> None:
    for n, opened in ((3, 3), (4, 1)):
        boxes = hooked(read(triggers_page(payloads.triggers(n)).html), "account")
        assert sum("open" in box.attributes for box in boxes) == opened


def test_types_are_counted_and_those_unheard_of_kept() -> None:
    payload = payloads.triggers(1, rows=4)
    for row, kind in zip(payload["accounts"][0]["rows"], ("job", "unblock", "other", "job"), strict=True):
        row["type"] = kind
    counts = type_counts(payload["accounts"])
    assert counts == {"decision": 0, "diffusion": 0, "unblock": 1, "timing": 0, "job": 2, "other": 1}
    assert "nothing passes without them" in text_of(triggers_page(payload))


def compared(*pairs):
    methods = ("These triggers", "Most influential", "Most ties", "Random")
    return [{"method": m, "reach": reach, "se": se} for m, (reach, se) in zip(methods, pairs, strict=False)]


@pytest.mark.parametrize(
    ("pairs", "ahead", "words"),
    [
        (((10, 0.1), (8, 0.1), (5, 0.1), (2, 0.1)), True, "Reaches more than each of the others: 25\xa0% more"),
        (((10, 0.5), (9.5, 0.5), (5, 0.1)), False, "Cannot be told apart from “Most influential”"),
        (((10, 0.5), (9.5, 0.5), (9.4, 0.5)), False, "from “Most influential” or “Most ties”"),
        (((10, 0.1), (12, 0.1), (10, 0.1)), False, "“Most influential” reaches 20\xa0% more"),
        (((10, None), (5, 0.1)), False, "Cannot be told apart"),
        (((0, 0.0), (0, 0.0)), False, "Cannot be told apart"),
        (((0, 0.0), (3, 0.1)), False, "reaches 3.00 more"),
        (((10, 0.1), (None, None), (5, 0.1)), True, "100\xa0% more than the next best"),
    ],
)
def test_a_comparison_is_told_as_it_is(pairs, ahead, words) -> None:
    told = verdict(compared(*pairs))
    assert told is not None
    assert told.ahead == ahead
    assert words in told.words


@pytest.mark.parametrize("pairs", [(), ((10, 0.1),), ((None, None), (5, 0.1)), ((10, 0.1), (None, None))])
def test_without_a_comparison_nothing_is_claimed(pairs) -> None:
    assert verdict(compared(*pairs)) is None


def test_sections_can_be_linked_to_by_the_name_of_the_account_page() -> None:
    payload = payloads.triggers(3)
    payload["accounts"][1]["href"] = payload["accounts"][0]["href"]
    names = [box.attributes["id"] for box in hooked(read(triggers_page(payload).html), "account")]
    assert names == ["account-0", "account-0-2", "account-2"]
