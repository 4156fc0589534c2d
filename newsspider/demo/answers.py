"""The shapes that all hosts of the newsroom share: an article, a request, an answer, a fault.

In: a request, and the articles, newest first. Out: an Answer. The newsroom calls `answer` for each
request; the hosts are functions, in routes.py and wherever the caller of the newsroom has more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"
ROBOTS = b"User-agent: *\nAllow: /\nDisallow: /private/\n"


class Article(Protocol):
    """An article of any site: its id, and its time as text that sorts."""

    @property
    def id(self) -> str: ...
    @property
    def time(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `host` is without its port, `path` is unquoted, `query` has the first value of
    each name, the names of `headers` are in lower case."""

    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `validators`: whether it carries ETag and Last-Modified."""

    body: bytes = field(repr=False)
    kind: str = HTML
    status: int = 200
    validators: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fault:
    """An answer that takes the place of the true one; status 0 only delays it."""

    host: str
    path_prefix: str
    status: int
    times: int | None
    body: bytes
    headers: Mapping[str, str]
    delay: float

    def matches(self, host: str, target: str) -> bool:
        named = self.host in ("", host, host.partition(":")[0])
        return named and target.startswith(self.path_prefix) and self.times != 0


Kind = TypeVar("Kind")
# A host: from the articles, newest first, to its answer; None for what it does not have.
Host = Callable[[Sequence[Article], Request], Answer | None]
NOT_FOUND = Answer(b"<h1>404 Not Found</h1>", status=404)
NOT_ALLOWED = Answer(b"<h1>405 Method Not Allowed</h1>", status=405)


def host_of(
    kind: type[Kind],
    serve: Callable[[Sequence[Kind], Request], Answer | None],
    *,
    takes_posts: bool = False,
) -> Host:
    """A host that serves the articles of one kind; a POST gets 405 unless it takes them."""

    def host(articles: Sequence[Article], request: Request) -> Answer | None:
        if request.method == "POST" and not takes_posts:
            return NOT_ALLOWED
        return serve([article for article in articles if isinstance(article, kind)], request)

    return host


def request_of(
    host: str, target: str, method: str, headers: Mapping[str, str], body: bytes
) -> Request:
    """A request as it comes in: `host` may have a port, `target` is path and query."""
    parts = urlsplit(target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    host = host.partition(":")[0].lower()
    names = {name.lower(): value for name, value in headers.items()}
    return Request(host, unquote(parts.path), query, method, names, body)


def answer(hosts: Mapping[str, Host], articles: Sequence[Article], request: Request) -> Answer:
    """The answer to a request; 404 for an unknown host or path. Every known host has the same
    robots.txt."""
    host = hosts.get(request.host)
    if host is None:
        return NOT_FOUND
    if request.path == "/robots.txt":
        return Answer(ROBOTS, "text/plain; charset=utf-8")
    return host(articles, request) or NOT_FOUND


def number(text: str | None, default: int = 1, most: int = 10**6) -> int:
    """A count or a page of a query, from 1 to `most`; `default` for what is no number."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:
        return default
    return min(max(1, int(text)), most)
