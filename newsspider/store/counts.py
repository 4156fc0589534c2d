"""The counts of a crawl of one source.

In: numbers by the names that spiders and stages count under: Scrapy's stats, or rows of the ledger.
Out: Counts. A source is `site/category`, `site/@share` for links given by hand, or the address of a
category page. The report adds up the Counts of a run; the ledger saves them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Self

RUNS = "runs"  # how many runs one Counts sums up
PREFIX = "news/"  # of our counts among Scrapy's stats
_ANSWERS = ("written", "updated", "unchanged", "known", "left_out", "held")


class Counts(Counter[str]):
    """Numbers by name: `found`, `known`, `left_out`, `fetched`, `written`, `updated`, `unchanged`,
    `held` (back, as doubtful), `rechecked`, `missing`, `taken_down`, `overdue`, `rendered`,
    `expired`, `listing_pages`, `failed_listings`, `seconds`, `waited` (seconds that hosts asked to
    wait), and with a detail after a slash:
    `dropped/NoDate`, `failed/Http500`, `changed/title`, `by_fallback/title`, `pictures/kept`,
    `finish/finished`.

    For `monitor.drift`: `first_page/links` and `first_page/bytes` of the listing (absent if it was
    not read), `read` articles, `lacking/time`, those with a `text` and its `characters`,
    `language/en`, `written_in` (texts whose language was looked for), `written_in/en`,
    `same/title`, `same/body`, `only_day/time` (no time of day), `guessed/time` (that no source
    states), `short/body`, `unlike/body` (no word of its title), `unlike/title` (none of that in the
    listing), `wall/body`, and what broke its pattern, `drift/links`.

    `runs` is the number of runs whose sum it is; absent from that of a single run."""

    @classmethod
    def of_stats(cls, stats: Mapping[str, Any]) -> Self:
        """Return the counts among Scrapy's stats."""
        return cls(
            {
                name.removeprefix(PREFIX): value
                for name, value in stats.items()
                if name.startswith(PREFIX)
            }
        )

    def under(self, prefix: str) -> dict[str, int]:
        """Return numbers by reason, the largest first: {"NoTitle": 2, …} for `under("dropped")`."""
        start = f"{prefix}/"
        reasons = {
            name.removeprefix(start): count
            for name, count in self.items()
            if name.startswith(start)
        }
        return dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def runs(self) -> int:
        """How many runs it counts."""
        return self.get(RUNS, 1)

    @property
    def dropped(self) -> dict[str, int]:
        """Articles without a post, by reason."""
        return self.under("dropped")

    @property
    def failed(self) -> dict[str, int]:
        """Fetches and articles that failed, by reason."""
        return self.under("failed")

    @property
    def by_fallback(self) -> dict[str, int]:
        """Articles with a field from generic extraction, by field."""
        return self.under("by_fallback")

    @property
    def answered(self) -> bool:
        """Whether an answer could be used, if only to drop its article."""
        return any(self[name] for name in _ANSWERS) or bool(self.dropped)

    @property
    def seconds(self) -> int:
        """The duration of the crawl."""
        return self["seconds"]

    @property
    def finish_reason(self) -> str:
        """Scrapy's reason for the end of the crawl (`finished`, `shutdown`), of several crawls the
        most frequent one; "" before the end."""
        return next(iter(self.under("finish")), "")
