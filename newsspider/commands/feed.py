"""The options of `newsspider export` that read the change feed: `--after`, `--cursor`, `--commit`.

In: the options, and the feed of an output folder. Out: the number after which it is read; a cursor
that has moved, or BadParameter for options that do not go together. `commands.export` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic import AfterValidator, Field

from newsspider.exporters.change_feed import ChangeFeed
from newsspider.exporters.export import STANDARD_OUTPUT
from newsspider.spiders.options import Flag, Options
from newsspider.store import cursors

_COMMANDS = ("export",)


def _checked_name(text: str) -> str:
    if not cursors.NAME.fullmatch(text):
        raise ValueError(f"{text!r} is not a name of letters, digits, - and _")
    return text


_Number = Annotated[int, Field(ge=0)]


class FeedOptions(Options):
    """The options of the place in the change feed."""

    after: Annotated[
        _Number | None,
        Flag(
            ("--after",),
            "Only what changed after this number of the change feed; 0 is the beginning.",
            metavar="SEQ",
            commands=_COMMANDS,
        ),
    ] = None
    cursor: Annotated[
        Annotated[str, AfterValidator(_checked_name)] | None,
        Flag(
            ("--cursor",),
            "Only what changed since the last export with this name.",
            metavar="NAME",
            commands=_COMMANDS,
        ),
    ] = None
    commit: Annotated[
        _Number | None,
        Flag(
            ("--commit",),
            "Move the cursor to this number, and write nothing: its reader has what came before.",
            metavar="SEQ",
            commands=_COMMANDS,
        ),
    ] = None

    @property
    def is_given(self) -> bool:
        """Whether only changes are wanted."""
        return self.after is not None or self.cursor is not None

    def check(self, files: Sequence[str]) -> None:
        """Raise BadParameter for options that do not go together."""
        if self.commit is None and not files:
            raise typer.BadParameter("name a file to write, such as articles.jsonl")
        if self.commit is not None and (self.cursor is None or files or self.after is not None):
            raise typer.BadParameter("--commit takes a --cursor, no file and no --after")

    def position(self, feed: ChangeFeed) -> int:
        """Return the number after which the feed is read. Raises OtherEpoch."""
        if self.commit is not None:
            return feed.check(self.commit)
        if self.after is not None or self.cursor is None:
            return feed.check(self.after or 0)
        return feed.position(self.cursor)

    def hint(self, file: str) -> str:
        """Return what moves the cursor after a file, where the reader has to do it."""
        if self.cursor is None or file != STANDARD_OUTPUT:
            return ""
        return f": --cursor {self.cursor} --commit moves the cursor there"

    def finish(self, feed: ChangeFeed, files: Sequence[str]) -> None:
        """Move the cursor, once the files are written. That of standard output stays: nobody knows
        whether its reader kept what it got."""
        if self.cursor is None or STANDARD_OUTPUT in files:
            return
        feed.move(self.cursor, feed.last if self.commit is None else self.commit)
