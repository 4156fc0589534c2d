"""What leaves the last stage is safe, builds, and says what the article said."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Final

import nh3
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from support import DATA
from support.cli import program
from support.looking import reads_as_browsers, text_of

from newsspider.model import Article, Rejection, Verdict
from newsspider.sanitize import markdown_text, sanitise_article, sanitise_body, sanitise_digest
from newsspider.sanitize.grammar import ELEMENTS, MAX_BYTES, PHRASE, TEXT, is_strict
from newsspider.text.characters import clean_characters

BASE: Final = "https://news.example/2022/a.html"
DATA: Final = DATA / "sanitize"
POSTS: Final = sorted((DATA / "posts").glob("*.html"))


def sanitise(body: str) -> str:
    return sanitise_body(body, base=BASE)


# --- bodies that are kept and bodies that are made --------------------------------------------


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_published_body_leaves_byte_for_byte(path: Path) -> None:
    body = path.read_bytes().decode("utf-8")
    assert sanitise(body) == body


def test_only_braces_change_where_liquid_is_the_only_fault() -> None:
    assert (
        sanitise('<p class="a">{{ x }} {y} &imageType;</p>'.replace("&imageType;", "<br />"))
        == '<p class="a">&#123;&#123; x }} &#123;y} <br /></p>'
    )
    assert sanitise("<p>{ x } %} }}</p>") == "<p>{ x } %} }}</p>"


REL: Final = ' rel="noopener noreferrer nofollow"'
MADE = {
    "plain text": ("离岸人民币升至6.3512。", "<p>离岸人民币升至6.3512。</p>"),
    "voids": ("<p>a<br>b<P></p><hr>", "<p>a<br />b</p>\n<p></p>\n<hr />"),
    "inline at top level": ("<b>a</b> b<p>c</p>d", "<p><b>a</b> b</p>\n<p>c</p>\n<p>d</p>"),
    "block in a link": (
        '<a href="b.html"><div>c<p>d</p></div></a>',
        f'<div><a href="https://news.example/2022/b.html"{REL}>c</a>'
        f'<p><a href="https://news.example/2022/b.html"{REL}>d</a></p></div>',
    ),
    "block in a heading": ("<h2><p>a</p><p>b</p></h2>", "<h2>a\nb\n</h2>"),
    "bold around paragraphs": (
        "<strong><p>a</p><p>b</p></strong>",
        "<p><strong>a</strong></p>\n<p><strong>b</strong></p>",
    ),
    "boxes": ("<section>a</section><section>b</section>", "<div>a</div>\n<div>b</div>"),
    "stray item": ("<li>a</li>", "<div>a</div>"),
    "text in a list of terms": (
        "<dl>a<dt>b<dd>c<p>d<dl><dt>e</dl></dl>",
        "<dl><dd>a</dd><dt>b</dt><dd>c<p>d</p><dl><dt>e</dt></dl></dd></dl>",
    ),
    "a term outside of a list": ("<dt>a</dt><dd>b</dd>", "<div>a</div>\n<div>b</div>"),
    "text in a list": ("<ul>a<li>b<p>c</ul>", "<ul><li>a</li><li>b<p>c</p></li></ul>"),
    "text in a table": (
        "<table>a<tr><td>b</table>",
        "<p>a</p>\n<table><tbody><tr><td>b</td></tr></tbody></table>",
    ),
    "address of this scheme": (
        "<img src=//x.example/y>",
        '<p><img src="https://x.example/y" /></p>',
    ),
    "address with spaces": (
        '<img src="a b{{.jpg?<>">',
        '<p><img src="https://news.example/2022/a%20b%7B%7B.jpg?%3C%3E" /></p>',
    ),
    "elements of SVG and MathML in a text": (
        "<p><text>正文</text>1<mi>2</mi><G>3</G></p><view>4",
        "<p>正文123</p>\n<p>4</p>",
    ),
    "elements of XML": ("<root/>正文<times>1</times><share>2</share>", "<p>正文12</p>"),
    "elements of SVG beside a drawing": ("<svg><text>a</text></svg><text>b</text>", "<p>b</p>"),
    "an element named in a description": (
        '<p title="<set>">a</p>',
        '<p title="&lt;set&gt;">a</p>',
    ),
    "handler behind a quote": ('<p>"x onload=y</p>', '<p>"x &#111;nload=y</p>'),
    "word behind a quote": ('<p>a "b" Once c</p>', '<p>a "b" &#79;nce c</p>'),
    "word in the first description": (
        '<p><img src="https://x.example/on/a" alt="on" /><b class="on">c</b></p>',
        '<p><img src="https://x.example/&#111;n/a" alt="&#111;n" /><b class="on">c</b></p>',
    ),
    "font in the first style": (
        '<p style="font-family: Onyx; color: red">a</p>',
        '<p style="color: red;">a</p>',
    ),
    "handler far behind a quote": (
        '<p>a "b</p>\n<p>c onload=d</p>',
        "<p>a &quot;b</p>\n<p>c onload=d</p>",
    ),
    "part of a page as a picture": (
        "a<img src='#'><img src='//x.example/b#c'>",
        '<p>a<img src="https://x.example/b" /></p>',
    ),
    "only slashes missing": (
        '<p class="a">b<br>c<br/><img src="https://x.example/y"> </p><hr>',
        '<p class="a">b<br />c<br /><img src="https://x.example/y" /> </p><hr />',
    ),
    "no address": ("<a>a</a><img><img src=''><a href='x:y'>b</a>", "<p>ab</p>"),
    "style": (
        '<p style="COLOR: red; position: fixed; display: none; background: url(x)">a</p>',
        '<p style="COLOR: red;">a</p>',
    ),
    "class": ('<p class="a &amp; b" id="c" onclick="d()">a</p>', "<p>a</p>"),
    "data": ("a<img src='data:image/png;base64,AAAA'>", "<p>a</p>"),
    "much data": (f"b<img src='data:,{'A' * 200_000}'>", "<p>b</p>"),
    "data as text": ('c src="data:d" {', "<p>c src=&quot;data:d&quot; {</p>"),
    "seen and unseen": ("<p>a<script>b</script><style>c</style>d", "<p>ad</p>"),
    "characters": ("<p>a\0\x85\ufeff\u2028b\r\nc</p>&#x2028;", "<p>ab\nc</p>"),
}


@pytest.mark.parametrize("name", MADE)
def test_made_strict(name: str) -> None:
    body, expected = MADE[name]
    assert sanitise(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n ",
        "<p>&nbsp;\u3000<br /></p>",
        "<p><br></p>",
        "<!-- EM_StockImg_Start -->",
        "<script>x()</script>",
        "<img>",
        "\0",
        "<p>\u200b\u202e\u3164\u2800&shy;&#8203;&ZeroWidthSpace;</p>",
    ],
)
def test_nothing_left_to_show(body: str) -> None:
    assert sanitise(body) == ""


# --- attacks ----------------------------------------------------------------------------------

# By name: scripts; one parser reads what another does not; what kramdown would interpret; what
# would break the page around it; Liquid; styles; names.
ATTACKS: Final[dict[str, str]] = json.loads((DATA / "attacks.json").read_text()) | {
    "deep": "<div>" * 3000 + "a" + "<b>" * 3000 + "b",
    "list in list": "<ul>" * 100 + "a<li>b",
    "table in table": "<table><tr><td>" * 50 + "a",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name: str) -> None:
    safe = sanitise(ATTACKS[name])
    assert is_strict(safe)
    assert text_of(safe) == text_of(ATTACKS[name])
    assert sanitise(safe) == safe


@pytest.mark.parametrize("name", ["deep", "list in list", "table in table"])
def test_deep_nesting_loses_no_text(name: str) -> None:
    assert text_of(sanitise(ATTACKS[name])) in {"ab", "a"}


COSTLY = {
    "200,000 nested elements": "<div>" * 200_000 + "a",
    "unclosed formatting, repeated in each paragraph": "<p>"
    + "".join(f"<b class=c{n}>" for n in range(2_000))
    + "</p>"
    + "<p>a" * 2_000,
    "a tag of 100,000 attributes": "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">a</p>",
    "scripts that never end": "a" + "<script>" * 100_000,
    "comments that never end": "a" + "<!--" * 100_000,
    "inline elements repeated in each block": "<b title='"
    + "t" * 9_000
    + "'>"
    + "<p>a</p>" * 3_000,
    "a picture in its address": "a<img src='data:image/png;base64," + "A" * 3_000_000 + "'>",
    "line breaks": "a<br>" * 50_000,
    "150,000 references": "a" + "&b" * 150_000,
}


@pytest.mark.parametrize("name", COSTLY)
def test_attack_on_time_and_memory(name: str) -> None:
    safe = sanitise(COSTLY[name])
    assert is_strict(safe)
    assert len(safe) < 2 * 1024 * 1024
    assert text_of(safe[:1000]).startswith("a")


def test_a_long_table_keeps_its_text_when_it_cannot_keep_its_cells() -> None:
    rows = "".join(f"<tr><td><a href=/{n}>第{n}行</a><td>{n}</tr>" for n in range(12_000))
    safe = sanitise(f"<script>x()</script><table>{rows}</table>")
    assert is_strict(safe)
    assert text_of(safe) == "".join(f"第{n}行{n}" for n in range(12_000))


@pytest.mark.parametrize("surplus", [0, 1])
def test_a_text_longer_than_a_post_may_be_is_rejected_with_its_reason(surplus: int) -> None:
    text = "a" * (MAX_BYTES - len("<p></p>") + surplus)
    article = sanitise_article(
        Article(site="", key="", id="", link=BASE, body=f"<x>{text}</x>"), BASE
    )
    assert article.body == ("" if surplus else f"<p>{text}</p>")
    reason = "its text alone is longer than a post may be (2,097,153 characters)"
    assert article.rejection == (Rejection(Verdict.TOO_LONG, reason) if surplus else None)


PIECES = """<p> </p> <div> </div> <b> </b> <i_class="x"> </i> <a_href="/y"> </a> <table> </table>
<tr> <td> </td> <ul> </ul> <li> </li> <h2> </h2> <br> <br/> <img_src=z> <hr> <pre> </pre> <section>
</section> <dl> <dt> <dd> <button> </button> <font_color=red> </font> <caption> <colgroup> <col>
<tbody> </tbody> <figure> <center> </center> <span_style="display:none"> </span> <p_title='"{{'>
<!-- --> <script> </script> <svg> </svg> <math> <title> </title> <textarea> <select> <option>
<noscript> <template> <form> <frameset> <body> </body> <html> </br> <? <! <![CDATA[ ]]> </ < > &
&amp; &lt; &#123; &#0; &#x2028; &nbsp; &notit; { {{ {% %} }} {: # * ` | 中文 text -- " ' = /"""
SOUP = st.lists(
    st.sampled_from([piece.replace("_", " ") for piece in PIECES.split()])
    | st.sampled_from([" ", "\n", "\t", "    ", "\r\n", "\n\n", "\0", "\u2028", "\ufeff", "\ud800"])
    | st.text(max_size=4),
    max_size=40,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
@example("<p><button><table><tr><td>a</table>b")
@example("<h1><ul><li>a<table><caption>b<p>c")
@example("<CS <p>]]>")
@example("<title><noscript></title>a")
@example("</<noscript>a")
def test_any_soup_becomes_strict_and_keeps_its_text(soup: str) -> None:
    safe = sanitise(soup)
    assert is_strict(safe)
    assert "{{" not in safe
    assert "{%" not in safe
    assert sanitise(safe) == safe
    assume(reads_as_browsers(soup))
    assert text_of(safe) == text_of(soup)


# --- digests and names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "digest",
    [
        "近日，加拿大主权财富基金——加拿大年金计划委员会(CPPIB)披露最新财报，共190家，市值超500亿元。（中国证券报）",
        "据霍尼韦尔官网消息，5月24日，HFO-1234yf(四氟丙烯)制冷剂。降低达99.9%",
        "-5.2%，为“2018年”以来《最高》；12:30 收于$100，3~5天",
        "1.5亿元",
        "C# AT&T a&b 50% = x/y",
        "",
    ],
)
def test_an_ordinary_digest_stays_as_it_is(digest: str) -> None:
    assert sanitise_digest(digest) == digest


LINES: Final[list[str]] = json.loads((DATA / "lines.json").read_text())


@pytest.mark.parametrize("line", LINES)
def test_a_digest_is_one_line_without_liquid(line: str) -> None:
    for made in (sanitise_digest(line), markdown_text(line)):
        assert "\n" not in made
        assert "{" not in made
        assert not re.search(r"[*_`|\[\]\\]", made)


@given(st.text() | st.sampled_from(LINES))
def test_a_digest_says_its_text(text: str) -> None:
    expected = clean_characters(text).replace("\n", " ").strip(" \t")
    for made in (sanitise_digest(text), markdown_text(text)):
        if made.startswith("<p>"):  # as HTML, which kramdown leaves alone
            assert html.unescape(made.removeprefix("<p>").removesuffix("</p>")) == expected
        else:
            assert re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), made) == expected


@pytest.mark.parametrize(
    "name", ["中国证券报/中证金牛座", "Career In 投行PEVC", "36氪", "a-b.c (d)", "C#"]
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert markdown_text(name) == name


def test_characters() -> None:
    assert clean_characters("a\r\nb\rc\td\ne") == "a\nb\nc\td\ne"
    assert clean_characters("a\0\x0b\x7f\x85\u2028\ufeff\ud800\ufdd0\U0010ffffb") == "ab"
    assert clean_characters("中文\u3000\xa0\U0001f600\u200b") == "中文\u3000\xa0\U0001f600\u200b"


# --- the real Jekyll --------------------------------------------------------------------------

MARKDOWN = "a *b* 1. `c` {: .d}\n\n    four spaces\n# e\n| f | g |\n"
PARENTS: Final = {
    "li": "ul",
    "dt": "dl",
    "dd": "dl",
    "tr": "tbody",
    "td": "tr",
    "th": "tr",
    "col": "colgroup",
} | dict.fromkeys(["caption", "colgroup", "thead", "tbody", "tfoot"], "table")


def every_pair() -> str:
    """Each allowed element in each that may hold it, with text that Markdown would change."""
    pairs = []
    for outer, (outer_kind, holds) in ELEMENTS.items():
        for inner, (kind, held) in ELEMENTS.items():
            if not kind & holds:
                continue
            text = MARKDOWN if holds & TEXT else ""
            source = ' src="https://x.example/"' if inner == "img" else ""
            content = f"<{inner}{source} />"
            if held:
                content = f"<{inner}>{MARKDOWN if held & TEXT else ''}</{inner}>"
            tree = f"<{outer}>{text}{content}{text}</{outer}>"
            parent = PARENTS.get(outer, "p" if outer_kind & PHRASE else "")
            while parent:
                tree = f"<{parent}>{tree}</{parent}>"
                parent = PARENTS.get(parent, "")
            pairs.append(tree)
    return "<!-- pairs -->" + "\n   ".join(pairs)


LAYOUT = "<!DOCTYPE html><body><main>{{ content }}</main><i id=end></i></body>"
FOOTER = (
    "\n\n<https://news.example/a?b=c>\n\n"
    "[返回{name}](//news.example/category/a.html)｜[返回首页](//news.example/)"
)
FOOTER_HTML = (
    '<p><a href="https://news.example/a?b=c">https://news.example/a?b=c</a></p>\n\n'
    '<p><a href="//news.example/category/a.html">返回{name}</a>｜'
    '<a href="//news.example/">返回首页</a></p>\n'
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Jekyll makes of each attack, between the layout's marks, by name of the post."""
    jekyll = program("jekyll")
    site = tmp_path_factory.mktemp("site")
    (site / "_posts").mkdir()
    (site / "_layouts").mkdir()
    (site / "_layouts" / "post.html").write_text(LAYOUT, encoding="utf-8")
    (site / "_config.yml").write_text("plugins: []\nkramdown: {show_warnings: true}\n")
    posts = {f"body-{n}": sanitise(body) for n, body in enumerate(ATTACKS.values())}
    posts["pairs-0"] = every_pair()
    posts |= {
        f"digest-{n}": f"> {sanitise_digest(line)}\n\n<p>正文</p>" for n, line in enumerate(LINES)
    }
    for name, body in posts.items():
        number = int(name.rpartition("-")[2]) % len(LINES)
        footer = FOOTER.replace("{name}", markdown_text(LINES[number]))
        front = f"---\nlayout: post\ntitle: a\ndate: 2022-04-26\npermalink: /{name}\n---\n"
        post = site / "_posts" / f"2022-04-26-{name}.md"
        post.write_text(front + body + footer, encoding="utf-8", newline="")
    built = subprocess.run(
        [jekyll, "build", "--strict_front_matter", "--quiet", "-s", site, "-d", site / "_site"],
        env={**os.environ, "LANG": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    found = {}
    for name in posts:
        page = (site / "_site" / f"{name}.html").read_text(encoding="utf-8")
        start, end = LAYOUT.split("{{ content }}")
        assert page.startswith(start)
        assert page.endswith(end)
        found[name] = page[len(start) : -len(end)]
    return found


def body_of(page: str, number: int) -> str:
    """The page without its footer, which must be whole, a hostile name in its link."""
    at = page.index('<p><a href="https://news.example/a?b=c">')
    footer = page[at:]
    assert text_of(footer) == text_of(
        FOOTER_HTML.replace("{name}", html.escape(LINES[number % len(LINES)]))
    )
    assert re.findall(r"<[^>]*>", footer) == re.findall(r"<[^>]*>", FOOTER_HTML)
    return page[:at]


def test_jekyll_shows_the_text_of_each_attack_and_nothing_else(pages: dict[str, str]) -> None:
    for number, (name, attack) in enumerate(ATTACKS.items()):
        shown = body_of(pages[f"body-{number}"], number)
        assert text_of(shown) == text_of(attack), name
        assert not re.search(
            r"<(?:script|style|iframe|form|svg|meta)|<[^>]*\s(?:on\w+|markdown)=|=\"javascript",
            shown,
        ), name
        assert nh3.clean(shown, link_rel=None).count("<") == shown.count("<"), name


def test_jekyll_shows_each_digest_literally(pages: dict[str, str]) -> None:
    for number, line in enumerate(LINES):
        shown = body_of(pages[f"digest-{number}"], number)
        assert text_of(shown) == text_of(html.escape(line)) + "正文", line
        assert re.findall(r"<[^>]*>", shown) == (
            ["<blockquote>", "<p>", "</p>", "</blockquote>", "<p>", "</p>"]
        ), line


def test_jekyll_reads_each_allowed_element_as_it_is_written(pages: dict[str, str]) -> None:
    pairs = every_pair()
    assert is_strict(pairs)
    assert pairs.count("<p>") > 10
    shown = body_of(pages["pairs-0"], 0)
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", pairs)


@pytest.mark.parametrize(
    "body",
    [
        "<mtext>0<math>",
        "<math></math><mtext>0",
        "<svg/><desc>0</desc>",
        "<!--><mtext>0",
        "<!---><mi>0",
    ],
)
def test_names_of_formulas_mean_nothing_outside_of_one(body: str) -> None:
    assert sanitise(body) == "<p>0</p>"
