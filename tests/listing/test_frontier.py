"""The order of a listing's pages, and that none is asked for twice."""

from __future__ import annotations

from newsspider.listing.frontier import Frontier
from newsspider.listing.paging import PageRequest

ONE, TWO, THREE, FOUR = (PageRequest(f"https://news.example/{number}") for number in range(1, 5))


def walked(
    first: PageRequest,
    names: dict[PageRequest, list[PageRequest]],
    following: dict[PageRequest, PageRequest],
) -> list[PageRequest]:
    """The pages in the order asked for, by what each of them names."""
    course, here, way = Frontier(), first, [first]
    course.ask(first)
    while True:
        course.note(names.get(here, []))
        found = course.after(following.get(here))
        if found is None:
            return way
        course.ask(found)
        way.append(found)
        here = found


def test_next_pages_come_before_those_an_index_names() -> None:
    assert walked(ONE, {ONE: [THREE, FOUR]}, {ONE: TWO}) == [ONE, TWO, THREE, FOUR]


def test_the_index_that_was_read_last_is_read_first() -> None:
    assert walked(ONE, {ONE: [TWO, FOUR], TWO: [THREE]}, {}) == [ONE, TWO, THREE, FOUR]


def test_attack_a_circle_and_an_index_that_names_itself_end() -> None:
    assert walked(ONE, {}, {ONE: TWO, TWO: ONE}) == [ONE, TWO]
    assert walked(ONE, {ONE: [ONE, TWO], TWO: [ONE, TWO]}, {}) == [ONE, TWO]


def test_attack_an_index_without_end_is_kept_in_part() -> None:
    course = Frontier()
    for index in range(10):
        course.note(
            PageRequest(f"https://news.example/{index}/{number}") for number in range(5_000)
        )
    left = 0
    while course.after(None) is not None:
        left += 1
    assert left == 10_000


def test_the_same_address_by_post_is_another_page() -> None:
    course = Frontier()
    course.ask(ONE)
    assert not course.is_new(ONE)
    assert course.is_new(PageRequest(ONE.url, body=b"page=2"))
