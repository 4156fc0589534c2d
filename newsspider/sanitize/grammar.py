"""The grammar of a post's body, and the lexer that checks a body against it.

In: a body. Out: yes or no. `sanitize` calls `is_strict` on everything that it returns, so this is
the project's only definition of a safe body; `rewrite` writes markup by the same tables.

Three parsers read a body and must agree on it: this lexer, kramdown (inside Jekyll) and the
browser. So the grammar has only what all three read alike, established by trial with kramdown 2.4:

- the top level has block elements, comments of plain words and at most three spaces in a row:
  kramdown reads everything else there as Markdown, four spaces or a tab as code, and a comment
  after spaces as text that swallows what follows;
- a block is never inside a paragraph, a heading or an inline element, no link is inside a link,
  table parts and list items are in their right parents with only white space between: otherwise
  the HTML5 parser moves or closes something (foster parenting, the adoption agency);
- an attribute appears once: kramdown keeps the last of two, a browser the first;
- `&#X41;` is a reference for a browser and text for kramdown; so references are `&name;` of a
  known name, `&#65;` or `&#x41;`, and only in attributes `&name=`, which both read literally.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from typing import Final, NamedTuple

from newsspider.text.characters import ASTRAL, UNWANTED, UNWANTED_ASTRAL, UNWANTED_BMP
from newsspider.text.lazy import lazy_pattern

# Jekyll 4.3 fails with SystemStackError, and builds no site, at about 1,975 nested tags.
MAX_DEPTH: Final = 60
MAX_BYTES: Final = 2 * 1024 * 1024
# kramdown looks for the next line end at every tag: 100,000 tags on one line of 400 kB took 34 s,
# on lines of their own 3.5 s. Within these bounds a post costs the build at most about a second.
MAX_TAGS: Final = 20_000
_MAX_TAGS_TIMES_LINE: Final = 500_000_000

# The kinds of content, as bits: what an element may contain is the sum of the kinds allowed in it.
TEXT, INLINE, LINK, BLOCK, ITEM, TERM, CAPTION, COLUMNS, COLUMN, ROWS, ROW, CELL = (
    1 << bit for bit in range(12)
)
TOP: Final = BLOCK
PHRASE: Final = TEXT | INLINE | LINK
FLOW: Final = PHRASE | BLOCK
TABLE: Final = CAPTION | COLUMNS | ROWS | ROW


class Element(NamedTuple):
    """The kind of an element, and the kinds of content it may contain (`holds`).

    An inline element contains at most what its parent may. A void element (`<br />`) contains
    nothing: 0.
    """

    kind: int
    holds: int


ELEMENTS: Final[dict[str, Element]] = {
    **dict.fromkeys(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"], Element(BLOCK, PHRASE)),
    **dict.fromkeys(["div", "center", "blockquote", "figure", "figcaption"], Element(BLOCK, FLOW)),
    **dict.fromkeys(["ul", "ol"], Element(BLOCK, ITEM)),
    "li": Element(ITEM, FLOW),
    "dl": Element(BLOCK, TERM),
    **dict.fromkeys(["dt", "dd"], Element(TERM, FLOW)),
    "table": Element(BLOCK, TABLE),
    "caption": Element(CAPTION, PHRASE),
    "colgroup": Element(COLUMNS, COLUMN),
    "col": Element(COLUMN, 0),
    **dict.fromkeys(["thead", "tbody", "tfoot"], Element(ROWS, ROW)),
    "tr": Element(ROW, CELL),
    **dict.fromkeys(["td", "th"], Element(CELL, FLOW)),
    "hr": Element(BLOCK, 0),
    "br": Element(INLINE, 0),
    "img": Element(INLINE, 0),
    "a": Element(LINK, PHRASE & ~LINK),
    **dict.fromkeys(["span", "em", "i", "b", "strong", "u", "s"], Element(INLINE, PHRASE)),
    **dict.fromkeys(["sub", "sup", "code", "small", "del", "ins", "mark"], Element(INLINE, PHRASE)),
}

_PROPERTIES = (
    "text-align|text-indent|text-decoration|vertical-align|line-height|letter-spacing|color"
    "|background-color|font-(?:size|weight|style|family)|white-space|word-break|word-wrap"
    "|display|overflow|float|clear|(?:max-|min-)?(?:width|height)|list-style-type"
    "|(?:margin|padding)(?:-(?:top|right|bottom|left))?|border-(?:collapse|spacing|radius)"
    "|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?"
)
# Plain words, colours and short lengths. No function except rgb(), no backslash, no comment, and
# nothing negative except an indent: a negative margin could pull the body over the page's title.
# Hanzi are in the names of fonts. Their range is not `scripts.HAN`, which may grow: what a post may
# contain must not.
_PLAIN = (
    r"(?:#[0-9a-f]{3,8}|rgba?\([\d., %]{5,40}\)"
    r"|\d{1,4}(?:\.\d{1,8})?(?:%|[a-z]{1,4})?|\.\d{1,8}[a-z]{0,3}"
    r"|!important|'[\w -]{1,40}'|[a-z\u3400-\u9fff][\w-]*)"
)
_DECLARATION = (
    rf"(?:(?:{_PROPERTIES})\s*+:\s*+{_PLAIN}(?:(?:\s*+,\s*+|\s++){_PLAIN})*+"
    r"|text-indent\s*+:\s*+-\d{1,2}(?:\.\d{1,4})?(?:em|px|pt))"
)
DECLARATION: Final = lazy_pattern(_DECLARATION, re.IGNORECASE)
HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)

# Some layouts write a page's content into an attribute without escaping it, such as the first
# user's (`<meta property="og:description" content="…">`). Then the first quote of the content ends
# that attribute, and up to the next `>` words become attributes. If the layout removes the tags
# before, this is true of every quote in the text.
LOOK_ALIKE: Final = re.compile(
    r"[oh](?<![^\s\"/>].)(?:n[a-z]+|ttp-equiv)\s*=", re.IGNORECASE | re.DOTALL
)
ATTRIBUTE_NAME: Final = re.compile(r"(?<=[\s\"/])[oh](?:(?<=o)n|ttp-equiv)", re.IGNORECASE)


def opening(body: str) -> tuple[int, int]:
    """Return start and end of the words of a body that become attributes in such a layout."""
    start = body.find('"') + 1
    return (start, body.find(">", start)) if start else (0, 0)


_NUMBER = re.compile(r"\d{1,4}")
_LENGTH = re.compile(r"\d{1,4}(?:\.\d{1,4})?(?:px|%)?")
_LINE = re.compile(r"[^\n]*")
_CODE = re.compile(r"[\w .,|:;/+-]*")
_URL = re.compile(r"https?://[^\s/?#\\\"<>^`|{}@:]+(?:[/:?#@][^\s\\\"<>^`]*)?")
_EVERYWHERE: Final = {
    "class": re.compile(r"[\w -]*", re.ASCII),
    "style": lazy_pattern(rf"\s*+(?:{_DECLARATION}\s*+(?:;\s*+|\Z))*+", re.IGNORECASE),
    "title": _LINE,
    "align": re.compile("left|center|right|justify"),
    "dir": re.compile("ltr|rtl|auto"),
    "data-code": _CODE,
    "data-code2": _CODE,
}
_BOX: Final = {"width": _LENGTH, "height": _LENGTH}
_CELL: Final = {
    **_BOX,
    "valign": re.compile("top|middle|bottom|baseline"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
}
# The values as a browser sees them, with references decoded. `web`, `href` and these ids on a span
# mark East Money's keyword links in the first user's posts (202205302396671645).
ATTRIBUTES: Final[dict[str, dict[str, re.Pattern[str]]]] = {
    tag: _EVERYWHERE | own
    for tag, own in {
        **{tag: {} for tag in ELEMENTS},
        "a": {
            "href": _URL,
            "target": re.compile("_blank"),
            "rel": re.compile("(?:(?:noopener|noreferrer|nofollow) ?)+"),
        },
        "img": {"src": _URL, "alt": _LINE, "border": _NUMBER, **_BOX},
        "span": {
            "href": _URL,
            "web": re.compile("1"),
            "id": re.compile(r"(?:(?:stock|quote|bk|bkquote)_|Info\.)[A-Za-z0-9._]{1,40}"),
        },
        "table": _BOX | dict.fromkeys(["border", "cellspacing", "cellpadding"], _NUMBER),
        "tr": {"height": _LENGTH, "valign": _CELL["valign"]},
        "td": _CELL,
        "th": _CELL,
        "col": {"width": _LENGTH, "span": re.compile(r"\d{1,3}")},
        "ol": {"start": _NUMBER, "type": re.compile("[1aAiI]")},
        "li": {"value": _NUMBER},
    }.items()
}

_WANTED_ASTRAL = rf"[{ASTRAL}](?<![{UNWANTED_ASTRAL}])"
_VALUE = rf"(?:[^\"<>{UNWANTED_BMP}{ASTRAL}]++|{_WANTED_ASTRAL})*+"
# A match is a run of text and the mark that ends it; the last alternative is an error. All
# repetitions are possessive, so a failure costs one pass on any input. `lastindex` is the kind of
# mark.
_TOKEN = lazy_pattern(
    rf"((?:[^<>&{UNWANTED_BMP}{ASTRAL}]++|&[#0-9A-Za-z]++;|{_WANTED_ASTRAL})*+)"
    r"(?:</([a-z][a-z0-9]*+)>"
    rf"|<([a-z][a-z0-9]*+)((?: [a-z][a-z0-9-]*+=\"{_VALUE}\")*+)( /)?>"
    r"|(<!-- [A-Za-z0-9_ ]++-->)|(\Z)|())"
)
_END_TAG, _START_TAG, _VOID_TAG, _COMMENT, _END = 2, 4, 5, 6, 7
_ATTRIBUTE = re.compile(r' ([a-z0-9-]+)="([^"]*)"')
_REFERENCE = re.compile(r"&([#0-9A-Za-z]++);")
_NUMERIC = re.compile(r"#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))")
# `&imageType=k`: neither kramdown nor a browser reads this ampersand as a reference.
_PARAMETER = re.compile(r"&([A-Za-z0-9_]++)=")


def is_strict(body: str) -> bool:
    """Return whether `body` has only content that is safe in a post, in one linear pass."""
    if "{{" in body or "{%" in body or not _fits_build(body):
        return False
    if ATTRIBUTE_NAME.search(body, *opening(body)):
        return False
    quotes = not LOOK_ALIKE.search(body)  # whether the text may contain a quote
    open_tags: list[tuple[str, int]] = []  # each with the content allowed in its parent
    holds = TOP
    hidden = 0  # the depth of the element with display:none, which shows nothing
    for match in _TOKEN.finditer(body):
        kind = match.lastindex
        text = match[1]
        if text and not (
            (quotes or '"' not in text) and _text_fits(text, holds, hidden, kind == _COMMENT)
        ):
            return False
        if kind == _END_TAG:
            if not open_tags or open_tags[-1][0] != match[2]:
                return False
            holds = open_tags.pop()[1]
            if len(open_tags) < hidden:
                hidden = 0
        elif kind in (_START_TAG, _VOID_TAG):
            name, attributes = match[3], match[4]
            element = ELEMENTS.get(name)
            if element is None or not element.kind & holds:
                return False
            if (attributes or name == "img") and not _attributes_fit(name, attributes):
                return False
            if (element.holds == 0) != (kind == _VOID_TAG) or (hidden and name == "img"):
                return False
            if element.holds:
                open_tags.append((name, holds))
                holds = element.holds if element.kind & ~PHRASE else element.holds & holds
                if not hidden and "style" in attributes and HIDDEN.search(attributes):
                    hidden = len(open_tags)
                if len(open_tags) > MAX_DEPTH:
                    return False
        elif kind == _COMMENT:
            if open_tags:
                return False
        elif kind != _END:
            return False
    return not open_tags


def _fits_build(body: str) -> bool:
    """Return whether Jekyll can read a body of this size in reasonable time."""
    if len(body) * 4 > MAX_BYTES and len(body.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return False
    tags = body.count("<")
    return tags <= MAX_TAGS and (
        tags * len(body) <= _MAX_TAGS_TIMES_LINE
        or tags * max(map(len, body.split("\n"))) <= _MAX_TAGS_TIMES_LINE
    )


def _text_fits(text: str, holds: int, hidden: int, before_comment: bool) -> bool:
    """Return whether this text is allowed where only content of the kinds `holds` is."""
    if text.strip(" \t\n"):
        if not holds & TEXT or hidden:
            return False
        return "&" not in text or all(map(_known, _REFERENCE.findall(text)))
    if holds != TOP:
        return True
    return "\t" not in text and "    " not in text and not (before_comment and text[-1] == " ")


@lru_cache(maxsize=1024)
def _known(reference: str) -> bool:
    """Return whether `amp` of `&amp;` or `#65` of `&#65;` refers to a character that a post may
    contain."""
    if reference[0] != "#":
        return reference + ";" in html5
    numeric = _NUMERIC.fullmatch(reference)
    if numeric is None:
        return False
    code = int(numeric[1], 16) if numeric[1] else int(numeric[2])
    return code <= 0x10FFFF and not UNWANTED.match(chr(code))


def _attributes_fit(tag: str, attributes: str) -> bool:
    """Return whether ` name="value"…` of a start tag has only allowed attributes, each once."""
    # A page repeats its attributes; only short ones are worth caching.
    return (_fit_cached if len(attributes) <= 300 else _fit)(tag, attributes)


def _fit(tag: str, attributes: str) -> bool:
    allowed = ATTRIBUTES[tag]
    pairs = _ATTRIBUTE.findall(attributes)
    names = {name for name, _ in pairs}
    if len(names) != len(pairs) or (tag == "img" and "src" not in names):
        return False
    for name, value in pairs:
        pattern = allowed.get(name)
        if pattern is None:
            return False
        if "&" in value:
            if name == "style" or not _ampersands_fit(value):
                return False  # `HIDDEN` reads a style without decoding it
            value = html.unescape(value)
        if not pattern.fullmatch(value):
            return False
    return True


_fit_cached = lru_cache(maxsize=4096)(_fit)


def _ampersands_fit(value: str) -> bool:
    """Return whether each `&` of an attribute starts a known reference or an address's `&name=`."""
    if not all(map(_known, _REFERENCE.findall(value))):
        return False
    rest = _REFERENCE.sub("", value)
    for name in _PARAMETER.findall(rest):
        # A browser reads `&not_x=` as `¬_x=`, but `&notx=` and `&not=` literally.
        if not name.isalnum() and html.unescape(f"&{name}") != f"&{name}":
            return False
    return "&" not in _PARAMETER.sub("", rest)
