"""The text of an article as its page tells it for machines: `articleBody` of JSON-LD.

In: what the page says for machines. Out: the lines of that text, made as those that the page shows.
`body` takes them for a reading of the page, and for the text of a page that shows none: a script
fills it.
"""

from __future__ import annotations

import contextlib
from html import unescape

from lxml import etree, html

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.structured import Structured

_SUMMARY = 300  # letters: some call a summary the text of the article
_LONGEST = 500_000


def read_jsonld_body(said: Structured, url: str) -> list[Line]:
    """The lines of the text; none where it is no longer than a summary. A page may tell it as
    plain text, a paragraph a line, or as HTML."""
    value = said.article.get("articleBody")
    text = "\n".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str) or not _SUMMARY <= len(text) <= _LONGEST:
        return []
    text = text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    if "&lt;p" in text:
        text = unescape(text)
    if "<" not in text:
        text = "".join(f"<p>{line}</p>" for line in text.splitlines())
    with contextlib.suppress(etree.ParserError, ValueError):
        return read_lines(html.fragment_fromstring(text, create_parent="div"), url)
    return []
