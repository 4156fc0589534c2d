"""Scripts: each range has the characters of its script and no others, at both ends."""

from __future__ import annotations

import re
import unicodedata

import pytest

from newsspider.text.scripts import CJK, HAN, HANGUL, KANA

RANGES = {
    "han": (HAN, "㐀鿿", "㏿ꀀ", r"CJK UNIFIED IDEOGRAPH-|HEXAGRAM FOR "),
    "kana": (KANA, "ぁヿ", "〿㄀", r"(?:HIRAGANA|KATAKANA|COMBINING KATAKANA)\b"),
    "hangul": (HANGUL, "가힣", "꯿\ud7a4", r"HANGUL SYLLABLE "),
}


@pytest.mark.parametrize("name", RANGES)
def test_a_range_has_one_script(name: str) -> None:
    text, ends, outside, names = RANGES[name]
    inside = re.compile(f"[{text}]")
    assert all(inside.fullmatch(char) for char in ends)
    assert not any(inside.fullmatch(char) for char in outside)
    known = [char for char in map(chr, range(0x10000)) if unicodedata.category(char) != "Cn"]
    assert all(re.match(names, unicodedata.name(char)) for char in filter(inside.fullmatch, known))


@pytest.mark.parametrize("char", ["中", "の", "ノ", "한"])
def test_cjk_has_all_of_them(char: str) -> None:
    assert re.fullmatch(f"[{CJK}]", char)


@pytest.mark.parametrize("char", ["a", "é", "Я", "，", "。", "〇", "Ａ", "ｱ", "ㄱ"])
def test_cjk_has_no_letters_marks_or_half_width_characters(char: str) -> None:
    assert not re.fullmatch(f"[{CJK}]", char)
