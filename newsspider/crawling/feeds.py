"""The file of `-o`, for other tools: JSON Lines, or any format of `newsspider export`.

In: articles that have a post. Out: lines, each in a single write, since the crawls of a run append
to the same file. Scrapy's own exporter buffers lines, and ignores a full disk. Scrapy calls `Lines`
through the setting FEEDS; `commands.running` uses Feed. A file of another format, or in a remote
storage, cannot be appended to: it has the articles of one run, and is written at its end.
"""

from __future__ import annotations

import fcntl
import json
import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Self

from scrapy.crawler import Crawler
from scrapy.exporters import JsonLinesItemExporter

from newsspider.crawling.remote import Remote
from newsspider.errors import OutputError
from newsspider.exporters.export import STANDARD_OUTPUT, check_target, export, print_file
from newsspider.exporters.published import published
from newsspider.exporters.selection import Selection
from newsspider.exporters.writers import WRITERS, format_of
from newsspider.store.files import put, trouble_of

LINES = (".jsonl", ".jl", ".ndjson")  # endings of files that are appended to
_LONGEST = 64 * 1024 * 1024  # bytes at the end of the file that are searched for its last line


class Lines(JsonLinesItemExporter):
    """Scrapy's JSON Lines exporter without a buffer. `file` is open for appending."""

    def __init__(self, file: IO[bytes], *, crawler: Crawler, **kwargs: Any) -> None:
        super().__init__(BytesIO(), **kwargs)
        self._handle = file.fileno()
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], *args: Any, **kwargs: Any) -> Self:
        return cls(file, *args, crawler=crawler, **kwargs)

    def export_item(self, item: Any) -> None:
        self.file.seek(0)
        self.file.truncate()
        super().export_item(item)
        fcntl.flock(self._handle, fcntl.LOCK_EX)  # other processes of the run append, too
        size = os.fstat(self._handle).st_size
        try:
            put(self._handle, self.file.getvalue())
        except OSError as error:
            os.ftruncate(self._handle, size)
            spider: Any = self._crawler.spider
            spider.count("failed/Feed")
            spider.note(f"-o: some articles with a post are not in the file: {trouble_of(error)}")
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)


class Feed:
    """The file of `-o` in a run, as a context: what is needed only meanwhile goes with it."""

    def __init__(self, path: Path, remote: Remote | None = None) -> None:
        """A file of this machine, or that of `remote`, of the same name. Raises OSError or
        OutputError if the file cannot be written."""
        self.path = path
        self.is_lines = path.suffix in LINES and remote is None
        self.is_printed = str(path) == STANDARD_OUTPUT
        self._remote = remote
        if remote is not None and WRITERS[format_of(path.name)].folder:
            raise OutputError("this format has several files; upload what an export makes")
        if remote is None and not self.is_lines and not self.is_printed:
            path.parent.stat()
            check_target(path, WRITERS[format_of(path.name)])
        self._folder = None if self.is_lines else TemporaryDirectory(prefix="newsspider-")
        self._lines = Path(self._folder.name, "articles.jsonl") if self._folder else path
        prepare(self._lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._folder:
            self._folder.cleanup()

    @property
    def settings(self) -> dict[str, Any]:
        """Scrapy's setting FEEDS."""
        return {str(self._lines): {"format": "lines", "overwrite": False}}

    def finish(self, output: Path) -> None:
        """Write the articles of the run that has ended. Raises OutputError if that fails."""
        if self.is_lines:
            return
        if self.is_printed:
            print_file(self._lines)
        elif self._remote is None:
            self._export(self.path, output)
        elif self.path.suffix in LINES:
            self._remote.upload(self._lines)
        else:
            file = self._lines.with_name(self.path.name)
            self._export(file, output)
            self._remote.upload(file)

    def _export(self, file: Path, output: Path) -> None:
        with self._lines.open("rb") as lines:
            keys = frozenset(json.loads(line)["key"] for line in lines)
        wanted = published(output, Selection(keys=keys)) if keys else ()
        export(wanted, file, format_of(self.path.name), output)


def prepare(path: Path) -> None:
    """Create the file if needed, and end its last line if a power cut has left it without an end:
    complete JSON gets a line end, half a line is removed. Raises OSError when the file cannot be
    written."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST))
        last = file.read().rpartition(b"\n")[2]
        if not last:
            return
        try:
            json.loads(last)
        except ValueError:
            file.truncate(size - len(last))
        else:
            file.write(b"\n")
