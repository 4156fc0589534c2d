"""Whether a source breaks its pattern: this run against the source's own history.

In: the Counts of this run, and those of earlier runs of the same source. Out: a Break for each
measure that left its range. Pure. The category spider judges its crawl with it when it closes.

Every threshold is set so that a source that is read every five minutes raises no alarm by chance:
only what no earlier run showed, and what is far from all of them, is a break.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsspider.store.counts import Counts
from newsspider.text.characters import counted

HISTORY = 500  # runs that are looked at
ENOUGH = 20  # runs of history, without which nothing is judged
_NAMED = 40  # last runs whose range a message names
_FEWER = 0.5  # of the fewest links, or the shortest text, that the history has seen
_FEW_ARTICLES = 3  # read at least, for a statement on articles
_USUALLY = 0.5  # share of the articles that must be affected
_CHANCE = 1e-5  # that so many are affected as before, at most
# Broken runs in a row after which the new pattern is the source's pattern (unless it has no link).
_ACCEPTED = 20

BREAKS = "drift"  # the prefix that breaks are counted under


@dataclass(frozen=True, slots=True)
class Break:
    """A measure out of its range: its name, as a count has it, and what a person should know."""

    measure: str
    words: str


# What is said of a share of the articles, by the prefix that they are counted under.
_SHARES: Mapping[str, str] = {
    "by_fallback": "{field}: {selector} finds nothing in {share}; generic extraction read it there",
    "lacking": "{field}: {selector} finds nothing in {share}, and nothing else does",
    "dropped": "{share} dropped as {field}",
    "failed": "{share} failed with {field}: the addresses of its articles are gone or closed",
    "only_day": "{field}: {share} with a day and no time of day",
    "guessed": "{field}: {share} with a time that no source states",
    "language": "{share} in the language {field}",
    "written_in": "{share} with a text in the language {field}",
    "same": "{share} with the {field} of another",
}
# Drops that say nothing of the site's pages: options of a run, and decisions of a person.
_NO_FAULT = ("OtherMedia", "OtherStock", "TooOld", "Removed", "Edited", "Offsite", "RobotsTxt")
# Failures that patience does not mend. All others, such as a server that is down, end in time.
_LASTING = ("Http401", "Http403", "Http404", "Http410", "Http451")
# The field that articles lack which are dropped for this reason.
_LACKS = {"EmptyBody": "body", "NoTitle": "title", "NoDate": "time"}


def find_breaks(
    today: Counts,
    history: Sequence[Counts],
    *,
    listing: str = "the listing",
    selectors: Mapping[str, str] | None = None,
) -> list[Break]:
    """Return the breaks of this run. `history` are earlier runs, the newest first; with fewer than
    20 there is none. `listing` and `selectors` (by field) name what the site file says."""
    if runs_of(history) < ENOUGH:
        return []
    found = [*_links(today, history, listing), *_text(today, history)]
    for prefix in _SHARES:
        for name in today.under(prefix):
            if name not in _NO_FAULT and (prefix != "failed" or name in _LASTING):
                found += _share(today, history, prefix, name, selectors or {})
    return list(_each_language_once(found))


def share_of(measure: str) -> str:
    """Return the count whose share a measure is."""
    prefix, _, name = measure.partition("/")
    if prefix == "failed" or name in _LASTING:  # one that answers 410 is dropped unread
        return "fetched"
    return prefix if prefix == "written_in" else "read"


def runs_of(history: Iterable[Counts]) -> int:
    """Return how many runs a history has; a day of a ledger that was lost is one Counts."""
    return sum(run.runs for run in history)


def ordinary(history: Sequence[Counts], measure: str) -> list[Counts]:
    """Return the runs that did not break this measure, and the runs that broke it so long ago that
    the new pattern became the ordinary one."""
    broken = [run for run in history if run[f"{BREAKS}/{measure}"]]
    accepted = {id(run) for run in broken[_ACCEPTED:]}
    return [run for run in history if not run[f"{BREAKS}/{measure}"] or id(run) in accepted]


# -- the listing ------------------------------------------------------------------------------


def _links(today: Counts, history: Sequence[Counts], listing: str) -> Iterator[Break]:
    if "first_page/links" not in today:
        return  # not modified, or no answer
    links = today["first_page/links"]
    runs = [
        run
        for run in ordinary(history, "links")
        if "first_page/links" in run and not (run["drift/links"] and not run["first_page/links"])
    ]
    numbers = [run["first_page/links"] for run in runs]
    if runs_of(runs) >= ENOUGH and links < _FEWER * min(numbers):
        least, most = min(numbers[:_NAMED]), max(numbers[:_NAMED])
        kept = f"{least}" if least == most else f"{least} to {most}"
        yield Break(
            "links",
            f"{listing} finds {counted(links, 'link')} on a page of"
            f" {size(today['first_page/bytes'])}; the last {runs_of(runs[:_NAMED])} runs found"
            f" {kept}",
        )


def size(number: int) -> str:
    """Return a number of bytes for a person: `84 KB`."""
    return f"{number} bytes" if number < 1000 else f"{round(number / 1000)} KB"


# -- the articles -----------------------------------------------------------------------------


def _share(
    today: Counts,
    history: Sequence[Counts],
    prefix: str,
    name: str,
    selectors: Mapping[str, str],
) -> Iterator[Break]:
    """Yield a break if articles of this kind, rare before, have become usual."""
    measure = f"{prefix}/{name}"
    of = share_of(measure)
    if not 0 < _USUALLY * today[of] <= today[measure]:
        return
    recent, before = _pooled(today, history, measure, of)
    articles, hits = recent[of], min(recent[measure], recent[of])
    earlier = sum(run[of] for run in before)
    usual = sum(run[measure] for run in before)
    if articles < _FEW_ARTICLES or not earlier or hits < _USUALLY * articles:
        return
    rate = (usual + 1) / (earlier + 2)
    if hits / articles <= rate or chance(hits, articles, rate) > _CHANCE:
        return
    selector = selectors.get(name)
    words = _SHARES["failed" if of == "fetched" else prefix].format(
        field=name,
        selector=f"selector {selector!r}" if selector else "its rule",
        share=f"{hits} of {counted(articles, 'article')}",
    )
    lacks = _LACKS.get(name, "")
    why = f" ({lacks}: selector {selectors[lacks]!r})" if lacks in selectors else ""
    yield Break(measure, f"{words}{why}; before in {usual} of {earlier}")


def _each_language_once(breaks: Sequence[Break]) -> Iterator[Break]:
    """Yield the breaks without the language of the texts where the pages state the same one."""
    measures = {each.measure for each in breaks}
    for each in breaks:
        stated = each.measure.replace("written_in/", "language/")
        if stated == each.measure or stated not in measures:
            yield each


def _pooled(
    today: Counts, history: Sequence[Counts], measure: str, of: str = "read"
) -> tuple[Counts, Sequence[Counts]]:
    """Return this run together with as many before it as are needed for some articles, counted as
    `of`, and the ordinary runs before those."""
    recent, at = Counts(today), 0
    while recent[of] < _FEW_ARTICLES and at < len(history):
        recent.update(history[at])
        at += 1
    return recent, ordinary(history[at:], measure)


def chance(hits: int, number: int, rate: float) -> float:
    """Return an upper bound (Chernoff's) on the probability of at least `hits` among `number`
    articles, each a hit with probability `rate`."""
    share = hits / number
    exponent = share * math.log(share / rate)
    if share < 1:
        exponent += (1 - share) * math.log((1 - share) / (1 - rate))
    return math.exp(-number * exponent)


def _text(today: Counts, history: Sequence[Counts]) -> Iterator[Break]:
    """Yield a break if articles are far shorter than they ever were."""
    if not today["text"]:
        return
    recent, before = _pooled(today, history, "length")
    means = list(_means(before))
    if recent["read"] < _FEW_ARTICLES or len(means) < ENOUGH // 2:
        return
    mean = recent["characters"] / max(recent["text"], 1)
    if mean < _FEWER * min(means):
        usual = sorted(means)[len(means) // 2]
        yield Break(
            "length",
            f"body: its texts have {round(mean)} characters on average, before {round(usual)}",
        )


def _means(runs: Sequence[Counts]) -> Iterator[float]:
    """Yield the average length of the texts of each few articles in turn."""
    articles = characters = 0
    for run in runs:
        articles += run["text"]
        characters += run["characters"]
        if articles >= _FEW_ARTICLES:
            yield characters / articles
            articles = characters = 0
