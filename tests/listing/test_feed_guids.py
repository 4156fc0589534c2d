"""The guids of a feed: which of them identify an article, and entries that share a page."""

from __future__ import annotations

import pytest

from newsspider.listing.feed_guids import with_guids

PAGE = "https://tools.example/"


def entry(guid: str, url: str, title: str = "") -> dict[str, str]:
    return {"guid": guid, "url": url, "title": title or guid}


def guids(*entries: dict[str, str]) -> list[str]:
    return [str(record.get("guid", "")) for record in with_guids(entries)]


@pytest.mark.parametrize(
    ("guid", "kept"),
    [
        ("tag:news.example,2026:a", True),
        ("https://news.example/?p=17", True),
        ("4711", True),
        ("471", False),  # as likely a position
        ("#12", False),
        ("", False),
        ("x" * 300, True),
        ("x" * 301, False),
    ],
)
def test_a_position_is_no_guid(guid: str, kept: bool) -> None:
    assert guids(entry(guid, "https://news.example/a")) == [guid if kept else ""]


def test_a_guid_of_two_articles_identifies_none() -> None:
    first, second = entry("feed-7", "https://a.example/1"), entry("feed-7", "https://a.example/2")
    assert guids(first, second, entry("own-1", "https://a.example/3")) == ["", "", "own-1"]


@pytest.mark.parametrize(
    ("entries", "parts"),
    [
        ([entry("r-1", PAGE), entry("r-2", PAGE)], ["r-1", "r-2"]),
        ([entry("r-1", PAGE), entry("r-2", f"{PAGE}?utm_source=rss")], ["r-1", "r-2"]),
        ([entry("r-1", PAGE, "Same"), entry("r-2", PAGE, "Same")], [None, None]),
        ([entry("r-1", PAGE), entry("", PAGE, "Other")], [None, None]),
        ([entry("r-1", PAGE), entry("r-2", f"{PAGE}b")], [None, None]),
    ],
)
def test_entries_of_one_page_are_parts_of_it_by_their_guids(
    entries: list[dict[str, str]], parts: list[str | None]
) -> None:
    assert [record.get("part") for record in with_guids(entries)] == parts
