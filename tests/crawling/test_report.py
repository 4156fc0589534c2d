"""What a run did: the table, the sentence, the exit code."""

from __future__ import annotations

from typing import Any

import pytest

from newsspider.crawling.report import Report
from newsspider.errors import Exit


def report(*crawls: dict[str, Any], **counts: int) -> Report:
    """A report of crawls with these counts; `dropped__NoDate` stands for `dropped/NoDate`."""
    made = Report()
    for number, crawl in enumerate(crawls or (counts,)):
        stats = {f"news/{name.replace('__', '/')}": count for name, count in crawl.items()}
        made.add(f"site/{number}", stats, [])
    return made


def test_crawls_are_added_up() -> None:
    made = Report()
    stats = {"news/found": 3, "downloader/request_count": 5, "item_scraped_count": 2}
    made.add("a/b", stats, ["a", "b"])
    made.add("c/d", {"news/found": 4, "downloader/request_count": 1}, ["b", "c"])
    assert made["found"] == 7
    assert made["item_scraped_count"] == 0
    assert made.requests == 6
    assert made.notes == ["a", "b", "c"]
    assert not made.crashed


def test_counts_are_kept_by_source() -> None:
    made = Report()
    made.add("a/b", {"news/found": 3, "news/dropped/NoDate": 1}, [])
    made.add("c/d", {"news/found": 4, "news/dropped/NoDate": 2, "news/dropped/NoTitle": 1}, [])
    made.add("a/b", {"news/found": 5}, [])  # two crawls of a source are one
    assert made.sources == {
        "a/b": {"found": 8, "dropped/NoDate": 1},
        "c/d": {"found": 4, "dropped/NoDate": 2, "dropped/NoTitle": 1},
    }
    assert made.total() == {"found": 12, "dropped/NoDate": 3, "dropped/NoTitle": 1}
    assert made.under("dropped") == {"NoDate": 3, "NoTitle": 1}
    assert ("dropped", "4 (NoDate 3, NoTitle 1)") in made.rows()


def test_reasons_are_listed_most_frequent_first() -> None:
    made = report(dropped__NoDate=1, dropped__EmptyBody=3, dropped__Duplicate=1, dropped_x=9)
    assert list(made.under("dropped").items()) == [
        ("EmptyBody", 3),
        ("Duplicate", 1),
        ("NoDate", 1),
    ]


def test_the_table() -> None:
    made = report(
        found=10, known=2, fetched=8, written=4, updated=1, dropped__NoDate=2, failed__Http500=1
    )
    assert made.rows() == [
        ("links found", "10"),
        ("known", "2"),
        ("fetched", "8"),
        ("written", "4"),
        ("updated", "1"),
        ("unchanged", "0"),
        ("dropped", "2 (NoDate 2)"),
        ("failed", "1 (Http500 1)"),
    ]
    assert made.rows(dry=True)[3:5] == [("would be written", "4"), ("would be updated", "1")]
    assert ("left out", "3") in report(left_out=3).rows()
    assert report().rows()[-1] == ("failed", "0")


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, Exit.DONE),
        ({"found": 3, "known": 3}, Exit.DONE),
        ({"found": 3, "fetched": 3, "written": 3}, Exit.DONE),
        ({"found": 3, "fetched": 3, "dropped__NoDate": 3}, Exit.DONE),
        ({"found": 2, "fetched": 2, "written": 1, "failed__Http500": 1}, Exit.SOME_FAILED),
        ({"found": 2, "known": 1, "fetched": 1, "failed__Timeout": 1}, Exit.SOME_FAILED),
        ({"found": 2, "fetched": 2, "dropped__NoDate": 1, "failed__X": 1}, Exit.SOME_FAILED),
        ({"failed_listings": 1, "found": 2, "known": 2}, Exit.SOME_FAILED),
        ({"failed_listings": 1, "found": 2, "left_out": 2}, Exit.SOME_FAILED),
        ({"found": 2, "fetched": 2, "failed__Timeout": 2}, Exit.NOTHING_FETCHED),
        ({"found": 9, "fetched": 2, "failed__Timeout": 2}, Exit.NOTHING_FETCHED),  # --limit 2
        ({"failed_listings": 1}, Exit.NOTHING_FETCHED),
        ({"failed_listings": 1, "found": 1, "fetched": 1, "failed__X": 1}, Exit.NOTHING_FETCHED),
    ],
)
def test_exit_codes(counts: dict[str, int], code: Exit) -> None:
    assert report(**counts).exit_code() is code


def test_a_fault_of_ours_is_a_failure() -> None:
    made = Report()
    made.add("a/b", {"spider_exceptions/KeyError": 1, "news/found": 1, "news/known": 1}, [])
    assert made.crashed
    assert made.exit_code() is Exit.SOME_FAILED


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"written": 1, "found": 1, "fetched": 1}, ""),
        ({"updated": 1, "found": 1, "fetched": 1}, ""),
        ({"found": 3, "known": 3}, "all links are known"),
        ({"found": 3, "known": 2, "dropped__Duplicate": 1}, "all links are known"),
        ({}, "all links are known"),
        ({"found": 3, "dropped__Duplicate": 2, "dropped__NoAddress": 1}, "all links were dropped"),
        ({"failed_listings": 1}, "no listing could be read"),
        ({"found": 3, "left_out": 2, "known": 1}, "no new link matches --media, --stock or"),
        ({"found": 2, "fetched": 2, "failed__Timeout": 2}, "nothing could be fetched"),
        ({"found": 2, "fetched": 2, "unchanged": 2}, "no fetched article has changed"),
        ({"found": 2, "fetched": 1, "unchanged": 1, "failed__NoSite": 1}, "article has changed"),
        ({"found": 2, "fetched": 2, "dropped__NoDate": 2}, "all fetched articles were dropped"),
        ({"found": 2, "fetched": 2, "dropped__X": 1, "failed__X": 1}, "dropped or failed (reasons"),
    ],
)
def test_why_nothing_was_written(counts: dict[str, int], words: str) -> None:
    sentence = report(**counts).why_nothing()
    assert words in sentence
    assert bool(words) == bool(sentence)
