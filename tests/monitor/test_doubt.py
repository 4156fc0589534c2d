"""Which articles are unlike their source's, and which only look so."""

from __future__ import annotations

from typing import Any

import pytest

from newsspider.model import Article
from newsspider.monitor.doubt import REQUIRABLE, Contract, Pattern
from newsspider.monitor.drift import ENOUGH
from newsspider.store.counts import Counts


def run(**more: int) -> Counts:
    counts = Counts({"read": 3, "text": 3, "characters": 6000, "written_in": 3})
    counts.update({name.replace("__", "/"): number for name, number in more.items()})
    return counts


ORDINARY = [run() for _ in range(40)]


def article(**fields: Any) -> Article:
    return Article(site="s", key="k", id="i", link="https://s.example/", **fields)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("lacking/time", "it has no time"),
        ("by_fallback/source", "its source was read by generic extraction"),
        ("same/body", "another article has its text"),
        ("language/de", "its language is de"),
        ("written_in/de", "its language is de"),
        ("guessed/time", "no source states its time"),
        ("unlike/body", "its text has no word of its title"),
        ("unlike/title", "its title has no word of the title in the listing"),
        ("wall/body", "its text reads like a wall or an error page"),
    ],
)
def test_a_mark_that_no_article_had_is_doubtful(mark: str, words: str) -> None:
    assert Pattern(ORDINARY).doubts([mark, mark], 0) == [words]
    often = [run(**{mark.replace("/", "__"): 1}) for _ in range(40)]
    assert Pattern(often).doubts([mark], 0) == []


def test_a_language_is_named_once() -> None:
    assert Pattern(ORDINARY).doubts(["language/de", "written_in/de"], 0) == ["its language is de"]


def test_a_history_without_languages_of_texts_says_nothing_of_them() -> None:
    earlier = [Counts({"read": 3, "text": 3, "language/en": 3}) for _ in range(40)]
    assert Pattern(earlier).doubts(["written_in/de"], 0) == []


@pytest.mark.parametrize("mark", ["by_fallback/title", "lacking/author", "text", "characters"])
def test_what_an_update_mends_is_not(mark: str) -> None:
    assert Pattern(ORDINARY).doubts([mark], 0) == []


@pytest.mark.parametrize(("runs", "doubtful"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_without_history_nothing_is(runs: int, doubtful: bool) -> None:
    assert bool(Pattern(ORDINARY[:runs]).doubts(["same/body"], 0)) is doubtful


def test_few_articles_show_too_little() -> None:
    few = [Counts({"read": 1})] * ENOUGH
    assert Pattern(few).doubts(["same/body"], 0) == []
    assert Pattern([Counts({"read": 1})] * 24).doubts(["same/body"], 0) == []
    assert Pattern([Counts({"read": 1})] * 25).doubts(["same/body"], 0) != []
    assert Pattern([Counts({"read": 1}), *[Counts()] * ENOUGH]).doubts(["wall/body"], 0) != []


@pytest.mark.parametrize(("articles", "doubtful"), [(49, False), (50, True)])
def test_one_article_in_fifty_may_have_had_the_mark(articles: int, doubtful: bool) -> None:
    history = [Counts({"read": articles, "same/body": 1}), *[Counts()] * ENOUGH]
    assert bool(Pattern(history).doubts(["same/body"], 0)) is doubtful


def test_an_article_is_odd_once_others_are_fine() -> None:
    broken = run(same__body=3, drift__same__body=1)
    assert Pattern([run(same__body=1), *ORDINARY]).doubts(["same/body"], 1) != []
    assert Pattern([broken, broken, *ORDINARY]).doubts(["same/body"], 2) != []
    assert Pattern([run(), *ORDINARY]).doubts(["same/body"], 1) == []


@pytest.mark.parametrize(("length", "marked"), [(399, True), (400, False), (0, False)])
def test_a_text_may_be_a_fifth_of_the_usual_length(length: int, marked: bool) -> None:
    marks = list(Pattern(ORDINARY).marks(article(body="x" * length), ["text"]))
    assert marks == ["text", "short/body"][: 1 + marked]


@pytest.mark.parametrize(
    ("title", "text", "length", "marks"),
    [
        ("Harbour bridge opens again", "Come back on another day. ", 999, ["unlike/body"]),
        ("Harbour bridge opens again", "Come back on another day. ", 1000, []),
        ("Harbour bridge opens again", "The <b>bridges</b> stay shut. ", 999, []),
        ("Bridge opens", "Come back on another day. ", 999, []),
        ("海湾大桥重新开放", "大桥今天开放。", 999, []),
        ("海湾大桥重新开放", "请稍后再来。", 999, ["unlike/body"]),
    ],
)
def test_a_brief_text_has_a_word_of_its_title(
    title: str, text: str, length: int, marks: list[str]
) -> None:
    body = (text * length)[:length]
    assert list(Pattern(ORDINARY).marks(article(title=title, body=body), [])) == marks


@pytest.mark.parametrize(("length", "marked"), [(999, True), (1000, False)])
def test_the_title_of_a_brief_text_has_one_of_that_in_the_listing(
    length: int, marked: bool
) -> None:
    marks = Pattern(ORDINARY).marks(article(body="x" * length), ["unlike/title", "same/title"])
    assert ("unlike/title" in list(marks)) is marked


def test_a_contract_names_what_is_missing() -> None:
    contract = Contract(required=("time", "author"), languages=("zh",))
    assert contract.broken_by(article(authors=("A",), language="zh-CN")) == ["it has no time"]
    assert contract.broken_by(article(language="en")) == [
        *("it has no time", "it has no author", "its language is en"),
    ]
    assert Contract(languages=("zh",)).broken_by(article()) == ["its language is not known"]
    assert Contract().broken_by(article()) == []


@pytest.mark.parametrize(
    ("allowed", "stated", "written_in", "words"),
    [
        ("en", "en", "en", []),
        ("en", "en", "de", ["its language is de"]),
        ("en", "de", "de", ["its language is de"]),
        ("en", "", "en", ["its language is not known"]),
        ("no", "nb", "nb", []),
        ("nb", "no", "nn", []),
    ],
)
def test_a_contract_holds_for_what_a_page_states_and_what_its_text_is_written_in(
    allowed: str, stated: str, written_in: str, words: list[str]
) -> None:
    contract, marks = Contract(languages=(allowed,)), ["text", f"written_in/{written_in}"]
    assert contract.broken_by(article(language=stated), marks) == words


def test_required_fields_have_the_names_of_site_files() -> None:
    assert {"title", "time", "source", "author", "body"} <= set(REQUIRABLE)
