"""The progress of a run: bars on a terminal, and a line per finished crawl.

In: the running crawlers. Out: text for a person, on a console. The bar of a crawl also names the
host that the crawl waits for; without a terminal `fetch.politeness` logs each wait. Called by
`crawling.run`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console

from newsspider.store.counts import Counts

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID
    from scrapy.crawler import Crawler

_EVERY = 0.2  # seconds between two updates of the bars


class Progress:
    """Shows the progress of the crawls of a run on a console; nothing if `quiet`."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._bar: Bar | None = None
        self._watch: asyncio.Task[None] | None = None
        self._followed: dict[Crawler, TaskID] = {}

    def start(self, label: str, crawler: Crawler) -> None:
        """Show a bar for a crawl that starts."""
        if self._quiet or not self._console.is_terminal:
            return
        if self._bar is None:
            self._bar = _bars(self._console)
            self._bar.start()
            self._watch = asyncio.get_running_loop().create_task(self._follow(self._bar))
        self._followed[crawler] = self._bar.add_task(label, total=None, summary="")

    def end(self, crawler: Crawler) -> None:
        """Remove the bar of a crawl that has ended."""
        task = self._followed.pop(crawler, None)
        if self._bar is not None and task is not None:
            self._bar.remove_task(task)
        if self._bar is not None and not self._followed:
            self._bar.stop()
            self._bar = None
        if self._watch is not None and not self._followed:
            self._watch.cancel()
            self._watch = None

    def print_counts(self, label: str, crawler: Crawler) -> None:
        """Print a line with the counts of a crawl."""
        if crawler.spider is not None:
            self.print(f"{label}: {_summary(crawler)}")

    def print(self, text: str) -> None:
        """Print a line."""
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
                summary = ", ".join(filter(None, (_summary(crawler), _waiting(crawler))))
                bar.update(task, completed=_done(stats), total=total or None, summary=summary)


def _bars(console: Console) -> Bar:
    """Return the bars of a terminal; imported here, as a run by a timer has none."""
    from rich import progress

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[summary]}"),
        progress.TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _waiting(crawler: Crawler) -> str:
    """The host that the crawl waits for, how long and why; "" for less than a second."""
    from newsspider.fetch.politeness import Hosts

    hosts = crawler.get_extension(Hosts)
    wait = next(iter(hosts.waiting()), None) if hosts is not None else None
    if wait is None or wait.seconds < 1:
        return ""
    return f"waiting {wait.seconds:.0f} s for {wait.host} ({wait.why})"


def _done(stats: Mapping[str, Any]) -> int:
    """The number of articles that are finished: published, dropped or failed."""
    counts = Counts.of_stats(stats)
    ended = sum(counts.dropped.values()) + sum(counts.failed.values())
    return int(ended + stats.get("item_scraped_count", 0))


def _summary(crawler: Crawler) -> str:
    """`12 found, 9 known, 3 fetched, 3 written`; names without a count are left out. Of a dry run,
    `3 to be written`."""
    counts = Counts.of_stats(crawler.stats.get_stats())
    dry = crawler.settings.getbool("NEWS_DRY_RUN")
    numbers = {name: counts[name] for name in ("found", "known", "fetched", "written", "updated")}
    numbers["dropped"] = sum(counts.dropped.values())
    numbers["failed"] = sum(counts.failed.values())
    would = {"written", "updated"} if dry else ()
    parts = [f"{n} {'to be ' if name in would else ''}{name}" for name, n in numbers.items() if n]
    return ", ".join(parts) or "nothing found"
