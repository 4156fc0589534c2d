"""The Harbour Gazette's host.

In: pieces, newest first, and a request. Out: an Answer, or None. `HOSTS` is a part of the
newsroom's.

Articles by address; `/feeds/rss.xml`, `atom.xml`, `feed.json`, `rss1.rdf`; `/sitemap_index.xml`,
`/sitemap-news.xml`, `/sitemap-articles.xml(.gz)`; `/latest` (by next link), `/archive?page=` (by
number), `/en/`, `/zh/` (a section, all on one page); `/app`, `/next` (state in a script); `/api/…`
(apis.py). All listings have ETag and Last-Modified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from newsroom.plain import apis, feeds, pages
from newsroom.plain.piece import HOST, Piece
from newsspider.demo import images
from newsspider.demo.answers import HTML, NOT_ALLOWED, Answer, Host, Request, host_of, number

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


def _serve(pieces: Sequence[Piece], request: Request) -> Answer | None:
    """The answer to a request; None for what is not there."""
    if request.path.startswith("/api/"):
        return apis.answer(pieces, request)
    if request.method == "POST":
        return NOT_ALLOWED
    if request.path in _FEEDS:
        kind, write = _FEEDS[request.path]
        return Answer(write(pieces), kind, validators=True)
    if name := _PICTURE.fullmatch(request.path):
        return Answer(images.jpeg(name[1], int(name[2]), int(name[3])), "image/jpeg")
    html = _page(pieces, request)
    return Answer(html.encode(), HTML, validators=True) if html else None


def _page(pieces: Sequence[Piece], request: Request) -> str:
    at = number(request.query.get("page"))
    if request.path in ("/", "/latest"):
        return pages.listing(pieces, "Latest", 1, "/latest/", next_link=True)
    if page := re.fullmatch(r"/latest/(\d{1,4})", request.path, re.A):
        return pages.listing(pieces, "Latest", int(page[1]), "/latest/", next_link=True)
    if request.path == "/archive":
        return pages.listing(pieces, "Archive", at, "/archive?page=", next_link=False)
    if request.path in ("/en/", "/zh/"):
        language = request.path[1:3]
        return pages.section([piece for piece in pieces if piece.language == language], language)
    if request.path == "/app":
        return pages.state(pieces)
    if request.path == "/next":
        return pages.next_data(pieces)
    piece = next((piece for piece in pieces if piece.path == request.path), None)
    if piece is None:
        return ""
    others = [other for other in pieces if other.language == piece.language and other != piece]
    return pages.article(piece, at, others[:3])


HOSTS: Mapping[str, Host] = {HOST: host_of(Piece, _serve, takes_posts=True)}
