"""The words of news pages, one file a language: `de.yml`, `zh.yml`.

In: a language, or a kind of word (`by`, `next`). Out: the words of that language, or those of all
of them. Extraction builds its patterns from the kinds, so that a language is one file; `dates` of a
file adds to dateparser's words of times, `site` is what the pages of a built site say. Files are
read where a word is asked for, once; tests/languages lists what they lack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# What a file has words of; a list that is empty says that nobody has looked for them, or that the
# language has none. Each word is a piece of a regular expression that ignores case.
KINDS: Mapping[str, str] = {
    "by": "before the name of who wrote an article",
    "by_label": "the same, in front of a name alone: in a sentence they are too common",
    "author": "the word for an author, before a name",
    "and": "between two names",
    "and_alone": "between two names, but not behind a comma",
    "and_behind_comma": "behind a comma between names, and too common alone",
    "role": "what a person is who writes: reporter",
    "rank": "before a role: senior",
    "role_behind": "a role behind a name",
    "nobody": "what stands where an author's name belongs, and is none",
    "around_time": "around a time below a headline: published, at, p.m.",
    "next": "a link to the next page of an article or of a listing",
    "older": "a link to older articles of a listing",
    "pager": "the links of a pager",
    "modified": "says that a time is that of a change",
    "advert": "says that what follows is an advertisement",
    "read_also": "opens a line that leads to another article",
    "promotion": "a whole line that is no part of an article",
    "wall": "a whole line that asks to pay or to log in",
    "cookie": "what a line is about that asks for consent",
    "personal_data": "what is consented to, behind a word of `consent`",
    "consent": "asks to consent",
    "consent_to_cookies": "the same, behind a word of `cookie` alone",
    "error": "a whole headline of an error page",
    "page": "the word for a page or an article",
    "not_found": "says that a page is missing, behind a word of `page`",
    "login": "opens the headline of a login page",
    "challenge": "a whole headline of a check for robots, or of a site that is closed",
}

_FOLDER = Path(__file__).parent
# The C loader reads all files in a third of the time; PyYAML may be built without it.
# Base: without types, so that `no` and `on` are words.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def names() -> tuple[str, ...]:
    """The languages that have a file, as ISO 639 codes."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def read(language: str) -> Mapping[str, Any]:
    """The file of a language; empty for one without a file."""
    if language not in names():
        return {}
    text = (_FOLDER / f"{language}.yml").read_text("utf-8")
    return yaml.load(text, _Loader) or {}  # noqa: S506 - BaseLoader makes text only


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of a kind (of KINDS) in all languages, each once, in the order of the files."""
    found = (word for name in names() for word in read(name)[kind])
    return tuple(dict.fromkeys(found))


@cache
def alternation(*kinds: str) -> str:
    """The words of some kinds as alternatives of a regular expression, longest first. A word is
    written as such an expression: `aujourd.hui`, `kirjoit\\w*`."""
    found = {word for kind in kinds for word in words(kind)}
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


@cache
def compiled(*kinds: str) -> re.Pattern[str]:
    """`alternation`, ignoring case."""
    return re.compile(alternation(*kinds), re.IGNORECASE)
