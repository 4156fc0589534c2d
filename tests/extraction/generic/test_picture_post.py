"""Posts of pictures on WeChat."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import html

from newsspider.extraction.generic import Extracted, extract
from newsspider.extraction.generic.picture_post import read_picture_post
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://mp.weixin.qq.com/s/Ab3dEf"
IMAGE = "https://mmbiz.qpic.cn/mmbiz_jpg/{}/0?wx_fmt=jpeg"
TITLE = "老船闸的最后一天"
LINES = ["周二清晨，最后一艘驳船驶过老船闸。", "图二：守闸人“老林”收起缆绳 & 关上闸门。"]

DATA_NEW = f"""
window.cgiDataNew = {{
  title: JsDecode('{TITLE}'),
  nick_name: JsDecode('港口晚报'),
  create_time: JsDecode('2026-11-20 16:45'),
  item_show_type: '8' * 1,
  content_noencode: JsDecode('{LINES[0]}\\x0a{LINES[1].replace("&", chr(92) + "x26amp;")}'),
  picture_page_info_list: [
    {{ cdn_url: JsDecode('{IMAGE.format("one")}\\x26amp;from=appmsg'), width: '1080' * 1,
      watermark_info: {{ cdn_url: JsDecode('{IMAGE.format("watermark")}') }} }},
    {{ share_cover: {{ cdn_url: '' }}, cdn_url: JsDecode('{IMAGE.format("two")}') }},
  ],
  other: [{{ cdn_url: '{IMAGE.format("other")}' }}],
}};"""
VARIABLES = f"""
window.item_show_type = '8' || '';
window.ct = '1795164300' || '';
window.msg_title = window.title = '{TITLE}' || '';
var nickname = "港口晚报";
window.desc = "{LINES[0]}\\n{LINES[1]}";
window.picture_page_info_list = [
  {{ "cdn_url": "{IMAGE.format("one")}\\x26from=appmsg" }}, {{ "cdn_url": "{IMAGE.format("two")}" }}
];"""


def read(script: str, shown: str = '<div id="js_content"></div>') -> Extracted:
    page = (
        f'<html lang="zh"><head><meta property="og:title" content="{TITLE}">'
        '<meta property="og:site_name" content="微信公众平台"></head>'
        f"<body>{shown}<script>{script}</script></body></html>"
    )
    return extract(Page(url=URL, body=page.encode()), now=NOW)


@pytest.mark.parametrize("script", [DATA_NEW, VARIABLES], ids=["cgiDataNew", "variables"])
def test_text_and_pictures(script: str) -> None:
    post = read(script)
    assert post.title == TITLE
    assert post.text.split("\n") == LINES
    assert [image.url for image in post.images] == [
        IMAGE.format("one") + "&from=appmsg",
        IMAGE.format("two"),
    ]
    assert post.source == "港口晚报"
    assert post.published == datetime(2026, 11, 20, 16, 45, tzinfo=timezone(timedelta(hours=8)))
    assert post.verdict == ""


def test_without_a_text_of_its_own_it_has_that_of_previews() -> None:
    script = VARIABLES.replace("window.desc", "window.other")
    described = f'<meta property="og:description" content="{LINES[0]}\\x0a{LINES[1]}">'
    post = read(script, f'{described}<div id="js_content"></div>')
    assert post.text.split("\n") == LINES
    assert len(post.images) == 2


def test_an_article_with_such_a_list_stays() -> None:
    shown = (
        f'<div id="js_content">{"".join(f"<p>{line * 3}</p>" for line in LINES)}'
        '<p><img src="https://mmbiz.qpic.cn/mmbiz_jpg/own/640" width="900"></p></div>'
    )
    assert "mmbiz_jpg/one/" not in read(DATA_NEW, shown).body


@pytest.mark.parametrize(
    "script",
    [
        "picture_page_info_list: [" + "{" * 200_000,
        "picture_page_info_list: [{cdn_url: '" + "\\\\" * 200_000,
        "picture_page_info_list: [" + "{cdn_url: 'javascript:alert(1)'}," * 20_000,
        "picture_page_info_list: [" * 20_000,
        "nick_name: '" * 50_000 + "picture_page_info_list: [{cdn_url: 'x'}]",
    ],
)
def test_attack_scripts_of_posts(script: str) -> None:
    tree = html.document_fromstring(f"<body><script>{script}</script></body>")
    started = time.process_time()
    read_picture_post(tree)
    assert time.process_time() - started < 10


def test_attack_an_address_that_acts() -> None:
    script = DATA_NEW.replace(IMAGE.format("two"), "javascript:alert(1)")
    assert "javascript" not in read(script).body
