"""What the ledger remembers: rows and links as values, and back."""

from __future__ import annotations

import pytest

from newsspider.model import Link
from newsspider.store.records import (
    PublishedPost,
    Record,
    Validators,
    article_of,
    columns,
    dump_link,
    has_changed,
    load_link,
    published_of,
    seen,
)

NOW = "2026-11-22T16:25:00+00:00"


def test_a_new_title_a_new_time_and_a_change_told_are_seen() -> None:
    link = Link(url="https://a.example/1", title="t", time="16:25")
    told = Link(url=link.url, title="t", time="16:25", fields={"lastmod": "2026-11-22"})
    others = [
        Link(url=link.url, title="u", time="16:25"),
        Link(url=link.url, title="t", time="16:26"),
        told,
        Link(url=link.url, title="t", time="16:25", fields={"lastmod": "2026-11-23"}),
    ]
    assert len({seen(one) for one in [link, *others]}) == 5
    assert seen(Link(url="https://b.example/2", title="t", time="16:25")) == seen(link)


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        (("t", "2026-11-22"), ("u", "2026-11-22"), True),
        (("t", "2026-11-22"), ("t", "2026-11-23"), True),
        (("t", "3小时前"), ("t", "4小时前"), False),  # as every listing of such times would tell
        (("t", "vor 3 Stunden"), ("t", "gestern, 18:03"), False),
        (("t", "3天前"), ("t", "2026-11-19"), False),
        (("t", ""), ("t", "2026-11-19"), False),
        (("t\n", "2026-11-22"), (" t", "2026-11-22"), False),
    ],
)
def test_what_tells_that_an_article_changed(
    before: tuple[str, str], now: tuple[str, str], changed: bool
) -> None:
    old, new = (
        seen(Link(url="https://a.example/1", title=title, time=time))
        for title, time in (before, now)
    )
    assert has_changed(old, new) is changed


def test_a_link_comes_back_as_it_went() -> None:
    link = Link(url="https://a.example/1", title="标题", fields={"lastmod": "2026-11-22"})
    assert load_link(link.url, dump_link(link, NOW)) == link


def test_a_time_that_counts_from_now_keeps_its_moment() -> None:
    link = Link(url="https://a.example/1", time="3小时前")
    kept = load_link(link.url, dump_link(link, NOW))
    assert kept.listed_at == NOW
    assert load_link(link.url, dump_link(kept, "2026-11-23T00:00:00+00:00")) == kept


@pytest.mark.parametrize("said", ["", "[]", "null", '{"no": 1}', "{"])
def test_a_link_that_cannot_be_read_keeps_its_address(said: str) -> None:
    assert load_link("https://a.example/1", said) == Link(url="https://a.example/1")


def test_the_columns_of_a_row_stand_in_its_order() -> None:
    assert columns(Validators("e", "m", True, "l")) == ("e", "m", True, "l")


@pytest.mark.parametrize("stated", ["2022-04-26T20:16:23+08:00", "2022-04-26", 5, None])
@pytest.mark.parametrize("date", ["2022-04-26 20:16:23 +0800", "2022-04-26", ""])
def test_the_time_of_a_record_is_that_of_its_article(stated: object, date: str) -> None:
    post = PublishedPost("k", "s", "i", "p", "c", "t", date, "l", "published", "", "", 0)
    for fields in ({"title": "T"}, {"title": "T", "published": stated}):
        record = Record(post, fields, {})
        assert published_of(record) == article_of(record).published
