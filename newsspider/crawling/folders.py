"""What the crawls of a run write into and report to, in whatever process they are.

In and out: values that `crawling.run` makes, and that `crawling.crawls` and `crawling.processes`
fill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from newsspider.crawling.progress import Standing

if TYPE_CHECKING:
    from newsspider.spiders.desk import Shared


class Counting(Protocol):
    """What a crawl that ends is counted in: a Report, or the way to one in another process."""

    def add(self, source: str, stats: Mapping[str, Any], notes: list[str]) -> None:
        """Add the stats and the notes of a crawl of this source."""


class Showing(Protocol):
    """What shows how far crawls are: a Progress, or the way to one in another process."""

    @property
    def has_bars(self) -> bool:
        """Whether anybody sees how far a crawl is before it ends."""

    def start(self, label: str) -> None:
        """Show a bar for a crawl that starts."""

    def update(self, label: str, standing: Standing) -> None:
        """Show how far a crawl is."""

    def end(self, label: str) -> None:
        """Remove the bar of a crawl that has ended."""

    def print(self, text: str) -> None:
        """Print a line."""


@dataclass(eq=False, slots=True)
class Folder:
    """An output folder in a run: what its crawls share, and what they are counted in. `error` is
    what ended them, `is_ending` says that they were stopped. `has_lost`: a process that wrote into
    it died."""

    shared: Shared
    report: Counting
    error: Exception | None = None
    is_ending: bool = False
    has_lost: bool = False
