"""The newsroom's server: one process on loopback that plays every host by its Host header.

Comes in: plain HTTP requests, whatever the scheme of the address was, since the crawler connects
all hosts to this one. Goes out: what routes.py answers, with validators, or the faults a test asked
for. Used by `newsspider demo`, by the tests, and by `python -m newsspider.demo`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import socket
import socketserver
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from newsspider.demo.answers import HTML, Answer
from newsspider.demo.plain import Piece, pieces
from newsspider.demo.routes import answer
from newsspider.demo.story import Story, stories

_OPENED = datetime(2026, 10, 1, tzinfo=UTC)  # older than any run, younger than every story


@dataclass(slots=True)
class _Fault:
    host: str
    path_prefix: str
    status: int
    times: int | None
    body: bytes
    headers: Mapping[str, str]
    delay: float


class Newsroom:
    """A news site on 127.0.0.1 while the `with` block lasts.

    `requests` holds (method, host, path and query) of every request so far, in order of arrival.
    Every method may be called from any thread. Raises OSError when the port is taken.
    """

    def __init__(self, port: int = 0, articles: Sequence[Story | Piece] | None = None) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self._port = port
        if articles is None:
            articles = (*stories(), *stories("eastmoney"), *pieces())
        self._stories = {story.id: story for story in articles}
        self._changed = _OPENED
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server: _Server | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:43121`; RuntimeError when it is not running."""
        if self._server is None:
            raise RuntimeError("the newsroom is not running")
        return f"127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Take the port and serve in a daemon thread."""
        self._closing.clear()
        self._server = _Server(("127.0.0.1", self._port), self)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self) -> None:
        """Close the port and every connection; a second call does nothing."""
        server, self._server = self._server, None
        if server is not None:
            self._closing.set()
            server.shutdown()
            server.server_close()
            server.hang_up()

    def __enter__(self) -> Newsroom:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def add(self, story: Story | Piece) -> None:
        """Publish a story; KeyError when its id is taken."""
        with self._lock:
            if story.id in self._stories:
                raise KeyError(story.id)
            self._change(story)

    def replace(self, story: Story | Piece) -> None:
        """Publish a new version of a story; KeyError when there is none of its id."""
        with self._lock:
            if story.id not in self._stories:
                raise KeyError(story.id)
            self._change(story)

    def remove(self, id: str) -> None:
        """Withdraw a story by its id, `NW` or not; KeyError when there is none."""
        with self._lock:
            del self._stories[id.removeprefix("NW")]
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
    ) -> None:
        """Answer the next `times` requests (None: all of them) of `host` ("" is every host) whose
        path and query start with `path_prefix` so, after `delay` seconds. Status 0 delays and then
        answers truly. The first fault that matches counts. A `Content-Length` among the headers
        is sent as it is, and the connection closed: an answer that breaks off."""
        with self._lock:
            self._faults.append(
                _Fault(host, path_prefix, status, times, body or b"", headers or {}, delay)
            )

    def clear_faults(self) -> None:
        """Answer truly again."""
        with self._lock:
            self._faults.clear()

    def _change(self, story: Story | Piece | None = None) -> None:
        """A whole second later than the last change, since Last-Modified counts in seconds."""
        if story is not None:
            self._stories[story.id] = story
        now = datetime.now(UTC).replace(microsecond=0)
        self._changed = max(now, self._changed + timedelta(seconds=1))

    def _serve(
        self, method: str, host: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Answer, datetime]:
        with self._lock:
            told, changed = list(self._stories.values()), self._changed
        told.sort(key=lambda story: (story.time, story.id), reverse=True)
        return answer(told, host, target, method, headers, body), changed

    def _meet(self, method: str, host: str, target: str) -> _Fault | None:
        """Remember a request, and tell which fault it runs into."""
        names = ("", host, host.partition(":")[0])
        with self._lock:
            self.requests.append((method, host, target))
            for fault in self._faults:
                hit = fault.host in names and target.startswith(fault.path_prefix)
                if hit and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "newsroom", ""
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave in one packet
    server: _Server

    def do_GET(self) -> None:
        room = self.server.room
        try:
            parts = urlsplit(self.path)
        except ValueError:  # http://[bad
            self._send(400, b"", {"Content-Type": HTML})
            return
        body = self._sent()
        # A request through a proxy names the host in its first line.
        host = (parts.netloc or self.headers.get("Host", "")).lower()
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        fault = room._meet(self.command, host, target)
        if fault and fault.delay:
            room._closing.wait(fault.delay)
        if fault and fault.status:
            self._send(fault.status, fault.body, {"Content-Type": HTML, **fault.headers})
            self.close_connection |= "Content-Length" in fault.headers
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        found, changed = room._serve(self.command, host, target, headers, body)
        head = {"Content-Type": found.kind, **found.headers}
        if found.validators:
            etag = f'"{hashlib.sha256(found.body).hexdigest()[:16]}"'
            head |= {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True)}
            if self._unchanged(etag, changed):
                self._send(304, b"", head)
                return
        self._send(found.status, found.body, head)

    do_HEAD = do_POST = do_GET

    def _sent(self) -> bytes:
        """The body of a POST; b"" without a length, or with one that is none."""
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 6:
            self.close_connection = True  # what follows is no request
            return b""
        return self.rfile.read(int(length))

    def _unchanged(self, etag: str, changed: datetime) -> bool:
        """RFC 9110 13.1: If-None-Match, where it is there, outweighs If-Modified-Since."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return etag in known or "*" in known
        with contextlib.suppress(TypeError, ValueError):
            return parsedate_to_datetime(self.headers["If-Modified-Since"]) >= changed
        return False

    def _send(self, status: int, body: bytes, head: Mapping[str, str]) -> None:
        bodiless = status in (204, 304)
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        if "Content-Length" not in head and not bodiless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and not bodiless:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: `requests` is the log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], room: Newsroom) -> None:
        self.room = room
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's asks DNS for the machine's name

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is the client's affair, all else is ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve in the foreground until Ctrl-C; the first line printed is the address."""
    parser = argparse.ArgumentParser(prog="python -m newsspider.demo", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (the default): any free port")
    with Newsroom(parser.parse_args(arguments).port) as room:
        print(room.address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
