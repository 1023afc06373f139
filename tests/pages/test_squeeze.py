"""What pages carry of our scripts and styles does the same as the files."""

from __future__ import annotations

from importlib import resources

import pytest

from ecosystem_iq.pages import squeeze

STATIC = resources.files("ecosystem_iq.pages").joinpath("static")
FILES = [*STATIC.iterdir(), *STATIC.joinpath("account").iterdir()]
SCRIPTS = [file for file in FILES if file.name.endswith(".js")]
STYLES = [file for file in FILES if file.name.endswith(".css")]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_text_of_a_script_goes_on_over_several_lines(file) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.count("`") % 2] == []
    assert [line for line in lines if "/*" in line and "*/" not in line] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_loses_nothing_but_comments_and_indents(file) -> None:
    text = file.read_text(encoding="utf-8")
    kept = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("//")]
    assert squeeze.script(text).splitlines() == kept


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_keeps_its_rules(file) -> None:
    text = file.read_text(encoding="utf-8")
    squeezed = squeeze.style(text)
    assert "/*" not in squeezed
    assert squeezed.count("{") == text.count("{")
    assert squeezed.count(";") >= text.count(";") - sum(comment.count(";") for comment in text.split("/*")[1:])
