"""Lists that a page loads from an interface (a JSON API).

In: a JSON answer, or a page whose HTML lacks its list. Out: the `listing:` of a site file, or
addresses of interfaces that are worth a request. No script is executed: an address is text in a
script or in an attribute. Called by `candidates` and by the probe spider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from newsspider.discover.model import State, View, literal
from newsspider.discover.state import json_states
from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.text.urls import absolute, same_site

_MOST = 3  # interfaces of a page that are worth a request
_MOST_TEXT = 300_000  # characters of a page's scripts that are searched
_QUOTED = re.compile(r"""["'`]((?:https?:)?/[^"'`\s<>\\]{4,300})["'`]""")
# `/api/v1/articles?page=`, `/ajax/list.json`, `/roll/getList.do`: named for programs.
_INTERFACE = re.compile(
    r"/(?:api|ajax|rest|json|data|graphql|wp-json)/|\.json(?:$|\?)|/(?:get)?\w*list\w*\.(?:do|php|aspx)\b",
    re.IGNORECASE,
)
_ABOUT_NEWS = re.compile(r"news|article|stor(?:y|ies)|posts?|list|feed|roll|latest", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$?\{[^{}]{0,60}\}")  # in a template: `?page=${page}`
_NUMBERED = re.compile(r"([?&](?:p|pn|pg|page\w{0,8}|\w{1,8}page)=)([01])(?=&|$)", re.IGNORECASE)
_COUNTED = re.compile(r"([?&](?:offset|start|from|skip)=)0(?=&|$)", re.IGNORECASE)


def json_listings(page: Page) -> Iterator[dict[str, Any]]:
    """Yield the lists of articles in a JSON answer, best first, as the `listing:` of a site
    file."""
    try:
        value = page.document.value
    except NotReadable:
        return
    for state in json_states(View(html.Element("html"), page.url, page.url), value)[:2]:
        yield {
            "kind": "json",
            **_paged(page.url, state),
            "items": state.items,
            "fields": dict(state.fields),
        }


def _paged(url: str, state: State) -> dict[str, Any]:
    """Return the address, with a variable in place of its page number or offset."""
    url = literal(url)
    if match := _NUMBERED.search(url):
        paging: dict[str, Any] = {"url": f"{url[: match.end(1)]}{{page}}{url[match.end(2) :]}"}
        return paging if match[2] == "1" else {**paging, "first_page": 0}
    if match := _COUNTED.search(url):
        template = f"{url[: match.end(1)]}{{offset}}{url[match.end() :]}"
        return {"url": template, "step": len(state.links)}
    return {"url": url}


def interfaces(page: Page) -> tuple[str, ...]:
    """Return at most three addresses in the page that look like interfaces of a list of articles,
    the likeliest first."""
    try:
        tree = page.document.tree
    except NotReadable:
        return ()
    base = page.document.base
    urls: dict[str, None] = {}
    for text in _address_texts(tree):
        url = absolute(_first_page(text), base)
        if url and same_site(url, page.url) and _INTERFACE.search(url):
            urls.setdefault(url)
    parts = {url: urlsplit(url) for url in urls}
    ranked = sorted(urls, key=lambda url: not _ABOUT_NEWS.search(parts[url].path))
    return tuple(ranked[:_MOST])


def _address_texts(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the texts of a page that may be addresses: data attributes, strings in scripts."""
    for element in tree.xpath("//body//*[@*[starts-with(name(), 'data-')]]")[:2000]:
        yield from (str(value)[:300] for key, value in element.items() if key.startswith("data-"))
    left = _MOST_TEXT
    for script in tree.iter("script"):
        text = (script.text or "")[:left]
        left -= len(text)
        yield from (match[1].replace("\\/", "/") for match in _QUOTED.finditer(text))


def _first_page(text: str) -> str:
    """Return the address a script would request first, with the number of the first page in place
    of a placeholder or at its end."""
    text = _PLACEHOLDER.sub("1", text)
    return f"{text}1" if re.search(r"[?&]\w*(?:page|p|pn)=$", text, re.IGNORECASE) else text
