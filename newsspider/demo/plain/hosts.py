"""Who answers what at the Harbour Gazette.

Comes in: pieces, newest first, and a request. Goes out: an Answer, or None. Called by routes.py.

Articles by address; `/feeds/rss.xml`, `atom.xml`, `feed.json`, `rss1.rdf`; `/sitemap_index.xml`,
`/sitemap-news.xml`, `/sitemap-articles.xml(.gz)`; `/latest` (by next link), `/archive?page=` (by
number), `/en/`, `/zh/` (a section, all on one page); `/app`, `/next` (state in a script); `/api/…`
(apis.py). All listings have ETag and Last-Modified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from newsspider.demo import images
from newsspider.demo.answers import HTML, Answer, Asked, number
from newsspider.demo.plain import apis, feeds, pages
from newsspider.demo.plain.piece import Piece

_FEEDS: Mapping[str, tuple[str, Callable[[Sequence[Piece]], bytes]]] = {
    "/feeds/rss.xml": ("application/rss+xml; charset=utf-8", feeds.rss),
    "/feeds/atom.xml": ("application/atom+xml; charset=utf-8", feeds.atom),
    "/feeds/feed.json": ("application/feed+json; charset=utf-8", feeds.json_feed),
    "/feeds/rss1.rdf": ("application/rdf+xml", feeds.rss1),
    "/sitemap_index.xml": ("application/xml", feeds.index),
    "/sitemap-news.xml": ("application/xml", feeds.news_sitemap),
    "/sitemap-articles.xml": ("text/xml; charset=utf-8", feeds.sitemap),
    "/sitemap-articles.xml.gz": ("application/gzip", feeds.zipped),
}
_PICTURE = re.compile(r"/images/(P\d{1,6}_w(\d{2,3})h(\d{2,3}))\.jpg", re.A)


def serve(pieces: Sequence[Piece], asked: Asked) -> Answer | None:
    """The answer to a request; None for what is not there."""
    if asked.path.startswith("/api/"):
        return apis.answer(pieces, asked)
    if asked.method not in ("GET", "HEAD"):
        return Answer(b"<h1>405 Method Not Allowed</h1>", status=405)
    if asked.path in _FEEDS:
        kind, write = _FEEDS[asked.path]
        return Answer(write(pieces), kind, validators=True)
    if name := _PICTURE.fullmatch(asked.path):
        return Answer(images.jpeg(name[1], int(name[2]), int(name[3])), "image/jpeg")
    html = _page(pieces, asked)
    return Answer(html.encode(), HTML, validators=True) if html else None


def _page(pieces: Sequence[Piece], asked: Asked) -> str:
    at = number(asked.query.get("page"))
    if asked.path in ("/", "/latest"):
        return pages.listing(pieces, "Latest", 1, "/latest/", next_link=True)
    if turned := re.fullmatch(r"/latest/(\d{1,4})", asked.path, re.A):
        return pages.listing(pieces, "Latest", int(turned[1]), "/latest/", next_link=True)
    if asked.path == "/archive":
        return pages.listing(pieces, "Archive", at, "/archive?page=", next_link=False)
    if asked.path in ("/en/", "/zh/"):
        told = [piece for piece in pieces if piece.language == asked.path[1:3]]
        return pages.section(told, asked.path[1:3])
    if asked.path == "/app":
        return pages.state(pieces)
    if asked.path == "/next":
        return pages.next_data(pieces)
    piece = next((piece for piece in pieces if piece.path == asked.path), None)
    if piece is None:
        return ""
    others = [other for other in pieces if other.language == piece.language and other != piece]
    return pages.article(piece, at, others[:3])
