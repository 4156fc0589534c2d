"""Where an element stands: how near to the headline, and whether it belongs to something else.

In: elements of a page, the element of its headline. Out: the elements, the nearest first. Called by
`author_candidates`: a byline of the article stands nearer to its headline than those of teasers,
and never within a comment or a quoted post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from lxml import etree, html

_DEEPEST = 60  # blocks around an element
_QUOTED = ("blockquote", "amp-twitter", "amp-instagram")
_BESIDE = ("aside", "nav", "footer")
# Quoted posts, comments, teasers.
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:twitter|tweets?|instagram|bluesky|fb-post|social-embed|embed|quoted?|quotes"
    r"|comments?|commentlist|kommentar\w*|disqus|replies|respond|related|recommend\w*|recirc\w*"
    r"|trending|popular|most-?(?:read|viewed|popular)|more-?(?:stories|news|on|from)"
    r"|read-?(?:more|next|also)|teasers?|promo|newsletter|testimonials?)"
    r"(?:$|[\s_-])",
    re.I,
)


def nearest_first(
    elements: Sequence[html.HtmlElement], headline: html.HtmlElement | None
) -> Iterator[tuple[int, list[html.HtmlElement]]]:
    """Yield the elements by their distance from the headline: the number of blocks around the
    headline that do not hold the element. Elements at the same distance stay in their order. Those
    beside the text (`aside`, `footer`) come last."""
    around = {} if headline is None else _around(headline)
    groups: dict[int, list[html.HtmlElement]] = {}
    for element in elements:
        if element in around:  # a block that holds the headline is no byline
            continue
        if (distance := _distance(element, around)) is not None:
            groups.setdefault(distance, []).append(element)
    for distance in sorted(groups):
        yield distance, groups[distance]


def _around(headline: html.HtmlElement) -> dict[etree._Element, int]:
    """Return the headline and the blocks around it, and their distances from it."""
    blocks = (headline, *headline.iterancestors())
    return {block: number for number, block in enumerate(islice(blocks, _DEEPEST))}


def _distance(element: html.HtmlElement, around: dict[etree._Element, int]) -> int | None:
    """Return the distance of an element from the headline; None if it belongs to something else: a
    mark on a block around the headline is no sign of that."""
    beside = 0
    for block in islice(chain((element,), element.iterancestors()), _DEEPEST):
        if (distance := around.get(block)) is not None:
            return distance + beside
        marks = f"{(block.get('class') or '')[:200]} {(block.get('id') or '')[:100]}"
        if block.tag in _BESIDE:
            beside = _DEEPEST
        if block.tag in _QUOTED or _MARKED.search(marks):
            return None
    return len(around) + beside
