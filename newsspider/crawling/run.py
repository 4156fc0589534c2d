"""A run: crawls into output folders, each counted in a Report.

In: jobs, and Scrapy settings. Out: the Report of each folder. Called by the commands and by the
child process of `newsspider.crawl`. The crawls run in this process (`crawling.crawls`) or are
shared out over several (`crawling.processes`); what is done once for a run is done here. Scrapy is
imported when a run starts: it takes half a second, which `newsspider sites` and an error message
need not wait for.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.crawling import sharing
from newsspider.crawling.folders import Folder
from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.report import Report
from newsspider.errors import NewsspiderError, StartError, Unwritable
from newsspider.model import Article
from newsspider.monitor import runs
from newsspider.monitor.record import RunRecord
from newsspider.sites import load_usable
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.output import Output
from newsspider.store.repair import repair_lost

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from newsspider.crawling.hooks import Hooks
    from newsspider.crawling.retain import Retention
    from newsspider.spiders.desk import Shared

logger = logging.getLogger(__name__)

_RUNS = 5  # of a source, whose articles say how many another run has
_UNKNOWN = 30  # articles of a source that no run has read
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")  # of a log


@dataclass(frozen=True, slots=True)
class Around:
    """What is done at the ends of a run. `wait`: seconds to wait for another run that holds an
    output folder. `on_article` is called with each article that has a post, `on_report` with the
    report and the output folder at the end of a run that was no dry one, before the folder is
    released. The `hooks` of a folder get what changed in it, but for a dry run. `retention` says
    which posts are kept after the crawls. `ledgers` has the address of a folder's ledger, if that
    is not the one of the settings; `opened` opens another place for the articles than the output
    folder of the options."""

    wait: float = 0
    on_article: Callable[[Article], object] | None = None
    on_report: Callable[[Report, Path], object] | None = None
    hooks: Mapping[Path, Hooks] = field(default_factory=dict)
    retention: Retention | None = None
    ledgers: Mapping[Path, str] = field(default_factory=dict)
    opened: Callable[[RunOptions], Shared] | None = None


@dataclass(slots=True)
class Ended:
    """How a run ended in an output folder: its report, and the error that ended it."""

    report: Report = field(default_factory=Report)
    error: Exception | None = None


def run(
    jobs: Sequence[Job],
    settings: Mapping[str, Any],
    progress: Progress,
    around: Around | None = None,
    *,
    processes: int | None = 1,
) -> Report:
    """Run the jobs into one output folder; `settings` override newsspider's own. `processes`: how
    many share the crawls out among them; None: as many as pay off.

    Raises SiteError, OutputError or StartError when the run or a crawl cannot start.
    """
    (ended,) = run_each(jobs, settings, progress, around, processes=processes).values()
    if ended.error is not None:
        raise ended.error
    return ended.report


def run_each(
    jobs: Sequence[Job],
    settings: Mapping[str, Any],
    progress: Progress,
    around: Around | None = None,
    *,
    processes: int | None = 1,
) -> dict[Path, Ended]:
    """Run the jobs, each into its own output folder, or that of the settings; return how the run
    ended in each. A folder that cannot be used ends no run into another.

    Raises StartError when the run cannot start.
    """
    around = around or Around()
    base = project_settings(settings)
    try:
        options = RunOptions.from_settings(base)
    except ValueError as error:
        raise StartError(str(error)) from None
    jobs = [job if job.output else replace(job, output=options.output) for job in jobs]
    ended = {path: Ended() for path in _paths(jobs) or [options.output]}
    with contextlib.ExitStack() as closing:
        folders = {}
        for path, shared in _opened(ended, options, progress, around):
            folders[path] = Folder(shared, ended[path].report)
            closing.callback(_close, shared, ended[path].report)
        started = datetime.now(UTC).replace(microsecond=0)
        for path, hooks in around.hooks.items():
            if path in folders and not options.dry_run:
                hooks.begin(folders[path].shared)
        jobs = [job for job in jobs if job.output in folders]
        if jobs:
            _crawl(jobs, folders, base, settings, progress, around, processes)
        for path, folder in folders.items():
            _finish(path, folder, ended[path], started, around)
    return ended


def _paths(jobs: Sequence[Job]) -> list[Path]:
    return list(dict.fromkeys(job.output for job in jobs if job.output))


def _opened(
    ended: Mapping[Path, Ended], options: RunOptions, progress: Progress, around: Around
) -> Iterator[tuple[Path, Shared]]:
    """Open the output folders; note the errors of those that cannot be used."""
    from newsspider.spiders.allowance import Allowance
    from newsspider.spiders.desk import Shared

    sites = load_usable(options.sites, warn=logger.warning)
    allowance = Allowance(options.limit)
    for path, end in ended.items():
        ledger = around.ledgers.get(path, options.ledger)
        own = options.model_copy(update={"output": path, "ledger": ledger})
        if around.opened is not None:
            yield path, around.opened(own)
            continue
        try:
            shared = Shared.opened(
                own, sites=sites, allowance=allowance, wait=around.wait, tell=progress.print
            )
        except NewsspiderError as error:
            end.error = error
        else:
            yield path, shared


def _crawl(
    jobs: Sequence[Job],
    folders: Mapping[Path, Folder],
    base: Settings,
    settings: Mapping[str, Any],
    progress: Progress,
    around: Around,
    processes: int | None,
) -> None:
    """Run the jobs to their end, in this process or in several."""
    articles = [0 if processes == 1 else _expected(job, folders) for job in jobs]
    at_once = max(1, base.getint("NEWS_SITES_AT_ONCE"))
    limit = next(iter(folders.values())).shared.allowance.left
    total = sum(articles) if limit is None else min(limit, sum(articles))
    groups = len(sharing.groups_of(jobs))
    number = sharing.number_of(processes, groups, at_once, total, os.cpu_count() or 1)
    for folder in folders.values():
        assert isinstance(folder.report, Report)
        folder.report.processes = number if number > 1 or (processes or 1) > 1 else 0
    if number == 1:
        from newsspider.crawling.crawls import Crawls, process_of

        Crawls(process_of(base), folders, progress, around.on_article)(jobs)
        return
    from newsspider.crawling.processes import Processes

    of_each = {**settings, "NEWS_SITES_AT_ONCE": -(-at_once // number)}
    shares = sharing.shares(jobs, articles, number)
    Processes(folders, progress, around.on_article, around.ledgers)(shares, of_each)


def _expected(job: Job, folders: Mapping[Path, Folder]) -> int:
    """Return how many articles a crawl may have, by the last runs of its source."""
    assert job.output is not None
    if "urls" in job.arguments:
        return len(job.arguments["urls"])
    history = folders[job.output].shared.output.ledger.counts(job.source, _RUNS)
    return max(counts["fetched"] for counts in history) if history else _UNKNOWN


def _finish(path: Path, folder: Folder, ended: Ended, started: datetime, around: Around) -> None:
    """Do what is done at the end of a run into a folder: retention, its record, hooks, alerts."""
    shared, report = folder.shared, ended.report
    ended.error = folder.error
    if folder.has_lost and not shared.output.dry:
        with contextlib.suppress(Unwritable):  # reported when the folder is closed
            repair_lost(shared.output)
    if around.retention is not None and ended.error is None and not folder.is_ending:
        retain(around.retention, shared, report)
    record = _record(shared.output, report, started, ended.error)
    if record is not None and path in around.hooks:
        around.hooks[path].fill(shared, record)
    if around.on_report is not None and ended.error is None and not shared.output.dry:
        around.on_report(report, path)


def retain(retention: Retention, shared: Shared, report: Report) -> None:
    """Remove the posts that are kept no longer; what fails is left to the next run."""
    try:
        retention(shared, report)
    except Unwritable as error:
        shared.output.trouble = shared.output.trouble or str(error)
    except (OSError, NewsspiderError) as error:
        why = f"{error.filename}: {trouble_of(error)}" if isinstance(error, OSError) else error
        report.notes.append(f"Posts that are kept no longer stay: {why}")
        report.stopped = True


def _record(
    output: Output, report: Report, started: datetime, error: Exception | None
) -> RunRecord | None:
    """Write and return the record of the run; None if nothing more can be written. Without it the
    posts are as good as before."""
    if output.dry or output.trouble or output.ledger.trouble:
        return None
    cause = error if isinstance(error, NewsspiderError) else None
    if error is not None and cause is None:
        cause = StartError(str(error))
    record = report.record(output.ledger.run, started, cause)
    try:
        runs.save(record, output.path)
    except Unwritable as fault:
        output.trouble = str(fault)  # closing the folder reports it, once
        return None
    except OSError as fault:
        logger.warning("the record of this run cannot be written: %s", fault)
    return record


def _close(shared: Shared, report: Report) -> None:
    """Release the output folder; add a note to the report if its disk failed."""
    try:
        shared.output.close()
    except Unwritable as error:
        report.stopped = True
        report.notes.insert(0, str(error))


def project_settings(settings: Mapping[str, Any]) -> Settings:
    """Return newsspider's settings, overridden by these with the priority of a command line. Raises
    StartError for a value that Scrapy cannot read."""
    from scrapy.utils.project import get_project_settings

    base = get_project_settings()
    base.setmodule("newsspider.settings", priority="project")
    base.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")  # the commands have their own
    for name, value in settings.items():
        try:
            base.set(name, value, priority="cmdline")
        except (ValueError, TypeError) as error:
            raise StartError(f"-s {name}={value}: {error}") from error
    level = str(base["LOG_LEVEL"])
    if level not in logging.getLevelNamesMapping() and not level.isdecimal():
        raise StartError(f"-s LOG_LEVEL={level}: is not one of {', '.join(_LEVELS)}")
    # A run names the classes of its spiders.
    base.set("SPIDER_MODULES", [], priority="cmdline")
    base.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.SpiderLoader", priority="cmdline")
    return base
