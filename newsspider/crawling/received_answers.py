"""The answers that came with the articles of workers → the archive of the folder.

In: an entry of the outbox, and its article when a post of it is about to be promised. Out: the
article in the archive. If that fails, articles are published without it, as in any crawl. Called by
`crawling/received.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsspider.errors import OutputError, Unwritable
from newsspider.model import Article
from newsspider.store.archive import LARGEST, OLDEST
from newsspider.store.output import Output
from newsspider.store.sent_archive import unpack

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ReceivedAnswers:
    """The answers of the article under way. `_caps` are those of the archive, once it has grown."""

    output: Output
    _values: Mapping[str, Any] | None = None
    _files: Sequence[bytes] = ()
    _settings: Mapping[str, Any] | None = None
    _caps: tuple[int, int] | None = None

    def begin(self, values: Mapping[str, Any], files: Sequence[bytes]) -> None:
        """Note the values and the files of an entry."""
        self._values, self._files = values.get("archived"), files
        self._settings = values.get("settings", {})

    def keep(self, _article: Article) -> None:
        """Keep the answers of the article of this entry, if it has some."""
        if not self._values or self._settings is None:
            return
        try:
            unpack(self._values, self._files, self.output.archive, self.output.ledger.run)
        except (Unwritable, OutputError) as error:
            logger.warning("%s; the articles are published without it", error)
            return
        size = int(self._settings.get("NEWS_ARCHIVE_SIZE") or LARGEST)
        age = int(self._settings.get("NEWS_ARCHIVE_AGE") or OLDEST)
        self._caps = size, age

    def trim(self) -> None:
        """Bring the archive below its caps, if it has grown."""
        if self._caps is not None:
            try:
                self.output.archive.trim(*self._caps)
            except (Unwritable, OutputError) as error:
                logger.warning("%s", error)
