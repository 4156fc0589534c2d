"""The address of a picture, wherever its page keeps it.

In: an element that shows a picture: an `img`, an element of a library such as `amp-img`, a figure.
Out: the address as the page has it, "" for none. A page that loads its pictures by script leaves
`src` empty, or puts a placeholder or a tiny preview there, and keeps the address in an attribute
(see `picture_data`), a `noscript` beside it, the link around it or the microdata of its figure.
Called by `clean.pictures` and `extraction.generic`. Each call looks at a few elements only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from newsspider.text.picture_addresses import FILE, is_address, largest, usable
from newsspider.text.picture_data import data_texts, is_for_picture

KEPT_FOLDER = "assets/images"  # in a built site: the pictures that are kept
_KEPT = re.compile(rf"(?:/[\w.~-]{{1,100}}){{0,9}}/{KEPT_FOLDER}/[0-9a-f]{{32}}\.[a-z]{{3,4}}")

# Where sites keep the address of an image that a script loads later, the usual ones first.
LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-lazyload", "data-echo"),
    *("data-original-src", "data-full-src", "data-url", "data-lazy", "data-image"),
    *("data-hi-res-src", "zoomfile", "file"),
)
# A picture of some pixels that a script replaces: `/max/60/`, `?w=20`, `&blur=10`, `e_blur:200`.
_PREVIEW = re.compile(
    r"/max/\d\d/|[?&](?:w|width)=\d\d?(?:&|$)|[?&]blur=[1-9]|[/,_](?:e_)?blur[:_-]?\d|[/,]w_\d\d[/,]",
    re.I,
)
_LIBRARY = re.compile(r"[a-z][\w.]{0,20}-(?:img|image|anim|picture|photo)", re.I)
_STATED = frozenset({"contenturl", "url", "image", "thumbnailurl"})
_DATA_KEYS = frozenset({"src", "image", "img", "imageurl", "imagesrc", "image_url", "image_src"})
_IN_STYLE = re.compile(r"url\(\s{0,9}['\"]?([^'\")]{1,2000})['\"]?\s{0,9}\)")
_BACKGROUND = re.compile(
    r"background(?:-image)?\s{0,9}:[^;]{0,60}?url\(\s{0,9}['\"]?([^'\")]{1,2000})", re.I
)
_STEPS = 4  # elements around a picture that hold nothing else
_LOOKED_AT = 40  # elements of a figure
_WRAPPERS = frozenset({"a", "center", "div", "figure", "picture", "source", "span"})


def is_picture(element: etree._Element) -> bool:
    """Return whether an element shows a picture: `img`, or an element of a library, `amp-img`."""
    tag = str(element.tag)
    return tag == "img" or ("-" in tag and bool(_LIBRARY.fullmatch(tag)))


def address_of(image: etree._Element) -> str:
    """Return the address of the picture that a reader sees in the place of an element."""
    own = own_address(image)
    if own and not _PREVIEW.search(own[-200:]):
        return own
    return _from_noscript(image) or _from_link(image) or own or _from_data_around(image)


def own_address(image: etree._Element) -> str:
    """Return the address that an element itself or the `picture` around it has."""
    attributes = (image.get(name) for name in LAZY)
    lazy = next((text for a in attributes if a and is_address(text := a.strip())), "")
    return lazy or usable(image.get("src")) or _largest_source(image) or _any_file(image)


def is_kept(address: str) -> bool:
    """Return whether an address in a post is that of a file of the site, not of a page."""
    return bool(_KEPT.fullmatch(address))


def is_teaser(image: etree._Element) -> bool:
    """Return whether a picture links to another page, not to its own file."""
    href = _link_around(image)
    return bool(href) and not href.startswith(("#", "javascript:")) and not FILE.fullmatch(href)


def holds_picture(element: etree._Element) -> bool:
    """Return whether an element has another inside that shows the picture; the one in a `noscript`
    is its twin."""
    return any(
        inner is not element and is_picture(inner) and not _is_in_noscript(inner, element)
        for inner in _few(element)
    )


def linked_picture(link: etree._Element) -> str:
    """Return the address of the picture file that a link without words or picture leads to, or
    "": a script shows the picture in its place."""
    href = (link.get("href") or "").strip()
    if not FILE.fullmatch(href):
        return ""
    has_picture = any(e.tag == "noscript" or is_picture(e) for e in _few(link))
    has_words = any(text.strip() for text in map(str, islice(link.itertext(), _LOOKED_AT)))
    return "" if has_picture or has_words else usable(href)


def may_state_picture(block: etree._Element) -> bool:
    """Return whether a block is a figure, or data about a picture: see `stated_address`."""
    is_figure = block.tag == "figure" or (block.get("itemtype") or "").endswith("ImageObject")
    return is_figure or is_for_picture(block)


def hidden_pictures(noscript: etree._Element) -> list[etree._Element]:
    """Return the pictures that only readers without scripts see: none of them has a twin."""
    return [] if is_twin(noscript) else [e for e in _few(noscript) if is_picture(e)]


def is_twin(noscript: etree._Element) -> bool:
    """Return whether a `noscript` repeats the picture beside it, which then has the address of
    both: see `address_of`."""
    around = noscript.getparent()
    if around is not None and is_picture(around):
        return True
    return any(_shows_picture(element) for element in _beside(noscript))


def stated_address(figure: etree._Element) -> str:
    """Return the address of the picture of a figure in which no element has one.

    It is in the microdata of the figure (`itemid`, `contentUrl`), in an attribute or style of an
    empty element, which a script replaces, or in a link to a file. Data about a picture that has
    no text is no figure."""
    inside = list(_few(figure))
    if figure.tag != "figure" and not any((element.text or "").strip() for element in inside):
        return _any_file(figure) or _background(figure) if is_for_picture(figure) else ""
    if any(is_picture(element) and address_of(element) for element in inside):
        return ""
    # A `noscript` is read by itself, and a film has its own poster.
    if any(element.tag in ("noscript", "video", "iframe", "audio") for element in inside):
        return ""
    if "/" in (itemid := usable(figure.get("itemid"))):
        return itemid
    for element in inside:
        if (element.get("itemprop") or "").lower() in _STATED:
            value = element.get("content") or element.get("href") or element.get("src")
            if value := usable(value):
                return value
    for element in inside:
        if value := _any_file(element) or _background(element):
            return value
    return ""


def lone_sources(picture: etree._Element) -> str:
    """Return the address in the sources of a `picture` element without an `img`, which a script
    adds; "" for another element."""
    if picture.tag != "picture" or any(map(is_picture, _few(picture))):
        return ""
    sources = (element for element in _few(picture) if element.tag == "source")
    sets = (source.get("srcset") or source.get("data-srcset") or "" for source in sources)
    return next(filter(None, map(largest, sets)), "") or _any_file(picture)


def _background(element: etree._Element) -> str:
    background = _BACKGROUND.search((element.get("style") or "")[:4000])
    return usable(background[1]) if background else ""


def _any_file(element: etree._Element) -> str:
    """Return the first attribute that is the address of a picture file, whatever its name."""
    for name in islice(map(str, element.attrib), _LOOKED_AT):
        value = (element.get(name) or "").strip()
        if in_style := _IN_STYLE.fullmatch(value):
            value = in_style[1]
        named = name not in ("alt", "title", "src") and "/" in value and usable(value)
        if named and FILE.fullmatch(value):
            return value
    return _from_data(element)


def _from_data(element: etree._Element) -> str:
    """Return the address of the widest picture in the data of an element, or ""."""
    best, widest = "", -1
    for key, text, width in data_texts(element):
        address = largest(text) if key.lower() == "srcset" else text
        named = key.lower() in _DATA_KEYS and is_address(address)
        if width > widest and usable(address) and (named or _is_file(address)):
            best, widest = address, width
    return best


def _is_file(address: str) -> bool:
    return "/" in address and bool(FILE.fullmatch(address))


def _from_data_around(image: etree._Element) -> str:
    """Return the address in the data of a block that holds nothing but a picture."""
    block = image.getparent()
    for _ in range(_STEPS):
        if block is None or block.tag not in _WRAPPERS or len(block) > 1:
            return ""
        if address := _from_data(block):
            return address
        block = block.getparent()
    return ""


def _largest_source(image: etree._Element) -> str:
    sets = [image.get("data-srcset"), image.get("data-lazy-srcset"), image.get("srcset")]
    # libxml2 does not know that `source` has no end tag: what follows is in it.
    around = image.getparent()
    for _ in range(_STEPS):
        if around is not None and around.tag == "source":
            around = around.getparent()
    if around is not None and around.tag == "picture":
        sources = (element for element in _few(around) if element.tag == "source")
        sets += [source.get("srcset") or source.get("data-srcset") for source in sources]
    return next((address for text in sets if text and (address := largest(text))), "")


def _from_noscript(image: etree._Element) -> str:
    """Return the address in a `noscript` inside an element, or beside it or what holds only it."""
    for element in _few(image):
        if element.tag == "noscript":
            return _address_in(element)
    block: etree._Element | None = image
    for _ in range(_STEPS):
        if block is None or block.tag == "noscript":
            return ""
        for element in _beside(block):
            if element.tag == "noscript":
                return _address_in(element)
        block = block.getparent()
        if block is None or block.tag not in _WRAPPERS:
            return ""
    return ""


def _address_in(noscript: etree._Element) -> str:
    picture = next(filter(is_picture, _few(noscript)), None)
    return own_address(picture) if picture is not None else ""


def _from_link(image: etree._Element) -> str:
    href = _link_around(image)
    return usable(href) if FILE.fullmatch(href) else ""


def _link_around(image: etree._Element) -> str:
    block = image.getparent()
    for _ in range(_STEPS):
        if block is None or block.tag not in _WRAPPERS:
            return ""
        if block.tag == "a":
            return "" if block.get("rel") == "attachment" else (block.get("href") or "").strip()
        block = block.getparent()
    return ""


def _beside(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements next to an element with no text between, the following one first. On the
    `canvas` between, a script draws the preview."""
    after, before = element.getnext(), element.getprevious()
    if after is not None and after.tag == "canvas" and not (element.tail or "").strip():
        element, after = after, after.getnext()
    if after is not None and not (element.tail or "").strip():
        yield after
    if before is not None and before.tag == "canvas" and not (before.tail or "").strip():
        before = before.getprevious()
    if before is not None and not (before.tail or "").strip():
        yield before


def _is_in_noscript(element: etree._Element, outer: etree._Element) -> bool:
    """Return whether a `noscript` inside of `outer` is around an element."""
    around = element.getparent()
    while around is not None and around is not outer and around.tag != "noscript":
        around = around.getparent()
    return around is not None and around is not outer


def _shows_picture(element: etree._Element) -> bool:
    return element.tag != "noscript" and any(map(is_picture, _few(element)))


def _few(element: etree._Element) -> Iterator[etree._Element]:
    """Yield an element and the first few in it."""
    return islice(element.iter(etree.Element), _LOOKED_AT)
