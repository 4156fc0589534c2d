"""Repeated elements of a page that each hold a link: what a list looks like before it is named.

In: a View. Out: Groups of elements that stand in the same place of the tree (same tags and lasting
classes on the way down), wherever on the page, each with the best link in it; best groups first.
Works in one pass up from every link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from newsspider.discover.markup import is_lasting, line, tokens
from newsspider.discover.model import View
from newsspider.discover.scoring import DATE, title_worth, url_worth
from newsspider.text.urls import absolute

_MOST_LINKS = 5000
_DEEPEST = 60
_MOST_GROUPS = 8
FEWEST = 3  # entries make a list
_MANY = 12  # entries of one name all over a page
_FULLER = 3  # times what any one place holds: less is a list and the boxes beside it
GOOD = 0.25  # a link worth less is none of an article
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True, eq=False)
class Anchor:
    """A link of the page: where to, what it says, and how much that is like an article's."""

    element: etree._Element
    url: str
    text: str
    worth: float


@dataclass(slots=True, eq=False)
class Group:
    """Elements in one place of the tree, and for each the anchors in it."""

    items: list[etree._Element] = field(default_factory=list)
    best: dict[etree._Element, Anchor] = field(default_factory=dict)
    worth: float = 0.0

    def weigh(self, below: dict[etree._Element, list[Anchor]]) -> None:
        """Set `best` and `worth`: the sum of the entries' best links, less where one entry holds
        many (a box around a list is no entry of one) or two entries the same."""
        total, seen = 0.0, set()
        for item in self.items:
            links: dict[str, Anchor] = {}
            for anchor in below[item]:
                if anchor.url not in links or anchor.worth > links[anchor.url].worth:
                    links[anchor.url] = anchor
            good = [anchor for anchor in links.values() if anchor.worth >= GOOD]
            # Of two equals in a card the first is the headline's, the next may be a related one.
            top = max(good, key=lambda anchor: anchor.worth, default=None)
            if top is None or top.url in seen:
                continue
            seen.add(top.url)
            total += sum(anchor.worth for anchor in good)
            self.best[item] = top
        best = sum(anchor.worth for anchor in self.best.values())
        self.worth = best * best / total if total else 0.0


def anchors(view: View) -> list[Anchor]:
    """The links of a page that could lead to an article, the first 5000."""
    found = []
    for element in view.tree.iter("a"):
        href = element.get("href")
        url = absolute(href, view.base) if href else None
        if url is None:
            continue
        text = link_text(element)
        worth = 0.0 if _is_in_text(element) else title_worth(text) * url_worth(url, view.url)
        found.append(Anchor(element, url, text, worth))
        if len(found) == _MOST_LINKS:
            break
    return found


def _is_in_text(element: etree._Element) -> bool:
    """Whether a link stands in the middle of a sentence: a body's link, no entry's."""
    parent = element.getparent()
    before = element.getprevious()
    if parent is None or parent.tag != "p":
        return False
    words = (parent.text if before is None else before.tail) or ""
    return len(words.strip()) > 20 and not DATE.search(words)


def link_text(element: etree._Element) -> str:
    """What a link says; the heading in it where it is a whole card."""
    for heading in element.iter(*HEADINGS):
        if text := line(heading):
            return text
    return line(element)


def spread(found: list[Anchor]) -> dict[etree._Element, list[Anchor]]:
    """For every element over (or being) a link, its links."""
    below: dict[etree._Element, list[Anchor]] = {}
    for anchor in found:
        element: etree._Element | None = anchor.element
        for _ in range(_DEEPEST):
            if element is None or element.tag in ("body", "html"):
                break
            below.setdefault(element, []).append(anchor)
            element = element.getparent()
    return below


def name_by_headings(view: View, below: dict[etree._Element, list[Anchor]]) -> None:
    """Give a link that says only "Read more" or is a picture the words of the heading beside it."""
    for element, held in below.items():
        anchor = held[0]
        if element is not anchor.element or title_worth(anchor.text) > GOOD:
            continue
        address = url_worth(anchor.url, view.url)
        if address <= GOOD:
            continue
        for box in list(element.iterancestors())[:4]:
            if len(below.get(box, ())) > 6 or box not in below:
                break
            headings = list(box.iter(*HEADINGS))
            if headings:
                if len(headings) == 1 and headings[0].find(".//a") is None:
                    anchor.text = line(headings[0])
                    anchor.worth = title_worth(anchor.text) * address
                break


def groups(below: dict[etree._Element, list[Anchor]]) -> list[Group]:
    """The groups worth naming, best first; of those that give the same links the outermost."""
    found: dict[object, Group] = {}
    scattered: dict[object, Group] = {}
    places: dict[tuple[int, str], int] = {}
    place_of: dict[etree._Element, int] = {}
    for element in below:
        parent = element.getparent()
        at = _place(parent, place_of, places) if parent is not None else 0
        for key in _keys(element):
            found.setdefault((at, key), Group()).items.append(element)
            if key[1]:
                scattered.setdefault(key, Group()).items.append(element)
    large = _weighed(found.values(), below)
    # A front page has its teasers in twenty blocks, each a place of its own with three of them.
    top = _FULLER * max((group.worth for group in large), default=0.0)
    many = (group for group in scattered.values() if len(group.items) > max(top, _MANY))
    large += [group for group in _weighed(many, below) if group.worth > top]
    large.sort(key=lambda group: -group.worth)
    return _distinct(large)


def _weighed(found: Iterable[Group], below: dict[etree._Element, list[Anchor]]) -> list[Group]:
    large = [group for group in found if len(group.items) >= FEWEST]
    for group in large:
        group.weigh(below)
    return [group for group in large if len(group.best) >= FEWEST]


def _keys(element: etree._Element) -> Iterator[tuple[str, str]]:
    tag = element.tag
    yield tag, ""
    # A box may hold entries of one class beside advertisements and a pager with the same tag.
    yield from ((tag, token) for token in tokens(element)[:6] if is_lasting(token))


def _place(
    element: etree._Element, known: dict[etree._Element, int], places: dict[tuple[int, str], int]
) -> int:
    """A number for the way down to an element, the same for elements on like ways."""
    way: list[etree._Element] = []
    at: etree._Element | None = element
    while at is not None and at not in known and len(way) < _DEEPEST:
        way.append(at)
        at = at.getparent()
    number = known.get(at, 0) if at is not None else 0
    for step in reversed(way):
        number = places.setdefault((number, _sign(step)), len(places) + 1)
        known[step] = number
    return number


def _sign(element: etree._Element) -> str:
    identity = element.get("id") or ""
    lasting = is_lasting(identity) and not identity[-1].isdigit()
    classes = sorted(token for token in tokens(element) if is_lasting(token))
    # Layouts of tables without classes tell their columns apart by width only.
    looks = element.get("width") if element.tag in ("td", "table") and not classes else ""
    return f"{element.tag}#{identity if lasting else ''}.{'.'.join(classes)}/{looks}"


def _distinct(ranked: list[Group]) -> list[Group]:
    kept: dict[frozenset[str], Group] = {}
    for group in ranked[:200]:
        urls = frozenset(anchor.url for anchor in group.best.values())
        other = kept.get(urls)
        if other is None:
            if len(kept) < _MOST_GROUPS:
                kept[urls] = group
        elif group.worth >= 0.95 * other.worth and _is_within(other.items[0], group.items[0]):
            kept[urls] = group
    return list(kept.values())


def _is_within(inner: etree._Element, outer: etree._Element) -> bool:
    return any(element is outer for element in inner.iterancestors())
