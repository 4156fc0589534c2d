"""Reading elements: their text, and the names by which a selector can know them for long.

In: elements of a parsed page (hostile). Out: text, and names that tell what an element is. Left out
is what a build or a script made up (`css-1q2w3e`, `post-4711`, `active`): it is another tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

_TEXT = etree.XPath("string()")
_LONGEST = 2000
_TOKEN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,59}", re.ASCII)
_MODULE = re.compile(r"((?:[A-Za-z][A-Za-z0-9]*[_-]{1,2}){1,4})([A-Za-z0-9_-]{4,10})")
_STATE = re.compile(
    r"(?:is|has)-.*|active|current|cur|curr|selected|open|opened|closed|hover|focus|first|last|odd"
    r"|even|on|off|show|hide|hidden|visible|lazy\w*|loaded|loading|sticky|clearfix|clear|cf|fn|no-\w+"
    r"|status-\w+|format-\w+|tag-.*|category-.*|js-.*|hentry",
    re.IGNORECASE,
)
# Names of looks (Tailwind, Bootstrap, old grids): true today, changed with the next coat of paint.
_LOOK = re.compile(
    r"-?(?:[mp][trblxy]?|w|h|z|top|left|right|bottom|gap|space|col|row|grid|flex|order|text|font|bg"
    r"|border|rounded|shadow|leading|tracking|max|min|items|justify|self|align|pull|float|d|g|fs|fw|lh"
    r"|container|wrapper|inner|block|inline|relative|absolute|overflow|cursor|opacity|transition|fl|fr"
    r"|l|r|f\d+|mt\d+|mb\d+|ml\d+|mr\d+|pt\d+|pb\d+|wid\d+|w\d+|box)(?:-.*)?",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"article|news|story|stories|post|entry|item|card|teaser|headline|title|list|feed|archive|result"
    r"|river|stream|content|main|pag(?:er|es|ing|ination)|next|date|time|summary|excerpt|desc|intro",
    re.IGNORECASE,
)
_MARKS = ("data-testid", "data-test", "data-component", "data-type", "itemprop", "role")
_OLD_MARKS = ("cellpadding", "width", "bgcolor", "valign")


def line(element: etree._Element) -> str:
    """The text of an element in one line, at most 2000 characters of it."""
    return " ".join(str(_TEXT(element))[: 4 * _LONGEST].split())[:_LONGEST]


def own_text(element: etree._Element) -> str:
    """The text of an element without that of the elements in it, in one line."""
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(" ".join(parts).split())[:_LONGEST]


def tokens(element: etree._Element) -> list[str]:
    """The classes of an element, at most 12."""
    return (element.get("class") or "")[:1000].split()[:12]


def is_lasting(token: str) -> bool:
    """Whether a class or id reads like a name that a person gave for what it is."""
    if not _TOKEN.fullmatch(token) or _STATE.fullmatch(token):
        return False
    return not any(_is_made_up(part) for part in re.split(r"[-_]+", token))


def _is_made_up(part: str) -> bool:
    """`1q2w3e`, `bdVaJa`, `4711`, `xkcdfg`: what no person writes."""
    if part.isdigit():
        return len(part) > 2
    digits = sum(char.isdigit() for char in part)
    # `news2`, `h3`, `col12`: a number after a word is a name still.
    if digits and not re.fullmatch(r"[A-Za-z]+\d{1,2}", part):
        return True
    flips = len(re.findall(r"[a-z][A-Z]", part))
    if flips > 1 and len(part) < 4 * (flips + 1):
        return True
    return len(part) > 5 and not re.search(r"[aeiouyAEIOUY]", part)


def names(element: etree._Element) -> dict[str, float]:
    """What follows a tag in a selector that knows this element, each with its price: the lower the
    longer it will hold."""
    found: dict[str, float] = {}
    if is_lasting(identity := element.get("id") or "") and not identity[-1].isdigit():
        found[f"#{identity}"] = 0.6
    for token in tokens(element):
        if is_lasting(token):
            price = 3.0 if _LOOK.fullmatch(token) else 0.5 if _TELLING.search(token) else 0.9
            found[f".{token}"] = price
        elif stem := _module_stem(token):
            found[f'[class*="{stem}"]'] = 1.5
    for mark in _MARKS:
        value = element.get(mark) or ""
        if is_lasting(value):
            found[f'[{mark}="{value}"]'] = 1.2
    for mark in _OLD_MARKS:
        if re.fullmatch(r"#?\w{1,8}%?", value := element.get(mark) or "", re.ASCII):
            found[f'[{mark}="{value}"]'] = 3.5
    return found


def _module_stem(token: str) -> str:
    """`Card_title__3xK2a` → `Card_title__`: CSS modules put a hash after the name a person gave."""
    match = _MODULE.fullmatch(token[:80])
    if match is None or "__" not in match[1][-2:] or not is_lasting(match[1].strip("_-")):
        return ""
    return match[1]


def common_names(elements: Iterable[etree._Element], share: float = 1.0) -> dict[str, float]:
    """The names that all of the elements have (or a share of them), cheapest first."""
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
