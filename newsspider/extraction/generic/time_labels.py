"""Which time of a page is that of the publication, and which that of a change.

In: a line that shows times, or an element that holds one (hostile). Out: its times, each with the
`Label` of the nearest word or mark: `Last updated: … | First published: …`, itemprop=dateModified.
`times` calls it. The words are in `newsspider.languages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import NamedTuple

from lxml import etree, html

from newsspider.dates.locales import plain
from newsspider.languages import alternation


class Label(StrEnum):
    """What a page calls a time."""

    NONE = ""
    PUBLISHED = "published"
    MODIFIED = "modified"


class LabelledTime(NamedTuple):
    """A text with a time, and its label."""

    label: Label
    text: str


_MOST_ELEMENTS = 100
_MOST_PARENTS = 12
_BEFORE = 40  # characters before an element in which its label may be

# Attributes that hold a time, the surest first.
_OF_TIME = ("datetime", "content", "title")  # of `time` and `abbr`
_OF_PUBLICATION = (
    *("data-published", "data-publishtime", "data-publish-time", "data-publish-date"),
    *("data-pubdate", "data-pubtime", "data-ptime", "data-deploy-dt"),
)
_OF_ANY = ("data-datetime", "data-timestamp", "data-time", "data-date", "data-utc")
_HOLDING = frozenset((*_OF_PUBLICATION, *_OF_ANY))
# Marks of programs: WordPress has `entry-date published updated` on a post that never changed.
_PUBLISHED_MARK = re.compile(
    r"(?:^|[\s_-])(?:entry-date|published|pubdate|publish)|datepublished|datecreated", re.I
)
_DATE_MARK = re.compile(r"date|time", re.I)
_MODIFIED_MARK = re.compile(r"updat|modif|edited|revised", re.I)


@cache
def _words() -> re.Pattern[str]:
    """Return the pattern of labels in all languages, for a text in the form of `plain`."""
    published, modified = plain(alternation("published")), plain(alternation("modified"))
    return re.compile(f"(?P<modified>{modified})|(?P<published>{published})", re.IGNORECASE)


def labelled_times(line: str) -> list[LabelledTime]:
    """Return the parts of a line that may hold a time, each with the label nearest to it.

    A label stands before its time (`Published May 3 Updated May 4`), or all of a line's stand
    behind theirs (`5月3日公開 5月4日更新`)."""
    line = plain(line)
    marks = list(_marks(line))
    if not marks:
        return [LabelledTime(Label.NONE, line)]
    before, after = _has_digit(line[: marks[0][0]]), _has_digit(line[marks[-1][1] :])
    labels = {label for _, _, label in marks}
    if len(labels) == 1 and (Label.PUBLISHED in labels or not (before and after)):
        return [LabelledTime(marks[0][2], line)]
    if before and not after:
        starts = [0, *(end for _, end, _ in marks)]
        parts = [(label, line[starts[n] : end]) for n, (_, end, label) in enumerate(marks)]
    else:
        ends = [*(start for start, _, _ in marks[1:]), len(line)]
        parts = [(Label.NONE, line[: marks[0][0]])] if before else []
        parts += [
            (label, line[start:end]) for (start, _, label), end in zip(marks, ends, strict=True)
        ]
    return [LabelledTime(label, text) for label, text in parts if _has_digit(text)] or [
        LabelledTime(marks[0][2], line)
    ]


def _marks(text: str) -> Iterator[tuple[int, int, Label]]:
    """Yield where the labels in a plain text begin and end."""
    for m in _words().finditer(text):
        yield m.start(), m.end(), Label.MODIFIED if m["modified"] else Label.PUBLISHED


def label_alone(line: str) -> Label:
    """Return the label that a line consists of, for the time in the next line; NONE for others."""
    line = plain(line)
    if len(line) > _BEFORE or _has_digit(line):
        return Label.NONE
    return _last_label(line)


def times_of_elements(tree: html.HtmlElement) -> Iterator[LabelledTime]:
    """Yield the times in attributes of elements, and the text of `<time>` elements without one."""
    for element in islice(filter(_holds_time, tree.iter(etree.Element)), _MOST_ELEMENTS):
        if text := _attribute(element, _OF_PUBLICATION):
            yield LabelledTime(Label.PUBLISHED, text)
        elif not _in_teaser(element):
            label = _label_of(element)
            is_time = element.tag in ("time", "abbr")
            text = _attribute(element, (*_OF_TIME, *_OF_ANY) if is_time else _OF_ANY)
            if element.tag == "time":
                text = text or _text_of(element)
            if text and (is_time or label or _is_date(element)):
                yield LabelledTime(label, text)


def _holds_time(element: html.HtmlElement) -> bool:
    """Return whether an element may hold a time. (An XPath for it takes 1 s for a page of 5 MB.)"""
    if element.tag == "time" or not _HOLDING.isdisjoint(element.keys()):
        return True
    return element.tag == "abbr" and element.get("title") is not None


def _is_date(element: html.HtmlElement) -> bool:
    """Return whether an element is one that shows a date, and no day of a calendar to click on."""
    return "data-date" not in element.attrib and bool(_DATE_MARK.search(element.get("class") or ""))


def _attribute(element: html.HtmlElement, names: Iterable[str]) -> str:
    return next((text for name in names if (text := (element.get(name) or "").strip())), "")


def _text_of(element: etree._Element, limit: int = 80) -> str:
    """Return the first characters of an element's text."""
    text = ""
    for part in element.itertext():
        text += str(part)[:limit]
        if len(text) >= limit:
            break
    return text[:limit]


def _label_of(element: html.HtmlElement) -> Label:
    """Return the label of an element: its marks, the words in it, before it, behind it."""
    marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if element.get("pubdate") is not None or _PUBLISHED_MARK.search(marks):
        return Label.PUBLISHED
    if _MODIFIED_MARK.search(marks):
        return Label.MODIFIED
    behind = re.split(r"[\d|·•(]", (element.tail or "")[:_BEFORE])[0]
    following = element.getnext()
    if following is not None and following.tag == "time":
        behind = ""  # the label of the next time
    texts = (_text_of(element), _text_before(element), behind)
    return next(filter(None, map(_last_label, map(plain, texts))), Label.NONE)


def _text_before(element: etree._Element) -> str:
    """Return the text before an element in its block, back to the time before it."""
    text, node = "", element
    for _ in range(3):
        before = node.getprevious()
        while before is not None and len(text) < _BEFORE:
            inside = _text_of(before) if isinstance(before.tag, str) else ""
            text = f"{inside[-_BEFORE:]}{before.tail or ''}{text}"
            if before.tag == "time" or _has_digit(inside):
                return _since_digit(text)
            before = before.getprevious()
        parent = node.getparent()
        if parent is None or text.strip():
            break
        text, node = parent.text or "", parent
    return _since_digit(text[-_BEFORE:])


def _since_digit(text: str) -> str:
    """Return what follows the last digit of a text: a label before it belongs to another time."""
    return re.split(r"\d", text)[-1]


def _last_label(text: str) -> Label:
    labels = [label for _, _, label in _marks(text)]
    return labels[-1] if labels else Label.NONE


def _in_teaser(element: etree._Element) -> bool:
    """Return whether a time belongs to another article: in a list, a side bar, a link. (The link
    around an `abbr`, of Blogger, is the article's own.)"""
    around = ("aside", "li", "nav", "footer", *(() if element.tag == "abbr" else ("a",)))
    return any(parent.tag in around for parent in islice(element.iterancestors(), _MOST_PARENTS))


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
