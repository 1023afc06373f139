"""What pages carry of our scripts and styles does the same as the files."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from ecosystem_iq.pages import squeeze

STATIC = resources.files("ecosystem_iq.pages").joinpath("static")
FILES = [*STATIC.iterdir(), *STATIC.joinpath("account").iterdir()]
SCRIPTS = [file for file in FILES if file.name.endswith(".js")]
STYLES = [file for file in FILES if file.name.endswith(".css")]


TEXT = re.compile("`[^`]*`")
"""Texts in a script which are made of parts: what squeezing would most likely break."""


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_keeps_its_texts_to_the_letter(file) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    code = "\n".join(line.partition(" // ")[0] for line in lines if not line.strip().startswith("//"))
    squeezed = squeeze.script(file.read_text(encoding="utf-8"))
    assert [text for text in TEXT.findall(code) if text not in squeezed] == []
    assert [sign for sign in "{}()[]" if squeezed.count(sign) != code.count(sign)] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_gets_shorter(file) -> None:
    text = file.read_text(encoding="utf-8")
    squeezed = squeeze.script(text)
    assert len(squeezed) < 0.95 * len(text)


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_keeps_its_rules(file) -> None:
    text = file.read_text(encoding="utf-8")
    squeezed = squeeze.style(text)
    assert "/*" not in squeezed
    assert squeezed.count("{") == text.count("{")
    assert squeezed.count(";") >= text.count(";") - sum(comment.count(";") for comment in text.split("/*")[1:])
