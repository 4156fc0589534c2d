"""Dates as the languages of the world write them, by Babel, so that the expected texts are not
ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date

# Those of tests/data/languages.yml and more of the world's press.
LANGUAGES = (
    *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he"),
    *("hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "no", "pl", "pt"),
    *("pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh"),
    "zh-TW",
)
FORMS = ("long", "medium")
DAY = 8  # in every month; below 13, so that no form gets by on `it can only be the day`

# The months that cannot be read by (language, form) without knowing the language, and why. In
# 08/03/2022 the day or the month may be first. November in Czech and Polish is October in Croatian;
# `lis` likewise; `lip` is June in Croatian and July in Polish, `srp` July in Croatian and August in
# Czech; Lithuanian writes `2022 m.`, and m. is a minute or a month elsewhere.
NEEDS_ITS_LANGUAGE = {
    ("ar", "medium"): frozenset(range(1, 13)) - {DAY},
    ("cs", "long"): frozenset({11}),
    ("pl", "long"): frozenset({11}),
    ("pl", "medium"): frozenset({7, 11}),
    ("hr", "long"): frozenset({10}),
    ("hr", "medium"): frozenset({6, 7, 10}),
    ("lt", "long"): frozenset(range(1, 13)),
}


def written(language: str, form: str) -> Iterator[tuple[date, str]]:
    """A day of each month of 2022, and how the language writes it."""
    locale = {"zh-TW": "zh_Hant_TW"}.get(language, language.replace("-", "_"))
    for month in range(1, 13):
        day = date(2022, month, DAY)
        yield day, format_date(day, form, locale)


def unreadable(language: str, form: str, *, known: bool) -> frozenset[int]:
    """The months of a form that cannot be read, with or without knowing the language."""
    return frozenset() if known else NEEDS_ITS_LANGUAGE.get((language, form), frozenset())
