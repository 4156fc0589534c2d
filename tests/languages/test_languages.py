"""The words of languages: each file has every kind, and what one lacks it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from support import DATA

from newsspider import languages
from newsspider.dates.locales import find_name, read_words

# Beside the kinds, `dates` has what dateparser's data lacks, under its names and ours.
DATES = {
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "second", "minute", "hour", "day", "week", "month"),
    *(
        "year",
        "today",
        "yesterday",
        "before yesterday",
        "am",
        "pm",
        "noon",
        "night",
        "before",
        "after",
        "one",
    ),
    *("about", "joint", "now"),
}
# Kinds that every language of tests/data/languages.yml should have one day; today's gaps, so that
# a word that gets lost is seen and a new one is written down here.
WANTED = (
    *("by", "around_time", "next", "published", "modified", "advert", "read_also", "wall"),
    "login",
)


def test_every_file_has_every_kind_or_says_that_it_has_none() -> None:
    for name in languages.names():
        assert list(languages.read(name)) == [*languages.KINDS, "dates", "site"], name


@pytest.mark.parametrize("name", languages.names())
def test_every_word_is_a_pattern_that_stands_once(name: str) -> None:
    for kind in languages.KINDS:
        words = languages.read(name)[kind]
        assert len(set(words)) == len(words), kind
        for word in words:
            assert re.compile(word, re.IGNORECASE).fullmatch("") is None, (kind, word)


@pytest.mark.parametrize("name", languages.names())
def test_dates_has_only_what_is_read(name: str) -> None:
    assert set(languages.read(name)["dates"]) <= DATES
    assert find_name(name) == name
    assert len(set(read_words(name).months.values())) == 12


def test_the_languages_of_the_pages_of_the_tests_have_files() -> None:
    pages = yaml.safe_load((DATA / "languages.yml").read_text("utf-8"))
    assert {page["language"].partition("-")[0] for page in pages} <= set(languages.names())


def test_what_each_language_lacks() -> None:
    lacks = {
        name: " ".join(kind for kind in WANTED if not languages.read(name)[kind])
        for name in languages.names()
    }
    table = yaml.safe_load(Path(__file__).with_name("lacks.yml").read_text("utf-8"))
    assert lacks == table


def test_words_of_all_languages() -> None:
    assert {"by", "von", "por", "di"} <= set(languages.words("by"))
    assert len(set(languages.words("by"))) == len(languages.words("by"))  # `por` is in two files
    assert re.fullmatch(languages.alternation("next"), "página siguiente")
    assert languages.compiled("next", "older").fullmatch("Show MORE Posts")


def test_a_language_without_a_file_has_no_words() -> None:
    for name in ("xx", "", "../de", "de.yml"):
        assert languages.read(name) == {}


def test_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="nxt"):
        languages.words("nxt")
