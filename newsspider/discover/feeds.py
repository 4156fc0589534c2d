"""The feeds and sitemaps that a page and a robots.txt name.

In: a page's tree, the text of a robots.txt. Out: Feeds, the page's own before the whole site's and
those of comments last; Sitemaps, those of news first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from newsspider.discover.markup import line
from newsspider.discover.model import Feed, Sitemap, View
from newsspider.text.urls import absolute, same_site

_MOST = 50
_KINDS = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/x-rss+xml": "rss",
    "text/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    # JSON Feed 1.0 was told so; WordPress tells its REST API so too, and the name tells them apart.
    "application/json": "json",
    "application/xml": "rss",
    "text/xml": "rss",
}
_VAGUE = {"application/json", "application/xml", "text/xml"}
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss\d?|feeds?|atom|rdf)(?:[/._-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FEED_TEXT = re.compile(r"\b(?:rss|atom)\b|订阅源", re.IGNORECASE)
_XML = re.compile(r"\.(?:xml|rss|atom|rdf|json)$|/(?:feed|rss|atom)/?$", re.IGNORECASE)
_FEED_HOST = re.compile(r"(?:feeds?|rss)\d?\.|feeds?\.feedburner\.com$")
_COMMENTS = re.compile(
    r"comment|kommentar|coment[aá]rio|reacties|commenti|коммент|评论|評論|コメント|댓글",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_SITEMAP = re.compile(r"[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE)
_NEWS = re.compile(r"news|noticias|nachrichten|actu|google|latest|xinwen", re.IGNORECASE)


def feeds(view: View) -> tuple[Feed, ...]:
    """The feeds a page declares, then those it only links to, best first."""
    found: dict[str, Feed] = {}
    for url, title, kind in [*_declared(view), *_linked(view)]:
        comments = bool(_COMMENTS.search(title) or _COMMENTS.search(unquote(urlsplit(url).path)))
        own = not comments and _is_of(view, url, title)
        found.setdefault(url, Feed(url=url, title=title, kind=kind, own=own, comments=comments))
    best = sorted(list(found.values())[:_MOST], key=lambda feed: (feed.comments, not feed.own))
    return tuple(best)


def _declared(view: View) -> Iterator[tuple[str, str, str]]:
    for link in view.tree.iter("link"):
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        url = absolute(link.get("href") or "", view.base)
        if kind not in _KINDS or url is None:
            continue
        if kind not in _VAGUE or (_FEED_PATH.search(urlsplit(url).path) and "/wp-json/" not in url):
            yield url, " ".join((link.get("title") or "").split())[:200], _KINDS[kind]


def _linked(view: View) -> Iterator[tuple[str, str, str]]:
    """Anchors that look like feeds: an address that ends like one, on the site's own hosts (readers
    and share services have `feed` in theirs too), or the word itself on one that could be."""
    for anchor in view.tree.iter("a"):
        url = absolute(anchor.get("href") or "", view.base)
        if url is None:
            continue
        parts = urlsplit(url)
        if not (same_site(url, view.url) or _FEED_HOST.match(parts.hostname or "")):
            continue
        ends = bool(_XML.search(parts.path) or _FEED_HOST.match(parts.hostname or ""))
        named = bool(_FEED_PATH.search(parts.path))
        text = line(anchor) or anchor.get("title") or ""
        if (ends and named) or (_FEED_TEXT.search(text[:80]) and ends):
            kind = "json" if parts.path.endswith(".json") else "rss"
            yield url, " ".join(text.split())[:200], "atom" if "atom" in parts.path else kind


def _is_of(view: View, url: str, title: str) -> bool:
    """Whether a feed is of what this page shows: of the site on its home page; elsewhere one whose
    address goes on from the page's, or names its section, in the address or in the title. A home
    in one of several languages (`/zh/`) is a section: the site's feed is in another."""
    page = [part for part in unquote(urlsplit(view.url).path).lower().split("/") if part]
    page = [part for part in page if not re.fullmatch(r"(?:index|default|list)(?:\.\w+)?", part)]
    if not page:
        return True
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    if parts[: len(page)] == page:
        return True
    section = re.sub(r"\.\w+$", "", page[-1])
    names = {*parts, *(re.sub(r"\.\w+$", "", part) for part in parts)}
    asked = rf"(?<![^\W_]){re.escape(section)}(?![^\W_])"
    if section in names or re.search(asked, urlsplit(url).query.lower()):
        return True
    words = {word.lower() for word in _WORD.findall(title)}
    return bool(words) and {word.lower() for word in _WORD.findall(section)} <= words


def sitemaps(view: View, robots: str = "") -> tuple[Sitemap, ...]:
    """The sitemaps a page and a robots.txt name, those of news first."""
    named = [
        url
        for link in view.tree.iter("link")
        if "sitemap" in (link.get("rel") or "").lower().split()
        if (url := absolute(link.get("href") or "", view.base))
    ]
    told = [Sitemap(url=url, news=_is_news(url)) for url in dict.fromkeys(named)]
    both = {sitemap.url: sitemap for sitemap in (*sitemaps_of_robots(robots), *told)}
    return tuple(sorted(both.values(), key=lambda sitemap: not sitemap.news))


def sitemaps_of_robots(text: str) -> tuple[Sitemap, ...]:
    """The sitemaps a robots.txt names (sitemaps.org: `Sitemap:` and an absolute address, anywhere
    in the file), those of news first."""
    urls: dict[str, None] = {}
    for row in text.lstrip("\ufeff").splitlines()[:20_000]:
        match = _SITEMAP.match(row[:4200])
        if match and (url := absolute(match[1], match[1])):
            urls.setdefault(url)
    named = [Sitemap(url=url, news=_is_news(url)) for url in list(urls)[:500]]
    return tuple(sorted(named, key=lambda sitemap: not sitemap.news))


def _is_news(url: str) -> bool:
    # The host does not count: every sitemap of news.example would be one of news.
    parts = urlsplit(url)
    return bool(_NEWS.search(parts.path) or _NEWS.search(parts.query))
