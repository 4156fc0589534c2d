"""The next page of an article that is split into several.

In: the tree and the address of a page. Out: the address of the page that continues it, or "".
Called by `extract`. Only strong signs count: the same path with a page number one higher, and a
link labelled as the next page. The first page has no number; the second has 1 or 2. The next
article has another path, or a number in its path without any link to a first page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from newsspider.extraction.generic.boilerplate import is_pager_text
from newsspider.extraction.generic.places import marks_comments, names_comments
from newsspider.extraction.generic.texts import text_line
from newsspider.languages import alternation
from newsspider.text import urls

# The label of the link to the next page.
_NEXT = re.compile(rf"\W*(?:{alternation('next')}|continue(?: reading)?)\W*", re.I)
# The same with the title of the page: `Next page: The costs`.
_NEXT_TITLE = re.compile(rf"\W*(?:{alternation('next')})\W{{0,3}}[:：]", re.I)
# `2`, `[2]`, `Page 2`, `第2页`, `On page 2: The costs`.
_NUMBERED = re.compile(
    rf"\W*(?P<word>(?:\w{{1,4}} )?(?:{alternation('pager')})\W{{0,3}})?(?P<number>\d{{1,2}})"
    rf"\W{{0,3}}(?:{alternation('pager')})?(?P<title>\W{{0,3}}[:：].{{0,90}})?\W*",
    re.I,
)
_LONGEST_LABEL = 120
_SURE = frozenset(  # those that number nothing but pages
    {*("pagen_1", "page_no", "pageno", "page_num", "pagenum", "paged", "pageindex", "curpage")}
    | {"currentpage"}
)
_PARAMETERS = _SURE | frozenset(
    {*("page", "p", "pg", "pn", "pag", "pagina", "página", "seite", "sayfa", "strona")}
    | {*("strana", "stranka", "halaman", "hal", "trang", "sida", "side", "oldal", "sivu")}
    | {*("start", "limitstart")}  # Joomla
)
_SUFFIX = re.compile(
    r"(?:[_,-](?:page|seite|p)?[_-]?|/(?:page|seite|pagina|p)[/_-]?|/(?!\d+\.))(\d{1,2})(/?|\.\w{3,5})$"
)
_MOST_LINKS, _MOST_SAME = 5000, 5  # links of a page, and to one address
_PAGER_DEPTH, _PAGER_TEXTS = 4, 60  # blocks around a link of a pager, and the texts in one
# The number of pages, that of this page from 0, the name of the first page's file.
_TRS = re.compile(
    r"createPageHTML\(\s{0,9}(?:[\"'][\w-]{1,60}[\"']\s{0,9},\s{0,9})?"  # the block it writes to
    r"(?P<count>\d{1,2})\s{0,9},\s{0,9}(?P<number>\d{1,2})\s{0,9},"
    r"\s{0,9}[\"'](?P<name>[\w-]{1,100})[\"']"
)
_TRS_KINDS = frozenset({"htm", "html", "shtm", "shtml"})
# The same written out: `var currentPage = 0; var countPage = 3;`.
_TRS_PAGE = re.compile(r"\bcurrentPage\s{0,9}=\s{0,9}(\d{1,2})\s{0,9};")
_TRS_COUNT = re.compile(r"\bcountPage\s{0,9}=\s{0,9}(\d{1,2})\s{0,9};")
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
    links = list(_links(tree, url))
    # The 5 of `/node/5` is a page's number, or the article's, whose pages a query numbers.
    return _next_of(links, url, by_query=True) or _next_of(links, url)


def _next_of(
    links: Sequence[tuple[str, html.HtmlElement]], url: str, *, by_query: bool = False
) -> str:
    """Return the address of the next page among these links, or ""; with `by_query` a number in
    the path is not that of a page."""
    here = _place(urls.canonical(url), by_query=by_query)
    places = {address: _place(address, by_query=by_query) for address, _ in links}
    pages = [(places[at].number, at, link) for at, link in links if places[at].stem == here.stem]
    first = any(number in (0, 1) for number, _, _ in pages)
    numbers = (1, 2) if here.number == 0 else (here.number + 1,)
    for number, address, link in sorted(pages, key=lambda page: page[:2]):
        if number not in numbers:
            continue
        # `story-5` is page 5 only where there is a first page without a number.
        known = first or not here.number or places[address].is_sure
        if not known and here.number == 1:
            known = "=1" in urlsplit(url).query or _in_pager(link, 1)
        if known and _leads_on(link, address, number, here.number):
            return address
    return ""


def _leads_on(link: html.HtmlElement, address: str, number: int, here: int) -> bool:
    """Return whether a link to a page with the next number is labelled as that to the next page,
    not in comments, whose pages have a query as often."""
    if "next" in (link.get("rel") or "").lower().split():
        return True
    label = text_line(link)[:_LONGEST_LABEL]
    names = (label, link.get("aria-label") or "", link.get("title") or "")
    if any(_NEXT.fullmatch(name[:_LONGEST_LABEL]) for name in names) or _NEXT_TITLE.match(label):
        return True
    # The label `2` is that of page 1 where pages are counted from 0.
    numbered = _NUMBERED.fullmatch(label)
    if not numbered or any(map(marks_comments, islice(link.iterancestors(), _PAGER_DEPTH))):
        return False
    if int(numbered["number"]) not in (max(number, 2), number + 1):
        return False
    if numbered["title"] and not numbered["word"]:
        return False
    return "?" not in address or bool(numbered["word"]) or _in_pager(link, here)


def _in_pager(link: html.HtmlElement, here: int) -> bool:
    """Return whether a link is in a pager: a block of numbers only, that of this page among
    them."""
    around = islice(link.iterancestors(), _PAGER_DEPTH)
    pagers = [text for text in map(_short_text, around) if is_pager_text(text)]
    own = {str(max(here, 1)), str(here + 1)}
    return bool(pagers) and not own.isdisjoint(re.findall(r"\d+", pagers[-1]))


def _scripted(tree: html.HtmlElement, url: str) -> str:
    """Return the next page by the script that writes the pager of most Chinese public bodies, of
    the editorial system TRS; "" without one."""
    file = urlsplit(url).path.rpartition("/")[2]
    stem, _, kind = file.rpartition(".")
    for script in tree.iter("script") if kind in _TRS_KINDS else ():
        text = (script.text or "")[:_LONGEST_SCRIPT]
        if call := _TRS.search(text):
            count, number, name = int(call["count"]), int(call["number"]), call["name"]
        elif (page := _TRS_PAGE.search(text)) and (pages := _TRS_COUNT.search(text)):
            count, number = int(pages[1]), int(page[1])
            name = stem.removesuffix(f"_{number}") if number else stem
        else:
            continue
        if number + 1 < count and stem == (f"{name}_{number}" if number else name):
            return urls.absolute(f"{name}_{number + 1}.{kind}", url) or ""
    return ""


def _short_text(block: html.HtmlElement) -> str:
    """Return the text of a block of a few short texts, with single spaces; more than a pager has
    of any other block."""
    texts = (str(text)[:_PAGER_TEXTS] for text in islice(block.itertext(), _PAGER_TEXTS))
    return " ".join(" ".join(texts).split())


def _links(tree: html.HtmlElement, url: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Yield the addresses on the page's own host that it links to, each with its first links."""
    host, times = urls.host(url), Counter[str]()
    name = _place(url).stem[1].rpartition("/")[2]
    for number, link in enumerate(tree.iter("a", "link", "option")):
        href, _, mark = (link.get("href") or link.get("value") or "").partition("#")
        if number > _MOST_LINKS or not href or len(href) > 500 or names_comments(mark):
            continue
        if name not in href and href[0] != "?":
            continue  # most links: making an address of each took a sixth of all the time
        address = urls.absolute(href, url) or ""
        if urls.host(address) == host and times[address] < _MOST_SAME:
            times[address] += 1
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
