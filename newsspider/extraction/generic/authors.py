"""The authors of an article: names of persons in structured data, labels and bylines.

In: the tree of a page, its structured data, the lines near the headline and at the end of the text,
the author that a label names, the address. Out: the names and their origin. Called by `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import html

from newsspider.extraction.generic.author_candidates import PERSON, AuthorPage, candidates
from newsspider.extraction.generic.bylines import is_newsroom, names_in
from newsspider.extraction.generic.headline_context import HeadlineContext
from newsspider.extraction.generic.structured import Structured
from newsspider.extraction.generic.texts import squeeze
from newsspider.languages import alternation
from newsspider.text.urls import host

_UNSURE = ("profile", "guess")  # origins that do not replace the name of a newsroom
_EDITED = re.compile(rf"(?:{alternation('edited_by')})[\s:：]+(.{{3,60}})", re.I)
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
    japanese = bool(_HIRAGANA.search("".join(context.head[:12])))
    page = AuthorPage(tree, structured, context, ending, labelled)
    editors = _editors(context)
    for texts, origin in candidates(page):
        names = _names(texts, origin, site, japanese=japanese)
        names = tuple(name for name in names if squeeze(name) not in editors) or names
        if all(_is_own(name, site, url) for name in names):
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


def _is_own(name: str, site: str, url: str) -> bool:
    """Return whether a name is the site's own: `og:site_name`, or a part of the host."""
    key = squeeze(name)
    return key == squeeze(site) or (len(key) > 2 and key in squeeze(host(url)))


def _names(texts: Iterable[str], origin: str, site: str, *, japanese: bool) -> tuple[str, ...]:
    """Return the single names in the texts, each once, without the site's own behind others."""
    names: dict[str, str] = {}
    for text in texts:
        for name in names_in(text, site, japanese=japanese):
            names.setdefault(squeeze(name), name)
    if len(names) > 1 and origin != "json-ld":
        names.pop(squeeze(site), None)
    return tuple(names.values())
