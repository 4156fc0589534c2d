"""The numbers of the change feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsspider.store.change_log import ChangeLog, Version


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ChangeLog]:
    with closing(ChangeLog(tmp_path / "changes.sqlite")) as log:
        yield log


def version(name: str, title: str) -> Version:
    return Version(name, f"stamp of {title}", f"record of {title}", title, {"title": title})


def numbers(log: ChangeLog, after: int = 0) -> list[tuple[int, str, int]]:
    start = log.numbers.start
    changes = log.changes(after, log.last, 100)
    return [(change.seq - start, change.name, change.version) for change in changes]


def test_a_number_is_one_of_53_bits_and_each_epoch_has_its_own(tmp_path: Path) -> None:
    with closing(ChangeLog(tmp_path / "a")) as a, closing(ChangeLog(tmp_path / "b")) as b:
        assert 0 < a.last < 2**53 and 0 < b.last < 2**53
        assert a.epoch != b.epoch and a.last not in b.numbers
        first = a.last
    with closing(ChangeLog(tmp_path / "a")) as a:
        assert a.last == first


def test_a_post_has_the_number_of_its_last_change(log: ChangeLog) -> None:
    log.note([version("a", "1"), version("b", "1")])
    log.note([version("a", "2"), version("b", "1")])
    assert numbers(log) == [(2, "b", 1), (3, "a", 2)]
    log.note([Version("b"), Version("never there")])
    assert numbers(log) == [(3, "a", 2), (4, "b", 2)]
    assert log.stamps() == {"a": "stamp of 2"}
    assert (log.line("a"), log.line("b"), log.line("c")) == ("record of 2", None, None)
    assert log.count(log.last - 1, log.last) == 1


def test_a_version_without_a_change_renews_only_its_stamp(log: ChangeLog) -> None:
    log.note([version("a", "1")])
    log.note([Version("a", "later", "longer", "1", {"title": "1"})])
    assert numbers(log) == [(1, "a", 1)]
    assert (log.stamps(), log.line("a")) == ({"a": "later"}, "longer")


def test_versions_are_noted_all_or_none(log: ChangeLog) -> None:
    def dying() -> Iterator[Version]:
        yield version("a", "1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        log.note(dying())
    assert numbers(log) == []


def test_a_post_in_doubt_gets_a_number_whatever_it_is(log: ChangeLog) -> None:
    log.note([version("a", "1")])
    log.doubt("a")
    assert log.stamps() == {"a": ""}
    log.note([version("a", "1")])
    assert numbers(log) == [(2, "a", 2)]
    log.note([Version("a")])
    log.doubt("a")  # a removed post has nothing to doubt
    assert numbers(log) == [(3, "a", 3)] and log.stamps() == {}
