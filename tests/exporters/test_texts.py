"""Bodies as plain text."""

from __future__ import annotations

import time

import pytest

from newsspider.exporters.texts import plain_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<p>他说<strong>“中文。”</strong>然后</p>\n<p>second\nline</p>",
            "他说“中文。”然后\nsecond line",
        ),
        ("<h2>A &amp; B</h2><ul><li>one</li><li>two</li></ul>", "A & B\none\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ('<img alt="a > b" src="x"/>after<br/>break', "after\nbreak"),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("a\u00a0b  c <!-- x > y --> d", "a b c d"),
        ("3 < 4", "3 < 4"),
        ("", ""),
    ],
)
def test_a_line_for_each_block(body: str, text: str) -> None:
    assert plain_text(body) == text


@pytest.mark.parametrize("part", ["<", "<p ", "<!--", '<a title="', "&amp", "<p", "\n", "</"])
def test_no_body_holds_it_up(part: str) -> None:
    started = time.process_time()
    plain_text(part * 100_000)
    assert time.process_time() - started < 5
