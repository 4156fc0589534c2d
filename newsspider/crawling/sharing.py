"""How the crawls of a run are shared out over processes.

In: jobs, how many articles each may have, the processes that are asked for. Out: the jobs of each
process. Pure. Called by `crawling.run`. A host is asked by one process only, which keeps the pause
between its requests; sites with one id space are read by one, too, as they may list one article.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsspider.crawling.jobs import Job
from newsspider.sites.hosts import groups

# Sites that keep a processor busy: with 2 s between two requests to a site, and 0.06 to 0.13 s of
# CPU time for an article that generic extraction reads (docs/performance.md).
SITES = 16
FEW = 200  # articles: with fewer, the start of another process takes longer than it saves


def groups_of(jobs: Sequence[Job]) -> list[list[int]]:
    """Group the jobs that one process must run; return the groups as lists of indexes."""
    return groups([job.hosts | {f"ids of {job.space}"} if job.space else job.hosts for job in jobs])


def number_of(
    asked: int | None, group_count: int, at_once: int, articles: int, processors: int
) -> int:
    """Return how many processes a run has: as many as are `asked` for and have a group of hosts, or
    as many as pay off. So many groups run `at_once`, and so many `articles` are expected."""
    if asked is not None:
        return max(1, min(asked, group_count))
    busy = -(-min(group_count, at_once) // SITES)
    return max(1, min(busy, processors)) if articles >= FEW else 1


def shares(jobs: Sequence[Job], articles: Sequence[int], number: int) -> list[list[Job]]:
    """Share jobs out over so many processes: a group goes to the one that has the fewest articles
    so far, those with the most articles first. Each share is in the order of the jobs."""
    loads, result = [0] * number, [list[int]() for _ in range(number)]
    weights = [(sum(articles[at] for at in group), group) for group in groups_of(jobs)]
    for weight, group in sorted(weights, key=lambda each: -each[0]):
        lightest = loads.index(min(loads))
        loads[lightest] += weight + 1
        result[lightest] += group
    return [[jobs[at] for at in sorted(share)] for share in result if share]
