"""The report of a run: what it did, and the exit code.

In: Scrapy's stats of each crawl of the run (counted under `news/` by the spiders and stages), and
the notes of the spiders. Out: a table, a sentence for a run that wrote nothing, and the exit code.
Filled by `crawling.run`; `commands.console` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newsspider import __version__
from newsspider.errors import Exit, NewsspiderError
from newsspider.monitor.health import reasons
from newsspider.monitor.record import RunRecord, run_id
from newsspider.store.counts import Counts
from newsspider.text.characters import clean_characters

STOPPED = "The run was stopped before its end: the next run does the rest."


@dataclass(slots=True)
class Report:
    """The counts of a run by source, and its notes for the user. `report["found"]` and
    `report.under("dropped")` are sums over all sources. `crashed`: a spider raised an exception;
    `stopped`: a crawl ended before it was finished. `processes`: how many the run had, if that is
    worth a row."""

    sources: dict[str, Counts] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    requests: int = 0
    crashed: bool = False
    stopped: bool = False
    processes: int = 0

    def add(self, source: str, stats: Mapping[str, Any], notes: list[str]) -> None:
        """Add the stats of a crawl of this source."""
        self.sources.setdefault(source, Counts()).update(Counts.of_stats(stats))
        self.requests += stats.get("downloader/request_count", 0)
        if stats.get("finish_reason", "finished") != "finished":
            self.stopped = True
            notes = [*notes, STOPPED]
        self.crashed |= any(name.startswith("spider_exceptions/") for name in stats)
        self.notes += [note for note in notes if note not in self.notes]

    def stop(self, why: str) -> None:
        """Note that crawls ended before they were finished."""
        self.stopped = True
        self.notes += [why] if why not in self.notes else []

    def join(self, other: Report) -> None:
        """Add the report of another folder of the run."""
        for source, counts in other.sources.items():
            self.sources.setdefault(source, Counts()).update(counts)
        self.notes += [note for note in other.notes if note not in self.notes]
        self.requests += other.requests
        self.crashed |= other.crashed
        self.stopped |= other.stopped
        self.processes = max(self.processes, other.processes)

    def __getitem__(self, name: str) -> int:
        return sum(counts[name] for counts in self.sources.values())

    def total(self) -> Counts:
        """The counts of all sources, added up."""
        total = Counts()
        for counts in self.sources.values():
            total.update(counts)
        return total

    def under(self, prefix: str) -> dict[str, int]:
        """The counts of all sources by reason: `under("dropped")` gives {"NoTitle": 2, …}."""
        return self.total().under(prefix)

    def rows(self, *, dry: bool = False) -> list[tuple[str, str]]:
        """The rows of the table, each a name and its value; docs/quickstart.md explains them. A dry
        run has written nothing: its rows say what another run would write."""
        rows = [("links found", self["found"]), ("known", self["known"])]
        rows += [("left out", self["left_out"])] if self["left_out"] else []
        rows += [(name, self[name]) for name in ("fetched", "written", "updated", "unchanged")]
        would = {"written", "updated"} if dry else ()
        table = [(f"would be {name}" if name in would else name, str(n)) for name, n in rows]
        labels = {"rechecked": "asked again", "missing": "missing", "taken_down": "taken down"}
        counted = {**labels, "overdue": "overdue"}
        table += [(label, str(self[name])) for name, label in counted.items() if self[name]]
        if changed := self.under("changed"):
            listed = ", ".join(f"{word} {count}" for word, count in changed.items())
            table.append(("changed", listed))
        if uses := self.under("reserved"):
            table.append(("rights reserved", ", ".join(f"{use} {n}" for use, n in uses.items())))
        table += [("expired", str(self["expired"]))] if self["expired"] else []
        table += [("same story", str(self["same_story"]))] if self["same_story"] else []
        table += [("rendered", str(self["rendered"]))] if self["rendered"] else []
        if fallback := self.under("by_fallback"):
            listed = ", ".join(f"{name} {count}" for name, count in fallback.items())
            table.append(("found by fallback", listed))
        if pictures := self.under("pictures"):
            kept = pictures.pop("kept", 0)
            others = "".join(f", {name} {count}" for name, count in pictures.items())
            table.append(("pictures", f"{kept} kept{others}"))
        table += [("held back", str(self["held"]))] if self["held"] else []
        for prefix in ("dropped", "failed"):
            reasons = self.under(prefix)
            listed = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
            table.append((prefix, f"{sum(reasons.values())}" + (f" ({listed})" if listed else "")))
        table += [("processes", str(self.processes))] if self.processes else []
        return table

    def why_nothing(self) -> str:
        """Why the run wrote nothing, in a sentence; "" if it wrote something."""
        if self["written"] or self["updated"]:
            return ""
        if self.stopped:
            return "Nothing was written before the run was stopped."
        if self.crashed and not self["fetched"]:
            return "Nothing was written: newsspider failed. Run it with --log-file FILE to see why."
        dropped, failed = sum(self.under("dropped").values()), sum(self.under("failed").values())
        if self["failed_listings"] and not self["found"]:
            return "Nothing was written: no listing could be read."
        if failed and failed >= self["fetched"] and not self["unchanged"]:
            return "Nothing was written: nothing could be fetched."
        if not self["fetched"]:
            if self["left_out"]:
                return "Nothing was written: no new link matches --media, --stock or --since."
            if dropped and not self["known"]:
                return "Nothing was written: all links were dropped."
            return "Nothing new: all links are known."
        if self["unchanged"]:
            return "Nothing was written: no fetched article has changed."
        if self["held"]:
            return "Nothing was written: articles are held back (reasons above)."
        return "Nothing was written: all fetched articles were dropped or failed (reasons above)."

    def problems(self) -> Iterator[str]:
        """Yield what a person should look at, a sentence each: the sources that failed."""
        for source, counts in self.sources.items():
            if (counts.failed or counts["failed_listings"]) and not counts.answered:
                why = reasons(counts.failed) or "no listing could be read"
                yield f"{source}: nothing could be fetched: {why}"
        if self.crashed:
            yield "newsspider failed; --log-file FILE shows where"
        if self.exit_code() is Exit.BROKEN_SOURCE:
            yield from self.notes

    @property
    def is_good(self) -> bool:
        """Whether the run came to its end, and neither failed as a whole nor has a broken
        source."""
        ended = not (self.crashed or self.stopped)
        return ended and self.exit_code() in (Exit.DONE, Exit.SOME_FAILED)

    def record(self, number: int, started: datetime, error: NewsspiderError | None) -> RunRecord:
        """Return the record of this run, which ends now: its number in the ledger, its start, and
        the error that ended it."""
        return RunRecord(
            id=run_id(started, number),
            newsspider=__version__,
            started=started,
            ended=datetime.now(UTC).replace(microsecond=0),
            exit_code=error.exit_code if error else self.exit_code(),
            error=clean_characters(str(error or "")),
            requests=self.requests,
            sources={clean_characters(name): dict(each) for name, each in self.sources.items()},
            notes=tuple(map(clean_characters, self.notes)),
        )

    def exit_code(self) -> Exit:
        """0 done, 1 some failed, 3 nothing could be fetched, 4 a source looks broken."""
        if self.under("drift"):
            return Exit.BROKEN_SOURCE
        if self.crashed or self.stopped:
            return Exit.SOME_FAILED
        if not self.under("failed") and not self["failed_listings"]:
            return Exit.DONE
        return Exit.SOME_FAILED if self.total().answered else Exit.NOTHING_FETCHED
