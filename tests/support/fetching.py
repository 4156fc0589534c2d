"""A server that answers as a test says, and a probe that fetches addresses as a crawl does.

The probe is a process of its own with newsspider's settings: its handler, middlewares, extensions.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.cli import Cli
from support.launching import Order, launch

SITE = """
title: Attack
{more}
listing:
  kind: html
  url: 'http://{host}/'
  items: li
  fields: {{url: 'a::attr(href)', title: 'a', time: 'time'}}
pages:
  page:
    kind: html
    fields: {{body: 'div'}}
articles: {{ask: [page], category: x}}
categories: {{x: {{}}}}
"""
ITEM = "<li><a href='{url}'>Title {number}</a><time>2026-11-{day:02} 10:00</time>"

# The bytes to send, or what to call with the connection: it sends by itself, or returns the bytes.
Reply = bytes | Callable[[socket.socket], bytes | None]


def http(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole answer, to be sent as it is."""
    head = {"Content-Type": "text/html", "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


ARTICLE = http(b"<html><div><p>Some text of an article.</p></div>")


def site(folder: Path, host: str, more: str = "") -> Cli:
    (folder / "sites").mkdir()
    (folder / "sites/attack.yml").write_text(SITE.format(host=host, more=more))
    return Cli(folder, None)


def listed(*urls: str) -> bytes:
    items = (ITEM.format(url=url, number=at, day=at % 28 + 1) for at, url in enumerate(urls))
    return http("".join(["<meta charset=utf-8><ul>", *items]).encode())


class Server:
    """Listens on loopback while the `with` block lasts, and answers by `path` or `host/path`, else
    with what `pages` makes of the path, else 404. Of several replies the last one stays.

    `asked` is (seconds, host, path) of each request.
    """

    def __init__(
        self,
        replies: Mapping[str, Reply | list[Reply]],
        address: str = "127.0.0.1",
        pages: Callable[[str], bytes | None] = lambda path: None,
    ) -> None:
        self.asked: list[tuple[float, str, str]] = []
        self.heads: list[str] = []
        self.most_at_once = 0
        self._pages = pages
        self._now = 0
        self._replies = {
            path: list(reply) if isinstance(reply, list) else [reply]
            for path, reply in replies.items()
        }
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.create_server((address, 0), family=family, backlog=64)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def times(self, path: str) -> list[float]:
        return [when for when, _, asked in self.asked if asked == path]

    def paths(self) -> list[str]:
        return [path for _, _, path in self.asked]

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    return
                head += got
            text = head.decode("latin-1")
            path = text.split(" ")[1]
            host = next((x[6:] for x in text.split("\r\n") if x.startswith("Host: ")), "")
            with self._lock:
                self.asked.append((time.monotonic(), host, path))
                self.heads.append(text)
                reply = self._reply(host, path)
                self._now += 1
                self.most_at_once = max(self.most_at_once, self._now)
            try:
                answer = reply(connection) if callable(reply) else reply
            finally:
                # Before the answer leaves: who has it may ask again before this thread goes on.
                with self._lock:
                    self._now -= 1
            if answer is not None:
                connection.sendall(answer)

    def _reply(self, host: str, path: str) -> Reply:
        plain = path.partition("?")[0]
        for key in (host.partition(":")[0] + path, path, plain, "*"):
            if replies := self._replies.get(key):
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return self._pages(path) or http(b"not here", 404)


@contextmanager
def refusing() -> Iterator[str]:
    """The address of a port that refuses connections, and that no other process can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@dataclass(frozen=True)
class Fetched:
    """What came of one address: a status, or the word that the report would count."""

    url: str
    reason: str
    status: int
    text: str
    size: int
    detail: str


@dataclass(frozen=True)
class Probed:
    answers: dict[str, Fetched]
    notes: list[str]
    log: str
    sent: list[tuple[float, str]]  # when a request was sent, by the clock of the crawl; its host
    peak: int  # bytes of memory at most

    def gaps(self, host: str) -> list[float]:
        """The seconds between two requests to a host. A server sees them later, and one more so
        than another."""
        return [b - a for a, b in pairwise(sorted(when for when, to in self.sent if to == host))]

    def reasons(self) -> dict[str, str]:
        return {url: one.reason for url, one in self.answers.items()}


def probe(
    urls: Iterable[str],
    server: Server | None = None,
    meta: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    crawls: int = 1,
    **settings: Any,
) -> Probed:
    """Fetch addresses in this order, all connections going to `server` if there is one. With
    several `crawls` each fetches them all, at once, as sites of one run do."""
    quick = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "NEWS_BACK_OFF": 0}
    if server is not None:
        quick["NEWS_CONNECT_TO"] = server.address
    task = {"urls": list(urls), "meta": dict(meta or {}), "settings": quick | settings}
    task["crawls"] = crawls
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSSPIDER_", "SCRAPY_"))}
    done = launch(
        Order(
            [],
            env | dict(environment or {}),
            script=str(Path(__file__).with_name("probe.py")),
            stdin=json.dumps(task),
            kill_after=600,
        )
    )
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert "Traceback" not in done.err, done.err
    answers = {one["url"]: Fetched(**one) for one in told["answers"]}
    return Probed(answers, told["notes"], done.err, told["sent"], told["peak"])
