"""JSON Feed 1.1: the newest articles, for feed readers.

In: rows. Out: a file. Called by `exporters/export.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from newsspider.exporters.contract import Row
from newsspider.exporters.writers import entries
from newsspider.exporters.writers.about import About


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the newest rows to a file."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about.title,
        "home_page_url": about.home,
        "language": about.language,
    }
    values = {name: value for name, value in feed.items() if value}
    items = [_item(row, about) for row in entries.newest(rows)]
    target.write_text(
        json.dumps({**values, "items": items}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )


def _item(row: Row, about: About) -> dict[str, Any]:
    text = {"content_html": entries.full_text(row)}
    images = row["images"]
    item = {
        "url": entries.link(row),
        "external_url": row["link"],
        "title": row["title"],
        "summary": row["summary"],
        "image": images[0]["url"] if images else "",
        "date_published": row["published"],
        "date_modified": row["modified"],
        "authors": [{"name": name} for name in entries.names(row)],
        "tags": entries.terms(row),
        "language": row["language"],
    }
    given = {name: value for name, value in item.items() if value}
    # An item must have a text, also an empty one.
    text = {"content_text": row["summary"]} if about.summaries else text
    return {"id": entries.entry_id(row, about), **given, **text}
