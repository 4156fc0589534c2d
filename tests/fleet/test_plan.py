"""The planner on a real PostgreSQL: what is due is planned once, whoever plans."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.postgresql import Server

from newsspider.crawling.project import Project
from newsspider.fleet import queue
from newsspider.fleet.plan import Planned, plan
from newsspider.store.postgresql import fleet
from newsspider.store.postgresql.database import Database

SITE = """\
title: {name}
home: https://{host}/
categories:
  world:
    listing: [{{kind: feed, url: "https://{host}/feed"}}]
"""


@pytest.fixture
def address(postgresql: Server) -> str:
    address = postgresql.ledger()
    with closing(fleet.create(address)) as db:
        queue.create_tables(db, address)
    return address


@pytest.fixture
def db(address: str) -> Iterator[Database]:
    with closing(fleet.opened(address)) as db:
        yield db


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    for name, host in (("one", "one.example"), ("two", "two.example")):
        (tmp_path / f"{name}.yml").write_text(SITE.format(name=name, host=host))
    return tmp_path


def planned(db: Database, sites: Path, *sources: str, every: str = "1h") -> Planned:
    values = [{"source": source, "every": every} for source in sources]
    project = Project.model_validate({"sources": values})
    return plan(db, project.jobs(sites), sites)


def finish(db: Database) -> None:
    """Let the jobs that wait be done."""
    db.do("DELETE FROM procrastinate_jobs")


def later(db: Database, hours: int) -> None:
    """Let hours go by since the sources were planned."""
    db.do("UPDATE planned SET at = at - make_interval(hours => ?)", (hours,))


def test_a_group_of_hosts_gets_a_job_with_its_site_files(db: Database, sites: Path) -> None:
    result = planned(db, sites, "one/world", "two/world", "https://one.example/sport/")
    assert result.groups == ("one.example", "two.example")
    first, second = (job.order for job in queue.open_jobs(db))
    assert [crawl["label"] for crawl in first.crawls] == [
        *("one/world", "https://one.example/sport/"),
        *("one again", "https://one.example/sport/ again"),
    ]
    assert first.sites == {"one": (sites / "one.yml").read_text()}
    assert second.sites.keys() == {"two"}


def test_what_was_planned_is_due_again_after_its_interval(db: Database, sites: Path) -> None:
    assert planned(db, sites, "one/world").groups == ("one.example",)
    finish(db)
    result = planned(db, sites, "one/world")
    assert (result.groups, result.next is not None) == ((), True)
    later(db, 1)
    assert planned(db, sites, "one/world").groups == ("one.example",)


def test_of_a_group_one_job_waits_at_most(db: Database, sites: Path) -> None:
    planned(db, sites, "one/world")
    later(db, 1)
    result = planned(db, sites, "one/world")
    assert (result.groups, result.busy) == ((), ("one.example",))
    db.do("UPDATE procrastinate_jobs SET status = 'doing'")
    assert planned(db, sites, "one/world").groups == ("one.example",)  # waits for the lock


def test_a_group_that_was_joined_waits_for_the_jobs_of_its_parts(db: Database, sites: Path) -> None:
    planned(db, sites, "two/world")
    db.do("UPDATE procrastinate_jobs SET status = 'doing'")
    second = '  sport: {listing: [{kind: feed, url: "https://two.example/sport"}]}\n'
    (sites / "both.yml").write_text(SITE.format(name="both", host="one.example") + second)
    later(db, 1)
    result = planned(db, sites, "one/world", "two/world", "both/world")
    assert (result.groups, result.busy) == ((), ("one.example",))
    finish(db)
    assert planned(db, sites, "one/world", "two/world", "both/world").groups == ("one.example",)


def test_two_planners_plan_nothing_twice(address: str, sites: Path) -> None:
    results = []

    def once() -> None:
        with closing(fleet.opened(address)) as db:
            results.append(planned(db, sites, "one/world", "two/world"))

    planners = [threading.Thread(target=once) for _ in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join(120)
    assert sorted(len(result.groups) for result in results) == [0, 0, 0, 2]
    with closing(fleet.opened(address)) as db:
        assert len(queue.open_jobs(db)) == 2
