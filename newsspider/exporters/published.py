"""The published articles of an output folder, from its records and its posts.

In: an output folder, and which articles are wanted. Out: a Published for each, in order of
publication. Nothing is written, no ledger is needed, and a run may go on meanwhile: a clone gives
the same articles. `export` and whatever reads what was published call it.

A record has the fields, its post has the text. A post that a person edited counts as edited; a post
older than the records has only what is in it. In memory are the names of the posts, the places of
one month's records, and the first of these.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from newsspider.clean.metadata import describe
from newsspider.errors import OutputError
from newsspider.exporters.jekyll import post
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.selection import EVERYTHING, Selection
from newsspider.exporters.texts import plain_text
from newsspider.model import Article
from newsspider.store.files import read_file
from newsspider.store.lasting import LASTING, RECORDS, read_record
from newsspider.store.output import text_hash
from newsspider.store.records import Record, article_of, published_of

_FAR = timedelta(days=1)  # no zone is further from UTC: a month's first post is not earlier
_IN_MEMORY = 2000  # records of a month, so that few are read twice; the others are read again
_SURROGATE = re.compile("[\ud800-\udfff]")  # a byte of a file's name that is no UTF-8
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Published:
    """A published article. `path` is its post inside the output folder (`_posts/….md`), which never
    changes. `edited`: a person changed the post, whose text this is. `recorded` is False for a post
    older than the records: what the post does not have is not known."""

    article: Article
    path: str
    edited: bool = False
    recorded: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an article is: its time and the name of its post, which are its place in the order, the
    line of its record, if it has one, and the record, if it is still in memory."""

    at: datetime
    name: str
    offset: int = -1
    record: Record | None = field(default=None, compare=False)


def published(folder: Path, wanted: Selection = EVERYTHING) -> Iterator[Published]:
    """Return the wanted articles of an output folder, the first published first. An article whose
    post was removed is left out. Raises OutputError for a folder without posts."""
    with posts_of(folder) as entries:
        names = {entry.name for entry in entries}
    return _published(folder, names, wanted)


@contextmanager
def posts_of(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    """Give the files of the posts of an output folder. Raises OutputError if it has none. A file
    whose name is no UTF-8 is none of ours, and no format could name it."""
    try:
        with os.scandir(folder / Jekyll.folder) as entries:
            yield (entry for entry in entries if not _SURROGATE.search(entry.name))
    except OSError as error:
        raise OutputError(
            f"{folder}: has no posts ({error.strerror}): name the folder of a site with --output"
        ) from error


def stamps(folder: Path) -> dict[str, str]:
    """Return the name of each post with a text that changes with its file. Raises OutputError for a
    folder without posts."""
    with posts_of(folder) as entries:
        posts = [(entry.name, stamp(entry)) for entry in entries if entry.name.endswith(".md")]
    return {name: text for name, text in posts if text}


def stamp(file: Path | os.DirEntry[str]) -> str:
    """Return a text that changes with a file; "" for one that does not exist."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size}"


def read_published(file: Path, record: Record | None) -> Published | None:
    """Return the article of a post and its record, if it has one; None if the file is not a
    post."""
    try:
        data = read_file(file)
        text = data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeError):
        return None
    path = f"{Jekyll.folder}/{file.name}"
    if record and record.fields and text_hash(data) == record.post.hash:
        return Published(article_of(record, *post.read_text(text)), path)
    article = post.read(file.name, text)
    if article is None:
        return None
    if record and record.fields:
        known = replace(article_of(record, article.digest, article.body), title=article.title)
        return Published(describe(replace(known, summary=""), ""), path, edited=True)
    if record:
        row = record.post
        article = replace(article, site=row.site, key=row.key, id=row.id)
    return Published(describe(article, ""), path, recorded=False)


def _published(folder: Path, names: set[str], wanted: Selection) -> Iterator[Published]:
    posts, every = folder / Jekyll.folder, wanted.is_all
    for place, record in _in_order(folder, names):
        if record and record.fields and not every and not wanted.has(article_of(record)):
            continue  # without reading its post
        item = read_published(posts / place.name, record)
        if item and (every or (wanted.has(item.article) and has_words(wanted, item.article))):
            yield item


def has_words(wanted: Selection, article: Article) -> bool:
    """Return whether title and text of an article have the wanted words."""
    texts = (article.title, article.digest, plain_text(article.body)) if wanted.words else ()
    return wanted.has_words(*texts)


# -- order ------------------------------------------------------------------------------------


def _in_order(folder: Path, names: set[str]) -> Iterator[tuple[Place, Record | None]]:
    """Yield the place of each post and its record, if it has one. `names` are the posts without a
    place so far."""
    waiting: list[tuple[Place, BinaryIO | None]] = []
    months = {path.stem: path for path in (folder / LASTING / RECORDS).glob("*.jsonl")}
    with ExitStack() as files:
        for month in sorted(months.keys() | {name[:7] for name in names}):
            begin = _begin(month)
            yield from _with_records(place for place in waiting if place[0].at < begin)
            waiting = [place for place in waiting if place[0].at >= begin]
            if month in months:
                file = files.enter_context(months[month].open("rb"))
                waiting += [(place, file) for place in places(folder, file, names)]
            others = {name for name in names if name[:7] <= month}
            names -= others
            waiting += [(_place(folder / Jekyll.folder, name), None) for name in others]
            waiting.sort(key=lambda pair: pair[0])
        yield from _with_records(waiting)


def _begin(month: str) -> datetime:
    """Return a time before which no article of the month was published."""
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) - _FAR
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _with_records(
    places: Iterable[tuple[Place, BinaryIO | None]],
) -> Iterator[tuple[Place, Record | None]]:
    for place, file in places:
        if file is None or place.record:
            yield place, place.record
        else:
            file.seek(place.offset)
            yield place, read_record(file.readline().decode("utf-8", "replace"))


def places(folder: Path, file: BinaryIO, names: set[str]) -> Iterable[Place]:
    """Return the places of a month's records that have a post, and take these from `names`. A merge
    may have left two records of an article: the one with the hash of the post counts."""
    places: dict[str, Place] = {}
    offset = 0
    for line in file:
        record = read_record(line.decode("utf-8", "replace"))
        if record and (record.post.path in names or record.post.path in places):
            name = record.post.path
            names.discard(name)
            if name not in places or _is_of(folder / Jekyll.folder / name, record):
                published = published_of(record) or _NEVER
                in_memory = record if len(places) < _IN_MEMORY else None
                places[name] = Place(published, name, offset, in_memory)
        offset += len(line)
    return places.values()


def _is_of(file: Path, record: Record) -> bool:
    try:
        return text_hash(read_file(file)) == record.post.hash
    except OSError:
        return False


def _place(posts: Path, name: str) -> Place:
    """Return the place of a post without a record, by its date; last of all without one."""
    try:
        article = post.read(name, read_file(posts / name).decode("utf-8", "replace"))
    except OSError:
        article = None
    at = article.published if article else None
    return Place(at.replace(tzinfo=at.tzinfo or UTC) if at else _NEVER, name)
