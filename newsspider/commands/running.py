"""A run of `newsspider crawl` or `newsspider share`, from its options to its exit code.

In: jobs, and the options of the command. Out: posts, a report on the console, and the exit code.
Called by `crawl` and `share`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from newsspider.commands.console import log_report, print_report, start_logging
from newsspider.commands.github import show_on_github
from newsspider.commands.messages import print_errors
from newsspider.commands.options import CommandLine, own_sites, with_settings
from newsspider.crawling.jobs import Job, with_output
from newsspider.crawling.progress import Progress
from newsspider.crawling.project import FILE, Project, load_project
from newsspider.crawling.report import Report
from newsspider.crawling.run import Around, run_each
from newsspider.errors import Exit, NewsspiderError, OutputError, OutputHeld, ProjectError
from newsspider.garbage import look_seldom
from newsspider.spiders.options import RunOptions
from newsspider.store.files import trouble_of
from newsspider.store.folder import remove_unused
from newsspider.text.urls import without_password

if TYPE_CHECKING:
    from newsspider.crawling.feeds import Feed
    from newsspider.crawling.hooks import Hooks
    from newsspider.crawling.retain import Retention

logger = logging.getLogger(__name__)

# The exit codes of a run into several folders, of which the worst counts.
_SEVERITY = (
    Exit.DONE,
    Exit.SOME_FAILED,
    Exit.HELD,
    Exit.NOTHING_FETCHED,
    Exit.BROKEN_SOURCE,
    Exit.BAD_INPUT,
)


def carry_out(
    jobs: Sequence[Job],
    options: RunOptions,
    line: CommandLine,
    on_report: Callable[[Report, Path], object] | None = None,
    retention: Retention | None = None,
) -> Exit:
    """Run the jobs, show their progress, print the report, and return the exit code. `Around`
    explains `on_report` and `retention`."""
    look_seldom()  # until the first crawl: Scrapy is imported before
    options, settings = with_settings(options, line)
    own_sites(options)  # `-s` may have named another
    if "output" not in options.model_fields_set:
        jobs = with_output(jobs, options.output)
    new = {job.output for job in jobs if job.adhoc and job.output and not job.output.exists()}
    folders = list(dict.fromkeys(job.output or options.output for job in jobs))
    options = options.model_copy(update={"output": folders[0]})
    settings |= options.settings()
    ledgers = {path: _ledger_of(path, options) for path in folders}
    _check_feed(line.feed, folders)
    with _feed(line.feed, settings, dry=options.dry_run) as feed:
        if feed is not None:
            settings["FEEDS"] = feed.settings
        to_errors = feed is not None and feed.is_printed
        around = Around(
            wait=line.patience,
            on_report=on_report,
            hooks={path: _hooks(path) for path in folders},
            retention=retention,
            ledgers=ledgers,
        )
        code = _run(jobs, settings, line, around, dry=options.dry_run, to_errors=to_errors)
        if feed is not None:
            feed.finish(options.output)
    for path in new if code is Exit.NOTHING_FETCHED else ():
        remove_unused(path)  # such as that of an address with a typing error
    return code


def _run(
    jobs: Sequence[Job],
    settings: dict[str, Any],
    line: CommandLine,
    around: Around,
    *,
    dry: bool,
    to_errors: bool,
) -> Exit:
    """Run the jobs; `to_errors`: the report goes there, as standard output has the articles."""
    console = Console(stderr=True)
    start_logging(console, line.verbose, line.log_file, quiet=line.quiet)
    progress = Progress(console, quiet=line.quiet)
    try:
        ended = run_each(jobs, settings, progress, around, processes=line.jobs)
    except NewsspiderError:
        _send(around.hooks)  # the run has its record
        raise
    report, codes, outputs = Report(), [], []
    for path, end in ended.items():
        if end.error is None:
            report.join(end.report)
            codes.append(end.report.exit_code())
            outputs.append(path)
        else:
            if len(ended) == 1 and not _is_no_news(end.error, line):
                _send(around.hooks)
                raise end.error
            codes.append(_code_of(end.error, line))
    if outputs and line.quiet:
        log_report(report)
    elif outputs:
        print_report(Console(stderr=to_errors), report, *outputs, dry=dry)
    if outputs:
        show_on_github(report, os.environ)
        if not dry:
            _send(around.hooks)
    return max(codes, key=_SEVERITY.index)


def _is_no_news(error: Exception, line: CommandLine) -> bool:
    """Return whether nobody need see an error: the run before goes on."""
    return line.quiet and isinstance(error, OutputHeld)


def _code_of(error: Exception, line: CommandLine) -> Exit:
    """Return the exit code of a run that has an error in one of its folders, once it is printed."""
    if not isinstance(error, NewsspiderError):
        raise error
    if _is_no_news(error, line):
        logger.warning("%s", error)
    else:
        print_errors(str(error))
    return error.exit_code


def _send(hooks: Mapping[Path, Hooks]) -> None:
    for each in hooks.values():
        each.send()


def _ledger_of(output: Path, options: RunOptions) -> str:
    """Return the address of the ledger of an output folder."""
    own = None
    with suppress(ProjectError):  # `_hooks` warns of it
        own = own_project(output)
    return with_ledger(options.model_copy(update={"output": output}), own).ledger


def _check_feed(file: str | None, folders: Sequence[Path]) -> None:
    """Raise BadParameter for a file of `-o` that has the articles of one folder only, in a run with
    several."""
    if file is None or not folders[1:]:
        return
    from newsspider.crawling.feeds import LINES
    from newsspider.exporters.export import STANDARD_OUTPUT

    if not file.endswith(LINES) and file != STANDARD_OUTPUT:
        named = ", ".join(map(str, folders))
        raise typer.BadParameter(
            f"-o {Path(file).name}: has the articles of one folder, and this run has {named}: name"
            " a file.jsonl, or one folder with --output"
        )


def with_ledger(options: RunOptions, project: Project | None) -> RunOptions:
    """Return the options with the ledger that newsspider.yml names for their output folder, unless
    they name one. Raises ProjectError for an address that cannot be used."""
    if options.ledger or project is None:
        return options
    ledger = project.ledger_of(options.output, os.environ)
    return options.model_copy(update={"ledger": ledger})


def _hooks(output: Path) -> Hooks:
    """Return the hooks of newsspider.yml if it is that of this output folder."""
    from newsspider.crawling.hooks import Hooks

    try:
        project = own_project(output)
    except ProjectError as error:
        logger.warning("%s", error)
        project = None
    return Hooks(project.hooks if project else {}, output)


def own_project(output: Path) -> Project | None:
    """Return newsspider.yml if it is that of this output folder. Raises ProjectError if it cannot
    be used."""
    project = load_project() if FILE.exists() else None
    is_own = project is not None and Path(project.output).resolve() == output.resolve()
    return project if is_own else None


def by_hand(options: RunOptions) -> tuple[RunOptions, Project | None]:
    """Return the options of a crawl that a person starts by hand, with the site files of
    newsspider.yml, and the project if the crawl belongs to its site: unless the command names
    another folder."""
    with suppress(ProjectError):  # `carry_out` warns of it
        project = load_project() if FILE.exists() else None
        if project is not None:
            options = _with_site_files(options, project)
            is_own = "output" not in options.model_fields_set or own_project(options.output)
            return options, project if is_own else None
    return options, None


def of_own_site(
    jobs: Sequence[Job], project: Project | None, sites: Path, options: RunOptions
) -> list[Job]:
    """Return the crawls that a person starts by hand as crawls of the project's site."""
    with suppress(ProjectError):  # a source that no site knows: not of these crawls
        if project is not None:
            return project.by_hand(jobs, sites, options.model_fields_set)
    return list(jobs)


def _with_site_files(options: RunOptions, project: Project) -> RunOptions:
    folder = Path(project.sites)
    if "sites" in options.model_fields_set or not folder.is_dir():
        return options
    return options.model_copy(update={"sites": folder})


def _feed(
    target: str | None, settings: Mapping[str, Any], *, dry: bool
) -> AbstractContextManager[Feed | None]:
    """Return the file of `-o`. Raises BadParameter if it cannot be written."""
    if target is None:
        return nullcontext()
    from newsspider.crawling.feeds import LINES, Feed
    from newsspider.exporters.export import STANDARD_OUTPUT

    is_remote = "://" in target
    shown = without_password(target) if is_remote else target
    is_lines = target == STANDARD_OUTPUT or target.endswith(LINES)
    if dry and (is_remote or not is_lines):
        raise typer.BadParameter(f"-o {shown}: --dry-run writes no posts: name a file.jsonl")
    try:
        if not is_remote:
            return Feed(Path(target))
        from newsspider.crawling.remote import Remote

        remote = Remote(target, settings)
        return Feed(Path(remote.name), remote)
    except (OSError, OutputError) as error:
        why = trouble_of(error) if isinstance(error, OSError) else str(error)
        raise typer.BadParameter(f"-o {shown}: cannot be written: {why}") from None
