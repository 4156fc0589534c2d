"""What the pages of several articles show at one place, and generic extraction misses.

In: the pages of articles, with the title their list gave each and what was read of them. Out:
selectors of the fields that generic extraction does not find or is unsure of, and that all pages
show in an element with the same lasting name. Pure; called by `newsspider add`.
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

FEWEST = 3  # pages: of two, anything may be alike
_MOST_NODES = 5000
_MOST_TRIED = 12  # selectors of a field
_DEAREST = 1.5  # a name of looks is another with the next coat of paint (see `names`)
_CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.：][0-5]\d(?!\d)")
_NAMED = {
    "author": re.compile(r"author|byline|writer|reporter|autor|auteur|autore|zuozhe|jizhe", re.I),
    "source": re.compile(r"source|laiyuan|quelle|fuente|fonte|agency|media-?name", re.I),
    "summary": re.compile(r"summary|standfirst|lead|lede|dek|abstract|excerpt|chapo|zhaiyao", re.I),
}
_NO_NAME = re.compile(
    r"\d|[:：@|]|^(?:by|von|par|por|di|de)\b|来源|作者|记者|source", re.IGNORECASE
)
_Test = Callable[[str, "Seen"], bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """An article's page; the title that the list gave it; the fields read of it and where each
    stood, as `--explain` tells it; `now` and `zone` for its times."""

    tree: html.HtmlElement
    title: str
    fields: Mapping[str, object]
    origins: Mapping[str, str]
    now: datetime
    zone: ZoneInfo


def missed(pages: Sequence[Seen]) -> dict[str, str]:
    """Selectors of fields that generic extraction misses on these pages; {} of too few pages."""
    if len(pages) < FEWEST:
        return {}
    found = {}
    for name, test in _wanted(pages):
        if selector := _selector(pages, name, test):
            found[name] = selector
    return found


def _wanted(pages: Sequence[Seen]) -> Iterator[tuple[str, _Test]]:
    """The fields to look for, and what an element must say to be one."""
    titles = [page.fields.get("title") for page in pages]
    # A title that stands on every page is the site's.
    if len(set(titles)) < len(titles) or not all(titles):
        yield "title", lambda text, page: text == page.title
    times = [str(page.fields.get("time", "")) for page in pages]
    if all(not time or "T00:00:00" in time for time in times):
        yield "time", _tells_minutes
    for name in _NAMED:
        if not any(_is_sure(page, name) for page in pages):
            yield name, _is_lead if name == "summary" else _is_name


def _is_sure(page: Seen, name: str) -> bool:
    # The host stands in for a source that nobody names.
    return bool(page.fields.get(name)) and not page.origins.get(name, "").endswith("address")


def _tells_minutes(text: str, page: Seen) -> bool:
    if len(text) > 80 or not (DATE.search(text) and _CLOCK.search(text)):
        return False
    language = str(page.fields.get("language", ""))
    moment = read_time(text, now=page.now, zone=page.zone, language=language)
    return moment is not None and moment.precision is not Precision.DAY and moment.at <= page.now


def _is_name(text: str, page: Seen) -> bool:
    return 2 <= len(text) <= 40 and not _NO_NAME.search(text)


def _is_lead(text: str, page: Seen) -> bool:
    return 40 <= len(text) <= 600


def _selector(pages: Sequence[Seen], field: str, test: _Test) -> str:
    """The selector whose first element says the field on every page, the surest name first."""
    options: dict[str, float] = {}
    for element in _nodes(pages[0].tree):
        text = line(element)
        if not text or not test(text, pages[0]):
            continue
        for name, price in names(element).items():
            told = field not in _NAMED or _NAMED[field].search(name)
            if price <= _DEAREST and told:
                options.setdefault(f"{element.tag}{name}", price)
    for selector in sorted(options, key=lambda one: options[one])[:_MOST_TRIED]:
        said = [_first(page.tree, selector) for page in pages]
        if all(test(text, page) for text, page in zip(said, pages, strict=True)):
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
