"""What is counted of the articles of a crawl."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from newsspider.model import Article
from newsspider.monitor.tally import Tally

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def article(**fields: Any) -> Article:
    return Article(**{"site": "s", "key": "k", "id": "i", "link": "https://s.example/", **fields})


def counts(*articles: Article) -> Counter[str]:
    tally, total = Tally(), Counter[str]()
    for each in articles:
        for name, number in tally.counts(each):
            total[name] += number
    return total


def test_text_language_and_titles_that_repeat() -> None:
    first = article(title="A", body="<p>x</p>", language="zh-CN", published=NOON)
    second = article(key="other", title="A", body="<p>longer</p>", published=NOON)
    assert counts(first, second) == {
        "text": 2,
        "characters": 21,
        "language/zh": 1,
        "same/title": 1,
    }


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"published": NOON}, ""),
        ({"published": NOON.replace(hour=0)}, "only_day/time"),
        ({"published": NOON.replace(hour=0, second=1)}, ""),
        ({"published": NOON, "dated_by": "guess"}, "guessed/time"),
        ({"published": NOON.replace(hour=0), "dated_by": "modified"}, "guessed/time"),
        ({}, ""),
    ],
)
def test_how_exact_a_time_is(fields: dict[str, Any], name: str) -> None:
    assert set(counts(article(**fields))) == ({name} - {""})


def test_an_article_that_was_held_is_not_its_own_double() -> None:
    held = article(body="<p>wall</p>")
    tally = Tally([held])
    assert "same/body" not in dict(tally.counts(held))
    assert "same/body" in dict(tally.counts(article(key="other", body="<p>wall</p>")))


@pytest.mark.parametrize(
    ("title", "body", "names"),
    [
        ("Harbour bridge opens again", "<p>Come back on another day.</p>", set()),
        ("Cookies", "<p>Please accept our cookies.</p>", {"wall/body"}),
    ],
)
def test_texts_in_the_place_of_an_article(title: str, body: str, names: set[str]) -> None:
    counted = set(counts(article(title=title, body=body, published=NOON)))
    assert counted - {"text", "characters"} == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Der Rat der Stadt hat die Brücke nicht bezahlt und die Arbeit ist zu Ende. " * 5, "de"),
        ("市议会就大桥一事作出决定，将在年底之前完成改造。" * 5, "zh"),
        ("Boston 4 Chicago 2 Denver 3 Dallas 1 Miami 5 Toronto 2. " * 10, ""),
    ],
)
def test_the_language_of_a_text_is_counted_whatever_its_page_states(body: str, names: str) -> None:
    counted = counts(article(body=f"<p>{body}</p>", language="en", published=NOON))
    written_in = {"written_in": 1} | ({f"written_in/{names}": 1} if names else {})
    assert {name: n for name, n in counted.items() if "written_in" in name} == written_in
    assert counted["language/en"] == 1


@pytest.mark.parametrize(("length", "counted"), [(99, 0), (100, 1)])
def test_of_a_short_text_no_language_is_looked_for(length: int, counted: int) -> None:
    assert counts(article(body="x" * length, published=NOON))["written_in"] == counted
