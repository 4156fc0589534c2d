"""What a crawl of a source counted."""

from __future__ import annotations

from newsspider.store.counts import Counts

STATS = {
    "news/found": 5,
    "news/fetched": 4,
    "news/dropped/NoDate": 1,
    "news/dropped/NoTitle": 2,
    "news/failed/Http500": 1,
    "news/by_fallback/title": 3,
    "news/seconds": 12,
    "news/finish/shutdown": 1,
    "item_scraped_count": 1,
    "start_time": "whatever Scrapy notes",
}


def test_counts_are_read_from_stats() -> None:
    counts = Counts.of_stats(STATS)
    assert (counts["found"], counts["written"]) == (5, 0)
    assert list(counts.dropped.items()) == [("NoTitle", 2), ("NoDate", 1)]
    assert counts.failed == {"Http500": 1}
    assert counts.by_fallback == {"title": 3}
    assert (counts.seconds, counts.finish_reason) == (12, "shutdown")
    assert "start_time" not in counts and "item_scraped_count" not in counts


def test_a_crawl_that_goes_on_has_no_end() -> None:
    counts = Counts.of_stats({})
    assert (counts.seconds, counts.finish_reason, counts.dropped) == (0, "", {})
