"""newsspider.yml: the sources that a folder crawls, and how often.

In: the file in the current folder. Out: a Project, or ProjectError with file, line, key and what to
write. `newsspider crawl` without a target, `status` and `init` use it. Every key is explained in
docs/scheduled-runs.md. A source sets options of a run (`spiders/options.py`) for its own crawls; an
option of the command line takes precedence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    field_validator,
    model_validator,
)

from newsspider.crawling.delivery import Hook
from newsspider.crawling.exports import Export
from newsspider.crawling.jobs import Job, jobs_of_target
from newsspider.crawling.retain import Retain, Retention, read_retain
from newsspider.crawling.source import Keys, Source, thresholds
from newsspider.errors import ProjectError, SiteError
from newsspider.exporters.retention import Keep
from newsspider.monitor.channels import (
    Channel,
    channel_of,
    check_secret,
    check_stated,
    is_file,
    with_secrets,
)
from newsspider.sites import site_files
from newsspider.sites.loader import place_of, read_model
from newsspider.sites.types import Misplaced
from newsspider.store.archive import LARGEST, OLDEST
from newsspider.store.postgresql.address import EXAMPLE, check_address, check_written, filled

FILE = Path("newsspider.yml")
# The settings of a source that hold for its articles also where a person crawls or shares them.
_BY_HAND = frozenset(
    f"NEWS_{name}"
    for name in (
        *("PROFILE", "TEXT", "SAME_STORY", "IMAGES", "RESPECT_RIGHTS", "VERSIONS", "CORRECTIONS"),
        *("ARCHIVE", "ARCHIVE_SIZE", "ARCHIVE_AGE"),
    )
)


class Project(Keys):
    """The content of newsspider.yml."""

    version: Literal[1] = Field(1, description="Version of the form of this file.")
    output: str = Field("output/site", min_length=1, description="Folder of the Jekyll site.")
    ledger: str = Field(
        "", description="PostgreSQL database that keeps the ledger: postgresql://…, or ${NAME}."
    )
    sites: str = Field("sites", min_length=1, description="Folder of your own site files.")
    sources: tuple[Source, ...] = Field((), description="What is crawled.")
    archive_size: int = Field(LARGEST, ge=1, description="Megabytes of answers that are kept.")
    archive_age: int = Field(OLDEST, ge=1, description="Days for which answers are kept.")
    alerts: tuple[Annotated[str, AfterValidator(check_secret)], ...] = Field(
        (), description="Where to report that a source broke or recovered: ${NAME} or a file."
    )
    ping: str = Field("", description="Address to ask after each good run, as ${NAME}.")
    retain: Retain | None = Field(None, description="`retain` of each source without its own.")
    corrections: bool = Field(
        False, description="Publish a feed of what sites change in articles: corrections.xml."
    )
    exports: tuple[Export, ...] = Field((), description="Files to write again after each run.")
    on_article: Hook | None = Field(None, description="What gets each article, after its post.")
    on_run: Hook | None = Field(None, description="What gets the record of each run.")

    @field_validator("version", mode="before")
    @classmethod
    def _check_version(cls, value: Any) -> Any:
        if isinstance(value, int) and value > 1:
            raise ValueError(
                f"a newer newsspider wrote this file (version {value}, this one knows 1):"
                " update newsspider"
            )
        return value

    @field_validator("sources", mode="before")
    @classmethod
    def _read_none(cls, value: Any) -> Any:
        return () if value is None else value  # a key above a commented example

    @field_validator("alerts", mode="before")
    @classmethod
    def _read_alerts(cls, value: Any) -> Any:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            # A message of pydantic's would repeat the value, and so perhaps a secret.
            raise ValueError("is not a list of texts, each ${NAME} or the path of a file")
        return values

    @field_validator("ping", mode="before")
    @classmethod
    def _check_ping(cls, value: Any) -> str:
        if not isinstance(value, str) or is_file(value):
            raise ValueError("is not an address: write ${NAME}, the name of a variable that has it")
        return check_secret(value)

    @field_validator("ledger", mode="before")
    @classmethod
    def _check_ledger(cls, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"is not text: write {EXAMPLE}, or ${{NAME}}")
        return check_written(value)

    @model_validator(mode="after")
    def _check_sources(self) -> Project:
        labels: dict[str, int] = {}
        for at, source in enumerate(self.sources):
            if source.label in labels:
                key = "name" if source.name else "source"
                raise Misplaced(
                    f"{source.label!r} is a source already; give one of them a `name`",
                    *("sources", at, key),
                )
            labels[source.label] = at
        return self

    def source(self, label: str) -> Source:
        """Return the source of this name. Raises ProjectError if there is none."""
        for source in self.sources:
            if source.label == label:
                return source
        known = ", ".join(source.label for source in self.sources) or "none"
        raise ProjectError(f"{label!r} is not a source of {FILE}; its sources: {known}")

    def channels(self, environment: Mapping[str, str]) -> list[Channel]:
        """Return where alerts go. Raises ProjectError for a variable that is not set, and for an
        address that cannot be used."""
        channels = []
        for at, text in enumerate(self.alerts):
            try:
                channels.append(channel_of(f"alerts.{at}", text, environment))
            except ValueError as error:
                raise ProjectError(f"{place_of(FILE, 'alerts', at)}: {error}") from None
        return channels

    def ping_address(self, environment: Mapping[str, str]) -> str:
        """Return the address of `ping`; "" without one. Raises ProjectError as `channels` does."""
        if not self.ping:
            return ""
        try:
            address = with_secrets(self.ping, environment)
            check_stated(self.ping, address)
        except ValueError as error:
            raise ProjectError(f"{place_of(FILE, 'ping')}: {error}") from None
        return address

    def ledger_of(self, output: Path, environment: Mapping[str, str]) -> str:
        """Return the address of the ledger of an output folder, "" if it is in the folder. Raises
        ProjectError for a variable that is not set, and for an address that cannot be used."""
        if not self.ledger or output.resolve() != Path(self.output).resolve():
            return ""
        try:
            return check_address(filled(self.ledger, environment))
        except ValueError as error:
            raise ProjectError(f"{place_of(FILE, 'ledger')}: {error}") from None

    @property
    def hooks(self) -> dict[str, Hook]:
        """The hooks, by their key in the file."""
        named = {"on_article": self.on_article, "on_run": self.on_run}
        return {name: hook for name, hook in named.items() if hook is not None}

    def retention(self, jobs: Mapping[Source, Sequence[Job]]) -> Retention | None:
        """Return what is kept of the sources with these crawls; None if all is."""
        if not self.retain and not any(source.retain for source in jobs):
            return None
        keeps: dict[str, Keep | None] = {}
        for source, crawls in jobs.items():
            retain = source.retain or self.retain
            keep = retain.of(source.label) if retain else None
            keeps |= {job.source: keep for job in crawls}
        return Retention(keeps, self.retain)

    def _retained(self, source: Source) -> dict[str, Any]:
        """Return the setting that leaves articles alone which would go at the end of the run."""
        retain = source.retain or self.retain
        most = read_retain(retain.keep) if retain else 0
        return {"NEWS_RETAIN": most.total_seconds()} if isinstance(most, timedelta) else {}

    def jobs(self, sites: Path, given: Collection[str] = ()) -> dict[Source, list[Job]]:
        """Return the crawls of each source; `given` are the options of the command line. Raises
        ProjectError for a source that no site knows."""
        jobs: dict[Source, list[Job]] = {}
        shared: dict[str, Any] = {
            f"NEWS_{name.upper()}": getattr(self, name)
            for name in ("archive_size", "archive_age")
            if name in self.model_fields_set
        }
        if self.corrections:
            shared["NEWS_CORRECTIONS"] = thresholds(True)
        files = dict(site_files(sites))
        for at, source in enumerate(self.sources):
            try:
                targets = jobs_of_target(source.source, sites, files)
            except SiteError as error:
                place = place_of(FILE, "sources", at, "source")
                raise ProjectError(f"{place}: {error}") from error
            settings = shared | self._retained(source) | source.settings(given)
            jobs[source] = [job.with_settings(settings) for job in targets]
        return jobs

    def by_hand(self, jobs: Sequence[Job], sites: Path, given: Collection[str]) -> list[Job]:
        """Return crawls that a person starts by hand as crawls of this file's site: with what their
        source, else the first source of their site, says of how articles are published, and into
        its output folder unless `output` is given. A paper without a site file that is no source
        stays as it is. `given` and the errors are those of `jobs`."""
        sources = [job for crawls in self.jobs(sites, given).values() for job in crawls]
        top = {"NEWS_CORRECTIONS": thresholds(True)} if self.corrections else {}
        result = []
        for job in jobs:
            of_site = [own for own in sources if own.hosts & job.hosts]
            if not of_site and job.adhoc is not None:
                result.append(job)
                continue
            own = next((own for own in of_site if own.source == job.source), None)
            settings = top | dict((own or of_site[0]).settings if of_site else {})
            named = {name: value for name, value in settings.items() if name in _BY_HAND}
            output = job.output if "output" in given else Path(self.output)
            result.append(replace(job.with_settings(named), output=output))
        return result


def load_project(file: Path = FILE) -> Project:
    """Return the project of a file. Raises ProjectError."""
    try:
        return read_model(file, Project)
    except FileNotFoundError:
        raise ProjectError(
            f"there is no {file} here: name what to crawl (`newsspider sites` lists the known"
            " sites), or write the file with `newsspider init`"
        ) from None
    except (SiteError, OSError) as error:
        raise ProjectError(str(error)) from error
