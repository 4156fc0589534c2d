"""Repeated elements of a page that each contain a link: lists without a selector yet.

In: a View. Out: Groups of elements with the same place in the tree (the same tags and lasting
classes on the path down to them), each element with its best link; best groups first. One pass up
from every link does the work. Called by `lists`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from newsspider.discover.markup import TITLE_NAME, is_lasting, line, named, tokens
from newsspider.discover.model import View
from newsspider.discover.scoring import DATE, title_worth, url_worth
from newsspider.text.characters import width
from newsspider.text.script_links import TARGETS, ScriptLinks
from newsspider.text.urls import absolute

_MOST_LINKS = 5000
_DEEPEST = 60
_MOST_GROUPS = 8
FEWEST = 3  # entries of a list
_MANY = 12  # entries with one name all over a page
_FULLER = 3  # times the content of any single place: less is a list and the boxes beside it
GOOD = 0.25  # a link worth less does not lead to an article
_LINKS = "//a | //*[@onclick or @data-href or @data-url or @data-link][not(self::a)]"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True, eq=False)
class Anchor:
    """A link of the page: its address, its text, and from 0 to 1 how much both resemble an
    article's. `attribute` of the element has the address, or a script that leads to it. `alike`
    counts the addresses whose links begin with the same words: `Listen to …`, `Read more …`."""

    element: etree._Element
    url: str
    text: str
    worth: float
    attribute: str = "href"
    alike: int = 1

    @property
    def is_label(self) -> bool:
        """Whether the text begins like that of other links: it may say what the link does."""
        return self.alike >= FEWEST


@dataclass(slots=True, eq=False)
class Group:
    """Elements in one place of the tree; `best` is the best anchor of each."""

    items: list[etree._Element] = field(default_factory=list)
    best: dict[etree._Element, Anchor] = field(default_factory=dict)
    worth: float = 0.0

    def weigh(self, below: dict[etree._Element, list[Anchor]]) -> None:
        """Set `best` and `worth`: the sum of the entries' best links, less where an entry contains
        many links (a box around a list is not an entry) or two entries the same link."""
        total, seen = 0.0, set()
        for item in self.items:
            links: dict[str, list[Anchor]] = {}
            for anchor in below[item]:
                links.setdefault(anchor.url, []).append(anchor)
            chosen = [_headline_of(anchors) for anchors in links.values()]
            good = [anchor for anchor in chosen if anchor.worth >= GOOD]
            # Of two equals in a card the first is the headline; the next may be a related article.
            top = max(good, key=lambda anchor: anchor.worth, default=None)
            if top is None or top.url in seen:
                continue
            seen.add(top.url)
            total += sum(anchor.worth for anchor in good)
            self.best[item] = top
        best = sum(anchor.worth for anchor in self.best.values())
        self.worth = best * best / total if total else 0.0


def anchors(view: View) -> list[Anchor]:
    """Return the links of a page, the first 5000."""
    links: list[Anchor] = []
    scripts = ScriptLinks(view.tree)
    for element in view.tree.xpath(_LINKS):
        attribute, url = _target(element, scripts, view.base)
        if not url or (element.tag != "a" and _holds_link(element, view.base)):
            continue
        text = link_text(element)
        worth = 0.0 if _is_in_text(element) else title_worth(text) * url_worth(url, view.url)
        links.append(Anchor(element, url, text, worth, attribute))
        if len(links) == _MOST_LINKS:
            break
    _count_alike(links)
    return links


def _count_alike(links: Iterable[Anchor]) -> None:
    addresses: dict[str, set[str]] = {}
    for anchor in links:
        addresses.setdefault(_start(anchor.text), set()).add(anchor.url)
    for anchor in links:
        anchor.alike = len(addresses[_start(anchor.text)])


def _start(text: str) -> str:
    """Return the first eight letters of a text, four of Chinese, Japanese or Korean."""
    return text[: 4 if width(text[:4]) > 6 else 8].casefold()


def _headline_of(links: Sequence[Anchor]) -> Anchor:
    """Return the link of several to one address whose text is the headline: the one in a heading,
    else the one that begins least like others. It counts as much as the best of them."""
    if len(links) == 1:
        return links[0]
    best = max(anchor.worth for anchor in links)
    titled = [anchor for anchor in links if anchor.worth > 0.1] or links
    chosen = min(titled, key=lambda link: (not _is_heading(link), link.is_label, -link.worth))
    return replace(chosen, worth=best)


def _is_heading(anchor: Anchor) -> bool:
    around = islice(anchor.element.iterancestors(), 3)
    return any(box.tag in HEADINGS for box in around) or any(anchor.element.iter(*HEADINGS))


def _target(element: etree._Element, scripts: ScriptLinks, base: str) -> tuple[str, str]:
    """Return the attribute that says where a link leads, and the address; "" and "" without one."""
    for attribute in TARGETS:
        value = element.get(attribute)
        if value and (url := absolute(scripts.target(value), base)):
            return attribute, url
    return "", ""


def _holds_link(element: etree._Element, base: str) -> bool:
    """Return whether a row or a card that a script makes a link has a link of its own."""
    return any(absolute(link.get("href") or "", base) for link in element.iter("a"))


def _is_in_text(element: etree._Element) -> bool:
    """Return whether a link is in the middle of a sentence: it belongs to a text, not to a list."""
    parent = element.getparent()
    before = element.getprevious()
    if parent is None or parent.tag != "p":
        return False
    words = (parent.text if before is None else before.tail) or ""
    return len(words.strip()) > 20 and not DATE.search(words)


def link_text(element: etree._Element) -> str:
    """Return the text of a link, or of the heading in it when the link is a whole card."""
    for heading in element.iter(*HEADINGS):
        if text := line(heading):
            return text
    return line(element)


def links_below(links: list[Anchor]) -> dict[etree._Element, list[Anchor]]:
    """Return the links of every element that contains or is a link."""
    below: dict[etree._Element, list[Anchor]] = {}
    for anchor in links:
        element: etree._Element | None = anchor.element
        for _ in range(_DEEPEST):
            if element is None or element.tag in ("body", "html"):
                break
            below.setdefault(element, []).append(anchor)
            element = element.getparent()
    return below


def name_by_headings(view: View, below: dict[etree._Element, list[Anchor]]) -> None:
    """Give a link that is a picture, or whose text only says what it does ("Read more"), the text
    of the heading beside it."""
    for element, held in below.items():
        anchor = held[0]
        unnamed = title_worth(anchor.text) <= GOOD
        if element is not anchor.element or not (unnamed or anchor.is_label):
            continue
        address = url_worth(anchor.url, view.url)
        if address <= GOOD:
            continue
        for box in list(element.iterancestors())[:4]:
            links = below.get(box, ())
            if not links or len(links) > 6 or not (unnamed or _is_alone(anchor, links)):
                break
            if headings := list(box.iter(*HEADINGS)) or named(box, TITLE_NAME):
                if len(headings) == 1 and headings[0].find(".//a") is None:
                    anchor.text = line(headings[0])
                    anchor.worth = title_worth(anchor.text) * address
                break


def _is_alone(anchor: Anchor, links: Iterable[Anchor]) -> bool:
    return all(link.url == anchor.url for link in links)


def groups(below: dict[etree._Element, list[Anchor]]) -> list[Group]:
    """Return the groups that may be lists, best first; of those with the same links the
    outermost."""
    by_place: dict[object, Group] = {}
    by_name: dict[object, Group] = {}
    places: dict[tuple[int, str], int] = {}
    place_of: dict[etree._Element, int] = {}
    for element in below:
        parent = element.getparent()
        at = _place(parent, place_of, places) if parent is not None else 0
        for key in _keys(element):
            by_place.setdefault((at, key), Group()).items.append(element)
            if key[1]:
                by_name.setdefault(key, Group()).items.append(element)
    large = _weighed(by_place.values(), below)
    # A front page has its teasers in twenty blocks of three, each in a place of its own.
    top = _FULLER * max((group.worth for group in large), default=0.0)
    many = (group for group in by_name.values() if len(group.items) > max(top, _MANY))
    large += [group for group in _weighed(many, below) if group.worth > top]
    large.sort(key=lambda group: -group.worth)
    return _distinct(large)


def _weighed(all_groups: Iterable[Group], below: dict[etree._Element, list[Anchor]]) -> list[Group]:
    large = [group for group in all_groups if len(group.items) >= FEWEST]
    for group in large:
        group.weigh(below)
    return [group for group in large if len(group.best) >= FEWEST]


def _keys(element: etree._Element) -> Iterator[tuple[str, str]]:
    tag = element.tag
    yield tag, ""
    # A box may contain entries of one class beside advertisements and a pager with the same tag.
    yield from ((tag, token) for token in tokens(element)[:6] if is_lasting(token))


def _place(
    element: etree._Element, known: dict[etree._Element, int], places: dict[tuple[int, str], int]
) -> int:
    """Return a number for the path down to an element, the same for elements with like paths."""
    path: list[etree._Element] = []
    at: etree._Element | None = element
    while at is not None and at not in known and len(path) < _DEEPEST:
        path.append(at)
        at = at.getparent()
    number = known.get(at, 0) if at is not None else 0
    for step in reversed(path):
        number = places.setdefault((number, _sign(step)), len(places) + 1)
        known[step] = number
    return number


def _sign(element: etree._Element) -> str:
    identity = element.get("id") or ""
    lasting = is_lasting(identity) and not identity[-1].isdigit()
    classes = sorted(token for token in tokens(element) if is_lasting(token))
    # In table layouts without classes only the width distinguishes the columns.
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
