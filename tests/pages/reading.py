"""A strict little reader of HTML, so that tests see what a browser would see."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any


@dataclass
class Element:
    """A start tag with the raw text of a script or style."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Document:
    """All elements of a page in order, and its visible text."""

    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    declaration: str = ""

    def all(self, tag: str) -> list[Element]:
        """Elements of one kind."""
        return [element for element in self.elements if element.tag == tag]

    def island(self, name: str) -> Any:
        """The parsed JSON of one data island."""
        return json.loads(next(e.text for e in self.all("script") if e.attributes.get("id") == name))

    def scripts(self) -> list[str]:
        """Text of what a browser would run."""
        return [e.text for e in self.all("script") if e.attributes.get("type") != "application/json"]

    def meta(self, **wanted: str) -> str:
        """Content of the meta element with these attributes."""
        found = (e for e in self.all("meta") if wanted.items() <= e.attributes.items())
        return next(found).attributes["content"] or ""


def unpacked(value: Any) -> Any:
    """A packed island, as the account page's script makes it."""
    if isinstance(value, list):
        return [unpacked(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "table" in value:
        columns = unpacked(value["table"])
        records = {}
        for row, key in enumerate(columns.pop("")):
            records.setdefault(str(key), []).append({name: column[row] for name, column in columns.items()})
        return records
    if "bits" not in value:
        return {key: unpacked(part) for key, part in value.items()}
    stream, bits = int.from_bytes(base64.b64decode(value["data"]), "little"), value["bits"]
    numbers = [(stream >> (bits * k)) & ((1 << bits) - 1) for k in range(value["n"])]
    if "day" in value:
        first = date.fromisoformat(value["day"]).toordinal()
        return [date.fromordinal(first + k - 1).isoformat() if k else "" for k in numbers]
    return [value["words"][k] if "words" in value else k + value["low"] for k in numbers]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._raw: Element | None = None

    def handle_decl(self, decl: str) -> None:
        self.document.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.document.elements.append(element)
        self._raw = element if tag in ("script", "style", "title") else None

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as HTMLParser has it
        self._raw = None

    def handle_data(self, data: str) -> None:
        if self._raw is None:
            self.document.texts.append(data)
        else:
            self._raw.text += data


def read(html: str) -> Document:
    """Parse a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.document
