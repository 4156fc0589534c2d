"""A file of `-o` in a remote storage: S3, Google Cloud Storage or FTP, by Scrapy's feed storages.

In: an address such as `s3://news/%(time)s.csv`, and the settings of the run. Out: the file there,
uploaded whole once the run has ended. Called by `crawling.feeds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import BlockingFeedStorage
from scrapy.utils.misc import build_from_crawler, load_object

from newsspider.errors import OutputError
from newsspider.fetch.scrapy_private import store_now
from newsspider.text.urls import without_password

_TIME = "%(time)s"  # as in Scrapy's FEEDS


class Remote:
    """A file in a remote storage. `name` is the last part of its address, `shown` the address
    without the user and the password."""

    def __init__(self, address: str, settings: Mapping[str, Any]) -> None:
        """Raises OutputError for an address without a storage, and for a storage that cannot be
        used: its library or its keys are missing."""
        began = datetime.now(UTC).isoformat(timespec="seconds").replace(":", "-")
        address = address.replace(_TIME, began)
        parts = urlsplit(address)
        self.name = PurePosixPath(parts.path).name
        self.shown = without_password(address)
        self._storage = self._storage_of(parts.scheme, address, settings)

    def _storage_of(
        self, scheme: str, address: str, settings: Mapping[str, Any]
    ) -> BlockingFeedStorage:
        crawler = Crawler(Spider, dict(settings))  # whose settings the storages read
        storages = crawler.settings.getwithbase("FEED_STORAGES")
        remote = sorted(name for name in storages if name not in ("", "file", "stdout"))
        if scheme not in remote:
            raise OutputError(f"{scheme}:// is not one of {', '.join(remote)}")
        try:
            options = {"overwrite": True}
            storage = build_from_crawler(
                load_object(storages[scheme]), crawler, address, feed_options=options
            )
        except (NotConfigured, ImportError, ValueError, AssertionError) as error:
            raise OutputError(str(error) or "names no host") from error
        if not isinstance(storage, BlockingFeedStorage):
            raise OutputError(f"{scheme}:// is not a remote storage")
        return storage

    def upload(self, file: Path) -> None:
        """Upload a file. Raises OutputError if that fails."""
        try:
            with file.open("rb") as data:
                store_now(self._storage, data)
        except Exception as error:  # each library raises its own errors
            why = f"{type(error).__name__}: {error}"
            raise OutputError(
                f"{self.shown}: cannot be uploaded ({why}); the posts are written, and"
                " `newsspider export` makes the file again"
            ) from error
