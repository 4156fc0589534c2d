"""RSS 2.0: the newest articles, for feed readers.

In: rows. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from newsspider.exporters.contract import Row
from newsspider.exporters.writers import entries
from newsspider.exporters.writers.about import About

_START = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>'
)


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the newest rows to a file."""
    newest = entries.newest(rows)
    items = (_item(row, about) for row in newest)
    target.write_text("\n".join((*_head(newest, about), *items, "</channel>\n</rss>\n")), "utf-8")


def _head(newest: list[Row], about: About) -> Iterator[str]:
    yield _START
    yield f"<title>{escape(about.title)}</title>"
    # RSS demands a link, also of a site that nobody serves yet.
    home = about.home or (entries.link(newest[0]) if newest else "http://localhost/")
    yield f"<link>{escape(home)}</link>"
    yield f"<description>{escape(about.title)}</description>"
    if about.language:
        yield f"<language>{escape(about.language)}</language>"
    yield f"<lastBuildDate>{_date(entries.last_updated(newest))}</lastBuildDate>"


def _item(row: Row, about: About) -> str:
    parts = [
        "<item>",
        f"<title>{escape(row['title'])}</title>",
        f"<link>{escape(entries.link(row))}</link>",
        f'<guid isPermaLink="false">{escape(entries.entry_id(row, about))}</guid>',
        f"<pubDate>{_date(row['published'])}</pubDate>" if row["published"] else "",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in entries.names(row)),
        *(f"<category>{escape(term)}</category>" for term in entries.terms(row)),
        f"<description>{escape(row['summary'])}</description>",
    ]
    if not about.summaries:
        parts.append(f"<content:encoded>{escape(entries.full_text(row))}</content:encoded>")
    return "\n".join((*filter(None, parts), "</item>"))


def _date(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment))
