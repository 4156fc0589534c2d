"""The pictures of an article: their real addresses, the lead picture first, captions.

In: an image element; or the structured data of a page, the lines of the body and of the page. Out:
an address; `Image`s. Called by `page_lines` (`picture_address`), `body` (`is_of_others`) and
`extract` (`find_images`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from newsspider.clean.marks import is_chart_url, is_counter
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured
from newsspider.extraction.generic.texts import squeeze
from newsspider.model import Image
from newsspider.text import urls
from newsspider.text.picture_addresses import usable
from newsspider.text.pictures import address_of, holds_picture, stated_address

_DECORATION = re.compile(
    r"(?:^|[/_.-])(?:logo|icons?|avatar|sprite|button|btn|qr-?code|erweima|emoji|smiley|favicon"
    r"|share|weixin|wechat|arrow|pixel|tracking|counter|badge|gravatar|headshot|author|byline"
    r"|profile[_-]?(?:photo|pic|picture|image))s?(?:[/_.-]|\d|$)|\.svg(?:[?#]|$)"
    r"|[/.]doubleclick\.|scorecardresearch|google-analytics",
    re.I,
)
# Classes and ids around pictures of authors and of other articles.
_OF_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:authors?|avatars?|bylines?|headshots?|bio|contributors?|related|recommend\w*"
    r"|recirc\w*|more-?(?:stories|news|on|from)|read-?(?:more|next|also)|most-?(?:read|popular|viewed)"
    r"|popular|trending|promos?|newsletter|advert\w*|sponsor\w*|outbrain|taboola|sharing|social)"
    r"(?:$|[\s_-])",
    re.I,
)
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
# Sizes in addresses: `-115x115.png`, `/80x80/`.
_SIZE = re.compile(r"(?<=[/_@-])(\d{2,4})x(\d{2,4})(?=[/_.?-])")
_OPENING = 2  # lines of text above a picture that opens it
_THUMBNAIL = 160  # pixels: the longest side of a picture that is cut for a list
_KEY = re.compile(r"[0-9A-Za-z]{7,}(?:-[0-9A-Za-z]{4,12}){0,4}")
# What a file name says about the size or the place of a picture, not about what it shows.
_SIZE_OR_PLACE = re.compile(
    r"x|w|px|jpe?g|png|webp|gif|avif|images?|img|pics?|pictures?|photos?|files?|uploads?|large"
    r"|medium|small|full|orig|original|master|scaled|crop(?:ped)?|resized?|thumb(?:nail)?|preview"
    r"|main|head|header|hero|lead|cover|teaser|poster|banner|article|story|post|news|social|share"
    r"|default|web|desktop|mobile|retina|wide|landscape|portrait|square|version|final|copy",
    re.I,
)
# The picture that a site gives every page which has none: its logo, a card.
_LOGO = re.compile(
    r"(?:^|[/_.-])(?:(?:site|brand|news|app)?[_-]?logo|favicon|place-?holder"
    r"|no-?(?:image|img|photo|picture|thumb\w*)(?![a-z])"
    r"|(?:default|fallback|generic)[_-]?(?:og|open-?graph|shar(?:e|ing)|social|image|thumb\w*|card|facebook)"
    r"|(?:og|open-?graph|shar(?:e|ing)|social|facebook)[_-]?(?:default|fallback|logo"
    r"|(?:image|card|preview)\.\w{3,4}(?:\?|$)))",
    re.I,
)
_MOST_LOGOS = 50  # nodes of a page that are looked at for their logos
_WORDS = re.compile(r"[^\W\d_]+")
_SHORTEST_NAME = 12  # letters: a shorter file name may be that of several pictures
_SMALL = 80  # pixels: a smaller image is an icon
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")


def picture_address(image: etree._Element, base: str) -> str:
    """Return the address of a picture; "" for icons, trackers, placeholders, authors' portraits."""
    # Of a picture that grows with its column, the sides are only a proportion: 16 by 9.
    for side in () if image.get("layout") == "responsive" else ("width", "height"):
        if (m := _PIXELS.match(image.get(side) or "")) and int(m[1]) < _SMALL:
            return ""
    if image.tag != "img" and holds_picture(image):
        return ""  # the one inside counts
    address = address_of(image)
    if is_counter(image, address):
        return ""
    url = absolute(address, base)
    block: etree._Element | None = image
    while url and block is not None and (block is image or block.tag in _INLINE):
        if is_of_others(block):
            return ""
        block = block.getparent()
    return url


def figure_address(figure: etree._Element, base: str) -> str:
    """Return the address of a figure's picture if none of its elements shows one, else ""."""
    return absolute(stated_address(figure), base)


def absolute(address: str, base: str) -> str:
    """Return the absolute address of a picture; "" for charts, icons and thumbnails."""
    # A fragment names a part of a drawing, or nothing that matters.
    url = urls.post_link(address.partition("#")[0], base) if address else None
    if not url or is_chart_url(url):
        return ""
    return "" if _DECORATION.search(url[:300]) or _is_thumbnail(url) else url


_INLINE = frozenset({"img", "picture", "source", "a", "span"})


def _is_thumbnail(address: str) -> bool:
    sizes = _SIZE.findall(address[-400:])
    sides = [int(side) for side in sizes[-1]] if sizes else [_SMALL, _THUMBNAIL + 1]
    return min(sides) < _SMALL or max(sides) <= _THUMBNAIL


def is_of_others(element: etree._Element) -> bool:
    """Return whether class or id mark a block about authors or other articles."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return names != " " and bool(_OF_OTHERS.search(_HUMP.sub("-", names)))


def find_images(
    structured: Structured,
    lines: Sequence[Line],
    page: Sequence[Line],
    authors: Iterable[str],
    base: str,
) -> tuple[Image, ...]:
    """Return the pictures of an article, each once: the shared one, then those of the body.

    `lines` are those of the body, `page` all lines of the page. The shared picture is the one that
    structured data names, for previews, unless it is a logo. If the page shows it too, in another
    size, it comes as shown: with its caption and not cut. A picture that opens the text goes before
    a shared one that the page does not show, which is cut for previews or has the site's name on
    it. A portrait of an author is no picture of the article."""
    images: dict[str, Image] = {}
    lines = _without_portraits(lines, authors)
    if shared := _shared(structured, base):
        shown, opening = _shown(shared, _captioned(page)), _opening(lines)
        lead = shown or opening or Image(shared)
        images[_name(lead.url)] = lead
        if not shown and opening:
            shared = ""
    for image in _captioned(lines):
        if not shared or _name(image.url) in images or not _same(image.url, shared):
            images.setdefault(_name(image.url), image)
    return tuple(images.values())


def _without_portraits(lines: Iterable[Line], authors: Iterable[str]) -> list[Line]:
    """Return the lines; a picture with the name of an author as its text has no address."""
    names = {squeeze(author) for author in authors if author}
    return [
        replace(line, src="") if line.kind == "img" and squeeze(line.text) in names else line
        for line in lines
    ]


def _shared(structured: Structured, base: str) -> str:
    """Return the address of the picture that structured data names for previews, or ""."""
    nodes = [structured.resolved(structured.article.get("publisher")), *structured.nodes]
    logos = {
        _name(urls.post_link(address, base) or "")
        for node in nodes[:_MOST_LOGOS]
        if isinstance(node, Mapping)
        for address in _addresses(structured, node.get("logo"))
    }
    for address in _shared_pictures(structured):
        url = urls.post_link(address, base)
        if url and usable(url) and _name(url) not in logos and not _is_logo(url):
            return url
    return ""


def _opening(lines: Sequence[Line]) -> Image | None:
    """Return the picture that opens a text, or None."""
    texts = [n for n, line in enumerate(lines) if line.kind not in ("img", "caption")]
    end = texts[_OPENING] if len(texts) > _OPENING else len(lines)
    return next(iter(_captioned(lines[:end])), None)


def _captioned(lines: Iterable[Line]) -> list[Image]:
    """Return the pictures among the lines, each with the caption behind it or its alt text."""
    images: list[Image] = []
    captionable = False
    for line in lines:
        shown = line.kind == "img" and bool(line.src)
        if shown:
            images.append(Image(line.src, line.text))
        elif line.kind == "caption" and captionable:
            images[-1] = Image(images[-1].url, line.text)
        captionable = shown
    return images


def _shown(shared: str, images: list[Image]) -> Image | None:
    """Return the shared picture as the page shows it, or None."""
    named = next((image for image in images if _name(image.url) == _name(shared)), None)
    return named or next((image for image in images if _same(image.url, shared)), None)


def _same(first: str, second: str) -> bool:
    """Return whether two addresses are of the same picture in two sizes.

    They have the same long file name, or the same number or key, which differs between the pictures
    of an article."""
    if (name := _file_name(first)) and name == _file_name(second):
        return True
    first_keys, second_keys = _keys(first), _keys(second)
    if not first_keys or not second_keys:
        return False
    return first_keys[-1] == second_keys[-1] or first_keys == second_keys


def _file_name(url: str) -> str:
    """Return the last part of an address without what it says about the picture's size; "" if what
    remains is too short to name one picture."""
    name = unquote(url.partition("?")[0][-200:].rpartition("/")[2]).lower()
    name = re.sub(r"[-_.]\d{2,4}x\d{2,4}(?=\.)|\.\w{3,4}$", "", name)
    letters = "".join(word for word in _WORDS.findall(name) if not _SIZE_OR_PLACE.fullmatch(word))
    return name if len(letters) >= _SHORTEST_NAME else ""


def _keys(url: str) -> list[str]:
    """Return the parts of an address that name a picture: long, with a digit, not a size."""
    if not urls.host(url):  # a page may write anything, such as `http://[`
        return []
    path = re.sub(r"\.(?:jpe?g|png|webp|gif|avif)\b", "", urlsplit(url).path[-400:], flags=re.I)
    path = re.sub(r"-\d{2,4}x\d{2,4}$", "", path)
    return [key for key in _KEY.findall(path) if any(map(str.isdigit, key))]


def _is_logo(url: str) -> bool:
    return bool(_LOGO.search(url[-300:]))


def _name(url: str) -> str:
    return url.partition("?")[0].removeprefix("https:").removeprefix("http:")


def _shared_pictures(structured: Structured) -> Iterable[str]:
    yield from structured.meta.get("og:image", ())[:1]
    yield from _addresses(structured, structured.article.get("image"))
    yield from structured.meta.get("og:image:url", ())[:1]
    yield from structured.meta.get("twitter:image", ())[:1]
    yield from structured.meta.get("twitter:image:src", ())[:1]
    yield from _addresses(structured, structured.article.get("thumbnailUrl"))


def _addresses(structured: Structured, value: Any) -> Iterable[str]:
    for item in value if isinstance(value, list) else [value]:
        item = structured.resolved(item)
        if isinstance(item, Mapping):
            item = item.get("url") or item.get("contentUrl") or item.get("@id")
        if isinstance(item, list):
            item = item[0] if item else ""
        if isinstance(item, str):
            yield item
