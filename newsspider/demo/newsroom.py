"""The newsroom: a news site on loopback whose articles and faults may change while it runs.

In: articles, and the hosts that serve them. Out: an address that answers for all the hosts. Used by
`newsspider demo` and by the tests, which add hosts and articles of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from newsspider.demo.answers import Answer, Article, Fault, Host, Request, answer
from newsspider.demo.routes import HOSTS
from newsspider.demo.server import Server
from newsspider.demo.story import stories

_OPENED = datetime(2026, 10, 1, tzinfo=UTC)  # older than any run, younger than every story


class Newsroom:
    """A news site on 127.0.0.1 while the `with` block lasts.

    `articles` are the articles at the start, of any class (None: the stories of the first user's
    site). `hosts` has a function for each host name, which picks the articles it serves.

    `requests` holds (method, host, path and query) of every request so far, in order of arrival.
    Every method may be called from any thread. `start` raises OSError when the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        articles: Sequence[Article] | None = None,
        hosts: Mapping[str, Host] = HOSTS,
    ) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self._port = port
        self._hosts = hosts
        self._articles = {
            article.id: article for article in (stories() if articles is None else articles)
        }
        self._changed = _OPENED
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server: Server | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:43121`. Raises RuntimeError when the newsroom is not running."""
        if self._server is None:
            raise RuntimeError("the newsroom is not running")
        return f"127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Open the port and serve in a daemon thread."""
        self._server = Server(("127.0.0.1", self._port), self)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self) -> None:
        """Close the port and every connection, and remove all faults. A second call does
        nothing."""
        server, self._server = self._server, None
        if server is not None:
            self.clear_faults()
            server.shutdown()
            server.server_close()
            server.hang_up()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def add(self, article: Article) -> None:
        """Publish an article. Raises KeyError when its id is taken."""
        with self._lock:
            if article.id in self._articles:
                raise KeyError(article.id)
            self._change(article)

    def replace(self, article: Article) -> None:
        """Publish a new version of an article. Raises KeyError when no article has its id."""
        with self._lock:
            if article.id not in self._articles:
                raise KeyError(article.id)
            self._change(article)

    def remove(self, id: str) -> None:
        """Remove an article by its id, with or without `NW`. Raises KeyError when there is none."""
        with self._lock:
            del self._articles[id.removeprefix("NW")]
            self._change()

    def fault(
        self,
        host: str,
        path_prefix: str,
        *,
        status: int = 500,
        times: int | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0,
    ) -> Fault:
        """Replace the answer to the next `times` requests (None: all) to `host` ("": every host)
        whose path and query start with `path_prefix`, after `delay` seconds. Status 0 delays the
        true answer. Of several matching faults the first applies. A `Content-Length` among the
        headers is sent unchanged and the connection closed: an answer that breaks off. Return the
        fault, whose delay ends early with `over.set()`."""
        fault = Fault(host, path_prefix, status, times, body or b"", headers or {}, delay)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        """Remove all faults, and end their delays."""
        with self._lock:
            for fault in self._faults:
                fault.over.set()
            self._faults.clear()

    def log(self, method: str, host: str, target: str) -> Fault | None:
        """Record a request; return the fault that applies to it, if any. Called by the server."""
        with self._lock:
            self.requests.append((method, host, target))
            fault = next((fault for fault in self._faults if fault.matches(host, target)), None)
            if fault and fault.times is not None:
                fault.times -= 1
        return fault

    def answer(self, request: Request) -> tuple[Answer, datetime]:
        """Return the true answer, and the time of the last change. Called by the server."""
        with self._lock:
            articles, changed = list(self._articles.values()), self._changed
        articles.sort(key=lambda article: (article.time, article.id), reverse=True)
        return answer(self._hosts, articles, request), changed

    def _change(self, article: Article | None = None) -> None:
        """Store the article, and set the time of the last change, at least one second after the
        previous one: Last-Modified has no fractions."""
        if article is not None:
            self._articles[article.id] = article
        now = datetime.now(UTC).replace(microsecond=0)
        self._changed = max(now, self._changed + timedelta(seconds=1))
