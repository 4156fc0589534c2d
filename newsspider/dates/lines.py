"""Patterns for lines that give a time in words: vor 3 Stunden, yesterday at 10:30.

In: the words of the languages that have a file in `newsspider.languages`. Out: patterns for a text
in the form of `locales.plain`. Generic extraction uses them to recognise a line with a time without
reading it: such a line is neither a byline nor text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from newsspider import languages
from newsspider.dates.locales import find_name
from newsspider.dates.words import words_of, words_of_files

_SHORTEST = 3  # letters of a word that is clear without others
# Today, yesterday and months of one language that are names of people everywhere.
_NAMES_OF_PEOPLE = frozenset({"abe", "jana", "julie", "leo", "mac", "sen", "tana"})


@cache
def relative() -> re.Pattern[str]:
    """Return the pattern of 3 hours ago, il y a 3 heures, gestern um 10:30."""
    words, count = words_of_files(), _count()
    before, after = _any_of(words.before), _any_of(words.after)
    return re.compile(
        rf"\b(?:{before}) {count} \w+\.?|{count} \w+ (?:{after})(?!\w)"
        rf"|{_near_day()}\W{{1,4}}(?:\w{{1,3}} ){{0,2}}\d{{1,2}}[:.h]\d\d",
        re.IGNORECASE,
    )


@cache
def all_relative() -> re.Pattern[str]:
    """Return the pattern of a text that begins or ends as only such a time does."""
    words = words_of_files()
    before, after = _any_of(words.before), _any_of(words.after)
    units = _any_of(unit for unit in words.units if len(unit) >= _SHORTEST)
    return re.compile(
        rf"^(?:{before}) (?:{_count()}|\S+ (?:{units})(?!\w))"
        rf"|\d\W?(?:\w+\.? )?(?:{after})$|^{_near_day()}",
        re.IGNORECASE,
    )


@cache
def month_names() -> frozenset[str]:
    """Return the names of months in these languages, in lower case without accents and points,
    except those that are names of people."""
    months = (words_of(find_name(name)).months for name in languages.names())
    return frozenset[str]().union(*months) - _NAMES_OF_PEOPLE


def _count() -> str:
    return rf"(?:\d{{1,4}}|\b(?:{_any_of(words_of_files().one)})\b)"


def _near_day() -> str:
    names = (name for name, back in words_of_files().days.items() if back >= 0)
    names = (name for name in names if name not in _NAMES_OF_PEOPLE)
    return rf"(?<!\w)(?:{_any_of(name for name in names if len(name) >= _SHORTEST)})(?!\w)"


def _any_of(words: Iterable[str]) -> str:
    """Return the words as alternatives, longest first. The space in a word is optional: `i dag`,
    `idag`."""
    escaped = map(re.escape, sorted(words, key=lambda word: (-len(word), word)))
    return "|".join(word.replace(r"\ ", r"\W?") for word in escaped) or "(?!)"
