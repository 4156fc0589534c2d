"""Where the known links of a listing lead, once the listing has other links.

In: the first page of a listing, and the ledger. Out: aliases in the ledger, and a note for the
report. The category spider derives from it.

A site that moves to another host, or gives its articles new addresses, redirects the old ones. Its
listing then has new links only, and every article would be published again. So the known links are
asked where they lead, the newest first: each answer makes the new address an alias of the known
article.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.fetch.failures import CalledBack
from newsspider.fetch.site_meta import meta_of
from newsspider.model import Article, Link
from newsspider.sites import identity
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.triage import Triaged, have_other_addresses

_MOST = 100  # links of a listing that are asked; a page of a listing has 10 to 50
_SILENT = 3  # links without an answer, after which the others are not asked


class FollowsMoves(NewsSpider):
    """A spider that asks the known links of a listing where they lead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asked_moves = False
        self._old_links: list[tuple[str, Link]] = []  # to be asked yet
        self._new_keys: set[str] = set()  # of the listing; those that no known link leads to yet
        self._silent = 0

    def read_listing(self, response: Response, number: int) -> Iterator[Request | Article]:
        raise NotImplementedError

    def expects_moves(self, triaged: list[Triaged], site: str, listing: str) -> bool:
        """Return whether the known links are to be asked before the links of this page: the first
        page of a listing that an earlier run has read, and whose links are nearly all new."""
        if self._asked_moves or not have_other_addresses(triaged):
            return False
        self._asked_moves = True
        self._new_keys = {row.key for row in triaged if row.known is None}
        self._old_links = self.output.ledger.newest_links(site, listing, _MOST)
        return bool(self._old_links)

    def ask_moves(self, listing: Response) -> Iterator[Request | Article]:
        """Ask the next known link; after the last one, read the listing again."""
        if not self._old_links or not self._new_keys:
            yield from self.read_listing(listing, 0)
            return
        key, link = self._old_links.pop(0)
        yield Request(
            link.url,
            headers=dict(self.site.headers),
            callback=self.parse_move,
            errback=self.move_failed,
            cb_kwargs={"key": key, "listing": listing},
            meta=meta_of(self.site),
            dont_filter=True,
        )

    def parse_move(
        self, response: Response, key: str, listing: Response
    ) -> Iterator[Request | Article]:
        """Note where a known link leads. If it leads nowhere else, nothing has moved."""
        if self.note_address(self.site, key, response.url):
            self._new_keys.discard(identity.article_key(self.site, Link(url=response.url)))
        else:
            self._old_links.clear()
        yield from self.ask_moves(listing)

    def move_failed(self, failure: Failure) -> Iterator[Request | Article]:
        """Go on after a known link without an answer."""
        if isinstance(failure.value, CalledBack):
            return
        self._silent += 1
        if self._silent >= _SILENT:
            self._old_links.clear()
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from self.ask_moves(request.cb_kwargs["listing"])
