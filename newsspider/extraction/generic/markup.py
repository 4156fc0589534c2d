"""The HTML in one line: its texts, and the inline elements around them.

In: the parts of a line, as `page_lines` meets them (hostile). Out: HTML with formatting and links
only. A `Line` calls it when its HTML is asked for: for most lines of a page it never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from newsspider.text import urls


class Tag(NamedTuple):
    """The start or the end of an inline element; `href` is that of a link."""

    name: str
    href: str = ""
    ends: bool = False


def written(parts: Sequence[str | Tag], base: str) -> str:
    """Return the HTML of a line. `base` is the address of the page."""
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(escape(part, quote=False))
        elif part.name != "a":
            pieces.append(f"</{part.name}>" if part.ends else f"<{part.name}>")
        elif href := urls.post_link(part.href, base):
            pieces.append("</a>" if part.ends else f'<a href="{escape(href)}">')
    return _tidy("".join(pieces))


def _tidy(inner: str) -> str:
    inner = " ".join(inner.split())
    if "></" not in inner and "> </" not in inner:
        return inner  # true of most lines
    for name in ("strong", "em", "code", "sub", "sup", "del", "mark", "kbd"):
        if f"<{name}></{name}>" in inner or f"<{name}> </{name}>" in inner:
            inner = inner.replace(f"<{name}></{name}>", "").replace(f"<{name}> </{name}>", " ")
    return inner.strip()
