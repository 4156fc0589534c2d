"""What the ledger keeps of a listing that a crawl reads: links, section, how far it is read.

In: the ledger, the links of each page as they were triaged, the answer of the first page. Out: rows
of the ledger, and the headers that ask only for a changed page. One ListingState for each listing
of a crawl of the category spider, which reads the pages.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from newsspider.dates import read_time
from newsspider.fetch.browser.render import RENDERED
from newsspider.listing import SubListing
from newsspider.listing.paging import PageRequest
from newsspider.model import NO_SECTION
from newsspider.sites import identity
from newsspider.sites.listings import Listing
from newsspider.sites.schema import Site
from newsspider.spiders.responses import LONGEST_VALIDATOR, header
from newsspider.spiders.sections import first_section
from newsspider.spiders.triage import DROPPED, Decision, Triaged
from newsspider.store.ledger import Ledger
from newsspider.store.records import Validators, seen
from newsspider.text.urls import canonical

Place = tuple[str, str]  # in the ledger: a site, and its category or an address


class ListingState:
    """A listing in the ledger. Its links are at `place`; how far it is read is noted at
    `paging_place`, as two listings may share the links of one category."""

    def __init__(
        self,
        ledger: Ledger,
        site: Site,
        category: str,
        listing: Listing,
        *,
        place: Place,
        paging_place: Place,
    ) -> None:
        self._ledger, self._site, self._category = ledger, site, category
        self._place, self._paging_place = place, paging_place
        # "Not modified" does not cover the links that changed selectors would find.
        self._definition = hashlib.sha256(repr(listing).encode()).hexdigest()[:16]
        self._before = ledger.validators(*paging_place, self._definition)
        self._validators = Validators()  # of this run
        self._began = datetime.now(UTC).isoformat(timespec="seconds")
        self._unread_parts = 0  # of its index
        self.section = ledger.section(*place) or NO_SECTION

    # -- what earlier runs noted --------------------------------------------------------------

    @property
    def was_finished(self) -> bool:
        """Whether an earlier run read the listing to its end."""
        return self._before.finished

    @property
    def is_new(self) -> bool:
        """Whether no run has read the source."""
        ledger = self._ledger
        return not (ledger.settled_links(*self._place) or ledger.open_links(*self._place))

    def conditions(self, request: PageRequest, number: int) -> dict[str, str]:
        """Return the headers that ask for a page only if it has changed."""
        # If an earlier run did not finish the listing, the page itself is needed to continue.
        # With POST the conditional headers have another meaning.
        if number or request.body or not self._before.finished:
            return {}
        validators = {
            "If-None-Match": self._before.etag,
            "If-Modified-Since": self._before.modified,
        }
        return {name: value for name, value in validators.items() if value}

    def is_due(self, sub: SubListing, now: datetime) -> bool:
        """Return whether a page of an index may have changed since a run last read all of them."""
        if not (self._before.finished and self._before.looked and sub.lastmod):
            return True
        moment = read_time(sub.lastmod, now=now, zone=self._site.zone)
        looked = datetime.fromisoformat(self._before.looked)
        # A date without a time may mean the last moment of its day.
        return moment is None or moment.at + timedelta(days=1) > looked

    # -- what this run notes ------------------------------------------------------------------

    def note_answer(self, response: Response) -> None:
        """Note the validators of the first page."""
        if RENDERED in response.flags:
            return  # the shell of a rendered page stays the same when its news changes
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        if max(len(etag), len(modified)) <= LONGEST_VALIDATOR:
            self._validators = Validators(etag, modified)

    def note_unread_part(self) -> None:
        """Note that a part of the index cannot be read: this run does not finish the listing."""
        self._unread_parts += 1

    def note_progress(self, *, finished: bool) -> None:
        """Save how far the listing is read."""
        self._ledger.note_listing(
            *self._paging_place,
            self._definition,
            Validators(
                self._validators.etag,
                self._validators.modified,
                finished and not self._unread_parts,
                self._began,
            ),
        )

    def record(self, triaged: list[Triaged], name: str, *, finished: bool) -> None:
        """Save the links of a page, the state of paging and the section, in one transaction: before
        any article is requested. `name` is that of the section, as the page shows it."""
        ledger = self._ledger
        with ledger.transaction():
            self._settle_section(triaged, name)
            for row in triaged:
                self._note_guid(row)
                if row.decision in (Decision.FETCH, Decision.UNWANTED):
                    ledger.note_link(*self._place, row.key, row.link, "pending")
                elif why := DROPPED.get(row.decision):
                    ledger.note_link(*self._place, row.key, row.link, "dropped", why)
                elif row.known is None or row.known.seen != seen(row.link):
                    state = row.known.state if row.known else "published"
                    ledger.note_link(*self._place, row.key, row.link, state)
                else:
                    ledger.complete_link(*self._place, row.key, row.link)
            self.note_progress(finished=finished)

    def _note_guid(self, row: Triaged) -> None:
        """Note the guid of a feed's entry as an alias of its article."""
        guid = identity.guid_key(self._site, self._category, row.link)
        if not guid or canonical(str(row.link.fields.get("guid"))) == canonical(row.link.url):
            return
        if self._ledger.resolve(guid) != row.key:
            self._ledger.note_alias(guid, row.key)

    def _settle_section(self, triaged: list[Triaged], name: str) -> None:
        """Settle the section of the listing at its first crawl: a heading that changes later makes
        no new category."""
        ledger = self._ledger
        settled = ledger.section(*self._place)
        if settled is None:
            category = self._site.category(self._category)
            posts = [post for row in triaged if (post := ledger.article(row.key)) is not None]
            has_posts = ledger.has_posts(*self._place)
            settled = first_section(
                self._site, category, category.title or name, posts, has_posts=has_posts
            )
            ledger.note_section(*self._place, settled)
        self.section = settled
