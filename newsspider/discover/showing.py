"""The element that shows a value on each of several pages: the selector of a field.

In: pages of several articles, and for each how far a text is from the value of the field there.
Out: the pick that gives the value on all of them, by the surest names. Pure; `authoring.mend` calls
it for a selector that finds nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from lxml import etree, html

from newsspider.discover.markup import names
from newsspider.sites.listings import HtmlPick
from newsspider.text.selectors import html_field

_MOST_NODES = 5000
_MOST_TRIED = 40  # selectors that are run on all pages
_LEVELS = 3  # elements around the element, whose names may be in its selector
# Elements that a page has one of for its article, and the price of a selector without a name.
_BARE = {"h1": 1.6, "time": 1.6, "article": 1.6, "main": 2.0}
_DEAREST = 2.5  # a name that describes looks alone changes with the next redesign
# The price of each character around a value: of two elements that hold it, the closer one counts.
_PER_CHARACTER, _FAR = 0.01, 300
_PER_PATTERN = 0.3  # the price of each pattern that comes before
_SKIPPED = ("head", "script", "style", "noscript", "template")

# How far a text is from the one that is looked for, from 0; None if it is another.
Distance = Callable[[str], float | None]


def pick_of(
    trees: Sequence[html.HtmlElement],
    distances: Sequence[Distance],
    *,
    patterns: Sequence[str] = ("",),
    attributes: Sequence[str] = (),
) -> HtmlPick | None:
    """Return the pick whose first value has a distance on every page; None without one.

    A value is the text of an element or one of these `attributes`, or what a pattern matches of
    it, the first of them best.
    """
    places = [(".", ""), *((f"@{name}", f"::attr({name})") for name in attributes)]
    ways = [
        (HtmlPick(select=place, pattern=pattern), suffix, _PER_PATTERN * at)
        for place, suffix in places
        for at, pattern in enumerate(patterns)
    ]
    prices: dict[tuple[str, str], float] = {}
    for element in _nodes(trees[0]):
        for way, suffix, later in ways:
            value = html_field(element, [way])
            distance = distances[0](value) if value else None
            if distance is None:
                continue
            around = len(html_field(element, [HtmlPick(select=way.select)])) - len(value)
            for selector, price in _selectors(element):
                option = (f"{selector}{suffix}", way.pattern)
                price += later + distance + _PER_CHARACTER * min(around, _FAR)
                prices[option] = min(price, prices.get(option, price))
    for select, pattern in islice(sorted(prices, key=lambda each: prices[each]), _MOST_TRIED):
        pick = HtmlPick(select=select, pattern=pattern)
        values = [html_field(tree, [pick]) for tree in trees]
        pairs = zip(values, distances, strict=True)
        if all(value and distance(value) is not None for value, distance in pairs):
            return pick
    return None


def _nodes(tree: html.HtmlElement) -> Iterator[etree._Element]:
    body = tree.find("body")
    nodes = tree.iter(etree.Element) if body is None else body.iter(etree.Element)
    return (node for node in islice(nodes, _MOST_NODES) if node.tag not in _SKIPPED)


def _selectors(element: etree._Element) -> Iterator[tuple[str, float]]:
    """Yield selectors of an element, each with a price: by its own name, by those around it."""
    tag = element.tag
    own = {f"{tag}{name}": price for name, price in names(element).items() if price <= _DEAREST}
    yield from own.items()
    if tag in _BARE:
        yield tag, _BARE[tag]
    for depth, outer in enumerate(islice(element.iterancestors(), _LEVELS)):
        between = " " if depth else " > "
        for name, price in names(outer).items():
            if price <= _DEAREST:
                around = f"{outer.tag}{name}{between}"
                price += 1.0 + 0.3 * depth
                yield f"{around}{tag}", price
                yield from ((f"{around}{each}", price + more) for each, more in own.items())
