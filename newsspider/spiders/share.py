"""The share spider: share links and ids given by hand → their articles.

`scrapy crawl share -a urls="NW202204262359811335 http://…?infoCode=NW202204212352227421"`
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request

from newsspider.model import Article
from newsspider.sites import Claimed, claimed, identity
from newsspider.spiders.base import NewsSpider
from newsspider.spiders.triage import Decision, decide

LISTING = "@share"  # where the ledger keeps links given by hand


class ShareSpider(NewsSpider):
    """Asks for the articles of links given by hand; what was published before is looked at again,
    for a link given by hand asks for what it says now."""

    name = "share"
    tells_verdicts = True

    def __init__(self, urls: str | Sequence[str] = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls.split() if isinstance(urls, str) else list(urls)

    def choose_site(self) -> None:
        given = [(text, claimed(text, self.sites.values())) for text in self._urls]
        self._links = [one for _, one in given if one]
        self._unclaimed = [text for text, one in given if one is None]
        if not self._links:
            raise ValueError(f"no site takes any of these links: {' '.join(self._unclaimed)}")
        self.site = self._links[0].site
        for one in self._links:
            self.sites.setdefault(one.site.name, one.site)

    @property
    def source(self) -> str:
        return f"{self.site.name}/{LISTING}"

    async def start(self) -> AsyncIterator[Request | Article]:
        self.count("found", len(self._links) + len(self._unclaimed))
        for text in self._unclaimed:
            self.count("failed/NoSite")
            self.note(f"no site takes this link: {text}")
        for one in self._links:
            for request in self._look(one):
                yield request

    def _look(self, one: Claimed) -> Iterable[Request | Article]:
        key = identity.article_key(one.site, one.link)
        if key in self._taken:
            self.count("dropped/Duplicate")
            return ()
        ledger = self.output.ledger
        article = ledger.article(key)
        if article is not None and article.site != one.site.name:
            # Sites that share an id space: the one that published the article updates it.
            owner = self.sites.get(article.site)
            one = (claimed(article.link, [owner]) if owner else None) or one
        recipe = one.site.recipe(one.share)
        file_id = identity.file_name_id(one.site, one.link, recipe)
        known = ledger.known(one.site.name, LISTING, key)
        decision = decide(one.link, file_id, one.site.name, None, article)
        if decision is Decision.DUPLICATE:
            self.count("dropped/Duplicate")
            return ()
        if article is not None and article.state == "gone":
            self.count("known")
            return ()
        if one.bare and article is not None and article.link:
            link = replace(one.link, url=article.link, fields={"link": article.link})
            one = replace(one, link=link)
        if known is None or known.state != "pending":
            ledger.note_link(one.site.name, LISTING, key, one.link, "pending")
        return self.take(one.site, one.link, recipe, LISTING)
