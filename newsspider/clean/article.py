"""Every text of an article, cleaned by what its field holds.

In: an Article as extraction leaves it (hostile), a cleaning profile. Out: the Article without the
characters that no post may hold, its body cleaned by the profile's rules. Pure; the stage Clean and
`newsspider.extract` call it.
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

_BLANK = re.compile(r"[ \t\n]+")  # what a browser shows as one space


def clean_article(
    article: Article, profile: str, *, on: Collection[str] = (), off: Collection[str] = ()
) -> Article:
    """The article with each field cleaned. `on` and `off` are rules beside those of the profile.

    The credit lines that cleaning takes out of a body fill the fields that nothing else fills.
    """
    body = clean_characters(article.body)
    cleaned = clean(body, profile, on=on, off=off, base=article.link)
    values = {name: getattr(article, name) or getattr(cleaned, name, "") for name in _CLEANED}
    texts = {name: _CLEAN[FIELDS[name].kind](value) for name, value in values.items() if value}
    return replace(article, **texts, body=cleaned.body)


def clean_line(text: str) -> str:
    """A stranger's text on one line, "" where a reader sees none. Every field goes through this: a
    lone surrogate in one that only `-o` writes would end that file in the middle, unseen."""
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


# How a field of each kind is cleaned; the body (HTML) has the profile's rules, the link Sanitise.
_CLEAN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.LINE: clean_line,
    Kind.LINES: _clean_lines,
    Kind.TAGS: lambda texts: tags(map(clean_line, texts)),
    Kind.TEXT: _clean_text,
    Kind.PARTS: _clean_parts,
}
_CLEANED = tuple(name for name, info in FIELDS.items() if info.kind in _CLEAN)
