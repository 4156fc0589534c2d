"""The long tests, `make soak`: each holds what it did against what must hold, and tells numbers.

    python tests/soak/soak.py [--kills 1000] [--articles 20000] [--sites 50] [--seed N]

Kills: a crawl is killed at random moments, again and again, until it arrives; then the folder and
the ledger are held against those of an undisturbed run. Articles: so many in one run, and memory
against that of a tenth of them. Sites: so many at once, among them one that hangs and one that
floods. Memory must not grow with the sites of a run, and by 2 MB at most for each more at once. 0
leaves a part out.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from runs import Ended, Runs, check_promises, ledger_of, site_of  # noqa: E402

from newsspider.demo import Newsroom  # noqa: E402

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
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    parts: list[tuple[int, Callable[[Path], None]]] = [
        (chosen.kills, lambda folder: kills(folder, chosen.kills, random.Random(chosen.seed))),
        (chosen.articles, lambda folder: articles(folder, chosen.articles)),
        (chosen.sites, lambda folder: sites(folder, chosen.sites)),
    ]
    for number, part in parts:
        if number:
            with tempfile.TemporaryDirectory(prefix="soak-") as folder:
                part(Path(folder))


def kills(folder: Path, number: int, chosen: random.Random) -> None:
    """Kill a crawl so many times, at moments spread over all it does."""
    with Newsroom() as newsroom:
        runs = Runs(folder / "undisturbed", newsroom.address)
        runs("crawl", *CATEGORIES)  # the first one is slower than those after
        shutil.rmtree(runs.folder)
        began = time.monotonic()
        good(runs("crawl", *CATEGORIES))
        length = time.monotonic() - began
        whole, said = site_of(runs.folder), ledger_of(runs.folder)
        killed = arrived = 0
        while killed < number:
            runs.folder = folder / f"killed-{arrived}"
            began, fresh = time.monotonic(), True
            while killed < number:
                ended = runs("crawl", *CATEGORIES, kill_after=chosen.uniform(0.1, 1) * length)
                check_promises(runs.folder, whole)
                if ended.code >= 0:
                    good(ended)
                    # A machine has other work too: the moments follow how long a run takes now.
                    length = time.monotonic() - began if fresh else length
                    break
                killed, fresh = killed + 1, False
            good(runs("crawl", *CATEGORIES))
            assert site_of(runs.folder) == whole, runs.folder
            assert ledger_of(runs.folder) == said, runs.folder
            arrived += 1
            shutil.rmtree(runs.folder)
            print(f"\r{killed} kills, {arrived} folders whole", end="", flush=True)
    print(flush=True)


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
    found = []
    for count, at_once in ((8, 8), (number, 8), (number, number)):
        names = [f"site-{place}" for place in range(count)]
        with many_sites(folder / f"{count}-{at_once}", names, 100) as runs:
            began = time.monotonic()
            ended = good(runs("crawl", *names, "-s", f"NEWS_SITES_AT_ONCE={at_once}"))
            seconds = time.monotonic() - began
            assert written(runs.folder) == count * 100, ended.said[-2000:]
        found.append(ended.memory)
        speed, memory = count * 100 / seconds, ended.memory // 1024
        print(f"{count} sites, {at_once} at once: {speed:.0f} articles a second, {memory} MB")
    assert found[1] < found[0] * 1.2, "memory grows with the number of sites"
    more = (found[2] - found[0]) / max(1, number - 8)
    assert more < 2048, f"a site more at once takes {more:.0f} KB"
    names = ["hangs", "floods", *(f"site-{place}" for place in range(6))]
    with many_sites(folder / "bad", names, 100) as runs:
        began = time.monotonic()
        ended = runs("crawl", *names, "-s", "CLOSESPIDER_TIMEOUT=20")
        seconds = time.monotonic() - began
        print(f"one hangs, one floods: {seconds:.0f} s, {ended.memory // 1024} MB")
        for name in names[2:]:
            there = len(list((runs.folder / "_posts").glob(f"*-{name}-*")))
            assert there == 100, (name, there, ended.said[-2000:])


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
