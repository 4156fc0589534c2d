"""One reading of a body: the data behind all of `clean.metadata`.

In: a body as HTML (hostile), cleaned or not. Out: a BodyReading. One parse and one pass; no element
is read twice, so 100,000 pictures take seconds and not hours. `clean.metadata` calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import cast

from lxml import etree

from newsspider.clean import noise
from newsspider.clean.credits import source_of
from newsspider.clean.marks import (
    classes,
    is_advert,
    is_centred,
    is_chart,
    is_chart_url,
    is_keyword,
    is_tracker,
)
from newsspider.clean.pictures import lazy_images
from newsspider.clean.tree import Notes, elements, is_blank, parse
from newsspider.model import Image, Stock
from newsspider.text.elements import BLOCKS

# Ends a line while the tree is read: every parser takes it for white space, and no article has it.
_LINE_END = "\u2029"
_BREAKS = (*BLOCKS, "br")

# East Money's marks of a share: an id, a pair in data-code (market first in links, second in
# charts), an address.
_ID = re.compile(r"(?:stock_|Info\.)(\d{1,3})\.([A-Za-z0-9][\w.-]{0,11})$", re.A)
_LINK_CODE = re.compile(r"(\d{1,3}),([A-Za-z0-9][\w.-]{0,11})$", re.A)
_CHART_CODE = re.compile(r"([A-Za-z0-9][\w.-]{0,11})\|(\d{1,3})(?:\||$)", re.A)
_ADDRESS = re.compile(r"/r/(\d{1,3})\.([A-Za-z0-9][\w.-]{0,11})(?:[?#]|$)", re.A)
_NUMBER = re.compile(r"[?&]nid=(\d{1,3})\.([A-Za-z0-9][\w.-]{0,11})(?:&|$)", re.A)
_BOARDS = "90"
_LONGEST_NAME = 40  # characters of a share's name; the longest listed has under 30

# alt texts without a meaning: `Image`, `image_1`, file names, East Money's `K图 600941_0`.
_NO_CAPTION = re.compile(
    r"(?:image|img|picture|photo|pic|图片?|配图|题图|插图)?[\s_\d-]*$|K图.{0,20}$|\S{1,80}\.\w{3,4}$",
    re.I,
)
_LONGEST_CAPTION = 80
_MOST_PARTS = 40  # text nodes of one line; three links in a source's name make seven
_CAPTION_REACH = 6  # steps from an image up to the block around it
# Query parameters that differ with each request and do not select another picture or page.
_VOLATILE = re.compile(
    r"(?:token|at|rand|random|rnd|_|t|ts|timestamp|sign|signature|expires|auth_key|utm_\w+)=", re.I
)


@dataclass(frozen=True, slots=True)
class BodyReading:
    """The contents of a body. `lines` is the reading text, a string for each line that a reader
    sees; `images` have their addresses as in the body; `addresses` are those of images and links,
    for comparison."""

    lines: tuple[str, ...] = ()
    source: str = ""
    stocks: tuple[Stock, ...] = ()
    images: tuple[Image, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The reading text, its lines joined by newlines."""
        return "\n".join(self.lines)


Body = str | BodyReading


def read(body: Body) -> BodyReading:
    """Read a body: one parse, one pass. Hidden blocks, scripts and comments are left out."""
    return body if isinstance(body, BodyReading) else _read(body)


# The last few are kept for callers that call several functions of `clean.metadata` for one body.
@lru_cache(maxsize=4)
def _read(body: str) -> BodyReading:
    root, notes = parse(body), Notes()
    for rule in (lazy_images, noise.hidden, noise.scripts, noise.comments):
        rule(root, notes)
    source = ""
    stocks: dict[tuple[str, str], Stock] = {}
    images: dict[str, Image] = {}
    addresses: list[str] = []
    captions: dict[etree._Element, str] = {}
    for element in elements(root):
        if (stock := _stock(element)) is not None:
            known = stocks.setdefault((stock.market, stock.code), stock)
            if not known.name:
                stocks[stock.market, stock.code] = stock
        if element.tag == "a" and not is_keyword(element):
            addresses.append(element.get("href") or "")
        elif element.tag == "p" and "em_media" in classes(element):
            source = source_of(_words(element)) or source
        elif element.tag == "img" and not is_tracker(element):
            address = (element.get("src") or "").strip()
            addresses.append(address)
            if address not in images and _is_picture(element, address):
                images[address] = Image(address, _caption(element, captions))
    return BodyReading(
        lines=_lines(root),
        source=source,
        stocks=tuple(stocks.values()),
        images=tuple(images.values()),
        addresses=tuple(_lasting(address) for address in addresses if address),
    )


def _lines(root: etree._Element) -> tuple[str, ...]:
    for element in elements(root, *_BREAKS):
        if element.tag != "br":
            element.text = _LINE_END + (element.text or "")
        element.tail = _LINE_END + (element.tail or "")
    text = "".join(cast(Iterable[str], root.itertext()))
    lines = (" ".join(line.split()) for line in text.split(_LINE_END))
    return tuple(line for line in lines if line)


def _stock(element: etree._Element) -> Stock | None:
    """Return the share that an element names: a keyword link, the span around it, a chart."""
    if element.tag == "img":
        match = _NUMBER.search(element.get("src") or "") if is_chart(element) else None
        return _share(*match.groups()) if match else None
    if element.tag not in ("a", "span"):
        return None
    if is_chart(element):
        match = _CHART_CODE.match(element.get("data-code") or "")
        return _share(match[2], match[1]) if match else None
    match = _ID.match(element.get("id") or "")
    if match is None and is_keyword(element):
        match = _LINK_CODE.match(element.get("data-code") or "")
        match = match or _ADDRESS.search(element.get("href") or "")
    return _share(match[1], match[2], _words(element)) if match else None


def _share(market: str, code: str, name: str = "") -> Stock | None:
    if market == _BOARDS:
        return None
    return Stock(market, code, name if len(name) <= _LONGEST_NAME else "")


def _is_picture(image: etree._Element, address: str) -> bool:
    """Return whether an image belongs to the article."""
    if address[:5].lower() == "data:" or is_chart_url(address) or is_advert(image):
        return False
    parent = image.getparent()
    return parent is None or not (is_chart(parent) or is_advert(parent))


def _caption(image: etree._Element, captions: dict[etree._Element, str]) -> str:
    """Return the words beside a picture, else its alt text where that has a meaning.

    `captions` has the words beside each block so far, so no block is read twice.
    """
    block: etree._Element | None = image
    for _ in range(_CAPTION_REACH):
        if block is None or block.tag == "body":
            break
        if block not in captions:
            captions[block] = _words_beside(block)
        if captions[block]:
            return captions[block]
        block = block.getparent()
    alt = " ".join((image.get("alt") or "").split())
    return "" if _NO_CAPTION.match(alt) else alt


def _words_beside(block: etree._Element) -> str:
    """Return the figcaption in a block, or the short centred line after it, or ""."""
    if block.tag == "figure" and (line := block.find(".//figcaption")) is not None:
        return _words(line)
    following = block.getnext()
    if following is None or following.tag != "p" or not is_blank(block.tail):
        return ""
    text = _words(following) if is_centred(following) else ""
    return text if len(text) <= _LONGEST_CAPTION else ""


def _words(element: etree._Element) -> str:
    """Return the text of an element with a few words; of a longer one the start."""
    parts = islice(cast(Iterable[str], element.itertext()), _MOST_PARTS)
    return " ".join("".join(parts).split())


def _lasting(address: str) -> str:
    """Return an address without the parameters that change with each request."""
    path, mark, query = address.partition("?")
    kept = [part for part in query.split("&") if not _VOLATILE.match(part)]
    return path + mark + "&".join(kept) if kept else path
