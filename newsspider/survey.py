"""A look at one category of a site: what the survey spider is asked for, and what it brought.

In: a Survey with an address (`newsspider add`) or a site and a category (`newsspider check`). Out:
the same, filled by the spider: a Fixture, or why there is none. Pure but for that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from newsspider.article import Page
from newsspider.discover import discover, told
from newsspider.replay import Fixture
from newsspider.select import NotReadable, parse_html
from newsspider.site import Site

SAMPLES = 3  # articles that are looked at
TRIED = 6  # links that are tried for them: a listing has videos and live tickers among its articles
_SHORTEST = 500  # characters of a text that makes a page that calls itself an article one


@dataclass(slots=True)
class Survey:
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
    return f"is an article; {told(discover(page))}" if is_article(page) else ""


def is_article(page: Page) -> bool:
    """Whether the page is one article: it says so to machines, with a time, and has the text.

    `og:type` alone does not count: WordPress writes `article` on its category pages.
    """
    from newsspider.extract.generic.structured import read_structured  # libraries of 0.4 s

    try:
        said = read_structured(parse_html(page))
    except NotReadable:
        return False
    dated = said.article.get("headline") and said.article.get("datePublished")
    if not dated and not said.first("article:published_time", "og:article:published_time"):
        return False
    from newsspider.extract.generic import extract

    found = extract(page, now=datetime.now(UTC))
    return not found.verdict and len(found.text) >= _SHORTEST
