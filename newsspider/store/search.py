"""The index of what was published: `.newsspider/search.sqlite`.

In: documents, each the words of a post, its facets and its values. Out: the values of those that
match a query of FTS5, the newest first. `exporters/search.py` fills it and asks.

The number of a document grows with its time of publication, so the newest come first without being
sorted. The index holds no text, and FTS5 of SQLite before 3.43 deletes nothing from such an index:
a document that is replaced has no row in `posts` any more, and many such documents empty the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsspider.errors import BrokenLedger
from newsspider.store.files import FOLDER, write_whole
from newsspider.store.sqlite.database import Database

_STEPS = (
    """
CREATE TABLE posts (
  name TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, stamp TEXT NOT NULL,
  recorded INTEGER NOT NULL, fields TEXT NOT NULL                        -- JSON
) WITHOUT ROWID;
CREATE INDEX posts_stamps ON posts (name, stamp, recorded);  -- without the fields: read each time
CREATE TABLE replaced (number INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE documents USING fts5 (
  words, facets, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
""",
)
_IN_A_SECOND = 1 << 20  # documents, at most
_MOST_REPLACED = 0.5  # of all documents


@dataclass(frozen=True, slots=True)
class Document:
    """A post as the index has it. `stamp` changes with its file; `recorded`: it has a record;
    `published` is in Unix seconds; `words` and `facets` are tokens; `fields` is JSON."""

    name: str
    stamp: str
    recorded: bool
    published: int
    words: str
    facets: str
    fields: str


class SearchIndex:
    """The open index. Raises what Database raises."""

    def __init__(self, file: Path) -> None:
        self._db = Database(file, _STEPS, whole=False)

    def close(self) -> None:
        self._db.close()

    def stamps(self) -> dict[str, tuple[str, bool]]:
        """Return the stamp of each post, and whether it has a record."""
        rows = self._db.rows("SELECT name, stamp, recorded FROM posts INDEXED BY posts_stamps")
        return {name: (stamp, bool(recorded)) for name, stamp, recorded in rows}

    def is_worn(self) -> bool:
        """Return whether so many documents were replaced that a new index is better."""
        (posts,) = self._db.row("SELECT COUNT(*) FROM posts") or (0,)
        (replaced,) = self._db.row("SELECT COUNT(*) FROM replaced") or (0,)
        return bool(replaced > 1000 and replaced > _MOST_REPLACED * posts)

    def change(self, removed: Iterable[str], documents: Iterable[Document]) -> None:
        """Remove posts by name, then add or replace documents, all or none."""
        with self._db.transaction():
            for name in removed:
                self._remove(name)
            for each in documents:
                self._remove(each.name)
                number = self._free_number(each.published)
                self._db.do(
                    "INSERT INTO documents (rowid, words, facets) VALUES (?, ?, ?)",
                    (number, each.words, each.facets),
                )
                self._db.do(
                    "INSERT INTO posts (name, number, stamp, recorded, fields)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (each.name, number, each.stamp, each.recorded, each.fields),
                )

    def _remove(self, name: str) -> None:
        self._db.do("INSERT INTO replaced SELECT number FROM posts WHERE name = ?", (name,))
        self._db.do("DELETE FROM posts WHERE name = ?", (name,))

    def _free_number(self, published: int) -> int:
        first = published * _IN_A_SECOND
        place = (first, first + _IN_A_SECOND - 1)
        row = self._db.row(
            "SELECT MAX(number) FROM (SELECT MAX(number) AS number FROM posts WHERE number"
            " BETWEEN ?1 AND ?2 UNION SELECT MAX(number) FROM replaced WHERE number BETWEEN ?1"
            " AND ?2)",
            place,
        )
        return first if row is None or row[0] is None else row[0] + 1

    def find(self, query: str, since: int, until: int, most: int) -> Iterator[tuple[str, str]]:
        """Yield the names and fields of the documents published between two Unix times that match
        a query of FTS5, the newest first; they are read in batches of `most`."""
        lowest, highest = since * _IN_A_SECOND, (until + 1) * _IN_A_SECOND
        while True:
            rows = self._db.rows(
                "SELECT documents.rowid, name, fields FROM documents"
                " CROSS JOIN posts ON posts.number = documents.rowid"
                " WHERE documents MATCH ? AND documents.rowid >= ? AND documents.rowid < ?"
                " ORDER BY documents.rowid DESC LIMIT ?",
                (query, lowest, highest, most),
            )
            for highest, name, fields in rows:  # noqa: B007 - the next batch begins below it
                yield name, fields
            if len(rows) < most:
                return


def open_index(folder: Path, *, anew: bool = False) -> SearchIndex:
    """Open the index of an output folder, creating it if necessary; a broken one is replaced, and
    with `anew` any. Raises OutputError, Unwritable or OSError if it cannot be used."""
    file = folder / FOLDER / "search.sqlite"
    if not (folder / FOLDER / ".gitignore").exists():
        write_whole(folder / FOLDER / ".gitignore", b"*\n", folder)
    if anew:
        _remove_files(file)
    try:
        return SearchIndex(file)
    except BrokenLedger:
        _remove_files(file)
        return SearchIndex(file)


def _remove_files(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
