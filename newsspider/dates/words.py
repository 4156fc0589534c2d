"""The words for times in a language: months, units, yesterday, ago, p.m.

In: a language tag (`pt-BR`, hostile) or "". Out: `Words`, which `locales` reads. The words of the
language count before those of English, and these before those of `_PRESS`, the languages that a
page may be in without naming it. A word of the press counts only if it means the same in every
language that has it: `listopada` is November in Polish and October in Croatian, so without the
language it is neither. `days`, `relative`, `clock` and `lines` look words up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from newsspider import languages
from newsspider.dates.locales import SETS, TABLES, Words, find_name, read_words

# Languages of the world's press, by the names of dateparser's files. In the other 140, many names
# of months are common words elsewhere (`out`, `no`, `de`); they count where a page names its
# language.
_PRESS = (
    "af ar az be bg bn ca cs da de el en es et eu fa fi fil fr gl gu he hi hr hu hy id is it ja ka"
    " kk km kn ko lt lv mk ml mr ms my nb ne nl nn pa pl pt ro ru si sk sl sq sr-Cyrl sr-Latn sv sw"
    " ta te th tr uk ur uz vi zh"
)

ANY = "*"  # in place of a language: any meaning of a word in some language of the press


def words_in_turn(language: str) -> Iterator[Words]:
    """Yield the words to try, the surest first: the language's with those of English, then those of
    the press, which are read (50 ms) only if they are needed."""
    if language == ANY:
        yield words_of_any()
    else:
        yield words_of(find_name(language) or "en")
        yield words_of_press()


def look_up(table: str, name: str, language: str) -> Any:
    """Return the meaning of a name (in the form of `key`) in a table of `Words`; None without
    one."""
    for words in words_in_turn(language):
        if (meaning := getattr(words, table).get(name)) is not None:
            return meaning
    return None


@lru_cache(maxsize=64)
def words_of(name: str) -> Words:
    """Return the words of a language and of English; those of the language win."""
    return _joined([read_words("en"), read_words(name)]) if name != "en" else read_words("en")


@cache
def words_of_press() -> Words:
    """Return the words of the press that mean the same in every language that has them. Those of
    English win here too: its months are in texts of any language."""
    return _joined([_agreed(read_words(name) for name in _PRESS.split()), read_words("en")])


@cache
def words_of_files() -> Words:
    """Return the words of the languages that have a file in `newsspider.languages`, joined like
    those of the press."""
    return _agreed(read_words(find_name(name)) for name in languages.names())


@cache
def words_of_any() -> Words:
    """Return the words of all languages of the press, each with one of its meanings; a word that is
    today or a day before in one of them is that day."""
    press = [read_words(name) for name in _PRESS.split()]
    days = {name: back for words in press for name, back in words.days.items() if back >= 0}
    return replace(_joined([*press, read_words("en")]), days=days)


def _joined(languages_words: Iterable[Words]) -> Words:
    """Return the words of several languages; those of the last language win."""
    tables: dict[str, Any] = {table: {} for table in TABLES}
    sets: dict[str, Any] = {name: frozenset() for name in SETS}
    for words in languages_words:
        for table, known in tables.items():
            known.update(getattr(words, table))
        for name in SETS:
            sets[name] |= getattr(words, name)
    return Words(**tables, **sets)


def _agreed(languages_words: Iterable[Words]) -> Words:
    """Return the words of several languages, without those that have two meanings."""
    tables: dict[str, Any] = {table: {} for table in TABLES}
    sets: dict[str, Any] = {name: frozenset() for name in SETS}
    for words in languages_words:
        for table, known in tables.items():
            for name, meaning in getattr(words, table).items():
                known[name] = meaning if known.get(name, meaning) == meaning else None
        for name in SETS:
            sets[name] |= getattr(words, name)
    clear: dict[str, Any] = {
        table: {name: meaning for name, meaning in known.items() if meaning is not None}
        for table, known in tables.items()
    }
    clear["months"] = {name: n for name, n in clear["months"].items() if not _is_scrap(name)}
    clear["halves"] = {name: half for name, half in clear["halves"].items() if not name.isascii()}
    # Catalan `fa 3 hores`, Italian `3 ore fa`
    sets["before"] -= sets["after"]
    return Words(**clear, **sets)


def _is_scrap(name: str) -> bool:
    """Return whether a word is too short for a month outside its language: Turkish `Su`, Hungarian
    `v`."""
    return len(name) < 3 and name.isascii()
