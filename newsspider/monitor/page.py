"""The page of the last runs: report.html.

In: the records of runs, the newest first. Out: one HTML page without scripts, whose charts are SVG.
Pure. `monitor.runs` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from html import escape

from newsspider.monitor.health import reasons
from newsspider.monitor.record import RunRecord
from newsspider.store.counts import Counts

_HEIGHT, _STEP = 24, 3  # of a chart and its bars, in pixels
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .2em .7em .2em 0; vertical-align: top }
th { border-bottom: 1px solid }
td { border-bottom: 1px solid #8884; overflow-wrap: anywhere }
svg { display: block } .new { stroke: #2a7 } .bad { stroke: #c33 } .none { stroke: #8888 }
.failed { color: #c33 } :root { color-scheme: light dark }
"""
# Nothing on the page is loaded or run, whatever a title or an address may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(records: Sequence[RunRecord]) -> str:
    """Return the page of these runs."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><meta charset="utf-8"><title>newsspider: the last runs</title>',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>',
        "<h1>The last runs of newsspider</h1>",
    ]
    if records:
        parts += [*_last_run(records[0]), *_sources(records), *_runs(records)]
    else:
        parts.append("<p>There is no run yet.</p>")
    return "\n".join((*parts, "</html>", ""))


def _last_run(run: RunRecord) -> Iterator[str]:
    yield f"<p>Last run: {_time(run)}, {run.exit_code} ({run.outcome}), {run.requests} requests</p>"
    if run.error:
        yield f'<p class="failed">{escape(run.error)}</p>'
    if run.notes:
        yield "<ul>"
        yield from (f"<li>{escape(note)}</li>" for note in run.notes)
        yield "</ul>"


def _sources(records: Sequence[RunRecord]) -> Iterator[str]:
    """Yield a row for each source: its last crawl, and the trend of its new articles."""
    yield f"<h2>Sources</h2><p>Of the last {len(records)} runs, the newest on the right: new and"
    yield "updated articles in green, runs in which the source failed in red.</p>"
    yield _head("source", "last crawl", "trend", "found", "new", "updated", "dropped", "failed")
    for source in sorted({name for run in records for name in run.sources}):
        crawls = [run for run in records if source in run.sources]
        counts = crawls[0].counts(source)
        chart = _chart([run.counts(source) for run in reversed(crawls)])
        cells = [escape(source), _time(crawls[0]), chart, str(counts["found"]), *_results(counts)]
        yield _row(cells)
    yield "</table>"


def _runs(records: Sequence[RunRecord]) -> Iterator[str]:
    yield "<h2>Runs</h2>"
    headings = ("started", "seconds", "exit code", "requests", "new", "updated", "dropped")
    yield _head(*headings, "failed")
    for run in records:
        seconds = round((run.ended - run.started).total_seconds())
        code = f"{run.exit_code} ({run.outcome})"
        yield _row([_time(run), str(seconds), code, str(run.requests), *_results(run.counts())])
    yield "</table>"


def _results(counts: Counts) -> Iterator[str]:
    """Yield the cells for what became of the articles."""
    yield str(counts["written"])
    yield str(counts["updated"])
    for by_reason in (counts.dropped, counts.failed):
        yield escape(reasons(by_reason)) or "0"


def _chart(crawls: Sequence[Counts]) -> str:
    """Return a chart of crawls, the oldest first: a bar of new articles for each."""
    news = [counts["written"] + counts["updated"] for counts in crawls]
    highest = max([*news, 1])
    bars: dict[str, list[str]] = {"new": [], "bad": [], "none": []}
    for at, (counts, number) in enumerate(zip(crawls, news, strict=True)):
        failed = not counts.answered and bool(counts.failed or counts["failed_listings"])
        kind = "bad" if failed else "new" if number else "none"
        height = _HEIGHT if failed else max(2, round(_HEIGHT * number / highest)) if number else 1
        bars[kind].append(f"M{at * _STEP + 1} {_HEIGHT}v-{height}")
    paths = "".join(
        f'<path class="{kind}" stroke-width="2" d="{"".join(each)}"/>'
        for kind, each in bars.items()
        if each
    )
    width = len(crawls) * _STEP
    return (
        f'<svg width="{width}" height="{_HEIGHT}" role="img"><title>at most {max(news)} new and'
        f" updated articles in a run</title>{paths}</svg>"
    )


def _time(run: RunRecord) -> str:
    return f"{run.started.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _head(*headings: str) -> str:
    return "<table><tr>" + "".join(f"<th>{each}</th>" for each in headings) + "</tr>"


def _row(cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
