"""The Harbour Gazette's pages: articles, lists by next link and by page number, state in a script.

In: pieces, newest first. Out: HTML. Called by hosts.py.

Around an article stand navigation, advertising, related links and a newsletter form; between its
paragraphs what every cleaner must know: a line `Advertisement`, a script, a pixel, a share line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from newsroom.plain.apis import ids
from newsroom.plain.piece import HOST, ROOT, Piece

PAGE = 4
_WORDS = {
    "en": {"lang": "en-GB", "name": "Harbour Gazette", "by": "By", "more": "More stories"},
    "zh": {"lang": "zh-Hans", "name": "港湾报", "by": "记者", "more": "更多文章"},
}
_HEAD = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>{title} | {name}</title>
<meta name="viewport" content="width=device-width">
{meta}<link rel="alternate" type="application/rss+xml" title="RSS" href="/feeds/rss.xml">
<link rel="alternate" type="application/atom+xml" title="Atom" href="/feeds/atom.xml">
<link rel="alternate" type="application/feed+json" title="JSON" href="/feeds/feed.json">
</head>
<body>
<header class="masthead"><a href="/">{name}</a>
<nav><ul><li><a href="/en/">English</a></li><li><a href="/zh/">中文</a></li>
<li><a href="/latest">Latest</a></li><li><a href="/archive">Archive</a></li></ul></nav></header>
<div class="ad ad--top"><p>Advertisement</p><a href="https://ads.example/1">Buy a boat</a></div>
<main>
"""
_FOOT = """</main>
<aside class="promo"><h2>{more}</h2><ul>{related}</ul></aside>
<form class="newsletter" action="/subscribe"><label>Email <input name="email"></label></form>
<footer><p>&copy; 2026 Harbour Gazette. <a href="/about">About</a></p></footer>
</body>
</html>
"""
_ARTICLE = """<article class="story">
<p class="kicker"><a href="/{language}/">{section}</a></p>
<h1>{title}</h1>
<p class="standfirst">{summary}</p>
<p class="byline">{by} <a rel="author" href="/authors">{author}</a>
<time datetime="{published}">{shown}</time></p>
{hero}<div class="story__body">
{body}
</div>
{pager}</article>
"""
_BETWEEN = """<p class="ad-label">Advertisement</p>
<script>window.ads && ads.push({"slot": "<p>mid</p>"})</script>
"""
_AFTER = """<p>Share this article</p>
<img src="https://pixel.wp.com/b.gif?x=1" width="1" height="1" alt="">"""


def article(piece: Piece, page: int, others: Sequence[Piece]) -> str:
    """A page of an article, from 1; "" for one it does not have."""
    if not 1 <= page <= len(piece.pages):
        return ""
    words = _WORDS[piece.language]
    hero = (
        f'<figure class="hero"><img src="/images/{piece.image}" alt="">'
        f"<figcaption>{escape(piece.caption)}</figcaption></figure>\n"
    )
    first, joint, rest = piece.pages[page - 1].strip().partition("</p>\n")
    pager = ""
    if len(piece.pages) > 1:
        pager = "".join(_page_link(piece, page, at) for at in range(1, len(piece.pages) + 1))
        if page < len(piece.pages):
            pager += f'<a class="next" rel="next" href="{piece.path}?page={page + 1}">Next</a>'
        pager = f'<nav class="pages">{pager}</nav>\n'
    core = _ARTICLE.format(
        **_escaped(piece),
        by=words["by"],
        shown=f"{piece.when:%d.%m.%Y %H:%M}",
        hero=hero if piece.image and page == 1 else "",
        body=first + joint + (_BETWEEN if joint else "") + rest + "\n" + _AFTER,
        pager=pager,
    )
    return _laid(piece.language, escape(piece.title), core, others, _meta(piece))


def listing(pieces: Sequence[Piece], title: str, page: int, base: str, *, next_link: bool) -> str:
    """A list of cards, PAGE a page; "" past the end. `base` is the address of a page without its
    number; `next_link` whether a page leads to the next."""
    shown = pieces[(page - 1) * PAGE : page * PAGE]
    if not shown:
        return ""
    cards = "".join(map(_card, shown))
    pager = ""
    if next_link and page * PAGE < len(pieces):
        pager = (
            f'<nav class="pager"><a rel="next" href="{base}{page + 1}">Older stories</a></nav>\n'
        )
    core = f'<h1>{title}</h1>\n<div class="cards">\n{cards}</div>\n{pager}'
    return _laid("en", title, core, pieces[:3])


def section(pieces: Sequence[Piece], language: str) -> str:
    """All pieces of a language on one page; "" when there are none."""
    cards = "".join(map(_card, pieces))
    core = f'<h1>{_WORDS[language]["name"]}</h1>\n<div class="cards">\n{cards}</div>\n'
    return _laid(language, _WORDS[language]["name"], core, ()) if pieces else ""


def state(pieces: Sequence[Piece]) -> str:
    """A list that stands in a script only, `window.__STATE__ = {…};`, after another script."""
    value = {"page": {"title": "App"}, "feed": {"items": [_entry(piece) for piece in pieces]}}
    script = (
        "<script>window.__CONFIG__ = {api: '/api/articles', flags: {dark: true}};</script>\n"
        f"<script>window.__STATE__ = {_script(value)};\nwindow.start && start();</script>\n"
    )
    return _laid("en", "App", f'<div id="app"></div>\n{script}', ())


def next_data(pieces: Sequence[Piece]) -> str:
    """The same in the JSON element of a Next.js page."""
    items = [_entry(piece) for piece in pieces]
    value = {"props": {"pageProps": {"articles": items}}, "page": "/", "buildId": "x"}
    script = f'<script id="__NEXT_DATA__" type="application/json">{_script(value)}</script>\n'
    return _laid("en", "Next", f'<div id="__next"></div>\n{script}', ())


def _entry(piece: Piece) -> dict[str, Any]:
    return {
        "id": ids(piece),
        "slug": piece.slug,
        "headline": piece.title,
        "href": piece.path,
        "publishedAt": int(piece.when.timestamp() * 1000),
        "standfirst": piece.summary,
        "byline": piece.author,
    }


def _script(value: Any) -> str:
    """JSON that a script element can hold."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _card(piece: Piece) -> str:
    image = f'<img src="/images/{piece.image}" alt="" loading="lazy">' if piece.image else ""
    return (
        f'<section class="card"><a class="card__link" href="{piece.path}">{image}'
        f"<h2>{escape(piece.title, quote=False)}</h2></a>\n"
        f'<p class="card__summary">{escape(piece.summary)}</p>\n'
        f'<p class="card__meta"><span class="card__author">{escape(piece.author)}</span> '
        f'<time datetime="{piece.published}">{piece.when:%d.%m.%Y}</time></p></section>\n'
    )


def _page_link(piece: Piece, page: int, at: int) -> str:
    query = f"?page={at}" if at > 1 else ""
    return f"<span>{at}</span>" if at == page else f'<a href="{piece.path}{query}">{at}</a>'


def _escaped(piece: Piece) -> dict[str, str]:
    names = ("language", "section", "title", "summary", "author", "published")
    return {name: escape(getattr(piece, name)) for name in names}


def _meta(piece: Piece) -> str:
    """OpenGraph and JSON-LD, as search engines ask for them."""
    pairs = {
        "og:type": "article",
        "og:site_name": _WORDS[piece.language]["name"],
        "og:title": piece.title,
        "og:description": piece.summary,
        "og:url": piece.url,
        "og:image": piece.picture,
        "article:published_time": piece.published,
        "article:modified_time": piece.updated,
        "article:section": piece.section,
        "article:author": piece.author,
    }
    meta = "".join(
        f'<meta property="{name}" content="{escape(value)}">\n'
        for name, value in pairs.items()
        if value
    )
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": piece.url,
        "headline": piece.title,
        "description": piece.summary,
        "datePublished": piece.published,
        "dateModified": piece.updated,
        "author": [{"@type": "Person", "name": piece.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "Harbour Gazette", "url": ROOT},
        "image": [piece.picture] if piece.picture else [],
        "articleSection": piece.section,
        "keywords": list(piece.tags),
        "inLanguage": _WORDS[piece.language]["lang"],
    }
    return (
        f'<link rel="canonical" href="{piece.url}">\n'
        f'<meta name="description" content="{escape(piece.summary)}">\n{meta}'
        f'<script type="application/ld+json">{_script(linked)}</script>\n'
    )


def _laid(language: str, title: str, core: str, others: Sequence[Piece], meta: str = "") -> str:
    words = _WORDS[language]
    related = "".join(
        f'<li><a href="//{HOST}{other.path}">{escape(other.title)}</a></li>' for other in others
    )
    head = _HEAD.format(lang=words["lang"], name=words["name"], title=title, meta=meta)
    return head + core + _FOOT.format(more=words["more"], related=related)
