"""The lists of article links of a page, told from navigation, sidebars and footers.

In: a View. Out: LinkLists, best first. What counts: that the links read and look like articles',
how many there are, that times and summaries stand beside them, that they are of the page's own
section, and where on the page the list is; no rule is for a site or a language's words alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from pydantic import ValidationError

from newsspider.discover.entries import fields
from newsspider.discover.groups import (
    FEWEST,
    GOOD,
    HEADINGS,
    Group,
    anchors,
    groups,
    name_by_headings,
    spread,
)
from newsspider.discover.markup import line, tokens
from newsspider.discover.model import FieldRule, LinkList, View
from newsspider.discover.scoring import DATE, title_worth, url_worth
from newsspider.discover.selectors import items_selector
from newsspider.errors import NotReadable
from newsspider.model import Link
from newsspider.sites.listings import HtmlListing
from newsspider.text.characters import width
from newsspider.text.selectors import elements, html_field
from newsspider.text.urls import absolute, same_site

_LEAST = 0.2  # score of what is worth offering
_FULL = 20  # entries of a page of a listing, as most sites have it
_OUTSIDE = {"nav": 0.15, "footer": 0.15, "aside": 0.3, "header": 0.5, "form": 0.3}
_ROLES = {"navigation": 0.15, "menu": 0.15, "menubar": 0.15, "contentinfo": 0.15} | {
    "complementary": 0.3,
    "banner": 0.5,
}
_INSIDE = re.compile(r"main|content|primary|center|centre|middle", re.IGNORECASE)
_BESIDE = re.compile(
    r"side-?bar|aside|related|popular|most-?(?:read|viewed|popular)|trend|ranking?|hot|top-?\d+"
    r"|recommend\w*|breadcrumbs?|menu|nav\w*|foot\w*|comments?|widget-?area|secondary|promo\w*|partners?|sponsor\w*"
    r"|ad|ads|advert\w*|ticker|carousel|slider|swiper|paihang\w*|phb|tuijian|remen|right|rail|topbar",
    re.IGNORECASE,
)
_BESIDE_TITLE = re.compile(
    r"most (?:read|viewed|popular|shared|commented)|popular|trending|related|recommended"
    r"|editor'?s picks|you may|more from|meist\w*|beliebt|les plus (?:lus|vus)"
    r"|m[aá]s (?:le[ií]d|vist)|mais lid|pi[uù] lett|meest gelezen|популярн|читаемое|najczęściej"
    r"|排行|热门|热点推荐|热榜|点击榜|推荐阅读|相关|人気|ランキング|많이 본",
    re.IGNORECASE,
)


def link_lists(view: View) -> tuple[LinkList, ...]:
    """The page's lists of article links, best first, at most 8."""
    found = anchors(view)
    below = spread(found)
    name_by_headings(view, below)
    ranked = groups(below)
    everything = sum(anchor.worth for anchor in found) or 1.0
    lists = [made for g in ranked if (made := _list(view, g, below, everything)) is not None]
    lists.sort(key=lambda one: -one.score)
    kept: list[LinkList] = []
    shown: list[set[str]] = []
    for one in lists:
        urls = {link.url for link in one.links}
        if not any(urls <= others for others in shown):  # a part of a better list
            kept.append(one)
            shown.append(urls)
    return tuple(kept[:8])


def _list(
    view: View, group: Group, linked: Container[etree._Element], everything: float
) -> LinkList | None:
    links_of = {item: anchor.element for item, anchor in group.best.items()}
    selector = items_selector(view.tree, links_of, linked)
    rules = fields(group) if selector else {}
    if not rules:
        return None
    links = read_links(view, selector, rules)
    if len(links) < FEWEST:
        return None
    score = _worth_of(view, links) * _place(group, everything) * _form(group, rules, links)
    if score < _LEAST:
        return None
    return LinkList(items=selector, fields=rules, links=links, score=round(score, 3))


def read_links(view: View, items: str, rules: Mapping[str, FieldRule]) -> tuple[Link, ...]:
    """What the selectors find on the page, as a listing of a site file would."""
    try:
        listing = HtmlListing.model_validate(
            {"kind": "html", "url": "https://x.invalid/", "items": items, "fields": rules}
        )
        links: dict[str, Link] = {}
        for item in elements(view.tree, items):
            said: dict[str, Any] = {
                name: html_field(item, picks) for name, picks in listing.fields.items()
            }
            if url := absolute(said.pop("url"), view.base):
                links.setdefault(url, Link(url=url, **said))
    except (NotReadable, ValidationError):
        return ()
    return tuple(links.values())


def _worth_of(view: View, links: tuple[Link, ...]) -> float:
    """How much links are like those of a listing: their mean, and their number."""
    each = [title_worth(link.title) * url_worth(link.url, view.url) for link in links]
    mean = sum(each) / len(each)
    good = sum(worth >= GOOD for worth in each)
    if good < FEWEST:
        return 0.0
    alike = len({link.title for link in links}) / len(links)
    own = sum(same_site(link.url, view.url) for link in links) / len(links)
    number = min(1.25, math.log2(1 + good) / math.log2(1 + _FULL))
    return mean * number * alike * (0.6 + 0.4 * own) * (1 + 0.2 * _in_section(view, links))


def _in_section(view: View, links: tuple[Link, ...]) -> float:
    """The share of links whose address goes on from the page's."""
    path = urlsplit(view.url).path
    folder = path if path.endswith("/") else path.rpartition("/")[0] + "/"
    if folder == "/":
        return 0.0
    return sum(urlsplit(link.url).path.startswith(folder) for link in links) / len(links)


def _form(group: Group, rules: Mapping[str, FieldRule], links: tuple[Link, ...]) -> float:
    """What a listing has and a box of links beside it has not: times, in order; summaries;
    headings."""
    times = [link.time for link in links if link.time]
    told = len(times) / len(links) if sum(bool(DATE.search(t)) for t in times) else 0.0
    worth = 1 + 0.35 * told
    if told > 0.7 and all(re.match(r"(?:19|20)\d\d\D\d\d\D", time) for time in times):
        falling = sum(later >= earlier for later, earlier in pairwise(times))
        worth *= 1.1 if falling >= 0.8 * (len(times) - 1) else 1.0
    if sum(width(link.summary) >= 40 for link in links) > len(links) / 2:
        worth *= 1.15
    if any(True for item in group.items[:1] for _ in item.iter(*HEADINGS)):
        worth *= 1.1
    return worth


def _place(group: Group, everything: float) -> float:
    """Where on the page a list stands: 1, less in navigation and beside the content, a bit more in
    the main part. What holds most of the page's articles is not beside anything."""
    items = list(group.best)
    first, last = items[0], items[-1]
    shared = set(last.iterancestors())
    share = sum(anchor.worth for anchor in group.best.values()) / everything
    beside, inside = 1.0, 1.0
    for element in (first, *(box for box in first.iterancestors() if box in shared)):
        if element.tag in ("body", "html"):
            break
        beside = min(beside, _outside(element, share))
        if element.tag == "main" or element.get("role") == "main":
            inside = 1.2
            break
        if any(_INSIDE.search(name) for name in _names(element)):
            inside = 1.1
    return beside * inside * (0.4 if _BESIDE_TITLE.search(_title_over(first)) else 1.0)


def _outside(element: etree._Element, share: float) -> float:
    worth = _OUTSIDE.get(element.tag, 1.0)
    worth = min(worth, _ROLES.get(element.get("role") or "", 1.0))
    if share < 0.6 and any(_is_beside(name) for name in _names(element)):
        worth = min(worth, 0.4)
    return worth


def _names(element: etree._Element) -> list[str]:
    return [name[:60] for name in [*tokens(element), element.get("id") or ""]]


def _is_beside(name: str) -> bool:
    """Whether a class or id says so, whole or by a word of it; `content-sidebar-wrap` does not."""
    parts = [name, *re.split(r"[-_]+|(?<=[a-z])(?=[A-Z])", name)]
    return not _INSIDE.search(name) and any(_BESIDE.fullmatch(part) for part in parts)


def _title_over(item: etree._Element) -> str:
    """The short text that stands over a list: what comes before it in one of the boxes around."""
    element: etree._Element | None = item
    for _ in range(4):
        if element is None or element.tag in ("body", "main", "html"):
            return ""
        before = element.getprevious()
        if before is not None and isinstance(before.tag, str) and before.tag != item.tag:
            text = line(before)
            return text if width(text) <= 40 else ""
        element = element.getparent()
    return ""
