"""Sitemaps of every kind → addresses and further sitemaps; hostile ones too."""

from __future__ import annotations

import contextlib
import gzip
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.listing.sitemap import read
from newsspider.model import Page
from newsspider.sites.listings import SitemapListing

HERE = "https://news.example/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def entries(body: str | bytes, **keys: Any) -> Entries:
    data = body if isinstance(body, bytes) else body.encode()
    listing = SitemapListing.model_validate({"kind": "sitemap", "url": HERE, **keys})
    return read(Page(url=HERE, body=data), listing)


def urlset(*urls: str, space: str = SPACE) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {space}>{"".join(urls)}</urlset>'


def url(path: str, more: str = "") -> str:
    return f"<url><loc>https://news.example{path}</loc>{more}</url>"


def addresses(got: Entries) -> list[str]:
    return [record["url"].removeprefix("https://news.example") for record in got.records]


@pytest.mark.parametrize(
    "space", [SPACE, "", 'xmlns="http://www.google.com/schemas/sitemap/0.84"', 'xmlns="http://x/"']
)
def test_addresses_in_any_namespace_newest_first(space: str) -> None:
    got = entries(
        urlset(
            url("/old", "<lastmod>2026-01-01</lastmod>"),
            url("/new", "<lastmod>2026-09-01T10:00:00+00:00</lastmod>"),
            url("/undated"),
            space=space,
        )
    )
    assert addresses(got) == ["/new", "/old", "/undated"]
    assert got.records[0]["lastmod"] == "2026-09-01T10:00:00+00:00"


def test_news_and_images() -> None:
    news = (
        "<n:news><n:publication><n:name>Gazette</n:name><n:language>en</n:language>"
        "</n:publication><n:publication_date>2026-09-01</n:publication_date>"
        "<n:title><![CDATA[Fish &amp; chips]]></n:title>"
        "<n:keywords>Fish, Food</n:keywords></n:news>"
        "<i:image><i:loc>https://news.example/p.jpg</i:loc><i:title>No</i:title></i:image>"
    )
    space = (
        f'{SPACE} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
        ' xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    (record,) = entries(urlset(url("/a", news), space=space)).records
    assert record == {
        "url": "https://news.example/a",
        "title": "Fish & chips",
        "time": "2026-09-01",
        "source": "Gazette",
        "language": "en",
        "tags": "Fish, Food",
        "image": "https://news.example/p.jpg",
    }


def test_only_articles() -> None:
    got = entries(urlset(url("/2026/09/a"), url("/about")), only=r"/\d{4}/")
    assert addresses(got) == ["/2026/09/a"]


def test_an_index_and_what_to_follow_newest_first() -> None:
    index = (
        f"<sitemapindex {SPACE}>"
        "<sitemap><loc>https://news.example/2025.xml</loc><lastmod>2025-12-31</lastmod></sitemap>"
        "<sitemap><loc>https://news.example/2026.xml</loc><lastmod>2026-09-01</lastmod></sitemap>"
        "<sitemap><loc>https://news.example/tags.xml</loc></sitemap></sitemapindex>"
    )
    got = entries(index, follow=r"/\d{4}\.xml")
    assert got.records == []
    assert got.subs == [
        ("https://news.example/2026.xml", "2026-09-01"),
        ("https://news.example/2025.xml", "2025-12-31"),
    ]


@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n"])
def test_plain_text_and_gzip(before: str) -> None:
    text = before + "https://news.example/a\nhttps://news.example/b\nnot an address\n"
    assert addresses(entries(text)) == ["/a", "/b"]
    packed = gzip.compress((before + urlset(url("/a")).split("?>")[1]).encode())
    assert addresses(entries(packed)) == ["/a"]


@pytest.mark.parametrize(
    ("loc", "address"),
    [
        ("/a?b=1&c=2", "/a?b=1&c=2"),
        ("/a?b=1&amp;c=2", "/a?b=1&c=2"),
        ("/a?b=1&copy;=2", "/a?b=1&copy;=2"),
        ("/a?b=1&#38;c=2", "/a?b=1&c=2"),
    ],
)
def test_an_ampersand_that_is_none(loc: str, address: str) -> None:
    assert addresses(entries(urlset(url(loc), url("/d")))) == [address, "/d"]


def test_addresses_in_cdata() -> None:
    loc = "<url><loc><![CDATA[ https://news.example/a?b=1&c=2 ]]></loc></url>"
    assert addresses(entries(urlset(loc, url("/d")))) == ["/a?b=1&c=2", "/d"]


def test_prefixes_that_are_not_declared() -> None:
    news = "<news:news><news:title>T&nbsp;t</news:title></news:news>"
    video = "<video:video><video:title>V</video:title></video:video>"
    (record,) = entries(urlset(url("/a", video + news))).records
    assert record == {"url": "https://news.example/a", "title": "T t"}


@pytest.mark.parametrize("declared", ["GB2312", "UTF-16", "latin-1", "nonsense"])
def test_a_page_in_utf8_that_declares_another_encoding(declared: str) -> None:
    """Pages come in UTF-8, whatever they were in."""
    (record,) = entries(urlset(url("/a", "<title>港口</title>")).replace("UTF-8", declared)).records
    assert record["title"] == "港口"


def test_a_packed_sitemap_in_gb2312() -> None:
    text = urlset(url("/a", "<title>港口新闻</title>")).replace("UTF-8", "GB2312")
    (record,) = entries(gzip.compress(text.encode("gb2312"))).records
    assert record["title"] == "港口新闻"


def test_a_packed_sitemap_that_breaks_off_gives_what_came() -> None:
    text = urlset(*(url(f"/{n * 7919 % 10007}") for n in range(1000)))
    assert len(entries(gzip.compress(text.encode())[:2000]).records) > 10


@pytest.mark.parametrize("before", ["<!-- made today -->", "<?xml-stylesheet href='x'?>"])
def test_what_stands_before_the_root(before: str) -> None:
    assert addresses(entries(before + url("/a"))) == ["/a"]
    assert addresses(entries(before + urlset(url("/a")).split("?>")[1])) == ["/a"]


@pytest.mark.parametrize("body", ["<html><body>Not here</body></html>", urlset(), "<urlset"])
def test_a_sitemap_without_addresses(body: str) -> None:
    with pytest.raises(NotReadable):
        entries(body)
    with pytest.raises(EmptyListing):
        entries(urlset())


def test_an_answer_that_is_no_sitemap_is_not_an_empty_one() -> None:
    for body in ("<html><body>Not here</body></html>", b"\x00\x01\x02garbage", "<rss/>"):
        with pytest.raises(NotReadable, match="not a sitemap") as raised:
            entries(body)
        assert not isinstance(raised.value, EmptyListing)


def test_entries_without_loc() -> None:
    index = (
        f"<sitemapindex {SPACE}><sitemap> https://news.example/1.xml </sitemap>"
        "<sitemap>not an address</sitemap></sitemapindex>"
    )
    assert entries(index).subs == [("https://news.example/1.xml", "")]
    assert addresses(entries("<urlset><url>https://news.example/a</url></urlset>")) == ["/a"]


def test_a_broken_gzip_is_not_readable() -> None:
    with pytest.raises(NotReadable, match="gzip"):
        entries(b"\x1f\x8b" + b"x" * 50)


def test_attack_a_gzip_bomb() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (80 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 200_000
    with pytest.raises(NotReadable, match="more than 64 MB"):
        entries(bomb)


def test_attack_a_billion_laughs() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE u [<!ENTITY l0 "lol">{lol}]><urlset>{url("/a&l9;")}{url("/b")}</urlset>'
    with contextlib.suppress(NotReadable):
        assert all(len(address) < 100 for address in addresses(entries(body)))


def test_attack_an_entity_that_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    body = f'<!DOCTYPE u [<!ENTITY x SYSTEM "{secret.as_uri()}">]><urlset>{url("/a&x;")}</urlset>'
    with contextlib.suppress(NotReadable):
        assert "the-secret" not in str(entries(body).records)


def test_attack_a_body_that_is_the_name_of_a_file(tmp_path: Path) -> None:
    sitemap = tmp_path / "sitemap.xml"
    sitemap.write_text(urlset(url("/a")))
    for body in (str(sitemap), sitemap.as_uri()):
        with pytest.raises(NotReadable):
            entries(body)


def test_attack_deep_nesting() -> None:
    for start in ("<x>" * 100_000, "<url>" * 100_000):
        with contextlib.suppress(NotReadable):
            assert addresses(entries(f"<urlset>{url('/a')}{start}{url('/b')}"))[0] == "/a"


@pytest.mark.parametrize("flood", ["<![CDATA[", "&", "<!--", "<loc>"])
def test_attack_a_flood_of_what_has_no_end(flood: str) -> None:
    began = time.process_time()
    with contextlib.suppress(NotReadable):
        entries(f"<urlset>{url('/a')}{flood * 200_000}")
    assert time.process_time() - began < 10  # minutes, were it not linear


def test_attack_more_addresses_than_the_protocol_allows() -> None:
    body = urlset(*(url(f"/{n}") for n in range(120_000)))
    began = time.process_time()
    assert len(entries(body).records) == 50_000
    assert time.process_time() - began < 60  # linear; seconds, and minutes were it not


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_not_readable(body: bytes) -> None:
    for start in (b"", b"<urlset><url><loc>", b"\x1f\x8b\x08"):
        with contextlib.suppress(NotReadable):
            entries(start + body)


@pytest.mark.parametrize("piece", ["<a ", "<a <b ", "<url ", "<", "<url><loc "])
def test_attack_tags_without_end(piece: str) -> None:
    began = time.process_time()
    body = f"<urlset>{url('/a')}{piece * 500_000}{url('/b')}</urlset>"
    assert addresses(entries(body))[0] == "/a"
    assert time.process_time() - began < 5  # a minute, were it not linear


def test_attack_a_tag_of_many_attributes() -> None:
    attributes = "".join(f" a{n}='x'" for n in range(60_000))
    body = f"<urlset>{url('/a')}<x{attributes}/>{url('/b')}</urlset>"
    assert set(addresses(entries(body))) == {"/a", "/b"}


def test_markup_in_comments_and_character_data_is_kept() -> None:
    comment, data = "<!-- <a <b & -->", "<title><![CDATA[1 < 2 & <b]]></title>"
    body = "<!DOCTYPE urlset>" + f"<urlset>{comment}<url><loc>https://news.example/a</loc>{data}"
    (record,) = entries(f"{body}</url></urlset>").records
    assert record["title"] == "1 < 2 & <b"
