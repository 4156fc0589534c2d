"""The short cuts of the repairs: what they skip needs no repair."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.text import repairs

PARTS = [
    *("<a", "<p ", "<p>", "</p>", "<P CLASS=x>", "<my-part a=1>", "<td\n", "</td\n>", "<h1>"),
    *("<script>", "<Script ", "</script>", "<title>", "</title>", "<noscript>", "</NoScript>"),
    *("<wbr>", "<WBR/", "<source src='x'", "<IMAGE", "<!--", "-->", "<", ">", "/>", "/", "text"),
    *('="', "=", '"', "'", " x", " x=", '="a>b"', "='<'", " ", "\n", "é", " y" * 70, " y=z" * 90),
]


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_no_tag_that_is_skipped_needs_a_repair(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        quick = repairs.readable_tags(text)
        patch.setattr(repairs, "_ORDINARY", re.compile(""))
        assert quick == repairs.readable_tags(text)


def test_a_tag_of_the_most_attributes_that_are_skipped_has_fewer_than_200() -> None:
    tag = f"<i{' b' * 40}{'=c' + ' d' * 12}{('=c' + ' d' * 12) * 11}>"
    assert repairs._ORDINARY.fullmatch(tag) and len(repairs._ATTRIBUTE.findall(tag[2:-1])) < 200
    assert not repairs._ORDINARY.fullmatch(tag.replace(" b=", " b b="))
    assert not repairs._ORDINARY.fullmatch(tag.replace(">", "=c>"))


def test_tags_are_counted_by_their_whole_name_in_any_case() -> None:
    counts = repairs.tag_counts("<a href=x><A\n></a><abbr></abbr ><a/><x<a ></A<BuTTon><svg></SVG>")
    assert (counts["<a"], counts["</a"], counts["<abbr"], counts["</abbr"]) == (4, 1, 0, 0)
    assert (counts["<button"], counts["<svg"], counts["</svg"], counts["</button"]) == (1, 1, 1, 0)


NAMES = st.sampled_from(
    ["a", "A", "button", "Button", "svg", "MATH", "ab", "p", "", "/", " a", "é"]
)
NAMED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["<", "</", "< ", ""]),
    NAMES,
    st.sampled_from(list(" >\n/<x\xa0")),
)


@given(st.lists(NAMED, max_size=20).map("".join))
def test_the_counts_are_those_of_all_tags(text: str) -> None:
    tags = re.findall(r"</?[a-zA-Z][^\s/<>]*(?=[\s/>])", text)
    names = {f"{start}{name}" for start in ("<", "</") for name in ("a", "button", "svg", "math")}
    assert repairs.tag_counts(text) == Counter(tag.lower() for tag in tags if tag.lower() in names)
