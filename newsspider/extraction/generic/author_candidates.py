"""The places of a page that may name its authors, the surest first.

In: an `AuthorPage`: the tree of a page, its structured data, the lines near the headline and at the
end of the text. Out: texts that may hold names, as the page has them, and their origin. Called by
`authors`, which takes the names out of the texts and decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html

from newsspider.extraction.generic.datelines import REPORTED, has_date, is_person
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.extraction.generic.texts import text_line
from newsspider.languages import alternation
from newsspider.text.chinese import simplified
from newsspider.text.scripts import HAN, HANGUL, KANA

_LONGEST_LINE = 200  # characters; a longer line is a paragraph
_MOST_NAMES = 6  # of profile links: a longer list is one of the staff
_AUTHOR_META = (
    *("author", "article:author_name", "parsely-author", "byl", "sailthru.author", "dc.creator"),
    *("dcterms.creator", "cxenseparse:author", "article:author", "byline", "creator", "authors"),
    *("article.author", "citation_author", "rnews:author", "mediator_author", "twitter:data1"),
)
BY = re.compile(
    r"^(?:(?:written|reported|words|text|story|posted|published|authored|view all posts)\s+)?"
    rf"(?:{alternation('by', 'by_label')})[\s:：]+",
    re.I,
)
# Two to four words with capitals, or a Chinese or Japanese name.
PERSON = re.compile(
    r"(?!(?i:about|author|the|view|more|all|see|contact)\b)[^\W\d_a-z][\w.'’-]*"
    r"(?: (?:(?:de|da|di|van|von|der|den|la|le|bin|al) )*[^\W\d_a-z][\w.'’-]*){1,3}"
    rf"|[{KANA}{HAN}]{{2,6}}"
)
# Two words with capitals beside the time that are not a name.
_NOT_A_PERSON = re.compile(
    r"\b(?:agency|agencies|best|content|date|design|learn|more|news|photos?|posted|program|read|review"
    r"|the|top|video|фото|новости)\b",
    re.I,
)
# `2023-12-19 23:30 EST by Rafael Pineda`
_BEHIND_TIME = re.compile(r"\d\W{1,3}(?:[A-Z]{2,4}\W{1,3})?(by [^\W\d_a-z][^,]{3,60})")
_BLOCKS = ("div", "p", "ul", "ol", "header", "footer", "section", "article", "aside", "body", "td")
_PROFILE = re.compile(
    r"/(?:authors?|staff|bios?|people|persons?|profiles?|contributors?|journalists?|reporters?|autor"
    r"|autore|autores|auteurs?|autoren|firmas?|giornalisti)/[^/]+",
    re.I,
)
# `김지우·이서준 기자`, `(서울=한강뉴스) 김지우 기자 = 항만청은`
_KOREAN_REPORTERS = re.compile(
    rf"(?<![{HANGUL}])([{HANGUL}]{{2,4}}(?:\s?[·,]\s?[{HANGUL}]{{2,4}}){{0,4}})\s?(?:기자|특파원|논설위원)(?![{HANGUL}])"
)
# A line at either end of a Chinese text: `澎湃新闻记者 贺梨萍`, `石佳/中国青年报`.
_SIGNED = re.compile(
    rf"[（(]?(?:([{HAN}]{{0,8}}(?:记者|撰文)[\s/]{{1,3}}[{HAN}· ]{{2,20}})"
    rf"|([{HAN}]{{2,4}})/[{HAN}]{{2,8}}(?:报|网|社|台|新闻|周刊))[)）]?"
)
_BYLINE = (
    "descendant::*[@rel='author']",
    "descendant::*[@itemprop='name'][ancestor::*[contains(@itemprop,'author')]]",
    "descendant::*[@class][contains(@class,'author-name') or contains(@class,'author_name')"
    " or contains(@class,'authorName') or contains(@class,'byline-name')]"
    "[self::a or self::span or self::div or self::p or self::address]",
    "descendant::*[@class][contains(@class,'byline') or contains(@class,'author')]"
    "[self::a or self::span or self::div or self::p or self::address]",
)

Candidates = Iterator[tuple[list[str], str]]


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """The input of the places.

    `ending` are the lines at the end of the text, `labelled` is the name behind a label, or "".
    """

    tree: html.HtmlElement
    structured: Structured
    context: HeadlineContext
    ending: Sequence[str]
    labelled: str


def candidates(page: AuthorPage) -> Candidates:
    """Yield the texts that may name the authors and their origin, the surest first.

    The generator is lazy: the later places search the whole tree."""
    for place in PLACES:
        yield from place(page)


def _article_node(page: AuthorPage) -> Candidates:
    yield list(_json_names(page.structured, page.structured.article.get("author"))), "json-ld"


def _label(page: AuthorPage) -> Candidates:
    if page.labelled:
        yield [page.labelled], "pattern"


def _signed_line(page: AuthorPage) -> Candidates:
    for line in (*page.context.head, *page.ending):
        plain_line = simplified(line := line[:_LONGEST_LINE].strip())
        if signed := _SIGNED.fullmatch(plain_line) or REPORTED.match(plain_line):
            yield [line[slice(*signed.span(signed.lastindex or 0))]], "pattern"


def _korean_reporter(page: AuthorPage) -> Candidates:
    for line in page.context.head[:8]:
        if reporters := _KOREAN_REPORTERS.search(line[:80]):
            yield [reporters[1]], "pattern"


def _meta_tag(page: AuthorPage) -> Candidates:
    for name in _AUTHOR_META:
        if texts := page.structured.meta.get(name):
            yield list(texts), "opengraph" if ":" in name else "meta"


def _microdata(page: AuthorPage) -> Candidates:
    if names := page.structured.items.get("author"):
        # More than four include those of teasers.
        yield list(names) if len(set(names)) <= 4 else [names[0]], "microdata"


def _other_node(page: AuthorPage) -> Candidates:
    for node in page.structured.nodes:
        if names := list(_json_names(page.structured, node.get("author"))):
            yield names, "json-ld"


def _marked_byline(page: AuthorPage) -> Candidates:
    yield list(_bylines(page.tree)), "byline"


def _byline_near_headline(page: AuthorPage) -> Candidates:
    for line in [*page.context.head[:8], *page.context.above[:3]]:
        if BY.match(line) and len(line) <= 80:
            yield [line], "pattern"
        elif len(line) <= 120 and (behind := _BEHIND_TIME.search(line)):
            yield [behind[1]], "pattern"


def _profile_link(page: AuthorPage) -> Candidates:
    yield list(_profiles(page.tree)), "profile"


def _name_beside_time(page: AuthorPage) -> Candidates:
    for line, following in itertools.pairwise(page.context.head[:4]):
        # A name in a separate line, above or below the time.
        for name, beside in ((line, following), (following, line)):
            if is_person(name) and not _NOT_A_PERSON.search(name) and _is_time(beside):
                yield [name], "pattern"


# The surest first.
PLACES: tuple[Callable[[AuthorPage], Candidates], ...] = (
    _article_node,
    _label,
    _signed_line,
    _korean_reporter,
    _meta_tag,
    _microdata,
    _other_node,
    _marked_byline,
    _byline_near_headline,
    _profile_link,
    _name_beside_time,
)


def _is_time(line: str) -> bool:
    return len(line) <= 80 and has_date(line)


def _json_names(structured: Structured, value: Any) -> Iterator[str]:
    """Yield the names in a JSON-LD author; an organization only if it is alone."""
    values = value if isinstance(value, list) else [value]
    for item in values[:30]:
        item = structured.resolved(item)
        if isinstance(item, Mapping):
            names = item.get("name")
            for name in names if isinstance(names, list) else [names]:
                if "Organization" not in " ".join(node_types(item)) or len(values) == 1:
                    yield plain(name)
        elif isinstance(item, str):
            yield plain(item)


def _bylines(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the texts of the elements marked as bylines by the surest mark that the page has."""
    for path in _BYLINE:
        texts: list[str] = []
        for element in tree.xpath(path)[:12]:
            text = text_line(element)
            if 2 < len(text) <= 80 and text not in texts:
                texts.append(text)
        if texts:
            yield from texts[:4]
            return


def _profiles(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the names that link to profiles of authors, from the block of the first of them."""
    links = (a for a in tree.iter("a") if _PROFILE.search((a.get("href") or "").split("?")[0]))
    named = ((link, name) for link in links if PERSON.fullmatch(name := text_line(link)))
    first_block = None
    for link, name in itertools.islice(named, _MOST_NAMES):
        # Beside each other, or each in an item of the same list.
        block = next(link.iterancestors(*_BLOCKS), None)
        if first_block is not None and block is not first_block:
            return
        first_block = block
        yield name
