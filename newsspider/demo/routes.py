"""Who answers what: every host of the first user's world, as a function of the stories.

Comes in: host, path, query and the stories, newest first. Goes out: an Answer, or None for what
nobody serves. Called by newsroom.py for each request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from newsspider.demo import apis, images, pages
from newsspider.demo.story import Story

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
ROBOTS = b"User-agent: *\nAllow: /\nDisallow: /private/\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `validators`: whether it carries ETag and Last-Modified."""

    body: bytes = field(repr=False)
    kind: str = HTML
    status: int = 200
    validators: bool = False


def answer(stories: Sequence[Story], host: str, target: str) -> Answer:
    """The answer to a request; 404 for an unknown host or path. `target` is path and query."""
    serve = _HOSTS.get(host.partition(":")[0].lower())
    parts = urlsplit(target)
    path = unquote(parts.path)
    found: Answer | None = None
    if serve and path == "/robots.txt":
        found = Answer(ROBOTS, "text/plain; charset=utf-8")
    elif serve:
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        found = serve(stories, path, query)
    return found or Answer(b"<h1>404 Not Found</h1>", status=404)


def _finews(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    html = ""
    if path == "/":
        html = pages.home(stories)
    elif path == "/emnews/":
        html = pages.rolling(stories)
    elif named := re.fullmatch(r"/category/(.+)\.html", path):
        html = pages.category(stories, named[1])
    elif (story := _story(stories, path)) and story.answer != "404":
        ways = [pages.path(story)] * story.post
        ways += [pages.rolling_path(story)] * pages.on_rolling_page(story)
        html = pages.post(story, path) if path in ways else ""
    return Answer(html.encode(), validators=True) if html else None


def _zning(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    if path == "/html_News/NewsShare.html":
        return Answer(pages.SHELL.encode())
    if path != "/NewsData/GetNewsText.do":
        return None
    story = next((story for story in stories if story.code == query.get("id")), None)
    if story is None or story.answer == "404":
        return None
    if story.answer == "500":
        return Answer(b'{"message": "Internal Server Error"}', JSON, 500)
    return Answer(apis.text(story), JSON)


def _webapi(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    if path != "/web/webapi" or query.get("type") not in ("102", "45"):
        return None
    return _list(stories, query["type"], query)


def _newmarket(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    if path != "/information/newmarket/web/webapi" or query.get("marketType") in ("102", "45"):
        return None
    return _list(stories, query.get("marketType", ""), query)


def _eastmoney(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    story = _story(stories, path) if re.match(r"/(a/|news/\d+,)\d{18}\.html$", path) else None
    if story is None or story.answer == "404":
        return None
    return Answer(pages.article(story).encode())


def _pictures(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    name = re.fullmatch(r"/download/(D\d+_w(\d{2,3})h(\d{2,3}))\.(jpg|png)", path)
    if not name:
        return None
    width, height = int(name[2]), int(name[3])
    if name[4] == "png":
        return Answer(images.chart(name[1], width, height), "image/png")
    return Answer(images.jpeg(name[1], width, height), "image/jpeg")


def _charts(stories: Sequence[Story], path: str, query: Mapping[str, str]) -> Answer | None:
    if path != "/GetPic.aspx" or "nid" not in query:
        return None
    return Answer(images.chart(query["nid"]), "image/png")


def _story(stories: Sequence[Story], path: str) -> Story | None:
    """The story whose id closes the path."""
    found = re.search(r"(\d{18})\.html$", path)
    return next((story for story in stories if found and story.id == found[1]), None)


def _list(stories: Sequence[Story], kind: str, query: Mapping[str, str]) -> Answer | None:
    count, page = _number(query.get("count", "20")), _number(query.get("newsid", "1"))
    body = apis.listing(stories, kind, count, page)
    return Answer(body, JSON) if body is not None else None


def _number(text: str) -> int:
    return max(1, int(text)) if re.fullmatch(r"[0-9]{1,6}", text) else 1


_Serve = Callable[[Sequence[Story], str, Mapping[str, str]], Answer | None]
_HOSTS: Mapping[str, _Serve] = {
    "finews.withounder.com": _finews,
    "finews.zning.xyz": _zning,
    "183.136.162.242": _webapi,
    "43.240.125.15": _newmarket,
    "finance.eastmoney.com": _eastmoney,
    "dfscdn.dfcfw.com": _pictures,
    "webquoteklinepic.eastmoney.com": _charts,
}
HOSTS = tuple(_HOSTS)
