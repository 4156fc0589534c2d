"""The code of an article: a block of code as text, with its line ends and indents.

In: an element of a page (hostile). Out: whether it is a block of code, and its text. Called by
`page_lines`. The numbers that highlighters put beside code, or before each of its lines, are no
code.
"""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from itertools import pairwise

from lxml import etree

from newsspider.text.elements import BLOCKS

_LONGEST = 200_000  # characters
_NEW_LINES = BLOCKS - {"td", "th"} | {"br"}
# The numbers of lines by Hugo (lnt, ln), Prism (line-numbers-rows), highlight.js (hljs-ln-numbers),
# Pygments (linenos), Rouge (rouge-gutter), SyntaxHighlighter and Hexo (gutter).
_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:lnt?|line-?(?:no|num|number)s?|line-?index|linenodiv|gutter)(?:$|[\s_-])", re.I
)
# What highlighters lay over code: `hljs-button`, `copy-code-button`, `toolbar`.
_OVER_CODE = re.compile(r"(?:^|[\s_-])(?:copy|clipboard|button|btn|toolbar)(?:$|[\s_-])", re.I)
_UNSEEN = frozenset({"script", "style", "button", "svg", "template", "select", "textarea"})
_PROSE = ("p", "img", "figure")  # a `pre` with these is laid out as the rest of the page
_DIGITS = re.compile(r"[\d\s]*")
_NUMBER_END = "\x00"  # no page has it in its text: behind a number that is an element of its own
_NUMBER = re.compile(rf"\s*(\d{{1,6}})(?:{_NUMBER_END}| ?[|:] ?|[ \t]|$)")
_NUMBERED = 3  # lines: numbers in the text itself are those of lines only if there are as many


def is_code(element: etree._Element) -> bool:
    """Return whether an element is a block of code: `pre`, or a cell beside a gutter."""
    if element.tag == "pre":
        return next(element.iter(*_PROSE), None) is None
    if element.tag != "td" or "code" not in (element.get("class") or "").split():
        return False
    before = element.getprevious()
    return before is not None and is_gutter(before) and next(element.iter("pre"), None) is None


def is_gutter(element: etree._Element) -> bool:
    """Return whether an element has the numbers of lines, by its class and its text."""
    names = (element.get("class") or "")[:200]
    if not names or not _names_numbers(names):
        return False
    return all(map(_DIGITS.fullmatch, map(str, element.itertext())))


def _is_over_code(element: etree._Element) -> bool:
    names = (element.get("class") or "")[:200]
    return bool(names and _OVER_CODE.search(names))


@lru_cache(maxsize=1024)  # a page has few classes and many elements
def _names_numbers(names: str) -> bool:
    return bool(_NUMBERS.search(names))


def code_text(element: etree._Element) -> str:
    """Return the text of a block of code; "" if it only has the numbers of the lines beside it."""
    text = _text(element)[:_LONGEST].replace("\r\n", "\n").strip("\n")
    lines = [line.rstrip() for line in text.split("\n")]
    if all(map(_DIGITS.fullmatch, _bare(text).split("\n"))) and _stands_beside_code(element):
        return ""
    return _bare("\n".join(_without_numbers(lines))).strip("\n")


def _text(element: etree._Element) -> str:
    """Return the text of an element. A block, a break and each `code` after the first (WeChat has
    one for each line) start a new line. A number that is the first element of its line ends with
    _NUMBER_END."""
    parts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if node is element:
            parts.append(node.text or "") if event == "start" else None
        elif event == "start":
            if node.tag in _UNSEEN or is_gutter(node) or _is_over_code(node):
                walker.skip_subtree()
                continue
            if node.tag in _NEW_LINES or (node.tag == "code" and node.getprevious() is not None):
                _end_line(parts, always=node.tag == "br")
            text = node.text or ""
            numbers = not len(node) and text.strip().isdecimal() and _starts_line(parts)
            parts.append(text.strip() + _NUMBER_END if numbers else text)
        else:
            if node.tag in _NEW_LINES and node.tag != "br":
                _end_line(parts)
            parts.append(node.tail or "")
    return "".join(parts)


def _end_line(parts: list[str], *, always: bool = False) -> None:
    if always or not _starts_line(parts):
        parts.append("\n")


def _starts_line(parts: list[str]) -> bool:
    return next((part[-1] for part in reversed(parts) if part), "\n") == "\n"


def _bare(text: str) -> str:
    return text.replace(_NUMBER_END, "")


def _stands_beside_code(element: etree._Element) -> bool:
    """Return whether a `pre` has another beside it: in the same block, or in a cell of its row."""
    block = element.getparent()
    while block is not None and block.tag in ("div", "td", "span", "code"):
        if any(sibling.tag == "pre" for sibling in element.itersiblings()):
            return True
        element, block = block, block.getparent()
        if element.tag == "td":
            cells = (cell for cell in element.itersiblings("td"))
            return any(next(cell.iter("pre"), None) is not None for cell in cells)
    return False


def _without_numbers(lines: list[str]) -> list[str]:
    """Return the lines without the numbers before them, if they count up line by line."""
    matches = [_NUMBER.match(line) for line in lines]
    numbers = [int(match[1]) if match else -1 for match in matches]
    counts = all(after == before + 1 for before, after in pairwise(numbers))
    separate = all(_NUMBER_END in line for line in lines)
    if not counts or numbers[0] < 0:
        return lines
    if not separate and (len(lines) < _NUMBERED or numbers[0] > 1):
        return lines
    rest = [line[match.end() :] for line, match in zip(lines, matches, strict=True) if match]
    if not any(rest):
        return lines
    return textwrap.dedent("\n".join(rest)).split("\n")
