"""Differences between two texts, by word, and by character where words have no spaces."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.text.differences import changed_words, differences

CASES = {
    "a word": ("The price rose on Monday.", "The price fell on Monday.", "[-rose-]{+fell+}"),
    "a number": ("up 3.5 %", "up 4.5 %", "[-3-]{+4+}"),
    "a word more": ("He said so.", "He never said so.", "{+ never+}"),
    "Chinese": ("油价周一上涨百分之三。", "油价周一下跌百分之三。", "[-上涨-]{+下跌+}"),
    "Japanese": ("株価は上がった。", "株価は下がった。", "[-上-]{+下+}"),
    "Korean": ("주가가 올랐다고 한다", "주가가 내렸다고 한다", "[-올랐다고-]{+내렸다고+}"),
    "Thai": ("ราคาขึ้น", "ราคาลง", "[-ขึ้น-]{+ลง+}"),
    "Arabic": ("ارتفع السعر اليوم", "انخفض السعر اليوم", "[-ارتفع-]{+انخفض+}"),
    "words side by side": ("one two three", "un deux three", "[-one two-]{+un deux+}"),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_a_difference(old: str, new: str, expected: str) -> None:
    (place,) = differences([old], [new])
    assert expected in place


def test_some_words_stand_around_a_difference() -> None:
    old = "The house stands on a hill above the town, and its old door was red then, they say."
    (place,) = differences(["Title", old], ["Title", old.replace("red", "blue")])
    assert place == "…its old door was [-red-]{+blue+} then, they say."


def test_a_line_more_and_a_line_less() -> None:
    assert list(differences(["a", "b"], ["a", "b", "c"])) == ["{+c+}"]
    assert list(differences(["a", "b"], ["b"])) == ["[-a-]"]
    assert list(differences(["a"], ["a"])) == []


TEXTS = st.lists(st.text(alphabet="ab上下。", min_size=1, max_size=20), max_size=6)


@given(TEXTS, TEXTS)
def test_equal_texts_and_no_others_have_no_difference(old: list[str], new: list[str]) -> None:
    assert bool(list(differences(old, new))) is (old != new)


@pytest.mark.parametrize("words", [2_000, 2_001])
def test_a_long_passage_is_replaced_whole(words: int) -> None:
    old, new = "上" * words, "上" * (words - 1) + "下"
    (place,) = differences([old], [new])
    assert (len(place) < 100) is (words == 2_000)


def test_hostile_texts_take_bounded_time() -> None:
    began = time.process_time()
    old, new = ["上下" * 1000] * 60, ["下上" * 999 + str(at) for at in range(60)]
    assert len(list(differences(old, new))) > 0
    lines = [["a", "b"][at % 2] for at in range(5000)]
    list(differences(lines, [*lines[1:], "c"]))
    assert time.process_time() - began < 30
    assert re.search("more", list(differences(list("ab" * 99), list("ac" * 99)))[-1])


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("The price rose.", "the PRICE — rose", "", ""),
        ("One two\nthree four", "Three four\none two", "", ""),
        ("A beats B", "B beats A", "a beats b", "a beats b"),
        ("cost 1.8 crowns", "cost 8.1 crowns", "1.8", "8.1"),
        ("十八亿元", "八十亿元", "十 八 亿", "八 十 亿"),
        ("rose by 5%", "fell by 15 %", "5 rose", "15 fell"),
        ("油价周一上涨，", "油价周二下跌", "一 上 涨", "二 下 跌"),
        ("Ｇ５", "g5", "", ""),
        ("a a b", "a b b", "a", "b"),
    ],
)
def test_words_that_changed(old: str, new: str, removed: str, added: str) -> None:
    changed = changed_words(old, new)
    assert [set(words) for words in changed] == [set(removed.split()), set(added.split())]
