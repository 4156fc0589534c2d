"""A feed storage of Scrapy's kind for S3 and FTP, which uploads to a folder: `kept:///folder/file`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from scrapy.extensions.feedexport import BlockingFeedStorage


class KeptStorage(BlockingFeedStorage):
    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        self.file = Path(urlsplit(uri).path)

    def _store_in_thread(self, file: IO[bytes]) -> None:
        file.seek(0)
        with self.file.open("xb") as target:  # one file a crawl, once
            shutil.copyfileobj(file, target)
        file.close()
