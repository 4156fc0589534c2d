"""The newsroom's HTTP server on loopback, which answers for every host by its Host header.

In: plain HTTP requests, whatever the scheme of the URL, since `--connect-to` sends all requests
here. Out: the newsroom's answers, with validators, or the faults that a test has set. Started by
the newsroom.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import socketserver
import sys
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from newsspider.demo.answers import HTML, Answer, Fault, Request, request_of


class Room(Protocol):
    """The part of the newsroom that the server uses."""

    def log(self, method: str, host: str, target: str) -> Fault | None: ...
    def answer(self, request: Request) -> tuple[Answer, datetime]: ...


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "newsroom", ""
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave in one packet
    server: Server

    def do_GET(self) -> None:
        room = self.server.room
        try:
            parts = urlsplit(self.path)
        except ValueError:  # http://[bad
            self._send(400, b"", {"Content-Type": HTML})
            return
        body = self._body()
        # A request through a proxy names the host in its first line.
        host = (parts.netloc or self.headers.get("Host", "")).lower()
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        fault = room.log(self.command, host, target)
        if fault and fault.delay:
            fault.over.wait(fault.delay)
        if fault and fault.status:
            self._send(fault.status, fault.body, {"Content-Type": HTML, **fault.headers})
            self.close_connection |= "Content-Length" in fault.headers
            return
        request = request_of(host, target, self.command, dict(self.headers.items()), body)
        answer, changed = room.answer(request)
        head = {"Content-Type": answer.kind, **answer.headers}
        if answer.validators:
            etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
            head |= {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True)}
            if self._unchanged(etag, changed):
                self._send(304, b"", head)
                return
        self._send(answer.status, answer.body, head)

    do_HEAD = do_POST = do_GET

    def _body(self) -> bytes:
        """The body of a POST; b"" if its length is missing or not a number."""
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 6:
            self.close_connection = True  # what follows is not a request
            return b""
        return self.rfile.read(int(length))

    def _unchanged(self, etag: str, changed: datetime) -> bool:
        """RFC 9110 13.1: If-None-Match, where present, takes precedence over If-Modified-Since."""
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
        """Log nothing: `Newsroom.requests` is the log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], room: Room) -> None:
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
        """Show errors of the server, but not of a client that closes the connection early."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
