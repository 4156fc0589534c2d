"""A source of newsspider.yml: what is crawled, how often, and with which options.

In: the values of a source in the file. Out: a Source, which has the settings of its crawls.
`crawling.project` reads it, `crawling.due` asks when it is due.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from newsspider.crawling.jobs import Job, recheck_jobs
from newsspider.crawling.retain import Retain
from newsspider.crawling.schedule import Schedule, interval_of
from newsspider.monitor.doubt import REQUIRABLE, OnBreak
from newsspider.sites.types import Misplaced
from newsspider.spiders.options import RunOptions


class Keys(BaseModel):
    """A part of newsspider.yml, whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fresh(Keys):
    """How old the newest article of a source may be."""

    warn: str = Field("", description="Older than this is noted: 12h, 2d.")
    error: str = Field("", description="Older than this ends the run with exit code 4.")

    @field_validator("warn", "error")
    @classmethod
    def _check_age(cls, text: str) -> str:
        if interval_of(text) is None:
            raise ValueError(f"{text!r} is not an age, such as 90m, 12h or 2d")
        return text

    @model_validator(mode="after")
    def _check_order(self) -> Fresh:
        ages = self.seconds()
        if ages.get("warn", 0) > ages.get("error", math.inf):
            raise Misplaced(f"{self.warn!r} is longer than `error`, {self.error!r}", "warn")
        return self

    def seconds(self) -> dict[str, float]:
        """Return the ages that are set: {"warn": 43200.0}."""
        ages = {name: interval_of(getattr(self, name)) for name in self.model_fields_set}
        return {name: length.total_seconds() for name, length in ages.items() if length}


class SourceContract(Keys):
    """What each article of a source must have, and what happens to one that has not."""

    required: tuple[str, ...] = Field((), description="Fields that it must have: time, author.")
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = Field(
        (), description="Languages that it may be in: en, zh."
    )
    on_break: OnBreak = Field(
        "hold", description="What happens to an article that breaks it or the source's pattern."
    )

    @field_validator("required")
    @classmethod
    def _check_required(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in REQUIRABLE:
                raise ValueError(f"{name!r} is not one of {', '.join(REQUIRABLE)}")
        return names


class SourceCorrections(Keys):
    """How many words of a part of an article must change for a correction."""

    title: int = Field(1, ge=1, description="Words of the headline.")
    lead: int = Field(1, ge=1, description="Words of the digest and the first paragraph.")
    body: int = Field(1, ge=1, description="Words of the other paragraphs.")


class Source(Keys):
    """A source: what to crawl, how often, and with which options."""

    options: ClassVar[tuple[str, ...]] = (
        *("limit", "since", "max_pages", "media", "stock", "profile", "text", "same_story"),
        "images",
    )

    source: str = Field(
        min_length=1, description="A site, a category of one, or the address of a category page."
    )
    name: str = Field("", description="Its name in `status` and `--source`; by default `source`.")
    every: str = Field(
        "1h", description="How often to crawl it: 5m, 2h, 1d, or a cron line such as `0 6 * * *`."
    )
    limit: int | None = Field(None, description="Fetch at most so many articles in a run.")
    since: str = Field("", description="Only articles since a day, or within an age such as 7d.")
    max_pages: int | None = Field(None, description="Read at most so many listing pages.")
    media: str = Field("", description="Only articles of this source.")
    stock: str = Field("", description="Only articles that mention this share.")
    profile: str = Field("", description="Cleaning profile, instead of the site's.")
    text: str = Field("", description="How much is published: full, summary or link.")
    same_story: str = Field(
        "", description="What of a story that has a post is published: first, link or all."
    )
    respect_rights: bool = Field(
        False, description="Publish no more of an article than its publisher allows."
    )
    images: str = Field("", description="What becomes of pictures: link, local or drop.")
    recheck: str = Field(
        "2d", description="Ask again for articles younger than this; off: for none."
    )
    follow_removals: bool = Field(
        False, description="Remove the posts of articles that were taken down."
    )
    versions: int = Field(0, ge=0, description="Keep so many earlier texts of each post.")
    retain: Retain | None = Field(None, description="How much of it is kept: 90d, or 5000 posts.")
    archive: bool | Literal["warc"] | None = Field(
        None, description="Whether the answers of its articles are kept, instead of the site's."
    )
    fresh: Fresh | None = Field(None, description="How old its newest article may be.")
    corrections: bool | SourceCorrections | None = Field(
        None, description="Whether, and from how many words on, its corrections are published."
    )
    contract: SourceContract | None = Field(None, description="What each article must have.")

    @field_validator("every")
    @classmethod
    def _check_every(cls, text: str) -> str:
        Schedule(text)
        return text

    @field_validator(*options, "recheck", mode="before")
    @classmethod
    def _check_option(cls, value: Any, info: ValidationInfo) -> Any:
        return RunOptions.checked(str(info.field_name), value)

    @property
    def label(self) -> str:
        return self.name or self.source

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.every)

    def settings(self, given: Collection[str] = ()) -> dict[str, Any]:
        """Return the Scrapy settings of the options that the source sets, but for those that are
        `given` on the command line."""
        names = RunOptions.setting_names()
        settings = {
            names[option]: getattr(self, option)
            for option in self.options
            if option in self.model_fields_set and option not in given
        }
        settings["NEWS_SCHEDULED"] = True
        if self.fresh:
            settings["NEWS_FRESH"] = self.fresh.seconds()
        if self.contract:
            settings["NEWS_CONTRACT"] = self.contract.model_dump()
        if self.respect_rights:
            settings["NEWS_RESPECT_RIGHTS"] = True
        if self.versions:
            settings["NEWS_VERSIONS"] = self.versions
        if self.corrections is not None:
            settings["NEWS_CORRECTIONS"] = thresholds(self.corrections)
        if self.archive is not None:
            settings["NEWS_ARCHIVE"] = self.archive
        return settings

    def rechecks(self, jobs: Sequence[Job], given: Collection[str] = ()) -> list[Job]:
        """Return the crawls that look again at the published articles of the source's crawls, for
        as long as its interval allows."""
        seconds = self.schedule.interval.total_seconds()
        again = recheck_jobs(jobs, seconds=seconds, follow_removals=self.follow_removals)
        age = {} if "recheck" in given else {RunOptions.setting_names()["recheck"]: self.recheck}
        return [job.with_settings({**job.settings, **age}) for job in again]


def thresholds(corrections: bool | SourceCorrections) -> dict[str, int]:
    """Return the setting NEWS_CORRECTIONS; empty for no corrections."""
    if isinstance(corrections, bool):
        return SourceCorrections().model_dump() if corrections else {}
    return corrections.model_dump()
