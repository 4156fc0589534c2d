"""Posts, byte for byte, and what is read back from them."""

from __future__ import annotations

import html
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.cli import POSTS, SEED

from newsspider.exporters.jekyll.post import (
    category_path,
    file_name,
    own_language,
    read,
    read_front_matter,
    render,
)
from newsspider.model import Article, Image, Stock
from newsspider.sites import load
from newsspider.sites.schema import Recipe
from newsspider.text.characters import one_line

FINEWS = load("finews")
CHINA = timezone(timedelta(hours=8))
# The layout of today has the way home on one line; `2021-…` and `-2022…` are older or broken.
TODAYS = sorted(path.name for path in POSTS.glob("2022-*.md"))
PLAIN = FINEWS.recipe(Recipe(profile="reader", keys=()))
ARTICLE = Article(
    site="finews",
    key="eastmoney:202204262359811335",
    id="NW202204262359811335",
    link="https://news.example/a",
    title="标题",
    published=datetime(2022, 4, 26, 20, 16, 23, tzinfo=ZoneInfo("Asia/Shanghai")),
    source="人民邮电报",
    category="renminyoudianbao",
    tag="人民邮电报新闻",
    body="<p>正文</p>",
)


def text_of(name: str) -> str:
    return (POSTS / name).read_bytes().decode("utf-8")


def read_back(article: Article, recipe: Recipe = PLAIN) -> Article:
    found = read(file_name(article), render(article, recipe))
    assert found is not None
    return found


# -- real posts -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TODAYS)
def test_a_real_post_is_read_and_composed_to_the_same_bytes(name: str) -> None:
    article = read(name, text_of(name))
    assert article is not None
    recipe = FINEWS.recipe(FINEWS.category(article.category))
    assert file_name(article) == name
    assert render(article, recipe) == text_of(name)


def test_what_the_seed_says() -> None:
    article = read(SEED, text_of(SEED))
    assert article is not None
    assert article.title == "中国移动再推六项“心级服务”新举措"
    assert article.published == datetime(2022, 4, 26, 20, 16, 23, tzinfo=CHINA)
    assert (article.category, article.tag) == ("renminyoudianbao", "人民邮电报新闻")
    assert article.id == "NW202204262359811335"
    assert article.link.endswith("NewsShare.html?infoCode=NW202204262359811335")
    assert article.digest == ""
    assert article.body.startswith('<p style="display:none')
    assert article.body.endswith("</p>")


def test_what_a_post_with_a_digest_says() -> None:
    name = "2022-05-30-202205302396671645.md"
    article = read(name, text_of(name))
    assert article is not None
    assert article.digest.startswith("近日，加拿大主权财富基金")
    assert article.body.startswith("<p>近日")
    assert article.tag == "东财滚动新闻"


OLD = "2021-12-08-202112082206672930.md"
MIDDLE = """layout: post
title: "T"
date: 2021-12-08 10:46:18{zone}
categories: emnews
tags: 东财滚动新闻
---
"""
LINKED = "text\n\n<http://finance.eastmoney.com/news/11060,202112082206672930.html>"
LAYOUTS = {
    "v0": "\n---\n" + MIDDLE.format(zone="") + LINKED,
    "v1": "---\n" + MIDDLE.format(zone="") + LINKED + "\n",
    "v2": "---\n" + MIDDLE.format(zone=" +0800") + "\n" + LINKED,
    "v3": "---\n" + MIDDLE.format(zone="") + LINKED + "\n\n[..](../emnews/)\n[..](../)",
    "v4": "---\n" + MIDDLE.format(zone=" +0800") + LINKED + "\n\n[a](//x/)\n[b](//x/)\n",
    "v6": "---\n" + MIDDLE.format(zone=" +0800") + LINKED + "\n\n[a](//x/)｜[b](//x/)",
    "saved by an editor": "\ufeff---\n" + MIDDLE.format(zone=" +08:00") + LINKED + "\n\n\n",
    "another footer": "---\n" + MIDDLE.format(zone=" +0800") + LINKED + "\n\nthe end, friends",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_older_layouts(layout: str) -> None:
    article = read(OLD, LAYOUTS[layout])
    assert article is not None
    assert article.title == "T"
    assert article.body == "text"
    assert article.link == "http://finance.eastmoney.com/news/11060,202112082206672930.html"
    assert article.published is not None
    assert article.published.replace(tzinfo=None) == datetime(2021, 12, 8, 10, 46, 18)
    aware = layout not in ("v0", "v1", "v3")
    assert (article.published.tzinfo is not None) is aware


@pytest.mark.parametrize("name", [OLD, *TODAYS])
def test_every_real_post_has_link_and_time(name: str) -> None:
    article = read(name, text_of(name))
    assert article is not None
    assert article.link.startswith("http://")
    assert article.published is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("-202205262391921712.md", text_of("-202205262391921712.md")),
        ("about.md", text_of(SEED)),
        ("2022-04-26-x.html", text_of(SEED)),
        (SEED, ""),
        (SEED, "no front matter"),
        (SEED, "---\nlayout: post\n"),
        (SEED, "---\n- a\n---\n"),
        (SEED, '---\ntitle: "a" b\n---\n'),
        (SEED, "---\ndate: 2022-13-45\n---\n"),
        (SEED, "---\ndate: !!int a\n---\n"),
    ],
)
def test_what_is_no_post_of_ours(name: str, text: str) -> None:
    assert read(name, text) is None


@pytest.mark.parametrize("date", ["", "2022-04-26", " +0800", "今天", "[]", "12"])
def test_a_date_that_is_none(date: str) -> None:
    article = read(SEED, f"---\ntitle: x\ndate: {date}\n---\nbody\n\n<http://x.example/>")
    assert article is not None
    assert article.published is None


@pytest.mark.parametrize(
    "body",
    ["<b>" + "[](" * 100_000 + "\nx", "\n" * 300_000 + "x", "<b>\n[" * 100_000, "\n<//" * 100_000],
)
def test_attack_a_body_that_looks_like_many_ends(body: str) -> None:
    start = time.process_time()
    assert read(SEED, f"---\ntitle: x\n---\n{body}") is not None
    assert time.process_time() - start < 2


# -- composing --------------------------------------------------------------------------------


def test_the_layout_of_a_post() -> None:
    assert file_name(ARTICLE) == "2022-04-26-NW202204262359811335.md"
    assert render(replace(ARTICLE, digest="摘要"), PLAIN) == (
        '---\nlayout: post\ntitle: "标题"\ndate: 2022-04-26 20:16:23 +0800\n'
        "categories: renminyoudianbao\ntags: 人民邮电报新闻\n---\n"
        "> 摘要\n\n<p>正文</p>\n\n<https://news.example/a>\n\n"
        "[返回人民邮电报新闻](//finews.withounder.com/category/renminyoudianbao.html)"
        "｜[返回首页](//finews.withounder.com/)"
    )


def test_what_is_empty_takes_no_line() -> None:
    bare = render(replace(ARTICLE, body=""), replace_footer(""))
    assert bare.endswith("---\n<https://news.example/a>")
    assert read_back(replace(ARTICLE, body="", digest="摘要")).digest == "摘要"


def replace_footer(footer: str) -> Recipe:
    return FINEWS.recipe(Recipe(footer=footer))


def test_a_footer_quotes_what_stands_in_its_address() -> None:
    asked = Recipe(footer="[{tag}]({category_page})", category_page="/c/{category}.html")
    recipe = FINEWS.recipe(asked)
    assert category_path("a(b)·c", recipe) == "/c/a(b)·c.html"
    text = render(replace(ARTICLE, category="a(b)·c", tag="a](x)"), recipe)
    label, _, target = text.splitlines()[-1].partition("](/")
    assert target == "c/a%28b%29%C2%B7c.html)"
    assert "](" not in label  # a name cannot end the link early


FULL = replace(
    ARTICLE,
    summary='He said: "x" <b>',
    images=(Image("https://news.example/i.jpg", "c"), Image("https://news.example/j.jpg")),
    stocks=(Stock("1", "600941", "中国移动"), Stock("116", "00700")),
    modified=datetime(2022, 4, 27, tzinfo=CHINA),
    authors=("余小菁", "向雪"),
    tags=("中国移动", "5G, 6G", "on"),
)


def test_further_keys_stand_only_where_asked_and_in_order() -> None:
    five = ["layout", "title", "date", "categories", "tags"]
    keys = (
        *("author", "source", "link", "description", "image", "stocks", "last_modified_at"),
        "keywords",
    )

    def head(article: Article, recipe: Recipe) -> dict[str, object]:
        return dict(yaml.safe_load(render(article, recipe).split("---\n")[1]))

    assert list(head(FULL, PLAIN)) == five
    asked = head(FULL, FINEWS.recipe(Recipe(keys=keys)))
    assert list(asked) == [*five, *keys]
    assert asked["author"] == "余小菁, 向雪"
    assert asked["source"] == "人民邮电报"
    assert html.unescape(str(asked["description"])) == FULL.summary
    assert asked["image"] == "https://news.example/i.jpg"
    assert asked["stocks"] == ["1.600941", "116.00700"]
    assert asked["last_modified_at"] == "2022-04-27 00:00:00 +0800"
    assert asked["keywords"] == ["中国移动", "5G, 6G", "on"]
    nothing = head(replace(ARTICLE, source="", authors=()), FINEWS.recipe(Recipe(keys=keys)))
    assert list(nothing) == [*five, "link"]


READER = Recipe(profile="reader", keys=())


@pytest.mark.parametrize(
    ("language", "site", "own"),
    [
        ("de", "en", "de"),
        ("en", "en", ""),
        ("en-GB", "en", ""),
        ("en", "en-GB", ""),
        ("EN", "en-gb", ""),
        ("zh", "zh-CN", ""),
        ("zh-Hans", "zh", ""),
        ("zh-TW", "zh-CN", "zh-TW"),
        ("en-US", "en-GB", "en-US"),
        ("fi", "fil", "fi"),
        ("pt_BR", "en", "pt-BR"),
        ("de", "", "de"),
        ("", "en", ""),
        ("", "", ""),
        ("Deutsch", "en", ""),
        ('de" onload="x', "en", ""),
        ("de\nlayout: x", "en", ""),
        ("d", "en", ""),
    ],
)
def test_a_post_states_its_language_where_it_is_not_the_sites(
    language: str, site: str, own: str
) -> None:
    article = replace(ARTICLE, language=language)
    assert own_language(article, READER, site) == own
    assert own_language(article, FINEWS.recipe(Recipe()), site) == ""  # as its posts always were


@pytest.mark.parametrize("language", ["de", "zh-TW", "no", "yes-Latn"])
def test_lang_is_the_last_key_and_a_text(language: str) -> None:
    recipe = FINEWS.recipe(Recipe(keys=("author", "keywords")))
    head = yaml.safe_load(render(FULL, recipe, language).split("---\n")[1])
    assert list(head)[-3:] == ["author", "keywords", "lang"]
    assert head["lang"] == language


# -- titles and names of any kind -------------------------------------------------------------

WORDS = st.text() | st.sampled_from(
    [
        'He said "no": <b>yes</b> & more',
        "key: value # no comment",
        "---",
        "{{ site.title }} {% raw %}",
        "AT&amp;T &lt;b&gt;",
        "A\\股 \\n",
        "'single' [list] {map} *x &y !z %w @v `u`",
        "a\nb\r\nc\td\u2028e",
        "163",
        "null",
        "*ST康得",
        " spaces ",
    ]
)


@given(WORDS)
def test_a_title_is_read_back_as_it_was(title: str) -> None:
    assert read_back(replace(ARTICLE, title=title)).title == one_line(title)


@given(WORDS.filter(lambda text: one_line(text).strip() == one_line(text) != ""))
def test_a_tag_and_a_source_are_read_back_as_they_were(name: str) -> None:
    recipe = FINEWS.recipe(Recipe(keys=("source",)))
    found = read_back(replace(ARTICLE, tag=name, source=name), recipe)
    assert found.tag == one_line(name)
    assert found.source == one_line(name)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_keywords_are_a_list_of_texts_on_one_line(words: list[str]) -> None:
    recipe = FINEWS.recipe(Recipe(keys=("keywords",)))
    matter = render(replace(ARTICLE, tags=tuple(words)), recipe).split("\n---\n")[0]
    assert matter.split("\n")[-1].startswith("keywords: [")
    assert len(matter.split("\n")) == 7
    head = yaml.safe_load(matter.removeprefix("---\n"))
    assert [html.unescape(word) for word in head["keywords"]] == [one_line(word) for word in words]
    assert not any(sign in word for word in head["keywords"] for sign in '<>"{')
    assert head["tags"] == ARTICLE.tag


@given(WORDS, WORDS)
def test_no_title_and_no_tag_adds_a_line_to_the_front_matter(title: str, tag: str) -> None:
    lines = render(replace(ARTICLE, title=title, tag=tag), PLAIN).split("\n")
    assert [line.split(":")[0] for line in lines[1:6]] == [
        "layout",
        "title",
        "date",
        "categories",
        "tags",
    ]
    assert lines[6] == "---"


@pytest.mark.parametrize("digest", ["&copy 2022", "a&lt;b &amp b", "?a=1&lt=2", '"on" &copy'])
def test_a_digest_with_half_a_reference_reads_back(digest: str) -> None:
    assert read_back(replace(ARTICLE, body="<p>a</p>", digest=digest)).digest == digest


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("times", [1, 199, 201, 30_000])
def test_attack_front_matter_of_any_depth_ends_nothing(sign: str, times: int) -> None:
    """libyaml's loader ends the process at such a depth."""
    head = read_front_matter(f"---\n{sign * times}x\n---\n")
    assert head is None or isinstance(head, dict)


def test_both_loaders_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    head = 'title: "a \\u4e2d 中 😀"\ndate: 2022-04-26 20:16:23 +0800\nstocks: [1.600941, "0.1"]\n'
    text = f"---\n{head}n: 012\nyes: no\n---\nbody"
    fast = read_front_matter(text)
    monkeypatch.setattr("newsspider.exporters.jekyll.post._DEEPEST", 0)
    assert read_front_matter(text) == fast and len(fast or {}) == 5
