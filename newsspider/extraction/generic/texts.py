"""The text of an element as one line, and texts in a form for comparison.

In: an element of a page; a text. Out: a text. Called by the modules of this package that read
headlines, names and links.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import html

from newsspider.text.scripts import CJK

_CJK = re.compile(rf"[{CJK}]+")
_LONGEST = 2000  # characters of a line; an unclosed heading holds the rest of its page
_LONGEST_COMPARED = 100_000  # characters; no paragraph of an article has as many
_SQUEEZE = re.compile(r"[\W_]+")


def squeeze(text: str) -> str:
    """Return a text for comparison: its letters and digits only, half-width, in one case. Of a text
    longer than any paragraph it returns the start."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST_COMPARED])
    return _SQUEEZE.sub("", text.casefold())


def text_line(element: html.HtmlElement | None) -> str:
    """Return the text of an element as one line, without scripts, comments and soft hyphens; "" for
    None. Of a text that no line has it returns the start."""
    if element is None:
        return ""
    parts: list[str] = []
    length = 0
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in ("script", "style", "svg", "noscript"):
            if node.tag in ("br", "p", "div", "span") and parts:
                parts.append(" ")
            parts.append(node.text or "")
        if node is not element:
            parts.append(node.tail or "")
        length += 1 + len(node.text or "") + len(node.tail or "")
        if length > 2 * _LONGEST:
            break
    return " ".join("".join(parts).replace("\u00ad", "").split())[:_LONGEST]


def size(text: str) -> int:
    """Return the length of a text in letters: a Chinese character counts for two, in the first
    100,000 characters."""
    if text.isascii():
        return len(text)
    return len(text) + sum(map(len, _CJK.findall(text, 0, _LONGEST_COMPARED)))
