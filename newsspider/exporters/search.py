"""Full-text search over what was published.

In: an output folder, words, and which articles are wanted. Out: the newest articles that have all
of the words, each with a part of its text. `newsspider search` and `serve` call it.

The index is made by the first search. Each search compares the posts with it by the size and the
time of their files, and reads those that are new or changed: nothing else has to keep it up.
"""

from __future__ import annotations

import json
import math
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from newsspider.errors import OutputError, Unwritable
from newsspider.exporters.jekyll import post
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.published import read_published, stamps
from newsspider.exporters.selection import EVERYTHING, Selection
from newsspider.exporters.texts import plain_text
from newsspider.model import Article
from newsspider.store import lock
from newsspider.store.files import FOLDER, read_text, trouble_of
from newsspider.store.lasting import LASTING, RECORDS, read_record
from newsspider.store.records import PublishedPost, Record, article_of, fields_of
from newsspider.store.search import Document, SearchIndex, open_index
from newsspider.text import grams

_BATCH = 500  # documents that are indexed in one commit
_PAGE = 100  # results that are read at once
_EVERY = "every"  # a facet of each post
_AROUND = 60  # characters of a snippet on each side of a word
_ZONES = timedelta(days=1)  # a day somewhere may begin or end so much earlier or later in UTC
# Fields that neither filters nor results need.
_LEFT_OUT = ("summary", "images", "tags", "rights", "hash", "fetched_at")
_DATES = (datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Hit:
    """A published article that has the words: its fields but the text, its post inside the output
    folder, and the part of its text around the words."""

    article: Article
    post: str
    snippet: str


def search(
    folder: Path,
    words: Sequence[str],
    wanted: Selection = EVERYTHING,
    *,
    most: int = 20,
    tell: Callable[[str], object] = str,
) -> list[Hit]:
    """Return the newest wanted articles that have all of the words, `most` at most. `tell` gets a
    message before a search that takes long.

    Raises OutputError if the folder has no posts or the index cannot be used, ValueError for words
    without a letter or a digit.
    """
    return _hits(folder, _query(words, wanted), words, wanted, most, tell)


def newest(folder: Path, wanted: Selection = EVERYTHING, *, most: int = 20) -> list[Hit]:
    """Return the newest wanted articles, `most` at most, each with the beginning of its text.
    Raises OutputError as `search` does."""
    return _hits(folder, " AND ".join(_terms(wanted)), (), wanted, most)


def _hits(
    folder: Path,
    query: str,
    words: Sequence[str],
    wanted: Selection,
    most: int,
    tell: Callable[[str], object] = str,
) -> list[Hit]:
    try:
        with closing(updated_index(folder, tell)) as index:
            found = list(islice(_found(index, query, wanted), most))
    except (OSError, Unwritable, lock.Held) as error:
        why = trouble_of(error) if isinstance(error, OSError) else error
        raise OutputError(f"{folder}: cannot be searched: {why}") from error
    return [_hit(folder, name, article, words) for name, article in found]


def updated_index(folder: Path, tell: Callable[[str], object] = str) -> SearchIndex:
    """Return the index of a folder, which has its posts as they are now. The caller closes it."""
    posts = stamps(folder)
    (folder / FOLDER).mkdir(exist_ok=True)
    handle = lock.take(folder / FOLDER / "search.lock", wait=math.inf, tell=tell)
    try:
        index = open_index(folder)
        if index.is_worn():
            index.close()
            index = open_index(folder, anew=True)
        _update(index, folder, posts, tell)
        return index
    finally:
        os.close(handle)


# -- the index ----------------------------------------------------------------------------------


def _update(
    index: SearchIndex, folder: Path, posts: Mapping[str, str], tell: Callable[[str], object]
) -> None:
    months = {
        path.stem: str(path.stat().st_mtime_ns)
        for path in (folder / LASTING / RECORDS).glob("*.jsonl")
    }
    known = index.stamps()
    changed: dict[str, list[str]] = defaultdict(list)
    for name, stamp in posts.items():
        before, recorded = known.get(name, ("", False))
        # A post without a record may get one: at the end of the run that wrote it.
        if before != (stamp if recorded else f"{stamp} {months.get(name[:7], '')}"):
            changed[name[:7]].append(name)
    number = sum(map(len, changed.values()))
    if number > _BATCH:
        tell(f"{folder}: indexing {number} posts; later searches do not need to")
    index.change(known.keys() - posts.keys(), ())
    for month in sorted(changed):
        names, records = sorted(changed[month]), _records(folder, month)
        for at in range(0, len(names), _BATCH):
            batch = (
                _document(folder, name, posts[name], records.get(name), months.get(month, ""))
                for name in names[at : at + _BATCH]
            )
            index.change((), batch)


def _records(folder: Path, month: str) -> dict[str, Record]:
    try:
        text = (folder / LASTING / RECORDS / f"{month}.jsonl").read_text("utf-8", "replace")
    except OSError:
        return {}
    records = map(read_record, text.split("\n"))
    return {record.post.path: record for record in records if record is not None}


def _document(folder: Path, name: str, stamp: str, record: Record | None, month: str) -> Document:
    """Return the document of a post; without words if the file is not a post."""
    item = read_published(folder / Jekyll.folder / name, record)
    recorded = record is not None
    stamp = stamp if recorded else f"{stamp} {month}"
    if item is None:
        return Document(name, stamp, recorded, 0, "", "", "{}")
    article = item.article
    text = "\n".join((article.title, article.digest, plain_text(article.body), article.source))
    published = article.published or _DATES[0]
    fields = {key: value for key, value in fields_of(article).items() if key not in _LEFT_OUT}
    return Document(
        name,
        stamp,
        recorded,
        _seconds(published),
        grams.words(_normal(text)),
        " ".join(_facets(article)),
        json.dumps(fields, ensure_ascii=False, separators=(",", ":")),
    )


def _facets(article: Article) -> Iterator[str]:
    yield _EVERY
    yield _facet("site", article.site)
    yield _facet("category", article.category)
    yield _facet("source", article.source)
    parts = article.language.split("-")
    yield from (_facet("language", "-".join(parts[:n])) for n in range(1, len(parts) + 1))
    for stock in article.stocks:
        yield from (_facet("stock", stock.code), _facet("stock", str(stock)))


def _facet(kind: str, value: str) -> str:
    """Return a value of a field as one word."""
    return f"{kind}{sha256(value.casefold().encode()).hexdigest()[:16]}"


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())


# -- a query ------------------------------------------------------------------------------------


def _query(words: Sequence[str], wanted: Selection) -> str:
    """Return the query of FTS5. Raises ValueError for words that hold none."""
    parts = [part for word in words for part in _normal(word).split() if re.search(r"\w", part)]
    if not parts:
        raise ValueError("give a word to search for, of letters or digits")
    return " AND ".join((*(f"words : {grams.phrase(part)}" for part in parts), *_terms(wanted)))


def _terms(wanted: Selection) -> Iterator[str]:
    yield f"facets : {_EVERY}"
    for kind in ("site", "category", "source", "language", "stock"):
        if value := getattr(wanted, kind):
            yield f"facets : {_facet(kind, value)}"


def _found(index: SearchIndex, query: str, wanted: Selection) -> Iterator[tuple[str, Article]]:
    since = _bound(wanted.since, _DATES[0], -_ZONES)
    until = _bound(wanted.until, _DATES[1], 2 * _ZONES)
    for name, fields in index.find(query, since, until, _PAGE):
        article = _article(name, json.loads(fields))
        if wanted.has(article):
            yield name, article


def _article(name: str, fields: Mapping[str, Any]) -> Article:
    key, site, id_, category, tag, link = (
        str(fields.get(part, "")) for part in ("key", "site", "id", "category", "tag", "link")
    )
    row = PublishedPost(key, site, id_, name, category, tag, "", link, "published", "", "", 0)
    return article_of(Record(row, fields, {}))


def _bound(limit: date | datetime | None, default: datetime, more: timedelta) -> int:
    if limit is None:
        return _seconds(default)
    if not isinstance(limit, datetime):
        limit = datetime(limit.year, limit.month, limit.day, tzinfo=UTC)
    try:
        return _seconds(limit + more)
    except OverflowError:
        return _seconds(default)


def _hit(folder: Path, name: str, article: Article, words: Sequence[str]) -> Hit:
    try:
        text = read_text(folder / Jekyll.folder / name, "replace")
    except OSError:  # removed just now
        text = ""
    digest, body = post.read_text(text)
    text = "\n".join(filter(None, (digest, plain_text(body))))
    return Hit(article, f"{Jekyll.folder}/{name}", snippet(text, words))


def snippet(text: str, words: Sequence[str]) -> str:
    """Return the part of a text around the first of these words, or its beginning."""
    line = " ".join(text.split())
    parts = [re.escape(part) for word in words for part in word.split()]
    match = re.search("|".join(parts), line, re.I) if parts else None
    middle = match.start() if match else 0
    begin, end = max(0, middle - _AROUND), middle + 2 * _AROUND
    return f"{'… ' if begin else ''}{line[begin:end].strip()}{' …' if end < len(line) else ''}"
