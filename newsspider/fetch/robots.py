"""robots.txt, as RFC 9309 defines it.

In: each request. Out: nothing, or RobotsTxt or RobotsUnknown for a request that may not be made. A
downloader middleware in place of Scrapy's own, which allows everything when a robots.txt answers
5xx or cannot be fetched; the RFC (2.3.1.4) then forbids everything for the time being. Scrapy also
reads `Crawl-delay` without keeping it: here `politeness` keeps it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from time import monotonic
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from newsspider.errors import NotFetched
from newsspider.extraction.rights import rights_of_robots
from newsspider.fetch.failures import (
    CalledBack,
    HostBusy,
    HostDown,
    LongAddress,
    RefusedAddress,
    RobotsTxt,
    RobotsUnknown,
    TooManyRedirects,
)
from newsspider.fetch.politeness import hosts_of, note
from newsspider.fetch.site_meta import opened_by
from newsspider.model import Right

RIGHTS = "rights"  # in the meta of a request: what the robots.txt of its host states of reuse
_READ = 512 * 1024  # bytes; RFC 9309, 2.5 asks for 500 KiB at least
_PRIORITY = 1000  # before the requests that wait for it; Scrapy's middleware uses the same

KEPT = 3600.0  # seconds for which a robots.txt is kept where there is a Store for it
_MOST_KEPT = 100  # of them
_LARGEST_KEPT = 64 * 1024  # bytes

_Key = tuple[str, str, tuple[tuple[str, object], ...]]


class Store:
    """The robots.txt of hosts, kept from one crawl to the next: the body of each, None where a host
    has none. `has_changed`: since `known` was last asked."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes | None, float]] = {}
        self.has_changed = False

    def get(self, name: str) -> tuple[bytes | None] | None:
        """Return the body, in a tuple; None if it is not kept, or no longer."""
        body, read = self._kept.get(name, (None, float("-inf")))
        return (body,) if monotonic() - read < KEPT else None

    def keep(self, name: str, body: bytes | None) -> None:
        """Keep a body that was read just now, unless it is large, or there are many."""
        if len(body or b"") > _LARGEST_KEPT or len({*self._kept, name}) > _MOST_KEPT:
            return
        self._kept[name] = (body, monotonic())
        self.has_changed = True

    def known(self) -> dict[str, dict[str, Any]]:
        """Return what a later process may use, as JSON has it: each body, a character for each
        byte, and how many seconds ago it was read."""
        now, self.has_changed = monotonic(), False
        return {
            name: {"body": None if body is None else body.decode("latin-1"), "age": now - read}
            for name, (body, read) in self._kept.items()
            if now - read < KEPT
        }

    def recall(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Use what an earlier process knew, as `known` returns it."""
        now = monotonic()
        for name, each in known.items():
            body = None if each["body"] is None else str(each["body"]).encode("latin-1")
            self._kept[name] = (body, now - float(each["age"]))


class Robots:
    """Asks each host for its robots.txt once a crawl; the requests of a host wait for the answer.
    Reads the settings of Scrapy's own middleware."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self._parser: type[RobotParser] = load_object(settings["ROBOTSTXT_PARSER"])
        self._rights: dict[str, tuple[Right, ...]] = {}  # that a robots.txt states, by its address
        self._rules: dict[_Key, asyncio.Task[RobotParser | NotFetched | None]] = {}
        self.store: Store | None = None  # set where a crawl may use the robots.txt of another

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request, spider: object = None) -> None:
        if request.meta.get("dont_obey_robotstxt") or not request.url.startswith("http"):
            return
        url, meta = urlparse_cached(request), opened_by(request)
        # What a site file opens for its own requests is not open to those of other sites.
        key = (url.scheme, url.netloc, tuple(meta.items()))
        address = f"{url.scheme}://{url.netloc}/robots.txt"
        if key not in self._rules:
            ask = Request(
                address,
                priority=_PRIORITY,
                meta={"dont_obey_robotstxt": True, **meta},
                callback=NO_CALLBACK,
            )
            self._rules[key] = asyncio.create_task(self._ask(ask))
        rules = await asyncio.shield(self._rules[key])
        if isinstance(rules, NotFetched):
            raise type(rules)(*rules.args)
        request.meta[RIGHTS] = self._rights.get(address, ())
        if rules is not None and not rules.allowed(request.url, self._agent):
            self._count("forbidden")
            raise RobotsTxt(f"the robots.txt of {url.netloc} forbids {request.url}")

    def _count(self, what: str) -> None:
        self._crawler.stats.inc_value(f"robotstxt/{what}")

    async def _ask(self, request: Request) -> RobotParser | NotFetched | None:
        """Return the rules of a host, None if it has none, or why it must not be asked."""
        host, name = urlparse_cached(request).netloc, _name(request)
        if self.store is not None and (kept := self.store.get(name)):
            return self._rules_of(request, kept[0])
        self._count("request_count")
        try:
            response = await self._crawler.engine.download_async(request)
        except TooManyRedirects:
            return self._kept(request, None)  # 2.3.1.2: the same as no robots.txt
        except (RefusedAddress, LongAddress, HostBusy, HostDown, CalledBack) as error:
            return error
        except Exception as error:
            return self._unknown(host, type(error).__name__.removesuffix("Error"))
        if response.status >= 500 or response.status == 429:
            return self._unknown(host, str(response.status))
        if response.status >= 300:
            return self._kept(request, None)
        return self._kept(request, _read(response.body))

    def _kept(self, request: Request, body: bytes | None) -> RobotParser | None:
        """Keep a robots.txt, if it may be kept, and return its rules."""
        if self.store is not None:
            self.store.keep(_name(request), body)
        return self._rules_of(request, body)

    def _rules_of(self, request: Request, body: bytes | None) -> RobotParser | None:
        if body is None:
            return None
        parser = self._parser.from_crawler(self._crawler, body)
        self._rights[request.url] = rights_of_robots(body.decode("utf-8", "replace"), self._agent)
        if delay := parser.crawl_delay(self._agent):
            hosts_of(self._crawler).slow_down(urlparse_cached(request).hostname or "", delay)
        return parser

    def _unknown(self, host: str, why: str) -> RobotsUnknown:
        state = "asks for fewer requests" if why == "429" else "seems to be down"
        text = (
            f"{host} {state}: the robots.txt of {host} cannot be fetched ({why}); nothing else is "
            "asked for now"
        )
        note(self._crawler, text)
        return RobotsUnknown(text)


def _name(request: Request) -> str:
    """Return the name under which a robots.txt is kept; it shows no password of a proxy."""
    opened = json.dumps([request.url, opened_by(request)], sort_keys=True, default=str)
    return hashlib.sha256(opened.encode()).hexdigest()[:32]


def _read(body: bytes) -> bytes:
    """Return the part of a robots.txt that is read, in whole lines: half a line may forbid more."""
    if len(body) <= _READ:
        return body
    return body[: max(body.rfind(b"\n", 0, _READ), body.rfind(b"\r", 0, _READ)) + 1]
