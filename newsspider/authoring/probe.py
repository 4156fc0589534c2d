"""A look at one category of a site: what the probe spider is asked for, and what it brought.

In: a Probe with an address (`newsspider add`) or a site and a category (`newsspider check`). Out:
the same, filled by the spider: a Fixture, or why there is none. Pure but for that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsspider.authoring.replay import Fixture
from newsspider.discover import describe, discover
from newsspider.discover.candidates import explain_no_listing
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.sites.schema import Site

if TYPE_CHECKING:
    from newsspider.extraction.generic import Extracted

SAMPLES = 3  # articles that are looked at
TRIED = 6  # links that are tried for them: a listing has videos and live tickers among its articles
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|title|meta|div|p)\b", re.IGNORECASE)
_SHORTEST = 500  # characters of a text that makes a page that calls itself an article one


@dataclass(slots=True)
class Probe:
    """What is looked at, and what was found. `start` is the page at the address; `answered` whether
    any answer came; `faults` say which articles were not read and why."""

    category: str
    url: str = ""
    site: Site | None = None
    start: Page | None = None
    answered: bool = False
    fixture: Fixture | None = None
    why: str = ""
    faults: list[str] = field(default_factory=list)
    read_any: bool = False  # whether any page behind a link came
    rendered: bool = False  # whether a browser had to show one

    @property
    def name(self) -> str:
        return self.site.name if self.site is not None else ""


def why_not(page: Page) -> str:
    """Why a page cannot be a listing, and what it offers instead; "" when it may be one."""
    if is_article(page):
        return f"is an article (`newsspider share` takes it); {describe(discover(page))}"
    found = _extracted(page)
    # Error pages and logins list what others read; what else is no article may well be a listing.
    reason = found.rejection.reason if found is not None and found.rejection else ""
    if reason.startswith(("an error page", "a login", "a barrier")):
        return f"is {reason}"
    return ""


def no_listing(page: Page, *, rendered: bool = False) -> str:
    """What a page is that offers no listing, and what to do about it."""
    if page.body.startswith(b"%PDF-"):
        return "it is a PDF; give a page that lists articles, or a feed"
    found = _extracted(page)
    if found is not None and not found.verdict and len(found.text) >= _SHORTEST:
        return f"it reads like an article (`newsspider share` takes it); {describe(discover(page))}"
    return explain_no_listing(page, rendered=rendered)


def _extracted(page: Page) -> Extracted | None:
    """What generic extraction reads; None of what is no HTML: a sitemap has megabytes."""
    if not _HTML.search(page.body[:2000]):
        return None
    from newsspider.extraction.generic import extract  # libraries of 0.4 s

    try:
        return extract(page, now=datetime.now(UTC))
    except NotReadable:
        return None


def is_article(page: Page) -> bool:
    """Whether the page is one article: it says so to machines, with a time, and has the text.

    `og:type` alone does not count: WordPress writes `article` on its category pages.
    """
    from newsspider.extraction.generic.structured import structured_of  # libraries of 0.4 s

    try:
        said = page.document.once(structured_of)
    except NotReadable:
        return False
    dated = said.article.get("headline") and said.article.get("datePublished")
    if not dated and not said.first("article:published_time", "og:article:published_time"):
        return False
    found = _extracted(page)
    return found is not None and not found.verdict and len(found.text) >= _SHORTEST
