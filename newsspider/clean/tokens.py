"""Token rules: they edit the source text of a body, so all other bytes stay.

In: a body as the site sent it. Out: the same text without line-end variants, indents or keyword
links. The profile `seed` consists of these, because the first user's posts are compared byte by
byte; `clean` calls them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsspider.clean.marks import KEYWORD_CLASSES
from newsspider.text.elements import BLOCKS, TOKEN

_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?""",
)
# Real keyword links are about 150 characters long; a much longer tag is an attack.
_LONGEST_TAG = 2000
_HINT = re.compile("|".join([*KEYWORD_CLASSES, "quote_"]))
_QUOTE_ID = re.compile(r"(?:bk)?quote_")
_WRAPPED = frozenset({"a", "span"})


def line_ends(body: str) -> str:
    """Return the body with LF line ends, none at either end. The text API ends paragraphs with
    CRLF; the posts have LF."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def indents(body: str) -> str:
    """Return the body without pairs of U+3000, wherever they are. A single one stays, as in the old
    system."""
    return body.replace("\u3000\u3000", "")


@dataclass(slots=True)
class _Tag:
    """A tag `a` or `span` in the source text, or the tag of a block."""

    start: int
    end: int
    name: str
    opens: bool
    attributes: dict[str, str] = field(default_factory=dict)
    partner: int = -1
    dead: bool = False


def keywords(body: str) -> str:
    """Return the body without East Money's keyword links: the API's `content` becomes its `text`.

    Removes tags, never a character of text: anchors and spans of a keyword class, the `<span id>`
    that contains only such an anchor, the empty `<span id="quote_…">`. A tag without its partner
    stays.
    """
    if not _HINT.search(body):
        return body
    tags = _tags(body)
    _pair(tags)
    _mark(tags, body)
    kept, end = [], 0
    for tag in tags:
        if tag.dead:
            kept.append(body[end : tag.start])
            end = tag.end
    kept.append(body[end:])
    return "".join(kept)


def _tags(body: str) -> list[_Tag]:
    tags = []
    for token in TOKEN.finditer(body):
        name = (token["name"] or "").lower()
        if name not in _WRAPPED and name not in BLOCKS:
            continue
        opens = name in _WRAPPED and not token["slash"]
        known = _attributes(token["attributes"]) if opens else {}
        tags.append(_Tag(token.start(), token.end(), name, opens, known))
    return tags


def _attributes(text: str) -> dict[str, str]:
    if len(text) > _LONGEST_TAG:
        return {}
    values: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        values.setdefault(name.lower(), double or single or bare)
    return values


def _pair(tags: list[_Tag]) -> None:
    """Set the partner of each tag. An end tag closes the nearest open tag of its name; tags opened
    since then have no partner, nor have tags that a block interrupts."""
    waiting: list[int] = []
    count = dict.fromkeys(_WRAPPED, 0)
    for number, tag in enumerate(tags):
        if tag.name not in _WRAPPED:
            waiting.clear()
            count = dict.fromkeys(_WRAPPED, 0)
        elif tag.opens:
            waiting.append(number)
            count[tag.name] += 1
        elif count[tag.name]:
            opener = waiting.pop()
            while tags[opener].name != tag.name:
                count[tags[opener].name] -= 1
                opener = waiting.pop()
            count[tag.name] -= 1
            tags[opener].partner, tag.partner = number, opener


def _mark(tags: list[_Tag], body: str) -> None:
    """Mark the tags of keyword links as dead."""

    def adjacent(left: int) -> bool:
        return not body[tags[left].end : tags[left + 1].start].strip()

    for tag in tags:
        if tag.opens and tag.partner >= 0:
            classes = tag.attributes.get("class", "").split()
            tag.dead = tags[tag.partner].dead = not KEYWORD_CLASSES.isdisjoint(classes)
    for number, tag in enumerate(tags):
        last = tag.partner - 1
        if not tag.opens or last < number or tag.name != "span" or "id" not in tag.attributes:
            continue
        if last == number:
            empty = adjacent(number) and bool(_QUOTE_ID.match(tag.attributes["id"]))
        else:
            inner = tags[number + 1]
            empty = inner.dead and inner.name == "a" and inner.partner == last
            empty = empty and adjacent(number) and adjacent(last)
        if empty:
            tag.dead = tags[tag.partner].dead = True
