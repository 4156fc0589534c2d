"""The short lines around the headline: there a page shows time, source and names.

In: the lines of a page and the headline. Out: the lines below it and above it. Called by `extract`,
for `times`, `people` and `authors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import html

from newsspider.extraction.generic.headline import Headline
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.texts import squeeze

_AFTER, _BEFORE = 30, 12  # lines
_LONGEST = 200  # characters: a longer line is a paragraph
_PARAGRAPHS = 3  # paragraphs after which the head of an article is over


@dataclass(frozen=True, slots=True)
class HeadlineContext:
    """The lines around the headline.

    `head` are those below it, `above` those above it, the nearest first. `at` is the number of the
    headline's last line, or -1 if no line shows it. `element` shows the headline, or is None.
    """

    head: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    at: int = -1
    element: html.HtmlElement | None = None


def read_headline_context(lines: Sequence[Line], headline: Headline) -> HeadlineContext:
    """Return the short lines around the headline; none if no line shows it."""
    at = _place(lines, headline)
    if at < 0:
        return HeadlineContext()
    above = [line.text[:_LONGEST] for line in reversed(lines[max(0, at - _BEFORE) : at])]
    head = tuple(_head(lines[at + 1 : at + 1 + _AFTER]))
    element = lines[at].holder if headline.element is None else headline.element
    return HeadlineContext(head, tuple(above), at, element)


def _place(lines: Sequence[Line], headline: Headline) -> int:
    wanted = squeeze(headline.text)
    if headline.element is not None:
        inside = [number for number, line in enumerate(lines) if line.holder is headline.element]
        # A heading may have a line break; and an article's only block may begin with its headline.
        broken = [number for number in inside if squeeze(lines[number].text) in wanted]
        if inside:
            return max(inside[0], *broken, -1)
    for number, line in enumerate(lines):
        similar_length = wanted and len(line.text) < 2 * len(headline.text) + 10
        if similar_length and squeeze(line.text) == wanted:
            return number
    return -1


def _head(lines: Sequence[Line]) -> Iterator[str]:
    paragraphs = 0
    for line in lines:
        if paragraphs >= _PARAGRAPHS:
            return
        paragraphs += len(line.text) > _LONGEST
        if line.kind != "img":
            yield line.text[:_LONGEST]
