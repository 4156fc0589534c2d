"""The authors of an article: names of persons in structured data, labels and bylines.

In: the tree of a page, its structured data, the lines near the headline and at the end of the text,
the author that a label names, the address. Out: the names and their origin. Called by `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import html

from newsspider.extraction.generic.author_candidates import AuthorPage, candidates
from newsspider.extraction.generic.byline_lines import PERSON
from newsspider.extraction.generic.bylines import is_newsroom, names_in
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.portals import is_portal
from newsspider.extraction.generic.structured import Structured
from newsspider.extraction.generic.texts import squeeze, text_line
from newsspider.languages import alternation
from newsspider.text.urls import host

_UNSURE = ("profile", "guess")  # origins that do not replace the name of a newsroom
_STATED = ("json-ld", "meta", "opengraph", "microdata")  # origins that name each author alone
_EDITED = re.compile(rf"(?:{alternation('edited_by')})[\s:：]+(.{{3,60}})", re.I)
_JOINT = re.compile(r"\s+[-–—|·]\s+")  # between the headline and the site in `<title>`
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


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
    The first names that are not the site's own or a newsroom's count; those count if nothing names
    a person: USA TODAY names itself as the author of articles whose bylines name a person."""
    own: tuple[tuple[str, ...], str] = ((), "")
    newsroom = own
    site = structured.first("og:site_name")
    own_names = _own_names(site, tree)
    japanese = bool(_HIRAGANA.search("".join(context.head[:12])))
    page = AuthorPage(tree, structured, context, ending, labelled)
    editors = _editors(context)
    for texts, origin in candidates(page):
        names = _names(texts, origin, site, japanese=japanese)
        names = tuple(name for name in names if not is_portal(name))
        names = tuple(name for name in names if squeeze(name) not in editors) or names
        if origin not in _STATED:
            names = _persons(names, own_names, url) or names
        if all(_is_own(name, own_names, url) for name in names):
            own = own if own[0] else (names, origin)
        elif own[0] and (origin in _UNSURE or not all(map(PERSON.fullmatch, names))):
            continue
        elif all(map(is_newsroom, names)):
            newsroom = newsroom if newsroom[0] else (names, origin)
        elif not newsroom[0] or (origin not in _UNSURE and all(map(PERSON.fullmatch, names))):
            return names, origin
    return newsroom if newsroom[0] else own


def _editors(context: HeadlineContext) -> frozenset[str]:
    """Return the squeezed names of those who edited the article, of lines such as `Edited by …`."""
    matches = (_EDITED.match(line) for line in context.head[:12])
    return frozenset(squeeze(match[1]) for match in matches if match)


def _own_names(site: str, tree: html.HtmlElement) -> frozenset[str]:
    """Return the squeezed names of the site: `og:site_name`, and the end of `<title>`."""
    ends = _JOINT.split(text_line(tree.find(".//title")))[1:]
    return frozenset(map(squeeze, (site, *ends[-1:])))


def _persons(names: Iterable[str], own_names: frozenset[str], url: str) -> tuple[str, ...]:
    """Return the names without those of the site and of newsrooms: `Ellery Courier / Ada Brook`.
    Return none if no person remains."""
    kept = tuple(n for n in names if not is_newsroom(n) and not _is_own(n, own_names, url))
    return kept if any(map(PERSON.fullmatch, kept)) else ()


def _is_own(name: str, own_names: frozenset[str], url: str) -> bool:
    """Return whether a name is the site's own: one of its names, or a part of the host."""
    key = squeeze(name)
    return key in own_names or (len(key) > 2 and key in squeeze(host(url)))


def _names(texts: Iterable[str], origin: str, site: str, *, japanese: bool) -> tuple[str, ...]:
    """Return the single names in the texts, each once, without the site's own behind others."""
    names: dict[str, str] = {}
    for text in texts:
        for name in names_in(text, site, japanese=japanese):
            names.setdefault(squeeze(name), name)
    if len(names) > 1 and origin != "json-ld":
        names.pop(squeeze(site), None)
    return tuple(names.values())
