"""The feeds and sitemaps that a page and a robots.txt name.

In: a page's tree, the text of a robots.txt. Out: Feeds, the page's own before the whole site's and
those of comments last; Sitemaps, those of news first. Called by `discover`; the probe spider reads
robots.txt with `sitemaps_of_robots`.
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
    # JSON Feed 1.0 used this type. So does WordPress for its REST API: the address decides.
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
    """Return the feeds that a page declares and those that it only links to, best first."""
    by_url: dict[str, Feed] = {}
    for url, title, kind in [*_declared(view), *_linked(view)]:
        comments = bool(_COMMENTS.search(title) or _COMMENTS.search(unquote(urlsplit(url).path)))
        own = not comments and _is_own(view, url, title)
        by_url.setdefault(url, Feed(url=url, title=title, kind=kind, own=own, comments=comments))
    ranked = sorted(list(by_url.values())[:_MOST], key=lambda feed: (feed.comments, not feed.own))
    return tuple(ranked)


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
    """Yield the anchors that look like feeds: by the end of their address, or by the word for a
    feed in their text. Only on the site's own hosts: the addresses of feed readers and share
    services contain `feed` too."""
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


def _is_own(view: View, url: str, title: str) -> bool:
    """Return whether a feed covers what this page shows.

    On the home page every feed does. Elsewhere its address continues the page's, or its address or
    title names the page's section. The home page of one of several languages (`/zh/`) counts as a
    section, because the site's feed is in another language.
    """
    page = [part for part in unquote(urlsplit(view.url).path).lower().split("/") if part]
    page = [part for part in page if not re.fullmatch(r"(?:index|default|list)(?:\.\w+)?", part)]
    if not page:
        return True
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    if parts[: len(page)] == page:
        return True
    section = re.sub(r"\.\w+$", "", page[-1])
    names = {*parts, *(re.sub(r"\.\w+$", "", part) for part in parts)}
    as_word = rf"(?<![^\W_]){re.escape(section)}(?![^\W_])"
    if section in names or re.search(as_word, urlsplit(url).query.lower()):
        return True
    words = {word.lower() for word in _WORD.findall(title)}
    return bool(words) and {word.lower() for word in _WORD.findall(section)} <= words


def sitemaps(view: View, robots: str = "") -> tuple[Sitemap, ...]:
    """Return the sitemaps that a page and a robots.txt name, those of news first."""
    urls = [
        url
        for link in view.tree.iter("link")
        if "sitemap" in (link.get("rel") or "").lower().split()
        if (url := absolute(link.get("href") or "", view.base))
    ]
    linked = [Sitemap(url=url, news=_is_news(url)) for url in dict.fromkeys(urls)]
    by_url = {sitemap.url: sitemap for sitemap in (*sitemaps_of_robots(robots), *linked)}
    return tuple(sorted(by_url.values(), key=lambda sitemap: not sitemap.news))


def sitemaps_of_robots(text: str) -> tuple[Sitemap, ...]:
    """Return the sitemaps that a robots.txt names, those of news first.

    sitemaps.org: `Sitemap:` and an absolute address, anywhere in the file.
    """
    urls: dict[str, None] = {}
    for row in text.lstrip("\ufeff").splitlines()[:20_000]:
        match = _SITEMAP.match(row[:4200])
        if match and (url := absolute(match[1], match[1])):
            urls.setdefault(url)
    all_sitemaps = [Sitemap(url=url, news=_is_news(url)) for url in list(urls)[:500]]
    return tuple(sorted(all_sitemaps, key=lambda sitemap: not sitemap.news))


def _is_news(url: str) -> bool:
    # The host does not count: otherwise every sitemap of news.example would be a news sitemap.
    parts = urlsplit(url)
    return bool(_NEWS.search(parts.path) or _NEWS.search(parts.query))
