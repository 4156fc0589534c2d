"""The text of an article in its structured data: `articleBody` of JSON-LD.

In: the structured data of a page. Out: the lines of that text, read like those that the page shows.
Called by `extract`. `body` compares them with the page, and takes them as the text of a page that a
script fills in the browser.
"""

from __future__ import annotations

import contextlib
from html import unescape

from lxml import etree, html

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.structured import Structured

_SUMMARY = 300  # characters: some pages put a summary into `articleBody`
_LONGEST = 500_000


def read_jsonld_body(structured: Structured, url: str) -> list[Line]:
    """Return the lines of the text; none if it is as short as a summary.

    The value is plain text with a paragraph a line, or HTML. `url` is the address of the page."""
    value = structured.article.get("articleBody")
    text = "\n".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str) or len(text) > _LONGEST:
        return []
    if len(text) < _SUMMARY and "<figure>" not in text:
        return []
    text = text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    if "&lt;p" in text:
        text = unescape(text)
    if "<" not in text:
        text = "".join(f"<p>{line}</p>" for line in text.splitlines())
    with contextlib.suppress(etree.ParserError, ValueError):
        return read_lines(html.fragment_fromstring(text, create_parent="div"), url)
    return []
