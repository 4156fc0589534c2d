"""What of an update is a correction, and which kind of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest
from support.same_stories import LANGUAGES

from newsspider.exporters.corrections import Correction, Thresholds, correction
from newsspider.model import Article

ALL = {"title": 1, "lead": 1, "body": 1}
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def article(title: str, paragraphs: list[str], digest: str = "") -> Article:
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return Article(
        site="x",
        key="k",
        id="1",
        link="https://x.example/a",
        title=title,
        published=datetime(2026, 11, 1, tzinfo=UTC),
        modified=NOW,
        digest=digest,
        body=body,
    )


# A headline, its correction, and words of the first and of a later paragraph with theirs.
WORDS: Mapping[str, tuple[str, str, tuple[str, str], tuple[str, str]]] = {
    "zh": ("大桥提前通车", "大桥推迟通车", ("提前四个月", "推迟四个月"), ("十八亿元", "八十亿元")),
    "ja": (
        "橋が早く開通",
        "橋の開通に遅れ",
        ("四か月早い", "四か月遅い"),
        ("三百六十億円", "六百三十億円"),
    ),
    "en": (
        "Bridge opens early",
        "Bridge opens late",
        ("ahead of", "behind"),
        ("1.8 billion", "8.1 billion"),
    ),
    "de": (
        "Brücke öffnet früher",
        "Brücke öffnet später",
        ("früher als", "später als"),
        ("1,8 Milliarden", "8,1 Milliarden"),
    ),
}


def updated(language: str, kind: str) -> tuple[Article, Article]:
    title, new_title, first, later = WORDS[language]
    story = LANGUAGES[language]["story"]
    old = article(title, story)
    changed = {
        "title": article(new_title, story),
        "lead": article(title, [story[0].replace(*first), *story[1:]]),
        "body": article(title, [story[0], *(line.replace(*later) for line in story[1:])]),
        "paragraph": article(title, [*story, LANGUAGES[language]["extra"]]),
    }
    assert changed[kind] != old
    return old, changed[kind]


def of(old: Article, new: Article, least: Thresholds = ALL) -> Correction:
    result = correction(old, new, least)
    assert result is not None
    return result


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("kind", ["title", "lead", "body"])
def test_a_correction_is_of_the_part_that_changed(language: str, kind: str) -> None:
    old, new = updated(language, kind)
    change = of(old, new)
    assert (change.kinds, change.old_title, change.at) == ((kind,), old.title, NOW)
    assert bool(change.places) is (kind != "title")
    for place in change.places:
        assert len(place.removed) < 20 and len(place.added) < 20, place


@pytest.mark.parametrize("language", WORDS)
def test_a_further_paragraph_is_shown_as_added(language: str) -> None:
    change = of(*updated(language, "paragraph"))
    (place,) = change.places
    assert (change.kinds, place.removed) == (("body",), "")
    assert place.added.strip() == LANGUAGES[language]["extra"]


@pytest.mark.parametrize("language", WORDS)
def test_trivial_changes_are_no_corrections(language: str) -> None:
    old, _ = updated(language, "title")
    story = LANGUAGES[language]["story"]
    marks = str.maketrans({"，": ",", "。": ".", "、": ",", "「": '"', "」": '"'})
    trivial = {
        "marks": article(
            old.title + "!", [line.translate(marks).replace(", ", "; ") for line in story]
        ),
        "case": article(old.title.upper(), [line.upper().replace("SS", "ss") for line in story]),
        "order": article(old.title, [story[0], *reversed(story[1:])]),
        "nothing": replace(old, images=()),
    }
    for name, new in trivial.items():
        assert correction(old, new, ALL) is None, name


def test_fewer_words_than_a_source_asks_for_are_trivial_but_not_a_figure() -> None:
    old = article("A bridge", ["First line.", "It is very long and cost 5 crowns."])
    spelling = article("A bridge", ["First line.", "It is very lengthy and cost 5 crowns."])
    figure = article("A bridge", ["First line.", "It is very long and cost 6 crowns."])
    assert of(old, spelling).kinds == ("body",)
    assert correction(old, spelling, {**ALL, "body": 2}) is None
    assert of(old, figure, {**ALL, "body": 9}).kinds == ("body",)


def test_credits_are_no_text() -> None:
    old = article("桥", ["第一段。", "第二段。", "（责任编辑：林小雨）"])
    assert (
        correction(old, article("桥", ["第一段。", "第二段。", "（责任编辑：王明）"]), ALL) is None
    )


def test_a_digest_belongs_to_the_lead() -> None:
    old = article("T", ["One.", "Two."], "In short")
    assert of(old, article("T", ["One.", "Two."], "At length")).kinds == ("lead",)


def test_a_text_that_takes_too_long_to_compare_has_no_places() -> None:
    words = [f"{'a b ' * 900}{at}" for at in range(40)]
    old = article("T", ["One.", *words])
    new = article("U", ["One.", *(f"{line} {'b a ' * 40}" for line in words)])
    change = of(old, new)
    assert change.kinds == ("title", "body")
    assert len(change.places) <= 20
    assert all(len(place.added) < 500 for place in change.places)
