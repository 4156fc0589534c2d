"""The column pages of East Money, `/a/<column>.html` and `/a/<column>_<n>.html`.

In: stories and a column. Out: a page of its list in the form of 2022 (times without a
year, text padded) or of 2026. Called by hosts.py; tests put a page of the other form, or
`unfilled`, in its place by `Newsroom.fault`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from newsroom.eastmoney.story import EastMoneyStory
from newsspider.demo.pages import minute

PAGE = 3  # the real pages have twenty items; so few stories would never fill a second one


@dataclass(frozen=True, slots=True)
class Column:
    """A list: title, host, form, and its number in the interfaces where one is known."""

    title: str
    host: str
    form: str
    number: str = ""


_FINANCE, _STOCK = "finance.eastmoney.com", "stock.eastmoney.com"
COLUMNS = {
    "ccjdd": Column("财经导读", _FINANCE, "2022", "344"),
    "cywjh": Column("要闻精华", _FINANCE, "2026", "345"),
    "cgnjj": Column("国内经济", _FINANCE, "2026", "350"),
    "cgjjj": Column("国际经济", _FINANCE, "2022", "351"),
    "czqyw": Column("证券聚焦", _FINANCE, "2026", "353"),
    "cgsxw": Column("公司资讯", _FINANCE, "2022", "354"),
    "czpnc": Column("财经早餐", _FINANCE, "2026", "1207"),
    "chgyj": Column("行业研究", _STOCK, "2026"),
    "ccyts": Column("产业透视", _STOCK, "2022"),
    "csygc": Column("商业观察", _STOCK, "2026"),
    "cscjh": Column("市场聚焦", _STOCK, "2022"),
    "cqhdd": Column("期货导读", "futures.eastmoney.com", "2022"),
    "csyzx": Column("商业资讯", "biz.eastmoney.com", "2026"),
}

_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}_财经频道_东方财富网</title></head>
<body><div class="nav"><a href="//www.eastmoney.com/">首页</a><a href="/a/cgnjj.html">国内</a></div>
<div class="listBox"><div class="titlebox"><h2>{title}</h2></div>
<ul class="repeatList" id="newsListContent">
{items}</ul>
<div class="pager" id="pagerNoDiv">{pager}</div>{script}
</div>
<div class="Wydj clearfix"><div class="tabList"><ul class="h28 fn">
{clicked}</ul></div></div>
</body></html>
"""
_SCRIPT = '<script src="//cmsjs.eastmoney.com/newslistbefore.js"></script>'
_ITEM_2022 = """
    <li id="newsTr{at}">
{image}        <!--文-->
        <div class="text">
            <p class="title">
                <a href="{href}" target="_blank">
                    {title}
                </a>
            </p>
{info}            <p class="time">
                {time}
            </p>
        </div>
        <!--分享-->
        <!--
        <div class="share"><div id='bdshare' data="{{'url':'{href}',text:'{title}'}}">
            <a class="bds_iguba" href="{href}" title="分享到股吧"></a>
        </div></div>
        -->
    </li>
"""
_IMAGE_2022 = """        <!--图-->
        <div class="image">
            <a target="_blank" href="{href}">
                <img src="{src}">
            </a>
        </div>
"""
_INFO_2022 = """
                <p class="info" title="{full}">
                    {cut}
                </p>
"""
_ITEM_2026 = """<li id="newsTr{at}">
{image}<div class="text"><p class="title"><a href="{href}" target="_blank">{title}</a></p>
{info}<p class="time">{time}</p></div></li>
"""
_IMAGE_2026 = """<div class="image"><a href="{href}"><img src="{src}"></a></div>
"""
_INFO_2026 = """<p class="info" title="{full}">{cut}</p>
"""


def page(stories: Sequence[EastMoneyStory], column: str, number: int = 1, form: str = "") -> str:
    """Page `number` of a column, newest first, in its own form or another; "" past the end."""
    listed = [story for story in stories if column in story.columns]
    pages = -(-len(listed) // PAGE)
    if not 1 <= number <= pages:
        return ""
    form = form or COLUMNS[column].form
    shown = listed[(number - 1) * PAGE : number * PAGE]
    return _PAGE.format(
        title=COLUMNS[column].title,
        items="".join(_item(story, at, form) for at, story in enumerate(shown)),
        pager=_pager(column, number, pages),
        script="",
        clicked=_clicked(stories),
    )


def unfilled(column: str) -> bytes:
    """The page as the server sends it where a script fills in the list."""
    return _PAGE.format(
        title=COLUMNS[column].title, items="", pager="", script=_SCRIPT, clicked=""
    ).encode()


def address(story: EastMoneyStory, scheme: str = "") -> str:
    """The address of a story in a list: http, https or no scheme, one third each, as the sites mix
    them; the oldest stories at their oldest address."""
    scheme = scheme or ("http:", "https:", "")[int(story.id) % 3]
    if "old-address" in story.quirks:
        return f"{scheme}//{story.host}/news/{story.column},{story.id}.html"
    return f"{scheme}//{story.host}/a/{story.id}.html"


def _item(story: EastMoneyStory, at: int, form: str) -> str:
    old = form == "2022"
    href = escape(address(story))
    cut = story.summary if len(story.summary) <= 66 else story.summary[:66] + "..."
    image = (_IMAGE_2022 if old else _IMAGE_2026).format(href=href, src=story.image)
    info = (_INFO_2022 if old else _INFO_2026).format(full=escape(story.summary), cut=escape(cut))
    return (_ITEM_2022 if old else _ITEM_2026).format(
        at=at,
        href=href,
        title=escape(story.title, quote=False),
        image=image if story.image else "",
        info=info if story.summary else "",
        time=minute(story.time)[5 if old else 0 :],
    )


def _pager(column: str, number: int, pages: int) -> str:
    links = [
        f"<span>{at}</span>" if at == number else f'<a href="{column}_{at}.html">{at}</a>'
        for at in range(1, pages + 1)
    ]
    if number < pages:
        links.append(f'<a href="{column}_{number + 1}.html">下一页</a>')
    return "".join(links)


def _clicked(stories: Sequence[EastMoneyStory]) -> str:
    """The click rank: stories of any column, some with addresses without a host."""
    ranked = [story for story in stories if story.columns][3:11:2]
    hrefs = (f"/a/{s.id}.html" if at % 2 else address(s, "https:") for at, s in enumerate(ranked))
    return "".join(
        f'  <li><span class="no">{at}</span> <a target="_blank" href="{href}">'
        f"{escape(story.title)}</a></li>\n"
        for at, (story, href) in enumerate(zip(ranked, hrefs, strict=True), 1)
    )
