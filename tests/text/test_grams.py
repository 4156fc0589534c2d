"""Texts as tokens for full-text search."""

from __future__ import annotations

import pytest

from newsspider.text.grams import longer, phrase, words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("中国移动 5G", "中国 国移 移动 5G"),
        ("A股", "A 股"),
        ("トヨタ自動車", "トヨ ヨタ タ自 自動 動車"),
        ("회사는 또", "회사 사는 또"),
        ("plain words", "plain words"),
    ],
)
def test_runs_of_signs_become_pairs(text: str, tokens: str) -> None:
    assert words(text).split() == tokens.split()


def test_longer_grams_are_tokens_of_their_own() -> None:
    assert longer("中国移动 5G, 中国") == "中国移 国移动 中国移动"


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("中国移动", '"中国 国移 移动"'),
        ("股", '"股"*'),
        ('say "x"', '"say x"'),
        ("", ""),
        ('"', ""),
    ],
)
def test_a_word_is_a_phrase(word: str, query: str) -> None:
    assert phrase(word) == query
