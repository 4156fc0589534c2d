"""Feeds of every flavour → entries; broken ones and hostile ones too."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.errors import EmptyListing, NotReadable, TooCostly
from newsspider.listing.entries import Entries
from newsspider.listing.feed import _bounded, read
from newsspider.listing.feed_text import is_whole, plain
from newsspider.model import Page
from newsspider.sites.listings import FeedListing
from newsspider.text.encoding import to_utf8

HERE = "https://news.example/feeds/all.xml"
STORY = "".join(
    f"<p>{n}. {'The harbour board met again on Monday evening. ' * 8}</p>" for n in range(4)
)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def entries(body: str | bytes, whole: str = "auto") -> Entries:
    data = body if isinstance(body, bytes) else body.encode()
    listing = FeedListing.model_validate({"kind": "feed", "url": HERE, "whole": whole})
    return read(Page(url=HERE, body=data), listing)


def rss(item: str, version: str = "2.0") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="{version}" {NAMESPACES}><channel>'
        f"<title>News</title><link>https://news.example/</link>{item}</channel></rss>"
    )


def entry(item: str, whole: str = "auto") -> dict[str, Any]:
    (record,) = entries(rss(f"<item>{item}</item>"), whole).records
    return dict(record)


FLAVOURS = {
    "RSS 0.91": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
    ' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>'
    "<title>N</title><item><title>A ship &amp; a pier</title><link>https://news.example/a</link>"
    "<description>Short.</description></item></channel></rss>",
    "RSS 0.92": '<rss version="0.92"><channel><item><title>A ship &amp; a pier</title>'
    "<link>https://news.example/a</link></item></channel></rss>",
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>N</title></channel>'
    '<item rdf:about="https://news.example/a"><title>A ship &amp; a pier</title>'
    "<link>https://news.example/a</link></item></rdf:RDF>",
    "RSS 2.0": rss("<item><title><![CDATA[A ship & a pier]]></title>"
                   "<link>https://news.example/a</link></item>"),
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A ship &amp; a'
    ' pier</title><link rel="alternate" type="text/html" href="https://news.example/a"/></entry>'
    "</feed>",
    "Atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &lt;b&gt;'
    'ship&lt;/b&gt; &amp;amp; a pier</title><link href="https://news.example/a.json"'
    ' rel="alternate" type="application/json"/><link href="https://news.example/a"/></entry></feed>',
    "JSON Feed 1": json.dumps({
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "https://news.example/a", "title": "A ship & a pier",
                   "author": {"name": "Mara"}}],
    }),
    "JSON Feed 1.1": json.dumps({
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": "https://news.example/a", "title": "A ship & a pier"}],
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", FLAVOURS)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n  "])
def test_every_flavour(name: str, before: str) -> None:
    (record,) = entries(before + FLAVOURS[name]).records
    assert (record["url"], record["title"]) == ("https://news.example/a", "A ship & a pier")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("&lt;em&gt;Fish&lt;/em&gt; chips", "Fish chips"),
        ("<![CDATA[5 < 6 & 7 > 6]]>", "5 < 6 & 7 > 6"),
        ("Caf&#233; &#8220;Kai&#8221;", "Café “Kai”"),
        ("a&nbsp;b", "a b"),  # an entity that XML does not know
        (" two\n  lines ", "two lines"),
    ],
)
def test_titles_are_plain_text(written: str, title: str) -> None:
    assert entry(f"<title>{written}</title><link>https://news.example/a</link>")["title"] == title


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Mon, 14 Sep 2026 08:30:00 +0200", "2026-09-14T06:30:00+00:00"),
        ("Mon, 14 Sep 2026 06:30:00 GMT", "2026-09-14T06:30:00+00:00"),
        ("2026-09-14T08:30:00+02:00", "2026-09-14T06:30:00+00:00"),
        # Left to who knows the site's zone, and which CST is meant.
        ("2026-09-14 08:30:00", "2026-09-14 08:30:00"),
        ("Mon, 14 Sep 2026 08:30:00 CST", "Mon, 14 Sep 2026 08:30:00 CST"),
        ("2026-09-14", "2026-09-14"),
        ("14 Sep 2026", "14 Sep 2026"),
        ("3小时前", "3小时前"),
    ],
)
def test_times_are_told_as_exactly_as_the_feed_does(written: str, told: str) -> None:
    item = f"<link>https://news.example/a</link><pubDate>{written}</pubDate>"
    assert entry(item)["time"] == told


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/a</link>", "https://news.example/a"),
        ("<link>//news.example/a</link>", "https://news.example/a"),
        ("<guid>https://news.example/a</guid>", "https://news.example/a"),
        ('<guid isPermaLink="false">https://news.example/a</guid>', "https://news.example/a"),
        ("<guid>cast-7</guid><enclosure url='https://cdn.example/7.mp3' type='audio/mpeg'/>",
         "https://cdn.example/7.mp3"),
        ("<guid>https://news.example/7?a=1&amp;b=2</guid>"
         "<enclosure url='https://cdn.example/7.mp3' type='audio/mpeg'/>",
         "https://news.example/7?a=1&b=2"),
        ("<link>https://feeds.example/~r/1</link><feedburner:origLink>https://news.example/a"
         "</feedburner:origLink>", "https://news.example/a"),
    ],
)  # fmt: skip
def test_where_the_article_is(item: str, url: str) -> None:
    assert entry(f"<title>t</title>{item}")["url"] == url


def test_addresses_count_from_the_base_of_the_feed() -> None:
    base = 'xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/en/"'
    (record,) = entries(f'<feed {base}><entry><link href="a"/></entry></feed>').records
    assert record["url"] == "https://cdn.example/en/a"


def test_an_entry_without_an_address_has_none() -> None:
    assert "url" not in entry('<title>t</title><guid isPermaLink="false">17</guid>')


def test_people_sources_and_pictures() -> None:
    got = entry(
        "<link>/a</link><dc:creator>Mara Ellison</dc:creator><source url='x'>Wire &amp; Co</source>"
        "<media:content url='https://news.example/v.mp4' type='video/mp4'/>"
        "<enclosure url='https://news.example/p.jpg' type='image/jpeg' length='1'/>"
    )
    assert got["author"] == ("Mara Ellison",)
    assert got["source"] == "Wire & Co"
    assert got["image"] == "https://news.example/p.jpg"
    assert entry("<link>/a</link><author>m@x.example (Mara)</author>")["author"] == ("Mara",)
    thumbnail = "<media:thumbnail url='https://news.example/t.jpg'/>"
    assert entry(f"<link>/a</link>{thumbnail}")["image"] == "https://news.example/t.jpg"


@pytest.mark.parametrize(
    ("content", "summary", "whole"),
    [
        (STORY, "", True),
        (STORY, "<p>The board met.</p>", True),
        (STORY, STORY, True),
        ("<p>The board met.</p>", "", False),
        (STORY + "<p>The board then [&hellip;]</p>", "", False),
        (STORY + "<p><a href='/a'>Read more</a></p>", "", False),
        (STORY + "<p>Weiterlesen …</p>", "", False),
        (STORY + "<p>Lire la suite &raquo;</p>", "", False),
        (STORY + "<p>Leer más</p>", "", False),
        (STORY + "<p>Читать далее →</p>", "", False),
        (STORY + "<p>続きを読む</p>", "", False),
        (STORY + "<p>They read more than before, and the harbour grew.</p>", "", True),
        ("<p>" + "港务局周一晚上又开了会。" * 40 + "</p>", "", False),
        (("<p>" + "港务局周一晚上又开了会。" * 12 + "</p>") * 3, "", True),
        (("<p>" + "港务局周一晚上又开了会。" * 12 + "</p>") * 3 + "<p>阅读全文</p>", "", False),
        (STORY, STORY[: len(STORY) * 3 // 4], False),
    ],
)
def test_whether_a_content_is_the_whole_article(content: str, summary: str, whole: bool) -> None:
    assert is_whole(content, summary) is whole


@pytest.mark.parametrize(("whole", "has"), [("auto", True), ("always", True), ("never", False)])
def test_the_content_becomes_the_body(whole: str, has: bool) -> None:
    item = f"<link>/a</link><content:encoded><![CDATA[{STORY}]]></content:encoded>"
    assert ("body" in entry(item, whole)) is has


def test_markup_is_left_to_our_own_sanitiser() -> None:
    given = STORY + '<table class="x"><tr><td style="color:red">1</td></tr></table>'
    item = f"<link>/a</link><content:encoded><![CDATA[{given}]]></content:encoded>"
    assert entry(item, "always")["body"] == given


def test_a_json_feed_in_full() -> None:
    item = {
        "id": "1", "url": "/a", "title": "T", "content_text": "one < two\n\nthree",
        "date_published": "2026-09-14T08:30:00+02:00", "authors": [{"name": "A"}, {"name": "B"}, 7],
        "image": "/p.jpg", "summary": "S & s", "tags": ["Sea &amp; shore", 7, "", "Ferries"],
    }  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item, 3], "next_url": "/2"}
    got = entries(json.dumps(feed), "always")
    (record,) = got.records
    assert record["body"] == "<p>one &lt; two</p><p>three</p>"
    assert record["author"] == ("A", "B")
    assert record["summary"] == "S & s"
    assert record["tags"] == ("Sea & shore", "Ferries")
    assert got.next == "/2"


@pytest.mark.parametrize("version", ["1", "1.0", "1.1", 1.1, 1])
def test_a_json_feed_that_states_only_the_number_of_its_version(version: object) -> None:
    feed = {"version": version, "items": [{"id": "1", "url": "/a", "title": "T"}]}
    assert [record["url"] for record in entries(json.dumps(feed)).records] == ["/a"]


@pytest.mark.parametrize("version", ["2.0", "11", "v1.1", 11, None])
def test_json_with_another_version_is_no_json_feed(version: object) -> None:
    with pytest.raises(NotReadable, match="not a JSON Feed"):
        entries(json.dumps({"version": version, "items": [{"url": "/a"}]}))


@pytest.mark.parametrize("name", ["RSS 2.0", "JSON Feed 1.1"])
def test_a_packed_feed(name: str) -> None:
    packed = gzip.compress(FLAVOURS[name].encode())
    assert entries(packed).records == entries(FLAVOURS[name]).records
    assert entries(gzip.compress(packed)).records == entries(packed).records
    feed = FLAVOURS[name].encode()
    several = gzip.compress(feed[:100]) + gzip.compress(b"") + gzip.compress(feed[100:])
    assert entries(several).records == entries(packed).records
    with pytest.raises(NotReadable):
        entries(gzip.compress(gzip.compress(packed)))


def test_attack_a_packed_feed_that_unpacks_without_end() -> None:
    with pytest.raises(NotReadable, match="more than 16 MB"):
        entries(gzip.compress(b"<rss>" + b" " * (20 * 1024 * 1024)))
    with pytest.raises(NotReadable, match="more than 16 MB"):
        entries(gzip.compress(b"<rss>" + b" " * (9 * 1024 * 1024)) * 2)


def test_categories_are_tags() -> None:
    item = (
        "<link>/a</link><category>Sea &amp; shore</category>"
        "<category domain='x'> Ferries </category><category/><dc:subject>Winter</dc:subject>"
    )
    assert entry(item)["tags"] == ("Sea & shore", "Ferries", "Winter")
    assert "tags" not in entry("<link>/a</link>")
    (record,) = entries(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title><entry><link href='/a'/>"
        "<category term='sea' label='The sea'/><category term='ferries'/></entry></feed>"
    ).records
    assert record["tags"] == ("The sea", "ferries")


def test_attack_an_entry_of_many_tags() -> None:
    item = "<link>/a</link>" + "".join(f"<category>c{number}</category>" for number in range(5000))
    assert len(entry(item)["tags"]) == 100


def test_the_next_page_of_a_feed() -> None:
    feed = FLAVOURS["Atom 1.0"].replace("<entry>", '<link rel="next" href="/f?p=2"/><entry>', 1)
    assert entries(feed).next == "https://news.example/f?p=2"


def test_a_feed_in_gb2312() -> None:
    text = rss("<item><title>港口新闻</title><link>/a</link></item>")
    raw = text.replace("UTF-8", "GB2312").encode("gb2312")
    (record,) = entries(to_utf8(raw, "application/rss+xml")).records
    assert record["title"] == "港口新闻"


def test_a_truncated_feed_gives_what_came() -> None:
    feed = rss("<item><title>One</title><link>/a</link></item><item><title>Two")
    records = entries(feed[: feed.index("Two") + 3]).records
    assert records[0]["title"] == "One"


@pytest.mark.parametrize(
    "body",
    ["<!DOCTYPE html><html><body><p>Not here</p></body></html>", '{"items": []}', "[]", "", "\x00"],
)
def test_what_is_no_feed(body: str) -> None:
    with pytest.raises(NotReadable):
        entries(body)


def test_a_feed_without_an_entry_is_empty() -> None:
    with pytest.raises(EmptyListing):
        entries(rss(""))


def test_attack_a_billion_laughs() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    feed = f'<!DOCTYPE r [<!ENTITY l0 "lol">{lol}]>' + rss(
        "<item><title>&l9;</title><link>/a</link></item>"
    ).removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    (record,) = entries(feed).records
    assert len(record.get("title", "")) < 100


def test_attack_an_entity_that_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    feed = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + rss(
        "<item><title>a&x;b</title><link>/a</link></item>"
    ).removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    assert "secret" not in str(entries(feed).records)


@pytest.mark.parametrize("name", ["a" * 50_000, "a@" * 50_000, "a@b" + " a" * 50_000])
def test_attack_a_name_that_may_be_an_address_everywhere(name: str) -> None:
    began = time.process_time()
    assert len(entry(f"<link>/a</link><author>{name}</author>").get("author", "")) <= 1
    assert time.process_time() - began < 10  # minutes, were it not linear


def test_attack_deep_nesting() -> None:
    assert entry("<link>/a</link>" + "<x>" * 2_000 + "</x>" * 2_000)["url"]
    with pytest.raises(NotReadable):
        entries('{"version": "https://jsonfeed.org/version/1", "items":' + "[" * 100_000)


def test_attack_a_body_that_is_the_name_of_a_file(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(rss("<item><title>t</title><link>/a</link></item>"))
    for body in (str(feed), feed.as_uri()):
        with pytest.raises(NotReadable):
            entries(body)


@given(st.text(max_size=200))
def test_a_title_of_any_text_is_one_line(text: str) -> None:
    assert "\n" not in plain(text)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_not_readable(body: bytes) -> None:
    for start in (b"", b"<rss><channel><item><title>", b'{"version": "https://jsonfeed.org/'):
        with contextlib.suppress(NotReadable):
            entries(start + body)


@pytest.mark.parametrize("attribute", [" a{}='x'", " a{}=x", " a{}", ' a{}="b > c"'])
@pytest.mark.parametrize("end", ["", "/"])
def test_attack_a_tag_of_many_attributes(attribute: str, end: str) -> None:
    attributes = "".join(attribute.format(n) for n in range(20_000))
    extra = f"<x{attributes}{end}>"
    began = time.process_time()
    records = entries(rss(f"<item>{extra}<link>/a</link></item>")).records
    assert records[0]["url"] == "https://news.example/a"
    assert time.process_time() - began < 3  # 10 s, were its attributes compared


def test_attack_a_feed_without_end_is_read_in_part() -> None:
    items = (f"<item><title>t{n}</title><link>/{n}</link></item>" for n in range(50_000))
    records = entries(rss("".join(items))).records
    assert 3000 < len(records) < 5000
    assert [record["title"] for record in records] == [f"t{n}" for n in range(len(records))]


def test_attack_entries_without_an_end_are_read_in_part() -> None:
    whole = "<item><title>t</title><link>/t</link></item>" * 2
    body = rss(whole + "<item><title>u</title><link>/u</link>" * 20_000)
    assert len(_bounded(body.encode())) < len(body) / 2
    assert len(entries(body[:1000]).records) > 10


def test_attack_an_entry_of_many_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "newsspider.listing.feed._MOST_MARKUP", 100_000
    )  # more, so that the difference is larger
    categories = "".join(f"<category>c{n}</category>" for n in range(30_000))
    began = time.process_time()
    assert len(entry(f"<link>/a</link>{categories}")["tags"]) == 100
    assert time.process_time() - began < 10  # 30 s, were each compared with all before


def test_attack_an_entry_of_too_much_markup() -> None:
    with pytest.raises(TooCostly):
        entries(rss("<item><link>/a</link>" + "<p>" * 200_000))


# -- the text that can stand in for a page ---------------------------------------------------------


@pytest.mark.parametrize(("length", "has"), [(149, False), (150, True)])
def test_an_excerpt_is_as_long_as_a_brief(length: int, has: bool) -> None:
    item = "<title>T</title><link>https://news.example/a</link><description>{}</description>"
    assert ("excerpt" in entry(item.format("x" * length))) is has


@pytest.mark.parametrize(
    "media",
    [
        '<enclosure url="https://news.example/a.mp3" type="audio/mpeg" length="1"/>',
        '<media:content url="https://news.example/a.mp3" medium="video"/>',
        '<media:content url="https://news.example/a.mp3" type="video/mp4"/>',
    ],
)
def test_the_notes_of_a_broadcast_are_its_text(media: str) -> None:
    item = f"<title>T &amp; U</title><description>Ada Brook about ferries.</description>{media}"
    player = '<p><a href="https://news.example/a.mp3">T &amp; U</a></p>'
    page = entry(f"{item}<link>https://news.example/a</link>")
    assert page["excerpt"] == f"<p>Ada Brook about ferries.</p>{player}"
    alone = entry(item)  # no page to ask for
    assert alone["url"] == "https://news.example/a.mp3"
    assert alone["body"] == page["excerpt"]


def test_the_lines_of_a_plain_description_are_paragraphs() -> None:
    group = (
        "<media:group><media:content url='https://v.example/1' type='application/x-shockwave-flash'"
        "/><media:description>The old ferry.\n\nThe new &lt; one.</media:description></media:group>"
    )
    record = entry(f"<title>T</title><link>https://v.example/watch?v=1</link>{group}")
    assert record["body"].startswith("<p>The old ferry.</p><p>The new")
    assert 'href="https://v.example/watch?v=1"' in record["body"]


def test_the_attachment_of_a_json_feed_is_its_broadcast() -> None:
    item = {"id": "1", "title": "T", "content_text": "Ada Brook about ferries."}
    item["attachments"] = [{"url": "https://news.example/a.mp3", "mime_type": "audio/mpeg"}]  # type: ignore[assignment]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    (record,) = entries(json.dumps(feed)).records
    assert record["url"] == "https://news.example/a.mp3"
    assert "Ada Brook" in record["body"]
