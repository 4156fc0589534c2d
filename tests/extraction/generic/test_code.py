"""Code in articles: its line ends and indents, whatever a highlighter puts around it."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic.code import code_text, is_code
from newsspider.extraction.generic.page_lines import read_lines

CODE = "if tide:\n    turn(bridge)\nreturn"


def code_of(markup: str) -> list[str]:
    lines = read_lines(html.fragment_fromstring(markup, create_parent="div"), "https://a.example/")
    assert {line.kind for line in lines} <= {"pre"}
    return [line.text for line in lines]


NUMBERS = "<pre><span class='lnt'>1\n</span><span class='lnt'>2\n</span><span>3\n</span></pre>"
HIGHLIGHTERS = {
    "plain": f"<pre>\n{CODE}\n</pre>",
    "carriage-returns": "<pre>" + CODE.replace("\n", "\r\n") + "</pre>",
    "spans": "<pre><code><i class=k>if</i> tide:\n    turn(bridge)\n<b>return</b></code></pre>",
    "breaks": "<pre>" + CODE.replace("\n", "<br>") + "</pre>",
    "blocks": "<pre>" + "".join(f"<div>{line}</div>" for line in CODE.split("\n")) + "</pre>",
    "wechat": "<ul class='code-snippet__line-index'><li>1</li><li>2</li><li>3</li></ul><pre>"
    + "".join(f"<code><span>{line}</span></code>" for line in CODE.split("\n"))
    + "</pre>",
    "hugo-table": f"<table><tr><td>{NUMBERS}</td><td><pre><code>{CODE}</code></pre></td></table>",
    "hugo-inline": "<pre>"
    + "\n".join(f"<span class=ln>{n}</span>{x}" for n, x in enumerate(CODE.split("\n"), 1))
    + "</pre>",
    "hexo": "<figure><table><tr><td class=gutter><pre><b>1</b><br><b>2</b><br></pre></td>"
    f"<td class=code><pre>{CODE}</pre></td></tr></table></figure>",
    "syntaxhighlighter": "<table><tr><td class=gutter><div>1</div><div>2</div><div>3</div></td>"
    "<td class=code><div class=container>"
    + "".join(f"<div class=line><code>{x}</code></div>" for x in CODE.split("\n"))
    + "</div></td></tr></table>",
    "highlight.js": "<pre><code><table class=hljs-ln>"
    + "".join(
        f"<tr><td class=hljs-ln-numbers>{n}</td><td class=hljs-ln-code>{line}</td></tr>"
        for n, line in enumerate(CODE.split("\n"), 1)
    )
    + "</table></code></pre>",
    "prism": f"<pre>{CODE}<span class=line-numbers-rows><span>1</span><span>2</span></span></pre>",
    "beside": f"<div class=x><pre>1\n2\n3</pre><pre>{CODE}</pre></div>",
    "in-the-text": "<pre>"
    + "\n".join(f"{n:>2} {line}" for n, line in enumerate(CODE.split("\n"), 1))
    + "</pre>",
    "unknown-class": "<pre>"
    + "\n".join(f"<i class=q>{n}</i>{line}" for n, line in enumerate(CODE.split("\n"), 7))
    + "</pre>",
    "copy-div": f"<pre><code>{CODE}\n<div class='hljs-button signin'>Copy</div></code></pre>",
    "copy-button": f"<pre><button>Copy</button><code>{CODE}</code></pre>",
}


@pytest.mark.parametrize("name", HIGHLIGHTERS)
def test_code_keeps_its_lines_and_indents(name: str) -> None:
    assert code_of(HIGHLIGHTERS[name]) == [CODE]


@pytest.mark.parametrize(
    "text",
    ["42", "1\n2\n3", "1 egg\n2 cups of flour", "1 a\n3 b\n5 c", "10 PRINT\n20 GOTO 10\n30 END"],
)
def test_numbers_that_are_no_line_numbers_stay(text: str) -> None:
    assert code_of(f"<pre>{text}</pre>") == [text]


def test_tabs_stay() -> None:
    assert code_of("<pre>all:\n\tcc a.c\n\tcc b.c</pre>") == ["all:\n\tcc a.c\n\tcc b.c"]


def test_code_is_escaped_and_marked() -> None:
    block = html.fragment_fromstring("<pre><code>a &lt;b&gt; &amp;amp;\n  c</code></pre>")
    (line,) = read_lines(block, "https://a.example/")
    assert line.html == "<code>a &lt;b&gt; &amp;amp;\n  c</code>"
    assert line.group is block


def test_a_pre_with_paragraphs_is_laid_out_like_the_page() -> None:
    block = html.fragment_fromstring("<pre>x<figure><img src='/a.jpg' alt='A'></figure>y</pre>")
    assert not is_code(block)
    assert [line.kind for line in read_lines(block, "https://a.example/")] == ["p", "img", "p"]


def test_a_block_of_code_has_an_upper_bound() -> None:
    block = html.fragment_fromstring(f"<pre>{'a' * 300_000}</pre>")
    assert len(code_text(block)) == 200_000
