"""The record of a run: what it did, in a form for other programs.

In: the report of a run, or a file of `.newsspider/runs`. Out: a RunRecord. Pure. Its form is
documented in docs/output-format.md, and `newsspider schema run` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from newsspider.errors import Exit
from newsspider.store.counts import Counts
from newsspider.text.characters import clean_characters

_LONGEST = 1000  # characters of what the notes say of a source


class RunRecord(BaseModel):
    """What a run did. A count has the name that the report gives it, with its reason after a slash:
    `found`, `written`, `dropped/NoDate`, `failed/Http503`."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = Field(1, description="Version of the form of this file.")
    id: str = Field(description="When the run started, in UTC, and its number in the ledger.")
    newsspider: str = Field(description="Version of newsspider.")
    started: datetime
    ended: datetime
    exit_code: int = Field(description="As in docs/quickstart.md.")
    error: str = Field("", description="Why the run ended early.")
    requests: int = Field(description="Requests that were sent.")
    sources: dict[str, dict[str, int]] = Field(description="The counts of each source.")
    notes: tuple[str, ...] = Field((), description="The notes of the report.")

    def counts(self, source: str = "") -> Counts:
        """Return the counts of a source; without one, of all sources."""
        if source:
            return Counts(self.sources.get(source, {}))
        total = Counts()
        for counts in self.sources.values():
            total.update(counts)
        return total

    @property
    def outcome(self) -> str:
        """The exit code in words."""
        codes = {int(code): code.name.lower().replace("_", " ") for code in Exit}
        return codes.get(self.exit_code, str(self.exit_code))


def notes_on(source: str, notes: Iterable[str]) -> str:
    """Return what the notes of a report say of a source; "" for nothing."""
    starts = (f"{source}: ", f"{source} ")  # of a listing that is its own source
    own = (note.removeprefix(starts[0]) for note in notes if note.startswith(starts))
    return clean_characters("; ".join(own))[:_LONGEST]


def run_id(started: datetime, number: int) -> str:
    """Return the name of a run: `2026-11-28T031947Z-12`. Names sort by time."""
    return f"{started:%Y-%m-%dT%H%M%SZ}-{number}"
