"""The articles of a ledger: promised, published, removed.

In: a database with the tables of a ledger. Out: the methods of `store/ledger.py` about articles.
Part of SqlLedger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from newsspider.errors import NameTaken
from newsspider.model import Article
from newsspider.store.records import REMOVAL, PublishedPost, columns, fields_of
from newsspider.store.sql.database import Tables

_COLUMNS = ", ".join(PublishedPost.__dataclass_fields__)
_SELECT = f"SELECT {_COLUMNS} FROM articles"  # noqa: S608 - our own names


class Articles(Tables):
    """Articles and their other identities."""

    def article(self, key: str) -> PublishedPost | None:
        return self._post("key = ?", key)

    def resolve(self, key: str) -> str:
        row = self._db.row(
            "SELECT key FROM aliases WHERE alias = ?"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.key = aliases.alias)",
            (key,),
        )
        return row[0] if row else key

    def note_alias(self, alias: str, key: str) -> None:
        key = self.resolve(key)
        if alias != key and self.article(alias) is None:
            done = self._db.do(
                "INSERT INTO aliases VALUES (?, ?) ON CONFLICT DO NOTHING", (alias, key)
            )
            if done.rowcount:
                self._db.do("UPDATE articles SET saved = 0 WHERE key = ?", (key,))
            self._db.do(
                "UPDATE links SET state = 'dropped', reason = 'Duplicate'"
                " WHERE key = ? AND state IN ('pending', 'failed')",
                (alias,),
            )

    def holder(self, path: str) -> PublishedPost | None:
        return self._post("path = ?", path)

    def articles_in_doubt(self, run: int | None) -> list[PublishedPost]:
        rows = self._db.rows(f"{_SELECT} WHERE run = ? OR intended != '' ORDER BY key", (run,))
        return [PublishedPost(*row) for row in rows]

    def published(self, day: str = "", run: int | None = None) -> list[PublishedPost]:
        on_day = ("AND date >= ? AND date < ?", (day, f"{day}~")) if day else ("", ())
        by_run = ("", ()) if run is None else ("AND run = ?", (run,))
        rows = self._db.rows(
            f"{_SELECT} WHERE state = 'published' {on_day[0]} {by_run[0]} ORDER BY key",
            (*on_day[1], *by_run[1]),
        )
        return [PublishedPost(*row) for row in rows]

    def promise(self, article: Article, path: str, date: str, intended: str) -> None:
        identity = (article.key, article.site, article.id, path)
        address = (article.category, article.tag, date, article.link)
        fields = json.dumps(fields_of(article), ensure_ascii=False, separators=(",", ":"))
        # Not left to the constraint: PostgreSQL would cancel the notes that wait for this commit.
        holder = self.holder(path)
        if holder is not None and holder.key != article.key and self.article(article.key) is None:
            raise NameTaken(f"{path}: another article has a post of this name")
        self._db.do(
            "INSERT INTO articles (key, site, id, path, category, tag, date, link, state,"
            " intended, run, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'promised', ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET intended = excluded.intended,"
            " link = excluded.link, run = excluded.run, saved ="
            " CASE WHEN articles.fields = excluded.fields THEN articles.saved ELSE 0 END,"
            " fields = excluded.fields",
            (*identity, *address, intended, self.run, fields),
        )
        self._db.flush()

    def keep(self, key: str, hash_: str) -> None:
        self._db.lazily()
        self._db.do(
            "UPDATE articles SET state = 'published', intended = '', hash = ?1,"
            " saved = CASE WHEN hash = ?1 THEN saved ELSE 0 END WHERE key = ?2",
            (hash_, key),
        )

    def adopt(self, post: PublishedPost) -> None:
        values = ", ".join("?" * len(columns(post)))
        self._db.do(
            f"INSERT INTO articles ({_COLUMNS}) VALUES ({values})"  # noqa: S608
            " ON CONFLICT DO NOTHING",
            columns(post),
        )

    def forget(self, key: str) -> None:
        self._db.do("DELETE FROM articles WHERE key = ?", (key,))
        # A link that a worker of a fleet has sent stays so: its article waits in the outbox.
        self._db.do("UPDATE links SET state = 'pending' WHERE key = ? AND state != 'sent'", (key,))

    def mark_removed(self, key: str) -> None:
        self._db.do(
            "UPDATE articles SET state = 'gone', intended = '', saved = 0 WHERE key = ?", (key,)
        )

    def promise_removal(self, keys: Iterable[str]) -> None:
        with self.transaction():
            for key in keys:
                self._db.do("UPDATE articles SET intended = ? WHERE key = ?", (REMOVAL, key))

    def is_empty(self) -> bool:
        return self._db.row("SELECT 1 FROM articles LIMIT 1") is None

    def fields(self, key: str) -> Mapping[str, Any]:
        row = self._db.row("SELECT fields FROM articles WHERE key = ?", (key,))
        return json.loads(row[0]) if row and row[0] else {}

    def _post(self, where: str, value: str) -> PublishedPost | None:
        row = self._db.row(f"{_SELECT} WHERE {where}", (value,))
        return PublishedPost(*row) if row else None
