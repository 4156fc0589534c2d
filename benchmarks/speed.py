"""What a page costs newsspider, beside Scrapy alone and beside trafilatura, on this machine.

    python benchmarks/speed.py [--articles 2000] [--rounds 3] [--only rules] [--write]

Every run is a whole process. The runs take turns, so a machine that slows down slows all of them;
quote the ratios. `--write` saves the figures as JSON beside this file, which the next run is
compared with, and puts the table and the chart into docs/.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROOT = HERE.parent
FIGURES = HERE / "speed.json"
DOCUMENT = ROOT / "docs/performance.md"
CHART = ROOT / "docs/performance.svg"
_RUNS = (sys.executable, str(HERE / "speed_runs.py"))
_NEWSSPIDER = (sys.executable, "-m", "newsspider", "crawl")
_SITES = str(HERE / "sites")


@dataclass(frozen=True)
class Run:
    """A run: its command, and the run that its CPU time is divided by."""

    title: str
    command: tuple[str, ...]
    against: str = "fetch"


# {base} is the address of the paper, {host} its host and port, {out} a new folder, {n} the number
# of articles.
RUNS: Mapping[str, Run] = {
    "fetch": Run("Scrapy, download only", (*_RUNS, "fetch", "{base}", "{out}")),
    "fetch-1": Run(
        "the same, CONCURRENT_ITEMS=1", (*_RUNS, "fetch", "{base}", "{out}", "CONCURRENT_ITEMS=1")
    ),
    "parsel": Run("Scrapy, parsel, JSON Lines", (*_RUNS, "parsel", "{base}", "{out}")),
    "rules": Run("newsspider, site rules", (*_NEWSSPIDER, "paper")),
    "generic": Run(
        "newsspider, generic extraction",
        (*_NEWSSPIDER, "https://paper.example/category/renminyoudianbao.html", "--limit", "{n}"),
    ),
    "feed": Run("newsspider, feed with whole articles", (*_NEWSSPIDER, "feed")),
    "api": Run("newsspider, finews by its text API", (*_NEWSSPIDER, "finews/renminyoudianbao")),
    "trafilatura": Run(
        "trafilatura, fast, pages in memory", (*_RUNS, "trafilatura", "{n}"), "trafilatura"
    ),
    "extract": Run("newsspider.extract, the same pages", (*_RUNS, "extract", "{n}"), "trafilatura"),
}
_OPTIONS = ("--sites", _SITES, "--connect-to", "{host}", "-O", "{out}", "-s", "DOWNLOAD_DELAY=0")


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of CPU and of wall time, MB of memory."""

    cpu: float
    wall: float
    memory: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", choices=RUNS, help="may be given several times")
    parser.add_argument("--write", action="store_true", help="save the figures and write docs/")
    chosen = parser.parse_args()
    names = [name for name in RUNS if name in (chosen.only or RUNS)]
    # As pip does when it installs a package: else each run may compile all of newsspider again.
    compileall.compile_dir(ROOT / "newsspider", quiet=1)
    with served(chosen.articles) as host:
        costs = rounds(names, chosen.articles, chosen.rounds, host)
    python = platform.python_version()
    figures = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} CPUs, {platform.system()}, Python {python}",
        "articles": chosen.articles,
        "rounds": chosen.rounds,
        "runs": {name: summary(name, costs, chosen.articles) for name in names},
    }
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {"runs": {}}
    print(table(figures, before))
    if chosen.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        CHART.write_text(chart(figures), "utf-8")
        write_table(table(figures, {"runs": {}}))
    return 0


@contextmanager
def served(articles: int) -> Iterator[str]:
    """Serve the paper in a process of its own; the value is its host and port."""
    command = [sys.executable, str(HERE / "speed_site.py"), str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def rounds(names: Sequence[str], articles: int, number: int, host: str) -> dict[str, list[Cost]]:
    """Run each command in turn, `number` times."""
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    for turn in range(number):
        for name in names:
            costs[name].append(cost(name, articles, host))
            last = costs[name][-1]
            print(f"{turn + 1}: {name} {last.cpu:.1f} s CPU, {last.wall:.1f} s", file=sys.stderr)
    return costs


def cost(name: str, articles: int, host: str) -> Cost:
    """Run a command once. Raises SystemExit if it does not give every article."""
    with tempfile.TemporaryDirectory() as out:
        values = {"base": f"http://{host}", "host": host, "out": out, "n": str(articles)}
        command = RUNS[name].command
        is_crawl = command[: len(_NEWSSPIDER)] == _NEWSSPIDER
        words = [word.format(**values) for word in (*command, *(_OPTIONS if is_crawl else ()))]
        begun = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=out)
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        posts = sum(1 for _ in Path(out).glob("_posts/**/*.md"))
        written = posts if is_crawl else int(printed or 0)
        if process.returncode or written != articles:
            raise SystemExit(f"{name}: code {process.returncode}, {written} of {articles} articles")
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit)


def summary(name: str, costs: Mapping[str, list[Cost]], articles: int) -> dict[str, object]:
    """The medians of a run with minimum and maximum, and the ratio of each round."""
    mine, other = costs[name], costs.get(RUNS[name].against)
    ratios = [a.cpu / b.cpu for a, b in zip(mine, other, strict=True)] if other else []
    return {
        "cpu_ms": spread([1000 * each.cpu / articles for each in mine]),
        "pages_s": spread([articles / each.wall for each in mine]),
        "memory_mb": spread([each.memory for each in mine]),
        "ratio": spread(ratios),
    }


def spread(values: Sequence[float]) -> list[float]:
    """Median, minimum and maximum; nothing of nothing."""
    return [round(f(values), 3) for f in (median, min, max)] if values else []


def table(figures: dict, before: dict) -> str:
    """The figures as a Markdown table, with the last ratio beside each where there is one."""
    lines = [
        f"{figures['date']}, {figures['machine']}; {figures['articles']} articles of 60 to 120 KB, "
        f"median (minimum-maximum) of {figures['rounds']} rounds. The ratio is that of CPU time to "
        "Scrapy's download alone; for extraction without a network, to trafilatura's.",
        "",
        "| run | CPU ms/article | ratio | articles/s | memory MB |",
        "|---|---|---|---|---|",
    ]
    for name, row in figures["runs"].items():
        ratio = shown(row["ratio"], 2)
        if last := before["runs"].get(name, {}).get("ratio"):
            ratio += f", before {last[0]:.2f}"
        cells = (
            shown(row["cpu_ms"], 1),
            ratio,
            shown(row["pages_s"], 0),
            f"{row['memory_mb'][0]:.0f}",
        )
        lines.append(f"| {RUNS[name].title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def shown(values: Sequence[float], digits: int) -> str:
    if not values:
        return ""
    middle, least, most = (f"{value:.{digits}f}" for value in values)
    return f"{middle} ({least}-{most})"


def write_table(text: str) -> None:
    """Put the table between the marks in the document."""
    document = DOCUMENT.read_text("utf-8")
    begin, end = "<!-- figures -->\n", "<!-- end -->"
    head, _, rest = document.partition(begin)
    DOCUMENT.write_text(f"{head}{begin}{text}\n{end}" + rest.partition(end)[2], "utf-8")


def chart(figures: dict) -> str:
    """The CPU time of each run as an SVG of bars, a line from minimum to maximum on each."""
    rows = [(RUNS[name].title, row["cpu_ms"]) for name, row in figures["runs"].items()]
    widest = max(most for _, (_, _, most) in rows)
    parts = []
    for at, (label, (middle, least, most)) in enumerate(rows):
        y, scale = 30 * at + 30, 380 / widest
        parts.append(
            f'<text x="250" y="{y + 14}" text-anchor="end">{label}</text>'
            f'<rect x="260" y="{y}" width="{middle * scale:.1f}" height="20" fill="#4a7fb5"/>'
            f'<path d="M{260 + least * scale:.1f} {y + 10}h{(most - least) * scale:.1f}" '
            f'stroke="#222"/><text x="{268 + most * scale:.1f}" y="{y + 14}">{middle:.1f}</text>'
        )
    height = 30 * len(rows) + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" '
        f'font-family="sans-serif" font-size="12"><rect width="720" height="{height}" fill="#fff"/>'
        f'<text x="260" y="18">CPU milliseconds per article, {figures["date"]}</text>'
        f"{''.join(parts)}</svg>\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
