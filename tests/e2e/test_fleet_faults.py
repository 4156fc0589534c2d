"""Workers of a fleet whose jobs do not end, or that lose their hosts."""

from __future__ import annotations

import os
from contextlib import closing

from support.fleet import Fleet
from support.waiting import wait_until

from newsspider.store.postgresql import fleet, leases

# A job that begins when a file is there.
WAITS = """
import os, sys, time
while "newsspider.fleet.job" in sys.orig_argv and not os.path.exists({marker!r}):
    time.sleep(0.05)
"""


def test_a_job_that_does_not_end_is_ended_and_its_log_kept(crew: Fleet) -> None:
    crew.cli.variables["JOB"] = "0.1"
    crew.plan()
    crew.work()
    wait_until(crew.is_idle)
    out = crew.run("status")
    assert "tried 3 times" in out
    assert "ended with code limit, after 0.1 s" in out
    assert "1 failed" in out


def test_a_worker_that_takes_no_more_jobs_lives_until_its_last_one_ends(crew: Fleet) -> None:
    folder, marker = crew.cli.folder / "start", crew.cli.folder / "go"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WAITS.format(marker=str(marker)))
    crew.cli.variables["PYTHONPATH"] = f"{folder}:{os.environ.get('PYTHONPATH', '')}"
    crew.cli.variables |= {"GROUPS": "2", "ONCE": "1"}
    crew.plan()
    worker = crew.work()
    beats = set[str]()

    def has_beaten() -> bool:
        beats.update(crew.texts("SELECT last_heartbeat::text FROM procrastinate_workers"))
        return len(beats) >= 6

    wait_until(has_beaten)
    marker.touch()
    out, _ = worker.communicate(timeout=300)
    assert worker.returncode == 0, out
    assert "its worker is gone" not in out
    assert crew.is_idle()


def test_a_worker_that_lost_its_hosts_ends(crew: Fleet) -> None:
    crew.plan()
    worker = crew.work()
    wait_until(lambda: crew.epoch() > 0)
    with closing(fleet.opened(crew.address)) as db:
        (group,) = (group for (group,) in db.rows("SELECT host_group FROM host_lease"))
        leases.take(db, group, "another:1")
    out, _ = worker.communicate(timeout=120)
    assert worker.returncode == 1, out
    assert "another worker has taken over; this one ends" in out
