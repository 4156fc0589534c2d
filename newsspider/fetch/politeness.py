"""When each host may be asked: how many requests at once, how far apart, and when not at all.

In: the answers of the hosts, and the delays that their robots.txt asks for. Out: the turns of
requests, for the download handler, which holds each request until its host may be asked; and the
current waits, for the progress bar. The handler is the right place: a request held there holds up
its own host only, and no request gets round it. Requests already queued for a host that answers
"later" wait too.

What is known of a host holds for all crawls of the run: two sites whose articles are on a third
host ask it no faster than one site does. Scrapy's slots belong to one crawl, and a redirected
request keeps the slot of the host it came from (2.19). So this module keeps the pause between two
requests of different slots, and Scrapy only the pause between two requests of one slot.

Scrapy 2.19 starts all queued requests of a host at once when DOWNLOAD_DELAY is 0 (its count of
running ones is only raised a moment later), so CONCURRENT_REQUESTS_PER_DOMAIN is kept here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self
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
_KEPT = 60.0  # seconds that the time of a request is remembered
_PAUSE = "keeping the pause between two requests"
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class _Rest:
    """A time before which a host is not asked (of `time.monotonic`), and why."""

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
    logged: float = 0.0  # the end of the rest that was logged last

    def free_at(self, by: object, delay: float) -> tuple[float, str]:
        """Return when a request of this slot may start, and why not before."""
        rest = max(self.rest, self.back_off, key=lambda rest: rest.until)
        pause = self.gap if by == self.by else max(self.gap, delay)
        if rest.until >= self.last + pause:
            return rest.until, rest.why
        crawl_delay = f"its robots.txt asks for {self.gap:g} s between requests"
        return self.last + pause, crawl_delay if pause == self.gap else _PAUSE

    def is_idle(self) -> bool:
        """Return whether nothing is known of it that a later request must heed."""
        over = max(self.rest.until, self.back_off.until, self.last + _KEPT) < monotonic()
        return over and not (self.gap or self.failures or self.down or self.turns.locked())


@dataclass(frozen=True, slots=True)
class Wait:
    """A host whose requests are held, for how many more seconds, and why."""

    host: str
    seconds: float
    why: str


_known: MutableMapping[asyncio.AbstractEventLoop, dict[str, _Host]]
_known = WeakKeyDictionary()  # by event loop: each run has its own


class Hosts:
    """The hosts of a run, as an extension of each crawl: `crawler.get_extension(Hosts)`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.may_ask: Callable[[], bool] = lambda: True  # replaced where the hosts may be lost
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
        """Hold a request of this slot of Scrapy's (by default the host's own) until the host may be
        asked. Raises HostBusy, HostDown or CalledBack."""
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
                    self._log(name, host, seconds, why)
                    await asyncio.sleep(min(seconds, _LOOK))
            finally:
                self._held.pop(held, None)
            host.last, host.by = monotonic(), by
            yield

    def waiting(self) -> list[Wait]:
        """The hosts whose requests are held, the longest wait first."""
        now = monotonic()
        waits = [Wait(name, until - now, why) for name, until, why in self._held.values()]
        queued = scrapy_private.queued_until(self._crawler)
        waits += [Wait(name, until - now, _PAUSE) for name, until in queued]
        return sorted((wait for wait in waits if wait.seconds > 0), key=lambda wait: -wait.seconds)

    # -- what the hosts answered --------------------------------------------------------------

    def answered(self, name: str, status: int, header: str) -> None:
        """Note an answer of the host: its status and its Retry-After header ("" for none)."""
        wait = retry_after(header, datetime.now(UTC)) if status in (429, 503) else None
        if wait is not None:
            rest = self._host(name).rest
            rest.until = max(rest.until, monotonic() + wait)
            rest.why = f"it answers {status} and asks for {wait:.0f} s"
        # A Retry-After is a failure, too: "Retry-After: 0" may be answered for ever.
        if wait is not None or status in self._troubles:
            self.failed(name, str(status))
        else:
            host = self._host(name)
            host.failures, host.back_off.until = 0, 0.0

    def slow_down(self, name: str, seconds: float) -> None:
        """Keep this many seconds between requests, as the host's robots.txt asks."""
        host = self._host(name)
        host.gap = max(host.gap, min(seconds, MAX_CRAWL_DELAY))
        bounded = f"; {MAX_CRAWL_DELAY:g} s are kept instead" if seconds > MAX_CRAWL_DELAY else ""
        logger.info("%s asks for %g s between requests (robots.txt)%s", name, seconds, bounded)

    def failed(self, name: str, why: str) -> None:
        """Note a failure of the host (no answer, or a server error): rest, each time twice as
        long."""
        host = self._host(name)
        base = self._crawler.settings.getfloat("NEWS_BACK_OFF")
        now = monotonic()
        if not base or now < host.back_off.until:  # one failure, met by several requests
            return
        host.failures += 1
        seconds = min(base * 2 ** (host.failures - 1), _MAX_BACK_OFF)
        again = f" {host.failures} times in a row" if host.failures > 1 else ""
        host.back_off = _Rest(now + seconds, f"it failed{again} ({why})")
        if host.failures >= IN_A_ROW and not host.down:
            host.down = (
                f"{name} failed {host.failures} times in a row ({why}): skipped for this run"
            )

    # -- from one process to the next ---------------------------------------------------------

    def known(self) -> dict[str, dict[str, Any]]:
        """Return what a later process must heed of each host: the pause that it asks for, how many
        seconds ago it was asked, how many it rests and why, and its failures in a row."""
        now = monotonic()
        return {
            name: {
                "gap": host.gap,
                "asked": max(now - host.last, 0.0) if host.by is not None else _KEPT,
                "rest": max(host.rest.until - now, host.back_off.until - now, 0.0),
                "why": max(host.rest, host.back_off, key=lambda rest: rest.until).why,
                "failures": host.failures,
            }
            for name, host in _known.get(asyncio.get_running_loop(), {}).items()
            if not host.is_idle()
        }

    def recall(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Heed what an earlier process knew of hosts, as `known` returns it."""
        now = monotonic()
        for name, known in hosts.items():
            host = self._host(name)
            host.gap = max(host.gap, float(known["gap"]))
            host.last, host.by = max(host.last, now - float(known["asked"])), hosts
            host.rest = _Rest(now + float(known["rest"]), str(known["why"]))
            host.failures = int(known["failures"])

    # -- within -------------------------------------------------------------------------------

    def _host(self, name: str) -> _Host:
        hosts, name = _known.setdefault(asyncio.get_running_loop(), {}), name.removesuffix(".")
        if name not in hosts:
            at_once = self._crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            hosts[name] = _Host(asyncio.Semaphore(max(at_once, 1)))
        return hosts[name]

    def _refusal(self, name: str, host: _Host) -> NotFetched | None:
        """Return why the host is not asked at all in this run; None if it may be asked."""
        if self._ending() or not self.may_ask():
            return CalledBack(f"the run is ending; {name} was not asked")
        if host.down:
            note(self._crawler, host.down)
            return HostDown(host.down)
        longest = self._crawler.settings.getfloat("NEWS_MAX_WAIT")
        if host.rest.until - monotonic() > longest:
            why = (
                f"{name} is left to a later run: {host.rest.why}; a run waits {longest:g} s at most"
            )
            note(self._crawler, why)
            return HostBusy(why)
        return None

    def _ending(self) -> bool:
        """Return whether the crawl is being stopped; if so, release the requests in its queues."""
        ending = scrapy_private.is_stopping(self._crawler)
        if ending:
            scrapy_private.end_delays(self._crawler)  # so that the queued ones are refused, too
        return ending

    def _log(self, name: str, host: _Host, seconds: float, why: str) -> None:
        """Log and count a wait: once for each rest, and not for the pause between two requests."""
        end = max(host.rest.until, host.back_off.until)
        if end > monotonic() and end != host.logged:
            host.logged = end
            self._crawler.stats.inc_value("news/waited", round(seconds))
            logger.info("waiting %.0f s for %s: %s", seconds, name, why)


def _forget() -> None:
    """Forget idle hosts when a crawl has ended: one listing can name 50,000 hosts."""
    hosts = _known.get(asyncio.get_running_loop(), {})
    for name in [name for name, host in hosts.items() if host.is_idle()]:
        del hosts[name]


def note(crawler: Crawler, text: str) -> None:
    """Add a note to the report of the run, through the spider."""
    getattr(crawler.spider, "note", logger.warning)(text)


def hosts_of(crawler: Crawler) -> Hosts:
    """Return the crawl's Hosts."""
    hosts = crawler.get_extension(Hosts)
    if hosts is None:
        raise RuntimeError(f"{Hosts.__name__} is missing from the setting EXTENSIONS")
    return hosts


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date (RFC 9110,
    10.2.3). A past date asks for 0; any other text gives None."""
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
