"""A finished page: its HTML, its title, and how it is saved or shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from ecosystem_iq import files


@dataclass(frozen=True, slots=True)
class Page:
    """One self-contained HTML page.

    Attributes
    ----------
    html : str
        The whole document; it can always be encoded as UTF-8.
    title : str
        What the page is about, as plain text.
    """

    html: str = field(repr=False)
    title: str

    def save(self, path: str | Path) -> Path:
        """Write the page as UTF-8 and return where it went.

        Raises
        ------
        OutputError
            When the file cannot be written; an existing file is then unchanged.
        """
        target = Path(path)
        files.write_text(target, self.html)
        return target

    def _repr_html_(self) -> str:
        """The page in a sandboxed frame, so that a notebook shows it without sharing its own origin."""
        return (
            f'<iframe title="{escape(self.title)}" sandbox="allow-scripts allow-downloads" width="100%" height="720" '
            f'style="border:1px solid #d9dde3;border-radius:8px" srcdoc="{escape(self.html)}"></iframe>'
        )
