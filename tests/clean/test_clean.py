"""Cleaning: the goldens, the oracle of two real posts, what must never be lost, attacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from support import DATA, TESTS

from newsspider.clean import PROFILES, RULES, Cleaned, clean, tree
from newsspider.clean.tokens import keywords

GOLDENS = sorted(folder.parent for folder in TESTS.glob("goldens/clean/*/*/in.html"))
POSTS = DATA / "posts"


def text_of(body: str) -> str:
    """The text of a body without white space, as lxml reads it with no help of ours."""
    tree = html.fragment_fromstring(f"<div>{body}</div>" if body else "<div></div>")
    return "".join(str(tree.text_content()).split())


def only(rules: Iterable[str], profile: str = "reader") -> set[str]:
    """What to switch off so that only these rules of a profile run."""
    return {*PROFILES[profile]} - {*rules}


@pytest.mark.parametrize("folder", GOLDENS, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_golden(folder: Path) -> None:
    """A folder named like a rule runs that rule alone, any other the whole profile."""
    profile, rule = folder.parent.name, folder.name
    notes: dict[str, Any] = {}
    if (said := folder / "notes.json").exists():
        notes = json.loads(said.read_text(encoding="utf-8"))
    body = (folder / "in.html").read_bytes().decode()
    off = only([rule], profile) if rule in RULES else set()
    cleaned = clean(body, profile, off=off, base=notes.pop("base", ""))
    notes["authors"] = tuple(notes.pop("authors", ()))
    assert cleaned == Cleaned((folder / "out.html").read_bytes().decode(), **notes)


def test_every_rule_has_a_golden_folder() -> None:
    assert {folder.name for folder in GOLDENS} >= {*RULES}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_lists_its_rules_in_running_order(profile: str) -> None:
    assert PROFILES[profile] == tuple(name for name in RULES if name in PROFILES[profile])


def test_rules_are_switched_by_name() -> None:
    body = "<p>　　甲</p><!--x-->"
    assert clean(body, "seed").body == "<p>甲</p><!--x-->"
    assert clean(body, "seed", off=["indents"]).body == body
    assert clean(body, "seed", on=["comments"]).body == "<p>甲</p>"
    assert clean(body, "seed", on=["comments"], off=["comments"]).body == "<p>甲</p><!--x-->"


@pytest.mark.parametrize(
    ("profile", "on", "off"), [("sead", [], []), ("seed", ["x"], []), ("seed", [], ["x"])]
)
def test_an_unknown_name_is_a_key_error(profile: str, on: list[str], off: list[str]) -> None:
    with pytest.raises(KeyError):
        clean("<p>甲</p>", profile, on=on, off=off)


def post_body(name: str) -> str:
    """The HTML of a real post: between digest (or front matter) and the link."""
    text = (POSTS / name).read_bytes().decode()
    body = text.split("---\n", 2)[2]
    if body.startswith("> "):
        body = body.partition("\n\n")[2]
    return body.partition("\n\n<")[0]


def test_oracle_content_of_one_api_cleans_to_the_text_of_the_other() -> None:
    """The same article came with keyword links in one post and without them in the other."""
    linked = post_body("-202205262391921712.md")
    plain = post_body("2022-05-26-NW202205262391921712.md")
    assert "keytip" in linked
    assert clean(linked, "seed").body == plain
    assert clean(linked, "reader") == clean(plain, "reader")


@pytest.mark.parametrize("name", sorted(path.name for path in POSTS.glob("*-NW*.md")))
def test_a_published_body_is_not_touched_again(name: str) -> None:
    body = post_body(name)
    assert clean(body, "seed").body == body


# --- nothing is lost ---------------------------------------------------------------------------

WORDS = st.text("甲乙丙丁 abc0.,\u3000\xa0&;\"'=>/-\n", max_size=8)
NAMES = st.text("甲乙PI0 &;", max_size=4)


@st.composite
def keyword_links(draw: st.DrawFn) -> tuple[str, str]:
    """A keyword link in one of the forms seen, and the text it stands for."""
    text = draw(NAMES)
    code = draw(st.sampled_from(["1.600160", "90.BK0493", "116.00700"]))
    quote = draw(st.sampled_from("'\""))
    gap = draw(st.sampled_from(["", " ", "  "]))
    kind = draw(st.sampled_from(["keytip", "infokey", "a keytip", "em_stock_key_common"]))
    if kind == "em_stock_key_common":
        return (
            f'<span web="1" href="x"{gap} class={quote}{kind}{quote}{gap}>{text}</span{gap}>',
            text,
        )
    link = f"<a{gap} href= {quote}/r/{code}{quote} class={quote}{kind}{quote}>{text}</a{gap}>"
    wrapped = f"<span id={quote}stock_{code}{quote}{gap}>{link}</span>"
    behind = draw(st.sampled_from(["", f"<span id={quote}quote_{code}{quote}></span>"]))
    return wrapped + behind, text


TOKENS = ["<p>", "</p>", "</p >", "<br />", "</b>", "<strong>甲</strong>", "<span>丙</span>"]
TOKENS += ['<a href="/a/1.html">乙</a>', '<span style="color:red">', '<img alt="a > b" src=x>']
PLAIN = WORDS | st.sampled_from([*TOKENS, "<!-- > -->"])


@given(st.lists(PLAIN | keyword_links()))
def test_unwrapping_keyword_links_gives_back_the_text(parts: list[str | tuple[str, str]]) -> None:
    linked = "".join(part if isinstance(part, str) else part[0] for part in parts)
    plain = "".join(part if isinstance(part, str) else part[1] for part in parts)
    assert keywords(linked) == plain


@given(st.text())
def test_token_rules_leave_text_without_keyword_links_alone(text: str) -> None:
    assert keywords(text) == text


TAGS = ["p", "div", "span", "b", "strong", "em", "a", "table", "tbody", "tr", "td", "th", "ul"]
TAGS += ["li", "dl", "dt", "dd", "h2", "blockquote", "figure", "figcaption", "center", "font", "u"]
TAGS += ["ol", "section", "article", "pre", "code", "sup", "picture", "form", "small", "label"]
ATTRIBUTES = [' class="em_stock_key_common"', ' class="keytip"', ' id="quote_1"', ' a"b=1']
ATTRIBUTES += [' href="/x"', ' style="text-align:center"', " align=center", " {x}", " title='<p>'"]
MARKUP = st.one_of(
    st.text("甲乙丙丁abc0 \n\u3000\xa0", min_size=1, max_size=5).map(lambda text: (text, text)),
    st.builds(lambda n, a: (f"<{n}{a}>", ""), st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from([(f"{end}{tag}>", "") for tag in TAGS for end in ("<", "</")]),
    st.sampled_from(
        ["<br>", "<br/>", "<hr>", "<wbr>", "<source>", "</body>", "</html>", "<body>"]
    ).map(lambda tag: (tag, "")),
    st.sampled_from([("&lt;", "<"), ("&amp;", "&"), ("&#20013;", "中"), ("<!-- x -->", "")]),
    st.just(('<img src="/i.jpg" alt="图">', "")),
)


@given(st.lists(MARKUP, max_size=30))
def test_the_reader_profile_keeps_every_character_of_text(parts: list[tuple[str, str]]) -> None:
    cleaned = clean("".join(source for source, _ in parts), "reader").body
    expected = "".join("".join(text for _, text in parts).split())
    assert text_of(cleaned) == expected


@given(st.lists(MARKUP.map(lambda part: part[0]) | st.text(max_size=4), max_size=20).map("".join))
def test_what_the_reader_profile_writes_is_well_formed(body: str) -> None:
    """Whatever comes in: no rule raises, every tag has double quotes and is closed."""
    cleaned = clean(body, "reader", base="https://news.example/a/1.html").body
    assert not re.search(r"=\s*[^\"\s<>][^<>\"]*>", re.sub(r">[^<]*<", "><", cleaned))
    assert clean(cleaned, "reader", off=only([])).body.count("<") == cleaned.count("<")


LINES = [
    "广告",
    "郑重声明：东方财富发布此内容",
    "责任编辑：张三",
    "来源：新华社",
    "甲乙丙。",
    "分享到：",
    "",
]
LINES += ["<img src='/i.jpg'>", "<b>广告</b>", "<p>", "</div>", "<a class=toplink>乙</a>"]


@given(
    st.lists(
        st.builds(
            str.format,
            st.just("<{0}>{1}"),
            st.sampled_from(["p", "div", "li"]),
            st.sampled_from(LINES),
        ),
        max_size=20,
    ).map("".join)
)
def test_a_line_whose_text_was_read_by_one_rule_has_the_same_for_the_next(body: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree.Notes, "text_of_line", lambda notes, line: tree.text_of(line))
        expected = clean(body, "reader")
    assert clean(body, "reader") == expected


# --- attacks: long and crooked input ends in linear time, and the text behind it is there --------

MANY = 60_000
ATTACKS = {
    "nested spans": "<span>" * MANY + "</span>" * MANY + "<p>",
    "nested keyword links": '<span id="stock_1.1"><a class="keytip">' * 30_000,
    "tags never closed": "<p><b>x" * MANY,
    "end tags never opened": "</a></span></p>" * MANY,
    "nested definitions, which libxml2 does not close": "<dd>x" * MANY,
    "nested tables": "<table><tr><td>" * 30_000,
    "nested hidden blocks": "<div><i hidden>" * 30_000 + "</i></div>" * 30_000,
    "hidden siblings": "<b hidden></b>a" * 50_000,
    "chart marks without an end": "<!--EM_StockImg_Start--><p></p>" * 30_000,
    "pictures within pictures": "<picture>" * 30_000 + "<source srcset=a>" * 30_000,
    "captions at every level": "<div><img src=a>" * 20_000 + "<p align=center>c</p></div>" * 20_000,
    "attributes without end": '<p title="' + "x=" * 500_000 + '">',
    "spaces in a style": '<p style="' + " " * 2_000_000 + '">',
    "dots in an address": '<img data-src="' + "." * 1_000_000 + ':">',
    "commas in a srcset": '<img srcset="' + "," * 1_000_000 + '">',
    "zeros in a reference": "&#" + "0" * 1_000_000 + "1;",
    "two megabytes of text": "字" * 700_000,
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("profile", PROFILES)
def test_attack(profile: str, attack: str) -> None:
    cleaned = clean(f"<p>开头</p>{ATTACKS[attack]}完", profile).body
    assert cleaned.startswith("<p>开头</p>")
    assert "完" in cleaned


CROOKED = ["", "\r\n", "\x00", "<", "<!--", "<p", "<p x='", "</p>", "&#0;&#x1;&#55296;&#xffff;"]
CROOKED += ["\ud800<p>\udfff", "<p \x01=2>", "<p {{x}} {% y %}>甲", "<o:p>甲</o:p>", "<script>"]
CROOKED += ["<body onload=x>", "</body></html>", "<?xml version='1' encoding='gbk'?>", "<frameset>"]
CROOKED += ["<plaintext>甲", "<![CDATA[甲]]>", "<svg><a href=x>", '<a href="http://[">甲</a>']
CROOKED += ['<a href="//[::1">', "<table>甲<tr>", "<select><p>甲", "<picture><source>"]


@pytest.mark.parametrize("body", CROOKED)
def test_crooked_bodies_raise_nothing(body: str) -> None:
    for profile in PROFILES:
        cleaned = clean(body, profile, base="https://news.example/")
        assert isinstance(cleaned.body, str)
