"""Who answers what: every host of the newsroom, as a function of the stories.

Comes in: host, path, query and the stories, newest first. Goes out: an Answer, or None for what
nobody serves. Called by newsroom.py for each request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from newsspider.demo import apis, images, pages, plain, scripted
from newsspider.demo.answers import JSON, Answer, Asked, Serve, number
from newsspider.demo.eastmoney.hosts import HOSTS as EASTMONEY
from newsspider.demo.plain import Piece
from newsspider.demo.story import Story

ROBOTS = b"User-agent: *\nAllow: /\nDisallow: /private/\n"


def answer(
    told: Sequence[Story | Piece],
    host: str,
    target: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """The answer to a request; 404 for an unknown host or path, 405 for a POST where none is
    taken. `told` is newest first, `target` is path and query, header names are in lower case."""
    host = host.partition(":")[0].lower()
    parts = urlsplit(target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    asked = Asked(host, unquote(parts.path), query, method, headers or {}, body)
    found: Answer | None = None
    if host in HOSTS and asked.path == "/robots.txt":
        found = Answer(ROBOTS, "text/plain; charset=utf-8")
    elif host in _PIECES:
        found = _PIECES[host]([piece for piece in told if isinstance(piece, Piece)], asked)
    elif host in _HOSTS and method == "POST":
        found = Answer(b"<h1>405 Method Not Allowed</h1>", status=405)
    elif serve := _HOSTS.get(host):
        found = serve([story for story in told if isinstance(story, Story)], asked)
    return found or Answer(b"<h1>404 Not Found</h1>", status=404)


def _finews(stories: Sequence[Story], asked: Asked) -> Answer | None:
    html = ""
    if asked.path == "/":
        html = pages.home(stories)
    elif asked.path == "/emnews/":
        html = pages.rolling(stories)
    elif named := re.fullmatch(r"/category/(.+)\.html", asked.path):
        html = pages.category(stories, named[1])
    elif (story := _story(stories, asked.path)) and story.answer != "404":
        ways = [pages.path(story)] * story.post
        ways += [pages.rolling_path(story)] * pages.on_rolling_page(story)
        html = pages.post(story, asked.path) if asked.path in ways else ""
    return Answer(html.encode(), validators=True) if html else None


def _zning(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path == "/html_News/NewsShare.html":
        return Answer(pages.SHELL.encode())
    if asked.path != "/NewsData/GetNewsText.do":
        return None
    story = next((story for story in stories if story.code == asked.query.get("id")), None)
    if story is None or story.answer == "404":
        return None
    if story.answer == "500":
        return Answer(b'{"message": "Internal Server Error"}', JSON, 500)
    return Answer(apis.text(story), JSON)


def _webapi(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path != "/web/webapi" or asked.query.get("type") not in ("102", "45"):
        return None
    return _list(stories, asked.query["type"], asked.query)


def _newmarket(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path != "/information/newmarket/web/webapi" or asked.query.get("marketType") in (
        "102",
        "45",
    ):
        return None
    return _list(stories, asked.query.get("marketType", ""), asked.query)


def _pictures(stories: Sequence[Story], asked: Asked) -> Answer | None:
    name = re.fullmatch(r"/download/(D\d+_w(\d{2,3})h(\d{2,3}))\.(jpg|png)", asked.path)
    if not name:
        return None
    width, height = int(name[2]), int(name[3])
    if name[4] == "png":
        return Answer(images.chart(name[1], width, height), "image/png")
    return Answer(images.jpeg(name[1], width, height), "image/jpeg")


def _charts(stories: Sequence[Story], asked: Asked) -> Answer | None:
    if asked.path != "/GetPic.aspx" or "nid" not in asked.query:
        return None
    return Answer(images.chart(asked.query["nid"]), "image/png")


def _story(stories: Sequence[Story], path: str) -> Story | None:
    """The story whose id closes the path."""
    found = re.search(r"(\d{18})\.html$", path)
    return next((story for story in stories if found and story.id == found[1]), None)


def _list(stories: Sequence[Story], kind: str, query: Mapping[str, str]) -> Answer | None:
    count, page = number(query.get("count"), 20), number(query.get("newsid"))
    body = apis.listing(stories, kind, count, page)
    return Answer(body, JSON) if body is not None else None


_HOSTS: Mapping[str, Serve] = {
    "finews.withounder.com": _finews,
    "finews.zning.xyz": _zning,
    "183.136.162.242": _webapi,
    "43.240.125.15": _newmarket,
    "choicewzp1.eastmoney.com": _zning,
    "dfscdn.dfcfw.com": _pictures,
    "np-newspic.dfcfw.com": _pictures,
    "webquoteklinepic.eastmoney.com": _charts,
    **EASTMONEY,
}
_PIECES = {plain.HOST: plain.serve, scripted.HOST: scripted.serve, scripted.API: scripted.serve}
HOSTS = (*_HOSTS, *_PIECES)
