"""A probe of one category of a site: what the probe spider is to fetch, and what it fetched.

In: a Probe with an address (`newsspider add`) or with a site and a category (`newsspider check`).
Out: the same Probe, filled by the spider: with a Fixture, or with the reason why there is none.
Called by the probe spider and the spider of an address, which also use its messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsspider.authoring.replay import Fixture
from newsspider.discover import describe, discover
from newsspider.discover.candidates import explain_no_listing, listing_candidates
from newsspider.discover.interfaces import interfaces
from newsspider.errors import NotReadable
from newsspider.listing.section import section_of_page
from newsspider.model import Page
from newsspider.sites.listings import Listing
from newsspider.sites.schema import Site
from newsspider.text.budget import unmeasured
from newsspider.text.js_shell import is_shell

if TYPE_CHECKING:
    from newsspider.authoring.mend import Mending
    from newsspider.extraction.generic import Extracted

SAMPLES = 3  # articles that are read
TRIED = 6  # links that are tried for them: a listing also links to videos and live tickers
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|title|meta|div|p)\b", re.IGNORECASE)
_SHORTEST = 500  # characters of the text of a page that counts as an article


@dataclass(slots=True)
class Probe:
    """What to fetch, and what was fetched.

    `mending` is the site file that is to be mended. `start` is the page at the address, `answered`
    is true once the site has answered, `why` is the reason why there is no fixture, `faults` name
    the articles that could not be read, with reasons.
    """

    category: str
    url: str = ""
    site: Site | None = None
    mending: Mending | None = None
    start: Page | None = None
    answered: bool = False
    fixture: Fixture | None = None
    why: str = ""
    faults: list[str] = field(default_factory=list)
    read_any: bool = False  # whether the page of any link was fetched
    rendered: bool = False  # whether one of them needed a browser

    @property
    def name(self) -> str:
        return self.site.name if self.site is not None else ""


def why_not(page: Page) -> str:
    """Return why a page cannot be a listing and what it offers instead; "" if it may be one."""
    if is_article(page):
        return f"is an article (use `newsspider share`); {describe(discover(page))}"
    extracted = _extracted(page)
    # Error pages and logins list popular articles. Any other page that is not an article may be a
    # listing.
    reason = extracted.rejection.reason if extracted is not None and extracted.rejection else ""
    if reason.startswith(("an error page", "a login", "a barrier")):
        return f"is {reason}"
    return ""


@dataclass(frozen=True, slots=True)
class AddressOffer:
    """What the page at an address offers: its listings, or why it has none, and the name of the
    section that it shows."""

    listings: tuple[Listing, ...] = ()
    why: str = ""
    section: str = ""


def offer_of(page: Page, title: str, *, rendered: bool) -> AddressOffer:
    """Return what a page offers. `title` is the site's, which names no section."""
    if why := why_not(page):
        return AddressOffer(why=why)
    listings = listing_candidates(page, rendered=rendered)
    if not listings:
        why = no_listing(page, rendered=rendered)
        return AddressOffer(why=f"has no listing that can be read: {why}")
    return AddressOffer(listings, section=section_of_page(page, title))


@dataclass(frozen=True, slots=True)
class Start:
    """What a site file can be written from at an address: the listings of its page, or else the
    interfaces that its scripts name; or why it has none. A shell lacks its content."""

    listings: tuple[Listing, ...] = ()
    interfaces: tuple[str, ...] = ()
    why: str = ""
    is_shell: bool = False


def start_of(page: Page, *, rendered: bool) -> Start:
    """Return what the page at an address offers to a site file."""
    if why := why_not(page):
        return Start(why=why)
    if listings := listing_candidates(page, rendered=rendered):
        return Start(listings)
    return Start(interfaces=tuple(interfaces(page)), is_shell=page.document.once(is_shell))


def mended(mending: Mending, category: str, at: int, page: Page, links: int) -> Mending:
    """Return a site file, mended so that the listing at the index `at` of a category's reads more
    than these links of the page; as it is, if the page is no listing or reads no better."""
    new = mending.copy()
    if not why_not(page):
        new.mend_listing(category, at, page, links)
    return new


def no_listing(page: Page, *, rendered: bool = False) -> str:
    """Return what a page without a listing is, and what to do about it."""
    if page.body.startswith(b"%PDF-"):
        return "it is a PDF; give a page that lists articles, or a feed"
    if _reads_like_article(page):
        return f"it reads like an article (use `newsspider share`); {describe(discover(page))}"
    return explain_no_listing(page, rendered=rendered)


def _reads_like_article(page: Page) -> bool:
    extracted = _extracted(page)
    return extracted is not None and not extracted.verdict and len(extracted.text) >= _SHORTEST


def _extracted(page: Page) -> Extracted | None:
    """Return what generic extraction reads; None if it is not HTML: sitemaps have megabytes."""
    if not _HTML.search(page.body[:2000]):
        return None
    with unmeasured():
        from newsspider.extraction.generic import extract  # its libraries take 0.4 s to import

    try:
        return extract(page, now=datetime.now(UTC))
    except NotReadable:
        return None


def is_article(page: Page) -> bool:
    """Return whether the page is an article: its metadata has a time of publication, and it has
    enough text.

    `og:type` alone does not count: WordPress writes `article` on its category pages.
    """
    # Its libraries take 0.4 s to import.
    from newsspider.extraction.generic.structured import structured_of

    try:
        structured = page.document.once(structured_of)
    except NotReadable:
        return False
    dated = structured.article.get("headline") and structured.article.get("datePublished")
    if not dated and not structured.first("article:published_time", "og:article:published_time"):
        return False
    return _reads_like_article(page)
