"""How a run is going, while it goes: a bar on a terminal, a line per crawl elsewhere.

In: the crawler that runs. Out: words for a person, on the console they are given on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_EVERY = 0.2  # seconds between two looks at the counts


class Progress:
    """Follows one crawl at a time. With `quiet` it says nothing."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._bar: Bar | None = None
        self._watch: asyncio.Task[None] | None = None
        self._label = ""
        self._crawler: Crawler | None = None

    def start(self, label: str, crawler: Crawler) -> None:
        """Begin to follow a crawl."""
        self._label, self._crawler = label, crawler
        if self._quiet or not self._console.is_terminal:
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
        )
        self._bar = Bar(*columns, console=self._console, transient=True)
        self._bar.start()
        task = self._bar.add_task(label, total=None, words="")
        self._watch = asyncio.get_running_loop().create_task(self._follow(crawler, task))

    def stop(self) -> None:
        """The crawl has ended: take the bar away."""
        if self._watch is not None:
            self._watch.cancel()
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._watch = None

    def tell(self) -> None:
        """Say in a line what the crawl came to."""
        if not self._quiet and self._crawler is not None and self._crawler.spider is not None:
            counts = self._crawler.stats.get_stats()
            line = f"{self._label}: {_words(counts)}"
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    async def _follow(self, crawler: Crawler, task: Any) -> None:
        while self._bar is not None:
            await asyncio.sleep(_EVERY)
            if crawler.spider is None:
                continue
            counts = crawler.stats.get_stats()
            total = counts.get("news/fetched", 0)
            self._bar.update(
                task, completed=_done(counts), total=total or None, words=_words(counts)
            )


def _done(counts: Mapping[str, Any]) -> int:
    names = ("news/dropped/", "news/failed/")
    ended = sum(count for name, count in counts.items() if name.startswith(names))
    return int(ended + counts.get("item_scraped_count", 0))


def _words(counts: Mapping[str, Any]) -> str:
    names = ("found", "known", "fetched", "written", "updated")
    said = [f"{counts[f'news/{name}']} {name}" for name in names if counts.get(f"news/{name}")]
    for prefix in ("dropped", "failed"):
        number = sum(count for name, count in counts.items() if name.startswith(f"news/{prefix}/"))
        said += [f"{number} {prefix}"] if number else []
    return ", ".join(said) or "nothing found"
