"""Where the next page of a listing is: a selector of its link, or an address with {page}.

In: a View. Out: a Pager or None. Tried in order: what the page declares (`rel=next`), a link with
the words for it in one of many languages, a link with such a name (`class="next"`), the number
after the current one, and last the page numbers in the addresses. Called by `discover`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from newsspider.discover.markup import line, names, tokens
from newsspider.discover.model import Pager, View, literal
from newsspider.languages import compiled
from newsspider.text.urls import absolute, canonical, same_site
from newsspider.text.xpath import compiled_selector

_MOST = 3000  # links searched
# Compared without arrows, outer spaces and capitals. A link with more words means something else.
_WORDS = compiled("next", "older")
_ARROWS = re.compile(r"[\s«»‹›<>→⟩❯▶►≫>·|.…]+")
_ARROW = re.compile(r"\s*(?:»|›|>|→|⟩|❯|▶|►|≫|>>)\s*")
_NEXT_NAME = re.compile(
    r"(?:\w+-)*(?:next|older)(?:[-_](?:page|posts?|link|btn|button|item))?|(?:page|pager|pagination)next"
    r"|nextpage|btn-next",
    re.IGNORECASE,
)
_PAGER_NAME = re.compile(
    r"pag(?:e|er|es|ing|ination|inate|inator|enav\w*|ebar)(?:$|[-_s])|pages?\b|pagenavi|page-numbers",
    re.IGNORECASE,
)
_CURRENT = re.compile(r"active|current|cur|curr|on|selected|now|this|thispage", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w%])\d{1,4}(?![\w%])|(?<=[_/pP])\d{1,4}(?=\.|/|$|-)")


def pager(view: View) -> Pager | None:
    """Return the way from this page to the next of the same listing; None without one."""
    links = _links(view)
    for find in (_declared, _worded, _named):
        for selector, element in find(view, links):
            url = _target(view, element)
            if not url or (find is not _declared and not _goes_on(url, view.url)):
                continue
            if _first(view, selector) == url:
                return Pager(url=url, next=selector)
    return _numbered(view, links)


def _links(view: View) -> list[etree._Element]:
    links = []
    for element in view.tree.iter("a"):
        if element.get("href"):
            links.append(element)
        if len(links) == _MOST:
            break
    return links


def _target(view: View, element: etree._Element) -> str:
    url = absolute(element.get("href") or "", view.base) or ""
    usable = url and same_site(url, view.url) and canonical(url) != canonical(view.url)
    return url if usable else ""


def _goes_on(url: str, page: str) -> bool:
    """Return whether `url` is a further page of `page`: below it, or beside it with a number. The
    link of a section, a product or a slide may have the text "Next" too."""
    target, current = urlsplit(url), urlsplit(page)
    stem = re.sub(r"(?:index|default)?(?:\.\w+)?$", "", current.path).rstrip("/")
    stem = re.sub(r"(?:[/_-](?:page[/_-]?)?\d{1,4})$", "", stem)
    if target.path.startswith(stem) and (stem or target.query or _NUMBER.search(target.path)):
        return True
    beside = target.path.rpartition("/")[0] == current.path.rpartition("/")[0]
    return beside and bool(_NUMBER.search(target.path) or target.query)


def _first(view: View, selector: str) -> str:
    """Return the address that a listing with this `next` would go to, or ""."""
    values: Any = compiled_selector(selector)(view.tree)
    return (absolute(str(values[0]), view.base) or "") if values else ""


_Options = Iterator[tuple[str, etree._Element]]


def _declared(view: View, links: list[etree._Element]) -> _Options:
    for tag in ("a", "link"):
        for element in view.tree.iter(tag):
            if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
                yield f'{tag}[rel~="next"]::attr(href)', element


def _worded(view: View, links: list[etree._Element]) -> _Options:
    for element in reversed(links):  # a pager is below its list; above may be a carousel
        text = line(element)
        if len(text) > 60:
            continue
        labels = [text, element.get("title") or "", element.get("aria-label") or ""]
        if any(_WORDS.fullmatch(_ARROWS.sub(" ", label[:60]).strip()) for label in labels) or (
            _ARROW.fullmatch(text) and _is_pager(element)
        ):
            yield from _options(element, text)


def _named(view: View, links: list[etree._Element]) -> _Options:
    for element in reversed(links):
        parent = element.getparent()
        boxes = [element] if parent is None else [element, parent]
        if any(_NEXT_NAME.fullmatch(token) for box in boxes for token in tokens(box)) and (
            _is_pager(element)
        ):
            yield from _options(element, "")


def _options(element: etree._Element, text: str) -> _Options:
    """Yield selectors of a link: by its name, then by its place, then by its text."""
    own = [name for name in names(element) if _NEXT_NAME.search(name)]
    yield from ((f"a{name}::attr(href)", element) for name in own)
    parent = element.getparent()
    if parent is not None:
        over = [name for name in names(parent) if _NEXT_NAME.search(name)]
        yield from ((f"{parent.tag}{name} a::attr(href)", element) for name in over)
    for attribute in ("title", "aria-label"):
        label = element.get(attribute) or ""
        if label and len(label) < 40 and _WORDS.fullmatch(_ARROWS.sub(" ", label).strip()):
            yield f"//a[@{attribute}={_quoted(label)}]/@href", element
    if text:
        yield f"//a[normalize-space(.)={_quoted(text)}]/@href", element
    for box in list(element.iterancestors())[:3]:
        for name in names(box):
            if text and _PAGER_NAME.search(name) and name[0] in ".#":
                link = f"//a[normalize-space(.)={_quoted(text)}]/@href"
                key = "id" if name[0] == "#" else "class"
                yield f"//*[contains(@{key},{_quoted(name[1:])})]{link}", element


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", " ") + "'"


def _is_pager(element: etree._Element) -> bool:
    """Return whether a link is among page numbers, or in a box with the name of a pager."""
    for box in list(element.iterancestors())[:3]:
        box_names = [box.get("id") or "", *tokens(box)]
        if any(_PAGER_NAME.match(name) for name in box_names) or _numbers(box):
            return True
    return False


def _numbers(box: etree._Element) -> list[etree._Element]:
    """Return the page numbers among the links of a small box; [] for fewer than two."""
    anchors = [a for _, a in zip(range(40), box.iter("a"), strict=False)]
    numbers = [a for a in anchors if re.fullmatch(r"[\[(]?\d{1,4}[\])]?", line(a)[:8])]
    return numbers if len(numbers) > 1 and len(numbers) >= len(anchors) / 3 else []


def _numbered(view: View, links: list[etree._Element]) -> Pager | None:
    """Return the pager by the link to page 2: by the mark on the current number before it, else by
    the number in its address."""
    for element in links:
        if not re.fullmatch(r"[\[(]?2[\])]?", line(element)[:8]):
            continue
        url = _target(view, element)
        if not url or not (_is_pager(element) or _template(url, view.url)):
            continue
        for selector in _after_current(element):
            if _first(view, selector) == url:
                return Pager(url=url, next=selector)
        if numbered := _template(url, view.url):
            template, first_page = numbered
            return Pager(url=url, template=template, first_page=first_page)
    return None


def _after_current(element: etree._Element) -> Iterator[str]:
    """Yield selectors such as `.pages b + a`: the link right after the current page number, which
    is marked or not a link."""
    parent = element.getparent()
    step = element if parent is None or len(_numbers(parent)) else parent
    before, box = step.getprevious(), step.getparent()
    if before is None or box is None or not isinstance(before.tag, str):
        return
    marks = [f".{token}" for token in tokens(before) if _CURRENT.fullmatch(token)]
    if before.get("aria-current"):
        marks.append("[aria-current]")
    inner = "" if step is element else " a"
    outer = [name for name, price in names(box).items() if price < 3]
    for mark in marks:
        yield from (f"{o} {mark} + {step.tag}{inner}::attr(href)" for o in outer)
        yield f"{before.tag}{mark} + {step.tag}{inner}::attr(href)"
    if before.tag != step.tag and line(before)[:8].strip("[]()") == "1":
        yield from (f"{o} {before.tag} + {step.tag}{inner}::attr(href)" for o in outer)


def _template(second: str, page: str) -> tuple[str, int] | None:
    """Return the address of page 2 with {page} for its number, and the number of page 1.

    None where page 1 has no such address. It has one with a parameter, or with a folder
    (`/page/2/`: WordPress and others answer for 1 too); before `list_2.html` comes `list.html`, not
    `list_1.html`.
    """
    parts = urlsplit(second)
    clean = literal(second)
    start = len(clean) - len(parts.query) if parts.query else 0
    for match in _NUMBER.finditer(parts.query):
        name = parts.query[: match.start()].rpartition("&")[2].rstrip("=")
        if match[0] in ("1", "2") and re.search(r"^p$|pag|seite|start|^pg?n?o?$", name, re.I):
            at = start + match.start()
            return clean[:at] + "{page}" + clean[at + 1 :], int(match[0]) - 1
    folder = re.search(r"/(?:page|seite|pagina|p|strona|sivu|sida|side)[/-]?2(?=/|$)", parts.path)
    if folder and urlsplit(page).path.rstrip("/") == parts.path[: folder.start()].rstrip("/"):
        at = clean.index(folder[0]) + len(folder[0]) - 1
        return clean[:at] + "{page}" + clean[at + 1 :], 1
    return None
