"""An article's page in each of East Money's templates: 2021 until now, before 2020, and wap.

In: a story. Out: the page, with all that surrounds and interrupts an article there. Called by
hosts.py.

Times are to the minute. The quirks of a story that show here:

- `bare-source`: the source without `来源：`
- `spaced-title`: ` _ 东方财富网` behind the title instead of `_东方财富网`
- `copied`: tags as in copies of bodies, `</p >`, `</a >`, `href= "`
- `editor-inside`: the editor is a plain paragraph of the body
- `quiet`: nothing but the article between the tags of the body
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from newsroom.eastmoney.story import EastMoneyStory
from newsspider.demo import markup
from newsspider.demo.pages import minute

_OPENING = """<p style="display:none;height:1px;overflow:hidden;"><br /></p>
<p>　　在东方财富看资讯行情，选东方财富证券一站式开户交易&gt;&gt;</p>
<p>　　<a class="toplink" target="_blank" href="https://ai.eastmoney.com/x">全新妙想投研助理，立即体验</a></p>
"""
_BETWEEN = """<p style="text-align:center;"><a href="https://acttg.eastmoney.com/pub/x">
<img src="https://np-newspic.dfcfw.com/download/D20000000000000000001_w480h60.jpg"
class="em_handle_adv_close" /></a></p>"""
_CLOSING = """
<div class="ad_context3"><script>ads({"slot": "</p><p>3"})</script><p>广告</p></div>
<div class="em_xuangu"><p>选股器：<a href="https://xuangu.eastmoney.com/">同类股票还有哪些？</a></p></div>
<!--IMG#0-->
"""
_HINTS = """<p>打开微信，</p><p>点击底部的“发现”</p>
<p>使用“扫一扫”即可将网页分享至朋友圈。</p>
"""
_DISCLAIMER = "郑重声明：东方财富网发布此信息的目的在于传播更多信息，与本网站立场无关。"
_HEAD = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{title}{suffix}</title>
<meta name="description" content="【{title}】{summary}">
<link rel="stylesheet" href="//emcharts.dfcfw.com/lazyload/download.css">
<script>var uid = "{id}", article = {{"title": "<p>不是正文</p>"}};</script></head>
<body>
<div class="header"><a href="http://www.eastmoney.com/">东方财富网</a><a href="/">财经</a></div>
"""
_SIDE = """<div class="Wydj"><ul><li><span class="no">1</span>
<a href="/a/202609273884428846.html">别的文章，不是这一篇</a></li></ul></div>
<div id="comment"><p>网友评论：写得不错。</p></div>
</body></html>
"""
_PRESENT = """<div class="contentbox"><div class="title">{title}</div>
<div class="infos"><div class=" item">{time}</div><div class="item">{source}</div>
<div class="item">浏览 1.2万</div></div>
<div class="contentwrap"><div class="txtinfos" id="ContentBody" style="margin-top:0;">
<!--文章主体-->
{body}
</div></div>
<div class="zwothers">{original}{editor}</div>
<p>{disclaimer}</p>
</div>
"""
_BEFORE_2020 = """<div class="newsContent"><h1>{title}</h1>
<div class="time-source"><div class="time">{time}</div>
<div class="source data-source" data-source="{media}">{shown}</div>
<div class="share">分享到：<a href="javascript:;">微信</a></div></div>
<div class="b-review">{summary}</div>
<div id="ContentBody" class="Body">
<!--文章主体-->
{body}
</div>
{original}</div>
"""
_WAP = """<section class="news"><div class="atitle">{title}</div>
<div class="ainfo"><span class="time">{time}</span><span class="source">{source}</span></div>
<article id="zwtext">
<!--文章主体-->
{body}
</article>
{original}{editor}<p class="statement">{disclaimer}</p></section>
<div class="openapp"><a href="https://acttg.eastmoney.com/pub/app">打开东方财富APP，查看更多相关资讯</a></div>
"""
_INDENT = re.compile(r"<p>(?!　　)")
_JOINT = re.compile(r"</p>(?=<p)")


def page(story: EastMoneyStory, *, wap: bool = False) -> str:
    """The page of a story; `wap` asks for the one of the wap hosts."""
    head = _HEAD.format(
        id=story.id, title=escape(story.title), suffix=_suffix(story, wap), summary=_summary(story)
    )
    known = {
        "title": escape(story.title),
        "time": minute(story.time),
        "media": escape(story.media),
        "source": escape(("" if "bare-source" in story.quirks else "来源：") + story.media),
        "disclaimer": _DISCLAIMER,
        "original": _original(story),
    }
    if wap:
        core = _WAP.format(**known, body=_body(story), editor=_editor(story))
    elif story.template == "2020":
        core = _BEFORE_2020.format(
            **known,
            shown="" if "bare-source" in story.quirks else f"来源：{escape(story.media)}",
            summary=escape(story.summary),
            body=_body(story, last=_editor(story)),
        )
    else:
        core = _PRESENT.format(**known, body=_body(story), editor=_editor(story))
    return head + core + _SIDE


def _body(story: EastMoneyStory, last: str = "") -> str:
    """What is between the tags of the body; `last` closes it."""
    if story.answer == "empty":
        return ""
    body = _INDENT.sub("<p>　　", story.content) + last
    if "editor-inside" in story.quirks:
        body += f"<p>（责任编辑：{escape(story.editor)}）</p>"
    if "quiet" not in story.quirks:
        body = _JOINT.sub(lambda _: "</p>" + _BETWEEN, body, count=1)
        body = _OPENING + body + _CLOSING + _HINTS + f"<p>　　{_DISCLAIMER}</p>"
    if "copied" in story.quirks:
        for tag, copy in (("</p>", "</p >"), ("</a>", "</a >"), ('href="', 'href= "')):
            body = body.replace(tag, copy)
    return body


def _suffix(story: EastMoneyStory, wap: bool) -> str:
    site = "手机东方财富网" if wap else "东方财富网"
    return f" _ {site}" if "spaced-title" in story.quirks else f"_{site}"


def _summary(story: EastMoneyStory) -> str:
    return escape(story.summary or next(_paragraphs(story.body), "")[:80])


def _original(story: EastMoneyStory) -> str:
    return f'<div class="sublab">原标题：{escape(story.original)}</div>' if story.original else ""


def _editor(story: EastMoneyStory) -> str:
    if not story.editor or "editor-inside" in story.quirks:
        return ""
    return f'<p class="res-edit">（责任编辑：{escape(story.editor)}）</p>'


def _paragraphs(html: str) -> Iterator[str]:
    """The plain words of each paragraph of a body, for summaries."""
    for words in re.findall(r"<p>([^<]*)", markup.MARK.sub(r"\1", html)):
        if words.strip():
            yield words.strip()
