"""The records of the last runs, and the page that shows them.

In: the record of a run that ends. Out: `.newsspider/runs/<id>.json`, of which the last 500 are
kept, and `.newsspider/report.html`. `crawling.run` writes them; `newsspider status` reads them.
"""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import ValidationError

from newsspider.monitor.page import page
from newsspider.monitor.record import RunRecord
from newsspider.store.files import FOLDER, read_file, write_whole
from newsspider.store.ledger import RUNS_KEPT

logger = logging.getLogger(__name__)

_RUNS = "runs"  # in .newsspider
_REPORT = "report.html"
SHOWN = 100  # runs on the page


def save(record: RunRecord, output: Path) -> None:
    """Write the record and the page of the last runs; remove the oldest records. Only for the run
    that holds the folder. Raises Unwritable or OSError."""
    path = output / FOLDER / _RUNS / f"{record.id}.json"
    write_whole(path, record.model_dump_json(indent=1).encode(), output)
    for old in _files(output)[RUNS_KEPT:]:
        old.unlink(missing_ok=True)
    text = page(read_records(output, SHOWN))
    write_whole(report_of(output), text.encode(), output)


def read_records(output: Path, most: int) -> list[RunRecord]:
    """Return the records of the last `most` runs, the newest first. One that cannot be read is
    left out: a later version may have written it."""
    records = []
    for path in _files(output)[:most]:
        try:
            records.append(RunRecord.model_validate_json(read_file(path)))
        except (OSError, ValidationError) as error:
            logger.info("%s cannot be read: %s", path, error)
    return records


def report_of(output: Path) -> Path:
    """Return the path of the page."""
    return output / FOLDER / _REPORT


def _files(output: Path) -> list[Path]:
    """Return the files of the records, the newest first."""
    return sorted((output / FOLDER / _RUNS).glob("*.json"), reverse=True)
