"""The HTML pages of the first user's site, the empty share page, and East Money's article page.

In: stories. Out: HTML text. Titles are escaped as by Jekyll's `escape`, bodies written as kramdown
writes those of posts. Called by routes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from newsspider.demo import apis
from newsspider.demo.story import Story

SHARE = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode="
SHELL = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>资讯分享</title></head><body>'
    '<div id="news"></div><script src="/js/newsshare.js"></script></body></html>'
)
ROLLING = "东财滚动新闻"
_SITE = "//finews.withounder.com"
_LAYOUT = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="UTF-8"><title>金融消息</title></head>
<body><div class="wrapper"><header><h1><a href="https://finews.withounder.com/">金融消息</a></h1></header>
<section>

{section}

</section><footer><p>&copy; 2021</p><p>演示用的本地站点，文章多为虚构。</p></footer></div></body>
</html>
"""
_EASTMONEY = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}_东方财富网</title></head>
<body><div class="contentbox"><div class="title">{title}</div>
<div class="infos"><div class=" item">{time}</div><div class="item">来源：{media}</div></div>
<div class="txtinfos" id="ContentBody">{body}</div></div></body></html>
"""
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_BLOCK_END = re.compile(r"(</p>|</center>|</table>|-->)\s*(?=<)")


def home(stories: Sequence[Story]) -> str:
    """The home page: the five newest posts of each tag, in the order of the tags' newest posts."""
    tags: dict[str, list[Story]] = {}
    for story in stories:
        if story.post:
            tags.setdefault(story.tag, []).append(story)
    sections = [
        _list(tag, (_item(post, path(post)) for post in posts[:5])) for tag, posts in tags.items()
    ]
    items = [_item(story, rolling_path(story)) for story in stories if on_rolling_page(story)]
    return _LAYOUT.format(section="\n\n".join([*sections, _list(ROLLING, items[:5])]))


def category(stories: Sequence[Story], slug: str) -> str:
    """A category page with all posts of a medium, newest first; "" when there are none."""
    posts = [story for story in stories if story.post and story.slug == slug]
    if not posts:
        return ""
    return _LAYOUT.format(section=_list(posts[0].tag, (_item(post, path(post)) for post in posts)))


def rolling(stories: Sequence[Story]) -> str:
    """The page of the rolling news, `/emnews/`."""
    items = (_item(story, rolling_path(story)) for story in stories if on_rolling_page(story))
    return _LAYOUT.format(section=_list(ROLLING, items))


def post(story: Story, where: str) -> str:
    """The page of a post. `where` is its path: a story may have a post of its medium and a post of
    the rolling news."""
    tag, body = story.tag, story.text
    back, link = f"/category/{story.slug}.html", SHARE + story.code
    if where == rolling_path(story):
        digest = escape(story.digest.split("】")[-1])
        tag, back, link = ROLLING, "/emnews/", apis.url_w(story)
        body = f"<blockquote>\n  <p>{digest}</p>\n</blockquote>\n\n{story.content}"
    link, back = escape(link), f"{_SITE}{escape(back)}"
    return _LAYOUT.format(
        section=f"<small>(GMT+8, Asia/Shanghai, CST) {story.time}</small>\n"
        f"<h1>{escape(story.title)}</h1>\n\n{_kramdown(body)}\n\n"
        f'<p><a href="{link}">{link}</a></p>\n\n'
        f'<p><a href="{back}">返回{escape(tag)}</a>｜<a href="{_SITE}/">返回首页</a></p>\n\n'
        f"<small>tags: <em>{escape(tag)}</em></small>"
    )


def eastmoney(story: Story) -> str:
    """East Money's own page of a story, with the time to the minute."""
    return _EASTMONEY.format(
        title=escape(story.title),
        time=minute(story.time),
        media=escape(story.media),
        body=story.content,
    )


def minute(time: str) -> str:
    """`2026-08-19 17:46:05` → `2026年08月19日 17:46`."""
    year, month, rest = time.split("-")
    return f"{year}年{month}月{rest[:2]}日 {rest[3:8]}"


def path(story: Story) -> str:
    """The path that Jekyll gives a post of a medium: category in lower case, split at spaces."""
    folders = "/".join(story.slug.lower().split())
    return f"/{folders}/{story.time[:10].replace('-', '/')}/{story.code}.html"


def rolling_path(story: Story) -> str:
    """The path that Jekyll gives a post of the rolling news."""
    return f"/emnews/{story.time[:10].replace('-', '/')}/{story.id}.html"


def on_rolling_page(story: Story) -> bool:
    """Return whether the rolling page lists the story. A record without title or time became a file
    that Jekyll did not publish."""
    return story.rolling and bool(story.title) and not story.blank


def _list(tag: str, items: Iterable[str]) -> str:
    return f'<h2 id="{escape(tag)}">{escape(tag)}</h2>\n<ul>\n{"".join(items)}</ul>'


def _item(story: Story, where: str) -> str:
    return f'    <li><a href="{where}">{escape(story.title)}</a></li>\n'


def _kramdown(body: str) -> str:
    """A body as kramdown writes it: bare ampersands escaped, each block on its own line."""
    body = body.replace("\r", "").replace("　　", "")
    return _BLOCK_END.sub(r"\1\n", _BARE_AMPERSAND.sub("&amp;", body))
