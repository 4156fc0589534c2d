"""When a source breaks or recovers, and the message about it: one at each change, not at every run.

In: the counts and notes of a run, and the states that earlier runs left in
`.newsspider/alerts.json`. Out: a message to the channels of newsspider.yml, and the new states.
`send_alerts` is called by `commands.scheduled`; the rest is pure.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from newsspider.errors import Unwritable
from newsspider.monitor.channels import Channel, Message
from newsspider.monitor.drift import BREAKS
from newsspider.monitor.health import reasons
from newsspider.monitor.record import notes_on
from newsspider.monitor.webhook import Undelivered
from newsspider.store.counts import Counts
from newsspider.store.files import FOLDER, read_file, write_whole
from newsspider.text.characters import counted

logger = logging.getLogger(__name__)

_FILE = "alerts.json"  # in .newsspider
# Crawls in a row that got no answer, after which a source counts as down: one alone is usual.
_DOWN_AFTER = 3
_MOST_CHANGES = 50  # in one message


class State(StrEnum):
    FINE = "fine"
    BROKEN = "broken"
    DOWN = "down"


class SourceState(BaseModel):
    """What is known of a source after a run: the breaks that have not mended yet, and how many
    crawls in a row got no answer."""

    model_config = ConfigDict(frozen=True)

    breaks: tuple[str, ...] = ()
    failures: int = 0

    @property
    def state(self) -> State:
        if self.breaks:
            return State.BROKEN
        return State.DOWN if self.failures >= _DOWN_AFTER else State.FINE


States = Mapping[str, SourceState]
_STATES = TypeAdapter(dict[str, SourceState])


@dataclass(frozen=True, slots=True)
class Change:
    """A source whose state changed, and why."""

    source: str
    state: State
    why: str = ""

    def __str__(self) -> str:
        state = "has recovered" if self.state is State.FINE else f"is {self.state}"
        return f"{self.source} {state}" + (f": {self.why}" if self.why else "")


def next_state(before: SourceState, counts: Counts) -> SourceState:
    """Return the state of a source after a crawl with these counts.

    A break has mended once a crawl could see it and did not: one of the listing by a listing that
    was read, one of the articles by an article that was read. A listing that answers 304 can be
    read, and shows nothing else."""
    if counts.finish_reason not in ("", "finished"):
        return before
    broken = counts.under(BREAKS)
    kept = tuple(name for name in before.breaks if name not in broken and not _shows(counts, name))
    failed = bool(counts.failed or counts["failed_listings"]) and not counts.answered
    failures = min(before.failures + 1, _DOWN_AFTER) if failed else 0
    return SourceState(breaks=(*broken, *kept), failures=failures)


def _shows(counts: Counts, name: str) -> bool:
    """Return whether a crawl could have counted this break."""
    if name == "listing" and counts["listing_pages"] and not counts["failed_listings"]:
        return True  # also not modified: since a run that read it
    if name in ("links", "listing"):
        return "first_page/links" in counts
    return name == "fresh" or bool(counts["read"])


def changes(
    before: States, sources: Mapping[str, Counts], notes: Sequence[str]
) -> tuple[States, list[Change]]:
    """Return the states after a run, and the sources whose state is another than before. `notes`
    are those of the report: those of a source begin with its name."""
    after, changed = dict(before), []
    for source, counts in sources.items():
        old = before.get(source, SourceState())
        new = next_state(old, counts)
        after[source] = new
        if new.state is not old.state:
            changed.append(Change(source, new.state, _why(source, new.state, counts, notes)))
    return {name: state for name, state in after.items() if state != SourceState()}, changed


def _why(source: str, state: State, counts: Counts, notes: Sequence[str]) -> str:
    if state is State.FINE:
        return ""
    if state is State.DOWN:
        why = reasons(counts.failed) or "no listing could be read"
        return f"{_DOWN_AFTER} crawls in a row fetched nothing ({why})"
    return notes_on(source, notes) or ", ".join(counts.under(BREAKS))


def message_of(changed: Sequence[Change]) -> Message:
    """Return the message about these changes."""
    shown, title = changed[:_MOST_CHANGES], f"{counted(len(changed), 'source')} changed"
    if len(changed) == 1:
        title = str(Change(changed[0].source, changed[0].state))
    return Message(
        title=f"newsspider: {title}",
        lines=tuple(map(str, shown)),
        is_bad=any(change.state is not State.FINE for change in changed),
        values=tuple(
            {"source": change.source, "state": str(change.state), "why": change.why}
            for change in shown
        ),
    )


def send_alerts(
    channels: Sequence[Channel], sources: Mapping[str, Counts], notes: Sequence[str], output: Path
) -> None:
    """Send what changed in a run, and save the states. Only for the run that holds the folder. A
    message that no channel took is sent again by the next run."""
    before = _read(output)
    after, changed = changes(before, sources, notes)
    if changed and not any(list(_sent(channels, message_of(changed)))):
        names = {change.source for change in changed}
        after = {name: state for name, state in after.items() if name not in names} | {
            name: state for name, state in before.items() if name in names
        }
    if after == before:
        return
    try:
        write_whole(output / FOLDER / _FILE, _STATES.dump_json(dict(after), indent=1), output)
    except (OSError, Unwritable) as error:
        logger.warning("the states of the sources cannot be saved: %s", error)


def _sent(channels: Sequence[Channel], message: Message) -> Iterator[bool]:
    """Send a message to each channel; yield whether it took it."""
    for channel in channels:
        try:
            channel.send(message)
        except Undelivered as error:
            logger.warning("%s: the message %r was not sent: %s", channel.key, message.title, error)
            yield False
        else:
            yield True


def _read(output: Path) -> States:
    """Return the states that the last run saved; none if they cannot be read."""
    try:
        return _STATES.validate_json(read_file(output / FOLDER / _FILE))
    except (OSError, ValidationError):
        return {}
