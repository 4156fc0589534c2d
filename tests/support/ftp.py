"""A small FTP server that takes uploads: what `ftplib` says, and nothing more."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self


class FtpServer:
    """Serves 127.0.0.1 for one user, `ada` with the password `secret`. `files` has the uploads by
    path; `number` counts them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.number = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

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
                client, _ = self._socket.accept()
            except OSError:  # closed
                return
            with client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        lines, folder, passive = client.makefile("r", encoding="utf-8"), "", None

        def say(text: str) -> None:
            client.sendall(f"{text}\r\n".encode())

        say("220 hello")
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if word == "PASS" and rest != "secret":
                say("530 wrong password")
            elif word == "CWD":
                folder = "" if rest == "/" else f"{folder}/{rest.strip('/')}"
                say("250 there")
            elif word in ("PASV", "EPSV"):
                passive = socket.create_server(("127.0.0.1", 0))
                port = passive.getsockname()[1]
                say(
                    f"229 passive (|||{port}|)"
                    if word == "EPSV"
                    else f"227 passive (127,0,0,1,{port // 256},{port % 256})"
                )
            elif word == "STOR":
                assert passive is not None
                say("150 send")
                data, _ = passive.accept()
                with passive, data, data.makefile("rb") as file:
                    self.files[f"{folder}/{rest}"] = file.read()
                self.number += 1
                say("226 kept")
            else:
                say({"USER": "331 password", "QUIT": "221 bye"}.get(word, "200 well"))
