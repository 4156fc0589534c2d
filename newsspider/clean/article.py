"""Every text of an article, cleaned according to the kind of its field.

In: an Article from extraction (hostile), a cleaning profile. Out: the Article without the
characters that no post may contain, its body cleaned by the profile's rules. Pure; the stage Clean
and `extraction.single` (behind `newsspider.extract`) call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from newsspider.clean import clean
from newsspider.clean.metadata import tags
from newsspider.model import FIELDS, Article, Kind
from newsspider.text.characters import clean_characters, shows

_BLANK = re.compile(r"[ \t\n]+")  # a browser shows it as one space


def clean_article(
    article: Article, profile: str, *, on: Collection[str] = (), off: Collection[str] = ()
) -> Article:
    """Return the article with each field cleaned. `on` adds rules to the profile, `off` removes
    them.

    Credit lines that cleaning removes from the body fill the fields that are empty.
    """
    body = clean_characters(article.body)
    cleaned = clean(body, profile, on=on, off=off, base=article.link)
    values = {name: getattr(article, name) or getattr(cleaned, name, "") for name in _CLEANED}
    texts = {name: _CLEAN[FIELDS[name].kind](value) for name, value in values.items() if value}
    return replace(article, **texts, body=cleaned.body)


def clean_line(text: str) -> str:
    """Return a hostile text on one line, or "" when it shows nothing to a reader.

    Every field passes through here: a lone surrogate in a field that only `-o` writes would end
    that file in the middle, unnoticed.
    """
    line = _BLANK.sub(" ", clean_characters(text)).strip()
    return line if shows(line) else ""


def _clean_lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(clean_line, texts)))


def _clean_text(text: str) -> str:
    return clean_characters(text).strip() if shows(text) else ""


def _clean_parts(parts: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(
        replace(part, **{each.name: clean_line(getattr(part, each.name)) for each in fields(part)})
        for part in parts
    )


# How a field of each kind is cleaned. The profile's rules clean the body (HTML), the stage Sanitise
# the link.
_CLEAN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.LINE: clean_line,
    Kind.LINES: _clean_lines,
    Kind.TAGS: lambda texts: tags(map(clean_line, texts)),
    Kind.TEXT: _clean_text,
    Kind.PARTS: _clean_parts,
}
_CLEANED = tuple(name for name, info in FIELDS.items() if info.kind in _CLEAN)
