"""The newsroom, as a crawler sees it: by socket, with Host headers."""

from __future__ import annotations

import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from html import unescape
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from support import DATA, TESTS
from support.asking import Reply, ask
from support.waiting import wait_until

from newsroom import HOSTS, Newsroom, Story, plain, stories
from newsroom.eastmoney import stories as eastmoney_stories
from newsspider.demo.images import chart, jpeg

POSTS = DATA / "posts"
FINEWS, ZNING, EASTMONEY = "finews.withounder.com", "finews.zning.xyz", "finance.eastmoney.com"
WEBAPI, MARKET = "183.136.162.242", "43.240.125.15:1818"
REAL = {
    "202204262359811335",
    "202204212352227421",
    "202205262391921712",
    "202205302396671645",
}
MEDIA = sorted({story.media for story in stories() if story.post})


def text_of(room: Newsroom, code: str) -> Reply:
    return ask(room, ZNING, f"/NewsData/GetNewsText.do?id={code}")


def category(room: Newsroom, slug: str, **headers: str) -> Reply:
    return ask(room, FINEWS, f"/category/{quote(slug)}.html", **headers)


def records(room: Newsroom, count: int = 500, page: int = 1) -> list[dict[str, str]]:
    answer = ask(room, WEBAPI, f"/web/webapi?type=102&count={count}&newsid={page}").json
    return list(answer["records"])


def items(page: str) -> list[tuple[str, str]]:
    links = re.findall(r'<a href="(/[^/"][^"]*)">([^<]*)</a>', page)
    return [(href, unescape(title)) for href, title in links]


def story(**fields: Any) -> Story:
    values = {"id": "202207010000000001", "title": "一则", "time": "2022-07-01 10:00:00"}
    return Story(**{**values, "media": "财联社", "body": "<p>新闻。</p>", **fields})


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def own() -> Iterator[Newsroom]:
    """A newsroom that the test may change."""
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def served(room: Newsroom) -> dict[str, list[str]]:
    """The texts of the invented stories in the interfaces, by kind."""
    kinds = ("title", "digest", "text", "content", "record")
    texts: dict[str, list[str]] = {kind: [] for kind in kinds}
    for record in records(room):
        if record["id"] not in REAL:
            texts["digest"].append(record["digest"])
            texts["record"].append(json.dumps(record, ensure_ascii=False))
    for node in ask(room, WEBAPI, "/web/webapi?type=45&count=500&newsid=1").json["nodeList"]:
        if node["infocode"][2:] not in REAL:
            texts["title"].append(node["title"])
    for story in stories():
        reply = text_of(room, story.code)
        if story.id not in REAL and reply.status == 200 and not story.expect.startswith("failed"):
            for kind in ("text", "content"):
                texts[kind].append(reply.json.get(kind, ""))
    return texts


# -- the real posts ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(POSTS.glob("*2022*.md")), ids=lambda path: path.name)
def test_answers_rebuild_the_real_posts_byte_for_byte(room: Newsroom, path: Path) -> None:
    id = path.stem[-18:]
    answer = text_of(room, "NW" + id).json
    site = "//finews.withounder.com"
    if "NW" in path.name:
        title, when, media, slug = answer["title"], answer["showtime"], answer["medianame"], ""
        slug = re.search(r"/category/(\w+)\.html", path.read_text("utf-8"))[1]  # type: ignore[index]
        tag, back = f"{media}新闻", f"/category/{slug}.html"
        body = answer["text"].replace("\r\n", "\n").replace("　　", "")
        link = f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode={answer['infoCode']}"
        assert category(room, slug).status == 200
    else:
        record = next(record for record in records(room) if record["id"] == id)
        title, when, link = record["title"], record["showtime"], record["url_w"]
        slug, tag, back = "emnews", "东财滚动新闻", "/emnews/"
        digest = record["digest"].split("】")[-1]
        body = f"> {digest}\n\n{answer['content'].replace('　　', '')}"
    rebuilt = (
        f'---\nlayout: post\ntitle: "{title}"\ndate: {when} +0800\ncategories: {slug}\n'
        f"tags: {tag}\n---\n{body}\n\n<{link}>\n\n[返回{tag}]({site}{back})｜[返回首页]({site}/)"
    )
    assert rebuilt.encode() == path.read_bytes()


def test_six_real_posts_are_held_against() -> None:
    assert len(list(POSTS.glob("*2022*.md"))) == 6


def test_text_of_the_seed_has_crlf_joints_and_content_lf(room: Newsroom) -> None:
    answer = text_of(room, "NW202204262359811335").json
    assert answer["text"].count("</p>\r\n <p>") == answer["content"].count("</p>\n <p>") == 2
    assert answer["text"].replace("\r", "") == answer["content"]


# -- the first user's site -----------------------------------------------------------------------


@pytest.mark.parametrize("media", MEDIA)
def test_category_page_lists_every_post_newest_first(room: Newsroom, media: str) -> None:
    expected = [story for story in stories() if story.post and story.media == media]
    reply = category(room, expected[0].slug)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<h2 id="{media}新闻">{media}新闻</h2>\n<ul>\n    <li><a href="/' in reply.text
    listed = items(reply.text)
    assert [title for _, title in listed] == [story.title for story in expected]
    for (href, title), story in zip(listed, expected, strict=True):
        assert re.search(r"/\d{4}/\d\d/\d\d/NW\d{18}\.html$", href)
        page = ask(room, FINEWS, href)
        assert page.status == (404 if story.answer == "404" else 200)
        if page.status == 200:
            assert unescape(re.search(r"<h1>([^<]+)</h1>\n\n", page.text)[1]) == title  # type: ignore[index]


def test_one_category_page_is_long(room: Newsroom) -> None:
    assert len(items(category(room, "cailianshe").text)) == 30


def test_titles_are_escaped_in_the_listing(room: Newsroom) -> None:
    page = category(room, "renminyoudianbao").text
    assert "&quot;一号双终端&quot;怎么办理" in page
    assert "&amp;lt;碳排放" in category(room, "shanghaizhengquanbao").text


def test_a_medium_with_spaces_has_the_paths_jekyll_gives_it(room: Newsroom) -> None:
    hrefs = [href for href, _ in items(category(room, "Career In touxingPEVC").text)]
    assert len(hrefs) == 2
    assert all(href.startswith("/career/in/touxingpevc/2022/") for href in hrefs)


def test_home_page_has_five_posts_of_each_tag(room: Newsroom) -> None:
    page = ask(room, FINEWS, "/").text
    assert page.count("<h2 id=") == len(MEDIA) + 1
    for section in page.split("<h2 id=")[1:]:
        assert 1 <= len(items(section)) <= 5


def test_post_page_has_the_shape_of_the_real_one(room: Newsroom) -> None:
    page = ask(room, FINEWS, "/renminyoudianbao/2022/04/26/NW202204262359811335.html").text
    share = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204262359811335"
    assert "<small>(GMT+8, Asia/Shanghai, CST) 2022-04-26 20:16:23</small>\n<h1>中国" in page
    assert f'<p><a href="{share}">{share}</a></p>' in page
    assert '.com/category/renminyoudianbao.html">返回人民邮电报新闻</a>｜<a href="//' in page
    assert "<small>tags: <em>人民邮电报新闻</em></small>" in page
    assert "nid=1.600941&amp;imageType=k&amp;token=" in page  # as kramdown writes attributes
    assert "</p>\n<!-- EM_StockImg_Start -->\n<p" in page
    assert "\r" not in page


def test_rolling_page_leaves_out_what_jekyll_did_not_publish(room: Newsroom) -> None:
    hrefs = [href for href, _ in items(ask(room, FINEWS, "/emnews/").text)]
    assert "/emnews/2022/05/30/202205302396671645.html" in hrefs
    assert not any("202205262391921712" in href for href in hrefs)
    assert len(hrefs) == sum(bool(record["title"]) for record in records(room))
    page = ask(room, FINEWS, "/emnews/2022/05/30/202205302396671645.html").text
    assert "<blockquote>\n  <p>近日，加拿大主权财富基金" in page
    assert 'href="http://finance.eastmoney.com/news/1353,202205302396671645.html"' in page


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("nowhere.example.com", "/"),
        (FINEWS, "/category/nosuchmedium.html"),
        (FINEWS, "/category/emnews.html"),
        (FINEWS, "/cailianshe/2022/04/26/NW202204262359811335.html"),  # another medium's folder
        (FINEWS, "/emnews/2022/04/26/202204262359811335.html"),  # not in the rolling news
        (FINEWS, "/private/x"),
        (ZNING, "/NewsData/GetNewsText.do?id=NW202299999999999999"),
        (ZNING, "/NewsData/GetNewsText.do?id=202204262359811335"),
        (ZNING, "/NewsData/GetNewsText.do"),
        (WEBAPI, "/web/webapi?type=37&count=5"),
        (MARKET, "/information/newmarket/web/webapi?marketType=102&count=5"),
        (EASTMONEY, "/a/202299999999999999.html"),
        ("dfscdn.dfcfw.com", "/download/x.jpg"),
        ("webquoteklinepic.eastmoney.com", "/GetPic.aspx"),
    ],
)
def test_unknown_is_404(room: Newsroom, host: str, path: str) -> None:
    assert ask(room, host, path).status == 404


@pytest.mark.parametrize("host", HOSTS)
def test_robots_of_known_hosts_disallow_only_private(room: Newsroom, host: str) -> None:
    reply = ask(room, host, "/robots.txt")
    assert reply.status == 200
    assert reply.headers.get_content_type() == "text/plain"
    assert re.findall(r"Disallow: (.*)", reply.text) == ["/private/"]


def test_robots_of_other_hosts_are_404(room: Newsroom) -> None:
    assert ask(room, "nowhere.example.com", "/robots.txt").status == 404


# -- validators ----------------------------------------------------------------------------------


def test_unchanged_category_page_is_304(room: Newsroom) -> None:
    first = category(room, "36ke")
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"other", W/{etag}'},
        {"If_Modified_Since": changed},
        {"If_None_Match": etag, "If_Modified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        reply = category(room, "36ke", **headers)
        assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": '"other"'},
        {"If_Modified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If_Modified_Since": "no date"},
        {"If_None_Match": '"other"', "If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_validators_that_do_not_match_get_the_page(room: Newsroom, headers: dict[str, str]) -> None:
    assert category(room, "36ke", **headers).status == 200


def test_a_change_shows_in_the_validators_of_its_page_alone(own: Newsroom) -> None:
    before, other = category(own, "cailianshe"), category(own, "36ke")
    own.add(story())
    again = category(own, "cailianshe", If_None_Match=before.headers["ETag"])
    assert again.status == 200
    assert again.headers["Last-Modified"] != before.headers["Last-Modified"]
    assert category(own, "36ke", If_None_Match=other.headers["ETag"]).status == 304


def test_each_change_is_seen_by_if_modified_since(own: Newsroom) -> None:
    own.add(story())
    changed = category(own, "cailianshe").headers["Last-Modified"]
    own.replace(story(title="一则（更正）"))  # within the same second
    assert category(own, "cailianshe", If_Modified_Since=changed).status == 200


# -- changes while it runs -----------------------------------------------------------------------


def test_listings_and_pages_follow_add_replace_remove(own: Newsroom) -> None:
    new = story(title='"新" <一则>', digest="【新】摘要。", lists=("45", "37", "102"))
    own.add(new)
    assert items(category(own, "cailianshe").text)[0][1] == new.title
    assert records(own)[0]["id"] == new.id
    assert text_of(own, new.code).json["text"] == "<p>新闻。</p>"
    own.replace(replace(new, body="<p>更正。</p>"))
    assert text_of(own, new.code).json["text"] == "<p>更正。</p>"
    own.remove(new.code)
    assert text_of(own, new.code).status == 404
    assert len(items(category(own, "cailianshe").text)) == 30


def test_a_story_is_added_once_and_replaced_or_removed_only_if_there(own: Newsroom) -> None:
    with pytest.raises(KeyError):
        own.replace(story())
    with pytest.raises(KeyError):
        own.remove("202207010000000001")
    own.add(story())
    with pytest.raises(KeyError):
        own.add(story())


def test_it_opens_with_the_stories_given() -> None:
    with Newsroom(articles=[story()]) as room:
        assert len(items(category(room, "cailianshe").text)) == 1
        assert category(room, "36ke").status == 404


# -- the interfaces ------------------------------------------------------------------------------


def test_list_interfaces_have_the_field_names_of_the_scripts(room: Newsroom) -> None:
    assert set(records(room)[0]) == {"id", "infoCode", "title", "digest", "showtime", "url_w"}
    nodes = ask(room, WEBAPI, "/web/webapi?type=45&count=100&newsid=1").json["nodeList"]
    assert set(nodes[0]) == {"infocode", "title", "showtime", "from", "simtitle", "simdigest"}
    for kind in ("37", "38", "39"):
        path = f"/information/newmarket/web/webapi?marketType={kind}&count=100"
        record = ask(room, MARKET, path).json["record"]
        assert set(record[0]) == {"infoCode", "title", "datetime", "medianame"}
        times = [item["datetime"] for item in record]
        assert times == sorted(times, reverse=True)


def test_count_is_honoured_and_newsid_turns_the_page(room: Newsroom) -> None:
    everything = records(room)
    assert len(everything) > 20
    pages = [records(room, 10, page) for page in range(1, 6)]
    assert [len(page) for page in pages[:2]] == [10, 10]
    assert [record for page in pages for record in page] == everything[:50]
    assert records(room, 10, 99) == []


@pytest.mark.parametrize("value", ["0", "-1", "x", "９", "9" * 5000, ""])
def test_attack_odd_numbers_are_answered(room: Newsroom, value: str) -> None:
    path = f"/web/webapi?type=102&count={quote(value)}&newsid={quote(value)}"
    assert ask(room, WEBAPI, path).status == 200


def test_the_broken_record_is_empty_and_its_text_answer_is_not(room: Newsroom) -> None:
    record = next(record for record in records(room) if record["id"] == "202205262391921712")
    assert (record["title"], record["showtime"], record["url_w"]) == ("", "", "")
    assert record["digest"].startswith("【国内首次！")
    answer = text_of(room, record["infoCode"]).json
    assert (answer["showtime"], answer["medianame"]) == ("2022-05-26 00:19:55", "上海证券报")


def test_text_answers_vary_their_spelling(room: Newsroom) -> None:
    spelled = {frozenset(text_of(room, s.code).json) for s in stories() if not s.answer}
    names = frozenset.union(*spelled)
    assert len(spelled) == 5
    assert names == {
        *("infoCode", "infocode", "title", "Title", "showtime", "showTime", "datetime"),
        *("medianame", "source", "from", "text", "content"),
    }
    assert any("text" not in keys and "content" in keys for keys in spelled)
    assert any(not keys & {"title", "Title"} for keys in spelled)


def test_links_in_content_are_all_that_parts_it_from_text() -> None:
    links = re.compile(
        r'<span id="[^"]*"><a [^>]*class="(?:keytip|infokey)"[^>]*>([^<]*)</a></span>'
        r'(?:<span id="[^"]*"></span>)?|<span web="1"[^>]*>([^<]*)</span>'
    )
    linked = [story for story in stories() if links.search(story.content)]
    assert len(linked) >= 8
    for story in stories():
        bare = links.sub(lambda link: link[1] or link[2], story.content)
        assert bare == story.text.replace("\r\n", "\n")


# -- what must not come out ----------------------------------------------------------------------


def test_each_kind_of_failure_is_there_once(room: Newsroom) -> None:
    failing = {story.expect: story for story in stories() if story.expect != "published"}
    assert sorted(failing) == [
        *("dropped EmptyBody", "dropped NoTitle"),
        *("failed 404", "failed 500", "failed JSON"),
    ]
    assert text_of(room, failing["failed 404"].code).status == 404
    assert text_of(room, failing["failed 500"].code).status == 500
    cut = text_of(room, failing["failed JSON"].code)
    assert cut.status == 200 and cut.body.startswith(b'{"infoCode": ')
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.body.decode(errors="replace"))
    empty = text_of(room, failing["dropped EmptyBody"].code).json
    assert (empty["text"], empty["content"]) == ("", "")
    nameless = failing["dropped NoTitle"]
    record = next(record for record in records(room) if record["id"] == nameless.id)
    assert record["title"] == "" and "【" not in record["digest"]
    assert "title" not in text_of(room, nameless.code).json


def test_a_failing_story_is_named_by_a_listing(room: Newsroom) -> None:
    pages = [category(room, slug).text for slug in {s.slug for s in stories() if s.post}]
    named = "".join(pages) + json.dumps(records(room))
    for story in stories():
        assert story.id in named


# -- the other hosts -----------------------------------------------------------------------------


def test_share_page_is_a_shell_without_the_article(room: Newsroom) -> None:
    page = ask(room, ZNING, "/html_News/NewsShare.html?infoCode=NW202204262359811335").text
    assert '<div id="news"></div><script src="/js/newsshare.js"></script>' in page
    assert "中国移动" not in page


@pytest.mark.parametrize("path", ["/a/{}.html", "/news/1353,{}.html"])
def test_article_page_has_the_template_of_2021(room: Newsroom, path: str) -> None:
    page = ask(room, EASTMONEY, path.format("202205302396671645")).text
    assert "<title>加拿大年金计划委员会手握190只中国股票 市值超500亿元_东方财富网</title>" in page
    assert '<div class=" item">2022年05月30日 22:00</div>' in page
    body = page.split('id="ContentBody"')[1].split('<div class="zwothers">')[0]
    assert "<p>　　近日，加拿大主权财富" in body
    assert '<p class="em_media">（文章来源：中国<span' in body
    assert "打开微信，" in body and "toplink" in body


def test_article_page_has_original_title_and_editor(room: Newsroom) -> None:
    story = next(story for story in eastmoney_stories() if story.original)
    page = ask(room, EASTMONEY, f"/a/{story.id}.html").text
    assert f'<div class="sublab">原标题：{story.original}</div>' in page
    assert f"（责任编辑：{story.editor}）" in page


def test_every_image_of_every_story_is_served(room: Newsroom) -> None:
    bodies = "".join(story.content for story in stories())
    pictures = set(re.findall(r'<img src="(https:[^"]+)"', bodies))
    assert len(pictures) >= 12
    for picture in pictures:
        _, _, host, path = picture.split("/", 3)
        reply = ask(room, host, "/" + path)
        assert reply.status == 200
        magic = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
        assert reply.body.startswith(magic[reply.headers.get_content_type()])


@pytest.mark.parametrize(("width", "height"), [(578, 276), (10, 10), (999, 11)])
def test_png_is_whole(width: int, height: int) -> None:
    data, at, chunks = chart("1.600941", width, height), 8, {}
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        chunks[kind] = data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(kind + chunks[kind])
        at += 12 + size
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (width, height)
    assert len(zlib.decompress(chunks[b"IDAT"])) == (width + 1) * height


@pytest.mark.parametrize(("width", "height"), [(800, 555), (16, 8), (17, 999)])
def test_jpeg_codes_every_block(width: int, height: int) -> None:
    data = jpeg("D1", width, height)
    assert data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9"
    frame = data.index(b"\xff\xc0")
    assert struct.unpack_from(">HH", data, frame + 5) == (height, width)
    scan = data[data.index(b"\xff\xda") + 14 : -2].replace(b"\xff\x00", b"\xff")
    bits, at, codes = "".join(f"{byte:08b}" for byte in scan), 0, 0
    while len(bits) - at >= 8:
        size = int(bits[at : at + 4], 2)
        assert size < 12 and bits[at + 4 + size] == "0"
        at, codes = at + 5 + size, codes + 1
    rest = bits[at:]
    codes += rest.startswith("00000")  # a last block no different from the one before
    assert codes == 3 * -(-width // 8) * -(-height // 8)


# -- quirks --------------------------------------------------------------------------------------

QUIRKS = {
    "01 empty record": ("record", r'"title": "", .*"showtime": "", "url_w": ""'),
    "03 digest with bracket title and source": ("digest", r"^【[^】]+】.+（[^）]+）$"),
    "05 hidden first paragraph": ("text", r'^<p style="display:none;[^>]*><br /></p><!--'),
    "06 K-line chart": ("text", r"GetPic\.aspx\?nid=[\w.]+&imageType=k&token=\w+&at=1"),
    "06 K-line chart of a board": ("text", r"nid=90\.BK\d+"),
    "07 share link with quote span": ("content", r'id="stock_1\.\d+"><a[^>]+keytip.*?id="quote_1'),
    "07 board link": ("content", r'id="bk_90\.BK\d+"><a.*?<span id="bkquote_90\.BK\d+"></span>'),
    "07 Hong Kong link": ("content", r'id="Info\.116\.\d+"><a [^>]+>[^<]+</a></span>(?!<span id)'),
    "07 word link": ("content", r'id="Info\.\d+"><a [^>]+class="infokey"'),
    "08 repeated mention": ("content", r'<span web="1" href="[^"]+" class="em_stock_key_common"'),
    "09 link inside a word": ("content", r"[\u4e00-\u9fff]</span>汽车退下来"),
    "10 em_media": ("text", r'</p><p class="em_media">（文章来源：[^）]+）</p>$'),
    "11 em_media split by a link": ("content", r'em_media">（[^<]+<span.*?></span>报）</p>$'),
    "12 image with caption": ("text", r'<img [^>]+></center><p style="text-align:center;">'),
    "12 image without caption": ("text", r"</center><p>(?!<)"),
    "13 CRLF joint": ("text", r"</p>\r\n <p>"),
    "13 LF joint": ("content", r"</p>\n <p>"),
    "14 br before the end after a chart": ("text", r"End --><p>[^<]+<br /></p>"),
    "14 space before the end": ("text", r" </p>"),
    "15 bold sub-head": ("text", r"<p><strong>[^<]+</strong></p>"),
    "15 misplaced quotes around strong": ("text", r"“<strong>[^<”]+”[^<]*：</strong>"),
    "16 entities": ("text", r"《&lt;[^&]+&gt;"),
    "17 link to another article": ("text", r'href="http://finance\.eastmoney\.com/a/\d{18}\.html"'),
    "18 enumeration": ("text", r"(?s)<p>1、.*<p>50、"),
    "18 long post": ("text", r"(?s)^.{4000}"),
    "19 space in a title": ("title", r"[\u4e00-\u9fff] [\u4e00-\u9fff]"),
    "19 full-width marks in a title": ("title", r"：.*“.*”.*？"),
    "19 half-width brackets in a title": ("title", r"\(图\)"),
    "19 percent in a title": ("title", r"%"),
    "21 inline style, class, data": ("text", r'<p style="[^"]+" class="tips" data-kind='),
    "22 plain text body": ("text", r"^[^<]+<>[^<]+$"),
    "4-space, number and hash lines": ("text", r"\r\n    .*\r\n1\. .*\r\n# "),
    "straight quotes in a title": ("title", r'"一号双终端"'),
    "straight quotes in a body": ("text", r'>"一个'),
    "straight quotes in a digest": ("digest", r'"一号'),
    "backslash in a title": ("title", r"\\引"),
    "backslash in a body": ("text", r"D:\\通知\\"),
    "newline in a title": ("title", r"：\n北"),
    "Liquid value in a title": ("title", r"\{\{ name \}\}"),
    "Liquid value in a body": ("text", r"\{\{ product\.title \| upcase \}\}"),
    "Liquid tag in a body": ("text", r"\{% include [^%]+ %\}"),
    "open Liquid tag in a body": ("text", r"\{% raw”"),
    "Liquid tag in a digest": ("digest", r"\{% if %\}"),
    "table": ("text", r"<table[^>]*>(<tbody>)?<tr><t[hd]>"),
    "rowspan": ("text", r"<td rowspan="),
    "iframe": ("text", r"<iframe "),
    "video": ("text", r"<video "),
    "original title": ("text", r"（原标题：[^）]+）"),
    "editor": ("text", r"<p>（责任编辑：[^）]+）</p>"),
    "editor by class": ("text", r'<p class="res-edit">（责任编辑：'),
    "disclaimer": ("text", r"郑重声明："),
    "single U+3000": ("text", r"[^　>]　[^　]"),
    "paragraph indent": ("text", r"^<p>　　"),
    "U+3000 pair inside a paragraph": ("text", r"[\u4e00-\u9fff]　　[\u4e00-\u9fff]"),
    "*ST in a digest": ("digest", r"\*ST甲、\*ST乙"),
    "~~ in a digest": ("digest", r"~~"),
    "a bracket inside the digest": ("digest", r"^【[^】]+】.*】.+$"),
    "image marker": ("text", r"<!--IMG#0-->"),
    "link marker": ("text", r"<!--Link#1-->"),
    "nbsp": ("text", r"&nbsp;"),
    "bare less-than in text": ("text", r" &lt; 2"),
    "tags as copies spell them": ("content", r'</p >.*href= "[^"]+">[^<]+</a >'),
    "script": ("content", r"<script>"),
    "handlers and javascript:": ("content", r'href="javascript:[^"]+" onclick='),
    "unclosed div": ("content", r'<div class="open"><b>[^/]+</p>'),
}


@pytest.mark.parametrize(("kind", "pattern"), QUIRKS.values(), ids=QUIRKS)
def test_quirk_is_served(served: dict[str, list[str]], kind: str, pattern: str) -> None:
    assert any(re.search(pattern, value) for value in served[kind])


def test_quirk_02_one_article_under_two_ids(room: Newsroom) -> None:
    listed = category(room, "cailianshe").text
    assert sum(record["infoCode"] in listed for record in records(room)) >= 10


def test_quirk_04_bracket_title_differs_from_the_title(room: Newsroom) -> None:
    other = [r for r in records(room) if r["title"] and f"【{r['title']}】" not in r["digest"]]
    assert any(record["digest"].startswith("【") for record in other)


def test_quirk_20_doubled_tags(room: Newsroom) -> None:
    assert "界面新闻新闻" in category(room, "jiemianxinwen").text
    assert "央视新闻客户端新闻" in category(room, "yangshixinwenkehuduan").text


def test_ids_are_dates_and_times_fit_them() -> None:
    assert len({story.id for story in stories()}) == len(stories()) == 76
    for story in stories():
        assert re.fullmatch(r"2022\d{14}", story.id)
        assert story.time[:10].replace("-", "") == story.id[:8]
        assert time.strptime(story.time, "%Y-%m-%d %H:%M:%S")


def test_links_between_stories_lead_to_stories() -> None:
    ids = {story.id for story in stories()}
    for story in stories():
        assert set(re.findall(r"eastmoney\.com/a/(\d{18})\.html", story.content)) <= ids


# -- the server ----------------------------------------------------------------------------------


def test_requests_are_remembered_in_order(own: Newsroom) -> None:
    ask(own, FINEWS, "/category/36ke.html")
    ask(own, "Nowhere.example.com:8080", "/x?y=1", method="HEAD")
    text_of(own, "NW1")
    assert own.requests == [
        ("GET", FINEWS, "/category/36ke.html"),
        ("HEAD", "nowhere.example.com:8080", "/x?y=1"),
        ("GET", ZNING, "/NewsData/GetNewsText.do?id=NW1"),
    ]


def test_a_request_through_a_proxy_names_its_host_in_the_first_line(own: Newsroom) -> None:
    assert ask(own, "proxy", f"http://{FINEWS}/category/36ke.html").status == 200
    assert own.requests == [("GET", FINEWS, "/category/36ke.html")]


def test_one_connection_serves_many_hosts(room: Newsroom) -> None:
    connection = HTTPConnection(room.address, timeout=60)
    for host, path in ((FINEWS, "/"), (FINEWS, "/nothing"), (WEBAPI, "/web/webapi?type=45")):
        connection.request("GET", path, headers={"Host": host})
        sock = connection.sock
        assert connection.getresponse().read()
        assert connection.sock is sock is not None
    connection.close()


def test_head_has_the_length_and_no_body(room: Newsroom) -> None:
    reply = ask(room, FINEWS, "/", method="HEAD")
    assert reply.body == b""
    assert int(reply.headers["Content-Length"]) == len(ask(room, FINEWS, "/").body)


def test_faults_meet_their_host_and_path_so_often(own: Newsroom) -> None:
    own.fault(FINEWS, "/category/", status=503, times=2, body=b"busy", headers={"Retry-After": "1"})
    assert ask(own, FINEWS, "/").status == 200
    assert ask(own, ZNING, "/html_News/NewsShare.html").status == 200
    broken = category(own, "36ke")
    assert (broken.status, broken.body, broken.headers["Retry-After"]) == (503, b"busy", "1")
    assert category(own, "36ke").status == 503
    assert category(own, "36ke").status == 200


def test_faults_last_until_they_are_cleared(own: Newsroom) -> None:
    own.fault("", "/", status=429)
    own.fault(MARKET, "/", status=404)
    assert [ask(own, host, "/robots.txt").status for host in HOSTS] == [429] * len(HOSTS)
    own.clear_faults()
    assert [ask(own, host, "/robots.txt").status for host in HOSTS] == [200] * len(HOSTS)


def test_a_fault_is_met_exactly_so_often_under_threads(own: Newsroom) -> None:
    own.fault(FINEWS, "/", times=5)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(own, FINEWS, "/emnews/").status, range(24)))
    assert replies.count(500) == 5
    assert len(own.requests) == 24


def test_a_fault_may_answer_other_bytes(own: Newsroom) -> None:
    own.fault(MARKET, "/information/", status=200, body=b"{}", headers={"Content-Type": "x/y"})
    reply = ask(own, MARKET, "/information/newmarket/web/webapi?marketType=37&count=1")
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (200, b"{}", "x/y")


def test_a_fault_may_break_off(own: Newsroom) -> None:
    own.fault(FINEWS, "/", status=200, body=b"<html>", headers={"Content-Length": "1000"})
    with pytest.raises(IncompleteRead):
        ask(own, FINEWS, "/")


def test_a_fault_may_only_delay(own: Newsroom) -> None:
    own.fault(FINEWS, "/", status=0, delay=0.2, times=1)
    began = time.monotonic()
    assert ask(own, FINEWS, "/emnews/").status == 200
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("all_of_them", [False, True])
def test_the_delay_of_a_fault_can_be_ended(own: Newsroom, all_of_them: bool) -> None:
    fault = own.fault(FINEWS, "/", status=503, delay=600)
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(ask, own, FINEWS, "/")
        wait_until(lambda: own.requests)
        own.clear_faults() if all_of_them else fault.over.set()
        assert reply.result().status == 503


def test_attack_a_bad_address_does_not_stop_it(own: Newsroom) -> None:
    assert ask(own, "x", "http://[bad/").status == 400
    for path in ("/%ff%fe", "/category/%00.html", "/" + "a" * 9000, "/../../etc/passwd", "//x//"):
        assert ask(own, FINEWS, path).status == 404


def test_stop_closes_the_port_and_open_connections() -> None:
    room = Newsroom()
    room.start()
    connection = HTTPConnection(room.address, timeout=60)
    connection.request("GET", "/", headers={"Host": FINEWS})
    connection.getresponse().read()
    port = int(room.address.rpartition(":")[2])
    room.stop()
    room.stop()
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(RuntimeError):
        _ = room.address
    with Newsroom(port) as again:
        assert ask(again, FINEWS, "/").status == 200
        with pytest.raises(OSError, match="in use"):
            Newsroom(port).start()


PROGRAMS = [("newsspider.demo", 404), ("newsroom", 200)]


@pytest.mark.parametrize(("module", "gazette"), PROGRAMS)
def test_it_runs_as_a_program_until_interrupted(module: str, gazette: int) -> None:
    command = [sys.executable, "-m", module, "--port", "0"]
    # A shell's background job ignores SIGINT, and so would all that such a test run starts.
    reset = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=reset,
        env={**os.environ, "PYTHONPATH": path},
    ) as program:
        try:
            assert program.stdout
            address = program.stdout.readline().strip()
            connection = HTTPConnection(address, timeout=60)
            connection.request("GET", "/", headers={"Host": FINEWS})
            response = connection.getresponse()
            assert response.read() and response.status == 200
            connection.request("GET", "/latest", headers={"Host": plain.HOST})
            assert connection.getresponse().status == gazette
            connection.close()
            program.send_signal(signal.SIGINT)
            assert program.wait(timeout=60) == 0
        finally:
            program.kill()


def test_starting_it_loads_neither_the_crawler_nor_the_pinyin_table() -> None:
    heavy = "{'scrapy', 'twisted', 'lxml', 'pydantic', 'xpinyin'}"
    code = f"import sys, newsspider.demo as d\nwith d.Newsroom(): print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n"
