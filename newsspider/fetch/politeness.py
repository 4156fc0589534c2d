"""When each host may be asked: how many requests at once, how far apart, and when not at all.

In: what the hosts answered, what their robots.txt asks. Out: turns, for the download handler, which
holds every request until its host may be asked; and who is waited for, for the progress bar. The
handler is the place because a request held there holds up its host and no other, and because
no request gets round it: those already queued for a host that says "later" wait, too.

What is known of a host holds for all crawls of the run: two sites whose articles lie with a third
ask it no faster than one does. Scrapy's slots are a crawl's own, and a request that was redirected
keeps the slot of the host it came from (2.19); so a pause between two that came through different
slots is kept here, and only that between two of one slot is Scrapy's.

Scrapy 2.19 starts all queued requests of a host at once when DOWNLOAD_DELAY is 0 (its count of
running ones is only raised a moment later), so CONCURRENT_REQUESTS_PER_DOMAIN is kept here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler

from newsspider.errors import NotFetched
from newsspider.fetch import scrapy_private
from newsspider.fetch.failures import CalledBack, HostBusy, HostDown

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 60.0  # seconds: a site of a hundred new articles is then read in two hours
IN_A_ROW = 8  # failures after which a host is given up for the run
_MAX_BACK_OFF = 60.0
_LOOK = 0.25  # seconds between two looks at whether the run is ending
_KEPT = 60.0  # seconds after a request that its time is remembered
_PRESSED = "not to press it"
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class _Rest:
    """Until when a host is left alone, and why."""

    until: float = 0.0
    why: str = ""


@dataclass(slots=True)
class _Host:
    turns: asyncio.Semaphore
    gap: float = 0.0  # seconds between the starts of two requests
    last: float = float("-inf")
    by: object = None  # the slot of the last request
    rest: _Rest = field(default_factory=_Rest)  # asked for by the host
    back_off: _Rest = field(default_factory=_Rest)
    failures: int = 0  # in a row
    down: str = ""
    told: float = 0.0  # the end of the rest that was last told in the log

    def free_at(self, by: object, delay: float) -> tuple[float, str]:
        """When a request of this slot may start, and why not before."""
        rest = max(self.rest, self.back_off, key=lambda one: one.until)
        pause = self.gap if by == self.by else max(self.gap, delay)
        if rest.until >= self.last + pause:
            return rest.until, rest.why
        asked = f"its robots.txt asks for {self.gap:g} s between requests"
        return self.last + pause, asked if pause == self.gap else _PRESSED

    def is_idle(self) -> bool:
        """Whether nothing is known of it that a later request must heed."""
        over = max(self.rest.until, self.back_off.until, self.last + _KEPT) < monotonic()
        return over and not (self.gap or self.failures or self.down or self.turns.locked())


@dataclass(frozen=True, slots=True)
class Wait:
    """A host that requests are held for, how many seconds yet, and why."""

    host: str
    seconds: float
    why: str


_known: MutableMapping[asyncio.AbstractEventLoop, dict[str, _Host]]
_known = WeakKeyDictionary()  # by event loop: a run is one


class Hosts:
    """The hosts of a run, as an extension of each crawl: `crawler.get_extension(Hosts)`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._held: dict[object, tuple[str, float, str]] = {}  # requests: host, until when, why
        self._troubles = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._slots = crawler.settings.getdict("DOWNLOAD_SLOTS")
        crawler.signals.connect(_forget, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @asynccontextmanager
    async def turn(self, name: str, slot: str = "") -> AsyncIterator[None]:
        """Hold a request that came through this slot of Scrapy's (else its host's) until the host
        may be asked. Raises HostBusy, HostDown or CalledBack."""
        host, held, by = self._host(name), object(), (self._crawler, slot or name)
        delay = float(self._slots.get(slot, {}).get("delay", self._delay))
        async with host.turns:
            try:
                while True:
                    if refused := self._refusal(name, host):
                        raise refused
                    until, why = host.free_at(by, delay)
                    if (seconds := until - monotonic()) <= 0:
                        break
                    self._held[held] = (name, until, why)
                    self._tell(name, host, seconds, why)
                    await asyncio.sleep(min(seconds, _LOOK))
            finally:
                self._held.pop(held, None)
            host.last, host.by = monotonic(), by
            yield

    def waiting(self) -> list[Wait]:
        """The hosts that a request is held for, the longest wait first."""
        now = monotonic()
        waits = [Wait(name, until - now, why) for name, until, why in self._held.values()]
        queued = scrapy_private.queued_until(self._crawler)
        waits += [Wait(name, until - now, _PRESSED) for name, until in queued]
        return sorted((one for one in waits if one.seconds > 0), key=lambda one: -one.seconds)

    # -- what the hosts answered --------------------------------------------------------------

    def heard(self, name: str, status: int, told: str) -> None:
        """The host answered; `told` is its Retry-After."""
        wait = retry_after(told, datetime.now(UTC)) if status in (429, 503) else None
        if wait is not None:
            rest = self._host(name).rest
            rest.until = max(rest.until, monotonic() + wait)
            rest.why = f"it answers {status} and asks for {wait:.0f} s"
        if wait is not None or status in self._troubles:  # "Retry-After: 0" for ever is a trouble
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
        hosts, name = _known.setdefault(asyncio.get_running_loop(), {}), name.removesuffix(".")
        if name not in hosts:
            at_once = self._crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            hosts[name] = _Host(asyncio.Semaphore(max(at_once, 1)))
        return hosts[name]

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
        """Whether the crawl is being stopped."""
        ending = scrapy_private.is_stopping(self._crawler)
        if ending:
            scrapy_private.end_delays(self._crawler)  # what is queued behind is refused, too
        return ending

    def _tell(self, name: str, host: _Host, seconds: float, why: str) -> None:
        """In the log: once for each rest, and not for the gap between two requests."""
        end = max(host.rest.until, host.back_off.until)
        if end > monotonic() and end != host.told:
            host.told = end
            logger.info("waiting %.0f s for %s: %s", seconds, name, why)


def _forget() -> None:
    """A crawl has ended. One listing can name 50,000 hosts."""
    hosts = _known.get(asyncio.get_running_loop(), {})
    for name in [name for name, host in hosts.items() if host.is_idle()]:
        del hosts[name]


def note(crawler: Crawler, text: str) -> None:
    """Tell the person who started the run, through the spider."""
    getattr(crawler.spider, "note", logger.warning)(text)


def hosts_of(crawler: Crawler) -> Hosts:
    """The crawl's Hosts."""
    hosts = crawler.get_extension(Hosts)
    if hosts is None:
        raise RuntimeError(f"{Hosts.__name__} is missing from the setting EXTENSIONS")
    return hosts


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3). None for
    what is neither; a date that is past asks for nothing."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
