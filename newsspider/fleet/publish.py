"""The publisher: what the workers have read → posts, on the machine that has the folder.

In: entries of the outbox, in the order of their numbers. Out: posts; each entry is deleted in the
transaction that settles it. The folder is held only while there is something to publish.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from threading import Event
from typing import Any

from newsspider.crawling.hooks import Hooks
from newsspider.crawling.received import Reception
from newsspider.crawling.report import Report
from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.monitor import runs
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.ledger import Ledger
from newsspider.store.ledgers import database_of
from newsspider.store.postgresql import fleet, outbox, pictures

logger = logging.getLogger(__name__)

_LONGEST = 60.0  # seconds for which the folder is held without a pause
_LOOK = 1.0  # seconds between two looks at an empty outbox


class Publisher:
    """Publishes what waits. `settings` are those of a run on this machine; `hooks` gets what
    changed in the folder; `on_report` is called with the report of each time that something was
    published."""

    def __init__(
        self,
        options: RunOptions,
        settings: Mapping[str, Any],
        hooks: Hooks,
        on_report: Callable[[Report], object] = str,
    ) -> None:
        self._options = options
        self._settings = settings
        self._hooks = hooks
        self._on_report = on_report

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
            self._hooks.begin(shared)
            self._publish(reception, ending)
            report = reception.finish()
            record = report.record(shared.output.ledger.run, started, None)
            with suppress(OSError):
                runs.save(record, self._options.output)
            self._hooks.fill(shared, record)
        except Unwritable as error:
            shared.output.trouble = shared.output.trouble or str(error)
            raise
        finally:
            shared.output.close()
        self._hooks.send()
        self._on_report(report)
        return report

    def _publish(self, reception: Reception, ending: Event) -> None:
        ledger = reception.shared.output.ledger
        db = database_of(ledger)
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
                _note_counts(ledger, reception, entry)
                if ending.is_set() or time.monotonic() > until:
                    return


def _note_counts(ledger: Ledger, reception: Reception, entry: outbox.Entry) -> None:
    """Add what was counted of an article to the run of the worker that read it."""
    own = ledger.run
    try:
        ledger.run = entry.run
        ledger.note_counts(entry.source, reception.take_counts(entry))
    finally:
        ledger.run = own
