"""The share spider: share links and ids given by hand → their articles.

`scrapy crawl share -a urls="NW202204262359811335 http://…?infoCode=NW202204212352227421"`
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request

from newsspider.model import Article
from newsspider.sites import Claimed, claimed
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.triage import Decision, decide, known_key, post_id

LISTING = "@share"  # where the ledger keeps links given by hand


class ShareSpider(NewsSpider):
    """Requests the articles of links given by hand. An article published before is fetched again: a
    link given by hand asks for its current content."""

    name = "share"
    by_hand = True
    settles_failures = False
    reports_rejections = True

    def __init__(self, urls: str | Sequence[str] = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls.split() if isinstance(urls, str) else list(urls)

    def choose_site(self) -> None:
        claims = [(text, claimed(text, self.sites.values())) for text in self._urls]
        self._claims = [claim for _, claim in claims if claim]
        self._unclaimed = [text for text, claim in claims if claim is None]
        if not self._claims:
            raise ValueError(f"no site takes any of these links: {' '.join(self._unclaimed)}")
        self.site = self._claims[0].site
        for claim in self._claims:
            self.sites.setdefault(claim.site.name, claim.site)

    @property
    def source(self) -> str:
        return f"{self.site.name}/{LISTING}"

    async def start(self) -> AsyncIterator[Request | Article]:
        self.count("found", len(self._claims) + len(self._unclaimed))
        for text in self._unclaimed:
            self.count("failed/NoSite")
            self.note(f"no site takes this link: {text}")
        for claim in self._claims:
            for request in self._requests(claim):
                yield request

    def _requests(self, claim: Claimed) -> Iterable[Request | Article]:
        """Request the article of a link, unless it was requested or published another way, or its
        post was removed."""
        ledger = self.output.ledger
        key = known_key(ledger, claim.site, claim.link)
        if key in self._taken:
            self.count("dropped/Duplicate")
            return ()
        article = ledger.article(key)
        if article is not None and article.site != claim.site.name:
            # Sites that share an id space: the one that published the article updates it.
            owner = self.sites.get(article.site)
            claim = (claimed(article.link, [owner]) if owner else None) or claim
        recipe = claim.site.recipe(claim.share)
        file_id = post_id(claim.site, claim.link, recipe, key, article)
        known = ledger.known(claim.site.name, LISTING, key)
        decision = decide(claim.link, file_id, claim.site.name, None, article)
        if decision is Decision.DUPLICATE:
            self.count("dropped/Duplicate")
            return ()
        if article is not None and article.state == "gone":
            self.count("dropped/Removed")
            self.note(f"{claim.link.url}: its post was removed, and is not written again")
            return ()
        if claim.bare and article is not None and article.link:
            link = replace(claim.link, url=article.link, fields={"link": article.link})
            claim = replace(claim, link=link)
        if known is None or known.state != "pending":
            ledger.note_link(claim.site.name, LISTING, key, claim.link, "pending")
        return self.take(claim.site, claim.link, recipe, LISTING)
