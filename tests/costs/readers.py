"""What reads a page in a crawl, by the kind of page: each takes the bytes of an answer."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from scrapy.robotstxt import ProtegoRobotParser

import newsspider
from costs import shapes
from newsspider import listing
from newsspider.authoring.probe import why_not
from newsspider.discover.candidates import explain_no_listing, listing_candidates
from newsspider.errors import NewsspiderError
from newsspider.model import Page
from newsspider.sites.schema import Site
from newsspider.text.budget import BRIEF, budget
from newsspider.text.encoding import to_utf8

URL = "https://a.example/2024/06/14/council.html"
NOW = datetime(2024, 6, 14, 10, 30, tzinfo=UTC)
_LISTINGS: Mapping[str, Mapping[str, Any]] = {
    "html": {
        "kind": "html",
        "items": "li, p, div",
        "fields": {"url": "a::attr(href)", "title": "a", "time": "time"},
        "next": "a.next::attr(href)",
    },
    "feed": {"kind": "feed"},
    "sitemap": {"kind": "sitemap"},
    "json": {"kind": "json", "items": "data.list", "fields": {"url": "url", "title": "title"}},
}


@dataclass(frozen=True)
class Reader:
    """A kind of page: what reads it, and the shapes that such a page may have."""

    read: Callable[[bytes], object]
    shapes: Mapping[str, shapes.Shape]


def _site(kind: str, rules: Mapping[str, Any]) -> Site:
    return Site.model_validate(
        {
            "name": "a",
            "title": "A",
            "home": "https://a.example/",
            "hosts": ["a.example"],
            "categories": {"news": {}},
            "listing": {"url": "https://a.example/news", **_LISTINGS[kind]},
            "pages": {"article": {"url": "{url}", **rules}},
        }
    )


_RULES = {
    "kind": "html",
    "fields": {"title": "h1", "body": "article", "time": "meta::attr(content)"},
}
_SITES = {kind: _site(kind, {"kind": "html"}) for kind in _LISTINGS}
_BY_RULES = _site("html", _RULES)


def _generic(body: bytes) -> None:
    newsspider.extract(body, URL, now=NOW)


def _by_rules(body: bytes) -> None:
    newsspider.extract(body, URL, now=NOW, site=_BY_RULES)


def _listing(kind: str) -> Callable[[bytes], None]:
    site = _SITES[kind]

    def read(body: bytes) -> None:
        page = Page(url="https://a.example/news", body=to_utf8(body, ""))
        listing.read(page, site, "news", site.listings_of("news")[0], number=0)

    return read


def _any_listing(body: bytes) -> None:
    """Read the page at an address that a person gives."""
    page = Page(url="https://a.example/news", body=to_utf8(body, ""))
    why_not(page)
    if not listing_candidates(page):
        explain_no_listing(page)


def _robots(body: bytes) -> None:
    from newsspider.fetch.robots import _read

    parser = ProtegoRobotParser.from_crawler(SimpleNamespace(spider=None), _read(body))
    parser.allowed(URL + "?" + "a" * 1000, "newsspider")
    parser.crawl_delay("newsspider")


def _packed(read: Callable[[bytes], None]) -> Callable[[bytes], None]:
    return lambda body: read(gzip.compress(body, 1))


_PAGES = {**shapes.HTML, **shapes.ORDINARY}
READERS: Mapping[str, Reader] = {
    "article": Reader(_generic, _PAGES),
    "article by rules": Reader(_by_rules, _PAGES),
    "listing": Reader(_listing("html"), _PAGES),
    "any listing": Reader(_any_listing, _PAGES),
    "feed": Reader(_listing("feed"), shapes.FEED),
    "sitemap": Reader(_listing("sitemap"), shapes.SITEMAP),
    "JSON": Reader(_listing("json"), shapes.JSON),
    "robots.txt": Reader(_robots, shapes.ROBOTS),
}


def read(kind: str, body: bytes, seconds: float = BRIEF) -> str:
    """Read a page of this kind as a run does, which leaves the page to its reader process after
    these seconds; return the error of one that cannot be read."""
    try:
        with budget(seconds):
            READERS[kind].read(body)
    except (NewsspiderError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
