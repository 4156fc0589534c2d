"""Texts that may be the address of a picture.

In: an attribute of a page (hostile). Out: whether it is such an address; the best of a `srcset`.
Called by `text.pictures` and `extraction.generic.pictures`. Pure.
"""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"data:|about:|(?:[^?#]*/)?(?:blank|placeholder|spacer|loading|lazy|gr[ea]y|transp|pixel"
    r"|1x1|default|clear|dummy|spinner)[\w.-]{0,20}\.(?:gif|png|svg|jpe?g)(?:[?#]|$)",
    re.I,
)
FILE = re.compile(r"[^\s<>\"{}]{1,2000}\.(?:jpe?g|png|webp|avif|gif)(?:[?#!@]\S{0,1000})?", re.I)
_DESCRIPTOR = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)[wx](?:,(.*))?", re.S)
_LONGEST_SET = 10_000
_WIDEST = 2000.0  # pixels: a wider candidate of a `srcset` is for posters


def usable(address: str | None) -> str:
    """Return an address, or "" for a placeholder."""
    address = (address or "").strip()
    return "" if not address or _PLACEHOLDER.match(address) else address


def is_address(text: str) -> bool:
    """Return whether a data attribute contains an address, not a number or settings."""
    if text.startswith(("http://", "https://", "//", "/")):
        return not _PLACEHOLDER.match(text)
    if any(mark in text for mark in ":{[ "):
        return False
    return bool(FILE.fullmatch(text)) or ("/" in text and "." in text)


def largest(srcset: str) -> str:
    """Return the address with the greatest descriptor of a `srcset`; of those over 2000 pixels the
    smallest, if there are no others. Addresses may contain commas."""
    best, most, address = "", (False, 0.0), ""
    for word in srcset[:_LONGEST_SET].split():
        if descriptor := _DESCRIPTOR.fullmatch(word.rstrip(",")):
            width = float(descriptor[1])
            rank = (True, width) if width <= _WIDEST else (False, 1 / width)
            if usable(address) and rank > most:
                best, most = address, rank
            address = descriptor[2] or ""
        else:
            address = word.rstrip(",")
            best = best or usable(address)
    return best
