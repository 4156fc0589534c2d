"""The publisher: what the workers have read → posts, on the machine that has the folder.

In: entries of the outbox, in the order of their numbers. Out: posts; each entry is deleted in the
transaction that settles it. The folder is held only while there is something to publish.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from newsspider.crawling.hooks import Hooks
from newsspider.crawling.received import Reception
from newsspider.crawling.report import Report
from newsspider.crawling.retain import Retention
from newsspider.crawling.run import retain
from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.monitor import runs
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.ledgers import database_of
from newsspider.store.postgresql import fleet, outbox, pictures

logger = logging.getLogger(__name__)

_LONGEST = 60.0  # seconds for which the folder is held without a pause
_LOOK = 1.0  # seconds between two looks at an empty outbox


@dataclass(frozen=True, slots=True)
class After:
    """What is done each time that something was published: the `hooks` get what changed in the
    folder, and `on_report` gets the report once the folder is free. Where crawls have ended,
    `retention` says which posts are kept, and `on_end` gets the report of these crawls alone, while
    the folder is held."""

    hooks: Hooks
    on_report: Callable[[Report], object] = str
    retention: Retention | None = None
    on_end: Callable[[Report, Path], object] | None = None


class Publisher:
    """Publishes what waits. `settings` are those of a run on this machine; `after` is what is done
    each time that something was published."""

    def __init__(
        self,
        options: RunOptions,
        settings: Mapping[str, Any],
        after: After,
    ) -> None:
        self._options = options
        self._settings = settings
        self._after = after

    def __call__(self, ending: Event, *, wait: bool = True) -> None:
        """Publish until `ending` is set; without `wait` until nothing waits. Raises OutputError or
        Unwritable if the folder or the database cannot be used."""
        with closing(fleet.opened(self._options.ledger)) as db:
            while not ending.is_set():
                if outbox.waiting(db, 1):
                    try:
                        self.drain(ending)
                        continue
                    except OutputHeld:  # by another command, for a while
                        if not wait:
                            raise
                if not wait:
                    return
                ending.wait(_LOOK)

    def drain(self, ending: Event) -> Report:
        """Hold the folder and publish what waits; return the report. Raises as `__call__` does."""
        started = datetime.now(UTC).replace(microsecond=0)
        shared = Shared.opened(self._options)
        reception = Reception(shared, self._settings)
        try:
            self._after.hooks.begin(shared)
            self._publish(reception, ending)
            report = reception.finish()
            if reception.ended and self._after.retention:
                retain(self._after.retention, shared, report)
            record = report.record(shared.output.ledger.run, started, None)
            with suppress(OSError):
                runs.save(record, self._options.output)
            self._after.hooks.fill(shared, record)
            if reception.ended and self._after.on_end:
                ended = replace(report, sources=reception.ended)
                self._after.on_end(ended, self._options.output)
        except Unwritable as error:
            shared.output.trouble = shared.output.trouble or str(error)
            raise
        finally:
            shared.output.close()
        self._after.hooks.send()
        self._after.on_report(report)
        return report

    def _publish(self, reception: Reception, ending: Event) -> None:
        db = database_of(reception.shared.output.ledger)
        until = time.monotonic() + _LONGEST
        while entries := outbox.waiting(db):
            for entry in entries:
                try:
                    reception.receive(outbox.with_files(db, entry))
                except (Unwritable, OutputError):
                    raise
                except Exception as error:  # one article must not hold up the others
                    why = f"{type(error).__name__}: {error}"
                    logger.warning("%s cannot be published: %s", entry.key, why)
                    logger.debug("entry %d of the outbox", entry.seq, exc_info=True)
                    outbox.fail(db, entry, why)
                    continue
                db.lazily()
                for asked in reception.take_pictures():
                    pictures.note(db, asked.url, asked.article, asked.pause)
                outbox.finish(db, entry)
                reception.note_counts(entry)
                if ending.is_set() or time.monotonic() > until:
                    return
