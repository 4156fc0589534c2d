"""Captions that are no `figcaption`: the words that belong to a picture.

In: the lines of a page. Out: the same lines; those that are captions have the kind caption and
follow their picture. Called by `page_lines`. A caption is marked by its class (WordPress
`wp-caption-text`, Naver `img_desc`), or it is the short text in the small block of a picture, or
the only line beside it. A block with a long text, or with half of the page's, holds an article
whatever its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.places import weight
from newsspider.extraction.generic.texts import size

_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_PICTURE = (
    r"(?:img|image|photo|foto|bild|pic|picture|media|figure|imagen|imagem|afbeelding|zdjeci[ea])"
)
# Classes and ids of captions, and of blocks that hold a picture and its caption.
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w{0,20}caption|legend[ae]?|leyenda|dida(?:scalia)?|bildunterschrift|bildtext"
    r"|pie|pie-?(?:de-)?foto|epigrafe|podpis|popisek|bijschrift|onderschrift|bildetekst|billedtekst"
    rf"|kuvateksti|alt-?yazi|{_PICTURE}-(?:pie|alt)|copyright|credits?|quelle"
    rf"|{_PICTURE}[_-]?(?:desc\w{{0,12}}|txt|text|info|title|credits?|source|author|by))s?(?:$|[\s_-])",
    re.I,
)
_FRAME = re.compile(
    rf"(?:^|[\s_-])(?:{_PICTURE}s?|\w{{0,12}}(?:image|photo|picture|caption|gallery|slide)s?"
    r"|figur[ae]|attachment|thumb\w{0,12}|illustration|ilustracja|obraz(?:ek)?|kuva|resim)"
    r"(?:$|[\s_-])",
    re.I,
)
_INLINE = ("em", "span", "small", "i", "cite", "font", "b", "strong", "label")
_PLAIN = ("div", "section", "center")
_LONGEST, _LONGEST_UNMARKED, _LONGEST_BESIDE = 1000, 300, 160  # characters
_LONGEST_BLOCK, _MOST_ELEMENTS = 800, 200  # letters and elements of a block
_MOST = 4  # lines of a caption
_STEPS = 3  # blocks around a picture
_KINDS = frozenset({"p", "li", "cell", "caption"})


def mark_captions(lines: list[Line]) -> list[Line]:
    """Return the lines of a page, with the kind caption for each that is one."""
    if not any(line.kind == "img" for line in lines):
        return lines
    most = min(_LONGEST_BLOCK, sum(map(weight, lines)) / 2)
    for at, line in enumerate(lines):
        if line.cell is not None:
            continue  # of a table
        if line.kind == "img":
            _mark_below(lines, at, most)
        elif line.kind == "caption" and at + 1 < len(lines) and lines[at + 1].kind == "img":
            _put_below(lines, at)
    return lines


def _mark_below(lines: list[Line], at: int, most: float) -> None:
    """Mark the caption below the picture `at`. `most` is the limit of the letters of its block."""
    picture = lines[at]
    below = lines[at + 1 : at + 2 + _MOST]
    frame = _frame(picture.holder)
    captions = []
    for line in below[:_MOST]:
        if (
            line.cell is not None
            or line.kind not in _KINDS
            or len(line.text) > _LONGEST
            or 2 * line.linked > len(line.text)
        ):
            break
        if line.kind != "caption" and not _is_marked(line, picture.holder, most):
            break
        captions.append(line)
    if not captions and frame is None and not picture.href:
        frame = _unmarked_frame(lines, at)
    if not captions and frame is not None and not _is_longer(frame, most):
        captions = _alone_with(frame, below)
    for line in captions:
        line.kind, line.group, line.row = "caption", None, None


def _alone_with(frame: etree._Element, below: list[Line]) -> list[Line]:
    """Return the lines below a picture in its block, if they are all its text and short."""
    inside = []
    for line in below:
        if line.kind == "img" or line.cell is not None or not _is_in(line.holder, frame):
            break
        inside.append(line)
    plain = all(line.kind in _KINDS and 2 * line.linked <= len(line.text) for line in inside)
    short = sum(len(line.text) for line in inside) <= _LONGEST_UNMARKED
    return inside if plain and short and len(inside) <= _MOST else []


def _frame(holder: etree._Element) -> etree._Element | None:
    """Return the outermost block close to a picture that its tag or class marks as a picture's."""
    blocks = [block for block in islice(_upwards(holder), _STEPS) if block.tag != "body"]
    frames = [b for b in blocks if b.tag == "figure" or _names(b, _FRAME)]
    return frames[-1] if frames else None


def _unmarked_frame(lines: list[Line], at: int) -> etree._Element | None:
    """Return the block around a picture and one short line beside it, in blocks of their own that
    are no paragraphs; None without one."""
    picture, below = lines[at].holder, lines[at + 1 : at + 3]
    if not below or below[0].holder is picture or below[0].holder.tag not in _PLAIN:
        return None
    blocks = (b for b in islice(_upwards(picture), _STEPS) if _is_in(below[0].holder, b))
    frame = next(blocks, None)
    if frame is None or frame.tag not in _PLAIN or len(below[0].text) > _LONGEST_BESIDE:
        return None
    others = [*lines[max(0, at - 1) : at], *below[1:]]
    return None if any(_is_in(line.holder, frame) for line in others) else frame


def _is_marked(line: Line, beside: etree._Element, most: float) -> bool:
    """Return whether a class marks a line as a caption: of a block that is not around the picture
    (`beside` is the block of the picture), or of an inline element that holds all of the line."""
    around = set(islice(_upwards(beside), 2 * _STEPS))
    for block in islice(_upwards(line.holder), _STEPS):
        if block in around:
            break
        if _names(block, _CAPTION):
            return not _is_longer(block, most)
    for element in islice(line.holder.iter(*_INLINE), 12):
        if _names(element, _CAPTION) and _text(element) == line.text:
            return True
    return False


def _is_longer(block: etree._Element, most: float) -> bool:
    """Return whether a block has more than `most` letters, or very many elements."""
    length = 0
    for number, element in enumerate(block.iter()):
        if element.tag not in ("script", "style") and isinstance(element.tag, str):
            length += size((element.text or "").strip())
        if element is not block:
            length += size((element.tail or "").strip())
        if length > most or number >= _MOST_ELEMENTS:
            return True
    return False


def _put_below(lines: list[Line], at: int) -> None:
    """Put a caption that stands before the picture of its figure behind it."""
    figure = figure_of(lines[at])
    if figure is None or figure_of(lines[at + 1]) is not figure:
        return
    if at and lines[at - 1].kind == "img" and figure_of(lines[at - 1]) is figure:
        return  # it is the caption of the picture before
    lines[at], lines[at + 1] = lines[at + 1], lines[at]


def figure_of(line: Line) -> etree._Element | None:
    """Return the `figure` around a line, or None."""
    blocks = islice(_upwards(line.holder), 2 * _STEPS)
    return next((block for block in blocks if block.tag == "figure"), None)


def _is_in(block: etree._Element, outer: etree._Element) -> bool:
    return any(each is outer for each in islice(_upwards(block), 2 * _STEPS))


def _upwards(block: etree._Element | None) -> Iterator[etree._Element]:
    while block is not None:
        yield block
        block = block.getparent()


def _names(element: etree._Element, pattern: re.Pattern[str]) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return names != " " and bool(pattern.search(_HUMP.sub("-", names)))


def _text(element: etree._Element) -> str:
    texts = islice(element.itertext(), 20)
    return " ".join("".join(map(str, texts)).split())
