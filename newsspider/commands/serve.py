"""`newsspider serve`: an output folder in a browser, on this machine alone.

In: an output folder. Out: its site on loopback, as Jekyll builds it, or without Jekyll as plain
pages; until Ctrl-C. The folder is only read. Called by `commands`.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from newsspider.commands import assistant
from newsspider.commands.options import takes_options
from newsspider.commands.pages import REPORT, Answer, answer_of
from newsspider.commands.scheduled import with_own_project
from newsspider.errors import OutputError
from newsspider.exporters.jekyll.config import find_config
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of

_HOST = "127.0.0.1"
_OURS = ("127.0.0.1", "localhost")  # another name is that of a page that rebinds its address
_SECONDS = 20  # for a request


@takes_options
def serve(
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=0, max=65535, help="Port; 0 takes a free one."),
    ] = 4000,
    plain: Annotated[
        bool, typer.Option("--plain", help="Show plain pages, also where Jekyll is installed.")
    ] = False,
    mcp: Annotated[
        bool,
        typer.Option("--mcp", help="Answer an assistant by MCP on standard input and output."),
    ] = False,
    *,
    options: RunOptions,
) -> None:
    """Show an output folder in a browser, on this machine alone.

    Jekyll builds the site outside the folder; without Jekyll the posts are shown as plain pages.
    The page of the last runs is there as well. Ctrl-C ends it. With --mcp, for the configuration of
    an assistant, it has tools to search, list and read what was published.
    """
    options, _ = with_own_project(options, ledger=False)
    folder = options.output
    if not (folder / Jekyll.folder).is_dir():
        raise OutputError(f"{folder}: has no posts: name the folder of a site with --output")
    if mcp:
        assistant.run(folder)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the built site is removed
    with _built_site(folder, plain=plain) as built:
        try:
            server = ThreadingHTTPServer((_HOST, port), _handler(folder, built))
        except OSError as error:
            raise OutputError(f"--port {port}: cannot be used: {trouble_of(error)}") from error
        with server:
            address = f"http://{_HOST}:{server.server_address[1]}"
            typer.echo(f"{folder} is at {address}/ and its last runs at {address}{REPORT}")
            typer.echo("Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                server.serve_forever()


@contextlib.contextmanager
def _built_site(folder: Path, *, plain: bool) -> Iterator[Path | None]:
    """Yield the folder of the site as Jekyll builds it, removed at the end; None without Jekyll."""
    program = shutil.which("jekyll")
    if plain or program is None or find_config(folder) is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="newsspider-") as place:
        arguments = ["--source", str(folder.resolve()), "--destination", place]
        command = [program, "build", *arguments, "--baseurl", "", "--disable-disk-cache", "--quiet"]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=place, check=False)  # noqa: S603
        if ran.returncode:
            lines = [line.strip() for line in ran.stderr.splitlines() if line.strip()]
            why = lines[-1] if lines else f"it ended with {ran.returncode}"
            typer.echo(f"newsspider: Jekyll cannot build the site: {why}", err=True)
        yield None if ran.returncode else Path(place)


def _handler(folder: Path, built: Path | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "newsspider", ""
        timeout = _SECONDS

        def do_GET(self) -> None:
            if _is_ours(self.headers.get("Host", "")):
                self._send(answer_of(folder, self.path, built))
            else:
                self._send(Answer(403, b"only for this machine", "text/plain"))

        do_HEAD = do_GET

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _is_ours(host: str) -> bool:
    """Return whether a Host header names this machine."""
    try:
        return urlsplit(f"//{host}").hostname in _OURS
    except ValueError:
        return False
