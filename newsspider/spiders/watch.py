"""Watches a crawl of a source for drift: counts its listing, compares, keeps the pages.

In: the first page of the listing as it was read, and at the end the counts of the crawl. Out: notes
for the report, counts under `drift/`, and two pages in `.newsspider/drift/`: the last one that read
well and the one that did not. Used by the category spider; `monitor.drift` decides.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapy.http import Response

from newsspider.errors import BotCheck, EmptyListing, NotReadable, TooCostly, Unwritable
from newsspider.monitor.drift import BREAKS, HISTORY, find_breaks
from newsspider.monitor.fresh import stale
from newsspider.monitor.holidays import holidays_of
from newsspider.monitor.silence import WEEKS, silence
from newsspider.sites.listings import HtmlListing, Listing
from newsspider.sites.schema import Recipe, Site
from newsspider.sites.selectors import selectors_of
from newsspider.spiders.desk import Desk
from newsspider.spiders.responses import listing_page
from newsspider.store.counts import Counts
from newsspider.store.files import write_whole
from newsspider.text.budget import BRIEF, budget
from newsspider.text.characters import counted
from newsspider.text.slugs import short_hash

# The pages of a listing that are kept: the last that read well, and the last that did not.
GOOD, BROKEN = "good.html", "broken.html"
_FOLDER = "drift"  # in .newsspider


def is_layout(error: NotReadable) -> bool:
    """Return whether a page that cannot be read has another layout, not only a bad day."""
    return not isinstance(error, BotCheck | TooCostly)


class Watch:
    """The first page of a crawl's listing, and what it came to."""

    def __init__(self) -> None:
        self._page: Response | None = None
        self._listing: Listing | None = None

    def first_page(self, desk: Desk, listing: Listing, response: Response, links: int) -> None:
        """Note the first page of the source's own listing, and the number of its links."""
        self._page, self._listing = response, listing
        desk.count("first_page/links", links)
        desk.count("first_page/bytes", len(response.body))

    def judge(self, desk: Desk, source: str, counts: Counts, recipe: Recipe, site: Site) -> None:
        """Compare the crawl with earlier ones; note and count what broke its pattern."""
        history = desk.output.ledger.counts(source, HISTORY)
        subject = "the listing" if self._listing is None else _subject(self._listing)
        selectors = selectors_of(site, recipe)
        breaks = find_breaks(counts, history, listing=subject, selectors=selectors)
        listing_broke = bool(counts[f"{BREAKS}/listing"])
        for found in breaks:
            desk.count(f"{BREAKS}/{found.measure}")
            more = ""
            if found.measure == "links":
                listing_broke = True
                more = self._proposal() + self._kept(desk, source)
            desk.note(f"{source}: {found.words}{more}")
        if not desk.output.dry and self._page is not None:
            self._keep(desk, source, BROKEN if listing_broke else GOOD)

    def judge_age(
        self,
        desk: Desk,
        source: str,
        place: tuple[str, str],
        *,
        warn: timedelta | None,
        error: timedelta | None,
    ) -> None:
        """Note a newest article that is older than these limits allow; count an error."""
        newest, ledger = None, desk.output.ledger
        for key, _ in ledger.newest_links(*place, 1):
            known = ledger.known(*place, key)
            newest = datetime.fromisoformat(known.published) if known and known.published else None
        if silent := stale(newest, datetime.now(UTC), warn=warn, error=error):
            desk.note(f"{source}: {silent.words}")
            if silent.is_error:
                desk.count(f"{BREAKS}/fresh")

    def judge_silence(
        self, desk: Desk, source: str, place: tuple[str, str], zone: ZoneInfo
    ) -> None:
        """Note and count that the source is silent for longer than it ever is."""
        ledger, now = desk.output.ledger, datetime.now(UTC)
        published = ledger.appeared_since(*place, now - 2 * WEEKS)
        if not (silent := silence(published, now, zone=zone)) or not silent.is_unusual:
            return
        silent = silence(published, now, zone=zone, is_holiday=holidays_of(zone.key))
        if silent is not None and silent.is_unusual:
            desk.count(f"{BREAKS}/silence")
            desk.note(f"{source}: {silent.words}")

    def _proposal(self) -> str:
        """Return what the page offers today instead, as a sentence."""
        if self._page is None or not isinstance(self._listing, HtmlListing):
            return ""
        from newsspider.discover import describe, discover  # a crawl that goes well needs none

        try:
            with budget(BRIEF):
                offer = discover(listing_page(self._page))
        except NotReadable:
            return ""
        if offer.lists:
            links = offer.lists[0]
            return f". The page now has {counted(len(links.links), 'link')} at {links.items!r}"
        return f". Now {describe(offer)}"

    def _kept(self, desk: Desk, source: str) -> str:
        return (
            ""
            if desk.output.dry
            else f". Compare good and broken in {drift_folder(desk.output.path, source)}"
        )

    def _keep(self, desk: Desk, source: str, name: str) -> None:
        assert self._page is not None
        path = drift_folder(desk.output.path, source) / name
        with suppress(Unwritable, OSError):  # the end of the run reports a disk that fails
            if not (path.is_file() and path.read_bytes() == self._page.body):
                write_whole(path, self._page.body, desk.output.path)


def why_unreadable(error: NotReadable, listing: Listing, response: Response) -> str:
    """Return why a listing page cannot be read; if its selector matches nothing, also what the page
    offers instead."""
    if listing.kind != "html" or not isinstance(error, EmptyListing):
        return str(error)
    from newsspider.discover import describe, discover

    try:
        with budget(BRIEF):
            return f"{error}; {describe(discover(listing_page(response)))}"
    except TooCostly:
        return str(error)


def drift_folder(output: Path, source: str) -> Path:
    """Return the folder of the listing pages that are kept of a source."""
    readable = re.sub(r"[^\w.-]+", "-", source, flags=re.ASCII).strip("-.")[:60]
    return output / ".newsspider" / _FOLDER / f"{readable}-{short_hash(source, 6)}"


def _subject(listing: Listing) -> str:
    """Return the rule of a listing in words: `listing selector 'ul.news > li'`."""
    if listing.kind in ("html", "json"):
        name = "selector" if listing.kind == "html" else "path"
        return f"listing {name} {listing.items!r}"
    return f"the {listing.kind} {listing.url}"
