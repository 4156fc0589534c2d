"""What each source counted on each day, in text that git keeps.

In: an open ledger, and the folder `_newsspider`. Out: lines of JSON in `figures/2026-11.jsonl`, one
for each source and day (in UTC):

    {"source":"bbc/news","day":"2026-11-27","runs":288,"counts":{"found":8352,"written":41, …}}

A ledger that is made anew counts such a day as one run of the source, so what is usual for it is
known again. A day is written when it is over: a line never changes, and a run writes at most one.
Called by `store/lasting.py`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from newsspider.store.counts import RUNS, Counts
from newsspider.store.files import read_text
from newsspider.store.ledger import Ledger

FOLDER = "figures"
_DAYS_KEPT = 400  # that a new ledger counts: a weekly's year

Day = tuple[str, str]  # of a source: its name, and the day in ISO 8601


def figures_to_save(ledger: Ledger, folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the files that lack a day which is over, each with its lines."""
    by_month: dict[str, dict[Day, Counts]] = defaultdict(dict)
    for source, day, counts in ledger.counts_by_day():
        by_month[day[:7]][source, day] = counts
    for month, days in by_month.items():
        path = folder / f"{month}.jsonl"
        before = _read(path)
        after = _merged([before, days])
        if after != before:
            yield path, [_line(day, counts) for day, counts in after.items()]


def restore_figures(ledger: Ledger, folder: Path) -> None:
    """Give an empty ledger the figures of the last days."""
    days = _merged(_read(path) for path in sorted(folder.glob("*.jsonl")))
    kept = set(sorted({day for _, day in days})[-_DAYS_KEPT:])
    for (source, day), counts in days.items():
        if day in kept:
            ledger.restore_counts(source, date.fromisoformat(day), counts)


def _merged(several: Iterable[Mapping[Day, Counts]]) -> dict[Day, Counts]:
    """Return all days; of two machines' figures of a day, those of more runs."""
    merged: dict[Day, Counts] = {}
    for days in several:
        for day, counts in days.items():
            if counts[RUNS] > merged.get(day, Counts())[RUNS]:
                merged[day] = counts
    return merged


def _read(path: Path) -> dict[Day, Counts]:
    """Return the figures of a file. Lines that cannot be read are skipped: a person or a merge may
    have left anything."""
    try:
        lines = read_text(path, "replace").split("\n")
    except FileNotFoundError:
        return {}
    return _merged(filter(None, map(_figures, lines)))


def _figures(line: str) -> dict[Day, Counts]:
    try:
        values = json.loads(line)
        day = date.fromisoformat(values["day"]).isoformat()
        counts = Counts({str(name): int(count) for name, count in values["counts"].items()})
        counts[RUNS] = int(values[RUNS])
        return {(str(values["source"]), day): counts}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return {}


def _line(day: Day, counts: Counts) -> str:
    others = {name: counts[name] for name in sorted(counts) if name != RUNS}
    values: dict[str, Any] = {"source": day[0], "day": day[1], RUNS: counts[RUNS]}
    return json.dumps(values | {"counts": others}, ensure_ascii=False, separators=(",", ":"))
