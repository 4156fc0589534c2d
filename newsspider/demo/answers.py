"""The types that all hosts of the newsroom share: an article, a request, an answer, a fault.

In: a request, and the articles, newest first. Out: an Answer. The newsroom calls `answer` for each
request. A host is a function: those of `finews` are in routes.py, a caller may pass others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"
ROBOTS = b"User-agent: *\nAllow: /\nDisallow: /private/\n"


class Article(Protocol):
    """An article of any site: its id, and its time as text that sorts by time."""

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
    """An answer. `validators`: whether it is sent with ETag and Last-Modified."""

    body: bytes = field(repr=False)
    kind: str = HTML
    status: int = 200
    validators: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fault:
    """An answer that replaces the true answer; status 0 only delays the true answer. `times`: how
    many requests it still applies to; None for all. `over` ends its delay, also for the answers
    that wait."""

    host: str
    path_prefix: str
    status: int
    times: int | None
    body: bytes
    headers: Mapping[str, str]
    delay: float
    over: threading.Event = field(default_factory=threading.Event)

    def matches(self, host: str, target: str) -> bool:
        same_host = self.host in ("", host, host.partition(":")[0])
        return same_host and target.startswith(self.path_prefix) and self.times != 0


Kind = TypeVar("Kind")
# A host: the articles, newest first, and a request → its answer; None for an unknown path.
Host = Callable[[Sequence[Article], Request], Answer | None]
NOT_FOUND = Answer(b"<h1>404 Not Found</h1>", status=404)
NOT_ALLOWED = Answer(b"<h1>405 Method Not Allowed</h1>", status=405)


def host_of(
    kind: type[Kind],
    serve: Callable[[Sequence[Kind], Request], Answer | None],
    *,
    takes_posts: bool = False,
) -> Host:
    """Return a host that serves the articles of one class. A POST gets 405 unless `takes_posts`."""

    def host(articles: Sequence[Article], request: Request) -> Answer | None:
        if request.method == "POST" and not takes_posts:
            return NOT_ALLOWED
        return serve([article for article in articles if isinstance(article, kind)], request)

    return host


def request_of(
    host: str, target: str, method: str, headers: Mapping[str, str], body: bytes
) -> Request:
    """Return the Request of a raw request: `host` may have a port, `target` is path and query."""
    parts = urlsplit(target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    host = host.partition(":")[0].lower()
    names = {name.lower(): value for name, value in headers.items()}
    return Request(host, unquote(parts.path), query, method, names, body)


def answer(hosts: Mapping[str, Host], articles: Sequence[Article], request: Request) -> Answer:
    """Return the answer to a request; 404 for an unknown host or path. All hosts have the same
    robots.txt."""
    host = hosts.get(request.host)
    if host is None:
        return NOT_FOUND
    if request.path == "/robots.txt":
        return Answer(ROBOTS, "text/plain; charset=utf-8")
    return host(articles, request) or NOT_FOUND


def number(text: str | None, default: int = 1, most: int = 10**6) -> int:
    """Return a count or a page number of a query, limited to 1 … `most`; `default` for text that is
    not a number."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:
        return default
    return min(max(1, int(text)), most)
