"""Tree rules for pictures and films: their real addresses, links to films, captions.

In: the tree of a body. Out: the same tree, changed in place. `clean` runs the rules of a profile,
in the order of RULES; `clean.reading` runs `lazy_images` too.
"""

from __future__ import annotations

from lxml import etree

from newsspider.clean.marks import is_centred
from newsspider.clean.tree import Notes, drop, elements, is_blank, lines, text_of
from newsspider.text.embeds import is_embed, read_embed, short
from newsspider.text.pictures import address_of, holds_picture, is_picture, is_twin

_LONGEST_CAPTION = 80  # characters


def lazy_images(root: etree._Element, notes: Notes) -> None:
    """Give pictures that a script would load the address that it would load, and make images of the
    elements that only a script draws (`amp-img`). A picture that is only in a `noscript` comes out
    of it."""
    pictures = [element for element in elements(root) if is_picture(element)]
    addresses = [address_of(picture) for picture in pictures]
    for picture, address in zip(pictures, addresses, strict=True):
        noscript = _noscript_around(picture)
        if noscript is not None and not is_twin(noscript):
            tail, picture.tail = picture.tail, None
            noscript.addprevious(picture)
            picture.tail = None if tail is None or is_blank(tail) else tail
        if picture.tag != "img" and not holds_picture(picture):
            picture.tag = "img"
        if address and address != (picture.get("src") or "").strip():
            picture.set("src", address)
            picture.attrib.pop("style", "")  # hidden until the script has loaded it
    drop(root, [source for source in elements(root, "source") if _is_of_picture(source)])


def _noscript_around(picture: etree._Element) -> etree._Element | None:
    parent = picture.getparent()
    return parent if parent is not None and parent.tag == "noscript" else None


def _is_of_picture(source: etree._Element) -> bool:
    parent = source.getparent()
    return parent is not None and parent.tag == "picture"


def embeds(root: etree._Element, notes: Notes) -> None:
    """Make a link of each film, sound, post and chart that the page embeds, with its poster."""
    for element in [each for each in elements(root) if is_embed(each)]:
        embed = read_embed(element)
        if embed is None:
            continue
        for child in list(element):
            element.remove(child)
        element.attrib.clear()
        element.text = None
        if embed.address:
            element.tag = "a"
            element.set("href", embed.address)
            if not embed.poster:
                element.text = embed.title or short(embed.address)
                continue
            image = etree.SubElement(element, "img")
        else:
            element.tag = "img"
            image = element
        image.set("src", embed.poster)
        image.set("alt", embed.title)


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
