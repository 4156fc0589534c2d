"""How a run is going, while it goes: bars on a terminal, a line per crawl elsewhere.

In: the crawlers that run. Out: words for a person, on the console they are given on. Whom a crawl
waits for stands in its bar; elsewhere `fetch.hosts` logs each wait in a line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from newsspider.store.counts import Counts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_EVERY = 0.2  # seconds between two looks at the counts


class Progress:
    """Follows the crawls of a run. With `quiet` it says nothing."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._bar: Bar | None = None
        self._watch: asyncio.Task[None] | None = None
        self._followed: dict[Crawler, TaskID] = {}

    def start(self, label: str, crawler: Crawler) -> None:
        """Begin to follow a crawl."""
        if self._quiet or not self._console.is_terminal:
            return
        if self._bar is None:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[words]}"),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
            self._watch = asyncio.get_running_loop().create_task(self._follow(self._bar))
        self._followed[crawler] = self._bar.add_task(label, total=None, words="")

    def end(self, crawler: Crawler) -> None:
        """A crawl has ended: take its bar away."""
        task = self._followed.pop(crawler, None)
        if self._bar is not None and task is not None:
            self._bar.remove_task(task)
        if self._bar is not None and not self._followed:
            self._bar.stop()
            self._bar = None
        if self._watch is not None and not self._followed:
            self._watch.cancel()
            self._watch = None

    def tell(self, label: str, crawler: Crawler) -> None:
        """Say in a line what a crawl came to."""
        if crawler.spider is not None:
            self.say(f"{label}: {_words(crawler.stats.get_stats())}")

    def say(self, text: str) -> None:
        """Say a line."""
        if not self._quiet:
            self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    async def _follow(self, bar: Bar) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            for crawler, task in self._followed.items():
                if crawler.spider is None:
                    continue
                stats = crawler.stats.get_stats()
                total = Counts.of_stats(stats)["fetched"]
                words = ", ".join(filter(None, (_words(stats), _waiting(crawler))))
                bar.update(task, completed=_done(stats), total=total or None, words=words)


def _waiting(crawler: Crawler) -> str:
    """Whom the crawl waits for; "" when it does not, or for less than a second."""
    from newsspider.fetch.politeness import Hosts

    hosts = crawler.get_extension(Hosts)
    wait = next(iter(hosts.waiting()), None) if hosts is not None else None
    if wait is None or wait.seconds < 1:
        return ""
    return f"waiting {wait.seconds:.0f} s for {wait.host} ({wait.why})"


def _done(stats: Mapping[str, Any]) -> int:
    """How many articles need nothing more."""
    counts = Counts.of_stats(stats)
    ended = sum(counts.dropped.values()) + sum(counts.failed.values())
    return int(ended + stats.get("item_scraped_count", 0))


def _words(stats: Mapping[str, Any]) -> str:
    counts = Counts.of_stats(stats)
    numbers = {name: counts[name] for name in ("found", "known", "fetched", "written", "updated")}
    numbers["dropped"] = sum(counts.dropped.values())
    numbers["failed"] = sum(counts.failed.values())
    return ", ".join(f"{n} {name}" for name, n in numbers.items() if n) or "nothing found"
