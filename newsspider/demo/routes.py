"""The hosts of the first user's site.

In: a request, and the stories, newest first. Out: an Answer, or None for an unknown path. `HOSTS`
holds the hosts that the newsroom serves by default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsspider.demo import apis, images, pages
from newsspider.demo.answers import JSON, Answer, Host, Request, host_of, number
from newsspider.demo.story import Story


def pictures(stories: Sequence[Story], request: Request) -> Answer | None:
    """A host of pictures, such as `/download/D1_w640h360.jpg`; the name contains the size."""
    name = re.fullmatch(r"/download/(D\d+_w(\d{2,3})h(\d{2,3}))\.(jpg|png)", request.path)
    if not name:
        return None
    width, height = int(name[2]), int(name[3])
    if name[4] == "png":
        return Answer(images.chart(name[1], width, height), "image/png")
    return Answer(images.jpeg(name[1], width, height), "image/jpeg")


def _finews(stories: Sequence[Story], request: Request) -> Answer | None:
    html = ""
    if request.path == "/":
        html = pages.home(stories)
    elif request.path == "/emnews/":
        html = pages.rolling(stories)
    elif category := re.fullmatch(r"/category/(.+)\.html", request.path):
        html = pages.category(stories, category[1])
    elif (story := _story(stories, request.path)) and story.answer != "404":
        paths = [pages.path(story)] * story.post
        paths += [pages.rolling_path(story)] * pages.on_rolling_page(story)
        html = pages.post(story, request.path) if request.path in paths else ""
    return Answer(html.encode(), validators=True) if html else None


def _zning(stories: Sequence[Story], request: Request) -> Answer | None:
    if request.path == "/html_News/NewsShare.html":
        return Answer(pages.SHELL.encode())
    if request.path != "/NewsData/GetNewsText.do":
        return None
    story = next((story for story in stories if story.code == request.query.get("id")), None)
    if story is None or story.answer == "404":
        return None
    if story.answer == "500":
        return Answer(b'{"message": "Internal Server Error"}', JSON, 500)
    return Answer(apis.text(story), JSON)


def _webapi(stories: Sequence[Story], request: Request) -> Answer | None:
    kind = request.query.get("type", "")
    if request.path != "/web/webapi" or kind not in ("102", "45"):
        return None
    return _list(stories, kind, request.query)


def _newmarket(stories: Sequence[Story], request: Request) -> Answer | None:
    kind = request.query.get("marketType", "")
    if request.path != "/information/newmarket/web/webapi" or kind in ("102", "45"):
        return None
    return _list(stories, kind, request.query)


def _eastmoney(stories: Sequence[Story], request: Request) -> Answer | None:
    """East Money's page, which the site file names for articles whose API answer has no title or
    time."""
    story = _story(stories, request.path)
    return Answer(pages.eastmoney(story).encode()) if story and story.answer != "404" else None


def _charts(stories: Sequence[Story], request: Request) -> Answer | None:
    if request.path != "/GetPic.aspx" or "nid" not in request.query:
        return None
    return Answer(images.chart(request.query["nid"]), "image/png")


def _story(stories: Sequence[Story], path: str) -> Story | None:
    """The story whose id ends the path."""
    id = re.search(r"(\d{18})\.html$", path)
    return next((story for story in stories if id and story.id == id[1]), None)


def _list(stories: Sequence[Story], kind: str, query: Mapping[str, str]) -> Answer | None:
    count, page = number(query.get("count"), 20), number(query.get("newsid"))
    body = apis.listing(stories, kind, count, page)
    return Answer(body, JSON) if body is not None else None


HOSTS: Mapping[str, Host] = {
    name: host_of(Story, serve)
    for name, serve in {
        "finews.withounder.com": _finews,
        "finews.zning.xyz": _zning,
        "183.136.162.242": _webapi,
        "43.240.125.15": _newmarket,
        "choicewzp1.eastmoney.com": _zning,
        "finance.eastmoney.com": _eastmoney,
        "dfscdn.dfcfw.com": pictures,
        "webquoteklinepic.eastmoney.com": _charts,
    }.items()
}
