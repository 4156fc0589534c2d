"""A folder of posts as plain pages, for a person without Jekyll; or the files of a built site.

In: a folder, and the path and query of a request. Out: an Answer. `newsspider serve` sends it. A
path is hostile: only names of posts that are in the folder, and files inside a built site, are
answered.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode

from newsspider.errors import NewsspiderError
from newsspider.exporters.jekyll import post
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.search import search
from newsspider.model import Article
from newsspider.monitor.runs import report_of
from newsspider.sanitize import sanitise_body
from newsspider.store.files import read_file
from newsspider.text.budget import budget
from newsspider.text.urls import post_link

REPORT = "/.newsspider/report.html"  # the page of the last runs
_ON_A_PAGE = 50  # posts
_LONGEST_QUERY = 200  # characters of a search
_HTML = "text/html; charset=utf-8"
# Nothing on a page runs, whatever a person or a publisher wrote into a post.
_POLICY = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'"
_STYLE = """
body { font: 17px/1.6 system-ui, sans-serif; margin: 2em auto; max-width: 42em; padding: 0 1em }
img { max-width: 100%; height: auto } .more { color: #777; font-size: .85em }
ul { padding: 0; list-style: none } li { margin: 1em 0 } :root { color-scheme: light dark }
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int
    body: bytes = field(repr=False)
    type: str = _HTML
    headers: tuple[tuple[str, str], ...] = ()


NOT_FOUND = Answer(404, b"<!doctype html><title>Not found</title><h1>Not found</h1>")


def answer_of(folder: Path, target: str, built: Path | None) -> Answer:
    """Return the answer to a request for a path and query: the report of the runs, a file of the
    built site, or without one a plain page."""
    address, _, query = target.partition("?")
    try:
        path = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return NOT_FOUND
    if not path.startswith("/"):
        return NOT_FOUND
    if path == REPORT:
        return _file(report_of(folder))
    if built is not None:
        return _built(built, path)
    values = {name: texts[0] for name, texts in parse_qs(query).items()}
    if path == "/":
        return _index(folder, values)
    name = path.removeprefix(f"/{Jekyll.folder}/")
    return _post(folder, name) if name in _names(folder) else NOT_FOUND


# -- a built site -------------------------------------------------------------------------------


def _built(built: Path, path: str) -> Answer:
    if "\0" in path or any(part.startswith(".") for part in path.split("/")):
        return NOT_FOUND
    try:
        root = built.resolve()
        file = (root / path.lstrip("/")).resolve()
        if not file.is_relative_to(root):
            return NOT_FOUND
        if file.is_dir():
            if not path.endswith("/"):
                # Of "//host" a browser would make another host.
                place = quote(f"/{'/'.join(filter(None, path.split('/')))}/")
                return Answer(301, b"", headers=(("Location", place),))
            file /= "index.html"
        elif not file.exists():  # an address without its ending, as GitHub Pages allows
            file = file.with_name(f"{file.name}.html")
    except (OSError, ValueError):
        return NOT_FOUND
    return _file(file)


def _file(file: Path) -> Answer:
    try:
        data = read_file(file)
    except OSError:
        return NOT_FOUND
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
    return Answer(200, data, f"{kind}; charset=utf-8" if is_text else kind)


# -- plain pages --------------------------------------------------------------------------------


def _names(folder: Path) -> set[str]:
    """Return the names of the posts."""
    try:
        with os.scandir(folder / Jekyll.folder) as entries:
            return {entry.name for entry in entries if entry.name.endswith(".md")}
    except OSError:
        return set()


def _article(folder: Path, name: str) -> Article | None:
    try:
        text = read_file(folder / Jekyll.folder / name).decode("utf-8", "replace")
    except OSError:
        return None
    return post.read(name, text.replace("\r\n", "\n"))


def _index(folder: Path, values: dict[str, str]) -> Answer:
    """The newest posts, or those with the words of a search."""
    words = values.get("words", "")[:_LONGEST_QUERY]
    number = int(text) if (text := values.get("page", ""))[:6].isdecimal() else 1
    number = max(1, number)
    names = sorted(_names(folder), reverse=True)
    first, last = (number - 1) * _ON_A_PAGE, number * _ON_A_PAGE
    note = f"{len(names)} posts"
    if words.strip():
        names, note = _found(folder, words), f"with {escape(words)}"
        first, last = 0, len(names)
    lines = [
        '<form><input name="words" type="search" aria-label="Search" value='
        f'"{escape(words)}"> <button>Search</button></form>',
        f'<p class="more">{note}; <a href="{REPORT}">the last runs</a></p><ul>',
        *(_item(folder, name) for name in names[first:last]),
        "</ul>",
    ]
    if last < len(names):
        lines.append(f'<p><a href="/?{urlencode({"page": number + 1})}">older</a></p>')
    return _page(folder.resolve().name, lines)


def _found(folder: Path, words: str) -> list[str]:
    """Return the names of the posts that have these words; none if they cannot be searched."""
    try:
        hits = search(folder, [words], most=_ON_A_PAGE)
    except (NewsspiderError, ValueError):
        return []
    return [hit.post.removeprefix(f"{Jekyll.folder}/") for hit in hits]


def _item(folder: Path, name: str) -> str:
    article = _article(folder, name)
    title = article.title if article else name
    source = (article.source or article.tag) if article else ""
    more = " · ".join(filter(None, (name[:10], source)))
    address = f"/{Jekyll.folder}/{quote(name)}"
    return (
        f'<li><a href="{address}">{escape(title)}</a><br><span class="more">{escape(more)}</span>'
    )


def _post(folder: Path, name: str) -> Answer:
    article = _article(folder, name)
    if article is None:
        return NOT_FOUND
    link = post_link(article.link)
    lines = [
        '<p class="more"><a href="/">all posts</a></p>',
        f"<article><h1>{escape(article.title)}</h1>",
        f'<p class="more">{escape(name[:10])} {escape(article.source)}</p>',
        f"<blockquote>{escape(article.digest)}</blockquote>" if article.digest else "",
        _safe(article.body, link or ""),
        f'</article><p><a href="{escape(link)}" rel="noreferrer">{escape(link)}</a></p>'
        if link
        else "</article>",
    ]
    return _page(article.title, lines)


def _safe(body: str, base: str) -> str:
    """Return a body that a person may have edited, sanitised again; as text if that fails."""
    try:
        with budget():
            return sanitise_body(body, base=base)
    except NewsspiderError:
        return f"<pre>{escape(body)}</pre>"


def _page(title: str, lines: list[str]) -> Answer:
    def parts() -> Iterator[str]:
        yield '<!doctype html><html><meta charset="utf-8">'
        yield f'<title>{escape(title)}</title><meta name="viewport" content="width=device-width">'
        yield f"<style>{_STYLE}</style>"
        yield from lines

    body = "\n".join(parts()).encode("utf-8", "replace")
    return Answer(200, body, headers=(("Content-Security-Policy", _POLICY),))
