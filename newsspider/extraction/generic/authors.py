"""The authors of an article: names of persons in structured data, labels and bylines.

In: the tree of a page, its structured data, the lines near the headline and at the end of the text,
the author that a label names, the address. Out: the names and their origin. Called by `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import html

from newsspider.dates.lines import all_relative
from newsspider.dates.locales import plain as plainly
from newsspider.extraction.generic.author_candidates import BY, PERSON, AuthorPage, candidates
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.structured import Structured
from newsspider.extraction.generic.texts import squeeze
from newsspider.languages import alternation
from newsspider.text.chinese import simplified
from newsspider.text.scripts import CJK, HAN
from newsspider.text.urls import host

_LONGEST_NAME, _MOST_WORDS = 60, 6
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
_CJK = re.compile(rf"[{CJK}]")
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
    rf"[{HAN}]{{0,8}}(?:记者|通讯员|撰文|作者|编译)[\s:：/]{{1,3}}"
    rf"([{HAN}·]{{2,6}}(?:[\s、]{{1,2}}[{HAN}·]{{2,6}}){{0,5}}?)"
    rf"(?:\s[{HAN}]{{2,4}}报[导道])?"
)
_HAN_NAMES = re.compile(rf"[{HAN}·]{{2,4}}(?:[\s、]{{1,2}}[{HAN}·]{{2,4}}){{1,5}}")


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
    site = structured.first("og:site_name")
    page = AuthorPage(tree, structured, context, ending, labelled)
    for texts, origin in candidates(page):
        names = _names(texts, origin, site)
        if all(_is_own(name, site, url) for name in names):
            own = own if own[0] else (names, origin)
        elif not own[0] or (origin != "profile" and all(map(PERSON.fullmatch, names))):
            return names, origin
    return own


def _is_own(name: str, site: str, url: str) -> bool:
    """Return whether a name is the site's own: `og:site_name`, or a part of the host."""
    key = squeeze(name)
    return key == squeeze(site) or (len(key) > 2 and key in squeeze(host(url)))


def _names(texts: Iterable[str], origin: str, site: str) -> tuple[str, ...]:
    """Return the single names in the texts, without `By`, roles, addresses and the site's name."""
    names: dict[str, str] = {}
    for text in texts:
        if "://" in text:
            continue
        for number, part in enumerate(_SPLIT.split(_byline(text))):
            if number and _JOB.fullmatch(part.strip()):
                continue
            name = _bare(part, site)
            if _is_name(name):
                names.setdefault(squeeze(name), name)
    if len(names) > 1 and origin != "json-ld":
        names.pop(squeeze(site), None)
    return tuple(names.values())


def _byline(text: str) -> str:
    """Return a byline without `By` and without what follows its names; Chinese names separated."""
    if reporters := _HAN_REPORTERS.fullmatch(simplified(text.strip())):
        text = text.strip()[slice(*reporters.span(1))]
    if _HAN_NAMES.fullmatch(text):
        text = "、".join(text.split())
    return BY.sub("", _DATED.split(text.strip(), maxsplit=1)[0].strip())


def _bare(part: str, site: str) -> str:
    """Return a part of a byline without `By`, the role and the site's name behind the person's."""
    name = BY.sub("", part.strip(" .:-–—|"))
    bare = _ROLE.sub("", name)
    if " " in bare or _CJK.search(bare):  # `Guardian staff reporter` stays whole
        name = bare
    person = re.sub(rf"(?<=\w) +{re.escape(site)}$", "", name, flags=re.I) if site else name
    return (person if " " in person else name).strip(" .:-–—|()")


def _is_name(text: str) -> bool:
    """Return whether a text may be a name: short, not a label of the page, not a relative time."""
    if not squeeze(text) or len(text) > _LONGEST_NAME or len(text.split()) > _MOST_WORDS:
        return False
    # `Greta Lohse · vor 3 Stunden`
    return not _NOT_A_NAME.search(text) and not all_relative().search(plainly(text))
