"""A webhook on loopback: it keeps what it gets, and answers with the statuses of a test in turn."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """`received` is (path, headers, body) of each request, the names of headers in small letters;
    `taken` are the bodies of those that it answered with 200."""

    address: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)


@contextmanager
def hooked(*statuses: int, delay: float = 0) -> Iterator[Webhook]:
    """Yield a webhook that listens."""
    webhook, turns = Webhook(), itertools.cycle(statuses or (200,))
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            webhook.received.append((self.path, headers, body))
            if closing.wait(delay):
                return
            status = next(turns)
            if status == 200:
                webhook.taken.append(body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        webhook.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield webhook
        closing.set()
        server.shutdown()
