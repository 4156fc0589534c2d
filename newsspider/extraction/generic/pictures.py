"""Pictures: their real addresses, the lead picture first, captions.

In: an image element, or what the page says for machines and the lines of the body. Out: addresses
and `Image`s. `layout` and `extract` call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.structured import Structured
from newsspider.model import Image
from newsspider.text import urls

_LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-lazyload", "data-echo"),
    *(
        "data-original-src",
        "data-full-src",
        "data-url",
        "data-lazy",
        "data-image",
        "data-hi-res-src",
    ),
)
_PLACEHOLDER = re.compile(
    r"data:|about:|(?:[^?#]*/)?(?:blank|placeholder|spacer|loading|lazy|gr[ea]y|transparent|pixel"
    r"|1x1|default|clear)[\w.-]{0,20}\.(?:gif|png|svg|jpe?g)(?:[?#]|$)",
    re.I,
)
_DECORATION = re.compile(
    r"(?:^|[/_.-])(?:logo|icons?|avatar|sprite|button|btn|qr-?code|erweima|emoji|smiley|favicon"
    r"|share|weixin|wechat|arrow|pixel|tracking|counter|badge|gravatar|headshot|author|byline"
    r"|profile[_-]?(?:photo|pic|picture|image))s?(?:[/_.-]|\d|$)|\.svg(?:[?#]|$)"
    r"|[/.]doubleclick\.|scorecardresearch|google-analytics",
    re.I,
)
# Classes and ids around pictures of who wrote, and of other articles.
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
_THUMBNAIL = 160  # pixels: no side of a picture that is cut for a list is longer
_KEY = re.compile(r"[0-9A-Za-z]{7,}(?:-[0-9A-Za-z]{4,12}){0,4}")
_SMALL = 80  # pixels: below it an image is an icon
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")


def picture_address(image: etree._Element, base: str) -> str:
    """The address of a picture that belongs to a text; "" for icons, trackers and placeholders."""
    for side in ("width", "height"):
        if (m := _PIXELS.match(image.get(side) or "")) and int(m[1]) < _SMALL:
            return ""
    address = next((a for name in _LAZY if _is_address(a := (image.get(name) or "").strip())), "")
    address = address or _usable(image.get("src")) or _largest(image)
    # Behind `#` stands a part of a drawing, or nothing that anyone would miss.
    found = urls.post_link(address.partition("#")[0], base) if address else None
    if not found or _DECORATION.search(found[:300]) or _is_thumbnail(found):
        return ""
    around: etree._Element | None = image
    while around is not None and around.tag in _INLINE:
        if is_of_others(around):
            return ""
        around = around.getparent()
    return found


_INLINE = frozenset({"img", "picture", "a", "span"})


def _is_thumbnail(address: str) -> bool:
    sizes = _SIZE.findall(address[-400:])
    sides = [int(side) for side in sizes[-1]] if sizes else [_SMALL, _THUMBNAIL + 1]
    return min(sides) < _SMALL or max(sides) <= _THUMBNAIL


def is_of_others(element: etree._Element) -> bool:
    """Whether a class or id says that the pictures there show who wrote, or other articles."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return names != " " and bool(_OF_OTHERS.search(_HUMP.sub("-", names)))


def _usable(src: str | None) -> str:
    src = (src or "").strip()
    return "" if not src or _PLACEHOLDER.match(src) else src


def _is_address(text: str) -> bool:
    if text.startswith(("http://", "https://", "//", "/")):
        return not _PLACEHOLDER.match(text)
    return "/" in text and "." in text and not any(mark in text for mark in ":{[ ")


def _largest(image: etree._Element) -> str:
    """The widest address of a `srcset`, also one of a `picture` around the image."""
    sets = [image.get("data-srcset"), image.get("srcset")]
    parent = image.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [s.get("srcset") or s.get("data-srcset") for s in parent.iter("source")]
    best, most = "", -1.0
    for text in sets:
        for part in re.split(r",\s+|,(?=https?:|//)", (text or "")[:10_000]):
            words = part.split()
            if not words or _PLACEHOLDER.match(words[0]):
                continue
            size = words[1][:-1] if len(words) > 1 else "0"
            width = float(size) if re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", size) else 0.0
            if width > most:
                best, most = words[0], width
        if best:
            return best
    return best


def find_images(
    said: Structured, lines: Sequence[Line], page: Sequence[Line], base: str
) -> tuple[Image, ...]:
    """The pictures of an article, each once: the one the page is shared with first, then those of
    the body (`lines`) in order. Where the page shows the shared one too, in another size, it is
    given as shown: with its caption, and not cut for a preview."""
    found: dict[str, Image] = {}
    shared = next(
        (
            url
            for address in _leads(said)
            if (url := urls.post_link(address, base))
            and not _PLACEHOLDER.match(url)
            and not _is_logo(url)
        ),
        "",
    )
    if shared:
        lead = _shown(shared, _captioned(page)) or Image(shared)
        found[_name(lead.url)] = lead
    for image in _captioned(lines):
        if not shared or _name(image.url) in found or not _same(image.url, shared):
            found.setdefault(_name(image.url), image)
    return tuple(found.values())


def _captioned(lines: Iterable[Line]) -> list[Image]:
    """The pictures among the lines, with the captions right behind them, else their alt text."""
    found: list[Image] = []
    open_end = False
    for line in lines:
        if line.kind == "img":
            found.append(Image(line.src, line.text))
        elif line.kind == "caption" and open_end:
            found[-1] = Image(found[-1].url, line.text)
        open_end = line.kind == "img"
    return found


def _shown(shared: str, images: list[Image]) -> Image | None:
    """The shared picture as the page shows it."""
    named = next((image for image in images if _name(image.url) == _name(shared)), None)
    return named or next((image for image in images if _same(image.url, shared)), None)


def _same(one: str, other: str) -> bool:
    """Whether two addresses are of one picture in two sizes: the same long name, or the same number
    or key that no article shares with its other pictures."""
    first, second = _keys(one), _keys(other)
    return bool(first) and bool(second) and (first[-1] == second[-1] or first == second)


def _keys(url: str) -> list[str]:
    """The parts of an address that name a picture: long, with a digit, and no size."""
    path = re.sub(r"\.(?:jpe?g|png|webp|gif|avif)\b", "", urlsplit(url).path[-400:], flags=re.I)
    path = re.sub(r"-\d{2,4}x\d{2,4}$", "", path)
    return [key for key in _KEY.findall(path) if any(map(str.isdigit, key))]


def _is_logo(url: str) -> bool:
    return bool(re.search(r"(?:^|[/_.-])(?:logo|favicon|default-?(?:og|share|image))", url, re.I))


def _name(url: str) -> str:
    return url.partition("?")[0].removeprefix("https:").removeprefix("http:")


def _leads(said: Structured) -> Iterable[str]:
    yield from said.meta.get("og:image", ())[:1]
    yield from _addresses(said, said.article.get("image"))
    yield from said.meta.get("og:image:url", ())[:1]
    yield from said.meta.get("twitter:image", ())[:1]
    yield from said.meta.get("twitter:image:src", ())[:1]
    yield from _addresses(said, said.article.get("thumbnailUrl"))


def _addresses(said: Structured, value: Any) -> Iterable[str]:
    for item in value if isinstance(value, list) else [value]:
        item = said.resolved(item)
        if isinstance(item, Mapping):
            item = item.get("url") or item.get("contentUrl") or item.get("@id")
        if isinstance(item, list):
            item = item[0] if item else ""
        if isinstance(item, str):
            yield item
