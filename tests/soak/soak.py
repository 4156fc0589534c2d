"""The long tests, `make soak`: each holds what it did against what must hold, and tells numbers.

    python tests/soak/soak.py [--kills 1000] [--articles 20000] [--sites 50]
        [--processes 16] [--sources 1000] [--scale 15] [--hours 0.75] [--seed N]

Kills: a crawl is killed, at a random moment or at a random step that changes the folder, again and
again, until it arrives; then the folder and the ledger are held against those of an undisturbed
run. As many folders at once as there are processors. Articles: so many in one run, and memory
against that of a tenth of them. Sites: so many at once, among them one that hangs and one that
floods. Memory must not grow with the sites of a run, and by 2 MB at most for each more at once.
Processes: so many sites with `--jobs 2`, against one process. Sources: hours of a fleet of 50
workers with so many, at so many times our speed. 0 leaves a part out.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from many import many  # noqa: E402
from newsroom import Newsroom  # noqa: E402
from support.runs import MEMORY, Ended, Runs, check_promises, ledger_of, site_of  # noqa: E402

CATEGORIES = ("finews/cailianshe", "finews/renminyoudianbao")
SITE = """
title: {name}
language: zh-CN
timezone: Asia/Shanghai
home: http://{name}.example/
ids: {{space: {name}, pattern: '(?<!\\d)(\\d{{18}})(?!\\d)'}}
listing:
  kind: html
  url: http://{name}.example/list/0.html
  items: li a
  fields: {{url: '@href', title: ., id: '@href'}}
  next: a[rel=next]::attr(href)
  max_pages: {pages}
categories: {{all: {{}}}}
pages:
  article:
    kind: html
    fields:
      title: div.title
      time: 'div.infos .item'
      source: {{select: 'div.infos .item:nth-child(2)', pattern: '来源：(.+)'}}
      body: 'div#ContentBody'
articles: {{ask: [article], id: '{{number}}', category: '{name}', profile: seed}}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--scale", type=float, default=15)
    parser.add_argument("--hours", type=float, default=0.75)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    parts: list[tuple[int, Callable[[Path], None]]] = [
        (chosen.kills, lambda folder: kills(folder, chosen.kills, random.Random(chosen.seed))),
        (chosen.articles, lambda folder: articles(folder, chosen.articles)),
        (chosen.sites, lambda folder: sites(folder, chosen.sites)),
        (chosen.processes, lambda folder: processes(folder, chosen.processes)),
        (chosen.sources, lambda f: many(f, chosen.sources, 50, chosen.hours, chosen.scale)),
    ]
    for number, part in parts:
        if number:
            with tempfile.TemporaryDirectory(prefix="soak-", dir=MEMORY) as folder:
                part(Path(folder))


def kills(folder: Path, number: int, chosen: random.Random) -> None:
    """Kill a crawl so many times, at moments and steps spread over all it does."""
    began = time.monotonic()
    with Newsroom() as newsroom:
        undisturbed = Undisturbed.seen(Runs(folder / "undisturbed", newsroom.address))
        tally = Tally(number)
        with ThreadPoolExecutor() as workers:
            kinds = [random.Random(chosen.random()) for _ in range(os.cpu_count() or 1)]
            done = [
                workers.submit(kill, folder / f"{place}", newsroom.address, undisturbed, tally, own)
                for place, own in enumerate(kinds)
            ]
            for one in done:
                one.result()
    print(f"\r{tally}, {time.monotonic() - began:.0f} s", flush=True)


@dataclass
class Undisturbed:
    """What a run that nothing befalls comes to, and takes."""

    whole: dict[str, bytes]
    said: dict[str, list[Any]]
    steps: int
    seconds: float

    @classmethod
    def seen(cls, runs: Runs) -> Undisturbed:
        runs("crawl", *CATEGORIES)  # the first one is slower than those after
        shutil.rmtree(runs.folder)
        began = time.monotonic()
        ended = good(runs("crawl", *CATEGORIES))
        seconds = time.monotonic() - began
        return cls(site_of(runs.folder), ledger_of(runs.folder), ended.steps, seconds)

    def left(self, folder: Path) -> float:
        """The part of a run that a folder still needs; a tenth of it is before the first post."""
        there = len(list((folder / "_posts").glob("*")))
        return 1 - 0.9 * there / sum(name.startswith("_posts/") for name in self.whole)


@dataclass
class Tally:
    """The kills of all workers. One that failed ends them all."""

    wanted: int
    moments: int = 0
    steps: int = 0
    arrived: int = 0
    failed: bool = False

    @property
    def goes_on(self) -> bool:
        return not self.failed and self.moments + self.steps < self.wanted

    def __str__(self) -> str:
        kinds = f"{self.moments} at a moment, {self.steps} at a step"
        return f"{self.moments + self.steps} kills ({kinds}), {self.arrived} folders whole"


def kill(
    folder: Path, address: str, undisturbed: Undisturbed, tally: Tally, chosen: random.Random
) -> None:
    """Kill runs in one folder after the other, until there were enough."""
    folder.mkdir()
    try:
        runs = Runs(folder, address)
        while tally.goes_on:
            runs.folder = folder / f"{tally.arrived}-{chosen.random()}"
            killed_until_arrived(runs, undisturbed, tally, chosen)
    except BaseException:
        tally.failed = True
        raise


def killed_until_arrived(
    runs: Runs, undisturbed: Undisturbed, tally: Tally, chosen: random.Random
) -> None:
    """Kill, and go on, until a run comes to its end; then all must be as if nothing had been."""
    while True:
        left, began = undisturbed.left(runs.folder), time.monotonic()
        by_step = chosen.random() < 0.5
        if not tally.goes_on:
            ended = runs("crawl", *CATEGORIES)
        elif by_step:
            at = chosen.randrange(1, max(2, int(undisturbed.steps * left)))
            ended = runs("crawl", *CATEGORIES, fault="kill", at=at)
        else:
            moment = chosen.uniform(0.1, 1) * left * undisturbed.seconds
            ended = runs("crawl", *CATEGORIES, kill_after=moment)
        check_promises(runs.folder, undisturbed.whole)
        if ended.code >= 0:
            break
        tally.steps += by_step
        tally.moments += not by_step
    good(ended)
    if left == 1:  # A machine has other work too: the moments follow how long a run takes now.
        undisturbed.seconds = time.monotonic() - began
    assert site_of(runs.folder) == undisturbed.whole, runs.folder
    assert ledger_of(runs.folder) == undisturbed.said, runs.folder
    tally.arrived += 1
    shutil.rmtree(runs.folder)
    print(f"\r{tally}", end="", flush=True)


def articles(folder: Path, number: int) -> None:
    """So many articles in one run."""
    found = []
    for count in (number // 10, number):
        with many_sites(folder / f"{count}", ["site"], count) as runs:
            began = time.monotonic()
            ended = good(runs("crawl", "site"))
            seconds = time.monotonic() - began
            assert written(runs.folder) == count, ended.said
            again = good(runs("crawl", "site"))
            assert re.search(r"^written +0\b", again.said, re.M), again.said
        found.append(ended.memory)
        print(f"{count} articles: {count / seconds:.0f} a second, {ended.memory // 1024} MB")
    assert found[1] < found[0] * 1.2, "memory grows with the number of articles"


def sites(folder: Path, number: int) -> None:
    """So many sites at once, one of them hanging, one flooding."""
    found, took = [], []
    for count, at_once in ((8, 8), (number, 8), (number, number)):
        names = [f"site-{place}" for place in range(count)]
        with many_sites(folder / f"{count}-{at_once}", names, 100) as runs:
            began = time.monotonic()
            ended = good(runs("crawl", *names, "-s", f"NEWS_SITES_AT_ONCE={at_once}"))
            seconds = time.monotonic() - began
            assert written(runs.folder) == count * 100, ended.said[-2000:]
        found.append(ended.memory)
        took.append(seconds)
        speed, memory = count * 100 / seconds, ended.memory // 1024
        print(f"{count} sites, {at_once} at once: {speed:.0f} articles a second, {memory} MB")
    assert found[1] < found[0] * 1.2, "memory grows with the number of sites"
    more = (found[2] - found[0]) / max(1, number - 8)
    assert more < 2048, f"a site more at once takes {more:.0f} KB"
    bad_sites(folder / "bad", took[0])


def processes(folder: Path, number: int) -> None:
    """So many sites in one process, and shared out over two."""
    names = [f"site-{place}" for place in range(number)]
    speeds = []
    for jobs in (1, 2):
        with many_sites(folder / f"{jobs}", names, 100) as runs:
            began = time.monotonic()
            ended = good(runs("crawl", *names, "--jobs", f"{jobs}"))
            speeds.append(number * 100 / (time.monotonic() - began))
            assert written(runs.folder) == number * 100, ended.said[-2000:]
            again = good(runs("crawl", *names, "--jobs", f"{jobs}"))
            assert re.search(r"^written +0\b", again.said, re.M), again.said
    print(f"{number} sites: {speeds[0]:.0f} articles a second, with --jobs 2 {speeds[1]:.0f}")


def bad_sites(folder: Path, usual: float) -> None:
    """Six sites beside one that hangs and one that floods have their articles in twice the time
    they take without these."""
    names = ["hangs", "floods", *(f"site-{place}" for place in range(6))]
    seconds = int(2 * usual + 10)
    with many_sites(folder, names, 100) as runs:
        began = time.time()
        ended = runs("crawl", *names, "-s", f"CLOSESPIDER_TIMEOUT={seconds}")
        last = 0.0
        for name in names[2:]:
            there = list((runs.folder / "_posts").glob(f"*-{name}-*"))
            assert len(there) == 100, (name, len(there), seconds, ended.said[-2000:])
            last = max(last, *(post.stat().st_mtime - began for post in there))
    print(
        f"one hangs, one floods: the others took {last:.0f} s, without them {usual:.0f} s,"
        f" {ended.memory // 1024} MB"
    )


@contextlib.contextmanager
def many_sites(folder: Path, names: list[str], articles: int) -> Iterator[Runs]:
    """Site files of these names beside the output folder, and a server that plays their hosts."""
    (folder / "sites").mkdir(parents=True)
    for name in names:
        text = SITE.format(name=name, pages=20 if name == "floods" else 1000)
        text = text.replace("'{number}'", f"'{name}-{{number}}'")
        (folder / "sites" / f"{name}.yml").write_text(text, "utf-8")
    server = subprocess.Popen(
        [sys.executable, str(HERE / "server.py"), str(articles)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield Runs(folder / "out", server.stdout.readline().strip())
    finally:
        server.communicate()


def written(folder: Path) -> int:
    return len(list((folder / "_posts").iterdir()))


def good(ended: Ended) -> Ended:
    assert ended.code == 0, (ended.code, ended.said[-2000:])
    return ended


if __name__ == "__main__":
    main()
