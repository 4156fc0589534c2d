"""SQLite: one file with full-text search, which Datasette opens as it is.

In: rows. Out: a database with the table `articles`, its search index `articles_fts`, and the views
`sources` and `days`. Called by `exporters/export.py`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from newsspider.exporters.contract import COLUMNS, Row
from newsspider.exporters.writers.about import About
from newsspider.text import grams

_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}
_COLUMNS = ", ".join(
    f'"{name}" {_TYPES.get(column.type, "TEXT")}{" PRIMARY KEY" if name == "post" else ""}'
    for name, column in COLUMNS.items()
)
# The columns of the index are two of the table, as FTS5 reads the rows of the index from there.
_TABLES = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (
  title, text, content="articles", tokenize="unicode61 remove_diacritics 2"
);
CREATE VIEW sources AS
  SELECT source, site, count(*) AS articles, min(published) AS first, max(published) AS last
  FROM articles GROUP BY source, site ORDER BY articles DESC;
CREATE VIEW days AS
  SELECT substr(published, 1, 10) AS day, count(*) AS articles, sum(words) AS words
  FROM articles GROUP BY day ORDER BY day DESC;
"""
_INDEXES = """
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_category ON articles (category);
"""
_INSERT = f"INSERT INTO articles VALUES ({', '.join('?' for _ in COLUMNS)})"  # noqa: S608
_INDEX = "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)"


def write(rows: Iterable[Row], target: Path, about: About) -> None:
    """Write the rows to a database."""
    with contextlib.closing(sqlite3.connect(target)) as database:
        # The file is beside its target until it is whole: a crash costs nothing.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        database.execute(f"CREATE TABLE articles ({_COLUMNS})")
        database.executescript(_TABLES)
        with database:
            for number, row in enumerate(rows, 1):
                database.execute(_INSERT, [_value(row[name]) for name in COLUMNS])
                texts = (row["title"], f"{row['text']}\n{row['source']}")
                database.execute(_INDEX, (number, *map(_tokens, texts)))
            database.executescript(_INDEXES)


def _tokens(text: str) -> str:
    return f"{grams.words(text)} {grams.longer(text)}"


def _value(value: Any) -> Any:
    """Return a value as SQLite has it: lists as JSON, which its functions read."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value
