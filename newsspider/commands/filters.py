"""The options that choose articles of what was published: `--site`, `--language`, `--until` ….

In: the options of `newsspider export` or `search`. Out: a Selection, or BadParameter for a time
that is none. `--since` and `--stock` are options of a run as well, and so fields of RunOptions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from newsspider.exporters.selection import Selection, select
from newsspider.spiders.options import Flag, Options, RunOptions

_COMMANDS = ("export", "search")


class Filters(Options):
    """The options of which articles are wanted."""

    site: Annotated[
        str, Flag(("--site",), "Only articles of this site.", metavar="NAME", commands=_COMMANDS)
    ] = ""
    source: Annotated[
        str,
        Flag(("--source",), "Only articles of this source.", metavar="NAME", commands=_COMMANDS),
    ] = ""
    category: Annotated[
        str,
        Flag(
            ("--category",), "Only articles of this category.", metavar="SLUG", commands=_COMMANDS
        ),
    ] = ""
    language: Annotated[
        str,
        Flag(
            ("--language",),
            "Only articles in this language, such as zh.",
            metavar="TAG",
            commands=_COMMANDS,
        ),
    ] = ""
    until: Annotated[
        str,
        Flag(
            ("--until",),
            "Only articles published up to a day, which is included, or before an age.",
            metavar="DATE|AGE",
            commands=_COMMANDS,
        ),
    ] = ""
    words: Annotated[
        list[str] | None,
        Flag(
            ("--words",),
            "Only articles with this word in title or text; may be given several times.",
            metavar="WORD",
            commands=("export",),
        ),
    ] = None

    def selection(self, options: RunOptions) -> Selection:
        """Return the wanted articles; ages count from now."""
        try:
            return select(
                datetime.now(UTC),
                site=self.site,
                source=self.source,
                category=self.category,
                stock=options.stock,
                language=self.language,
                since=options.since,
                until=self.until,
                words=tuple(self.words or ()),
            )
        except ValueError as error:  # `--since` is checked already
            raise typer.BadParameter(f"--until: {error}") from None
