"""The change feed of an output folder: what is new, updated or removed since a number.

In: an output folder, and a number or the name of a cursor. Out: a Change for each article that
changed since, in the order of their numbers. `newsspider export` and `serve --mcp` call it.

Each use compares the posts and the records with the log by the size and the time of their files,
and gives numbers to what changed: nothing else has to keep the log up. A reader that repeats its
last number gets the same again, and what changed since. A clone, or a folder that has lost
`.newsspider`, begins an epoch with other numbers, and refuses those of before.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import islice, starmap
from pathlib import Path
from typing import Any

from newsspider.errors import OtherEpoch, OutputError
from newsspider.exporters.contract import Row, content_of
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.published import (
    Published,
    has_words,
    places,
    read_published,
    stamp,
    stamps,
)
from newsspider.exporters.selection import EVERYTHING, Selection
from newsspider.store import cursors, lock
from newsspider.store.change_log import ChangeLog, LoggedChange, Version, open_change_log
from newsspider.store.files import FOLDER, trouble_of
from newsspider.store.lasting import LASTING, RECORDS, read_record
from newsspider.store.ledgers import has_open_run

BEGIN = 0  # the number before all changes, in every epoch
_BATCH = 500  # changes that are noted in one commit, and read at once
_SHORT = 12  # signs of the hash of a field: a false match only hides its name


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of an article since the number of its reader.

    `id` is its post inside the output folder, which never changes. `version` counts its changes in
    this epoch; `fingerprint` is the same for the same fields in every folder. `changed_fields` is
    empty for an article that the reader does not have. `item` is None for one that was removed, or
    that the filters no longer let through.
    """

    seq: int
    epoch: str
    id: str
    version: int
    fingerprint: str
    changed_fields: tuple[str, ...]
    item: Published | None

    @property
    def op(self) -> str:
        """`upsert` or `delete`."""
        return "upsert" if self.item else "delete"

    def row(self, article: Row | None) -> Row:
        """Return the change as `changes.jsonl` has it, with the row of its article."""
        return {
            "seq": self.seq,
            "epoch": self.epoch,
            "op": self.op,
            "id": self.id,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "changed_fields": list(self.changed_fields),
            "article": article,
        }


class ChangeFeed:
    """The changes up to `last`, the number of the last one when the feed was opened."""

    def __init__(self, folder: Path, log: ChangeLog) -> None:
        self._folder = folder
        self._log = log
        self.last = log.last

        self.epoch = log.epoch

    def position(self, cursor: str) -> int:
        """Return the number up to which the reader of a cursor has all changes; BEGIN for a new
        cursor. Raises OtherEpoch."""
        positions = cursors.positions(self._folder, cursor)
        own = [seq for seq in positions if seq in self._log.numbers]
        if positions and not own:
            raise OtherEpoch(
                f"{self._folder}: cursor {cursor} is of another epoch, whose numbers this folder"
                f" does not have: start again, with --cursor {cursor} --after {BEGIN}"
            )
        return min(own, default=BEGIN)

    def check(self, seq: int) -> int:
        """Return a number that this epoch has given, or BEGIN. Raises OtherEpoch for others."""
        if seq != BEGIN and seq not in self._log.numbers:
            raise OtherEpoch(
                f"{self._folder}: {seq} is of another epoch, whose numbers this folder does not"
                f" have: start again, with --after {BEGIN}"
            )
        return seq

    def move(self, cursor: str, seq: int) -> None:
        """Move a cursor: its reader has all changes up to this number. Raises OutputError or
        Unwritable if that cannot be saved."""
        with _disk(self._folder), _held(self._folder):
            cursors.move(self._folder, cursor, seq, self._log.numbers)

    def since(self, after: int, wanted: Selection = EVERYTHING) -> Iterator[Change]:
        """Yield the changes with a number above `after`, in their order. What the filters do not
        let through is left out, or a removal if the reader may have the article."""
        read = after
        while batch := self._log.changes(read, self.last, _BATCH):
            for logged in batch:
                if change := self._change(logged, after, wanted):
                    yield change
            read = batch[-1].seq

    def newest(self, after: int, most: int) -> tuple[list[Change], int]:
        """Return the newest changes with a number above `after`, the last first, and how many
        others there are."""
        logged = self._log.changes(after, self.last, most, newest=True)
        listed = [change for each in logged if (change := self._change(each, after, EVERYTHING))]
        return listed, self._log.count(after, self.last) - len(logged)

    def _change(self, logged: LoggedChange, after: int, wanted: Selection) -> Change | None:
        """Return a change as a reader with the number `after` gets it; None for none."""
        item = self._item(logged, wanted) if logged.fingerprint else None
        is_known = logged.first <= after
        if item is None and not is_known:
            return None
        if item:
            event = "updated" if is_known else "new"
            item = replace(item, article=replace(item.article, event=event))
        fields = [name for name, seq in logged.fields.items() if is_known and seq > after]
        return Change(
            logged.seq,
            self.epoch,
            f"{Jekyll.folder}/{logged.name}",
            logged.version,
            logged.fingerprint if item else "",
            tuple(fields) if item else (),
            item,
        )

    def _item(self, logged: LoggedChange, wanted: Selection) -> Published | None:
        """Return the article of a change; None if it is not wanted. One that has changed again gets
        another number, and comes with that."""
        file = self._folder / Jekyll.folder / logged.name
        item = read_published(file, read_record(logged.line) if logged.line else None)
        if item is None or stamp(file) != logged.stamp:
            self._log.doubt(logged.name)
            return None
        is_wanted = wanted.has(item.article) and has_words(wanted, item.article)
        return item if is_wanted else None


@contextmanager
def change_feed(folder: Path, tell: Callable[[str], object] = str) -> Iterator[ChangeFeed]:
    """Give the change feed of a folder as it is now. `tell` gets a message if the first use takes
    long. Raises OutputError or Unwritable if it cannot be used."""
    posts = stamps(folder)  # before anything is created
    with _disk(folder):
        (folder / FOLDER).mkdir(exist_ok=True)
        log = open_change_log(folder)
    with closing(log):
        with _disk(folder), _held(folder):
            _catch_up(log, folder, posts, tell)
        yield ChangeFeed(folder, log)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Turn errors of the disk into OutputError."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise OutputError(f"{where}: cannot be used: {trouble_of(error)}") from error


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the feed, so that no two processes give numbers, or move cursors, at the same time."""
    handle = lock.take(folder / FOLDER / "changes.lock", wait=math.inf, tell=str)
    try:
        yield
    finally:
        os.close(handle)


# -- what changed -------------------------------------------------------------------------------


def _catch_up(
    log: ChangeLog, folder: Path, posts: Mapping[str, str], tell: Callable[[str], object]
) -> None:
    """Note what changed since the last time, in the order of the months. A process that dies
    meanwhile leaves the rest to the next one."""
    known = log.stamps()
    changed = {name for name, text in posts.items() if known.get(name) != text}
    if len(changed) > _BATCH:
        tell(f"{folder}: reading {len(changed)} posts; the next time only those that changed")
    log.note(Version(name) for name in sorted(known.keys() - posts.keys()))
    version_of = partial(_version, folder, posts, has_open_run(folder))
    months, noted, unrecorded = {name[:7] for name in changed}, log.months(), set(posts)
    for path in sorted((folder / LASTING / RECORDS).glob("*.jsonl")):
        text = stamp(path)
        if path.stem in months or noted.get(path.name) != text:
            lines = _changed_lines(log, folder, path, changed, unrecorded)
            if _note(log, starmap(version_of, lines)):
                log.note_month(path.name, text)
    _note(log, (version_of(name, "") for name in sorted(changed & unrecorded)))


def _changed_lines(
    log: ChangeLog, folder: Path, path: Path, changed: set[str], unrecorded: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the posts of a file of records that changed, or whose records did, with their records;
    take all of its posts from `unrecorded`."""
    with path.open("rb") as file:
        for place in sorted(places(folder, file, unrecorded)):
            file.seek(place.offset)
            line = file.readline().decode("utf-8", "replace")
            if place.name in changed or log.line(place.name) != line:
                yield place.name, line


def _note(log: ChangeLog, versions: Iterator[Version | None]) -> bool:
    """Note versions; return whether all of them were there."""
    is_whole = True
    while batch := list(islice(versions, _BATCH)):
        log.note(filter(None, batch))
        is_whole = is_whole and None not in batch
    return is_whole


def _version(
    folder: Path, posts: Mapping[str, str], running: bool, name: str, line: str
) -> Version | None:
    """Return the version of a post with its record; None if it waits for its record, which a run
    writes at its end: until then the post looks as if a person had edited it."""
    item = read_published(folder / Jekyll.folder / name, read_record(line) if line else None)
    if item is None:
        return Version(name, posts[name])
    if running and (item.edited or not item.recorded):
        return None
    content = content_of(item)
    hashes = {field: _hash(value)[:_SHORT] for field, value in content.items()}
    return Version(name, posts[name], line, _hash(content), hashes)


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
