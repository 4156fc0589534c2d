"""Which lines of a page its extractors take for the text of the article.

In: the tree of a page, its lines, where they stand, the text in its structured data. Out: `Votes`.
Called by `body`. The layout always votes. Where it is sure, the libraries are not asked: they cost
more than all the rest, and would leave the text as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from newsspider.extraction.generic.extractors import (
    Corrections,
    Extraction,
    by_layout,
    by_readability,
    by_trafilatura,
    is_affordable,
    is_misleading,
)
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.opening import is_teaser
from newsspider.extraction.generic.places import Places

_AGREED = 0.9  # of the letters of two extractors
_MISLED = 0.3  # of the letters: trafilatura has another block than the layout
_SHOWN = 0.8  # of the text in structured data: a page that has as much shows it
# What a sure layout has. Measured on 1,300 news pages: it holds for three quarters of them, and
# without a library their texts are as good (docs/extraction.md).
_MUCH = 700  # letters of prose
_MOST = 0.5  # of the prose of the page, without comments
_PROSE = 0.7  # of its own letters; the rest are headings, list items, cells
_TEASERS = 0.3  # of its prose
_LINKED = 0.07  # of its characters
_LEFT_OUT = 1000  # letters that it leaves out between its first line and its last
_ABOVE = 1000  # letters of prose between the headline and its first paragraph


@dataclass(frozen=True, slots=True)
class Votes:
    """The numbers of the lines that each extractor has.

    `trafilatura` is empty where the layout is sure. `third` is the text in structured data or
    readability-lxml, as `third_name` says. `sure` are lines that need no other vote; the others
    need `enough` votes."""

    trafilatura: set[int]
    third: set[int]
    layout: set[int]
    sure: set[int]
    third_name: str = "readability"
    enough: int = 2

    def count(self, number: int) -> int:
        """Return how many extractors have a line."""
        return (number in self.trafilatura) + (number in self.third) + (number in self.layout)

    def has(self, number: int) -> bool:
        """Return whether any extractor has a line."""
        return self.count(number) > 0

    def names(self, kept: set[int]) -> str:
        """Return the names of the extractors that have most of these lines."""
        voters = {
            "trafilatura": self.trafilatura,
            self.third_name: self.third,
            "layout": self.layout,
        }
        return "+".join(name for name, has in voters.items() if 2 * len(has & kept) > len(kept))


def find_votes(
    tree: html.HtmlElement,
    lines: Sequence[Line],
    keys: Sequence[str],
    places: Places,
    headline: int,
    stated: Extraction,
) -> Votes:
    """Return the votes on the lines of a page.

    `keys` are the squeezed texts of the lines, `headline` is the number of the headline's line, or
    -1. `stated` is the text in structured data: if the page shows it, it votes."""
    sections = {number for number in places.sections(headline) if keys[number]}
    layout = by_layout(lines, places, headline) | sections
    # The libraries look for one article and for prose.
    sure = sections | {number for number in layout if lines[number].kind == "pre"}
    shown = stated.votes(keys)
    if sum(len(keys[number]) for number in shown) < _SHOWN * len(stated.text):
        shown = set()
    agreed = not shown or _agreement(keys, shown, layout) >= _SHOWN
    if agreed and is_sure(lines, keys, layout, places, headline):
        return Votes(set(), shown, layout, sure, "json-ld", 2 if shown else 1)
    affordable = is_affordable(tree, keys)
    first, corrections = by_trafilatura(tree).votes(keys) if affordable else set(), Corrections()
    misled = affordable and _agreement(keys, first, layout) < _MISLED
    if misled and is_misleading(places.around(layout)):
        corrections = Corrections(places.around(layout))
        first = by_trafilatura(tree, corrections).votes(keys)
    third, name = shown, "json-ld"
    if not third:
        # readability costs as much as all the rest: it runs only if the other two disagree.
        agreed = not affordable or _agreement(keys, first, layout) >= _AGREED
        third = set() if agreed else by_readability(tree, corrections).votes(keys)
        name = "readability"
    if _is_elsewhere(layout, first & third, places, headline):
        layout = sections
    return Votes(first, third, layout, sure, name)


def is_sure(
    lines: Sequence[Line], keys: Sequence[str], layout: set[int], places: Places, headline: int
) -> bool:
    """Return whether the layout has the whole text: much prose in one piece near the headline, half
    of what the page has, with few links and no teasers."""
    weights = places.weights
    numbers = sorted(number for number in layout if keys[number])
    prose = sum(weights[number] for number in numbers)
    if prose < max(_MUCH, _PROSE * sum(len(keys[number]) for number in numbers)):
        return False
    first = next(number for number in numbers if weights[number])
    linked = sum(lines[number].linked for number in numbers)
    left_out = set(range(numbers[0], numbers[-1])).difference(numbers)
    teasers = sum(weights[number] for number in numbers if is_teaser(lines, number))
    text = sum(w for number, w in enumerate(weights) if w and not places.of_others(number))
    return (
        sum(weights[headline + 1 : first]) <= _ABOVE
        and sum(len(keys[number]) for number in left_out) <= _LEFT_OUT
        and teasers <= _TEASERS * prose
        and linked <= _LINKED * sum(len(lines[number].text) for number in numbers)
        and prose >= _MOST * text
    )


def _agreement(keys: Sequence[str], first: set[int], second: set[int]) -> float:
    """Return the share of the letters of two extractors that both have."""
    shared, total = (sum(len(keys[n]) for n in lines) for lines in (first & second, first | second))
    return shared / total if total else 0.0


def _is_elsewhere(layout: set[int], agreed: set[int], places: Places, headline: int) -> bool:
    """Return whether the layout has the text of other articles, such as teasers: none of the lines
    in which the libraries agree, which begin with the first paragraph below the headline."""
    first = next((n for n in range(headline + 1, len(places.weights)) if places.weights[n]), -1)
    return headline >= 0 and first in agreed and not layout & agreed
