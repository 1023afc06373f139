"""What all pages share: the template environment, inline assets, JSON islands, and the security policy.

Nothing from data ever becomes markup or script: templates escape, islands hold JSON whose ``<``, ``>`` and ``&`` are
written as escapes, and the policy lets only the scripts and styles run whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ecosystem_iq.errors import InputError
from ecosystem_iq.pages import squeeze, values
from ecosystem_iq.pages.packing import packed

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_RELATIVE = re.compile(r"(?![/\\])[^:?#\x00-\x20\\]+(#[^\x00-\x20]*)?")


@dataclass(frozen=True, slots=True)
class Assets:
    """The scripts and styles of one page: ``head`` runs before the body is parsed, ``body`` after it."""

    styles: tuple[Markup, ...]
    head: tuple[Markup, ...]
    body: tuple[Markup, ...]

    @property
    def policy(self) -> str:
        """The content security policy which lets these run, and nothing else.

        No ``unsafe-inline``: a script or style that is not one of these bytes is refused by the browser.
        """
        scripts = " ".join(_source_hash(text) for text in (*self.head, *self.body))
        styles = " ".join(_source_hash(text) for text in self.styles)
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; "
            "base-uri 'none'; form-action 'none'"
        )


def load_assets(styles: Iterable[str], scripts: Iterable[str]) -> Assets:
    """Collect the files of a page: the base style and script, and its own.

    Parameters
    ----------
    styles, scripts : iterable of str
        Paths below ``static``. The scripts are joined into one, in order, inside one function scope.
    """
    own = "\n".join(squeeze.script(read_static(name)) for name in scripts)
    wrapped = f'\n(() => {{\n"use strict";\n{own}}})();\n'
    return Assets(
        styles=(_inline("".join(squeeze.style(read_static(name)) for name in ("base.css", *styles))),),
        head=(_inline(squeeze.script(read_static("base.js"))),),
        body=(_inline(wrapped),),
    )


@lru_cache(maxsize=32)
def read_static(name: str) -> str:
    """The text of one file below ``static``."""
    return resources.files(__package__).joinpath("static", *name.split("/")).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment: escaping on, unknown names an error."""
    env = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update(island=to_island, packed=packed, relative=relative_href)
    env.filters.update(number=values.number, give_or_take=values.give_or_take)
    return env


def render(template: str, **context: Any) -> str:
    """Fill a template; the result can be encoded as UTF-8 whatever the data held."""
    return encodable(environment().get_template(template).render(**context))


def encodable(html: str) -> str:
    """Text in which lone surrogates, which UTF-8 cannot write, are replaced by question marks."""
    return html.encode("utf-8", "replace").decode("utf-8")


def to_island(value: object) -> Markup:
    r"""JSON which is inert inside a ``<script type="application/json">``.

    Raises
    ------
    InputError
        When the value holds NaN, an infinity, or something JSON has no word for.

    Examples
    --------
    >>> print(to_island({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise InputError(f"The page cannot be made: its data is not plain JSON ({error}).") from error
    # ensure_ascii has already escaped U+2028, U+2029 and all else beyond ASCII.
    return Markup(re.sub("[<>&]", lambda match: _ESCAPES[match[0]], text))  # noqa: S704 - made inert just here


def relative_href(href: str) -> str:
    """The link itself when it stays inside the publication.

    Raises
    ------
    InputError
        When it names a scheme, a host or an absolute path.
    """
    if not _RELATIVE.fullmatch(href):
        raise InputError(f'"{href}" is not a relative link; pages link only to files published beside them.')
    return href


def _inline(text: str) -> Markup:
    """A file's text as trusted markup, with the line ends an HTML parser would give it."""
    return Markup(text.replace("\r\n", "\n").replace("\r", "\n"))  # noqa: S704 - shipped files, never data


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
