"""`retain` of newsspider.yml: how much of a source is kept, applied at the end of a run.

In: the value in the file, and the run that ends. Out: posts that are removed, counted in the report
as `expired`. `crawling.project` reads the value, `commands.scheduled` passes a Retention to a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from newsspider.crawling.report import Report
from newsspider.dates import read_age
from newsspider.errors import ProjectError
from newsspider.exporters.jekyll.address import has_own_permalink
from newsspider.exporters.jekyll.config import find_config
from newsspider.exporters.retention import Keep, Retired, expired, retire
from newsspider.spiders.desk import Shared
from newsspider.text.characters import counted

_NAMED = 3  # files that stay, in a note


def read_retain(value: Any) -> timedelta | int:
    """Return the value of `retain`: an age such as 90d, or a number of posts. Raises ValueError."""
    text = str(value)
    most = int(text) if text.isdecimal() else read_age(text)
    if not most:
        raise ValueError(f"{value!r} is neither an age, such as 90d or 52w, nor a number of posts")
    return most


def check_addresses(output: Path) -> None:
    """Raise ProjectError if no page could stay at the addresses of the posts of a folder."""
    if has_own_permalink(output):
        config = find_config(output)
        raise ProjectError(
            f"{config}: `permalink` is your own, so newsspider does not know the addresses of the"
            " posts, and `retain` of newsspider.yml would let them die; remove one of the two"
        )


def _check_retain(value: Any) -> str:
    read_retain(value)
    return str(value)


RetainText = Annotated[str, BeforeValidator(_check_retain)]


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept of each source: `of` has the rules of the sources of newsspider.yml by the name
    of their crawls, `other` is that of sources that it no longer has, None without one."""

    of: Mapping[str, Keep | None]
    other: timedelta | int | None = None

    def keep_of(self, source: str) -> Keep | None:
        """Return the rule of a source. A link that was shared by hand belongs to none."""
        if source in self.of:
            return self.of[source]
        is_crawled = self.other is not None and not source.endswith("/@share")
        return Keep(source, self.other) if is_crawled and self.other else None

    def __call__(self, shared: Shared, report: Report) -> None:
        """Remove what is kept no longer of the sources that this run crawled. Raises Unwritable or
        OSError if the folder cannot be written."""
        output = shared.output
        sources = output.ledger.sources()
        posts = expired(output.ledger.published(), sources, self.keep_of, datetime.now(UTC))
        source_of = {
            post.key: next(filter(report.sources.__contains__, sources[post.key]), "")
            for post in posts
        }
        retired = retire(output, shared.format, (post for post in posts if source_of[post.key]))
        counts = Counter(source_of[post.key] for post in retired.posts)
        for source, count in counts.items():
            report.sources[source]["expired"] += count
            output.ledger.note_counts(source, {"expired": count})
        _note(report, retired)


def _note(report: Report, retired: Retired) -> None:
    """Report the posts that should go and stay."""
    if retired.stay:
        listed = [f"{name} ({why})" for name, why in retired.stay.items()]
        more = f" and {len(listed) - _NAMED} more" if listed[_NAMED:] else ""
        number = counted(len(listed), "post")
        named = ", ".join(listed[:_NAMED])
        report.notes.append(f"{number} older than `retain` keeps stay: {named}{more}")
