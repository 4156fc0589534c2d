"""The progress of a run: bars on a terminal, and a line per finished crawl.

In: how far each crawl is. Out: text for a person, on a console. The bar of a crawl also names the
host that the crawl waits for; without a terminal `fetch.politeness` logs each wait. Called by
`crawling.crawls`, also from the processes of a run (`crawling.worker`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console

from newsspider.store.counts import Counts

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID
    from scrapy.crawler import Crawler


class Standing(NamedTuple):
    """How far a crawl is: articles that are finished, all that are known of (0: none yet), and a
    summary."""

    done: int
    total: int
    summary: str


class Progress:
    """Shows the progress of the crawls of a run on a console; nothing if `quiet`."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._bar: Bar | None = None
        self._tasks: dict[str, TaskID] = {}

    @property
    def has_bars(self) -> bool:
        """Whether anybody sees how far a crawl is before it ends."""
        return not self._quiet and self._console.is_terminal

    def start(self, label: str) -> None:
        """Show a bar for a crawl that starts."""
        if not self.has_bars:
            return
        if self._bar is None:
            self._bar = _bars(self._console)
            self._bar.start()
        self._tasks[label] = self._bar.add_task(label, total=None, summary="")

    def update(self, label: str, standing: Standing) -> None:
        """Show how far a crawl is."""
        if self._bar is not None and (task := self._tasks.get(label)) is not None:
            done, total, summary = standing
            self._bar.update(task, completed=done, total=total or None, summary=summary)

    def end(self, label: str) -> None:
        """Remove the bar of a crawl that has ended."""
        task = self._tasks.pop(label, None)
        if self._bar is not None and task is not None:
            self._bar.remove_task(task)
        if self._bar is not None and not self._tasks:
            self._bar.stop()
            self._bar = None

    def print(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def standing_of(crawler: Crawler) -> Standing:
    """Return how far a crawl is."""
    counts = Counts.of_stats(stats := crawler.stats.get_stats())
    ended = sum(counts.dropped.values()) + sum(counts.failed.values())
    done = int(ended + stats.get("item_scraped_count", 0))
    summary = ", ".join(filter(None, (summary_of(crawler), _waiting(crawler))))
    return Standing(done, counts["fetched"], summary)


def summary_of(crawler: Crawler) -> str:
    """Return `12 found, 9 known, 3 fetched, 3 written`; names without a count are left out. Of a
    dry run, `3 to be written`."""
    counts = Counts.of_stats(crawler.stats.get_stats())
    dry = crawler.settings.getbool("NEWS_DRY_RUN")
    numbers = {name: counts[name] for name in ("found", "known", "fetched", "written", "updated")}
    numbers["dropped"] = sum(counts.dropped.values())
    numbers["failed"] = sum(counts.failed.values())
    would = {"written", "updated"} if dry else ()
    parts = [f"{n} {'to be ' if name in would else ''}{name}" for name, n in numbers.items() if n]
    return ", ".join(parts) or "nothing found"


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
