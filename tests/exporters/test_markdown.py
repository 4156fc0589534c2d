"""Bodies as CommonMark, read back by another program."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from newsspider.exporters.texts import markdown

READER = MarkdownIt("commonmark").enable("table")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h2>Head</h2><p>one <em>two</em></p>", "## Head\n\none *two*"),
        ("<p>他说<strong>“中文。”</strong>然后</p>", "他说<strong>“中文。”</strong>然后"),
        ("<p>他说<strong>中文</strong>然后</p>", "他说**中文**然后"),
        ("<p>“<b>中文。</b>”然后</p>", "“**中文。**”然后"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n  1. c"),
        ('<p><a href="https://a.example/">link</a></p>', "[link](https://a.example/)"),
        ("<p>2 * 3 * 4 # 5_6_7</p>", r"2 \* 3 \* 4 \# 5\_6\_7"),
    ],
)
def test_bodies_as_markdown(body: str, text: str) -> None:
    assert markdown("", body) == text


@pytest.mark.parametrize(
    "body",
    [
        "<p>他说<strong>“中文。”</strong>然后<em>，</em>x</p>",
        "<h3>a</h3><p>b<br/>c</p><blockquote><p>d</p></blockquote>",
        "<table><thead><tr><th>年</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2 | 3</td>"
        "</tr></tbody></table>",
        "<ul><li>a</li><li>b</li></ul>",
    ],
)
def test_what_it_says_is_read_back(body: str) -> None:
    def tags(html: str) -> list[str]:
        from lxml import html as parser

        return [element.tag for element in parser.fragment_fromstring(html, "div").iter()]

    html = READER.render(markdown("", body))
    assert {"strong", "em", "h3", "blockquote", "td", "li"} & set(tags(body)) <= set(tags(html))
    assert html.count("<td") == body.count("<td")


def test_the_digest_is_a_quote() -> None:
    assert markdown("a\nb", "<p>c</p>") == "> a\n> b\n\nc"
