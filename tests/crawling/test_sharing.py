"""Which jobs a process of a run gets, and how many processes there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.crawling.jobs import Job
from newsspider.crawling.sharing import FEW, SITES, groups_of, number_of, shares


@pytest.mark.parametrize(
    ("asked", "groups", "at_once", "articles", "processors", "number"),
    [
        (None, 1, 8, 10_000, 8, 1),
        (None, 100, 8, 10_000, 8, 1),  # by default: eight sites at once
        (None, 100, SITES, 10_000, 8, 1),
        (None, 100, SITES + 1, 10_000, 8, 2),
        (None, SITES + 1, 100, 10_000, 8, 2),
        (None, 100, 100, 10_000, 2, 2),
        (None, 100, 100, FEW, 8, 7),
        (None, 100, 100, FEW - 1, 8, 1),
        (2, 100, 8, 1, 1, 2),
        (4, 3, 8, 1, 1, 3),
        (4, 1, 8, 10_000, 8, 1),
        (1, 100, 100, 10_000, 8, 1),
    ],
)
def test_as_many_processes_as_pay_off(
    asked: int | None, groups: int, at_once: int, articles: int, processors: int, number: int
) -> None:
    assert number_of(asked, groups, at_once, articles, processors) == number


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefg"), st.sampled_from(["", "x", "y"]), st.integers(0, 99))
    ),
    st.integers(1, 4),
)
def test_each_job_is_in_one_share_with_those_of_its_host_and_its_ids(
    sites: list[tuple[str, str, int]], number: int
) -> None:
    jobs = [
        Job("url", {"url": str(at)}, hosts=frozenset([host]), space=space)
        for at, (host, space, _) in enumerate(sites)
    ]
    parts = shares(jobs, [articles for *_, articles in sites], number)
    assert len(parts) == min(number, len(groups_of(jobs)))
    assert sorted((job.label, job.source) for part in parts for job in part) == sorted(
        (job.label, job.source) for job in jobs
    )
    for part in parts:
        assert part == [job for job in jobs if job in part]  # in the order given
        rest = [job for job in jobs if job not in part]
        assert not {host for job in part for host in job.hosts} & {
            host for job in rest for host in job.hosts
        }
        spaces = {job.space for job in part} - {""}
        assert not spaces & {job.space for job in rest}


def test_the_largest_group_is_alone_where_the_others_are_as_many() -> None:
    jobs = [Job("url", {"url": name}, hosts=frozenset([name])) for name in "abcd"]
    large, small = shares(jobs, [10, 300, 20, 30], 2)
    assert [job.source for job in large] == ["b"]
    assert [job.source for job in small] == ["a", "c", "d"]
