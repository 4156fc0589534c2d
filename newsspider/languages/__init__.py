"""The words of news pages, in one file for each language: `de.yml`, `zh.yml`.

In: a language, or a kind of word (`by`, `next`). Out: the words of that language, or those of all
languages. Extraction and discovery build their patterns from the kinds, so a language is one file.
`dates` of a file adds to dateparser's words for times; `site` has the texts of the built site. Each
file is read once, when a word of it is needed; tests/languages lists what they lack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# The kinds of words in a file. An empty list means that nobody has looked for them, or that the
# language has none. Each word is a part of a regular expression that ignores case.
KINDS: Mapping[str, str] = {
    "by": "before the name of who wrote an article",
    "by_label": "the same, before a name alone: in a sentence they are too common",
    "author": "the word for an author, before a name",
    "author_label": "before a colon and the name of who wrote an article",
    "before_person": "the same, or a kind of article (analysis by): only before a person",
    "behind_person": "behind the name of who wrote an article",
    "about_author": "behind the name of an author, in a line about them: is, writes",
    "byline_class": "a class or id of an element that names who wrote an article",
    "and": "between two names",
    "and_alone": "between two names, but not after a comma",
    "and_behind_comma": "after a comma between names, and too common alone",
    "role": "the profession of a writer: reporter",
    "rank": "before a role: senior",
    "role_behind": "a role after a name",
    "nobody": "in the place of an author's name, but not a name",
    "edited_by": "before the name of who edited or checked an article",
    "newsroom": "a word in the name of a newsroom or an organization, and of no person",
    "agency": "the whole name of a news agency",
    "around_time": "around a time below a headline: published, at, p.m.",
    "next": "a link to the next page of an article or of a listing",
    "older": "a link to older articles of a listing",
    "pager": "the links of a pager",
    "published": "marks a time as that of the publication",
    "modified": "marks a time as that of a change",
    "advert": "marks what follows as an advertisement",
    "read_also": "starts a line with a link to another article",
    "promotion": "a whole line that does not belong to the article",
    "disclaimer": "in a line at the end of a text that reserves rights or answers for nothing",
    "wall": "a whole line that asks to pay or to log in",
    "cookie": "the subject of a line that asks for consent",
    "personal_data": "what the reader consents to, after a word of `consent`",
    "consent": "asks for consent",
    "consent_to_cookies": "the same, after a word of `cookie` alone",
    "partners": "who gets the data of a reader who consents, beside their number",
    "error": "a whole headline of an error page",
    "page": "the word for a page or an article",
    "not_found": "for a missing page, after a word of `page`",
    "login": "starts the headline of a login page",
    "challenge": "a whole headline of a check for robots, or of a site that is closed",
    "category": "before the name of a section, with a colon between",
    "correction": "begins the headline of an article that corrects another one",
}

_FOLDER = Path(__file__).parent
# The C loader reads all files in a third of the time; PyYAML may be built without it. The base
# loader does not convert types, so `no` and `on` are words.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def names() -> tuple[str, ...]:
    """Return the languages that have a file, as ISO 639 codes."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def read(language: str) -> Mapping[str, Any]:
    """Return the file of a language; {} for a language without one."""
    if language not in names():
        return {}
    text = (_FOLDER / f"{language}.yml").read_text("utf-8")
    return yaml.load(text, _Loader) or {}  # noqa: S506 - BaseLoader makes text only


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of a kind (of KINDS) in all languages, each once, in the order of the
    files."""
    all_words = (word for name in names() for word in read(name)[kind])
    return tuple(dict.fromkeys(all_words))


@cache
def alternation(*kinds: str) -> str:
    """Return the words of some kinds as alternatives of a regular expression, longest first. Each
    word is itself such an expression: `aujourd.hui`, `kirjoit\\w*`."""
    all_words = {word for kind in kinds for word in words(kind)}
    return "|".join(sorted(all_words, key=lambda word: (-len(word), word)))


@cache
def compiled(*kinds: str) -> re.Pattern[str]:
    """Return `alternation` as a compiled pattern that ignores case."""
    return re.compile(alternation(*kinds), re.IGNORECASE)
