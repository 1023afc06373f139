"""Our scripts and styles as pages carry them: without comments and indents, which are for those who read the files."""

from __future__ import annotations

import re


def script(text: str) -> str:
    r"""A script without comments, and with no more blanks than it needs.

    Examples
    --------
    >>> script("// Adds one.\nfunction next(n) {\n  return n + 1; // not n++\n}\n")
    'function next(n){return n+1;}'
    """
    from rjsmin import jsmin

    return str(jsmin(text))


def style(text: str) -> str:
    r"""A style sheet without comments, and each rule's lines without indents.

    Examples
    --------
    >>> style("/* Quiet. */\n.a {\n  color: red; /* loud */\n}\n")
    '.a {\ncolor: red;\n}\n'
    """
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines())
    return "".join(f"{line}\n" for line in lines if line)
