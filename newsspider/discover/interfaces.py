"""Lists that a page loads from an interface: what answers in JSON, and where a page names one.

In: an answer that is JSON, or a page whose list is not in it. Out: the `listing:` of a site file,
or addresses worth asking. Nothing of the page is executed: an address is text in a script of it or
an attribute. Called by `listing_candidates` and by the probe spider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from newsspider.discover.model import State, View
from newsspider.discover.state import lists_of
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.text.urls import absolute, same_site

_MOST = 3  # interfaces of a page that are asked
_MOST_TEXT = 300_000  # characters of a page's scripts looked through
_QUOTED = re.compile(r"""["'`]((?:https?:)?/[^"'`\s<>\\]{4,300})["'`]""")
# `/api/v1/articles?page=`, `/ajax/list.json`, `/roll/getList.do`: named for programs.
_INTERFACE = re.compile(
    r"/(?:api|ajax|rest|json|data|graphql|wp-json)/|\.json(?:$|\?)|/(?:get)?\w*list\w*\.(?:do|php|aspx)\b",
    re.IGNORECASE,
)
_ABOUT_NEWS = re.compile(r"news|article|stor(?:y|ies)|posts?|list|feed|roll|latest", re.IGNORECASE)
_OPEN = re.compile(r"\$?\{[^{}]{0,60}\}")  # of a template: `?page=${page}`
_NUMBERED = re.compile(r"([?&](?:p|pn|pg|page\w{0,8}|\w{1,8}page)=)([01])(?=&|$)", re.IGNORECASE)
_COUNTED = re.compile(r"([?&](?:offset|start|from|skip)=)0(?=&|$)", re.IGNORECASE)


def of_json(page: Page) -> Iterator[dict[str, Any]]:
    """The lists of articles in a JSON answer, best first, as the `listing:` of a site file."""
    try:
        value = page.document.value
    except NotReadable:
        return
    for state in lists_of(View(html.Element("html"), page.url, page.url), value)[:2]:
        yield {
            "kind": "json",
            **_paged(page.url, state),
            "items": state.items,
            "fields": dict(state.fields),
        }


def _paged(url: str, state: State) -> dict[str, Any]:
    """The address with a variable where the number of its page stands."""
    url = url.replace("{", "%7B").replace("}", "%7D")
    if match := _NUMBERED.search(url):
        told: dict[str, Any] = {"url": f"{url[: match.end(1)]}{{page}}{url[match.end(2) :]}"}
        return told if match[2] == "1" else {**told, "first_page": 0}
    if match := _COUNTED.search(url):
        there = f"{url[: match.end(1)]}{{offset}}{url[match.end() :]}"
        return {"url": there, "step": len(state.links)}
    return {"url": url}


def interfaces(page: Page) -> tuple[str, ...]:
    """Addresses in the page that look like interfaces of a list of articles, likeliest first."""
    try:
        tree = page.document.tree
    except NotReadable:
        return ()
    base = page.document.base
    found: dict[str, None] = {}
    for text in _named(tree):
        url = absolute(_first_page(text), base)
        if url and same_site(url, page.url) and _INTERFACE.search(url):
            found.setdefault(url)
    parts = {url: urlsplit(url) for url in found}
    told = sorted(found, key=lambda url: not _ABOUT_NEWS.search(parts[url].path))
    return tuple(told[:_MOST])


def _named(tree: html.HtmlElement) -> Iterator[str]:
    for element in tree.xpath("//body//*[@*[starts-with(name(), 'data-')]]")[:2000]:
        yield from (str(value)[:300] for key, value in element.items() if key.startswith("data-"))
    left = _MOST_TEXT
    for script in tree.iter("script"):
        text = (script.text or "")[:left]
        left -= len(text)
        yield from (match[1].replace("\\/", "/") for match in _QUOTED.finditer(text))


def _first_page(text: str) -> str:
    """What a script would ask first: the number of a page is added to the text, or put into it."""
    text = _OPEN.sub("1", text)
    return f"{text}1" if re.search(r"[?&]\w*(?:page|p|pn)=$", text, re.IGNORECASE) else text
