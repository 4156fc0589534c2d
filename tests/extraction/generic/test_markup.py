"""The HTML of a line, written when it is asked for."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic.page_lines import read_lines


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ("a <b>b</b> c", "a <strong>b</strong> c"),
        ("a &lt;b&gt; <u>c</u>", "a &lt;b&gt; c"),
        ("<a href='/b?c=1&amp;d'>a</a>", '<a href="https://a.example/b?c=1&amp;d">a</a>'),
        ("<a href='javascript:x()'>a <i>b</i></a>", "a <em>b</em>"),
        ("<a href=/b>a<br>c</a>", '<a href="https://a.example/b">a</a>'),
        ("<b> </b>a", "a"),
    ],
)
def test_formatting_and_links_stay(markup: str, written: str) -> None:
    lines = read_lines(html.fragment_fromstring(markup, create_parent="p"), "https://a.example/")
    assert lines[0].html == written


def test_a_line_writes_its_html_once() -> None:
    (line,) = read_lines(html.fragment_fromstring("<p>a <b>b</b>"), "https://a.example/")
    assert not isinstance(line.markup, str)
    assert line.html is line.html == "a <strong>b</strong>"
