"""Who wrote an article, among all the names that stand on a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = "".join(
    f"<p>{n}. The harbour will close for a year, the port authority said on Tuesday.</p>"
    for n in range(5)
)
OWN = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The lock closes",'
    ' "author": {"@type": "Organization", "name": "Ellery Courier"}}</script>'
    '<meta property="og:site_name" content="Ellery Courier">'
)
PAGES = {
    "the site, and a person in the byline": (
        OWN,
        '<p class="byline">By Ada Brook, Ellery Courier</p>',
        ("Ada Brook",),
    ),
    "the site, and its name behind the person's": (
        OWN,
        '<p class="byline">Ada Brook Ellery Courier</p>',
        ("Ada Brook",),
    ),
    "the site alone": (OWN, '<p class="byline">Our staff</p>', ("Ellery Courier",)),
    "the site, and a list of its staff": (
        OWN,
        '<ul><li><a href="/staff/ada">Ada Brook</a></li></ul>',
        ("Ellery Courier",),
    ),
    "how long it takes to read": ('<meta name="twitter:data1" content="7 minutes">', "", ()),
    "more than are shown, and a network": (
        '<meta name="author" content="Ada Brook, Tomas Vale, +4 more, Twitter">',
        "",
        ("Ada Brook", "Tomas Vale"),
    ),
    "a comma before the last": (
        '<meta name="author" content="Ada Brook, Tomas Vale, and Mei Lund">',
        "",
        ("Ada Brook", "Tomas Vale", "Mei Lund"),
    ),
    "behind the time": (
        "",
        "<div><time>2026-11-20 23:30 EST</time> by Ada Brook</div>",
        ("Ada Brook",),
    ),
    "links to what they wrote": (
        "",
        '<div><a href="/author/ada">Ada Brook</a> · <a href="/author/tomas">Tomas Vale</a></div>'
        '<aside><a href="/author/mei">Mei Lund</a></aside>',
        ("Ada Brook", "Tomas Vale"),
    ),
    "a link that is no address": (
        "",
        '<a href="http://[/author/ada">Ada Brook</a>',
        ("Ada Brook",),
    ),
    "reporters of a Chinese paper": (
        "",
        "<h4>2026年11月20日</h4><p>作者：南都见习记者 余小菁 向雪</p>",
        ("余小菁", "向雪"),
    ),
    "a Chinese line that is signed": ("", "<p>潮汐新闻记者 贺小萍</p>", ("贺小萍",)),
    "signed with the medium": ("", "<p>石小佳/海港青年报</p>", ("石小佳",)),
}


@pytest.mark.parametrize(("head", "top", "authors"), PAGES.values(), ids=PAGES.keys())
def test_the_authors_are_the_persons(head: str, top: str, authors: tuple[str, ...]) -> None:
    html = (
        f"<html><head><meta charset=utf-8><title>The lock closes</title>{head}</head>"
        f"<body><h1>The lock closes</h1>{top}{TEXT}</body></html>"
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == authors
