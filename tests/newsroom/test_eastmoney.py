"""The newsroom's East Money, as its public clients see the real one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from support.asking import Reply, ask

from newsroom import Newsroom
from newsroom.eastmoney import EastMoneyStory, columns, faults, stories
from newsroom.eastmoney.hosts import HOSTS
from newsspider import demo

FINANCE, LISTS, WEBLIST = (
    "finance.eastmoney.com",
    "np-listapi.eastmoney.com",
    "np-weblist.eastmoney.com",
)
LIVE = "newsapi.eastmoney.com"
STORIES = stories()
FAST = [story for story in STORIES if "724" in story.lists]
SHOWN = [story for story in STORIES if story.answer == "" and story.np_dst == "CMS"]
ARTICLES = ["finance", "stock", "fund", "hk", "futures", "global", "biz"]
KNOWN = {name: column for name, column in columns.COLUMNS.items() if column.number}


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


def listed(room: Newsroom, name: str, page: str = "") -> list[Any]:
    reply = ask(room, columns.COLUMNS[name].host, f"/a/{name}{page}.html")
    assert reply.status == 200
    return list(html.fromstring(reply.text).xpath('//ul[@id="newsListContent"]/li'))


def all_pages(room: Newsroom, name: str) -> list[Any]:
    """The items of a column, page by page as the pager leads."""
    found, path = [], f"{name}.html"
    while path:
        page = html.fromstring(ask(room, columns.COLUMNS[name].host, f"/a/{path}").text)
        found += page.xpath('//ul[@id="newsListContent"]/li')
        path = "".join(page.xpath('//div[@id="pagerNoDiv"]/a[.="下一页"]/@href'))
    return found


def by_column(room: Newsroom, **query: Any) -> Reply:
    parameters = {
        "client": "web",
        "biz": "web_news_col",
        "column": "350",
        "order": 1,
        "page_index": 1,
    }
    parameters |= {"page_size": 20, "req_trace": "1", **query}
    path = "&".join(f"{key}={value}" for key, value in parameters.items() if value is not None)
    return ask(room, LISTS, f"/comm/web/getNewsByColumns?{path}")


def page_of(room: Newsroom, story: EastMoneyStory) -> Any:
    path = columns.address(story, "http:").removeprefix(f"http://{story.host}")
    reply = ask(room, story.host, path)
    assert reply.status == 200
    return html.fromstring(reply.text)


def pick(**quirk: Any) -> EastMoneyStory:
    """A story with such fields."""
    return next(s for s in SHOWN if all(getattr(s, k) == v for k, v in quirk.items()))


# -- the stories ---------------------------------------------------------------------------------


def test_stories_are_many_and_each_is_somewhere() -> None:
    assert len(STORIES) >= 25
    assert len({story.id for story in STORIES + demo.stories()}) == len(STORIES) + len(
        demo.stories()
    )
    for story in STORIES:
        assert re.fullmatch(r"20\d{16}", story.id)
        assert time.strptime(story.time, "%Y-%m-%d %H:%M:%S")
        assert story.columns or "724" in story.lists
        assert story.reading or story.answer == "empty"
        assert f"{story.host}" in HOSTS
        assert all(name in columns.COLUMNS for name in story.columns)
    assert {name for story in STORIES for name in story.columns} == set(columns.COLUMNS)


def test_links_between_stories_lead_to_stories() -> None:
    linked = set(re.findall(r"eastmoney\.com/a/(\d{18})", "".join(s.content for s in STORIES)))
    assert linked and linked <= {story.id for story in STORIES}


def test_shares_of_every_market_are_marked() -> None:
    markets = {code.partition(".")[0] for story in STORIES for code in story.stocks}
    assert markets == {"0", "1", "90", "105", "106", "114", "116"}
    first = next(story for story in STORIES if "1.600941" in story.stocks)
    assert first.stocks[:3] == ("1.600941", "1.688999", "0.301999")


def test_first_users_site_does_not_have_them(room: Newsroom) -> None:
    assert not any(story.post or story.rolling for story in STORIES)
    share = ask(
        room, "finews.zning.xyz", f"/NewsData/GetNewsText.do?id={pick(template='2020').code}"
    )
    assert share.json["text"].startswith("<p>")  # their share links have a text all the same


# -- articles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", SHOWN, ids=lambda story: story.id)
def test_page_has_every_word_of_the_reading_text_in_order(
    room: Newsroom, story: EastMoneyStory
) -> None:
    body = page_of(room, story).xpath('//*[@id="ContentBody" or @id="zwtext"]')[0]
    words, at = re.sub(r"\s+", "", body.text_content()), 0
    for line in story.reading:
        found = words.find(re.sub(r"\s+", "", line), at)
        assert found >= at, line
        at = found
    assert set(story.pictures) <= set(body.xpath(".//img/@src"))


@pytest.mark.parametrize("story", SHOWN, ids=lambda story: story.id)
def test_page_has_title_time_source_and_editor(room: Newsroom, story: EastMoneyStory) -> None:
    page = page_of(room, story)
    title, when, source = {
        "2021": ("div.title", "div.infos .item", "div.infos .item:nth-child(2)"),
        "2020": (".newsContent h1", ".time-source .time", ".source.data-source"),
        "wap": ("div.atitle", ".ainfo .time", ".ainfo .source"),
    }[story.template]
    minute = time.strftime("%Y年%m月%d日 %H:%M", time.strptime(story.time, "%Y-%m-%d %H:%M:%S"))
    assert page.cssselect(title)[0].text_content() == story.title
    assert page.cssselect(when)[0].text_content() == minute
    named = page.cssselect(source)[0]
    if story.template == "2020":
        assert named.get("data-source") == story.media
        assert page.cssselect(".b-review")[0].text_content() == story.summary
    else:
        bare = "bare-source" in story.quirks
        assert named.text_content() == ("" if bare else "来源：") + story.media
    assert (f"责任编辑：{story.editor}" in page.text_content()) == bool(story.editor)
    if story.original:
        assert page.cssselect("div.sublab")[0].text_content() == f"原标题：{story.original}"


@pytest.mark.parametrize("path", ["/a/{}.html", "/news/1354,{}.html"])
@pytest.mark.parametrize("host", ARTICLES)
def test_every_host_has_every_article_at_both_addresses(
    room: Newsroom, host: str, path: str
) -> None:
    for template in ("2021", "2020"):
        page = ask(room, f"{host}.eastmoney.com", path.format(pick(template=template).id)).text
        assert ('class="newsContent"' in page) == (template == "2020")


@pytest.mark.parametrize("host", ["wap.eastmoney.com", "m.eastmoney.com"])
def test_wap_has_every_article_and_some_alone(room: Newsroom, host: str) -> None:
    for story in (
        pick(template="2021"),
        pick(template="2020"),
        pick(template="wap"),
    ):
        page = html.fromstring(ask(room, host, f"/a/{story.id}.html").text)
        assert page.cssselect("div.atitle")[0].text_content() == story.title
        assert story.reading[0] in page.get_element_by_id("zwtext").text_content()
    assert ask(room, FINANCE, f"/a/{pick(template='wap').id}.html").status == 404


@pytest.mark.parametrize(
    "noise",
    [
        '<p style="display:none;',
        "在东方财富看资讯行情",
        'class="toplink"',
        "acttg.eastmoney.com",
        'class="em_handle_adv_close"',
        '<div class="ad_context3"><script>',
        'class="em_xuangu"',
        "<p>打开微信，</p><p>点击底部的“发现”</p>",
        "<p>　　郑重声明：东方财富网",
        "<!--文章主体-->",
        "<!--IMG#0-->",
        '<p class="em_media">（文章来源：',
    ],
)
def test_noise_is_in_the_body_of_each_template(room: Newsroom, noise: str) -> None:
    for host, story in (
        (FINANCE, pick(template="2021", quirks=())),
        (FINANCE, pick(template="2020", quirks=())),
        ("wap.eastmoney.com", pick(template="wap")),
    ):
        page = ask(room, host, f"/a/{story.id}.html").text
        assert noise in re.split(r'id="(?:ContentBody|zwtext)"', page)[1]


def test_noise_is_no_part_of_the_reading_text() -> None:
    words = "\n".join(line for story in SHOWN for line in story.reading)
    for noise in (
        "文章来源",
        "责任编辑",
        "原标题",
        "妙想",
        "开户",
        "选股器",
        "网页分享",
        "⟦",
        "**",
    ):
        assert noise not in words
    for kept in ("打开微信，三秒", "“郑重声明”：本公司", "标明“广告”二字", "R&D投入", "《<企业"):
        assert kept in words


QUIRKS = {
    "chart": r"<!-- EM_StockImg_Start -->.*nid=1\.600941&imageType=k",
    "table": r"<table[^>]*><tbody><tr><th>城市</th>",
    "points": r"(?:<li>.*?</li>){40}",
    "bold sub-head": r"<p>　　<strong>市场回顾</strong></p>",
    "caption": r'</center><p style="text-align:center;">柳河镇',
    "link inside a word": r"与长<span id=\"bk_90\.BK0493\"><a",
    "repeated mention": r'<span web="1" href="[^"]+" class="em_stock_key_common"',
    "copied tags": r'</p >[\s\S]*href= "http[^>]+>云岭智能</a >',
    "editor inside": r"<p>（责任编辑：周一鸣）</p>",
    "spaced title": r"<title>一文读懂[^<]+ _ 东方财富网</title>",
    "two media": r"·中国证券网</div>[\s\S]*em_media\">（文章来源：上海证券报）",
    "entities": r"AT&amp;T标准.*&lt;企业会计准则&gt;",
}


@pytest.mark.parametrize("pattern", QUIRKS.values(), ids=QUIRKS)
def test_quirk_is_served(room: Newsroom, pattern: str) -> None:
    pages = (ask(room, FINANCE, f"/a/{story.id}.html").text for story in SHOWN)
    assert any(re.search(pattern, page) for page in pages)


def test_what_went_wrong_says_so(room: Newsroom) -> None:
    wrong = {story.expect: story for story in STORIES if story.expect != "published"}
    assert sorted(wrong) == ["dropped EmptyBody", "elsewhere", "failed 404"]
    empty = ask(room, FINANCE, f"/a/{wrong['dropped EmptyBody'].id}.html").text
    assert html.fromstring(empty).get_element_by_id("ContentBody").text_content().strip() == ""
    assert ask(room, FINANCE, f"/a/{wrong['failed 404'].id}.html").status == 404
    blog = wrong["elsewhere"].id
    assert ask(room, FINANCE, f"/a/{blog}.html").status == 404
    assert ask(room, "caifuhao.eastmoney.com", f"/news/{blog}").status == 200


def test_every_picture_is_served(room: Newsroom) -> None:
    addresses = {
        picture for story in STORIES for picture in (*story.pictures, story.image) if picture
    }
    assert len(addresses) >= 10
    assert {a.split("/")[2] for a in addresses} == {"np-newspic.dfcfw.com", "dfscdn.dfcfw.com"}
    for address in addresses:
        _, _, host, path = address.split("/", 3)
        assert ask(room, host, "/" + path).body.startswith(b"\xff\xd8\xff")


# -- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", columns.COLUMNS)
def test_column_lists_its_stories_newest_first_over_its_pages(room: Newsroom, name: str) -> None:
    expected = [story for story in STORIES if name in story.columns]
    items = all_pages(room, name)
    titles = [item.cssselect("p.title > a")[0].text_content().strip() for item in items]
    assert titles == [story.title for story in expected]
    for item, story in zip(items, expected, strict=True):
        (link,) = item.cssselect("p.title > a")
        assert story.id in link.get("href")
        assert [p.get("title") for p in item.cssselect("p.info")] == [story.summary]
        shown = item.cssselect("p.info")[0].text_content().strip()
        assert shown == story.summary or shown.endswith("...")
        year = "" if columns.COLUMNS[name].form == "2022" else story.time[:4] + "年"
        month, day, clock = story.time[5:7], story.time[8:10], story.time[11:16]
        assert (
            item.cssselect("p.time")[0].text_content().strip() == f"{year}{month}月{day}日 {clock}"
        )
        assert bool(item.cssselect("div.image img")) == bool(story.image)


def test_columns_have_both_forms_and_more_than_one_page(room: Newsroom) -> None:
    assert {column.form for column in columns.COLUMNS.values()} == {"2022", "2026"}
    assert len(all_pages(room, "czqyw")) > len(listed(room, "czqyw")) == columns.PAGE
    first = ask(room, FINANCE, "/a/czqyw.html").body
    assert ask(room, FINANCE, "/a/czqyw_1.html").body == first
    assert ask(room, FINANCE, "/a/czqyw_99.html").status == 404
    padded = listed(room, "cgjjj")[0].cssselect("p.title > a")[0].text_content()
    assert padded != padded.strip()


def test_column_is_on_its_own_host_alone(room: Newsroom) -> None:
    assert ask(room, "stock.eastmoney.com", "/a/cgnjj.html").status == 404
    assert ask(room, "futures.eastmoney.com", "/a/cqhdd.html").status == 200


def test_links_are_with_http_https_and_no_scheme(room: Newsroom) -> None:
    hrefs = [
        item.cssselect("p.title > a")[0].get("href")
        for name in columns.COLUMNS
        for item in all_pages(room, name)
    ]
    assert {href.partition("//")[0] for href in hrefs} == {"http:", "https:", ""}
    assert any("/news/1350," in href for href in hrefs)


def test_the_id_begins_with_the_year_except_when_it_does_not(room: Newsroom) -> None:
    story = next(s for s in STORIES if s.id[:4] != s.time[:4])
    assert (story.id[:8], story.time[:10]) == ("20251231", "2026-01-01")
    times = [
        item.cssselect("p.time")[0].text_content().strip() for item in all_pages(room, "cgjjj")
    ]
    assert "12月31日 23:58" in times and "01月01日 00:06" in times
    leap = [item.cssselect("p.time")[0].text_content().strip() for item in all_pages(room, "ccjdd")]
    assert "02月29日 10:29" in leap


def test_click_rank_is_beside_the_list_with_relative_links(room: Newsroom) -> None:
    page = html.fromstring(ask(room, FINANCE, "/a/cgnjj.html").text)
    ranked = page.xpath('//div[contains(@class,"Wydj")]//ul/li/span[@class="no"]/../a/@href')
    assert any(href.startswith("/a/") for href in ranked)
    assert any(href.startswith("https://") for href in ranked)


def test_unfilled_and_the_other_form_stand_in_by_fault() -> None:
    with Newsroom() as own:
        own.fault(FINANCE, "/a/cgnjj", status=200, body=columns.unfilled("cgnjj"), times=1)
        assert listed(own, "cgnjj") == []
        other = columns.page(STORIES, "cgnjj", form="2022").encode()
        own.fault(FINANCE, "/a/cgnjj", status=200, body=other, times=1)
        shown = listed(own, "cgnjj")[0].cssselect("p.time")[0].text_content().strip()
        assert shown == "09月27日 19:40"
        own.add(replace(STORIES[0], id="202610010000000001", columns=("cgnjj",), title="新的一条"))
        assert listed(own, "cgnjj")[0].cssselect("p.title a")[0].text_content() == "新的一条"


# -- interfaces ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
def test_columns_are_known_to_the_interface_by_number(room: Newsroom, name: str) -> None:
    answer = by_column(room, column=KNOWN[name].number).json
    expected = [story for story in STORIES if name in story.columns]
    assert (answer["code"], answer["data"]["totle_hits"]) == (1, len(expected))
    assert [item["code"] for item in answer["data"]["list"]] == [story.id for story in expected]
    assert set(answer["data"]["list"][0]) == {
        *(
            "code",
            "showTime",
            "title",
            "mediaName",
            "summary",
            "image",
            "url",
            "uniqueUrl",
            "np_dst",
        )
    }


def test_interface_pages_and_gives_the_fields_asked_for(room: Newsroom) -> None:
    whole = by_column(room, column=353, page_size=200).json["data"]["list"]
    parts = [by_column(room, column=353, page_size=3, page_index=n) for n in (1, 2, 3, 4)]
    lists = [part.json["data"]["list"] for part in parts]
    assert [item for part in lists for item in part] == whole
    assert lists[3] == []
    few = by_column(room, fields="code,showTime,title,Np_dst").json["data"]["list"][0]
    assert set(few) == {"code", "showTime", "title", "np_dst"}


def test_blogs_have_no_unique_address(room: Newsroom) -> None:
    items = by_column(room, column=344).json["data"]["list"]
    (blog,) = [item for item in items if item["np_dst"] == "CFH"]
    assert blog["uniqueUrl"] == "" and blog["url"].startswith("http://caifuhao.eastmoney.com/news/")


def test_jsonp_wraps_and_its_code_is_a_string(room: Newsroom) -> None:
    reply = by_column(room, callback="jQuery183_1")
    inner = re.fullmatch(r"jQuery183_1\((.*)\);", reply.text)
    assert inner and json.loads(inner[1])["code"] == "1"
    assert by_column(room, callback="alert(1)//").text.startswith("{")  # attack: no name


@pytest.mark.parametrize("missing", ["req_trace", "column"])
def test_without_a_parameter_the_interface_refuses_with_200(room: Newsroom, missing: str) -> None:
    reply = by_column(room, **{missing: None})
    message = f"Required String parameter '{missing}' is not present"
    assert (reply.status, reply.json) == (200, {"code": 0, "message": message})


@pytest.mark.parametrize("host", [WEBLIST, LISTS])
def test_fast_news_go_on_from_their_cursor(room: Newsroom, host: str) -> None:
    found, end = [], ""
    for _ in range(9):
        path = f"/comm/web/getFastNewsList?fastColumn=102&sortEnd={end}&pageSize=5&req_trace=1"
        data = ask(room, host, path).json["data"]
        assert data["sortEnd"] >= "" and (data["sortEnd"] == end) == (not data["fastNewsList"])
        found += data["fastNewsList"]
        end = data["sortEnd"]
    assert [item["code"] for item in found] == [story.id for story in FAST]
    assert any(item["title"] == "" for item in found)
    stocks = next(item["stockList"] for item in found if "1.600941" in item["stockList"])
    assert "90.BK0736" in stocks
    assert set(found[0]) == {
        *("code", "title", "summary", "showTime", "titleColor", "stockList", "realSort")
    }


def test_fast_news_are_empty_without_req_trace(room: Newsroom) -> None:
    assert ask(room, WEBLIST, "/comm/web/getFastNewsList?pageSize=5").body == faults.EMPTY_FAST


@pytest.mark.parametrize(("column", "end"), [("102", ";"), ("101", "}")])
def test_live_news_are_a_script(room: Newsroom, column: str, end: str) -> None:
    text = ask(room, LIVE, f"/kuaixun/v1/getlist_{column}_ajaxResult_50_1_.html").text
    assert text.startswith("var ajaxResult={") and text.endswith(end)
    lives = json.loads(text.removeprefix("var ajaxResult=").removesuffix(";"))["LivesList"]
    assert [live["newsid"] for live in lives] == [story.id for story in FAST]
    assert any(live["title"] == "" and live["digest"] for live in lives)


def test_live_news_past_the_end_and_without_underscore(room: Newsroom) -> None:
    past = ask(room, LIVE, "/kuaixun/v1/getlist_102_ajaxResult_50_2_.html")
    assert (past.status, past.body) == (200, faults.EMPTY_SCRIPT)
    assert ask(room, LIVE, "/kuaixun/v1/getlist_102_ajaxResult_50_1.html").status == 404


def test_news_of_a_share(room: Newsroom) -> None:
    path = "/comm/wap/getListInfo?cb=callback&client=wap&type=1&mTypeAndCode=1.600941&pageSize=20"
    text = ask(room, LISTS, path).text
    arts = json.loads(text.removeprefix("callback(").removesuffix(");"))["result"]["list"]
    assert [art["Art_Code"] for art in arts] == [s.id for s in STORIES if "1.600941" in s.stocks]


@pytest.mark.parametrize("body", [faults.EMPTY_COLUMN, faults.NULL_DATA, faults.NOT_JSON])
def test_the_error_shapes_stand_in_by_fault(body: bytes) -> None:
    with Newsroom() as own:
        own.fault(LISTS, "/comm/", status=200, body=body, times=1)
        assert by_column(own).body == body
        assert by_column(own).json["data"]["list"]


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_has_robots(room: Newsroom, host: str) -> None:
    assert "Disallow: /private/" in ask(room, host, "/robots.txt").text
