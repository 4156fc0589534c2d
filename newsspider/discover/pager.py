"""Where the next page of a listing is: a selector of its link, or an address with {page}.

In: a View. Out: a Pager or None. In order: what the page declares (`rel=next`), a link that says it
in one of many languages, a link named so (`class="next"`), the number after the current one, and at
last the numbers themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from newsspider.discover.markup import line, names, tokens
from newsspider.discover.model import Pager, View
from newsspider.languages import compiled
from newsspider.text.selectors import compiled_selector
from newsspider.text.urls import absolute, canonical, same_site

_MOST = 3000  # links looked at
# Without arrows, spaces at the ends and capitals; a link that says more says something else.
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
    """How to get from this page to the next of the same listing; None where nothing shows it."""
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
    found = []
    for element in view.tree.iter("a"):
        if element.get("href"):
            found.append(element)
        if len(found) == _MOST:
            break
    return found


def _target(view: View, element: etree._Element) -> str:
    url = absolute(element.get("href") or "", view.base) or ""
    usable = url and same_site(url, view.url) and canonical(url) != canonical(view.url)
    return url if usable else ""


def _goes_on(url: str, page: str) -> bool:
    """Whether an address is a further page of this one: under it, or beside it with a number. A
    section, a product or a slide may be called "Next" too."""
    there, here = urlsplit(url), urlsplit(page)
    stem = re.sub(r"(?:index|default)?(?:\.\w+)?$", "", here.path).rstrip("/")
    stem = re.sub(r"(?:[/_-](?:page[/_-]?)?\d{1,4})$", "", stem)
    if there.path.startswith(stem) and (stem or there.query or _NUMBER.search(there.path)):
        return True
    beside = there.path.rpartition("/")[0] == here.path.rpartition("/")[0]
    return beside and bool(_NUMBER.search(there.path) or there.query)


def _first(view: View, selector: str) -> str:
    """What a listing with this `next` would go to."""
    found: Any = compiled_selector(selector)(view.tree)
    return (absolute(str(found[0]), view.base) or "") if found else ""


_Options = Iterator[tuple[str, etree._Element]]


def _declared(view: View, links: list[etree._Element]) -> _Options:
    for tag in ("a", "link"):
        for element in view.tree.iter(tag):
            if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
                yield f'{tag}[rel~="next"]::attr(href)', element


def _worded(view: View, links: list[etree._Element]) -> _Options:
    for element in reversed(links):  # a pager stands below its list; above may be a carousel
        text = line(element)
        if len(text) > 60:
            continue
        told = [text, element.get("title") or "", element.get("aria-label") or ""]
        if any(_WORDS.fullmatch(_ARROWS.sub(" ", one[:60]).strip()) for one in told) or (
            _ARROW.fullmatch(text) and _is_pager(element)
        ):
            yield from _options(element, text)


def _named(view: View, links: list[etree._Element]) -> _Options:
    for element in reversed(links):
        parent = element.getparent()
        held = [element] if parent is None else [element, parent]
        if any(_NEXT_NAME.fullmatch(token) for box in held for token in tokens(box)) and (
            _is_pager(element)
        ):
            yield from _options(element, "")


def _options(element: etree._Element, text: str) -> _Options:
    """Selectors of a link, by what it is called, then by where it is, then by what it says."""
    own = [name for name in names(element) if _NEXT_NAME.search(name)]
    yield from ((f"a{name}::attr(href)", element) for name in own)
    parent = element.getparent()
    if parent is not None:
        over = [name for name in names(parent) if _NEXT_NAME.search(name)]
        yield from ((f"{parent.tag}{name} a::attr(href)", element) for name in over)
    for attribute in ("title", "aria-label"):
        said = element.get(attribute) or ""
        if said and len(said) < 40 and _WORDS.fullmatch(_ARROWS.sub(" ", said).strip()):
            yield f"//a[@{attribute}={_quoted(said)}]/@href", element
    if text:
        yield f"//a[normalize-space(.)={_quoted(text)}]/@href", element
    for box in list(element.iterancestors())[:3]:
        for name in names(box):
            if text and _PAGER_NAME.search(name) and name[0] in ".#":
                said = f"//a[normalize-space(.)={_quoted(text)}]/@href"
                key = "id" if name[0] == "#" else "class"
                yield f"//*[contains(@{key},{_quoted(name[1:])})]{said}", element


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", " ") + "'"


def _is_pager(element: etree._Element) -> bool:
    """Whether a link stands among page numbers, or in a box called a pager."""
    for box in list(element.iterancestors())[:3]:
        held = [box.get("id") or "", *tokens(box)]
        if any(_PAGER_NAME.match(name) for name in held) or _numbers(box):
            return True
    return False


def _numbers(box: etree._Element) -> list[etree._Element]:
    """The links in a box that are page numbers, when there are at least two in a small box."""
    anchors = [a for _, a in zip(range(40), box.iter("a"), strict=False)]
    found = [a for a in anchors if re.fullmatch(r"[\[(]?\d{1,4}[\])]?", line(a)[:8])]
    return found if len(found) > 1 and len(found) >= len(anchors) / 3 else []


def _numbered(view: View, links: list[etree._Element]) -> Pager | None:
    """Page 2's link: by the mark on the current number before it, else by the numbers in the
    addresses."""
    for element in links:
        if not re.fullmatch(r"[\[(]?2[\])]?", line(element)[:8]):
            continue
        url = _target(view, element)
        if not url or not (_is_pager(element) or _template(url, view.url)):
            continue
        for selector in _after_current(element):
            if _first(view, selector) == url:
                return Pager(url=url, next=selector)
        if made := _template(url, view.url):
            return Pager(url=url, template=made[0], first_page=made[1])
    return None


def _after_current(element: etree._Element) -> Iterator[str]:
    """`.pages b + a`: the link right after what is no link or is marked."""
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
    """An address with {page} in the place where page 2's has its number, and the number of page 1.

    Only where page 1 has such an address too: as a parameter, or as a folder (`/page/2/`, which
    WordPress and others answer for 1). `list_2.html` has a `list.html` before it, not a `list_1`.
    """
    parts = urlsplit(second)
    clean = second.replace("{", "%7B").replace("}", "%7D")
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
