"""The lease of a group of hosts: who may crawl them, and a connection whose writes are held to it.

In: the group of a job. Out: a Lease, and what is known of its hosts. A worker that was thought dead
and wakes up finds a higher epoch in the lease: nothing it writes is saved. All moments are by the
clock of the database, as those of the workers may differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsspider.errors import Unwritable
from newsspider.store.postgresql.database import Database
from newsspider.store.sql.schema import STEPS

RENEWED = 2.0  # seconds between two notes of what is known of the hosts
_READS = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "SET")  # statements that write nothing
# A worker that stops in a transaction must not keep its lease from the next one.
_SESSION = "SET idle_in_transaction_session_timeout = '5s'"


class LostLease(Unwritable):
    """Another worker has the hosts now: nothing more of this crawl is saved."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A group of hosts, the number of times it was taken, and what is known of its hosts (see
    `fetch.politeness`) and of their robots.txt (`fetch.robots.Store`), with seconds that count from
    now."""

    group: str
    epoch: int
    hosts: Mapping[str, Mapping[str, Any]]
    robots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def take(db: Database, group: str, holder: str) -> Lease:
    """Take the lease of a group, whoever had it. Where it was not given back, the former holder may
    ask the hosts for some seconds more: they rest meanwhile."""
    with db.transaction():
        db.do("SET LOCAL lock_timeout = '30s'")  # a former holder may stand in a transaction
        before = db.row(
            "SELECT holder, politeness, EXTRACT(EPOCH FROM clock_timestamp() - saved)::float8,"
            " robots, EXTRACT(EPOCH FROM clock_timestamp() - robots_saved)::float8"
            " FROM host_lease WHERE host_group = ? FOR UPDATE",
            (group,),
        )
        row = db.row(
            "INSERT INTO host_lease (host_group, epoch, holder, taken, saved)"
            " VALUES (?1, 1, ?2, clock_timestamp(), clock_timestamp())"
            " ON CONFLICT (host_group) DO UPDATE SET epoch = host_lease.epoch + 1, holder = ?2,"
            " taken = clock_timestamp() RETURNING epoch",
            (group, holder),
        )
    assert row is not None
    if before is None:
        return Lease(group, row[0], {})
    holder, hosts, since, robots, read = before
    aged = _aged(json.loads(hosts), max(0.0, since), is_lost=bool(holder))
    older = {
        name: {**each, "age": each["age"] + max(0.0, read)}
        for name, each in json.loads(robots).items()
    }
    return Lease(group, row[0], aged, older)


def _aged(
    hosts: Mapping[str, Mapping[str, Any]], since: float, *, is_lost: bool
) -> dict[str, dict[str, Any]]:
    """Return what was known of hosts so many seconds ago as it is now. Those of a lease that was
    not given back count as asked just now: the last requests may not have been noted."""
    return {
        name: {
            **known,
            "asked": 0.0 if is_lost else known["asked"] + since,
            "rest": max(known["rest"] - since, 2 * RENEWED if is_lost else 0.0),
        }
        for name, known in hosts.items()
    }


def give_back(db: Database, lease: Lease) -> bool:
    """Note that nobody has the lease; return False if another worker took it meanwhile."""
    done = db.do(
        "UPDATE host_lease SET holder = '' WHERE host_group = ? AND epoch = ?",
        (lease.group, lease.epoch),
    )
    return done.rowcount > 0


class LeasedDatabase(Database):
    """A database whose writes are held to a lease: each transaction begins with a look at its epoch
    and keeps it until it ends. A write outside of one gets its own."""

    def __init__(self, address: str, group: str, epoch: int) -> None:
        self.lease: tuple[str, int] = (group, epoch)
        super().__init__(address, STEPS)
        self.do(_SESSION)

    def _begin(self) -> None:
        super()._begin()
        held = self.row(
            "SELECT 1 FROM host_lease WHERE host_group = ? AND epoch = ? FOR SHARE", self.lease
        )
        if held is None:
            self.roll_back()
            self.trouble = f"{self.name}: another worker has taken over {self.lease[0]}"
            raise LostLease(self.trouble)

    def do(self, statement: str, values: Sequence[object] = ()) -> Any:
        if self.has_begun or statement.startswith(_READS):
            return super().do(statement, values)
        with self.transaction():
            return super().do(statement, values)

    def note_hosts(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Save what is known of the hosts of the group."""
        wait = max((known["rest"] for known in hosts.values()), default=0.0)
        self.do(
            "UPDATE host_lease SET politeness = ?, saved = clock_timestamp(), next_request_at ="
            " clock_timestamp() + make_interval(secs => ?) WHERE host_group = ? AND epoch = ?",
            (json.dumps(hosts), wait, *self.lease),
        )

    def note_robots(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Save the robots.txt of the hosts of the group."""
        self.do(
            "UPDATE host_lease SET robots = ?, robots_saved = clock_timestamp()"
            " WHERE host_group = ? AND epoch = ?",
            (json.dumps(known), *self.lease),
        )
