"""Our scripts and styles as pages carry them: without comments and indents, which are for those who read the files."""

from __future__ import annotations

import re


def script(text: str) -> str:
    r"""A script without the lines which are nothing but comment, and without indents.

    A line is taken as it stands: no text of ours goes on over several lines.

    Examples
    --------
    >>> script("// Adds one.\nfunction next(n) {\n  return n + 1; // not n++\n}\n")
    'function next(n) {\nreturn n + 1; // not n++\n}\n'
    """
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def style(text: str) -> str:
    r"""A style sheet without comments, and each rule's lines without indents.

    Examples
    --------
    >>> style("/* Quiet. */\n.a {\n  color: red; /* loud */\n}\n")
    '.a {\ncolor: red;\n}\n'
    """
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines())
    return "".join(f"{line}\n" for line in lines if line)
