"""The authors of an article: names of persons in structured data, labels and bylines.

In: the tree of a page, its structured data, the lines near the headline and at the end of the text,
the author that a label names, the address. Out: the names and their origin. Called by `people`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml import html

from newsspider.dates.lines import all_relative
from newsspider.dates.locales import plain as plainly
from newsspider.extraction.generic.datelines import REPORTED, has_date, is_person
from newsspider.extraction.generic.headline import squeeze, text_line
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.structured import Structured, node_types, plain
from newsspider.languages import alternation
from newsspider.text.chinese import simplified
from newsspider.text.urls import host

_LONGEST_NAME = 60
_MOST_NAMES = 6  # of profile links: a longer list is one of the staff
_AUTHOR_META = (
    *("author", "article:author_name", "parsely-author", "byl", "sailthru.author", "dc.creator"),
    *("dcterms.creator", "cxenseparse:author", "article:author", "byline", "creator", "authors"),
    *("article.author", "citation_author", "rnews:author", "mediator_author", "twitter:data1"),
)
_BY = re.compile(
    r"^(?:(?:written|reported|words|text|story|posted|published|authored|view all posts)\s+)?"
    rf"(?:{alternation('by', 'by_label')})[\s:：]+",
    re.I,
)
_SPLIT = re.compile(
    rf"\s*[,;|、，；&•·⋅/]\s*(?:(?:{alternation('and', 'and_behind_comma')}) )?"
    rf"|\s+(?:{alternation('and', 'and_alone')})\s+|\s{{2,}}",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"^,|^\+\d|^\d+ ?(?:min|sec|hour|분|分)|^(?:view|show|see|read) (?:all|more)"
    r"|^(?:edited|reviewed|checked) by\b"
    r"|^(?:about )?the author$|^(?:facebook|instagram|twitter|linkedin|youtube|istockphoto)$"
    r"|^\(?(?:image|photo|picture|foto|quelle|source|credits?)\s?:|https?:|www\.|@|\.com\b|\d{3,}"
    rf"|^(?:{alternation('nobody')})$",
    re.I,
)
_ROLES = alternation("role")
_ROLE = re.compile(
    rf"(?:\s*[,|(–—-]\s*|\s+)(?:(?:{alternation('rank')})\s+){{0,3}}(?:{_ROLES})\b.*$"
    rf"|\s*(?:{alternation('role_behind')})$",
    re.I,
)
# Two to four words with capitals, or a Chinese or Japanese name.
_PERSON = re.compile(
    r"(?!(?i:about|author|the|view|more|all|see|contact)\b)[^\W\d_a-z][\w.'’-]*"
    r"(?: (?:(?:de|da|di|van|von|der|den|la|le|bin|al) )*[^\W\d_a-z][\w.'’-]*){1,3}"
    r"|[\u3040-\u30ff\u3400-\u9fff]{2,6}"
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
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")
# The date at which a byline ends.
_DATED = re.compile(
    r"\W*\b(?:\d{1,2}[. ]+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|okt"
    r"|dez|mai)[a-zé]{0,6}"
    r"[.,]? \d|\W*\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\W*\b(?:19|20)\d\d\b"
    r"|\W*(?:updated|published)\b",
    re.I,
)
_JOB = re.compile(rf"sponsored|.{{0,40}}\b(?:(?:{_ROLES})s?|staff|team)", re.I)
# `南都见习记者 林子沛`, `本报记者 余毅菁 向雪妮`
_HAN_REPORTERS = re.compile(
    r"[\u3400-\u9fff]{0,8}(?:记者|通讯员|撰文|作者|编译)[\s:：/]{1,3}"
    r"([\u3400-\u9fff·]{2,6}(?:[\s、]{1,2}[\u3400-\u9fff·]{2,6}){0,5}?)"
    r"(?:\s[\u3400-\u9fff]{2,4}报[导道])?"
)
# `김지우·이서준 기자`, `(서울=한강뉴스) 김지우 기자 = 항만청은`
_KOREAN_REPORTERS = re.compile(
    r"(?<![가-힣])([가-힣]{2,4}(?:\s?[·,]\s?[가-힣]{2,4}){0,4})\s?(?:기자|특파원|논설위원)(?![가-힣])"
)
_HAN_NAMES = re.compile(r"[\u3400-\u9fff·]{2,4}(?:[\s、]{1,2}[\u3400-\u9fff·]{2,4}){1,5}")
# A line at either end of a Chinese text: `澎湃新闻记者 贺梨萍`, `石佳/中国青年报`.
_SIGNED = re.compile(
    r"[（(]?(?:([\u3400-\u9fff]{0,8}(?:记者|撰文)[\s/]{1,3}[\u3400-\u9fff· ]{2,20})"
    r"|([\u3400-\u9fff]{2,4})/[\u3400-\u9fff]{2,8}(?:报|网|社|台|新闻|周刊))[)）]?"
)


def find_authors(
    tree: html.HtmlElement,
    structured: Structured,
    context: HeadlineContext,
    ending: Sequence[str],
    labelled: str,
    url: str,
) -> tuple[tuple[str, ...], str]:
    """Return the authors and their origin.

    `ending` are the lines at the end of the text, `labelled` is the name behind a label, or "".
    The first names that are not the site's own count; the site's own count if nothing names a
    person: USA TODAY names itself as the author of articles whose bylines name a person."""
    own: tuple[tuple[str, ...], str] = ((), "")
    for texts, origin in _candidates(tree, structured, context, ending, labelled):
        names = _names(texts, origin, structured)
        if all(_is_own(name, structured, url) for name in names):
            own = own if own[0] else (names, origin)
        elif not own[0] or (origin != "profile" and all(map(_PERSON.fullmatch, names))):
            return names, origin
    return own


def _is_own(name: str, structured: Structured, url: str) -> bool:
    """Return whether a name is the site's own: `og:site_name`, or a part of the host."""
    key = squeeze(name)
    return key == squeeze(structured.first("og:site_name")) or (
        len(key) > 2 and key in squeeze(host(url))
    )


def _candidates(
    tree: html.HtmlElement,
    structured: Structured,
    context: HeadlineContext,
    ending: Sequence[str],
    labelled: str,
) -> Iterator[tuple[list[str], str]]:
    """Yield the texts that may name the authors and their origin, the surest first."""
    yield list(_json_names(structured, structured.article.get("author"))), "json-ld"
    if labelled:
        yield [labelled], "pattern"
    for line in (*context.head, *ending):
        plain_line = simplified(line := line.strip())
        if signed := _SIGNED.fullmatch(plain_line) or REPORTED.match(plain_line):
            yield [line[slice(*signed.span(signed.lastindex or 0))]], "pattern"
    for line in context.head[:8]:
        if reporters := _KOREAN_REPORTERS.search(line[:80]):
            yield [reporters[1]], "pattern"
    for name in _AUTHOR_META:
        if texts := structured.meta.get(name):
            yield list(texts), "opengraph" if ":" in name else "meta"
    if names := structured.items.get("author"):
        # More than four include those of teasers.
        yield list(names) if len(set(names)) <= 4 else [names[0]], "microdata"
    for node in structured.nodes:
        if names := tuple(_json_names(structured, node.get("author"))):
            yield list(names), "json-ld"
    yield list(_bylines(tree)), "byline"
    for line in [*context.head[:8], *context.above[:3]]:
        if _BY.match(line) and len(line) <= 80:
            yield [line], "pattern"
        elif len(line) <= 120 and (behind := _BEHIND_TIME.search(line)):
            yield [behind[1]], "pattern"
    yield list(_profiles(tree)), "profile"
    for line, following in itertools.pairwise(context.head[:4]):
        # A name in a separate line, above or below the time.
        for name, beside in ((line, following), (following, line)):
            if is_person(name) and not _NOT_A_PERSON.search(name) and _is_time(beside):
                yield [name], "pattern"


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


_BYLINE = (
    "//*[@rel='author']",
    "//*[contains(@itemprop,'author')]//*[@itemprop='name']",
    "//*[self::a or self::span or self::div or self::p or self::address]"
    "[contains(@class,'author-name') or contains(@class,'author_name')"
    " or contains(@class,'authorName') or contains(@class,'byline-name')]",
    "//*[self::a or self::span or self::div or self::p or self::address]"
    "[contains(@class,'byline') or contains(@class,'author')]",
)


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
    named = ((link, name) for link in links if _PERSON.fullmatch(name := text_line(link)))
    first_block = None
    for link, name in itertools.islice(named, _MOST_NAMES):
        # Beside each other, or each in an item of the same list.
        block = next(link.iterancestors(*_BLOCKS), None)
        if first_block is not None and block is not first_block:
            return
        first_block = block
        yield name


def _names(texts: Iterable[str], origin: str, structured: Structured) -> tuple[str, ...]:
    """Return the single names in the texts, without `By`, roles, addresses and the site's name."""
    site = squeeze(structured.first("og:site_name")) or "\0"
    suffix = structured.first("og:site_name") or chr(0)
    behind = re.compile(rf"(?<=\w) +{re.escape(suffix)}$", re.I)
    names: dict[str, str] = {}
    for text in texts:
        if "://" in text:
            continue
        if reporters := _HAN_REPORTERS.fullmatch(simplified(text.strip())):
            text = text.strip()[slice(*reporters.span(1))]
        if _HAN_NAMES.fullmatch(text):
            text = "、".join(text.split())
        text = _BY.sub("", _DATED.split(text.strip(), maxsplit=1)[0].strip())
        for number, part in enumerate(_SPLIT.split(text)):
            if number and _JOB.fullmatch(part.strip()):
                continue
            name = _BY.sub("", part.strip(" .:-–—|"))
            bare = _ROLE.sub("", name)
            if " " in bare or _CJK.search(bare):  # `Guardian staff reporter` stays whole
                name = bare
            person = behind.sub("", name)
            name = (person if " " in person else name).strip(" .:-–—|()")
            key = squeeze(name)
            if not key or len(name) > _LONGEST_NAME or _NOT_A_NAME.search(name):
                continue
            if all_relative().search(plainly(name)):  # `Greta Lohse · vor 3 Stunden`
                continue
            if len(name.split()) > 6:
                continue
            names.setdefault(key, name)
    if len(names) > 1 and origin != "json-ld":
        names.pop(site, None)
    return tuple(names.values())
