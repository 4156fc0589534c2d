"""Portals show what others write: the source is the medium, not the portal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import Extracted, extract
from newsspider.extraction.generic.portals import is_portal, without_portal
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ZH = "".join(
    f"<p>{n}日，港务委员会在听证会之后投票决定，旧旋桥将继续向行人开放至明年春天，商户对此表示欢迎。</p>"
    for n in range(1, 6)
)
KO = "".join(
    f"<p>항만위원회는 {n}일 저녁 오래된 회전교를 내년 봄까지 보행자에게 개방하기로 결정했다.</p>"
    for n in range(1, 6)
)


def read(head: str, below: str, text: str, url: str, title: str = "旧旋桥继续开放") -> Extracted:
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main><h1>{title}</h1>{below}{text}</main></body></html>"
    )
    return extract(Page(url=url, body=html.encode()), now=NOW)


WECHAT = '<meta property="og:site_name" content="微信公众平台">'
NAVER = '<meta property="og:site_name" content="네이버 뉴스">'
SOURCES = {
    "the account of WeChat": (WECHAT, '<p><a id="js_name">港口晚报</a></p>', ZH, "港口晚报"),
    "the medium of Naver": (
        NAVER + '<meta property="og:article:author" content="한강뉴스 | 네이버">',
        "",
        KO,
        "한강뉴스",
    ),
    "the picture of the medium": (
        NAVER,
        '<a class="head_top press_logo"><img src="/a.png" alt="한강뉴스"></a>',
        KO,
        "한강뉴스",
    ),
    "the author in JSON-LD": (
        '<meta property="og:site_name" content="Yahoo!ニュース"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "headline": "旧旋桥", "author": {"@type": "Organization",'
        ' "name": "港新聞"}}</script>',
        "",
        ZH,
        "港新聞",
    ),
    "the medium of Daum": (
        '<meta property="og:site_name" content="Daum">'
        '<meta name="article:media_name" content="한강뉴스">',
        "",
        KO,
        "한강뉴스",
    ),
    "who provided it": (
        '<meta property="og:site_name" content="MSN">',
        "<p>Provided by The Quay Times</p>",
        ZH,
        "The Quay Times",
    ),
    "a label": (
        '<meta property="og:site_name" content="网易">',
        "<p>2026-11-20 09:00 来源：港口晚报</p>",
        ZH,
        "港口晚报",
    ),
    "a label that names the portal": (
        "",
        '<p>2026-11-20 09:00 来源：网易号</p><p class="media-name">港口晚报</p>',
        ZH,
        "港口晚报",
    ),
    "the portal alone": ('<meta property="og:site_name" content="网易">', "", ZH, "网易"),
    "no portal": (
        '<meta property="og:site_name" content="海湾网">',
        '<p class="media-name">港口晚报</p>',
        ZH,
        "海湾网",
    ),
}


@pytest.mark.parametrize(("head", "below", "text", "source"), SOURCES.values(), ids=SOURCES.keys())
def test_the_source_is_the_medium(head: str, below: str, text: str, source: str) -> None:
    assert read(head, below, text, "https://portal.example/a/1").source == source


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("2026-11-20 09:00 港口晚报官方账号发布时间", "港口晚报"),
        ("2026-11-20 09:00 北京港口晚报官方账号", "港口晚报"),
        ("2026-11-20 09:00 港口晚报 官方账号", "港口晚报"),
        ("2026-11-20 09:00 北京日报官方账号", "北京日报"),
        ("2026-11-20 09:00 港口晚报广东", "港口晚报"),
        ("2026-11-20 09:00 港口晚报发布于广东", "港口晚报"),
        ("2026-11-20 09:00 北京港口晚报", "北京港口晚报"),
        ("2026-11-20 09:00　来源：港口晚报　浙江", "港口晚报"),
        ("2026-11-20 09:00 来源于：港口晚报", "港口晚报"),
        ("港口晚报</p><p>发布时间：11-20 09:00 东港软件科技有限公司", "港口晚报"),
        ("2026-11-20 09:00 来源： 浏览次数：", "portal.example"),
        ("2026-11-20 09:00 来源：</p><p>来源：", "portal.example"),
        ("2026-11-20 09:00 上海", "portal.example"),
        ("2026-11-20 09:00 发布于浙江", "portal.example"),
    ],
)
def test_what_stands_beside_the_name_of_an_account(line: str, source: str) -> None:
    assert read("", f"<p>{line}</p>", ZH, "https://portal.example/a/1").source == source


@pytest.mark.parametrize(
    ("script", "minute"),
    [
        ('var ct = "1790671500";', "2026-09-29 16:45"),
        ("var a=1;var ct=1790671500;", "2026-09-29 16:45"),
        ("var createTime = '2026-09-29 16:45';", "2026-09-29 16:45"),
        ("var oriCreateTime = '1790671500';", "2026-09-29 16:45"),
        ('var svr_time = "1790671500";', ""),
        ('var ct = "17906715000000";', ""),
    ],
)
def test_a_time_that_only_a_script_has(script: str, minute: str) -> None:
    page = read("", f"<script>{script}</script>", ZH, "https://portal.example/a/1")
    at = page.published
    assert (f"{at:%Y-%m-%d %H:%M}" if at else "") == minute
    assert page.origins.get("published", "") == ("script" if minute else "")


def test_names_of_portals() -> None:
    assert is_portal("NAVER") and is_portal("微信公众平台") and not is_portal("港口晚报")
    assert without_portal("한강뉴스 | 네이버") == "한강뉴스"
    assert without_portal("네이버 뉴스") == ""
