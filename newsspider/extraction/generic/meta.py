"""Language, canonical address, section, summary and tags of an article.

In: the tree of a page, its structured data, its lines, its address. Out: a value and its origin,
both empty if the page has no value. Called by `extract`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from newsspider.clean import metadata
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured, plain
from newsspider.text import urls

_LONGEST_SECTION = 100  # characters
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}|[a-z]{2}))?(?:[-_].*)?$", re.I)


def find_language(
    tree: html.HtmlElement, structured: Structured, lines: Sequence[Line]
) -> tuple[str, str]:
    """Return the language of the text as BCP 47 (`de`, `zh-CN`), and its origin.

    The script of the text corrects the language that the page declares."""
    text = " ".join(line.text for line in lines if len(line.text) > 30)[:4000]
    for value, origin in (
        (tree.get("lang") or tree.get("xml:lang") or "", "html"),
        (plain(structured.article.get("inLanguage")), "json-ld"),
        (structured.first("content-language", "og:locale", "language", "dc.language"), "meta"),
    ):
        if m := _LANGUAGE.match(value.strip()):
            declared = m[1].lower() + (f"-{_region(m[2])}" if m[2] else "")
            language = metadata.language(text, declared)
            return language, origin if language == declared else "text"
    language = metadata.language(text, "")
    return language, "text" if language else ""


def _region(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title()


def find_summary(structured: Structured) -> tuple[str, str]:
    """Return the page's description of its article, at most 1,000 characters, and its origin."""
    for value, origin in (
        (structured.first("og:description"), "opengraph"),
        (structured.first("description", "twitter:description", "dc.description"), "meta"),
        (plain(structured.article.get("description")), "json-ld"),
    ):
        if value:
            return value[:1000], origin
    return "", ""


def find_section(structured: Structured) -> tuple[str, str]:
    """Return the section that the page files its article under, and its origin."""
    for value, origin in (
        (structured.first("article:section", "og:article:section"), "opengraph"),
        (plain(structured.article.get("articleSection")), "json-ld"),
    ):
        if value and not value.startswith(("http://", "https://")):
            return value[:_LONGEST_SECTION], origin
    return "", ""


def find_tags(structured: Structured) -> tuple[tuple[str, ...], str]:
    """Return the keywords of the article, and their origin."""
    for values, origin in (
        (_words(structured.article.get("keywords")), "json-ld"),
        (list(structured.meta.get("article:tag", ())), "opengraph"),
        (_words(structured.first("news_keywords", "keywords", "parsely-tags")), "meta"),
    ):
        if tags := metadata.tags(values):
            return tags, origin
    return (), ""


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [plain(word) for word in metadata.split_tags(value)]
    return [plain(word) for word in value[:100]] if isinstance(value, list) else []


# What a template leaves where nothing fills it: `{{url}}`, `undefined`.
_UNFILLED = re.compile(r"[{}]|<%|\[\[|(?:^|/)(?:undefined|null|none|false|nan)/?$", re.I)


def find_canonical(tree: html.HtmlElement, structured: Structured, url: str) -> tuple[str, str]:
    """Return the canonical address that the page declares, and its origin.

    It counts only if it is on the host of `url` and not the home page."""
    links = [a.get("href") or "" for a in tree.iter("link") if _is_canonical(a.get("rel"))]
    for href, origin in [(href, "html") for href in links[:3]] + [
        (structured.first("og:url"), "opengraph")
    ]:
        if not href or _UNFILLED.search(href):
            continue
        address = urls.post_link(urls.with_scheme(href, url), url)
        if not address or urls.host(address) != urls.host(url):
            continue
        if urlsplit(address).path not in ("", "/"):
            return urls.of_page(address), origin
    return "", ""


def _is_canonical(rel: str | None) -> bool:
    return "canonical" in (rel or "").lower().split()
