"""When each host may be asked: how many requests at once, how far apart, and when not at all.

In: what the hosts answered, what their robots.txt asks. Out: turns, for the download handler, which
holds every request until its host may be asked; and who is waited for, for the progress bar. The
handler is the place because a request held there holds up its host and no other, and because
no request gets round it: those already queued for a host that says "later" wait, too.

Scrapy 2.19 starts all queued requests of a host at once when DOWNLOAD_DELAY is 0 (its count of
running ones is only raised a moment later), so CONCURRENT_REQUESTS_PER_DOMAIN is kept here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Self
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from newsspider.fetch.failures import CalledBack, HostBusy, HostDown, NotFetched
from newsspider.fetch.manners import retry_after

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 60.0  # seconds: a site of a hundred new articles is then read in two hours
IN_A_ROW = 8  # failures after which a host is given up for the run
_MAX_BACK_OFF = 60.0
_LOOK = 0.25  # seconds between two looks at whether the run is ending


@dataclass(slots=True)
class _Rest:
    """A host asked for this rest, so it binds all crawls of the process."""

    until: float = 0.0
    why: str = ""


@dataclass(slots=True)
class _Host:
    turns: asyncio.Semaphore
    rest: _Rest
    gap: float = 0.0  # seconds between the starts of two requests
    last: float = float("-inf")
    back_off: _Rest = field(default_factory=_Rest)
    failures: int = 0  # in a row
    down: str = ""
    told: float = 0.0  # the end of the rest that was last told in the log

    def free_at(self) -> float:
        return max(self.rest.until, self.back_off.until, self.last + self.gap)

    def why(self) -> str:
        rest = max(self.rest, self.back_off, key=lambda one: one.until)
        if rest.until >= self.last + self.gap:
            return rest.why
        return f"its robots.txt asks for {self.gap:g} s between requests"


@dataclass(frozen=True, slots=True)
class Wait:
    """A host that requests are held for, how many seconds yet, and why."""

    host: str
    seconds: float
    why: str


_rests: WeakKeyDictionary[asyncio.AbstractEventLoop, MutableMapping[str, _Rest]]
_rests = WeakKeyDictionary()  # by event loop: a run is one


class Hosts:
    """The hosts of one crawl, as a Scrapy extension: `crawler.get_extension(Hosts)`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts: dict[str, _Host] = {}
        self._waiting: dict[str, int] = {}
        self._troubles = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Hold the request until the host may be asked. Raises HostBusy, HostDown or CalledBack."""
        host = self._host(name)
        async with host.turns:
            self._waiting[name] = self._waiting.get(name, 0) + 1
            try:
                while True:
                    if refused := self._refusal(name, host):
                        raise refused
                    if (seconds := host.free_at() - monotonic()) <= 0:
                        break
                    self._tell(name, host, seconds)
                    await asyncio.sleep(min(seconds, _LOOK))
            finally:
                self._waiting[name] -= 1
            host.last = monotonic()
            yield

    def waiting(self) -> list[Wait]:
        """The hosts that a request is held for, the longest wait first."""
        now = monotonic()
        held = [(name, self._hosts[name]) for name, number in self._waiting.items() if number]
        waits = [Wait(name, host.free_at() - now, host.why()) for name, host in held]
        if not self._hosts:  # nothing asked yet, perhaps no engine yet
            return []
        for name, slot in self._crawler.engine.downloader.slots.items():
            if slot.latercall and slot.queue:
                waits.append(Wait(name, slot.lastseen + slot.delay - now, "not to press it"))
        return sorted((one for one in waits if one.seconds > 0), key=lambda one: -one.seconds)

    # -- what the hosts answered --------------------------------------------------------------

    def heard(self, name: str, status: int, told: str) -> None:
        """The host answered; `told` is its Retry-After."""
        wait = retry_after(told, datetime.now(UTC)) if status in (429, 503) else None
        if wait is not None:
            rest = self._host(name).rest
            rest.until = max(rest.until, monotonic() + wait)
            rest.why = f"it answers {status} and asks for {wait:.0f} s"
        elif status in self._troubles:
            self.failed(name, str(status))
        else:
            host = self._host(name)
            host.failures, host.back_off.until = 0, 0.0

    def slow_down(self, name: str, seconds: float) -> None:
        """The host's robots.txt asks for this long between requests."""
        host = self._host(name)
        host.gap = max(host.gap, min(seconds, MAX_CRAWL_DELAY))
        bounded = f"; {MAX_CRAWL_DELAY:g} s are kept" if seconds > MAX_CRAWL_DELAY else ""
        logger.info("%s asks for %g s between requests (robots.txt)%s", name, seconds, bounded)

    def failed(self, name: str, why: str) -> None:
        """The host answered nothing, or that it cannot: rest, each time twice as long."""
        host = self._host(name)
        base = self._crawler.settings.getfloat("NEWS_BACK_OFF")
        now = monotonic()
        if not base or now < host.back_off.until:  # one trouble, met by several requests
            return
        host.failures += 1
        seconds = min(base * 2 ** (host.failures - 1), _MAX_BACK_OFF)
        host.back_off = _Rest(now + seconds, f"it failed ({why}), {host.failures} in a row")
        if host.failures >= IN_A_ROW and not host.down:
            host.down = f"{name} failed {host.failures} times in a row ({why}): given up for now"

    # -- within -------------------------------------------------------------------------------

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            at_once = self._crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            shared = _rests.setdefault(asyncio.get_running_loop(), {})
            rest = shared.setdefault(name, _Rest())
            self._hosts[name] = _Host(asyncio.Semaphore(max(at_once, 1)), rest)
        return self._hosts[name]

    def _refusal(self, name: str, host: _Host) -> NotFetched | None:
        """Why the host is not asked, however long one waits."""
        if self._ending():
            return CalledBack(f"the run is ending; {name} was not asked")
        if host.down:
            note(self._crawler, host.down)
            return HostDown(host.down)
        longest = self._crawler.settings.getfloat("NEWS_MAX_WAIT")
        if host.rest.until - monotonic() > longest:
            why = f"{name} is left to a later run: {host.rest.why}, and a run waits {longest:g} s"
            note(self._crawler, why)
            return HostBusy(why)
        return None

    def _ending(self) -> bool:
        """Whether the crawl is being stopped; Scrapy 2.19 has no signal for it before the end."""
        engine = self._crawler.engine
        slot = engine._slot
        ending = not self._crawler.crawling or slot is None or slot.closing is not None
        if ending:
            for waiting in engine.downloader.slots.values():
                waiting.delay = 0  # what is queued behind is refused, too: it need not queue
        return ending

    def _tell(self, name: str, host: _Host, seconds: float) -> None:
        """In the log: once for each rest, and not for the gap between two requests."""
        end = max(host.rest.until, host.back_off.until)
        if end > monotonic() and end != host.told:
            host.told = end
            logger.info("waiting %.0f s for %s: %s", seconds, name, host.why())


def note(crawler: Crawler, text: str) -> None:
    """Tell the person who started the run, through the spider."""
    getattr(crawler.spider, "note", logger.warning)(text)


def hosts_of(crawler: Crawler) -> Hosts:
    """The crawl's Hosts."""
    hosts = crawler.get_extension(Hosts)
    if hosts is None:
        raise RuntimeError(f"{Hosts.__name__} is missing from the setting EXTENSIONS")
    return hosts
