"""No page loads anything, runs anything from data, or shows anything but text from it."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import payloads
import pytest
from reading import read, unpacked

from ecosystem_iq.errors import InputError
from ecosystem_iq.pages import Page, account_page, archetypes_page, benchmark_page, portal_page, shell, triggers_page

KINDS = (
    "account", "empty", "single", "hostile", "benchmark", "hostile benchmark", "portal", "hostile portal",
    "triggers", "no triggers", "hostile triggers", "archetypes", "no archetypes", "hostile archetypes",
)  # fmt: skip
LOADING = ("src", "srcset", "href", "action", "formaction", "data", "poster", "background", "xlink:href", "manifest")
each_page = pytest.mark.parametrize("kind", KINDS)


@each_page
def test_a_page_refers_to_nothing_outside_itself(pages: dict[str, Page], kind: str) -> None:
    document = read(pages[kind].html)
    for element in document.elements:
        for name in LOADING:
            value = element.attributes.get(name) or ""
            assert not re.match(r"\s*([a-z][a-z0-9+.-]*:|//)", value, re.IGNORECASE) or value == "data:,"
    for style in document.all("style"):
        assert not re.search(r"@import|url\(", style.text)
    assert not re.search(
        r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import)\s*\(", document.scripts()[0]
    )
    assert not re.search(
        r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import)\s*\(", document.scripts()[-1]
    )


@each_page
def test_own_scripts_never_turn_text_into_markup(pages: dict[str, Page], kind: str) -> None:
    scripts = read(pages[kind].html).scripts()
    for text in (scripts[0], scripts[-1]):
        code = re.sub(r"//[^\n]*", "", text)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", code)


@each_page
def test_the_policy_names_exactly_the_scripts_and_styles_of_the_page(pages: dict[str, Page], kind: str) -> None:
    document = read(pages[kind].html)
    policy = dict(
        part.strip().split(" ", 1) for part in document.meta(**{"http-equiv": "Content-Security-Policy"}).split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"].split() == [_hash(text) for text in document.scripts()]
    assert policy["style-src"].split() == [_hash(style.text) for style in document.all("style")]
    assert "unsafe" not in str(policy)


def _hash(text: str) -> str:
    assert "\r" not in text, "an HTML parser would change these line ends, and with them the hash"
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@each_page
def test_a_page_holds_no_style_attributes_and_no_event_handlers(pages: dict[str, Page], kind: str) -> None:
    for element in read(pages[kind].html).elements:
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize(
    ("hostile", "tame"), [(f"hostile {kind}", kind) for kind in ("benchmark", "portal", "triggers", "archetypes")]
)
def test_hostile_text_adds_no_element(pages: dict[str, Page], hostile: str, tame: str) -> None:
    bad, good = read(pages[hostile].html), read(pages[tame].html)
    assert len(bad.all("script")) == len(good.all("script"))
    assert not bad.all("img")
    assert payloads.HOSTILE[0] in "".join(bad.texts)
    assert bad.all("title")[0].text == payloads.HOSTILE[0]


def test_islands_give_back_hostile_text_as_it_was(pages: dict[str, Page]) -> None:
    payload = payloads.hostile_account()
    document = read(pages["hostile"].html)
    data = document.island("data")
    assert unpacked(data["nodes"])["name"] == payload["nodes"]["name"]
    assert unpacked(data["ties"]) == payload["ties"]
    assert data["layers"] == payload["layers"]
    assert len(document.all("script")) == len(read(pages["account"].html).all("script"))
    assert not document.all("img")


@pytest.mark.parametrize("text", payloads.HOSTILE)
def test_an_island_is_inert_and_lossless(text: str) -> None:
    island = shell.to_island({"text": text})
    assert json.loads(island) == {"text": text}
    assert not re.search("[<>&\u2028\u2029]", island)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}])
def test_an_island_takes_only_json(value: object) -> None:
    with pytest.raises(InputError, match="not plain JSON"):
        shell.to_island([value])


@pytest.mark.parametrize(
    "href",
    [
        *("javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:,"),
        *("http://x.example", "//x.example", "/etc", "\\\\x", "", "a?b"),
    ],
)
def test_a_link_must_stay_in_the_publication(href: str) -> None:
    with pytest.raises(InputError, match="not a relative link"):
        portal_page(payloads.portal() | {"links": [{"label": "x", "href": href}]})


@pytest.mark.parametrize(
    ("make", "payload"), [(triggers_page, payloads.triggers), (archetypes_page, payloads.archetypes)]
)
def test_a_link_to_an_account_must_stay_in_the_publication(make, payload) -> None:
    bad = payload(1)
    bad["accounts"][0]["href"] = "javascript:alert(1)"
    with pytest.raises(InputError, match="not a relative link"):
        make(bad)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    ("make", "payload", "place"),
    [
        (triggers_page, payloads.triggers, "accounts.1.rows.2.reach"),
        (triggers_page, payloads.triggers, "accounts.0.comparison.3.se"),
        (archetypes_page, payloads.archetypes, "accounts.4.features.f7"),
        (archetypes_page, payloads.archetypes, "accounts.3.p_first"),
    ],
)
def test_a_number_which_is_none_is_refused_with_its_place(make, payload, place: str, value: float) -> None:
    bad = payload()
    *way, last = (int(step) if step.isdigit() else step for step in place.split("."))
    inner = bad
    for step in way:
        inner = inner[step]
    inner[last] = value
    written = re.sub(r"\.(\d+)", r"[\1]", place)
    with pytest.raises(InputError, match=rf"{re.escape(written)} is .*null, never NaN"):
        make(bad)


@pytest.mark.parametrize("href", ["index.html", "../index.html", "accounts/a-1.html#top", "tables/influence.csv"])
def test_relative_links_are_kept(href: str) -> None:
    assert shell.relative_href(href) == href


def test_text_utf8_cannot_write_is_replaced() -> None:
    payload = payloads.account(3) | {"title": "lone \ud800 surrogate"}
    for page in (account_page(payload), benchmark_page(payloads.benchmark() | {"title": "\udfff"})):
        page.html.encode("utf-8")
