"""Data in a script of a page: JSON, what a script assigns, and which script of several."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.errors import NotReadable
from newsspider.model import Page
from newsspider.sites.listings import HtmlPick
from newsspider.text.selectors import parse_script

STATE = r"window\.STATE\s*="


def value(body: str | bytes, *picks: tuple[str, str]) -> Any:
    data = body if isinstance(body, bytes) else body.encode()
    page = Page(url="https://news.example/", body=data)
    sought = picks or (("script", ""),)
    return parse_script(
        page.document.tree, [HtmlPick(select=one, pattern=pattern) for one, pattern in sought]
    )


@pytest.mark.parametrize(
    "script",
    [
        '{"a": ["b", 1]}',
        'window.STATE = {"a": ["b", 1]};',
        "var x = {a: ['b', 1,],};",
        "<!--\nconst x = {a: [`b`, 1]} // end\n//-->",
        '//<![CDATA[\nx={"a":["b",1]}\n//]]>',
        r'"{\"a\": [\"b\", 1]}"',
    ],
)
def test_the_value_of_a_script(script: str) -> None:
    assert value(f"<p>x</p><script>{script}</script>") == {"a": ["b", 1]}


def test_a_string_that_is_no_json_is_passed_over() -> None:
    assert value("<script>\"use strict\"; x = {a: 'b'}</script>") == {"a": "b"}


def test_text_that_ends_no_string() -> None:
    assert value(r"""<script>x = {"a": "b} \" <\/p>", 'c': 'it\'s'}</script>""") == {
        "a": 'b} " </p>',
        "c": "it's",
    }


def test_the_pattern_says_where_the_value_starts() -> None:
    page = "<script>x = {n: 0}</script><script>y = {n: 1}; window.STATE = {n: 2}; z = {}</script>"
    assert value(page, ("script", STATE)) == {"n": 2}
    parsed = r'<script>var a = {}; window.STATE = JSON.parse("{\"n\":2}");</script>'
    assert value(parsed, ("script", STATE + r"\s*JSON\.parse\(")) == {"n": 2}


def test_the_first_script_with_a_value_counts() -> None:
    page = "<script src=x></script><script>run()</script><script>x={n: 1}</script><b>{n: 2}</b>"
    assert value(page) == {"n": 1}
    assert value(page, ("script#state", ""), ("b", "")) == {"n": 2}


def test_an_attribute_may_hold_it() -> None:
    assert value("<div data-x='{\"n\": 1}'>", ("div::attr(data-x)", "")) == {"n": 1}


@pytest.mark.parametrize("body", ["", "<p>x</p>", "<script></script>", "<script>run()</script>"])
def test_a_page_without_such_a_script(body: str) -> None:
    with pytest.raises(NotReadable):
        value(body)


@pytest.mark.parametrize("script", ["x = {a: 'b'", "x = {a:" + "[" * 20_000, "{" * 100_000])
def test_attack_a_value_without_an_end(script: str) -> None:
    with pytest.raises(NotReadable, match="contains no data"):
        value(f"<script>{script}</script>")


@pytest.mark.parametrize("flood", ["{'", "'", "[", "//", "/*", "x={};", "\\"])
def test_attack_a_flood(flood: str) -> None:
    began = time.process_time()
    with contextlib.suppress(NotReadable):
        value(f"<script>x = {{{flood * 100_000}</script>")
    assert time.process_time() - began < 10  # minutes, were it not linear


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_script_has_a_value_or_is_not_readable(text: str) -> None:
    with contextlib.suppress(NotReadable):
        value(f"<script>x = {{{text}</script>".encode("utf-8", "replace"))
