"""Articles that stand only in the data of a page's scripts."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from newsspider.extraction.generic import Extracted, extract
from newsspider.extraction.generic.blocks import write_blocks
from newsspider.extraction.generic.state import read_state
from newsspider.model import Page
from newsspider.text.script_data import script_values

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://www.example.com/news/lock-4711"


@dataclass(frozen=True)
class Story:
    title: str
    author: str
    sentence: str

    @property
    def paragraphs(self) -> list[str]:
        return [f"{n}. {self.sentence} {self.sentence}" for n in range(1, 7)]

    @property
    def html(self) -> str:
        return "".join(f"<p>{line}</p>" for line in self.paragraphs)


STORIES = {
    "en": Story(
        "The old lock closes for a year",
        "Mara Ellison",
        "The port of Ellery closes its old lock for a year, the council decided on Tuesday.",
    ),
    "de": Story(
        "Die alte Schleuse schließt für ein Jahr",
        "Jörg Amsel",
        "Der Hafen von Ellern schließt seine alte Schleuse für ein Jahr, beschloss der Rat.",
    ),
    "zh": Story(
        "老船闸将关闭一年", "林晓舟", "港务局周二决定，老船闸将关闭一年，期间船只须绕行北航道。"
    ),
    "ar": Story(
        "إغلاق الهويس القديم لمدة عام",
        "سلمى حداد",
        "قرر مجلس الميناء يوم الثلاثاء إغلاق الهويس القديم لمدة عام كامل لإصلاح البوابات.",
    ),
    "hi": Story(
        "पुराना जल द्वार एक साल के लिए बंद",
        "मीरा जोशी",
        "बंदरगाह परिषद ने मंगलवार को पुराने जल द्वार को एक साल के लिए बंद करने का फैसला किया।",
    ),
    "ko": Story(
        "낡은 갑문 1년간 폐쇄",
        "김지우",
        "항만청은 화요일 낡은 갑문을 1년 동안 닫고 문짝을 모두 바꾸기로 했다고 밝혔다.",
    ),
}
TIME = "2026-11-20T10:30:00+01:00"


def data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def record(story: Story, body: object = None, **more: object) -> dict[str, object]:
    return {
        "id": 4711,
        "title": story.title,
        "publishedAt": TIME,
        "author": {"name": story.author},
        "body": story.html if body is None else body,
        **more,
    }


def next_data(story: Story) -> str:
    props = {"props": {"pageProps": {"article": record(story)}}, "locale": "x"}
    return f'<script id="__NEXT_DATA__" type="application/json">{data(props)}</script>'


def render_data(story: Story) -> str:
    text = quote(json.dumps({"data": record(story)}))
    return f'<script id="RENDER_DATA" type="application/json">{text}</script>'


def initial_state(story: Story) -> str:
    state = {"article": {"byId": {"4711": record(story)}}, "user": None}
    return f"<script>window.__INITIAL_STATE__={data(state)};(function(){{}})()</script>"


def parsed(story: Story) -> str:
    text = data(json.dumps({"detail": record(story)}))
    return f'<script>var x = 1; window["__STATE__"] = JSON.parse({text});</script>'


def single_quoted(story: Story) -> str:
    text = json.dumps({"detail": record(story, note="it's")}).replace("\\", "\\\\")
    text = text.replace("'", "\\'")
    return f"<script>window.__DATA__ = JSON.parse('{text}')</script>"


def nuxt_2(story: Story) -> str:
    body = data(story.html)
    return (
        "<script>window.__NUXT__=(function(a,b,c){return {layout:a,data:[{post:{id:4711,"
        f"title:b,author:c,body:{body},publishedAt:{data(TIME)}}}}}]}}}}"
        f"(null,{data(story.title)},{data(story.author)}));</script>"
    )


def nuxt_3(story: Story) -> str:
    flat = [
        ["ShallowReactive", 1],
        {"data": 2},
        {"article-4711": 3},
        {"title": 4, "author": 5, "body": 7, "publishedAt": 8},
        story.title,
        {"name": 6},
        story.author,
        story.html,
        TIME,
    ]
    return f'<script id="__NUXT_DATA__" type="application/json">{data(flat)}</script>'


def next_rows(story: Story) -> str:
    body = story.html
    rows = f"2:T{len(body.encode()):x},{body}1:" + json.dumps(
        ["$", "div", None, {"article": record(story, "$2")}]
    )
    half = len(rows) // 2
    pushes = [
        f"self.__next_f.push({data([1, part])})" for part in (rows[:half], rows[half:] + "\n")
    ]
    return "".join(f"<script>{push}</script>" for push in pushes)


def apollo(story: Story) -> str:
    state = {
        "ROOT_QUERY": {"article({})": {"__ref": "Article:1"}},
        "Article:1": record(story, {"__ref": "Text:1"}, author={"__ref": "Author:1"}),
        "Author:1": {"__typename": "Author", "name": story.author},
        "Text:1": {"__typename": "Text", "html": story.html},
    }
    return f"<script>window.__APOLLO_STATE__ = {data(state)};</script>"


def wordpress(story: Story) -> str:
    post = {
        "slug": "lock-4711",
        "date": TIME,
        "title": {"rendered": story.title},
        "content": {"rendered": story.html},
        "_embedded": {"author": [{"name": story.author}]},
        "author": story.author,
    }
    return f'<script type="application/json">{data({"posts": [post]})}</script>'


def blocks(story: Story) -> str:
    body = [{"type": "paragraph", "data": {"text": line}} for line in story.paragraphs]
    state = {"content": record(story, {"blocks": body})}
    return f"<script>window.__PRELOADED_STATE__ = {data(state)}</script>"


def named_like_a_text(story: Story) -> str:
    """The record of an article is called as a text may be."""
    body = [{"type": "paragraph", "text": line} for line in story.paragraphs]
    article = {key: value for key, value in record(story, "").items() if key != "body"}
    return f"<script>window.__STATE__ = {data({'story': {**article, 'blocks': body}})}</script>"


def gutenberg(story: Story) -> str:
    body = [{"name": "core/paragraph", "attributes": {"content": p}} for p in story.paragraphs]
    state = {"post": record(story, body, isUnlocked=True)}
    return f"<script>var app = {data(state)}</script>"


def fusion(story: Story) -> str:
    """Arc: the title is a part of `headlines`."""
    text = [{"type": "text", "content": f"<p>{line}</p>"} for line in story.paragraphs]
    content = record(story, "", headlines={"basic": story.title}, content_elements=text)
    del content["title"], content["body"]
    return (
        f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={data(content)}</script>"
    )


def hypernova(story: Story) -> str:
    return f'<script type="application/json"><!--{data({"post": record(story)})}--></script>'


def inertia(story: Story) -> str:
    page = {"component": "Article", "props": {"post": record(story)}, "url": "/news/lock-4711"}
    return f"<div id=app data-page='{escape(data(page))}'></div>"


SHAPES = (
    *(next_data, render_data, initial_state, parsed, single_quoted, nuxt_2, nuxt_3, next_rows),
    *(apollo, wordpress, blocks, gutenberg, named_like_a_text),
    *(fusion, hypernova, inertia),
)


def read(
    script: str, title: str, shown: str = '<div id="root"></div>', lang: str = "en"
) -> Extracted:
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body>{shown}{script}</body></html>"
    )
    return extract(Page(url=URL, body=page.encode()), now=NOW)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_an_article_in_the_data_of_a_script(shape: Any, language: str) -> None:
    story = STORIES[language]
    article = read(shape(story), f"{story.title} | Ellery Post", lang=language)
    assert article.text.split("\n") == story.paragraphs
    assert article.title == story.title
    assert article.published == datetime.fromisoformat(TIME)
    assert article.authors == (story.author,)
    assert article.verdict == ""
    assert article.origins["body"] == article.origins["published"] == "state"


STORY = STORIES["en"]
OTHER = record(STORIES["de"])


def state(value: object) -> str:
    return f"<script>window.__STATE__ = {data(value)}</script>"


def test_what_the_page_shows_counts() -> None:
    shown = "".join(f"<p>{line[::-1]}</p>" for line in STORY.paragraphs)
    article = read(state(record(STORY)), STORY.title, f"<h1>{STORY.title}</h1>{shown}")
    assert STORY.paragraphs[0] not in article.text


def test_of_several_articles_the_one_that_the_page_names() -> None:
    article = read(state({"a": OTHER, "b": record(STORY), "c": OTHER}), STORY.title)
    assert article.text.split("\n") == STORY.paragraphs


def test_a_page_with_the_name_of_its_site_has_the_article_of_its_address() -> None:
    values = {"a": {**OTHER, "id": 1234}, "b": record(STORY, id="lock-4711")}
    assert read(state(values), "Ellery Post").title == STORY.title
    assert read(state({"a": {**OTHER, "id": 1234}}), "Ellery Post").title == STORIES["de"].title


@pytest.mark.parametrize(
    "value",
    [
        {"a": {**OTHER, "id": 1234}, "b": record(STORIES["zh"], id=999)},  # which of them?
        {"about": {"title": "About us", "text": STORY.html}},  # no article: it has no time
        {"related": [record(STORY)]},
        record(STORY, isPremium=True),
        record(STORY, STORY.paragraphs[0]),  # a summary
        record(STORY, "aGVsbG8gd29ybGQ" * 100),
        record(STORY, "a.b{color:red;top:0} " * 100),
    ],
    ids=["two", "page", "related", "locked", "summary", "base64", "css"],
)
def test_no_article_is_invented(value: object) -> None:
    assert read(state(value), "Ellery Post").text == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["One", "Two & three"], "<p>One</p>\n<p>Two &amp; three</p>"),
        (
            [{"type": "paragraph", "content": [{"type": "text", "text": "A "}, {"text": "b"}]}],
            "<p>A b</p>",
        ),
        (
            [{"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "Why"}]}],
            "<h2>Why</h2>",
        ),
        ([{"type": "header-two", "text": "Why"}], "<h2>Why</h2>"),
        ([{"type": "blockquote", "text": "Never."}], "<blockquote><p>Never.</p></blockquote>"),
        (
            [{"type": "list", "data": {"items": [{"type": "listItem", "text": "One"}]}}],
            "<ul><li>One</li></ul>",
        ),
        (
            [
                {
                    "type": "image",
                    "data": {"file": {"url": "https://i.example/a.jpg"}, "caption": "B"},
                }
            ],
            '<figure><img src="https://i.example/a.jpg"><figcaption>B</figcaption></figure>',
        ),
        ([{"type": "image", "url": "javascript:alert(1)"}, {"type": "advert", "text": "Buy"}], ""),
        ([{"__typename": "ArticleText", "html": "<p>One</p><p>Two</p>"}], "<p>One</p><p>Two</p>"),
    ],
)
def test_blocks(value: list[Any], expected: str) -> None:
    assert write_blocks(value) == expected


@pytest.mark.parametrize(
    "script",
    [
        f"<script>window.__S__ = {'[' * 200_000}</script>",
        f"<script>window.__S__ = {'{a:' * 100_000}</script>",
        "<script>" + "window.a = {};" * 50_000 + "</script>",
        "<script>window.a = '" + "\\'" * 500_000 + "</script>",
        "<script type='application/json'>[['Reactive',1],{'a':1,'b':2},[2,1]]</script>" * 50,
        f"<script>self.__next_f.push({data([1, '1:Tffffffff,x'])})</script>",
        state({"a": {"__ref": "a"}, "title": {"__ref": "a"}, "x": "Words. More. " * 90}),
        state([{"content": "x. y. " * 60, "title": "T"}] * 10_000),
    ],
    ids=["deep", "deeper", "names", "quotes", "circle", "row", "reference", "many"],
)
def test_attack_data_of_scripts(script: str) -> None:
    tree = html.document_fromstring(f"<body>{script}</body>")
    started = time.process_time()
    assert read_state(script_values(tree), ["Ellery Post"], URL, alone=True) == {}
    assert time.process_time() - started < 10
