"""The lexer: what is a safe body, and what only looks like one."""

from __future__ import annotations

import re
import time
from pathlib import Path

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import DATA

from newsspider.sanitize.grammar import (
    ELEMENTS,
    INLINE,
    LINK,
    MAX_BYTES,
    MAX_DEPTH,
    PHRASE,
    TEXT,
    TOP,
    is_strict,
)

POSTS = sorted((DATA / "sanitize" / "posts").glob("*.html"))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_published_body_is_strict(path: Path) -> None:
    assert is_strict(read(path))


def test_there_are_published_bodies() -> None:
    assert len(POSTS) == 6


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>正文</p>",
        "<p>a</p>\n <p>b</p>\n\n   <p>c</p>",
        "<!-- EM_StockImg_Start --><p>a</p><!-- EM_StockImg_End -->",
        '<p style="display:none;height:1px;overflow:hidden;"><br /></p><p>a</p>',
        "<table><tbody><tr><th>a</th></tr>\n <tr><td>b</td></tr></tbody></table>",
        '<table border="0" width="100%"><tr><td colspan="2" rowspan="3">b</td></tr></table>',
        "<ul><li>a<ol><li>b</li></ol></li></ul>",
        "<blockquote><p>a</p>b</blockquote><hr /><pre><code>    x\n\n- y</code></pre>",
        '<figure><img src="https://x.example/a.jpg" alt="" /><figcaption>c</figcaption></figure>',
        '<p><a href="https://x.example/?a=1&imageType=k&b=2" target="_blank">a</a></p>',
        '<p><img src="http://x.example/?q=&amp;r" alt="a &gt; &quot;b&quot;" /></p>',
        "<p>&lt;b&gt; &nbsp;&mdash;&#123;&#x4e2d; ** # `x` {: .a} \U0001f600</p>",
        '<p style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;">a</p>',
        "<p style=\"font-family: 微软雅黑, 'Microsoft YaHei'; color: rgb(1, 2, 3); \">a</p>",
        '<p><span id="Info.116.00700">a</span><span id="bkquote_90.BK0493"></span></p>',
    ],
)
def test_safe(body: str) -> None:
    assert is_strict(body)


HOSTILE = {
    # kramdown reads what stands at top level as Markdown
    "text first": "a<p>b</p>",
    "text after a block": "<p>a</p>*b*",
    "attribute list after a block": '<p>a</p>\n{: onclick="x()"}',
    "parser option": '{::options parse_block_html="true" /}\n<p>a</p>',
    "inline at top level": "<b>a</b>",
    "image at top level": '<img src="http://x.example/a" />',
    "code by four spaces": "<p>a</p>\n    <p>b</p>",
    "code by tab": "<p>a</p>\n\t<p>b</p>",
    "comment after spaces": "<p>a</p>\n <!-- b --><p>c</p>",
    "ideographic space at top level": "<p>a</p>\u3000<p>b</p>",
    "markdown in HTML": '<div markdown="1">a</div>',
    "comment in a block": "<p>a<!-- b --></p>",
    "comment with more than words": "<!-- a->b --><p>c</p>",
    # tags left open swallow the footer; strays become text
    "unclosed": "<p>a",
    "unclosed div": "<div><p>a</p>",
    "stray end": "</div><p>a</p>",
    "crossed": "<p><b><i>a</b></i></p>",
    "end of another": "<p>a</div>",
    "self-closed paragraph": "<p />",
    "open void": "<p><br></p>",
    "cut tag": "<p>a</p><p",
    "too deep": "<div>" * (MAX_DEPTH + 1) + "</div>" * (MAX_DEPTH + 1),
    # kramdown keeps the last of two attributes, browsers the first
    "attribute twice": '<p class="a" class="b">x</p>',
    "single quotes": "<p class='a'>x</p>",
    "no quotes": "<p class=a>x</p>",
    "upper case": "<P>x</P>",
    "slash for a space": '<p/class="a">x</p>',
    "newline in a tag": '<p\nclass="a">x</p>',
    # the HTML5 parser moves or closes these
    "block in a paragraph": "<p>a<div>b</div></p>",
    "paragraph in a paragraph": "<p>a<p>b</p></p>",
    "block in a link": '<p><a href="http://x.example/"><p>b</p></a></p>',
    "heading in a heading": "<h1>a<h2>b</h2></h1>",
    "link in a link": '<p><a href="http://x.example/">a<b><a href="http://y.example/">b</a></b></a></p>',
    "text in a table": "<table>a<tr><td>b</td></tr></table>",
    "ideographic space in a table": "<table>\u3000<tr><td>b</td></tr></table>",
    "reference in a row": "<table><tr>&nbsp;<td>b</td></tr></table>",
    "cell outside a row": "<table><td>b</td></table>",
    "row outside a table": "<div><tr><td>b</td></tr></div>",
    "item outside a list": "<div><li>a</li></div>",
    "paragraph in a list": "<ul><p>a</p></ul>",
    "item in an item": "<ul><li>a<li>b</li></li></ul>",
    # what runs
    "script": "<script>x()</script>",
    "frame": '<div><iframe src="http://x.example/"></iframe></div>',
    "picture language": "<svg><p>a</p></svg>",
    "handler": '<p onclick="x()">a</p>',
    "script address": '<p><a href="javascript:x()">a</a></p>',
    "script address by references": '<p><a href="&#106;avascript&colon;x()">a</a></p>',
    "tab in the address": '<p><a href="ht&Tab;tp://x.example/">a</a></p>',
    "data address": '<p><img src="data:image/svg+xml,x" /></p>',
    "address of no host": '<p><a href="http:///x">a</a></p>',
    "relative address": '<p><a href="/x">a</a></p>',
    "address of this scheme": '<p><a href="//x.example/">a</a></p>',
    "space in the address": '<p><a href="http://x.example/a b">a</a></p>',
    "several sources": '<p><img src="http://x.example/" srcset="http://y.example/" /></p>',
    "picture of nothing": '<p><img alt="a" /></p>',
    # what a style can do
    "address in a style": '<p style="background:url(http://x.example/)">a</p>',
    "expression": '<p style="width:expression(x())">a</p>',
    "escape in a style": '<p style="width:\\65xpression">a</p>',
    "comment in a style": '<p style="color:re/**/d">a</p>',
    "position": '<p style="position:fixed">a</p>',
    "pulled over the title": '<p style="margin-top:-900px">a</p>',
    "binding": '<p style="-moz-binding:none">a</p>',
    "hidden text": '<p style="display:none">a</p>',
    "text deep in the hidden": '<div style="color:red; DISPLAY : NONE"><p><b>a</b></p></div>',
    "hidden by a reference": '<p style="display&#58;none">a</p>',
    "picture in the hidden": '<p style="display:none"><img src="http://x.example/" /></p>',
    # names the page uses
    "id of the page": '<p id="post-end">a</p>',
    "id of a form": '<p><span id="createElement">a</span></p>',
    "frame target": '<p><a href="http://x.example/" target="top">a</a></p>',
    # references that kramdown and browsers read unlike
    "bare ampersand": "<p>a & b</p>",
    "reference without end": "<p>&ltb</p>",
    "unknown reference": "<p>&nosuch;</p>",
    "upper-case hexadecimal": "<p>&#X41;</p>",
    "reference to NUL": "<p>&#0;</p>",
    "reference to C1": "<p>&#128;</p>",
    "reference to a surrogate": "<p>&#xd800;</p>",
    "reference beyond Unicode": "<p>&#x110000;</p>",
    "angle in text": "<p>a > b</p>",
    "angle in an attribute": '<p title="a>b">a</p>',
    "attribute that browsers decode": '<p><a href="http://x.example/?a&not_b=1">a</a></p>',
    # characters
    "carriage return": "<p>a</p>\r\n<p>b</p>",
    "NUL": "<p>a\0b</p>",
    "separator": "<p>a\u2028b</p>",
    "surrogate": "<p>\ud83d</p>",
    "noncharacter": "<p>\U0001ffff</p>",
    "byte order mark": "\ufeff<p>a</p>",
    "control in an attribute": '<p title="a\x01b">a</p>',
    # Liquid
    "output": "<p>{{ site.title }}</p>",
    "tag": "<p>{% include x %}</p>",
    "in an attribute": '<p title="{{ x }}">a</p>',
    # a layout that writes the content into an attribute
    "handler behind a quote": '<p>"x onclick=alert(1) y</p>',
    "handler in an address": '<p><a href="http://x.example/onclick=alert(1)">a</a></p>',
    "handler in a description": '<p><img src="http://x.example/" alt="a onerror=x()" /></p>',
    "handler far behind a quote": '<p>"x</p>\n<p>a onclick=alert(1) y</p>',
    "word behind a quote": '<p>"x on y</p>',
    "word in the first class": '<p class="a on">a</p>',
    "word in the first address": '<p><a href="http://x.example/on-sale">a</a></p>',
    # size
    "too long": f"<p>{'中' * (MAX_BYTES // 3)}</p>",
    "too many tags in a line": "<p>" + "a<br />" * 15_000 + "</p>" + "<p>" + "a" * 50_000 + "</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_attack(name: str) -> None:
    assert not is_strict(HOSTILE[name])


@pytest.mark.parametrize(
    "piece", ["<p>", "<p>a</p>", "&", "&a", "<", '<p a="', "<p ", "{", "a", "-->"]
)
def test_time_grows_with_length_only(piece: str) -> None:
    start = time.process_time()
    is_strict(piece * (1_000_000 // len(piece)))
    is_strict("<p>" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 2


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Bodies that the grammar allows, from its own tables."""

    def pieces(holds: int, depth: int) -> str:
        names = [""] if holds & TEXT else []
        names += [name for name, element in ELEMENTS.items() if element.kind & holds]
        chosen = draw(st.lists(st.sampled_from(names), max_size=3)) if depth else []
        return "".join(piece(name, holds, depth) for name in chosen)

    def piece(name: str, holds: int, depth: int) -> str:
        if not name:
            return draw(st.sampled_from(["中文", " ", "a &lt; b", "{ ", "\n"]))
        kind, inner = ELEMENTS[name]
        if not inner:
            return '<img src="http://x.example/" />' if name == "img" else f"<{name} />"
        return f"<{name}>{pieces(inner & holds if kind & PHRASE else inner, depth - 1)}</{name}>"

    return pieces(TOP, 5)


_ANYTHING = nh3.Cleaner(
    tags=set(ELEMENTS), clean_content_tags=set(), attributes={"img": {"src"}}, link_rel=None
)


@settings(max_examples=150, deadline=None)
@given(bodies())
def test_the_html5_parser_reads_a_strict_body_as_it_is_written(body: str) -> None:
    assert is_strict(body)
    ours = re.sub(r" />", ">", body)
    # The parser supplies the tbody of a table, and drops the first newline of a pre.
    ours, theirs = (
        re.sub(r"</?tbody>|(?<=<pre>)\n", "", html) for html in (ours, _ANYTHING.clean(ours))
    )
    assert theirs == ours


def test_inline_elements_are_those_that_a_phrase_holds() -> None:
    assert all(
        (element.kind in (INLINE, LINK)) == bool(element.kind & PHRASE)
        for element in ELEMENTS.values()
    )
