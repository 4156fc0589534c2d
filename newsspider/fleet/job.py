"""The process of a job: the crawls of a group of hosts, whose articles go into the outbox.

In: on standard input, a line of JSON with the order, the lease and the settings of the worker; its
end ends the process at once, as the worker is gone then. Out: rows of the ledger and of the outbox;
the log on standard error; exit code 0, or 1 where the crawls could not be carried out. Started by
`fleet/work.py`, in a process group of its own.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from rich.console import Console

from newsspider.crawling.jobs import Job
from newsspider.crawling.progress import Progress
from newsspider.crawling.report import Report
from newsspider.crawling.run import Around, run
from newsspider.errors import NewsspiderError, Unwritable
from newsspider.exporters.format import Format
from newsspider.fleet.queue import Order, order_of
from newsspider.pipelines import STAGES
from newsspider.pipelines.send import WorkerPictures
from newsspider.pipelines.text import Clean, Metadata, Sanitise
from newsspider.settings import EXTENSIONS
from newsspider.sites import load_usable, site_of
from newsspider.sites.hosts import hosts_of
from newsspider.sites.schema import Site
from newsspider.spiders.desk import Shared
from newsspider.spiders.options import RunOptions
from newsspider.store.archive import Archive
from newsspider.store.output import Output
from newsspider.store.postgresql.leases import RENEWED, Lease
from newsspider.store.postgresql.working import WorkerLedger
from newsspider.store.records import PublishedPost
from newsspider.store.sent_archive import WorkerArchive

logger = logging.getLogger(__name__)

_READING = (Clean, Sanitise, Metadata)  # the stages of a worker; the others are the publisher's
_SENDING = {"newsspider.pipelines.send.Fetch": 450, "newsspider.pipelines.send.Send": 900}
_KEPT_HOSTS = "newsspider.fetch.kept.KeptHosts"


class WorkerOutput(Output):
    """The output of a worker: a ledger, and an empty folder that goes with the process."""

    @cached_property
    def archive(self) -> Archive:
        return WorkerArchive()

    def remove(self, post: PublishedPost, why: str) -> bool:
        """Leave the removal of a post to the publisher; one that a person edited stays there."""
        cast(WorkerLedger, self.ledger).send("removal", post.key, "", {"why": why})
        return True

    def close(self) -> None:
        """End the run. Raises Unwritable if its last notes are not saved."""
        try:
            if trouble := self.trouble or self.ledger.trouble:
                raise Unwritable(trouble)
            self.ledger.end_run()
        finally:
            for close in (*self._closing, self.ledger.close):
                try:
                    close()
                except Unwritable as error:
                    logger.warning("%s", error)


def main() -> None:
    """Carry out the order that standard input describes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s: %(message)s")
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    values = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_worker, daemon=True).start()
    lease = Lease(**values["lease"])
    try:
        report = carry_out(order_of(values), values["address"], lease, values["settings"])
    except NewsspiderError as error:
        logger.error("%s", error)
        sys.exit(1)
    for note in report.notes:
        logger.info("%s", note)


def _end_with_worker() -> None:
    """End this process and its children when the worker is gone. Nothing is lost: whatever is not
    in the ledger is done again."""
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def carry_out(order: Order, address: str, lease: Lease, settings: Mapping[str, Any]) -> Report:
    """Run the crawls of an order, for the holder of a lease. Raises NewsspiderError."""
    with tempfile.TemporaryDirectory(prefix="newsspider-") as name:
        folder = Path(name)
        sites = folder / "sites"
        sites.mkdir()
        for site, text in order.sites.items():
            (sites / f"{Path(site).name}.yml").write_text(text, "utf-8")
        given = {
            **settings,
            "NEWS_SITES": str(sites),
            "NEWS_OUTPUT": str(folder / "site"),
            "NEWS_NOTE_HOSTS": RENEWED,
            "ITEM_PIPELINES": {**_stages(), **_SENDING},
            "EXTENSIONS": {**EXTENSIONS, _KEPT_HOSTS: 0},
        }
        known = load_usable(sites)
        jobs = [_job(crawl, known) for crawl in order.crawls]
        outputs = list[Output]()

        def opened(options: RunOptions) -> Shared:
            def opening(sites: Collection[Site], format: Format) -> Output:
                ledger = WorkerLedger(address, lease)
                with ledger.start_run():
                    pass
                path = options.output
                output = WorkerOutput(path, path / format.folder, ledger, dry=False, _lock=None)
                outputs.append(output)
                return output

            shared = Shared.of_output(options, opening)
            ledger = cast(WorkerLedger, shared.output.ledger)
            return replace(shared, pictures=WorkerPictures(shared.output.path, ledger))

        progress = Progress(Console(stderr=True), quiet=True)
        around = Around(opened=opened, on_report=lambda report, _: _send(report, outputs[0], order))
        report = run(jobs, given, progress, around)
    if trouble := outputs[0].trouble or outputs[0].ledger.trouble:
        raise Unwritable(trouble)
    return report


def _send(report: Report, output: Output, order: Order) -> None:
    """Leave the report of the job to the publisher, after all that its crawls have sent."""
    values = {
        "sources": report.sources,
        "notes": report.notes,
        "requests": report.requests,
        "crashed": report.crashed,
        "stopped": report.stopped,
    }
    if not (output.trouble or output.ledger.trouble):
        cast(WorkerLedger, output.ledger).send("report", order.group, "", values)


def _stages() -> dict[str, int | None]:
    """Return the stages of a run; those that need the folder are off."""
    return {
        f"newsspider.pipelines.{stage.__name__}": place if stage in _READING else None
        for place, stage in enumerate(STAGES, start=1)
    }


def _job(values: Mapping[str, Any], known: Mapping[str, Site]) -> Job:
    url = values["arguments"].get("url")
    site = site_of(url, known.values()) if url else known[values["arguments"]["site"]]
    adhoc = site if site.name not in known else None
    return Job(hosts=hosts_of(site), adhoc=adhoc, **values)


if __name__ == "__main__":
    main()
