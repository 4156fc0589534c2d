"""Selectors for article fields that generic extraction misses.

In: the pages of several articles, each with its title in the listing and its extracted fields.
Out: a selector for each field that generic extraction misses or is unsure of, and that every page
shows in an element with the same lasting name. Pure; `authoring.write_definition` calls it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree, html

from newsspider.dates import Precision, read_time
from newsspider.discover.markup import line, names
from newsspider.discover.scoring import DATE
from newsspider.text.selectors import elements

FEWEST = 3  # pages: two may look alike by chance
_MOST_NODES = 5000
_MOST_TRIED = 12  # selectors of a field
_DEAREST = 1.5  # a name that describes looks changes with the next redesign (see `names`)
_CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.：][0-5]\d(?!\d)")
_NAMED = {
    "author": re.compile(r"author|byline|writer|reporter|autor|auteur|autore|zuozhe|jizhe", re.I),
    "source": re.compile(r"source|laiyuan|quelle|fuente|fonte|agency|media-?name", re.I),
    "summary": re.compile(r"summary|standfirst|lead|lede|dek|abstract|excerpt|chapo|zhaiyao", re.I),
}
_NO_NAME = re.compile(
    r"\d|[:：@|]|^(?:by|von|par|por|di|de)\b|来源|作者|记者|source", re.IGNORECASE
)
_Test = Callable[[str, "ArticlePage"], bool]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article's page: `title` from the listing, the extracted fields and the origin of each (as
    `--explain` shows them), `now` and `zone` for reading times."""

    tree: html.HtmlElement
    title: str
    fields: Mapping[str, object]
    origins: Mapping[str, str]
    now: datetime
    zone: ZoneInfo


def missing_fields(pages: Sequence[ArticlePage]) -> dict[str, str]:
    """Return a selector for each field that generic extraction misses on these pages; {} for fewer
    than three pages."""
    if len(pages) < FEWEST:
        return {}
    selectors = {}
    for name, test in _wanted(pages):
        if selector := _selector(pages, name, test):
            selectors[name] = selector
    return selectors


def _wanted(pages: Sequence[ArticlePage]) -> Iterator[tuple[str, _Test]]:
    """Yield the fields to look for, each with the test that an element's text must pass."""
    titles = [page.fields.get("title") for page in pages]
    # A title that is the same on two pages belongs to the site.
    if len(set(titles)) < len(titles) or not all(titles):
        yield "title", lambda text, page: text == page.title
    times = [str(page.fields.get("time", "")) for page in pages]
    if all(not time or "T00:00:00" in time for time in times):
        yield "time", _has_minutes
    for name in _NAMED:
        if not any(_is_sure(page, name) for page in pages):
            yield name, _is_lead if name == "summary" else _is_name


def _is_sure(page: ArticlePage, name: str) -> bool:
    # Where a page names no source, the source is the host of its address.
    return bool(page.fields.get(name)) and not page.origins.get(name, "").endswith("address")


def _has_minutes(text: str, page: ArticlePage) -> bool:
    """Return whether a text is a past time with a time of day."""
    if len(text) > 80 or not (DATE.search(text) and _CLOCK.search(text)):
        return False
    language = str(page.fields.get("language", ""))
    moment = read_time(text, now=page.now, zone=page.zone, language=language)
    return moment is not None and moment.precision is not Precision.DAY and moment.at <= page.now


def _is_name(text: str, page: ArticlePage) -> bool:
    return 2 <= len(text) <= 40 and not _NO_NAME.search(text)


def _is_lead(text: str, page: ArticlePage) -> bool:
    return 40 <= len(text) <= 600


def _selector(pages: Sequence[ArticlePage], field: str, test: _Test) -> str:
    """Return a selector whose first element passes the test on every page; "" without one.

    Selectors with the surest names are tried first.
    """
    options: dict[str, float] = {}
    for element in _nodes(pages[0].tree):
        text = line(element)
        if not text or not test(text, pages[0]):
            continue
        for name, price in names(element).items():
            names_field = field not in _NAMED or _NAMED[field].search(name)
            if price <= _DEAREST and names_field:
                options.setdefault(f"{element.tag}{name}", price)
    for selector in sorted(options, key=lambda option: options[option])[:_MOST_TRIED]:
        texts = [_first(page.tree, selector) for page in pages]
        if all(test(text, page) for text, page in zip(texts, pages, strict=True)):
            return selector
    return ""


def _nodes(tree: html.HtmlElement) -> Iterator[etree._Element]:
    body = tree.find("body")
    for count, element in enumerate(body.iter(etree.Element) if body is not None else ()):
        if count > _MOST_NODES:
            return
        if element.tag not in ("script", "style", "noscript", "template"):
            yield element


def _first(tree: html.HtmlElement, selector: str) -> str:
    return next((line(element) for element in elements(tree, selector)), "")
