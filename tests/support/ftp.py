"""A small FTP server that takes uploads: what `ftplib` says, and nothing more."""

from __future__ import annotations

import socket
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self


class FtpServer(ThreadingTCPServer):
    """Serves 127.0.0.1 for one user, `ada` with the password `secret`. `files` has the uploads by
    path; `number` counts them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.files: dict[str, bytes] = {}
        self.number = 0
        self.port = self.socket.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()


class _Talk(StreamRequestHandler):
    server: FtpServer

    def handle(self) -> None:
        folder, passive = "", None
        self._say("220 hello")
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            if word == "PASS" and rest != "secret":
                self._say("530 wrong password")
            elif word == "CWD":
                folder = "" if rest == "/" else f"{folder}/{rest.strip('/')}"
                self._say("250 there")
            elif word == "PASV":
                passive = socket.create_server(("127.0.0.1", 0))
                port = passive.getsockname()[1]
                self._say(f"227 passive (127,0,0,1,{port // 256},{port % 256})")
            elif word == "STOR":
                assert passive is not None
                self._say("150 send")
                data, _ = passive.accept()
                with passive, data, data.makefile("rb") as file:
                    self.server.files[f"{folder}/{rest}"] = file.read()
                self.server.number += 1
                self._say("226 kept")
            else:
                self._say({"USER": "331 password", "QUIT": "221 bye"}.get(word, "200 well"))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
