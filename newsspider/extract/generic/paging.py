"""The next page of an article that is cut into several.

In: the tree and the address of a page. Out: the address of the page that continues it, or "". Only
strong signs count: a page number that goes up by one in the same path; never the next article.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from newsspider import urls
from newsspider.extract.generic.headline import text_line

_NEXT = re.compile(
    r"\W*(?:下一?[页頁]|下页|后一页|次のページ|次ページ|다음\s?페이지|next(?:\s+page)?|continue(?:\s+reading)?"
    r"|nächste(?:\s+seite)?|weiter|(?:page\s+)?suivante|(?:página\s+)?siguiente|(?:pagina\s+)?successiva"
    r"|volgende(?:\s+pagina)?|następna(?:\s+strona)?|след(?:ующая)?(?:\s+страница)?|επόμενη(?:\s+σελίδα)?"
    r"|próxima(?:\s+página)?)\W*",
    re.I,
)
_NUMBER = re.compile(r"\d+")


def find_next(tree: html.HtmlElement, url: str) -> str:
    """The address of the next page of the same article, or ""."""
    for link in tree.xpath("//link[@rel='next'][@href] | //a[@rel='next'][@href]")[:10]:
        if found := _continues(link.get("href"), url):
            return found
    for link in tree.iter("a"):
        href = link.get("href")
        if href and len(href) < 500 and (text := text_line(link)) and len(text) <= 30:
            if (_NEXT.fullmatch(text) or text == str(page_number(url) + 1)) and (
                found := _continues(href, url)
            ):
                return found
    return ""


def page_number(url: str) -> int:
    """The number of the page that an address names, 1 where it names none."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PARAMETERS and value.isdecimal() and len(value) < 4:
            return int(value)
    m = _SUFFIX.search(parts.path)
    return int(m["n"]) if m else 1


_PARAMETERS = frozenset({"page", "p", "pg", "pn", "pagina", "seite", "page_no", "pageno", "paged"})
_SUFFIX = re.compile(
    r"(?:[_-](?P<a>)|/(?:page|seite|pagina|p)[/_-]?|/)(?P<n>\d{1,2})(?P<ext>/?|\.\w{3,5})$"
)


def _continues(href: str, url: str) -> str:
    """`href` as an address, when it is the page after `url` of the same article."""
    found = urls.absolute(href, url)
    if not found or urls.host(found) != urls.host(url):
        return ""
    here, there = urlsplit(url), urlsplit(found)
    number = page_number(found)
    if number != page_number(url) + 1:
        return ""
    return found if _stem(here) == _stem(there) else ""


def _stem(parts) -> tuple[str, tuple[tuple[str, str], ...]]:  # type: ignore[no-untyped-def]
    """An address without its page number."""
    query = tuple(
        sorted(pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _PARAMETERS)
    )
    path = parts.path
    m = _SUFFIX.search(path)
    if m and int(m["n"]) < 100:
        path = path[: m.start()] + (m["ext"] if m["ext"] != "/" else "")
    return re.sub(r"\.\w{3,5}$|/$", "", path), query
