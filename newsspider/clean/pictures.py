"""Tree rules for pictures: their real addresses, and their captions.

In: the tree of a body. Out: the same tree, changed in place. `clean` runs the rules of a profile,
in the order of RULES; `clean.reading` runs `lazy_images` too.
"""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from newsspider.clean.marks import is_centred
from newsspider.clean.tree import Notes, drop, elements, is_blank, lines, text_of

# Where sites keep the address of an image that a script loads later, the usual ones first.
_LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-lazyload", "data-echo"),
    *("data-original-src", "data-full-src", "data-url"),
)
_PLACEHOLDER = re.compile(
    r"(?:$|data:|about:|(?:[^?#]*/)?(?:blank|placeholder|spacer|loading|lazy|grey|gray"
    r"|transparent|pixel|1x1|default)[\w.-]{0,20}\.(?:gif|png|svg|jpe?g)(?:[?#]|$))",
    re.I,
)
_DESCRIPTOR = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)[wx](?:,(.*))?", re.S)
_LONGEST_CAPTION = 80  # characters


def lazy_images(root: etree._Element, notes: Notes) -> None:
    """Give images that a script would load the address that it would load. A noscript twin is used
    only where the image itself has no address."""
    _choose_sources(root)
    known: set[str] = set()
    last: etree._Element | None = None
    for image in list(elements(root, "img")):
        if (parent := image.getparent()) is None or parent.tag != "noscript":
            _load(image)
            known.add(image.get("src") or "")
            last = image
            continue
        _load(image)
        address = image.get("src") or ""
        if not address or address in known:
            continue
        known.add(address)
        if last is not None and _is_placeholder(last):
            last.set("src", address)
        else:
            image.tail = None
            parent.addprevious(image)


def _choose_sources(root: etree._Element) -> None:
    """Give the addresses of a picture's first source to its image, if the image has none."""
    offered: dict[etree._Element, str] = {}
    sources: list[etree._Element] = []
    for source in elements(root, "source"):
        picture = source.getparent()
        if picture is not None and picture.tag == "picture":
            sources.append(source)
            if addresses := source.get("srcset") or source.get("data-srcset"):
                offered.setdefault(picture, addresses)
    for image in elements(root, "img"):
        addresses = offered.get(cast(etree._Element, image.getparent()))
        if addresses and not (image.get("srcset") or image.get("data-srcset")):
            image.set("srcset", addresses)
    drop(root, sources)


def _load(image: etree._Element) -> None:
    values = ((image.get(name) or "").strip() for name in _LAZY)
    address = next((value for value in values if _is_address(value)), "")
    if address:
        image.attrib.pop("style", "")  # hidden until the script has loaded it
    elif _is_placeholder(image):
        address = _largest(image.get("data-srcset") or image.get("srcset") or "")
    if address:
        image.set("src", address)


def _is_address(text: str) -> bool:
    """Return whether a data attribute contains an address, not a number or settings."""
    if text.startswith(("http://", "https://", "//")):
        return True
    return ("/" in text or "." in text) and not any(mark in text for mark in ":{[ ")


def _is_placeholder(image: etree._Element) -> bool:
    return bool(_PLACEHOLDER.match((image.get("src") or "").strip()))


def _largest(srcset: str) -> str:
    """Return the address with the greatest descriptor of a `srcset`. Addresses may contain
    commas."""
    best, most, address = "", 0.0, ""
    for word in srcset.split():
        if descriptor := _DESCRIPTOR.fullmatch(word.rstrip(",")):
            if address and float(descriptor[1]) > most:
                best, most = address, float(descriptor[1])
            address = descriptor[2] or ""
        else:
            address = word.rstrip(",")
            best = best or address
    return best


def captions(root: etree._Element, notes: Notes) -> None:
    """Make a figure of a block with one image and the short centred line after it. Once the styles
    are gone, nothing else would distinguish the line from a paragraph."""
    plain = set(lines(root))
    for line in elements(root, "p"):
        block = line.getprevious()
        if line not in plain or block is None or block not in plain or not is_blank(block.tail):
            continue
        if _is_caption(line) and _is_image(block):
            tail, line.tail = line.tail, None
            line.tag, block.tag = "figcaption", "figure"
            block.append(line)
            block.tail = tail


def _is_caption(line: etree._Element) -> bool:
    if not is_centred(line) or line.find(".//img") is not None:
        return False
    return 0 < len(text_of(line)) <= _LONGEST_CAPTION


def _is_image(block: etree._Element) -> bool:
    if block.tag not in ("p", "div", "center") or block.find(".//img") is None:
        return False
    return is_blank(text_of(block))
