"""Single corrections are updates; the same change of many titles is doubtful."""

from __future__ import annotations

from newsspider.model import Article
from newsspider.monitor.rereadings import Rereadings

BEFORE = {"title": "Before"}


def article(title: str) -> Article:
    return Article(site="s", key="k", id="i", link="https://s.example/", title=title)


def test_three_titles_may_change() -> None:
    rereadings = Rereadings()
    doubts = [rereadings.is_doubtful(BEFORE, article("After")) for _ in range(5)]
    assert doubts == [False, False, False, True, True]


def test_many_corrections_among_many_articles_are_fine() -> None:
    rereadings = Rereadings()
    titles = ["Before", "After"] * 20
    assert not any(rereadings.is_doubtful(BEFORE, article(title)) for title in titles)


def test_posts_of_which_nothing_is_known_do_not_count() -> None:
    rereadings = Rereadings()
    assert not any(rereadings.is_doubtful({}, article("After")) for _ in range(9))
