"""How much of an article is published: all of it, its summary, or its link alone.

In: a finished article, and `text` of its site or its source. Out: the article as its post may have
it. Pure. The stage Publish calls it, after the whole article was checked.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from newsspider.clean.metadata import cut
from newsspider.model import Article

TEXTS = ("full", "summary", "link")
SHORTEST = TEXTS[::-1]
_LONGEST_SUMMARY = 300  # characters: a summary by the site may be its whole text


def excerpt(article: Article, text: str) -> Article:
    """Return as much of an article as `text` allows (one of TEXTS): `summary` leaves its title, a
    summary of at most 300 characters and its link; `link` leaves title and link."""
    if text == "full":
        return article
    summary = cut(article.summary, _LONGEST_SUMMARY) if text == "summary" else ""
    body = f"<p>{escape(summary, quote=False)}</p>" if summary else ""
    return replace(article, summary=summary, body=body, digest="", images=())
