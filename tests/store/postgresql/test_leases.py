"""Leases on a real PostgreSQL: whoever has lost the hosts writes nothing any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from support.postgresql import Server

from newsspider.errors import OutputError
from newsspider.model import Article, Link
from newsspider.store.postgresql import fleet, outbox
from newsspider.store.postgresql.database import Database
from newsspider.store.postgresql.leases import RENEWED, LostLease, give_back, take
from newsspider.store.postgresql.ledger import PostgresqlLedger
from newsspider.store.postgresql.working import WorkerLedger
from newsspider.store.whole import article_of, values_of

PLACE = ("bbc", "world", "a")
ARTICLE = Article(site="bbc", listing="world", key="a", id="a", link="https://bbc.com/a", title="A")


@pytest.fixture
def address(postgresql: Server) -> str:
    address = postgresql.ledger()
    fleet.create(address).close()
    return address


@pytest.fixture
def db(address: str) -> Iterator[Database]:
    with closing(fleet.opened(address)) as db:
        yield db


def worker(address: str, db: Database, holder: str = "one:1") -> WorkerLedger:
    """The ledger of a worker that has just taken the hosts, with a pending link."""
    ledger = WorkerLedger(address, take(db, "bbc.com", holder))
    with ledger.start_run():
        ledger.note_link(*PLACE, Link(url="https://bbc.com/a"), "pending")
    return ledger


def send(ledger: WorkerLedger) -> None:
    ledger.send_article(ARTICLE, "bbc/world", {"article": values_of(ARTICLE)}, [b"\0\xff", b""])


def state_of(ledger: WorkerLedger | PostgresqlLedger) -> str:
    known = ledger.known(*PLACE)
    assert known is not None
    return known.state


def test_an_article_is_sent_in_the_transaction_that_settles_its_link(
    address: str, db: Database
) -> None:
    with closing(worker(address, db)) as ledger:
        send(ledger)
        assert state_of(ledger) == "sent"
        (entry,) = outbox.waiting(db)
        assert (entry.kind, entry.key, entry.run, entry.source) == ("article", "a", 1, "bbc/world")
        assert article_of(entry.values["article"]) == ARTICLE
        assert entry.files == ()
        assert outbox.with_files(db, entry).files == [b"\0\xff", b""]
        assert ledger.open_links(*PLACE[:2]) == []
        # If the ledger is lost, the link is asked for again.
        assert [each.known.state for each in ledger.unpublished_links()] == ["pending"]


def test_a_worker_that_lost_its_hosts_writes_nothing(address: str, db: Database) -> None:
    writes = (
        send,
        lambda ledger: ledger.settle_link(*PLACE, "dropped", "NoTitle"),
        lambda ledger: ledger.note_link(*PLACE, Link(url="https://bbc.com/b"), "failed"),
        lambda ledger: ledger.note_counts("bbc/world", {"found": 1}),
        lambda ledger: ledger.note_hosts({}),
        lambda ledger: ledger.note_shell("bbc", "article"),
    )
    for write in writes:
        with closing(worker(address, db)) as old:
            take(db, "bbc.com", "two:2")
            with pytest.raises(LostLease, match=r"another worker has taken over bbc\.com"):
                write(old)
            assert old.trouble
        with closing(worker(address, db)) as new:
            assert state_of(new) == "pending"
            assert new.counts("bbc/world", 9) == []
    assert outbox.waiting(db) == []


def test_hosts_are_taken_only_between_two_transactions_of_their_worker(
    address: str, db: Database
) -> None:
    order: list[str] = []
    with closing(worker(address, db)) as old:

        def take_over() -> None:
            with closing(fleet.opened(address)) as other:
                take(other, "bbc.com", "two:2")
                order.append("taken")

        taking = threading.Thread(target=take_over)
        with old.transaction():
            old.settle_link(*PLACE, "failed", "Http500")
            taking.start()
            wait_for_lock(address)
            order.append("written")
        taking.join(60)
        assert order == ["written", "taken"]
        with pytest.raises(LostLease):
            send(old)


def wait_for_lock(address: str) -> None:
    """Wait until a connection waits for a lock."""
    waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with psycopg.connect(address, autocommit=True) as watcher:
        for _ in range(100_000):
            row = watcher.execute(waits).fetchone()
            if row and row[0]:
                return
    pytest.fail("nobody waits")


def test_what_is_known_of_the_hosts_comes_with_the_lease(address: str, db: Database) -> None:
    hosts = {"bbc.com": {"gap": 7.0, "asked": 1.0, "rest": 90.0, "why": "429", "failures": 2}}
    first = take(db, "bbc.com", "one:1")
    assert first.hosts == {}
    with closing(WorkerLedger(address, first)) as ledger:
        ledger.note_hosts(hosts)
    give_back(db, first)
    second = take(db, "bbc.com", "two:2")
    known = second.hosts["bbc.com"]
    assert (second.epoch, known["gap"], known["why"], known["failures"]) == (2, 7.0, "429", 2)
    assert known["asked"] >= 1
    assert 60 < known["rest"] <= 90
    with closing(WorkerLedger(address, second)) as ledger:
        assert ledger.known_hosts() == second.hosts
        assert ledger.known_hosts() == {}
    # Not given back: that worker may have asked the host a moment ago, and may do so once more.
    known = take(db, "bbc.com", "three:3").hosts["bbc.com"]
    assert known["asked"] == 0
    assert known["rest"] >= 2 * RENEWED


def test_a_robots_txt_comes_with_the_lease_and_is_as_old_as_it_is(
    address: str, db: Database, postgresql: Server
) -> None:
    first = take(db, "bbc.com", "one:1")
    with closing(WorkerLedger(address, first)) as ledger:
        assert ledger.known_robots() == {}
        ledger.note_robots({"a": {"body": "Disallow: /x\xff", "age": 60.0}})
    postgresql.execute("UPDATE host_lease SET robots_saved = now() - interval '1 hour'", address)
    known = take(db, "bbc.com", "two:2").robots["a"]
    assert known["body"] == "Disallow: /x\xff"
    assert 3660 <= known["age"] < 7200


def test_a_lease_is_not_given_back_by_who_lost_it(address: str, db: Database) -> None:
    old = take(db, "bbc.com", "one:1")
    take(db, "bbc.com", "two:2")
    give_back(db, old)
    assert db.rows("SELECT holder, epoch FROM host_lease") == [("two:2", 2)]


def test_workers_have_runs_of_their_own_and_only_the_folder_has_unclean_ones(
    address: str, db: Database
) -> None:
    with closing(PostgresqlLedger(address)) as killed, killed.start_run() as unclean:
        assert unclean is None
    numbers = []
    for group in ("a", "b"):
        with closing(WorkerLedger(address, take(db, group, "one:1"))) as ledger:
            with ledger.start_run():
                numbers.append(ledger.run)
            ledger.end_run()
    assert numbers == [2, 3]
    with closing(PostgresqlLedger(address)) as publisher:
        with publisher.start_run() as unclean:
            assert unclean == 1
        publisher.end_run()
    with closing(PostgresqlLedger(address)) as publisher, publisher.start_run() as unclean:
        assert (publisher.run, unclean) == (5, None)


def test_only_a_planner_makes_a_fleet(postgresql: Server, address: str) -> None:
    with pytest.raises(OutputError, match="has no fleet: run `newsspider fleet plan` first"):
        fleet.opened(postgresql.ledger())
    postgresql.execute(f"UPDATE fleet SET version = {fleet.VERSION + 1}", address)
    for opening in (fleet.create, fleet.opened):
        with pytest.raises(OutputError, match="a newer newsspider plans its fleet"):
            opening(address)
    postgresql.execute(f"UPDATE fleet SET version = {fleet.VERSION - 1}", address)
    with pytest.raises(OutputError, match=f"this newsspider needs {fleet.VERSION}"):
        fleet.opened(address)


def test_entries_are_published_by_number_and_kept_if_they_cannot_be(
    address: str, db: Database
) -> None:
    with closing(worker(address, db)) as ledger:
        for _ in range(3):
            send(ledger)
    first, second, third = outbox.waiting(db)
    outbox.finish(db, first)
    outbox.fail(db, second, "ValueError: x")
    assert outbox.waiting(db) == [third]
    assert list(outbox.failed(db)) == [(second.seq, "a", "ValueError: x")]
    assert (outbox.count(db), outbox.count(db, "failed")) == (1, 1)
