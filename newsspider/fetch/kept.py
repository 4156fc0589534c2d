"""What is known of hosts, kept from one crawl to the next, which may be on another machine.

In: the ledger of a worker of a fleet. Out: notes of what its hosts ask for, every few seconds, and
of their robots.txt; the first crawl heeds those of the last worker. An extension of each crawl of a
worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any, Protocol, Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler

from newsspider.errors import Unwritable
from newsspider.fetch.politeness import hosts_of
from newsspider.fetch.robots import Robots, Store

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """The ledger of a worker."""

    def known_hosts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the last worker knew of the hosts; empty when asked again."""

    def note_hosts(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Save what is known of the hosts. Raises Unwritable."""

    def known_robots(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the robots.txt that the last worker has read."""

    def note_robots(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Save the robots.txt that were read. Raises Unwritable."""


_stores: WeakKeyDictionary[Keeper, Store] = WeakKeyDictionary()  # one for all crawls of a worker


class KeptHosts:
    """Notes what is known of the hosts every NEWS_NOTE_HOSTS seconds. A worker that cannot note it
    has lost them: its crawl ends."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._noting: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._saved = monotonic()
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _keeper(self) -> Keeper:
        keeper: Keeper = getattr(self._crawler.spider, "output").ledger  # noqa: B009 - of a Crawl
        return keeper

    def _begin(self) -> None:
        hosts = hosts_of(self._crawler)
        hosts.recall(self._keeper.known_hosts())
        hosts.may_ask = self._has_hosts
        robots = self._crawler.get_downloader_middleware(Robots)
        if robots is not None:
            robots.store = self._store
        self._noting = asyncio.get_running_loop().create_task(self._note())

    async def _note(self) -> None:
        seconds = self._crawler.settings.getfloat("NEWS_NOTE_HOSTS")
        try:
            while True:
                await asyncio.sleep(seconds)
                self._save()
        except Unwritable as error:
            logger.warning("%s", error)
            # In a task of its own: `_end` cancels this one while the crawl is being stopped.
            self._stopping = asyncio.get_running_loop().create_task(self._crawler.stop_async())

    @property
    def _store(self) -> Store:
        keeper = self._keeper
        if keeper not in _stores:
            _stores[keeper] = store = Store()
            store.recall(keeper.known_robots())
        return _stores[keeper]

    def _save(self) -> None:
        self._keeper.note_hosts(hosts_of(self._crawler).known())
        if self._store.has_changed:
            self._keeper.note_robots(self._store.known())
        self._saved = monotonic()

    def _has_hosts(self) -> bool:
        """Return whether the hosts may still be asked. A process that was stopped for a while asks
        the database first: another worker may have them."""
        try:
            if monotonic() - self._saved > 2 * self._crawler.settings.getfloat("NEWS_NOTE_HOSTS"):
                self._save()
        except Unwritable:
            return False
        return True

    def _end(self) -> None:
        if self._noting is not None:
            self._noting.cancel()
        try:
            self._save()
        except Unwritable as error:
            logger.warning("%s", error)
