"""The texts in the data of an element, from which a script builds a picture.

In: an element (hostile). Out: whether it is a block for a picture; the texts in its attributes that
hold JSON, such as `data-props='{"src": "/a.jpg"}'`. Called by `text.pictures`. A few attributes and
values only are looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

_MOST_ATTRIBUTES, _MOST_VALUES, _LONGEST = 40, 300, 20_000
# Words in the names of a block whose data are about a picture, and keys of other pictures.
_PICTURE = re.compile(
    r"(?:^|[\s_-])(?:\w{0,12}(?:image|img|photo|picture)|foto|bild|imagen?)(?:$|[\s_-])", re.I
)
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_NAMES = ("class", "id", "data-component", "data-module", "data-type")
_OF_OTHERS = re.compile(
    r"\w*(?:author|avatar|logo|icon|advert|placeholder|preview|lqip|blur|related|items|share)\w*",
    re.I,
)


class DataText(NamedTuple):
    """A text in the data, its key, and the width that stands beside it, 0 without one."""

    key: str
    text: str
    width: int


def is_for_picture(block: etree._Element) -> bool:
    """Return whether a block is empty and named as one for a picture."""
    if len(block) or (block.text or "").strip() or not block.attrib:
        return False
    names = " ".join((block.get(name) or "")[:200] for name in _NAMES)
    return bool(_PICTURE.search(_HUMP.sub("-", names)))


def data_texts(element: etree._Element) -> Iterator[DataText]:
    """Yield the texts in the data of an element, in their order."""
    for value in filter(_is_json, _values(element)):
        yield from _read(value)


def _values(element: etree._Element) -> Iterator[str]:
    return islice(map(str, element.attrib.values()), _MOST_ATTRIBUTES)


def _is_json(value: str) -> bool:
    return len(value) <= _LONGEST and value.lstrip()[:1] in ("{", "[")


@lru_cache(maxsize=64)  # the data of an element are looked at from each block around it
def _read(value: str) -> tuple[DataText, ...]:
    try:
        return tuple(_texts(json.loads(value)))
    except (ValueError, RecursionError):
        return ()


def _texts(value: Any) -> Iterator[DataText]:
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        key, value, width = waiting.pop()
        if isinstance(value, str):
            yield DataText(key, value.strip(), width)
        elif isinstance(value, dict):
            beside = (value.get("width"), value.get("w"))
            width = next((number for number in beside if type(number) is int), 0)
            inside = [(name, part, width) for name, part in value.items()]
            waiting += [part for part in reversed(inside) if not _OF_OTHERS.fullmatch(part[0])]
        elif isinstance(value, list):
            waiting += [(key, part, width) for part in reversed(value[:_MOST_VALUES])]
