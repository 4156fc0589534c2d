"""What the ledger remembers: rows and links as values, and back."""

from __future__ import annotations

import pytest

from newsspider.article import Link
from newsspider.records import Validators, columns, dump_link, load_link, seen


def test_a_new_title_a_new_time_and_a_change_told_are_seen() -> None:
    link = Link(url="https://a.example/1", title="t", time="16:25")
    told = Link(url=link.url, title="t", time="16:25", fields={"lastmod": "2026-11-22"})
    others = [
        Link(url=link.url, title="u", time="16:25"),
        Link(url=link.url, title="t", time="16:26"),
        told,
        Link(url=link.url, title="t", time="16:25", fields={"lastmod": "2026-11-23"}),
    ]
    assert len({seen(one) for one in [link, *others]}) == 5
    assert seen(Link(url="https://b.example/2", title="t", time="16:25")) == seen(link)


def test_a_link_comes_back_as_it_went() -> None:
    link = Link(url="https://a.example/1", title="标题", fields={"lastmod": "2026-11-22"})
    assert load_link(link.url, dump_link(link)) == link


@pytest.mark.parametrize("said", ["", "[]", "null", '{"no": 1}', "{"])
def test_a_link_that_cannot_be_read_keeps_its_address(said: str) -> None:
    assert load_link("https://a.example/1", said) == Link(url="https://a.example/1")


def test_the_columns_of_a_row_stand_in_its_order() -> None:
    assert columns(Validators("e", "m", True, "l")) == ("e", "m", True, "l")
