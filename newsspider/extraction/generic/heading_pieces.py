"""The name of the article among the pieces of its heading: beside a subline, a time or a kicker.

In: a heading, the names of the article that the page states, its `<title>`. Out: the name. Called
by `headline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml import html

from newsspider.extraction.generic.texts import size, squeeze

_MOST = 24  # pieces of a heading that are looked at
_SHORTEST = 12  # letters of a name: a shorter one may be a section

DAY = re.compile(r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_DATE = re.compile(
    r"\b(?:\d{1,2}\W{1,2}[^\W\d]{3,9}|[^\W\d]{3,9}\W{1,2}\d{1,2})\W{1,2}(?:19|20)\d\d\b|"
    + DAY.pattern
)


def name_in_pieces(heading: html.HtmlElement, names: Sequence[str]) -> str:
    """Return the name that some of the pieces of a heading are, but not all of them, or "". A piece
    is what stands between two tags: so a name is never cut within its words."""
    pieces = [str(text) for text in islice(heading.itertext(), _MOST)]
    keys = [squeeze(piece) for piece in pieces]
    whole = "".join(keys)
    for name in names:
        key = squeeze(name)
        if key == whole:
            return ""
        if size(key) < _SHORTEST or key not in whole:
            continue
        for start in range(len(keys)):
            if not keys[start]:
                continue
            joined = ""
            for end in range(start, len(keys)):
                joined += keys[end]
                if joined == key:
                    text = "".join(pieces[start : end + 1]).replace("\u00ad", "")
                    return " ".join(text.split()).strip(" :|-–—·/")
                if not key.startswith(joined):
                    break
    return ""


def name_beside_date(text: str, names: Iterable[str]) -> str:
    """Return the name in the text of a heading that has nothing else but a day, or ""."""
    for name in names:
        before, match, after = text.partition(" ".join(name.split()))
        rest = " ".join(f"{before} {after}".split())
        long = len(squeeze(name)) >= _SHORTEST
        if long and match and len(rest) <= len(name) and _DATE.search(rest):
            return name
    return ""
