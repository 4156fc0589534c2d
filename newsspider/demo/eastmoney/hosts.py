"""Who answers what among East Money's hosts.

Comes in: the stories and a request. Goes out: an Answer, or None. `HOSTS` is read by routes.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsspider.demo.answers import Answer, Asked, Serve, number
from newsspider.demo.eastmoney import apis, article, columns
from newsspider.demo.story import Story

_ARTICLE = re.compile(r"/(?:a/|news/\d{1,5},)(\d{18})\.html", re.A)
_COLUMN = re.compile(r"/a/(c[a-z]{3,7})(?:_(\d{1,4}))?\.html", re.A)
_ELSEWHERE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>财富号</title></head>'
    '<body><div id="app"></div><script src="/js/article.js"></script></body></html>'
)


def _pages(stories: Sequence[Story], asked: Asked) -> Answer | None:
    """Every host has every article; a column is on its own host alone."""
    if found := _ARTICLE.fullmatch(asked.path):
        return _article(stories, found[1], wap=False)
    named = _COLUMN.fullmatch(asked.path)
    if not named or named[1] not in columns.COLUMNS:
        return None
    if columns.COLUMNS[named[1]].host != asked.host:
        return None
    page = columns.page(stories, named[1], number(named[2]))
    return Answer(page.encode()) if page else None


def _wap(stories: Sequence[Story], asked: Asked) -> Answer | None:
    found = _ARTICLE.fullmatch(asked.path)
    return _article(stories, found[1], wap=True) if found else None


def _article(stories: Sequence[Story], id: str, *, wap: bool) -> Answer | None:
    story = next((story for story in stories if story.id == id), None)
    if story is None or story.answer == "404" or story.np_dst == "CFH":
        return None
    if story.template == "wap" and not wap:
        return None
    return Answer(article.page(story, wap=wap).encode())


def _caifuhao(stories: Sequence[Story], asked: Asked) -> Answer | None:
    """The blogs: another site, whose articles a script fills in."""
    known = {f"/news/{story.id}" for story in stories if story.np_dst == "CFH"}
    return Answer(_ELSEWHERE.encode()) if asked.path in known else None


def _lists(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path == "/comm/web/getNewsByColumns":
        return apis.by_column(stories, asked.query)
    if asked.path == "/comm/wap/getListInfo":
        return apis.of_share(stories, asked.query)
    return _fast(stories, asked)


def _fast(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path != "/comm/web/getFastNewsList":
        return None
    return apis.fast(stories, asked.query)


def _live(stories: Sequence[Story], asked: Asked) -> Answer | None:
    return apis.live(stories, asked.path)


HOSTS: Mapping[str, Serve] = {
    **{
        f"{name}.eastmoney.com": _pages
        for name in ("finance", "stock", "fund", "hk", "futures", "global", "biz")
    },
    "wap.eastmoney.com": _wap,
    "m.eastmoney.com": _wap,
    "caifuhao.eastmoney.com": _caifuhao,
    "np-listapi.eastmoney.com": _lists,
    "np-weblist.eastmoney.com": _fast,
    "newsapi.eastmoney.com": _live,
}
