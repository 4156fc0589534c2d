"""The values of a row."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.folders import article

from newsspider.exporters.contract import row_of
from newsspider.exporters.published import Published
from newsspider.text.scripts import CJK


def words(text: str) -> object:
    return row_of(Published(article(body=f"<p>{text}</p>"), "_posts/a.md"))["words"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("the mayor's well-known ferry", 4),
        ("中国移动", 4),
        ("中国移动5G套餐", 7),
        ("snake_case and __init__", 4),
        ("1,000 - 2", 3),
        ("東京はKaï’s", 4),
    ],
)
def test_each_sign_of_chinese_is_a_word(text: str, number: int) -> None:
    assert words(text) == number


@given(st.text(st.sampled_from("ab_ '-’é1中国はa한，.")))
def test_words_of_any_mixture(text: str) -> None:
    signs = re.findall(f"[{CJK}]", text)
    others = re.findall(rf"[^\W_{CJK}]+(?:['’-][^\W_{CJK}]+)*", text)
    assert words(text) == len(signs) + len(others)


@pytest.mark.parametrize("sign", ["\x00", "\x1f", "\ud800", "\ufffe"])
def test_no_value_has_what_xml_and_utf8_refuse(sign: str) -> None:
    row = row_of(Published(article(title=f"a{sign}b", tags=(f"a{sign}",)), "_posts/a.md"))
    assert row["title"] == "a\ufffdb" and row["tags"] == ["a\ufffd"]


@pytest.mark.parametrize("text", ["a\nb", "a\u3000b", "a\tb", "中国 \u00a0"])
def test_other_space_stays(text: str) -> None:
    assert row_of(Published(article(editor=text), "_posts/a.md"))["editor"] == text
