"""The next page of an article that is split into several.

In: the tree and the address of a page. Out: the address of the page that continues it, or "".
Called by `extract`. Only strong signs count: the same path with a page number one higher, and a
link labelled as the next page. The first page has no number; the second has 1 or 2. The next
article has another path, or a number in its path without any link to a first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from newsspider.extraction.generic.boilerplate import is_pager_text
from newsspider.extraction.generic.places import marks_comments
from newsspider.extraction.generic.texts import text_line
from newsspider.languages import alternation
from newsspider.text import urls

# The label of the link to the next page.
_NEXT = re.compile(rf"\W*(?:{alternation('next')}|continue(?: reading)?)\W*", re.I)
_SURE = frozenset(  # those that number nothing but pages
    {*("pagen_1", "page_no", "pageno", "page_num", "pagenum", "paged", "pageindex", "curpage")}
    | {"currentpage"}
)
_PARAMETERS = _SURE | frozenset(
    {*("page", "p", "pg", "pn", "pagina", "página", "seite", "sayfa", "strona")}
    | {*("strana", "stranka", "halaman", "hal", "trang", "sida", "side", "oldal", "sivu")}
    | {*("start", "limitstart")}  # Joomla
)
_SUFFIX = re.compile(r"(?:[_,-]|/(?:page|seite|pagina|p)[/_-]?|/(?!\d+\.))(\d{1,2})(/?|\.\w{3,5})$")
_MOST_LINKS = 5000
_PAGER_DEPTH, _PAGER_TEXTS = 4, 60  # blocks around a link of a pager, and the texts in one
# The number of pages, that of this page from 0, the name and the kind of the first page's file.
_TRS = re.compile(
    r"createPageHTML\(\s{0,9}(?:[\"'][\w-]{1,60}[\"']\s{0,9},\s{0,9})?"  # the block it writes to
    r"(?P<count>\d{1,2})\s{0,9},\s{0,9}(?P<number>\d{1,2})\s{0,9},"
    r"\s{0,9}[\"'](?P<name>[\w-]{1,100})[\"']\s{0,9},\s{0,9}[\"'](?P<kind>s?html?)[\"']"
)
_LONGEST_SCRIPT = 20_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of an article: its number, 0 if the address has none, the part all pages share, and
    whether nothing but a page has such a number."""

    number: int
    stem: tuple[str, str, tuple[tuple[str, str], ...]]
    is_sure: bool = False


def find_next(tree: html.HtmlElement, url: str) -> str:
    """Return the address of the next page of the same article, or ""."""
    here = _place(urls.canonical(url))  # without tracking parameters
    if not here.stem[1]:
        return ""  # the next page of a front page has other articles
    if address := _scripted(tree, url):
        return address
    links = dict(_links(tree, url))
    # The 5 of `/node/5` is a page's number, or the article's, whose pages a query numbers.
    return _next_of(links, url, by_query=True) or _next_of(links, url)


def _next_of(links: Mapping[str, html.HtmlElement], url: str, *, by_query: bool = False) -> str:
    """Return the address of the next page among these links, or ""; with `by_query` a number in
    the path is not that of a page."""
    here = _place(urls.canonical(url), by_query=by_query)
    places = {address: _place(address, by_query=by_query) for address in links}
    places = {address: place for address, place in places.items() if place.stem == here.stem}
    first = any(place.number in (0, 1) for place in places.values())
    numbers = (1, 2) if here.number == 0 else (here.number + 1,)
    for number, address in sorted((place.number, address) for address, place in places.items()):
        if number not in numbers:
            continue
        label, in_pager = _label(links[address]), _in_pager(links[address], here.number)
        # `story-5` is page 5 only where there is a first page without a number.
        known = first or not here.number or places[address].is_sure
        known = known or (here.number == 1 and ("=1" in urlsplit(url).query or in_pager))
        # The label `2` is that of page 1 where pages are counted from 0.
        numbered = label in (str(max(number, 2)), str(number + 1))
        numbered = numbered and ("?" not in address or in_pager)
        if known and (label == "rel" or _NEXT.fullmatch(label) or numbered):
            return address
    return ""


def _label(link: html.HtmlElement) -> str:
    """Return the label of a link, `rel` for rel=next."""
    is_next = "next" in (link.get("rel") or "").lower().split()
    return "rel" if is_next else text_line(link)[:30]


def _in_pager(link: html.HtmlElement, here: int) -> bool:
    """Return whether a link is in a pager of the text: in a block that has only numbers, the
    number of this page among them, and that is not one of comments, whose pages have a query as
    often."""
    around = list(islice(link.iterancestors(), _PAGER_DEPTH))
    if any(map(marks_comments, around)):
        return False
    pagers = [text for text in map(_short_text, around) if is_pager_text(text)]
    own = {str(max(here, 1)), str(here + 1)}
    return bool(pagers) and not own.isdisjoint(re.findall(r"\d+", pagers[-1]))


def _scripted(tree: html.HtmlElement, url: str) -> str:
    """Return the next page by the call that writes the pager of most Chinese public bodies, of the
    editorial system TRS; "" without one."""
    for script in tree.iter("script"):
        if call := _TRS.search((script.text or "")[:_LONGEST_SCRIPT]):
            number, (name, kind) = int(call["number"]) + 1, call.group("name", "kind")
            pages = re.compile(rf".*/{name}(?:_\d{{1,2}})?\.{kind}")
            address = urls.absolute(f"{name}_{number}.{kind}", url)
            if address and number < int(call["count"]) and pages.fullmatch(urlsplit(url).path):
                return address
    return ""


def _short_text(block: html.HtmlElement) -> str:
    """Return the text of a block of a few short texts, with single spaces; more than a pager has
    of any other block."""
    texts = (str(text)[:_PAGER_TEXTS] for text in islice(block.itertext(), _PAGER_TEXTS))
    return " ".join(" ".join(texts).split())


def _links(tree: html.HtmlElement, url: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Yield the addresses on the page's own host that it links to, each with its link."""
    host = urls.host(url)
    name = _place(url).stem[1].rpartition("/")[2]
    for number, link in enumerate(tree.iter("a", "link")):
        href = link.get("href")
        if number > _MOST_LINKS or not href or len(href) > 500 or "#" in href:
            continue
        if name not in href and href[0] != "?":
            continue  # most links: making an address of each took a sixth of all the time
        if (address := urls.absolute(href, url)) and urls.host(address) == host:
            yield address, link


def _place(url: str, *, by_query: bool = False) -> _Place:
    """Return the place of an address among the pages of an article. With `by_query` a number in the
    path is part of what they share."""
    parts = urlsplit(url)
    number, is_sure, kept = 0, False, []
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PARAMETERS and value.isdecimal() and len(value) < 3:
            number, is_sure = int(value), name.lower() in _SURE
        else:
            kept.append((name, value))
    path = parts.path
    if not number and not by_query and (m := _SUFFIX.search(path)):
        number, path = int(m[1]), path[: m.start()]
    path = re.sub(r"(?:\.\w{3,5}|/)$", "", path)
    return _Place(number, (parts.netloc.lower(), path, tuple(sorted(kept))), is_sure)
