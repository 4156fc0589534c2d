"""Whether a headline and another text share a word."""

from __future__ import annotations

import pytest

from newsspider.text.likeness import is_unlike


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Harbour bridge opens again", "HARBOURS are open."),
        ("Der Fährverkehr nach Rügen ruht", "Fähren: Der Fährverkehr steht still."),
        ("Мост через реку открыт снова", "Моста не было."),
        ("港口大桥重新开放", "昨日，大桥通车。"),
        ("항구 다리 다시 열려", "항구가 붐볐다."),
        ("สะพานท่าเรือเปิด อีกครั้ง วันนี้", "เมื่อวาน สะพานท่าเรือ"),
        ("A b c", "Nothing of it"),  # short words are in every text
        ("Bridge opens", "Another text"),  # two words say too little
        ("", ""),
    ],
)
def test_they_do_or_nothing_can_be_said(headline: str, text: str) -> None:
    assert not is_unlike(headline, text)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Harbour bridge opens again", "Please accept our cookies."),
        ("港口大桥重新开放", "请先登录。"),
        ("Harbour bridge opens", ""),
        ("Harbour bridge opens", "x" * 20_000 + " harbour"),
    ],
)
def test_they_do_not(headline: str, text: str) -> None:
    assert is_unlike(headline, text)
