"""Selectors, and the reading of pages by them: whatever a page is, it is read or NotReadable."""

from __future__ import annotations

import time
from typing import Any

import pytest

from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.sites.listings import HtmlPick, JsonPick
from newsspider.text.selectors import (
    compiled_path,
    compiled_pattern,
    elements,
    html_field,
    json_field,
    records,
)
from newsspider.text.xpath import compiled_selector

PAGE = """
<html><body><h1 class="t"> 中国移动 <b>再推</b>
 六项</h1><!-- a comment -->
<ul><li><a href="/a/1.html?x=1&amp;y=2">first</a> 2022-04-26</li><li><a>no address</a></li></ul>
<div id="body">before<p>one &lt;two&gt;</p><p>three</p></div><i></i></body></html>
"""


def page(body: bytes | str, encoding: str = "utf-8") -> Page:
    data = body.encode(encoding) if isinstance(body, str) else body
    return Page(url="https://news.example/", body=data, encoding=encoding)


def html(select: str, pattern: str = "", *, markup: bool = False) -> str:
    return html_field(
        page(PAGE).document.tree, [HtmlPick(select=select, pattern=pattern)], markup=markup
    )


def of_json(record: Any, *selects: str, pattern: str = "") -> Any:
    return json_field(record, [JsonPick(select=one, pattern=pattern) for one in selects])


# -- HTML -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("select", "value"),
    [
        ("h1", "中国移动 再推 六项"),
        ("h1.t::text", "中国移动"),
        ("a::attr(href)", "/a/1.html?x=1&y=2"),
        ("//a/@href", "/a/1.html?x=1&y=2"),
        ("normalize-space(//h1)", "中国移动 再推 六项"),
        ("count(//li)", "2.0"),
        ("//li[contains(., 'no (really) no')] | //h1/b", "再推"),
        ("i, b", "再推"),  # the first that says something
        ("//comment()", "a comment"),
        ("h2", ""),
        ("i", ""),
    ],
)
def test_a_value_of_an_html_page(select: str, value: str) -> None:
    assert html(select) == value


def test_a_body_is_inner_html() -> None:
    assert html("#body", markup=True) == "before<p>one &lt;two&gt;</p><p>three</p>"


def test_text_at_the_start_of_a_body_is_still_text() -> None:
    tree = Page(url="", body=b"<div>1&lt;2 &amp;lt;b&amp;gt;<p>a</p></div>").document.tree
    found = html_field(tree, [HtmlPick(select="div")], markup=True)
    assert found == "1&lt;2 &amp;lt;b&amp;gt;<p>a</p>"


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"/a/(\d)", "1"),
        (r"\d\.html", "1.html"),
        (r"(z)?/a/(\d)", "1"),  # a group that took no part is passed over
        (r"nothing", ""),
    ],
)
def test_the_first_group_of_a_pattern_or_else_all(pattern: str, value: str) -> None:
    assert html("a::attr(href)", pattern) == value


def test_the_first_pick_that_gives_something_counts() -> None:
    picks = [HtmlPick(select="h2"), HtmlPick(select="h1", pattern="x"), HtmlPick(select="h1 b")]
    assert html_field(page(PAGE).document.tree, picks) == "再推"


def test_a_relative_xpath_starts_at_its_entry() -> None:
    entries = elements(page(PAGE).document.tree, "//li")
    assert [html_field(li, [HtmlPick(select="./a/@href")]) for li in entries] == [
        "/a/1.html?x=1&y=2",
        "",
    ]
    assert html_field(entries[0], [HtmlPick(select=".")]) == "first 2022-04-26"
    assert html_field(entries[0], [HtmlPick(select="../li[2]")]) == "no address"


def test_comments_and_values_are_no_elements() -> None:
    tree = page(PAGE).document.tree
    assert elements(tree, "//comment()") == elements(tree, "//a/@href") == []
    assert elements(tree, "count(//a)") == []


def test_a_selector_that_fails_on_a_page_makes_it_not_readable() -> None:
    with pytest.raises(NotReadable, match="cannot be used here"):
        html("//a[count(1)]")


def test_attack_quadratic_pattern_on_a_huge_attribute() -> None:
    start = time.process_time()
    picks = [HtmlPick(select="a::attr(href)", pattern=r"(?:\S*&)?id=1\S*$")]
    tree = page(f"<a href='{'id=1&' * 200_000} x'>").document.tree
    html_field(tree, picks)
    assert time.process_time() - start < 3


# -- JSON -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["infoCode", "infocode", "INFOCODE"])
def test_a_plain_word_finds_its_key_in_any_case(key: str) -> None:
    assert of_json({key: "NW1"}, "infoCode") == "NW1"


def test_a_path_with_a_dot_is_jmespath_and_exact() -> None:
    assert of_json({"data": {"showTime": "x"}}, "data.showTime") == "x"
    assert of_json({"Data": {"showTime": "x"}}, "data.showTime") == ""


@pytest.mark.parametrize("nothing", [None, "", "  ", True, False, [], ["x"], {}, {"a": "b"}])
def test_only_text_and_numbers_are_values(nothing: Any) -> None:
    assert of_json({"a": nothing, "b": "next"}, "a", "b") == "next"


def test_numbers_stay_numbers_unless_a_pattern_is_asked() -> None:
    assert of_json({"a": 1651000000}, "a") == 1651000000
    assert of_json({"a": 1651000000}, "a", pattern=r"\d{3}") == "165"


def test_two_keys_that_differ_in_case_only() -> None:
    assert of_json({"Title": "", "title": "b"}, "TITLE") == "b"


def test_attack_half_a_character() -> None:
    value = page(b'{"a": "x\\ud800y", "b": "\\ud83d\\ude00"}').document.value
    assert of_json(value, "a") == "xy"
    assert of_json(value, "b") == "😀"


@pytest.mark.parametrize("path", ["length(a)", "sort(a)", "ceil(a)", "a[::0]", "join(',', a)"])
@pytest.mark.parametrize("value", [None, 1, "x", [1, None], float("inf"), {"b": 1}])
def test_attack_values_that_a_function_cannot_take(path: str, value: Any) -> None:
    record = {"a": value}
    assert isinstance(of_json(record, path), str | int | float)
    assert records(record, path) is None or value == [1, None]


def test_records_are_the_mappings_of_a_list() -> None:
    assert records({"a": [{"x": 1}, 2, None, {"y": 3}]}, "a") == [{"x": 1}, {"y": 3}]
    assert records({"a": []}, "a") == []
    assert records({"a": {"0": {}}}, "a") is None
    assert records({}, "a") is None
    assert records(None, "a") is None


# -- what a site file may say -----------------------------------------------------------------


@pytest.mark.parametrize(
    "select",
    [
        *("", "li[", "//li[", "a::nothing", "//a[b()]", "//re:test", "x|a", "//a\x00"),
        *("count('a')", "$x", ":not(" * 900, "(" * 3_000),
    ],
    ids=lambda select: select[:20],
)
def test_what_is_no_selector(select: str) -> None:
    with pytest.raises(ValueError, match="is not a CSS selector or XPath"):
        compiled_selector(select)


@pytest.mark.parametrize("path", ["", "a[", "中文", "nope(a)", "length()", "(" * 3_000], ids=len)
def test_what_is_no_jmespath(path: str) -> None:
    with pytest.raises(ValueError, match="is not a JMESPath"):
        compiled_path(path)


@pytest.mark.parametrize(
    "pattern", ["(", "\\", "(?<=a*)b", "a{99999999999}", "(" * 3_000, "[[a]"], ids=len
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="is not a regular expression"):
        compiled_pattern(pattern)


def test_a_body_that_begins_with_letters_that_look_like_markup() -> None:
    tree = Page(url="", body=b"<div>&lt;b&gt; &amp; <i>c</i></div>").document.tree
    assert html_field(tree, [HtmlPick(select="div")], markup=True) == "&lt;b&gt; &amp; <i>c</i>"


# --- what libxml2 would drop without a word -------------------------------------------------------
