"""The headline of a page whose `<title>` and first heading have the name of its site alone.

In: the name that was taken for the headline, the tree of a page, its structured data, its lines,
its address. Out: whether it is the site's; the heading above the text. Called by `headline`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import html

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.site_names import is_bare_address, related, shown_names
from newsspider.extraction.generic.structured import Structured, plain
from newsspider.extraction.generic.texts import size, squeeze
from newsspider.text import urls

_LONGEST_SITE, _MOST_WORDS = 40, 5  # characters and words of a site's name
_NEAR = 0.8  # how near to its address the name of a site is
_SHORTEST, _LONGEST = 8, 300  # characters of a headline
_LEAST_TEXT = 200  # letters of text below a headline
_MOST_LINES = 12  # lines below a headline that may be its text
_HEADINGS = ("h2", "h3", "h4")
_TITLE_MARK = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|article|post|story|news|content)[_-]?(?:title|headline)|headline)"
    r"(?:$|[\s_-])",
    re.I,
)


def is_name_of_site(name: str, tree: html.HtmlElement, structured: Structured, url: str) -> bool:
    """Return whether a name is short and one of the site's: stated, shown, or like its address."""
    if len(name) > _LONGEST_SITE or len(name.split()) > _MOST_WORDS:
        return False
    key = squeeze(name)
    stated = structured.first("og:site_name"), plain(structured.article.get("publisher"))
    if key in map(squeeze, stated) or is_bare_address(name):
        return True
    if related(name.strip(" ©"), url) >= _NEAR:
        return True
    return key in map(squeeze, shown_names(tree, url))


def heading_of_text(lines: Sequence[Line], site: str, url: str) -> Line | None:
    """Return the heading with a text below it: one marked as a title, else the first; or None.

    `site` is the name of the site. A heading that leads to another page is that of a teaser."""
    wanted = [
        number
        for number, line in enumerate(lines)
        if _SHORTEST <= len(line.text) <= _LONGEST
        and squeeze(line.text) != squeeze(site)
        and (line.kind in _HEADINGS or _is_marked(line))
        and not _leads_on(line, url)
    ]
    with_text = [lines[number] for number in wanted if _has_text(lines, number)]
    return next((line for line in with_text if _is_marked(line)), next(iter(with_text), None))


def _is_marked(line: Line) -> bool:
    marks = f"{line.holder.get('class') or ''} {line.holder.get('id') or ''}"
    return bool(_TITLE_MARK.search(marks[:200]))


def _leads_on(line: Line, url: str) -> bool:
    if not line.linked:
        return False
    links = [link.get("href") or "" for link in islice(line.holder.iter("a"), 3)]
    return not any(urls.absolute(href, url) == url for href in links)


def _has_text(lines: Sequence[Line], number: int) -> bool:
    """Return whether the lines below a heading, up to the next one, have a text."""
    text = 0
    for line in islice(lines, number + 1, number + 1 + _MOST_LINES):
        if line.kind in _HEADINGS:
            return False
        text += size(line.text) if line.kind == "p" and len(line.text) > 60 else 0
        if text >= _LEAST_TEXT:
            return True
    return False
