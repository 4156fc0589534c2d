"""From a link to an article, page by page: who is asked, and whose word counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.errors import NotReadable
from newsspider.extraction.assemble import assemble
from newsspider.extraction.draft import Draft, NextPage, add_failed, add_part, new_draft
from newsspider.extraction.page import read_page
from newsspider.extraction.reading import next_page
from newsspider.model import Article, Link, Page
from newsspider.sites import claimed, load
from newsspider.sites.identity import article_key, file_name_id
from newsspider.sites.listings import HtmlPage, JsonPage
from newsspider.sites.schema import Recipe, Site

FINEWS = load("finews")
NOW = datetime(2022, 6, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
ID = "202204262359811335"
URL = f"https://finews.withounder.com/renminyoudianbao/2022/04/26/NW{ID}.html"
SHARE = f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{ID}"
LINK = Link(url=URL, id=f"NW{ID}")
MEDIA = '<p>text</p><p class="em_media">（文章来源：人民邮电报）</p>'


def read_fields(page: Page, rules: HtmlPage | JsonPage) -> Mapping[str, Any]:
    return read_page(page, rules, now=NOW, zone=None).fields


def made(link: Link = LINK, category: str = "renminyoudianbao", **parts: dict[str, Any]) -> Draft:
    got = new_draft(FINEWS, link, FINEWS.recipe(FINEWS.category(category)), category)
    for name, said in parts.items():
        got = add_part(got, name, said)
    return got


def article(link: Link = LINK, category: str = "renminyoudianbao", **parts: Any) -> Article:
    return assemble(made(link, category, **parts), NOW)


def site(**values: Any) -> Site:
    return Site.model_validate({"name": "example", "title": "Example News", **values})


# -- what a page says -------------------------------------------------------------------------


def test_the_post_page_of_finews() -> None:
    body = f"""<html><head><title>x</title></head><body><section><h1>中国移动再推六项</h1>
      <small>2022-04-26 20:16:23 <em>人民邮电报新闻</em></small><p>rewritten</p>
      <a href="/home">home</a><a href="{SHARE}">{SHARE}</a></section></body></html>"""
    said = read_fields(Page(url=URL, body=body.encode()), FINEWS.pages["post"])
    assert said == {
        "title": "中国移动再推六项",
        "time": "2022-04-26 20:16:23",
        "source": "人民邮电报",
        "link": SHARE,
    }


def test_the_text_api_in_another_spelling() -> None:
    answer = {"data": {"Title": "no", "title": "t", "showTime": "x", "mediaName": "m"}, "text": "b"}
    page = Page(url="http://x.example/", body=f"cb({json.dumps(answer)})".encode())
    said = read_fields(page, FINEWS.pages["text"])
    assert said == {"title": "t", "time": "x", "source": "m", "body": "b"}


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("//x.example/a", "https://x.example/a"),
        ("b", "https://x.example/b"),
        ("javascript:x", None),
    ],
)
def test_the_link_of_a_page_is_absolute(href: str, link: str | None) -> None:
    own = site(pages={"p": {"kind": "html", "fields": {"link": "a::attr(href)"}}})
    page = Page(url="https://x.example/", body=f"<a href='{href}'>".encode())
    assert read_fields(page, own.pages["p"]).get("link") == link


@pytest.mark.parametrize("body", [b"", b"not json", b"{"])
def test_an_answer_that_is_none(body: bytes) -> None:
    with pytest.raises(NotReadable):
        read_fields(Page(url="http://x.example/", body=body), FINEWS.pages["text"])


# -- who is asked -----------------------------------------------------------------------------

FULL = {"title": "t", "time": "2022-04-26 20:16:23"}


def test_the_pages_are_asked_in_their_order() -> None:
    start = made()
    assert next_page(start, NOW) == NextPage("post", URL, optional=False)
    second = add_part(start, "post", {**FULL, "link": SHARE})
    text = f"http://finews.zning.xyz/NewsData/GetNewsText.do?id=NW{ID}"
    assert next_page(second, NOW) == NextPage("text", text, optional=False)
    assert next_page(add_part(second, "text", {"body": "b"}), NOW) is None


@pytest.mark.parametrize("missing", ["title", "time"])
def test_a_page_for_what_is_missing_is_asked_only_then(missing: str) -> None:
    said = {name: value for name, value in FULL.items() if name != missing}
    got = made(post=said, text={"body": "b"})
    url = f"https://finance.eastmoney.com/a/{ID}.html"
    assert next_page(got, NOW) == NextPage("article", url, optional=True)
    assert next_page(add_failed(got, "article"), NOW) is None
    assert next_page(add_part(got, "article", {}), NOW) is None


@pytest.mark.parametrize("time", ["", "soon", "2022-02-30 10:00", "2099-01-01"])
def test_a_time_that_is_none_is_missing(time: str) -> None:
    asked = next_page(made(post={"title": "t", "time": time}, text={}), NOW)
    assert asked is not None
    assert asked.page == "article"


@pytest.mark.parametrize(
    ("link", "origin"),
    [
        (SHARE, "http://finews.zning.xyz"),
        (
            f"https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW{ID}",
            "https://choicewzp1.eastmoney.com",
        ),
        ("https://evil.example/elsewhere", "http://finews.zning.xyz"),
        ("", "http://finews.zning.xyz"),
    ],
)
def test_the_text_is_asked_where_the_share_link_is(link: str, origin: str) -> None:
    asked = next_page(made(post={"link": link}), NOW)
    assert asked == NextPage("text", f"{origin}/NewsData/GetNewsText.do?id=NW{ID}", optional=False)


# -- whose word counts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "attribute"),
    [
        ("title", "title"),
        ("source", "source"),
        ("body", "body"),
        ("digest", "digest"),
        ("summary", "summary"),
        ("editor", "editor"),
        ("original_title", "original_title"),
        ("link", "link"),
    ],
)
def test_each_field_is_of_the_first_by_rank_that_has_it(field: str, attribute: str) -> None:
    order = ["text", "listing", "post", "article"]  # as finews has it
    parts = {name: {field: f"of {name}"} for name in order}
    for at, name in enumerate(order):
        got = article(**{who: parts[who] for who in order[at:]})
        assert getattr(got, attribute) == f"of {name}"
        parts[name] = {field: ""}
    assert getattr(article(), attribute) != f"of {order[-1]}"


@pytest.mark.parametrize(
    ("told", "tags"),
    [
        (("Sea, shore", "Ferries"), ("Sea, shore", "Ferries")),
        (["Ferries", "Sea", "ferries"], ("Ferries", "Sea")),  # as the ledger keeps a listing's
        ("Sea, Ferries; Winter，Ice、 Sea", ("Sea", "Ferries", "Winter", "Ice")),
        (("Sea, Ferries",), ("Sea", "Ferries")),
        ("", ()),
        ([{"a": 1}, 7], ("{'a': 1}", "7")),
    ],
)
def test_tags_of_a_list_and_of_one_text(told: Any, tags: tuple[str, ...]) -> None:
    assert article(listing={"tags": told}).tags == tags


def test_without_a_rank_the_last_page_counts_first() -> None:
    pages = {name: {"kind": "html", "fields": {"title": "h1"}} for name in ("first", "second")}
    own = site(pages=pages, articles={"ask": ["first", "second"]})
    got = new_draft(own, Link(url="https://x.example/a", title="listing"), own.recipe(Recipe()))
    assert assemble(got, NOW).title == "listing"
    got = add_part(got, "first", {"title": "first"})
    assert assemble(got, NOW).title == "first"
    assert assemble(add_part(got, "second", {"title": "second"}), NOW).title == "second"


def test_the_title_in_the_brackets_of_the_digest_comes_last() -> None:
    said = {"digest": "【标题】正文（来源）"}
    assert article(listing=said).title == "标题"
    assert article(listing=said).digest == "正文（来源）"
    assert article(listing={"summary": "【标题】正文"}).title == "标题"
    assert article(listing=said, article={"title": "later"}).title == "later"


def test_the_time_is_the_most_precise_one_then_by_rank() -> None:
    text, post = {"time": "2022-04-26 20:16"}, {"time": "2022-04-26 20:16:23"}
    assert article(text=text, post=post).published == datetime(
        2022, 4, 26, 20, 16, 23, tzinfo=FINEWS.zone
    )
    second = {"time": "2022-04-26 20:17:00"}
    first_by_rank = article(text=post, listing=second).published
    assert first_by_rank == datetime(2022, 4, 26, 20, 16, 23, tzinfo=FINEWS.zone)
    assert article(text={"time": "nonsense"}, post=text).published == datetime(
        2022, 4, 26, 20, 16, tzinfo=FINEWS.zone
    )


def test_the_day_comes_from_the_id_when_nobody_says_a_time() -> None:
    assert article().published == datetime(2022, 4, 26, tzinfo=FINEWS.zone)
    got = article(Link(url="", id="NW209913992359811335"))
    assert got.published is None


def test_a_day_without_a_year_takes_it_from_the_id() -> None:
    old = Link(url="", id="NW202012312359811335")
    got = article(old, text={"time": "12月31日 17:56"})
    assert got.published == datetime(2020, 12, 31, 17, 56, tzinfo=FINEWS.zone)


def test_the_source_is_read_off_the_body_last() -> None:
    assert article(text={"body": MEDIA}).source == "人民邮电报"
    assert article(text={"body": MEDIA}, article={"source": "新华社"}).source == "新华社"
    assert article().source == ""


def test_the_category_is_the_recipes_or_the_sources_name() -> None:
    assert article(text={"source": "财联社"}).category == "cailianshe"
    assert article(text={"source": "财联社"}).tag == "财联社新闻"
    assert article(text={"source": "财联社"}, category="emnews").category == "emnews"
    assert article(text={"source": "财联社"}, category="emnews").tag == "东财滚动新闻"
    assert article().tag == "金融消息新闻"  # the site's own name where nobody says a source


@pytest.mark.parametrize(
    ("by_fallback", "source"), [(("source",), ""), (("title",), "Ann Miller"), ((), "Ann Miller")]
)
def test_an_author_is_no_source_where_the_selector_of_the_source_is_lost(
    by_fallback: tuple[str, ...], source: str
) -> None:
    draft = made(text={"source": "Ann Miller", "author": ["Ann Miller"], "body": "x"})
    got = assemble(replace(draft, by_fallback=by_fallback), NOW)
    assert got.source == source
    assert got.marks[: len(by_fallback)] == tuple(f"by_fallback/{name}" for name in by_fallback)


@pytest.mark.parametrize("speller", ["xpinyin", "pypinyin"])
def test_exceptions_to_the_spelling(speller: str) -> None:
    own = site(slugs={"speller": speller, "names": {"银行家": "banker", "坏": "../up"}})
    link = Link(url="https://x.example/a", source="银行家")
    assert assemble(new_draft(own, link, own.recipe(Recipe())), NOW).category == "banker"
    bad = assemble(new_draft(own, replace(link, source="坏"), own.recipe(Recipe())), NOW).category
    assert "/" not in bad


@pytest.mark.parametrize("source", ["../../etc/passwd", "a/b", "con", ". .", "\x00", "x" * 10**6])
def test_attack_a_source_that_is_a_path(source: str) -> None:
    category = article(text={"source": source}).category
    assert 0 < len(category) <= 80
    assert not set(category) & set("/\\.\x00 ")


def test_the_link_falls_back_to_the_recipes_and_then_to_itself() -> None:
    given = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=x"
    assert article(post={"link": given}).link == given
    assert article().link == SHARE
    assert article(category="emnews").link == f"http://finance.eastmoney.com/a/{ID}.html"
    own = new_draft(site(), Link(url="https://x.example/a"), Recipe())
    assert assemble(own, NOW).link == "https://x.example/a"


# -- identity ---------------------------------------------------------------------------------


def test_one_article_has_one_key_and_each_category_its_file_name() -> None:
    for link in (LINK, Link(url="", id=ID), Link(url=f"http://x.example/1351,{ID}.html")):
        assert article_key(FINEWS, link) == f"eastmoney:{ID}"
        assert file_name_id(FINEWS, link, FINEWS.recipe(Recipe())) == f"NW{ID}"
        assert file_name_id(FINEWS, link, FINEWS.recipe(FINEWS.category("emnews"))) == ID


def test_without_a_template_the_number_is_the_file_name() -> None:
    own = site(ids={"space": "numbers", "pattern": r"\d{6}"})
    links = [Link(url=f"https://{host}.example/123456.html") for host in ("www", "m")]
    assert {file_name_id(own, link, own.recipe(Recipe())) for link in links} == {"123456"}
    assert file_name_id(own, Link(url="", id="654321"), own.recipe(Recipe())) == "654321"


def test_without_numbers_the_canonical_address_is_the_identity() -> None:
    links = [
        Link(url="http://x.example/News/A-Story.html?utm_source=y"),
        Link(url="https://x.example/News/A-Story.html#top"),
    ]
    assert {article_key(site(), link) for link in links} == {
        "example:https://x.example/News/A-Story.html"
    }
    (name,) = {file_name_id(site(), link, Recipe()) for link in links}
    assert name.startswith("a-story-")


# -- hostile answers --------------------------------------------------------------------------

NAMES = (
    *("id", "title", "time", "source", "summary", "digest", "body", "link"),
    *("author", "editor", "original_title"),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["【", "2022-13-45", "9" * 400, MEDIA, "http://[", SHARE, "今天 99:99"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
TEXTS = [one.name for one in fields(Article) if one.type == "str"]


def check(got: Article) -> None:
    for name in TEXTS:
        assert type(getattr(got, name)) is str, name
    assert all(type(text) is str for text in (*got.authors, *got.tags))
    assert got.published is None or got.published.tzinfo is not None
    assert got.category
    assert got.id


@settings(deadline=None, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(NAMES), JSON),
    st.dictionaries(st.sampled_from(NAMES), JSON),
    st.sampled_from(["renminyoudianbao", "emnews"]),
)
def test_any_json_in_any_field_makes_an_article_of_texts(
    listing: dict[str, Any], text: dict[str, Any], category: str
) -> None:
    got = made(category=category, listing=listing, text=text)
    next_page(got, NOW)
    check(assemble(got, NOW))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "showtime", "from", "text", "data"]), JSON))
def test_any_answer_of_the_text_api_makes_an_article_of_texts(answer: dict[str, Any]) -> None:
    page = Page(url="http://x.example/", body=json.dumps(answer).encode())
    try:
        said = read_fields(page, FINEWS.pages["text"])
    except NotReadable:
        said = {}
    got = article(text=dict(said))
    check(got)
    for name in TEXTS:
        getattr(got, name).encode("utf-8")


def test_now_may_be_in_any_zone() -> None:
    got = assemble(made(text={"time": "今天 16:25"}), datetime(2022, 4, 27, 10, tzinfo=UTC))
    assert got.published is not None
    assert f"{got.published:%Y-%m-%d %H:%M:%S %z}" == "2022-04-27 16:25:00 +0800"


@pytest.mark.parametrize("answer", [b'{"code": 0, "message": "busy"}', b"null", b'[{"a": 1}]'])
def test_an_error_told_with_status_200_is_not_readable(answer: bytes) -> None:
    with pytest.raises(NotReadable):
        read_fields(Page(url="http://x.example/", body=answer), FINEWS.pages["text"])


def test_attack_a_body_links_to_the_share_page_of_another_article() -> None:
    own = Link(url=f"https://finews.withounder.com/a/2022/04/26/NW{ID}.html")
    other = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202301010000000001"
    made = add_part(new_draft(FINEWS, own, FINEWS.recipe(Recipe())), "post", {"link": other})
    assert assemble(made, NOW).link.endswith(f"infoCode=NW{ID}")


def test_attack_a_share_link_on_a_strange_host_is_asked_nothing() -> None:
    own = Link(url=f"https://finews.withounder.com/a/2022/04/26/NW{ID}.html")
    strange = f"http://evil.example/html_News/NewsShare.html?infoCode=NW{ID}"
    made = add_part(new_draft(FINEWS, own, FINEWS.recipe(Recipe())), "post", {"link": strange})
    ask = next_page(made, NOW)
    assert ask is not None
    assert ask.url.startswith("http://finews.zning.xyz/NewsData/")


def test_a_share_link_is_shown_in_its_plain_form() -> None:
    long = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?from=app&infoCode=NW"
    own = Link(url=f"https://finews.withounder.com/a/2022/04/26/NW{ID}.html")
    said = {"link": f"{long}{ID}&v=2"}
    made = add_part(new_draft(FINEWS, own, FINEWS.recipe(Recipe())), "post", said)
    plain = f"https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW{ID}"
    assert assemble(made, NOW).link == plain


def test_a_relative_time_far_from_the_day_of_the_id_is_not_believed() -> None:
    link = Link(url="", id="202203030000000008", time="今天 09:08", title="t")
    made = new_draft(FINEWS, link, FINEWS.recipe(FINEWS.category("emnews")))
    assert str(assemble(made, NOW).published) == "2022-03-03 00:00:00+08:00"


PHONES = Site.model_validate(
    {
        "name": "phones",
        "title": "P",
        "ids": {"space": "numbers", "pattern": r"\d{6}"},
        "pages": {"page": {"kind": "html", "fields": {"title": "h1"}}},
        "articles": {"ask": ["page"]},
        "shares": [
            {
                "pattern": r"https?://(?P<host>[a-z]+)\.news\.example/old,(?P<id>\d{6})",
                "url": "https://{host}.news.example/{id}.html",
            },
            {
                "pattern": r"https?://m\.example/(?P<id>\d{6})",
                "link": "https://www.news.example/{number}.html",
            },
        ],
    }
)


@pytest.mark.parametrize(
    ("given", "asked", "shown"),
    [
        (
            "http://money.news.example/old,123456",
            "https://money.news.example/123456.html",
            "https://money.news.example/123456.html",
        ),
        (
            "https://m.example/123456",
            "https://m.example/123456",
            "https://www.news.example/123456.html",
        ),
    ],
)
def test_what_a_share_link_asks_for_and_what_its_post_shows(
    given: str, asked: str, shown: str
) -> None:
    found = claimed(given, [PHONES])
    assert found is not None
    got = new_draft(PHONES, found.link, PHONES.recipe(found.share))
    assert next_page(got, NOW) == NextPage("page", asked, False)
    assert assemble(got, NOW).link == shown


def test_a_link_of_a_listing_is_shown_in_the_plain_form_of_a_share_link() -> None:
    link = Link(url="http://m.example/123456")
    got = new_draft(PHONES, link, PHONES.recipe(PHONES.category("any")))
    assert assemble(got, NOW).link == "https://www.news.example/123456.html"
