"""A source against its own history: what is a break, and what is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.monitor.drift import ENOUGH, chance, find_breaks
from newsspider.store.counts import Counts

SUBJECT = "listing selector 'ul.news > li'"


def run(links: int = 30, read: int = 3, characters: int = 2000, **more: int) -> Counts:
    """The counts of a run; `dropped__NoDate` stands for `dropped/NoDate`."""
    counts = Counts({"first_page/links": links, "first_page/bytes": 84_000, "read": read})
    counts.update({"text": read, "characters": read * characters, "language/en": read})
    counts.update({"written_in": read, "written_in/en": read})
    counts.update({name.replace("__", "/"): number for name, number in more.items()})
    return counts


def measures(today: Counts, history: list[Counts]) -> list[str]:
    return [found.measure for found in find_breaks(today, history)]


ORDINARY = [run(links) for links in (28, 29, 30, 31)] * 10


def test_a_list_without_links_is_a_break_in_words() -> None:
    (found,) = find_breaks(run(0, read=0), ORDINARY, listing=SUBJECT)
    assert found.measure == "links"
    assert found.words == (
        f"{SUBJECT} finds 0 links on a page of 84 KB; the last 40 runs found 28 to 31"
    )


@pytest.mark.parametrize(("links", "broke"), [(13, True), (14, False), (28, False), (300, False)])
def test_fewer_than_half_of_the_fewest_links_is_a_break(links: int, broke: bool) -> None:
    assert (measures(run(links), ORDINARY) == ["links"]) is broke


@pytest.mark.parametrize(("runs", "broke"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_without_history_nothing_is_a_break(runs: int, broke: bool) -> None:
    assert bool(measures(run(0), ORDINARY[:runs])) is broke


def test_a_listing_that_was_not_read_says_nothing() -> None:
    unchanged = Counts({"found": 30, "known": 30})
    assert measures(unchanged, ORDINARY) == []
    assert measures(run(0), [unchanged] * 100) == []


def test_a_source_that_is_empty_now_and_then_is_no_break() -> None:
    assert measures(run(0, read=0), [run(0, read=0), *ORDINARY]) == []


@pytest.mark.parametrize(
    "more",
    [
        {"by_fallback__title": 3},
        {"lacking__time": 3},
        {"dropped__NoDate": 3},
        {"language__de": 3},
        {"written_in__de": 3},
        {"same__body": 2},
        {"only_day__time": 3},
        {"guessed__time": 3},
    ],
)
def test_what_was_rare_and_is_usual_is_a_break(more: dict[str, int]) -> None:
    (measure,) = (name.replace("__", "/") for name in more)
    assert measures(run(read=3, **more), ORDINARY) == ([measure] if 3 in more.values() else [])
    assert measures(run(read=6, **dict.fromkeys(more, 6)), ORDINARY) == [measure]
    assert measures(run(read=6, **dict.fromkeys(more, 2)), ORDINARY) == []
    used_to_it = [run(**dict.fromkeys(more, 1)) for _ in range(40)]
    assert measures(run(read=3, **more), used_to_it) == []


@pytest.mark.parametrize(("gone", "broke"), [(5, True), (4, True), (2, False), (0, False)])
def test_articles_that_are_gone_are_dropped_unread(gone: int, broke: bool) -> None:
    history = [run(fetched=3) for _ in range(40)]
    today = run(read=0, fetched=5, dropped__Http410=gone)
    assert (measures(today, history) == ["dropped/Http410"]) is broke
    for found in find_breaks(today, history):
        assert "failed with Http410: the addresses of its articles are gone" in found.words


def test_a_field_is_named_with_its_selector() -> None:
    today = run(read=3, by_fallback__title=3)
    (found,) = find_breaks(today, ORDINARY, selectors={"title": "h1.head"})
    assert found.words == (
        "title: selector 'h1.head' finds nothing in 3 of 3 articles; generic extraction read it"
        " there; before in 0 of 120"
    )


def test_drops_for_a_field_name_its_selector() -> None:
    today = run(read=3, dropped__EmptyBody=3)
    (found,) = find_breaks(today, ORDINARY, selectors={"body": "div.text"})
    assert found.words == (
        "3 of 3 articles dropped as EmptyBody (body: selector 'div.text'); before in 0 of 120"
    )


@pytest.mark.parametrize(
    ("reason", "broke"),
    [("Http404", True), ("Http403", True), ("Http500", False), ("Timeout", False)],
)
def test_articles_whose_addresses_are_gone_are_a_break(reason: str, broke: bool) -> None:
    ordinary = [run(fetched=3) for _ in range(40)]
    today = Counts({"first_page/links": 30, "fetched": 4, f"failed/{reason}": 4})
    assert measures(today, ordinary) == ([f"failed/{reason}"] if broke else [])


def test_single_articles_are_judged_together() -> None:
    ordinary = [run(read=1) for _ in range(120)]
    broken = run(read=1, lacking__time=1)
    assert measures(broken, ordinary) == []
    assert measures(broken, [broken, broken, *ordinary]) == ["lacking/time"]


def test_drops_that_a_person_asked_for_are_no_break() -> None:
    assert measures(run(read=9, dropped__TooOld=9, dropped__Edited=9), ORDINARY) == []


@pytest.mark.parametrize(("characters", "broke"), [(999, True), (1000, False), (9000, False)])
def test_short_texts_are_a_break(characters: int, broke: bool) -> None:
    assert (measures(run(characters=characters), ORDINARY) == ["length"]) is broke


def test_a_break_lasts_until_it_is_the_pattern() -> None:
    history, alarms = list(ORDINARY), 0
    for _ in range(60):
        today = run(10)
        broke = measures(today, history)
        alarms += bool(broke)
        today.update({f"drift/{measure}": 1 for measure in broke})
        history.insert(0, today)
    assert alarms == 21


def test_a_list_without_links_never_becomes_the_pattern() -> None:
    history = list(ORDINARY)
    for _ in range(60):
        today = run(0, read=0)
        assert measures(today, history) == ["links"]
        history.insert(0, Counts({**today, "drift/links": 1}))


@given(st.integers(1, 500), st.floats(0.001, 0.2), st.data())
def test_chance_is_a_bound(number: int, rate: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(max(1, int(rate * number) + 1), number))
    assert 0 <= chance(hits, number, rate) <= 1
    assert chance(number, number, rate) == pytest.approx(rate**number)


def test_a_source_that_only_varies_raises_no_alarm() -> None:
    chosen = random.Random(1)
    history: list[Counts] = []
    for _ in range(2000):
        read = chosen.choice([0, 0, 1, 1, 2, 5])
        today = run(
            chosen.randint(20, 30),
            read=read,
            characters=chosen.randint(800, 9000),
            dropped__NotAnArticle=sum(chosen.random() < 0.05 for _ in range(read)),
            lacking__author=sum(chosen.random() < 0.3 for _ in range(read)),
        )
        assert measures(today, history) == []
        history = [today, *history][:500]


def test_a_change_of_language_is_one_break() -> None:
    today = run(read=6, language__de=6, written_in__de=6)
    assert measures(today, ORDINARY) == ["language/de"]
    assert measures(run(read=6, language__de=6, written_in__fr=6), ORDINARY) == [
        *("language/de", "written_in/fr"),
    ]


def test_a_history_that_counted_no_languages_of_texts_breaks_by_none() -> None:
    earlier = [Counts({"first_page/links": 30, "read": 3, "language/en": 3}) for _ in range(40)]
    assert measures(run(read=6, written_in__de=6), earlier) == []
