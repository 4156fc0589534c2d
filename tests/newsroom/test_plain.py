"""The Harbour Gazette of the newsroom: the same ten articles, whatever listing names them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html
from support.asking import Reply, ask

from newsroom import Newsroom
from newsroom.plain import HOST, Piece, pieces
from newsroom.plain.piece import ROOT

TEN = pieces()
PATHS = [piece.path for piece in TEN]
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rss": "http://purl.org/rss/1.0/",
}
LISTINGS = [
    *("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/feeds/rss1.rdf"),
    *("/sitemap_index.xml", "/sitemap-news.xml", "/sitemap-articles.xml"),
    *("/sitemap-articles.xml.gz", "/latest", "/latest/2", "/archive", "/archive?page=3", "/en/"),
    *("/zh/", "/app", "/next", "/api/articles", "/api/rows", "/api/stream"),
]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


def get(room: Newsroom, path: str, **headers: str) -> Reply:
    reply = ask(room, HOST, path, **headers)
    assert reply.status == 200, path
    return reply


def xml(room: Newsroom, path: str) -> Any:
    return etree.fromstring(get(room, path).body)


def post(room: Newsroom, path: str, body: bytes, kind: str, **headers: str) -> Reply:
    connection = HTTPConnection(room.address, timeout=60)
    try:
        sent = {"Host": HOST, "Content-Type": kind, **headers}
        connection.request("POST", path, body=body, headers=sent)
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read())
    finally:
        connection.close()


def paths(addresses: list[str]) -> list[str]:
    return [urlsplit(urljoin(ROOT, address)).path for address in addresses]


def cards(page: Any) -> list[str]:
    return paths(page.xpath('//a[@class="card__link"]/@href'))


def instants(texts: list[str]) -> list[datetime]:
    return [datetime.fromisoformat(text).astimezone(UTC) for text in texts]


WHEN = [piece.when.astimezone(UTC) for piece in TEN]


# -- the articles --------------------------------------------------------------------------------


def test_ten_pieces_five_in_each_language() -> None:
    assert [sum(piece.language == name for piece in TEN) for name in ("en", "zh")] == [5, 5]
    assert len({piece.slug for piece in TEN}) == 10
    assert len({piece.when.utcoffset() for piece in TEN}) == 4
    assert [piece.time for piece in TEN] == sorted((p.time for p in TEN), reverse=True)
    whole = "".join(piece.whole for piece in TEN)
    for mark in ("<h2>", "<h3>", "<ul>", "<ol>", "<table>", "<figure>", "<blockquote>", "<sub>"):
        assert mark in whole
    assert "&eacute;" in whole and "&lt;" in whole and 'href="../' in whole


@pytest.mark.parametrize("piece", TEN, ids=lambda piece: piece.slug)
def test_article_says_the_same_everywhere(room: Newsroom, piece: Piece) -> None:
    page = html.fromstring(get(room, piece.path).text)
    (linked,) = page.xpath('//script[@type="application/ld+json"]/text()')
    data = json.loads(linked)
    og = {m.get("property"): m.get("content") for m in page.xpath("//meta[@property]")}
    assert page.xpath("//h1/text()") == [piece.title] == [data["headline"]] == [og["og:title"]]
    assert data["datePublished"] == og["article:published_time"] == piece.published
    assert data["dateModified"] == piece.updated
    assert page.xpath('//p[@class="byline"]/time/@datetime') == [piece.published]
    assert page.xpath('//a[@rel="author"]/text()') == [piece.author] == [data["author"][0]["name"]]
    assert page.xpath('//link[@rel="canonical"]/@href') == [piece.url] == [og["og:url"]]
    assert og.get("og:image", "") == piece.picture
    assert data["keywords"] == list(piece.tags)
    assert page.get("lang") == data["inLanguage"]


@pytest.mark.parametrize("piece", TEN, ids=lambda piece: piece.slug)
def test_bodies_have_the_reading_text_in_order_and_noise_between(
    room: Newsroom, piece: Piece
) -> None:
    queries = [""] + [f"?page={at}" for at in range(2, len(piece.pages) + 1)]
    found = [html.fromstring(get(room, piece.path + query).text) for query in queries]
    bodies = [page.xpath('//div[@class="story__body"]')[0] for page in found]
    words = "".join(" ".join(body.itertext()) for body in bodies)
    words, at = re.sub(r"\s+", "", words), 0
    for line in piece.reading:
        found_at = words.find(re.sub(r"\s+", "", line), at)
        assert found_at >= at, line
        at = found_at
    assert not any("Advertisement" in line or "Share this" in line for line in piece.reading)
    for page in found:
        text = page.text_content()
        assert text.count("Advertisement") == 2 and "Buy a boat" in text
        assert page.xpath('//div[@class="story__body"]//img[@width="1"]')
    assert ask(room, HOST, f"{piece.path}?page={len(piece.pages) + 1}").status == 404


def test_one_article_has_two_pages(room: Newsroom) -> None:
    (piece,) = [piece for piece in TEN if len(piece.pages) == 2]
    first = html.fromstring(get(room, piece.path).text)
    (link,) = first.xpath('//nav[@class="pages"]/a[@rel="next"]/@href')
    second = html.fromstring(get(room, link).text)
    assert not second.xpath('//a[@rel="next"]')
    assert "What comes next" in second.text_content()
    assert "What comes next" not in first.xpath('//div[@class="story__body"]')[0].text_content()


def test_links_and_pictures_lead_somewhere(room: Newsroom) -> None:
    seen = 0
    for piece in TEN:
        root = html.fromstring(f"<div>{piece.whole}</div>")
        found = root.xpath("//a/@href") + root.xpath("//img/@src")
        for address in [*found, *([piece.picture] if piece.image else [])]:
            parts = urlsplit(urljoin(piece.url, address))
            if parts.netloc == HOST:
                get(room, parts.path)
                seen += 1
    assert seen >= 12


# -- feeds and sitemaps --------------------------------------------------------------------------


def test_rss(room: Newsroom) -> None:
    items = xml(room, "/feeds/rss.xml").findall("channel/item")
    assert paths([item.findtext("link") for item in items]) == PATHS
    assert all("?utm_source=rss" in item.findtext("link") for item in items)
    dates = [item.findtext("pubDate") for item in items]
    assert [parsedate_to_datetime(date).astimezone(UTC) for date in dates] == WHEN
    assert {date.rpartition(" ")[2] for date in dates} >= {"GMT", "+0100", "+0800"}
    for item, piece in zip(items, TEN, strict=True):
        whole = item.findtext("content:encoded", namespaces=SPACES)
        assert whole.startswith(piece.whole) and "pixel.wp.com" in whole
        assert item.findtext("title") == piece.title
        assert item.findtext("dc:creator", namespaces=SPACES) == piece.author
        assert [category.text for category in item.findall("category")] == list(piece.tags)
        media = item.find("media:content", namespaces=SPACES)
        assert (media.get("url") if media is not None else "") == piece.picture
        assert (item.find("enclosure") is not None) == bool(piece.image)


def test_atom(room: Newsroom) -> None:
    entries = xml(room, "/feeds/atom.xml").findall("atom:entry", SPACES)
    assert paths([entry.find("atom:link", SPACES).get("href") for entry in entries]) == PATHS
    for entry, piece in zip(entries, TEN, strict=True):
        assert entry.findtext("atom:content", namespaces=SPACES) == piece.whole
        assert entry.findtext("atom:title", namespaces=SPACES) == piece.title
        assert entry.findtext("atom:updated", namespaces=SPACES) == piece.updated
    published = [entry.findtext("atom:published", namespaces=SPACES) for entry in entries]
    assert instants(published) == WHEN


def test_json_feed(room: Newsroom) -> None:
    feed = get(room, "/feeds/feed.json").json
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert paths([item["url"] for item in feed["items"]]) == PATHS
    assert [item["content_html"] for item in feed["items"]] == [piece.whole for piece in TEN]
    assert instants([item["date_published"] for item in feed["items"]]) == WHEN


def test_rss_1(room: Newsroom) -> None:
    root = xml(room, "/feeds/rss1.rdf")
    items = root.findall("rss:item", SPACES)
    assert paths([item.findtext("rss:link", namespaces=SPACES) for item in items]) == PATHS
    assert instants([item.findtext("dc:date", namespaces=SPACES) for item in items]) == WHEN
    assert not root.findall(".//content:encoded", SPACES)


def test_sitemaps_and_their_index(room: Newsroom) -> None:
    names = [loc.text for loc in xml(room, "/sitemap_index.xml").iterfind(".//map:loc", SPACES)]
    assert paths(names) == ["/sitemap-news.xml", "/sitemap-articles.xml.gz"]
    news = xml(room, "/sitemap-news.xml")
    assert paths([url.findtext("map:loc", namespaces=SPACES) for url in news]) == PATHS
    titles = [title.text for title in news.iterfind(".//news:title", SPACES)]
    assert titles == [piece.title for piece in TEN]
    languages = [language.text for language in news.iterfind(".//news:language", SPACES)]
    assert set(languages) == {"en", "zh-cn"}
    dates = [date.text for date in news.iterfind(".//news:publication_date", SPACES)]
    assert instants(dates) == WHEN
    packed = get(room, "/sitemap-articles.xml.gz")
    assert packed.headers.get_content_type() == "application/gzip"
    assert gzip.decompress(packed.body) == get(room, "/sitemap-articles.xml").body
    changed = [
        url.findtext("map:lastmod", namespaces=SPACES)
        for url in etree.fromstring(gzip.decompress(packed.body))
    ]
    assert instants(changed) == [piece.changed.astimezone(UTC) for piece in TEN]


# -- lists ---------------------------------------------------------------------------------------


def test_list_leads_on_by_its_next_link(room: Newsroom) -> None:
    found, path = [], "/latest"
    while path:
        page = html.fromstring(get(room, path).text)
        found.append(cards(page))
        path = "".join(page.xpath('//a[@rel="next"]/@href'))
    assert [len(part) for part in found] == [4, 4, 2]
    assert [path for part in found for path in part] == PATHS
    assert ask(room, HOST, "/latest/4").status == 404


def test_list_by_page_number_has_no_next_link(room: Newsroom) -> None:
    listed = [html.fromstring(get(room, f"/archive?page={at}").text) for at in (1, 2, 3)]
    assert [path for page in listed for path in cards(page)] == PATHS
    assert not any(page.xpath('//a[@rel="next"]') for page in listed)
    assert ask(room, HOST, "/archive?page=4").status == 404


def test_sections_have_their_language_and_pages_have_noise(room: Newsroom) -> None:
    for language in ("en", "zh"):
        page = html.fromstring(get(room, f"/{language}/").text)
        assert cards(page) == [piece.path for piece in TEN if piece.language == language]
    page = html.fromstring(get(room, "/latest").text)
    beside = page.xpath('//nav//a | //aside[@class="promo"]//a | //div[@class="ad ad--top"]//a')
    assert len(beside) >= 8
    assert page.xpath('//section[@class="card"]//time/@datetime') == [p.published for p in TEN[:4]]


@pytest.mark.parametrize(
    ("path", "pattern", "way"),
    [
        ("/app", r"window\.__STATE__ = (.*);\nwindow\.start", ("feed", "items")),
        ("/next", r'id="__NEXT_DATA__"[^>]*>(.*)</script>', ("props", "pageProps", "articles")),
    ],
)
def test_state_in_a_script(room: Newsroom, path: str, pattern: str, way: tuple[str, ...]) -> None:
    text = get(room, path).text
    found = re.search(pattern, text)
    assert found and not cards(html.fromstring(text))
    value = json.loads(found[1])
    for key in way:
        value = value[key]
    assert [item["href"] for item in value] == PATHS
    assert [datetime.fromtimestamp(item["publishedAt"] / 1000, UTC) for item in value] == WHEN


# -- interfaces ----------------------------------------------------------------------------------


def test_interface_by_page(room: Newsroom) -> None:
    answers = [get(room, f"/api/articles?page={at}&per_page=4").json for at in (1, 2, 3, 4)]
    items = [item for answer in answers for item in answer["items"]]
    assert [item["url"] for item in items] == PATHS
    assert instants([item["published_at"] for item in items]) == WHEN
    assert (answers[0]["pages"], answers[0]["total"], answers[3]["items"]) == (3, 10, [])


def test_interface_by_offset(room: Newsroom) -> None:
    rows = []
    for offset in (0, 4, 8, 12):
        rows += get(room, f"/api/rows?offset={offset}&limit=4").json["result"]["rows"]
    assert paths([row["Link"] for row in rows]) == PATHS
    assert [datetime.fromtimestamp(row["Time"], UTC) for row in rows] == WHEN


def test_interface_by_cursor(room: Newsroom) -> None:
    found, cursor = [], ""
    while cursor is not None:
        data = get(room, f"/api/stream?cursor={cursor}").json["data"]
        found += [edge["node"]["permalink"] for edge in data["edges"]]
        cursor = data["next"]
    assert paths(found) == PATHS


def test_interfaces_by_post(room: Newsroom) -> None:
    sent = [
        [post(room, "/api/search", f"page={at}&size=4".encode(), FORM) for at in (1, 2, 3)],
        [
            post(room, "/api/query", json.dumps({"page": at, "size": 4}).encode(), JSON)
            for at in (1, 2, 3)
        ],
    ]
    for replies in sent:
        hits = [hit for reply in replies for hit in reply.json["hits"]]
        assert [hit["path"] for hit in hits] == PATHS
        dates = [parsedate_to_datetime(hit["published"]).astimezone(UTC) for hit in hits]
        assert dates == WHEN
    assert post(room, "/api/search", b"page=9", FORM).json["hits"] == []


def test_interfaces_refuse_the_wrong_method_type_and_header(room: Newsroom) -> None:
    assert ask(room, HOST, "/api/search").status == 405
    assert post(room, "/api/articles", b"", FORM).status == 405
    assert post(room, "/latest", b"", FORM).status == 405
    assert post(room, "/api/query", b"{}", FORM).status == 415
    assert post(room, "/api/search", b"{}", JSON).status == 415
    assert ask(room, HOST, "/api/guarded").status == 403
    items = get(room, "/api/guarded?per_page=50", X_Requested_With="XMLHttpRequest").json["items"]
    assert [item["url"] for item in items] == PATHS
    assert post(room, "/", b"", FORM, Host="finance.eastmoney.com").status == 405


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"[" * 50_000, b"\xff", b'{"page": [1]}'])
def test_attack_odd_json_is_answered(room: Newsroom, body: bytes) -> None:
    assert post(room, "/api/query", body, JSON).status in (200, 400)


@pytest.mark.parametrize("length", ["-1", "x", "9999999", "１"])
def test_attack_odd_lengths_are_answered(room: Newsroom, length: str) -> None:
    odd = {"Content-Length": length.encode("utf-8").decode("latin-1")}
    assert post(room, "/api/search", b"", FORM, **odd).status == 200


# -- changes and validators ----------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTINGS)
def test_listings_have_validators(room: Newsroom, path: str) -> None:
    reply = get(room, path)
    assert reply.headers["Last-Modified"]
    assert ask(room, HOST, path, If_None_Match=reply.headers["ETag"]).status == 304


def test_a_new_piece_is_in_every_listing_and_a_removed_one_in_none() -> None:
    with Newsroom() as own:
        new = replace(TEN[0], slug="brand-new", published="2026-10-02T09:00:00+01:00")
        own.add(new)
        without = {"/latest/2", "/archive?page=3", "/zh/", "/sitemap_index.xml"}
        whole = [path for path in LISTINGS if path not in without]
        for there in (True, False):
            for path in whole:
                body = get(own, path).body
                body = gzip.decompress(body) if path.endswith(".gz") else body
                assert (b"brand-new" in body) == there, path
            if there:
                own.remove(new.slug)
        own.replace(replace(TEN[0], title="Corrected & updated"))
        assert "Corrected &amp; updated" in get(own, TEN[0].path).text


def test_faults_meet_a_listing() -> None:
    with Newsroom() as own:
        own.fault(HOST, "/feeds/rss.xml", status=200, body=b"<rss><channel><item>", times=1)
        assert get(own, "/feeds/rss.xml").body == b"<rss><channel><item>"
        assert len(xml(own, "/feeds/rss.xml").findall("channel/item")) == 10
