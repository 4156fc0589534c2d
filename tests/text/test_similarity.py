"""Texts that are the same story, and texts that are not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.same_stories import CHANGES, LANGUAGES, report, text

from newsspider.text.similarity import LEAST, SAME, Index, Signature


def signature(words: str) -> Signature:
    result = Signature.of(words)
    assert result is not None
    return result


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_story_is_the_same(language: str, change: str) -> None:
    story = LANGUAGES[language]
    changed = CHANGES[change](story)
    assert changed != text(story["story"])
    one, other = signature(text(story["story"])), signature(changed)
    assert one.similarity(other) >= SAME
    index = Index()
    index.add(7, one)
    assert [number for _, number in index.like(other)] == [7]


def test_unrelated_stories_are_not() -> None:
    texts = [text(story[part]) for story in LANGUAGES.values() for part in ("story", "other")]
    index = Index()
    for at, words in enumerate(texts):
        index.add(at, signature(words))
    for one, other in itertools.combinations(map(signature, texts), 2):
        assert one.similarity(other) < SAME / 2
    for at, words in enumerate(texts):
        assert index.like(signature(words)) == [(1.0, at)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_one_form_are_stories_of_their_own(language: str) -> None:
    reports = [report(language, company, day) for company in (0, 1) for day in (25, 26)]
    for one, other in itertools.combinations(map(signature, reports), 2):
        assert one.similarity(other) < SAME
    reprint = signature(f"{LANGUAGES[language]['head']}{reports[0]}")
    assert signature(reports[0]).similarity(reprint) >= SAME


@pytest.mark.parametrize("sign", ["字", "あ", "x", "я"])
def test_a_short_text_is_never_compared(sign: str) -> None:
    assert Signature.of(sign * (LEAST - 1)) is None
    assert Signature.of(f"{sign * (LEAST // 2)} — {sign * (LEAST // 2 - 1)}!") is None
    assert Signature.of(sign * LEAST) is not None


def test_a_long_text_is_compared_by_its_beginning() -> None:
    story = text(LANGUAGES["en"]["story"])
    assert signature(story * 100).similarity(signature(story * 1000)) == 1


def test_a_signature_outlives_its_process() -> None:
    one = signature(text(LANGUAGES["zh"]["story"]))
    again = Signature.from_bytes(*one.to_bytes())
    assert (again.similarity(one), again.figures) == (1, one.figures)


@given(st.binary(max_size=700))
def test_what_is_no_signature_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Signature.from_bytes(data, "")


@given(st.text(max_size=2000))
def test_any_text_is_like_itself(words: str) -> None:
    one = Signature.of(words)
    assert one is None or one.similarity(signature(words)) == 1
