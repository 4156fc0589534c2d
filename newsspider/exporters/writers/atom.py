"""Atom (RFC 4287): the newest articles, for feed readers.

In: rows. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from newsspider.exporters.contract import Row
from newsspider.exporters.writers import entries
from newsspider.exporters.writers.about import About


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the newest rows to a file."""
    newest = entries.newest(rows)
    parts = (*_head(newest, about), *(_entry(row, about) for row in newest), "</feed>", "")
    target.write_text("\n".join(parts), "utf-8")


def _head(newest: list[Row], about: About) -> Iterator[str]:
    language = f" xml:lang={quoteattr(about.language)}" if about.language else ""
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom"{language}>'
    yield f"<id>{escape(about.feed_id)}feed</id>"
    yield f"<title>{escape(about.title)}</title>"
    yield f"<updated>{entries.last_updated(newest)}</updated>"
    yield f"<author><name>{escape(about.title)}</name></author>"
    if about.home:
        yield f'<link rel="alternate" type="text/html" href={quoteattr(about.home)}/>'


def _entry(row: Row, about: About) -> str:
    language = f" xml:lang={quoteattr(row['language'])}" if row["language"] else ""
    parts = [
        f"<entry{language}>",
        f"<id>{escape(entries.entry_id(row, about))}</id>",
        f"<title>{escape(row['title'])}</title>",
        f'<link rel="alternate" type="text/html" href={quoteattr(entries.link(row))}/>',
        f"<updated>{entries.updated(row)}</updated>",
        f"<published>{row['published']}</published>" if row["published"] else "",
        *(f"<author><name>{escape(name)}</name></author>" for name in entries.names(row)),
        *(f"<category term={quoteattr(term)}/>" for term in entries.terms(row)),
        f"<summary>{escape(row['summary'])}</summary>",
    ]
    if entries.link(row) != row["link"]:
        parts.append(f'<link rel="via" href={quoteattr(row["link"])}/>')
    if not about.summaries:
        parts.append(f'<content type="html">{escape(entries.full_text(row))}</content>')
    return "\n".join((*filter(None, parts), "</entry>"))
