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

from newsspider.extraction.generic.byline_lines import PARTS_OF_LINE, PERSON, authors_in
from newsspider.extraction.generic.byline_marks import by_class
from newsspider.extraction.generic.datelines import REPORTED, has_date, is_person
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.standing import nearest_first
from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.extraction.generic.texts import text_line
from newsspider.text.chinese import simplified
from newsspider.text.scripts import HAN, HANGUL

_LONGEST_LINE = 200  # characters; a longer line is a paragraph
_MOST_NAMES = 6  # of profile links: a longer list is one of the staff
_MOST_MARKED = 40  # elements marked as bylines, and links to profiles, that are looked at
_LONGEST_BYLINE = 80  # characters
_AUTHOR_META = (
    *("author", "article:author_name", "parsely-author", "byl", "sailthru.author", "dc.creator"),
    *("dcterms.creator", "cxenseparse:author", "article:author", "byline", "creator", "authors"),
    *("article.author", "og:article:author", "og:author", "citation_author", "rnews:author"),
    *("mediator_author", "twitter:data1"),
)
# Two words with capitals beside the time that are not a name.
_NOT_A_PERSON = re.compile(
    r"\b(?:agency|agencies|best|content|date|design|learn|more|news|photos?|posted|program|read|review"
    r"|the|top|video|фото|новости)\b|^(?:by|edited|reviewed)\b",
    re.I,
)
_PARTS_OF_NAME = re.compile(rf"{PARTS_OF_LINE.pattern}|,\s+")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")
_CONTACT_LINE = re.compile(r"\S+@\S+|@\w+|\W*")
_BLOCKS = ("div", "p", "ul", "ol", "header", "footer", "section", "article", "aside", "body", "td")
_PROFILE = re.compile(
    r"/(?:authors?|staff|bios?|people|persons?|profiles?|contributors?|journalists?|reporters?|autor"
    r"|autore|autores|auteurs?|autoren|firmas?|giornalisti)/[^/]+",
    re.I,
)
# `김지우·이서준 기자`, `(서울=한강뉴스) 김지우 기자 = 항만청은`
_KOREAN_REPORTERS = re.compile(
    rf"(?<![{HANGUL}])([{HANGUL}]{{2,4}}(?:\s?[·,]\s?[{HANGUL}]{{2,4}}){{0,4}})"
    rf"\s?(?:선임|수습|인턴|전문|객원|전문)?\s?(?:기자|특파원|논설위원)(?![{HANGUL}])"
)
# A line at either end of a Chinese text: `澎湃新闻记者 贺梨萍`, `石佳/中国青年报`.
_SIGNED = re.compile(
    rf"[（(]?(?:([{HAN}]{{0,8}}(?:记者|撰文)[\s/]{{1,3}}[{HAN}· ]{{2,20}})"
    rf"|([{HAN}]{{2,4}})/[{HAN}]{{2,8}}(?:报|网|社|台|新闻|周刊))[)）]?"
    # `本报记者王小明`, `记者王小明 2026-05-03`
    rf"|(?:[{HAN}]{{1,6}}[报网社台刊]|本[报网台刊])记者([{HAN}]{{2,3}}(?:、[{HAN}]{{2,3}}){{0,4}})(?:\s.{{0,30}})?"
    rf"|记者([{HAN}]{{2,3}})\s+(?:19|20)\d\d.{{0,30}}"
)
_BYLINE_TAGS = "self::a or self::span or self::div or self::p or self::address or self::em"
_BYLINE = (
    "descendant::*[@rel='author']",
    "descendant::*[@itemprop='name'][ancestor::*[contains(@itemprop,'author')]]",
    "descendant::*[@class or @id][contains(@class,'author-name') or contains(@class,'author_name')"
    " or contains(@class,'authorName') or contains(@class,'byline-name')"
    f" or contains(@id,'author_name') or contains(@id,'author-name')][{_BYLINE_TAGS}]",
    "descendant::*[@class or @id][contains(@class,'byline') or contains(@class,'author')"
    f" or contains(@id,'byline')][not(contains(@class,'authori'))][{_BYLINE_TAGS}]",
)
# Nodes whose author is not the article's.
_NOT_OF_ARTICLE = re.compile(r"Comment|Review|Quotation|SocialMedia|ImageObject|VideoObject")

# A name and a day without a space between them.
GLUED_TO_TIME = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z][a-z]{2,8}\.? \d)|(?<=\d)(?=[^\W\d_a-z][a-zß-ÿ])")

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
        if _NOT_OF_ARTICLE.search(" ".join(node_types(node))):
            continue
        if names := list(_json_names(page.structured, node.get("author"))):
            yield names, "json-ld"


def _byline_near_headline(page: AuthorPage) -> Candidates:
    lines = [*page.context.head[:8], *page.context.above[:3]]
    for line, following in itertools.pairwise([*lines, ""]):
        if names := authors_in(line, following):
            yield [names], "pattern"


def _marked_byline(page: AuthorPage) -> Candidates:
    yield list(_bylines(page)), "byline"


def _profile_link(page: AuthorPage) -> Candidates:
    yield list(_profiles(page)), "profile"


def _name_beside_time(page: AuthorPage) -> Candidates:
    # `Ada Brook`, `ada@a.example` and the time, each in a line
    lines = [line for line in page.context.head[:6] if not _CONTACT_LINE.fullmatch(line)][:4]
    for line, following in itertools.pairwise(lines):
        # A name in a separate line, above or below the time.
        for names, beside in ((line, following), (following, line)):
            if _is_time(beside) and (persons := _persons_of(names)):
                yield persons, "pattern"


def _name_in_line_of_time(page: AuthorPage) -> Candidates:
    for line in (*page.context.head[:3], *page.context.above[:2]):
        if _is_time(line):
            # `Aaron Weir | Senior Writer | July 2`, `Ada BrookDec 5, 2023`, `May 3, 2026Ada Brook`
            for name in PARTS_OF_LINE.split(GLUED_TO_TIME.sub(" | ", line)):
                if _may_be_person(name) and name not in page.context.above:
                    yield [name], "guess"
                    break


# The surest first.
PLACES: tuple[Callable[[AuthorPage], Candidates], ...] = (
    _article_node,
    _label,
    _signed_line,
    _korean_reporter,
    _meta_tag,
    _microdata,
    _other_node,
    _byline_near_headline,
    _marked_byline,
    _profile_link,
    _name_beside_time,
    _name_in_line_of_time,
)


def _persons_of(line: str) -> list[str]:
    """Return the persons of a short line that has nothing but them, and a place, an agency or a
    role: `Jan Keller, Rom`, `EFE | Ana Ruiz`."""
    if len(line) > _LONGEST_BYLINE or has_date(line):
        return []
    parts = [part.strip() for part in _PARTS_OF_NAME.split(_PARENTHESIS.sub("", line))]
    persons = [part for part in parts if _may_be_person(part)]
    others = [part for part in parts if part not in persons]
    return persons if len(others) <= 2 and all(len(part.split()) <= 3 for part in others) else []


def _may_be_person(name: str) -> bool:
    return is_person(name) and not _NOT_A_PERSON.search(name) and not has_date(name)


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


def _bylines(page: AuthorPage) -> Iterator[str]:
    """Yield the texts of the elements marked as bylines: of those nearest to the headline, the ones
    with the surest mark."""
    best: tuple[int, list[str]] | None = None
    for path in (*_BYLINE, by_class):
        marked = path(page.tree) if callable(path) else page.tree.xpath(path)[:_MOST_MARKED]
        for distance, elements in nearest_first(marked, page.context.element):
            if (best is None or distance < best[0]) and (texts := _texts(elements)):
                best = distance, texts
                break
    if best is not None:
        yield from best[1][:4]


def _texts(elements: Sequence[html.HtmlElement]) -> list[str]:
    """Return the texts of bylines, each once."""
    texts = (text_line(element) for element in elements[:12])
    return list(dict.fromkeys(text for text in texts if 2 < len(text) <= _LONGEST_BYLINE))


def _profiles(page: AuthorPage) -> Iterator[str]:
    """Yield the names that link to profiles of authors, from the block of the first of them, of
    those nearest to the headline."""
    links = (a for a in page.tree.iter("a") if _PROFILE.search((a.get("href") or "").split("?")[0]))
    named = (link for link in links if PERSON.fullmatch(text_line(link)))
    some = list(itertools.islice(named, _MOST_MARKED))
    _, nearest = next(nearest_first(some, page.context.element), (0, []))
    first_block = None
    for link in nearest[:_MOST_NAMES]:
        # Beside each other, or each in an item of the same list.
        block = next(link.iterancestors(*_BLOCKS), None)
        if first_block is not None and block is not first_block:
            return
        first_block = block
        yield text_line(link)
