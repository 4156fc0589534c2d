"""EPUB 3: a book with a chapter per article, for e-readers.

In: rows with Markdown. Out: a file. Called by `exporters/export.py`. A chapter is made from the
Markdown of its article, which has no element that a book must not have. A book cannot load
pictures: each becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from markdown_it import MarkdownIt

from newsspider.exporters.contract import Row
from newsspider.exporters.texts import without_tags
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.entries import updated

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{language}>
<head><title>{title}</title></head><body>
{body}
</body></html>
"""
_PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{id}</dc:identifier><dc:title>{title}</dc:title>
<dc:language>{language}</dc:language><meta property="dcterms:modified">{modified}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
{items}
</manifest>
<spine>{spine}</spine>
</package>
"""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a book."""
    titles, last = [], "1970-01-01T00:00:00"
    with ZipFile(target, "w", ZIP_DEFLATED) as book:
        _add(book, "mimetype", "application/epub+zip", ZIP_STORED)
        _add(book, "META-INF/container.xml", _CONTAINER)
        for number, row in enumerate(rows):
            titles.append(row["title"] or "-")
            last = max(last, updated(row)[:19])
            _add(book, f"a{number}.xhtml", _chapter(row))
        if not titles:  # a book must have a page
            titles.append(about.title)
            _add(book, "a0.xhtml", _page(about.title, f"<p>{escape(about.title)}</p>", ""))
        _add(book, "nav.xhtml", _page(about.title, "\n".join(_contents(titles)), about.language))
        _add(book, "book.opf", _package(len(titles), last, about))


def _add(book: ZipFile, name: str, text: str, kind: int = ZIP_DEFLATED) -> None:
    """Add a file with a fixed time: the same articles are the same book."""
    info = ZipInfo(name)
    info.compress_type = kind
    book.writestr(info, text.encode("utf-8"))


def _chapter(row: Row) -> str:
    day = (row["published"] or "")[:10]
    head = (
        f"<h1>{escape(row['title'] or '-')}</h1>\n"
        f'<p><a href="{escape(_safe(row["link"]))}">{escape(row["source"] or row["link"])}</a>'
        f" {day}</p>\n"
    )
    text = _READER.render(without_tags(row["markdown"] or ""))
    return _page(row["title"] or "-", head + text, row["language"])


def _page(title: str, body: str, language: str) -> str:
    tag = f' xml:lang="{language}" lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return _PAGE.format(title=escape(title), body=body, language=tag)


def _contents(titles: list[str]) -> Iterator[str]:
    yield '<nav epub:type="toc"><ol>'
    for number, title in enumerate(titles):
        yield f'<li><a href="a{number}.xhtml">{escape(title)}</a></li>'
    yield "</ol></nav>"


def _package(count: int, last: str, about: About) -> str:
    item = '<item id="a{0}" href="a{0}.xhtml" media-type="application/xhtml+xml"/>'
    return _PACKAGE.format(
        id=escape(f"{about.feed_id}book"),
        title=escape(about.title),
        language=about.language if _LANGUAGE.fullmatch(about.language) else "und",
        modified=f"{last}Z",
        items="\n".join(item.format(number) for number in range(count)),
        spine="".join(f'<itemref idref="a{number}"/>' for number in range(count)),
    )


def _safe(address: str) -> str:
    """Return an address as a link; EPUB refuses spaces and the like."""
    return re.sub(r"[\s<>\"{}|\\^`]", "", address)


def _picture(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    text = escape(token.content or "▢")
    return f'<a href="{escape(_safe(str(token.attrs.get("src", ""))))}">{text}</a>'


_READER = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")
_READER.add_render_rule("image", _picture)
