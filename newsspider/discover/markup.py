"""The text of elements, and the names that identify them for long.

In: elements of a parsed page (hostile). Out: text, and the names (classes, ids, attributes) for a
selector. Names that a build or a script generates (`css-1q2w3e`, `post-4711`, `active`) are left
out, because they change. Called by the other modules of `discover`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

_TEXT = etree.XPath("string()")
_LONGEST = 2000
_TOKEN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,59}", re.ASCII)
_MODULE = re.compile(r"((?:[A-Za-z][A-Za-z0-9]*[_-]{1,2}){1,4})([A-Za-z0-9_-]{4,10})")
# A hash that a build tool adds: `sc-aeiouk`, `SubtopicHedContainer-ehGPZM`.
_HASHED = re.compile(
    r"(?:sc|css|jss|emotion|svelte)-.*|[A-Z]\w*-(?=\w*[a-z])(?=\w*[A-Z])(?!(?:[A-Z][a-z]+)+$)[A-Za-z]{5,7}"
)
_STATE = re.compile(
    r"(?:is|has)-.*|active|current|cur|curr|selected|open|opened|closed|hover|focus|first|last|odd"
    r"|even|on|off|show|hide|hidden|visible|lazy\w*|loaded|loading|sticky|clearfix|clear|cf|fn|no-\w+"
    r"|status-\w+|format-\w+|tag-.*|category-.*|js-.*|hentry",
    re.IGNORECASE,
)
# Names that describe looks (Tailwind, Bootstrap, old grids): the next redesign changes them.
_LOOK = re.compile(
    r"-?(?:[mp][trblxy]?|w|h|z|top|left|right|bottom|gap|space|col|row|grid|flex|order|text|font|bg"
    r"|border|rounded|shadow|leading|tracking|max|min|items|justify|self|align|pull|float|d|g|fs|fw|lh"
    r"|container|wrapper|inner|block|inline|relative|absolute|overflow|cursor|opacity|transition|fl|fr"
    r"|l|r|f\d+|mt\d+|mb\d+|ml\d+|mr\d+|pt\d+|pb\d+|wid\d+|w\d+|box)(?:-.*)?",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"article|news|story|stories|post|entry|item|card|teaser|headline|title|list|feed|archive|result"
    r"|river|stream|content|main|pag(?:er|es|ing|ination)|next|date|time|summary|excerpt|desc|intro",
    re.IGNORECASE,
)
TITLE_NAME = re.compile(r"title|headline|heading|^tit$|^hed$|biaoti|titre|titel", re.IGNORECASE)
_MOST_NODES = 120  # elements of an entry that are searched
_MARKS = ("data-testid", "data-test", "data-component", "data-type", "itemprop", "role")
_OLD_MARKS = ("cellpadding", "width", "bgcolor", "valign")


def line(element: etree._Element) -> str:
    """Return the text of an element in one line, at most 2000 characters."""
    return " ".join(str(_TEXT(element))[: 4 * _LONGEST].split())[:_LONGEST]


def own_text(element: etree._Element) -> str:
    """Return the text of an element without that of its child elements, in one line."""
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(" ".join(parts).split())[:_LONGEST]


def tokens(element: etree._Element) -> list[str]:
    """Return the classes of an element, at most 12."""
    return (element.get("class") or "")[:1000].split()[:12]


def nodes(box: etree._Element) -> Iterator[etree._Element]:
    """Yield an element and those in it, the first 120."""
    return islice(box.iter(etree.Element), _MOST_NODES)


def named(box: etree._Element, pattern: re.Pattern[str]) -> list[etree._Element]:
    """Return the elements in a box that have a class of such a name."""
    return [
        element
        for element in nodes(box)
        if element is not box and any(pattern.search(token) for token in tokens(element))
    ]


def is_lasting(token: str) -> bool:
    """Return whether a class or id reads like a name that a person chose for the content."""
    if not _TOKEN.fullmatch(token) or _STATE.fullmatch(token) or _HASHED.fullmatch(token):
        return False
    return not any(_is_generated(part) for part in re.split(r"[-_]+", token))


def _is_generated(part: str) -> bool:
    """Return whether a part of a name is one that no person writes: `1q2w3e`, `bdVaJa`, `4711`,
    `xkcdfg`."""
    if part.isdigit():
        return len(part) > 2
    digits = sum(char.isdigit() for char in part)
    # `news2`, `h3`, `col12`: a word with a number is still a name.
    if digits and not re.fullmatch(r"[A-Za-z]+\d{1,2}", part):
        return True
    flips = len(re.findall(r"[a-z][A-Z]", part))
    if flips > 1 and len(part) < 4 * (flips + 1):
        return True
    return len(part) > 5 and not re.search(r"[aeiouyAEIOUY]", part)


def names(element: etree._Element) -> dict[str, float]:
    """Return what may follow the tag in a selector of this element (`.title`, `#main`), each with a
    price: the lower the price, the longer the name will last."""
    prices: dict[str, float] = {}
    if is_lasting(identity := element.get("id") or "") and not identity[-1].isdigit():
        prices[f"#{identity}"] = 0.6
    for token in tokens(element):
        if is_lasting(token):
            price = 3.0 if _LOOK.fullmatch(token) else 0.5 if _CONTENT.search(token) else 0.9
            prices[f".{token}"] = price
        elif stem := _module_stem(token):
            prices[f'[class*="{stem}"]'] = 1.5
    for mark in _MARKS:
        value = element.get(mark) or ""
        if is_lasting(value):
            prices[f'[{mark}="{value}"]'] = 1.2
    for mark in _OLD_MARKS:
        if re.fullmatch(r"#?\w{1,8}%?", value := element.get(mark) or "", re.ASCII):
            prices[f'[{mark}="{value}"]'] = 3.5
    return prices


def _module_stem(token: str) -> str:
    """Return `Card_title__` for `Card_title__3xK2a`: CSS modules append a hash to the name that a
    person chose. "" for other names."""
    match = _MODULE.fullmatch(token[:80])
    if match is None or "__" not in match[1][-2:] or not is_lasting(match[1].strip("_-")):
        return ""
    return match[1]


def common_names(elements: Iterable[etree._Element], share: float = 1.0) -> dict[str, float]:
    """Return the names that at least `share` of the elements have, with prices, cheapest first."""
    counted: dict[str, int] = {}
    prices: dict[str, float] = {}
    total = 0
    for element in elements:
        total += 1
        for name, price in names(element).items():
            counted[name] = counted.get(name, 0) + 1
            prices[name] = price
    shared = [name for name, count in counted.items() if count >= share * total]
    return {name: prices[name] for name in sorted(shared, key=lambda n: (prices[n], len(n), n))}
