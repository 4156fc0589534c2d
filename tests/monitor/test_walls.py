"""Texts that stand in the place of an article."""

from __future__ import annotations

import re

import pytest

from newsspider.languages import words
from newsspider.monitor.walls import is_mostly_wall

WALLS = [
    "Please accept our cookies to read on.",
    "This article is for subscribers. Subscribe now to continue reading, or log in.",
    "Dieser Artikel ist nur für Abonnenten. Jetzt abonnieren und weiterlesen, oder anmelden.",
    "本文为付费会员专享内容，订阅后可继续阅读全文，已订阅用户请登录。",
    "Wir verwenden Cookies.\nBitte stimmen Sie der Verarbeitung Ihrer persönlichen Daten zu.",
    "404 - page not found",
    "The page that you are looking for does not exist.",
    "Access denied",
]
NEWS = "The council decided on Monday that the bridge will open before the end of the year."


@pytest.mark.parametrize("text", WALLS)
def test_a_wall(text: str) -> None:
    assert is_mostly_wall(text)
    assert is_mostly_wall(f"{text} {text}\n{text}")
    assert is_mostly_wall(f"{text}\n" * 12 + f"{NEWS}\n" * 40)


@pytest.mark.parametrize("text", WALLS)
def test_capitals_make_no_difference(text: str) -> None:
    assert is_mostly_wall(text.upper())


@pytest.mark.parametrize("kind", ["wall", "error", "challenge", "login", "page", "not_found"])
def test_its_words_are_in_lower_case(kind: str) -> None:
    """The text is, too: the words ignore case without `re.I`."""
    texts = [re.sub(r"\\.", "", word) for word in words(kind)]
    assert texts == [text.lower() for text in texts]


def test_half_of_a_text_is_enough() -> None:
    wall, news = "Log in to read.", "It was a storm."
    assert len(wall) == len(news)
    assert is_mostly_wall(f"{wall} {news}")
    assert not is_mostly_wall(f"{wall} {news} {news}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        NEWS,
        f"{NEWS} {NEWS} A court ruled on cookies in May.",
        *(f"{NEWS}\n{NEWS}\n{text}" for text in WALLS if len(text) < 2 * len(NEWS)),
        f"{NEWS}\n" * 12 + f"{WALLS[0]}\n" * 40,
    ],
)
def test_news_is_none(text: str) -> None:
    assert not is_mostly_wall(text)


def test_empty_lines_are_no_sentences() -> None:
    assert is_mostly_wall("Log in to read.\n\n \n. \n" * 12 + f"{NEWS}\n" * 40)


def test_attack_a_huge_text_is_judged_by_its_beginning() -> None:
    assert not is_mostly_wall("a " * 5_000_000)
    assert is_mostly_wall("cookie " * 5_000_000)
