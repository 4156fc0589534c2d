"""The planner: which sources are due goes to the workers, as a job for each group of hosts.

In: the sources of newsspider.yml, when each was last crawled, and the jobs under way. Out: jobs,
and the time at which each crawl was planned, in one transaction. Two planners plan nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsspider.crawling.due import Turn, next_due, turns
from newsspider.crawling.jobs import Job, in_site_order
from newsspider.crawling.source import Source
from newsspider.fleet import queue
from newsspider.sites import load_usable, site_files, site_of
from newsspider.sites.hosts import groups
from newsspider.sites.schema import Site
from newsspider.store.postgresql import fleet
from newsspider.store.postgresql.database import Database


@dataclass(frozen=True, slots=True)
class Planned:
    """The groups that got a job, those that are busy, and when the next source is due."""

    groups: tuple[str, ...]
    busy: tuple[str, ...]
    next: datetime | None


def plan(db: Database, jobs: Mapping[Source, Sequence[Job]], sites: Path) -> Planned:
    """Give the workers what is due. Raises Unwritable if the database cannot be used."""
    known = load_usable(sites)
    texts = {name: path for name, path in site_files(sites) if path.parent == sites}
    with fleet.planning(db):
        now = _now(db)
        every = turns(jobs, _last_crawls(db), now)
        due = {turn.source for turn in every if turn.due <= now}
        chosen = list(_groups(every, due))
        waiting = _busy(chosen, queue.open_jobs(db))
        given, busy = [], []
        for group in chosen:
            if group.name in waiting:
                busy.append(group.name)
                continue
            queue.defer(db, _order(group, known, texts))
            _note(db, group.jobs, now)
            given.append(group.name)
        db.do("DELETE FROM logs WHERE job NOT IN (SELECT id FROM procrastinate_jobs)")
        later = [turn for turn in every if turn.source not in due]
    return Planned(tuple(given), tuple(busy), next_due(later))


@dataclass(frozen=True, slots=True)
class _Group:
    """Crawls that share hosts: those of the sources that are due, new articles first."""

    name: str
    hosts: frozenset[str]
    jobs: tuple[Job, ...]


def _groups(every: Sequence[Turn], due: Collection[Source]) -> Iterable[_Group]:
    """Yield the groups with a source that is due. All sources make the groups, so that a group has
    the same hosts, and so its name, whichever of its sources are due."""
    crawls = [(turn.source, job) for turn in every for job in turn.jobs]
    for members in groups([job.hosts for _, job in crawls]):
        hosts = frozenset[str]().union(*(crawls[at][1].hosts for at in members))
        chosen: dict[Source, list[Job]] = {}
        for source, job in (crawls[at] for at in members if crawls[at][0] in due):
            chosen.setdefault(source, []).append(job)
        if chosen:
            jobs = [job for own in chosen.values() for job in own]
            again = [job for source, own in chosen.items() for job in source.rechecks(own)]
            yield _Group(min(hosts, default=jobs[0].label), hosts, (*jobs, *again))


def _busy(chosen: Sequence[_Group], under_way: Sequence[queue.OpenJob]) -> set[str]:
    """Return the names of the groups of which a job waits, or whose hosts are crawled under another
    name: those of a group that newsspider.yml has joined with another one since."""
    result = set()
    hosts = [*(group.hosts for group in chosen), *(job.order.hosts for job in under_way)]
    for members in groups(hosts):
        jobs = [under_way[at - len(chosen)] for at in members if at >= len(chosen)]
        for group in (chosen[at] for at in members if at < len(chosen)):
            lock = queue.lock_of(group.name)
            if any(job.lock != lock or job.status == "todo" for job in jobs):
                result.add(group.name)
    return result


def _order(group: _Group, known: Mapping[str, Site], texts: Mapping[str, Path]) -> queue.Order:
    jobs = in_site_order(group.jobs, known)
    names = {_site_of(job, known) for job in jobs}
    return queue.Order(
        group=group.name,
        hosts=tuple(sorted(group.hosts)),
        crawls=tuple(
            {
                "spider": job.spider,
                "arguments": dict(job.arguments),
                "label": job.label,
                "settings": dict(job.settings),
            }
            for job in jobs
        ),
        sites={name: texts[name].read_text("utf-8") for name in sorted(names & texts.keys())},
    )


def _site_of(job: Job, known: Mapping[str, Site]) -> str:
    name = job.arguments.get("site")
    return name if isinstance(name, str) else site_of(job.source, known.values()).name


def _now(db: Database) -> datetime:
    """Return the time by the clock of the database, in the time zone of this machine."""
    row = db.row("SELECT now()")
    assert row is not None
    now: datetime = row[0]
    return now.astimezone()


def _last_crawls(db: Database) -> dict[str, datetime]:
    """Return when each source was last planned; of one that never was, when it was last crawled."""
    crawled = db.rows(
        "SELECT source, MAX(started) FROM runs_of_source JOIN runs ON run = runs.id GROUP BY source"
    )
    planned = db.rows("SELECT source, at FROM planned")
    return {source: datetime.fromisoformat(at) for source, at in crawled} | dict(planned)


def _note(db: Database, jobs: Iterable[Job], now: datetime) -> None:
    for source in {job.source for job in jobs if job.spider != "recheck"}:
        db.do(
            "INSERT INTO planned (source, at) VALUES (?, ?)"
            " ON CONFLICT (source) DO UPDATE SET at = excluded.at",
            (source, now.astimezone(UTC)),
        )
