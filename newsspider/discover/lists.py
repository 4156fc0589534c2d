"""The lists of article links of a page, as distinct from navigation, sidebars and footers.

In: a View. Out: LinkLists, best first. The score counts how much texts and addresses of the links
resemble those of articles, how many links there are, times and summaries beside them, the page's
own section in the addresses, and the place on the page. No rule is for a single site, and none
needs the words of one language. Called by `discover`.
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
    links_below,
    name_by_headings,
)
from newsspider.discover.markup import line, tokens
from newsspider.discover.model import FieldRule, LinkList, View
from newsspider.discover.scoring import DATE, title_worth, url_worth
from newsspider.discover.selectors import items_selector
from newsspider.errors import NotReadable
from newsspider.model import Link
from newsspider.sites.listings import HtmlListing
from newsspider.text.characters import width
from newsspider.text.script_links import ScriptLinks
from newsspider.text.selectors import elements, html_field
from newsspider.text.urls import absolute, same_site

_LEAST = 0.2  # score of a list that is worth offering
_FULL = 20  # entries of a listing page on most sites
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
    """Return the page's lists of article links, best first, at most 8."""
    links = anchors(view)
    below = links_below(links)
    name_by_headings(view, below)
    total = sum(anchor.worth for anchor in links) or 1.0
    candidates = (_list(view, group, below, total) for group in groups(below))
    lists = [candidate for candidate in candidates if candidate is not None]
    lists.sort(key=lambda candidate: -candidate.score)
    kept: list[LinkList] = []
    shown: list[set[str]] = []
    for candidate in lists:
        urls = {link.url for link in candidate.links}
        if not any(urls <= others for others in shown):  # a part of a better list
            kept.append(candidate)
            shown.append(urls)
    return tuple(kept[:8])


def _list(
    view: View, group: Group, linked: Container[etree._Element], total: float
) -> LinkList | None:
    links_of = {item: anchor.element for item, anchor in group.best.items()}
    selector = items_selector(view.tree, links_of, linked)
    rules = fields(group) if selector else {}
    if not rules:
        return None
    links = read_links(view, selector, rules)
    if len(links) < FEWEST:
        return None
    score = _worth_of(view, links) * _place(group, total) * _form(group, links)
    if score < _LEAST:
        return None
    return LinkList(items=selector, fields=rules, links=links, score=round(score, 3))


def read_links(view: View, items: str, rules: Mapping[str, FieldRule]) -> tuple[Link, ...]:
    """Return the links that a site file's listing with these selectors gives on the page."""
    try:
        listing = HtmlListing.model_validate(
            {"kind": "html", "url": "https://x.invalid/", "items": items, "fields": rules}
        )
        links: dict[str, Link] = {}
        scripts = ScriptLinks(view.tree)
        for item in elements(view.tree, items):
            values: dict[str, Any] = {
                name: html_field(item, picks) for name, picks in listing.fields.items()
            }
            if url := absolute(scripts.target(values.pop("url")), view.base):
                links.setdefault(url, Link(url=url, **values))
    except (NotReadable, ValidationError):
        return ()
    return tuple(links.values())


def _worth_of(view: View, links: tuple[Link, ...]) -> float:
    """Return how much the links resemble those of a listing, by their mean worth and number."""
    worths = [title_worth(link.title) * url_worth(link.url, view.url) for link in links]
    mean = sum(worths) / len(worths)
    good = sum(worth >= GOOD for worth in worths)
    if good < FEWEST:
        return 0.0
    distinct = len({link.title for link in links}) / len(links)
    own = sum(same_site(link.url, view.url) for link in links) / len(links)
    number = min(1.25, math.log2(1 + good) / math.log2(1 + _FULL))
    return mean * number * distinct * (0.6 + 0.4 * own) * (1 + 0.2 * _in_section(view, links))


def _in_section(view: View, links: tuple[Link, ...]) -> float:
    """Return the share of links whose address is below the page's folder."""
    path = urlsplit(view.url).path
    folder = path if path.endswith("/") else path.rpartition("/")[0] + "/"
    if folder == "/":
        return 0.0
    return sum(urlsplit(link.url).path.startswith(folder) for link in links) / len(links)


def _form(group: Group, links: tuple[Link, ...]) -> float:
    """Return a factor for what distinguishes a listing from a box of links beside it: times (in
    order), summaries, headings."""
    times = [link.time for link in links if link.time]
    dated = len(times) / len(links) if any(DATE.search(time) for time in times) else 0.0
    worth = 1 + 0.35 * dated
    if dated > 0.7 and all(re.match(r"(?:19|20)\d\d\D\d\d\D", time) for time in times):
        falling = sum(later >= earlier for later, earlier in pairwise(times))
        worth *= 1.1 if falling >= 0.8 * (len(times) - 1) else 1.0
    if sum(width(link.summary) >= 40 for link in links) > len(links) / 2:
        worth *= 1.15
    if any(True for item in group.items[:1] for _ in item.iter(*HEADINGS)):
        worth *= 1.1
    return worth


def _place(group: Group, total: float) -> float:
    """Return a factor for the list's place on the page: 1, less in navigation and beside the
    content, a bit more in the main part. A list with most of the page's article links is the
    content itself."""
    items = list(group.best)
    first, last = items[0], items[-1]
    shared = set(last.iterancestors())
    share = sum(anchor.worth for anchor in group.best.values()) / total
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
    """Return whether a class or id names such a box, whole or by a word of it;
    `content-sidebar-wrap` does not."""
    parts = [name, *re.split(r"[-_]+|(?<=[a-z])(?=[A-Z])", name)]
    return not _INSIDE.search(name) and any(_BESIDE.fullmatch(part) for part in parts)


def _title_over(item: etree._Element) -> str:
    """Return the short text above a list: what precedes it in one of the boxes around it."""
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
