"""What a page has in its HTML and does not show: hidden blocks, closed dialogs, players' controls.

In: an element; the lines of a page. Out: whether the element is hidden; the lines that a reader
sees. Called by `page_lines` and `body`. Scripts open some hidden blocks, such as the further pages
of an article: a hidden block with as much new text as the page shows stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from newsspider.clean.marks import is_hidden
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.texts import size, squeeze, text_line

_ROLES = frozenset(
    {"dialog", "alertdialog", "tooltip", "menu", "menubar", "toolbar", "navigation", "search"}
)
# Text for screen readers, and the words of the players Video.js, MediaElement, Plyr, JW Player,
# Flowplayer, Shaka, Bitmovin, Aliyun, Xigua, DPlayer, TCPlayer, Naver. `blind` is Korean.
_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|blind|screen_out|off-?screen|(?:visually|element|a11y)-?hidden|screen-?reader(?:-?text|-?only)?"
    r"|video-js|vjs-\S+|mejs-\S+|mejs__\S+|plyr|plyr__\S+|jw-\S+|jwplayer|fp-(?:ui|player)"
    r"|(?:video|audio|media)-?player(?:__|--?)(?:error|controls?|message|menu|settings|status|button|ui)\S*"
    r"|shaka-\S+|bmpui-\S+|bitmovinplayer\S*|theoplayer\S*|prism-(?:player|info|error)\S*|xgplayer\S*|dplayer\S*|tcp(?:layer)?-\S+|pzp-\S+)(?:$|\s)",
    re.I,
)
# The attributes that `is_apart` and `is_hidden` read.
_STATED_IN = frozenset({"class", "role", "style", "hidden"})
_WINDOW = re.compile(r"(?:^|[\s_-])(?:modal|dialog|pop-?up|overlay|drawer|off-?canvas)", re.I)
_LONGEST_INLINE = 100  # letters: a longer inline element is text that a script opens
_PARAGRAPH = 80  # letters: a script opens a hidden paragraph between others
_LITTLE = 150  # letters: a page that shows less is filled or opened by a script


def is_unshown(element: etree._Element) -> bool:
    """Return whether an element is one that its page does not show."""
    if element.tag != "dialog" and _STATED_IN.isdisjoint(element.keys()):
        return False  # most elements of a page
    return is_apart(element) or is_hidden(element)


def is_apart(element: etree._Element) -> bool:
    """Return whether an element is a closed dialog, a control, or text for screen readers."""
    if element.tag == "dialog":
        return element.get("open") is None
    if element.get("role") in _ROLES:
        return True
    names = (element.get("class") or "")[:400]
    if not names:
        return False
    # A reader may see what is hidden from screen readers: paragraphs behind a paywall.
    window = element.get("aria-hidden") == "true" and _WINDOW.search(names)
    return bool(window or _names_no_text(names))


@lru_cache(maxsize=1024)  # a page has few classes and many elements
def _names_no_text(names: str) -> bool:
    return bool(_CLASSES.search(names))


def is_hidden_inline(element: etree._Element) -> bool:
    """Return whether an inline element that is not shown has a little text. A script opens long
    text, and shows pictures."""
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > _LONGEST_INLINE:
            return False
    return length > 0


def shown(lines: Sequence[Line], headline: int) -> tuple[list[Line], int]:
    """Return the lines that a reader sees, and the number of the headline among them.

    `headline` is its number among `lines`, or -1. Pictures and captions all stay: those of a
    gallery are hidden until a reader turns to them."""
    hidden = _hidden_blocks(lines, headline)
    kept = [
        number
        for number, line in enumerate(lines)
        if line.hidden not in hidden or number == headline or line.kind in ("img", "caption")
    ]
    at = kept.index(headline) if headline >= 0 else -1
    return [lines[number] for number in kept], at


def _hidden_blocks(lines: Sequence[Line], headline: int) -> set[etree._Element | None]:
    """Return the hidden blocks whose text does not belong to the page."""
    blocks = {line.hidden for line in lines} - {None}
    if not blocks:
        return set()
    visible = {squeeze(line.text) for line in lines if line.hidden is None}
    length = sum(size(line.text) for line in lines if line.hidden is None and _is_text(line))
    if length < _LITTLE:
        return set()
    around: dict[etree._Element | None, int] = {}  # new text by the block around hidden blocks
    for line in lines:
        if line.hidden is not None and _is_text(line) and squeeze(line.text) not in visible:
            parent = line.hidden.getparent()
            around[parent] = around.get(parent, 0) + size(line.text)
    if headline >= 0:
        blocks.discard(lines[headline].hidden)
    opened = {block for block in around if 2 * around[block] >= length}
    return {
        block
        for block in blocks
        if block is not None
        and (is_apart(block) or not (block.getparent() in opened or _is_paragraph(block)))
    }


def _is_paragraph(block: etree._Element) -> bool:
    return block.tag == "p" and size(text_line(block)) >= _PARAGRAPH


def _is_text(line: Line) -> bool:
    return line.kind not in ("img", "caption") and 2 * line.linked < len(line.text)
