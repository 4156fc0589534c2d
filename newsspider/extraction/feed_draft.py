"""An article whose page gives nothing, from what its feed gives.

In: a Draft whose page failed, or that became an Article without a text. Out: the Draft of the
article as its feed has it, or None. Called by the spiders for articles without a post. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from newsspider.clean.reading import read as read_body
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft
from newsspider.model import Article
from newsspider.text.characters import width

_ALIKE = 0.5  # of the groups of three characters of the shorter title


def feed_draft(draft: Draft) -> Draft | None:
    """Return the draft of the article as its feed has it, without its pages; None if the feed has
    too little text to stand in for the page (see `listing.feed_text`)."""
    listed = draft.parts["listing"]
    if not listed.get("excerpt"):
        return None
    parts = {"listing": {**listed, "body": listed["excerpt"]}}
    return replace(draft, parts=parts, origins={}, following="", by_fallback=())


def assembled(draft: Draft, now: datetime) -> tuple[Article, bool]:
    """Return the article of a finished draft, and whether it has less than its feed."""
    article = assemble(draft, now)
    return article, has_less_than_feed(draft, article)


def has_less_than_feed(draft: Draft, article: Article) -> bool:
    """Return whether the pages of an article give nothing that its feed does not give: no text, a
    page of another kind, or a short text below another headline, such as a request for consent."""
    if article.rejection or not article.body:
        return True
    listed, pages = draft.parts["listing"], list(draft.parts.values())[1:]
    titles = [str(page["title"]) for page in pages if page.get("title")]
    if any(_resemble(title, draft.link.title) for title in titles) or not titles:
        return False
    return _length(article.body) < _length(str(listed.get("excerpt", "")))


def _length(body: str) -> float:
    return width("".join(read_body(body).lines))


def _resemble(title: str, other: str) -> bool:
    """Return whether two headlines may be of one article: the shorter one is half in the other."""
    first, second = _groups(title), _groups(other)
    least = min(len(first), len(second))
    return not least or len(first & second) >= _ALIKE * least


def _groups(title: str) -> set[str]:
    letters = "".join(filter(str.isalnum, title.casefold()))[:300]
    return {letters[at : at + 3] for at in range(len(letters) - 2)}
