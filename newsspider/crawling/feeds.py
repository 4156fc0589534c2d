"""The file of `-o`: one JSON object per line, for other tools.

In: articles that have a post. Out: lines, each in a single write, since the crawls of a run append
to the same file. Scrapy's own exporter buffers lines, and ignores a full disk. Scrapy calls `Lines`
through the setting FEEDS; `commands.running` calls `prepare`.
"""

from __future__ import annotations

import json
import os
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from scrapy.crawler import Crawler
from scrapy.exporters import JsonLinesItemExporter

from newsspider.store.files import put, trouble_of

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
        size = os.fstat(self._handle).st_size
        try:
            put(self._handle, self.file.getvalue())
        except OSError as error:
            os.ftruncate(self._handle, size)
            spider: Any = self._crawler.spider
            spider.count("failed/Feed")
            spider.note(f"-o: some articles with a post are not in the file: {trouble_of(error)}")


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
