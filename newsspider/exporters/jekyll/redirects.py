"""Where the addresses of posts that went lead, as a list for the web server.

In: the address of a post in the built site, and where it leads. Out: a line of `_redirects`, which
Netlify and Cloudflare Pages read, or of `_newsspider/redirects.map`, which nginx includes in a
`map`. A line is only ever added, so that git merges the files of two clones. Called by `gone.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from newsspider.store.files import append_line, read_text, write_whole
from newsspider.store.lasting import LASTING

FILES = {"redirects": Path("_redirects"), "nginx": Path(LASTING, "redirects.map")}
# `$` begins a variable of nginx, `:` and `*` a placeholder of `_redirects`.
_SAFE = "/?#[]@!&()+,=%~-._"
_UNQUOTABLE = re.compile(r'["\\\s\x00-\x1f\x7f]')  # in a name of nginx


class RedirectList:
    """The list of an output folder, of one kind of FILES."""

    def __init__(self, output: Path, kind: str) -> None:
        self._file = output / FILES[kind]
        self._is_nginx = kind == "nginx"
        self._lines = frozenset(_lines(self._file))
        self._added: set[str] = set()

    def add(self, path: str, target: str, *, moved: bool) -> bool:
        """Note that the address with this path leads to `target`, where the post is now if it was
        `moved`. Return False if the list cannot name the path. Raises OSError or Unwritable if the
        file cannot be written."""
        name = _name(path) if self._is_nginx else path
        if not name:
            return False
        address = _address(target)
        line = (
            f'{name} "{address}";'
            if self._is_nginx
            else f"{name} {address} {301 if moved else 302}"
        )
        if line not in self._lines and line not in self._added:
            append_line(self._file, line)
            self._added.add(line)
        return True


def unlist(output: Path, path: str) -> None:
    """Take an address out of the lists. Raises OSError or Unwritable if a file cannot be
    written."""
    for kind, name in FILES.items():
        start = f"{_name(path) if kind == 'nginx' else path} "
        lines = _lines(output / name)
        kept = [line for line in lines if not line.startswith(start)]
        if kept != lines:
            data = "".join(f"{line}\n" for line in kept).encode("utf-8")
            write_whole(output / name, data, output, lasting=True)


def _lines(file: Path) -> list[str]:
    try:
        return read_text(file, "replace").splitlines()
    except FileNotFoundError:
        return []


def _name(path: str) -> str:
    """Return a path as nginx compares it, decoded; "" for one that its file cannot have."""
    decoded = unquote(path)
    return "" if _UNQUOTABLE.search(decoded) else f'"{decoded}"'


def _address(target: str) -> str:
    """Return an address that means nothing but itself in either file."""
    if "://" not in target:
        return quote(target, safe=_SAFE)
    parts = urlsplit(target)
    rest = target.split("://", 1)[1].removeprefix(parts.netloc)
    return f"{parts.scheme}://{quote(parts.netloc, safe=_SAFE + ':')}{quote(rest, safe=_SAFE)}"
