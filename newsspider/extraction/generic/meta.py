"""The small facts of a page: language, canonical address, summary, tags, and the zone of its times.

In: the tree, what the page says for machines, its lines, its address. Out: a value and where it
came from, "" where nobody says it.
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

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}|[a-z]{2}))?(?:[-_].*)?$", re.I)


def find_language(
    tree: html.HtmlElement, said: Structured, lines: Sequence[Line]
) -> tuple[str, str]:
    """The language of the text, as BCP 47 (`de`, `zh-CN`)."""
    text = " ".join(line.text for line in lines if len(line.text) > 30)[:4000]
    for value, origin in (
        (tree.get("lang") or tree.get("xml:lang") or "", "html"),
        (plain(said.article.get("inLanguage")), "json-ld"),
        (said.first("content-language", "og:locale", "language", "dc.language"), "meta"),
    ):
        if m := _LANGUAGE.match(value.strip()):
            told = m[1].lower() + (f"-{_region(m[2])}" if m[2] else "")
            found = metadata.language(text, told)
            return found, origin if found == told else "text"
    found = metadata.language(text, "")
    return found, "text" if found else ""


def _region(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title()


def find_summary(said: Structured) -> tuple[str, str]:
    """The description the page gives of its article."""
    for value, origin in (
        (said.first("og:description"), "opengraph"),
        (said.first("description", "twitter:description", "dc.description"), "meta"),
        (plain(said.article.get("description")), "json-ld"),
    ):
        if value:
            return value[:1000], origin
    return "", ""


def find_tags(said: Structured) -> tuple[tuple[str, ...], str]:
    """The keywords of the article."""
    for values, origin in (
        (_words(said.article.get("keywords")), "json-ld"),
        (list(said.meta.get("article:tag", ())), "opengraph"),
        (_words(said.first("news_keywords", "keywords", "parsely-tags")), "meta"),
    ):
        if tags := metadata.tags(values):
            return tags, origin
    return (), ""


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [plain(word) for word in metadata.split_tags(value)]
    return [plain(word) for word in value[:100]] if isinstance(value, list) else []


def find_canonical(tree: html.HtmlElement, said: Structured, url: str) -> tuple[str, str]:
    """The address the page calls its own; only one of the same host, and not the home page."""
    links = [a.get("href") or "" for a in tree.iter("link") if _is_canonical(a.get("rel"))]
    for href, origin in [(href, "html") for href in links[:3]] + [
        (said.first("og:url"), "opengraph")
    ]:
        found = urls.post_link(href, url) if href else None
        if found and urls.host(found) == urls.host(url) and urlsplit(found).path not in ("", "/"):
            return found, origin
    return "", ""


def _is_canonical(rel: str | None) -> bool:
    return "canonical" in (rel or "").lower().split()
