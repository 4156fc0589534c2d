"""The crawls of newsspider.yml: those that are due, and `--watch`, which waits for them.

In: the options of `newsspider crawl` without a target. Out: a run of the sources that are due, and
its exit code; with `--watch` one run after the other, each a process of its own, until SIGTERM or
Ctrl-C. Called by `crawl`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console

from newsspider.commands.messages import print_errors
from newsspider.commands.options import CommandLine, own_sites
from newsspider.commands.running import carry_out, with_ledger
from newsspider.crawling.due import Turn, next_due, turns
from newsspider.crawling.exports import write_exports
from newsspider.crawling.project import FILE, Project, load_project
from newsspider.crawling.report import Report
from newsspider.errors import Exit, NewsspiderError, ProjectError
from newsspider.exporters.jekyll.config import LAID, find_config, published
from newsspider.monitor.alerts import send_alerts
from newsspider.monitor.channels import is_file
from newsspider.monitor.webhook import Undelivered, get
from newsspider.spiders.options import RunOptions
from newsspider.store.ledgers import copied_ledger

logger = logging.getLogger(__name__)

_LOOK = 15  # seconds between two looks at newsspider.yml


def crawl_due(options: RunOptions, line: CommandLine) -> Exit:
    """Crawl the sources that are due, or all (`--all`), or those named (`--source`)."""
    project = load_project()
    options = with_project(options, project)
    wanted = [project.source(label).label for label in line.source or ()]
    if not project.sources:
        raise ProjectError(
            "newsspider.yml names no source: add one, such as `- source: bbc/world`, under"
            " `sources`"
        )
    _check_site(options.output, options.sites, project.alerts)
    after = after_run(project)  # addresses that cannot be used are an error, due or not
    all_turns = read_turns(project, options)
    now = datetime.now().astimezone()
    chosen = [turn for turn in all_turns if turn.source.label in wanted]
    if not wanted:
        chosen = [turn for turn in all_turns if line.all_sources or turn.due <= now]
    if not chosen:
        due = next_due(all_turns)
        assert due is not None
        if not line.quiet:
            typer.echo(f"Nothing is due before {due:%Y-%m-%d %H:%M}.")
        return Exit.DONE
    jobs = [job for turn in chosen for job in turn.jobs]
    given = options.model_fields_set
    again = [job for turn in chosen for job in turn.source.rechecks(turn.jobs, given)]
    retention = project.retention({turn.source: turn.jobs for turn in all_turns})
    if retention is not None:
        retention.check(options.output)
    jobs = [*jobs, *again]  # new articles come first
    code = carry_out(jobs, options, line, after, retention)
    if (
        not options.dry_run
        and code != Exit.HELD
        and not write_exports(project.exports, options.output)
    ):
        return code or Exit.SOME_FAILED
    return code


def after_run(project: Project) -> Callable[[Report, Path], None]:
    """Return what is done at the end of a run: alerts are sent, and a good run pings. Raises
    ProjectError for addresses that cannot be used."""
    channels, ping = project.channels(os.environ), project.ping_address(os.environ)

    def finish(report: Report, output: Path) -> None:
        if channels:
            send_alerts(channels, report.sources, report.notes, output)
        if ping and report.is_good:
            try:
                get(ping)
            except Undelivered as error:
                logger.warning("ping: %s", error)

    return finish


def _check_site(output: Path, sites: Path, alerts: Sequence[str]) -> None:
    """Raise ProjectError if Jekyll would publish newsspider.yml, the site files or a file of
    alerts: they lie in the site, and its configuration does not exclude them."""
    config, root = find_config(output), output.resolve()
    files = [FILE, *map(Path, filter(is_file, alerts))]
    private = (*((file.resolve(), "") for file in files), (sites.resolve(), "/"))
    names = [
        f"{path.relative_to(root).as_posix()}{end}"
        for path, end in private
        if path != root and path.is_relative_to(root)
    ]
    if not (shown := published(config or LAID, names)):
        return
    would = f"Jekyll would publish {' and '.join(shown)}"
    if config is None:
        raise ProjectError(f"{FILE}: {would}: begin the name with `_`")
    lines = "\n".join(f"  - {name}" for name in shown)
    raise ProjectError(f"{config}: {would}; add to it, under `exclude:`,\n{lines}")


def read_turns(project: Project, options: RunOptions) -> list[Turn]:
    """Return the turns of all sources, by the ledger of the output folder."""
    jobs = project.jobs(own_sites(options), given=options.model_fields_set)
    with contextlib.closing(copied_ledger(options.output, options.ledger)) as ledger:
        return turns(jobs, ledger.last_crawls(), datetime.now().astimezone())


def with_project(options: RunOptions, project: Project) -> RunOptions:
    """Return the options with the folders and the ledger that the project names, unless the command
    does."""
    return with_ledger(_with_folders(options, project), project)


def _with_folders(options: RunOptions, project: Project) -> RunOptions:
    folders = {"output": Path(project.output), "sites": Path(project.sites)}
    given = options.model_fields_set
    update = {name: path for name, path in folders.items() if name not in given}
    if "sites" in update and not update["sites"].is_dir():
        del update["sites"]  # the default need not exist, and a source of no site is reported
    return options.model_copy(update=update)


def with_own_project(
    options: RunOptions, *, ledger: bool = True
) -> tuple[RunOptions, Project | None]:
    """Return the options with the folders and the ledger that newsspider.yml names, and the
    project; unchanged and None without such a file. A command that reads no `ledger` needs no
    secret of it."""
    if not FILE.exists():
        return options, None
    project = load_project()
    with_folders = with_project if ledger else _with_folders
    return with_folders(options, project), project


def project_options(project: Project) -> RunOptions:
    """Return the options of a command that has none of its own."""
    return with_project(RunOptions(), project)


class Watch:
    """Runs the sources as they become due, until a signal ends it.

    Each run is a process of its own: it reads newsspider.yml anew, holds the output folder only
    while it works, and what it leaks ends with it.
    """

    def __init__(self, arguments: Sequence[str], options: RunOptions) -> None:
        self._arguments = arguments
        self._options = options
        self._ending = threading.Event()
        self._run: subprocess.Popen[bytes] | None = None
        self._fault = ""

    def __call__(self) -> Exit:
        after_run(load_project())  # a file that cannot be used at the start is an error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while not self._ending.is_set():
            if self._is_due():
                self._crawl()
            self._ending.wait(_LOOK)
        return Exit.DONE

    def _is_due(self) -> bool:
        """Return whether a source is due. A newsspider.yml that cannot be used is reported once,
        and nothing is crawled until it is mended."""
        try:
            project = load_project()
            after_run(project)
            found = read_turns(project, with_project(self._options, project))
        except NewsspiderError as error:
            if str(error) != self._fault:
                print_errors(str(error))
            self._fault = str(error)
            return False
        self._fault = ""
        now = datetime.now().astimezone()
        return any(turn.due <= now for turn in found)

    def _crawl(self) -> None:
        command = [sys.executable, "-m", "newsspider", *self._arguments]
        # A group of its own: Ctrl-C in a terminal reaches it once, through `_end`.
        self._run = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - ours
        if self._ending.is_set():
            self._run.terminate()
        code = self._run.wait()
        self._run = None
        logger.info("a run ended with code %d", code)

    def _end(self, *_: object) -> None:
        self._ending.set()
        if self._run is not None:
            self._run.terminate()


def watch(options: RunOptions) -> Exit:
    """Crawl what is due, again and again, with the arguments of this command."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--watch"]
    Console(stderr=True).print("Watching newsspider.yml; Ctrl-C ends it.")
    return Watch(arguments, options)()
