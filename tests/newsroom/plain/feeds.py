"""The Harbour Gazette's feeds and sitemaps.

In: pieces, newest first. Out: the bytes of RSS 2.0 (with `content:encoded`), Atom, JSON
Feed, RSS 1.0, a news sitemap, a sitemap (zipped too) and the index of both. Called by hosts.py.

As in real life: links inside the articles are relative; the addresses of RSS 2.0 carry campaign
parameters and a guid that is no address; a pixel closes each article; times come in the zones and
spellings of their authors.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from html import escape

from newsroom.plain.apis import ids
from newsroom.plain.piece import ROOT, Piece

_LANGUAGES = {"en": "en-GB", "zh": "zh-Hans"}
_PIXEL = '\n<img src="https://pixel.wp.com/b.gif?feed=1" width="1" height="1" alt="" />'
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(pieces: Sequence[Piece]) -> bytes:
    """RSS 2.0: whole articles in `content:encoded`, teasers in `description`."""
    items = "".join(_rss_item(piece) for piece in pieces)
    return _xml(
        '<?xml-stylesheet type="text/xsl" href="/feeds/feed.xsl"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n<title>Harbour Gazette</title>\n'
        f"<link>{ROOT}/</link>\n<description>News from the harbour</description>\n"
        f'<atom:link href="{ROOT}/feeds/rss.xml" rel="self" type="application/rss+xml" />\n'
        f"<language>en-GB</language>\n<ttl>30</ttl>\n{items}</channel>\n</rss>\n"
    )


def atom(pieces: Sequence[Piece]) -> bytes:
    """Atom: whole articles, their base given by `xml:base`."""
    entries = "".join(_atom_entry(piece) for piece in pieces)
    newest = max((piece.changed for piece in pieces), default=None)
    return _xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{ROOT}/">\n'
        f"<title>Harbour Gazette</title>\n<id>tag:harbourgazette.example,2026:feed</id>\n"
        f"<updated>{newest.isoformat() if newest else '2026-01-01T00:00:00Z'}</updated>\n"
        f'<link rel="self" href="/feeds/atom.xml"/>\n<link href="/"/>\n{entries}</feed>\n'
    )


def json_feed(pieces: Sequence[Piece]) -> bytes:
    """JSON Feed 1.1: whole articles."""
    items = [
        {
            "id": str(ids(piece)),
            "url": piece.url,
            "title": piece.title,
            "content_html": piece.whole,
            "summary": piece.summary,
            "date_published": piece.published,
            "date_modified": piece.updated,
            "authors": [{"name": piece.author}],
            "tags": list(piece.tags),
            "language": _LANGUAGES[piece.language],
            **({"image": piece.picture} if piece.image else {}),
        }
        for piece in pieces
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Gazette",
        "home_page_url": f"{ROOT}/",
        "feed_url": f"{ROOT}/feeds/feed.json",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def rss1(pieces: Sequence[Piece]) -> bytes:
    """RSS 1.0: titles, teasers and times, no articles."""
    order = "".join(f'<rdf:li rdf:resource="{piece.url}"/>' for piece in pieces)
    items = "".join(
        f'<item rdf:about="{piece.url}">\n<title>{escape(piece.title)}</title>\n'
        f"<link>{piece.url}</link>\n<description>{escape(piece.summary)}</description>\n"
        f"<dc:creator>{escape(piece.author)}</dc:creator>\n"
        f"<dc:date>{piece.when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</dc:date>\n</item>\n"
        for piece in pieces
    )
    return _xml(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{ROOT}/feeds/rss1.rdf">\n<title>Harbour Gazette</title>\n'
        f"<link>{ROOT}/</link>\n<description>News from the harbour</description>\n"
        f"<items><rdf:Seq>{order}</rdf:Seq></items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def news_sitemap(pieces: Sequence[Piece]) -> bytes:
    """A news sitemap: title, date and language of each."""
    urls = "".join(
        f"<url><loc>{piece.url}</loc><lastmod>{piece.updated}</lastmod>\n<news:news>"
        "<news:publication><news:name>Harbour Gazette</news:name><news:language>"
        f"{'zh-cn' if piece.language == 'zh' else 'en'}</news:language></news:publication>"
        f"<news:publication_date>{piece.published}</news:publication_date>"
        f"<news:title>{escape(piece.title)}</news:title></news:news>"
        + (
            f"<image:image><image:loc>{piece.picture}</image:loc></image:image>"
            if piece.image
            else ""
        )
        + "</url>\n"
        for piece in pieces
    )
    return _xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
        f"{urls}</urlset>\n"
    )


def sitemap(pieces: Sequence[Piece]) -> bytes:
    """A plain sitemap: address and last change, times in UTC."""
    urls = "".join(
        f"<url><loc>{piece.url}</loc>"
        f"<lastmod>{piece.changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>\n"
        for piece in pieces
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n')


def zipped(pieces: Sequence[Piece]) -> bytes:
    """The plain sitemap, gzip; the same bytes for the same pieces."""
    return gzip.compress(sitemap(pieces), mtime=0)


def index(pieces: Sequence[Piece]) -> bytes:
    """The index: the news sitemap, and the zipped one."""
    newest = max((piece.changed for piece in pieces), default=None)
    changed = f"<lastmod>{newest.isoformat()}</lastmod>" if newest else ""
    maps = "".join(
        f"<sitemap><loc>{ROOT}/{name}</loc>{changed}</sitemap>\n"
        for name in ("sitemap-news.xml", "sitemap-articles.xml.gz")
    )
    return _xml(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{maps}</sitemapindex>\n"
    )


def _rss_item(piece: Piece) -> str:
    zulu = ids(piece) % 2 == 0  # half the times in GMT, half in their author's zone
    when = piece.when.astimezone(UTC) if zulu else piece.when
    tags = "".join(f"<category><![CDATA[{tag}]]></category>\n" for tag in piece.tags)
    media = ""
    if piece.image:
        media = (
            f'<media:content url="{piece.picture}" medium="image" type="image/jpeg">'
            f"<media:description>{escape(piece.caption)}</media:description></media:content>\n"
            f'<enclosure url="{piece.picture}" length="0" type="image/jpeg" />\n'
        )
    return (
        f"<item>\n<title>{escape(piece.title)}</title>\n"
        f"<link>{piece.url}?utm_source=rss&amp;utm_medium=feed</link>\n"
        f'<guid isPermaLink="false">{ids(piece)}</guid>\n'
        f"<pubDate>{format_datetime(when, usegmt=zulu)}</pubDate>\n"
        f"<dc:creator><![CDATA[{piece.author}]]></dc:creator>\n{tags}"
        f"<description>{escape(escape(piece.summary, quote=False))}</description>\n"
        f"<content:encoded><![CDATA[{piece.whole}{_PIXEL}]]></content:encoded>\n{media}</item>\n"
    )


def _atom_entry(piece: Piece) -> str:
    tags = "".join(f'<category term="{escape(tag)}"/>' for tag in piece.tags)
    return (
        f'<entry xml:lang="{_LANGUAGES[piece.language]}">\n'
        f'<title>{escape(piece.title)}</title>\n<link href="{piece.path}"/>\n'
        f"<id>tag:harbourgazette.example,2026:{ids(piece)}</id>\n"
        f"<published>{piece.published}</published>\n<updated>{piece.updated}</updated>\n"
        f"<author><name>{escape(piece.author)}</name></author>{tags}\n"
        f"<summary>{escape(piece.summary)}</summary>\n"
        f'<content type="html" xml:base="{piece.path}">{escape(piece.whole)}</content>\n</entry>\n'
    )


def _xml(body: str) -> bytes:
    return (_DECLARED + body).encode()
