"""East Money's hosts.

In: the stories and a request. Out: an Answer, or None. Every host has the stories of the first
user's site, too, as the real ones have. `HOSTS` is a part of the newsroom's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from newsroom.eastmoney import apis, article, columns
from newsroom.eastmoney.story import EastMoneyStory, as_eastmoney
from newsspider.demo.answers import Answer, Host, Request, host_of, number
from newsspider.demo.routes import pictures
from newsspider.demo.story import Story

_ARTICLE = re.compile(r"/(?:a/|news/\d{1,5},)(\d{18})\.html", re.A)
_COLUMN = re.compile(r"/a/(c[a-z]{3,7})(?:_(\d{1,4}))?\.html", re.A)
_ELSEWHERE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>财富号</title></head>'
    '<body><div id="app"></div><script src="/js/article.js"></script></body></html>'
)


def _pages(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    """Every host has every article; a column is on its own host alone."""
    if id := _ARTICLE.fullmatch(request.path):
        return _article(stories, id[1], wap=False)
    column = _COLUMN.fullmatch(request.path)
    if not column or column[1] not in columns.COLUMNS:
        return None
    if columns.COLUMNS[column[1]].host != request.host:
        return None
    page = columns.page(stories, column[1], number(column[2]))
    return Answer(page.encode()) if page else None


def _wap(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    id = _ARTICLE.fullmatch(request.path)
    return _article(stories, id[1], wap=True) if id else None


def _article(stories: Sequence[EastMoneyStory], id: str, *, wap: bool) -> Answer | None:
    story = next((story for story in stories if story.id == id), None)
    if story is None or story.answer == "404" or story.np_dst == "CFH":
        return None
    if story.template == "wap" and not wap:
        return None
    return Answer(article.page(story, wap=wap).encode())


def _caifuhao(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    """The blogs: another site, whose articles a script fills in."""
    known = {f"/news/{story.id}" for story in stories if story.np_dst == "CFH"}
    return Answer(_ELSEWHERE.encode()) if request.path in known else None


def _lists(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    if request.path == "/comm/web/getNewsByColumns":
        return apis.by_column(stories, request.query)
    if request.path == "/comm/wap/getListInfo":
        return apis.of_share(stories, request.query)
    return _fast(stories, request)


def _fast(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    if request.path != "/comm/web/getFastNewsList":
        return None
    return apis.fast(stories, request.query)


def _live(stories: Sequence[EastMoneyStory], request: Request) -> Answer | None:
    return apis.live(stories, request.path)


def _host(serve: Callable[[Sequence[EastMoneyStory], Request], Answer | None]) -> Host:
    return host_of(Story, lambda stories, request: serve([*map(as_eastmoney, stories)], request))


HOSTS: Mapping[str, Host] = {
    **{
        f"{name}.eastmoney.com": _host(_pages)
        for name in ("finance", "stock", "fund", "hk", "futures", "global", "biz")
    },
    "wap.eastmoney.com": _host(_wap),
    "m.eastmoney.com": _host(_wap),
    "caifuhao.eastmoney.com": _host(_caifuhao),
    "np-listapi.eastmoney.com": _host(_lists),
    "np-weblist.eastmoney.com": _host(_fast),
    "newsapi.eastmoney.com": _host(_live),
    "np-newspic.dfcfw.com": host_of(Story, pictures),
}
