"""Retention: which posts go, and that their addresses stay."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.folders import FINEWS, article, publish

from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.retention import Keep, expired, retire
from newsspider.store import lasting
from newsspider.store.folder import open_output
from newsspider.store.output import Output
from newsspider.store.records import PublishedPost

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FORMAT = Jekyll(lambda each: FINEWS.recipe(FINEWS.articles))
DAY = timedelta(days=1)


def post(key: str, days: float) -> PublishedPost:
    """A published post that is so many days old."""
    date = (NOW - days * DAY).strftime("%Y-%m-%d %H:%M:%S +0000")
    values = dict.fromkeys(("site", "id", "category", "tag", "link", "hash", "intended"), "")
    return PublishedPost(**values, key=key, path=f"{key}.md", date=date, state="published", run=1)


def gone(posts: list[PublishedPost], sources: dict[str, list[str]], **keeps: Keep) -> list[str]:
    return [each.key for each in expired(posts, sources, keeps.get, NOW)]


POSTS = [post("new", 1), post("old", 91), post("edge", 90), post("older", 200)]


def test_posts_older_than_an_age_go_the_oldest_first() -> None:
    sources = {each.key: ["a"] for each in POSTS}
    assert gone(POSTS, sources, a=Keep("a", 90 * DAY)) == ["older", "old"]


@pytest.mark.parametrize(("most", "keys"), [(1, ["older", "old", "edge"]), (3, ["older"]), (4, [])])
def test_more_posts_than_a_number_go(most: int, keys: list[str]) -> None:
    sources = {each.key: ["a"] for each in POSTS}
    assert gone(POSTS, sources, a=Keep("a", most)) == keys


def test_the_categories_of_a_source_are_counted_together() -> None:
    sources = {"new": ["a"], "old": ["b"], "edge": ["a"], "older": ["b"]}
    keep = Keep("site", 2)
    assert gone(POSTS, sources, a=keep, b=keep) == ["older", "old"]


def test_a_post_stays_while_one_of_its_sources_keeps_it() -> None:
    sources = {"old": ["a", "b"], "older": ["a", "b"], "edge": ["a", "c"]}
    rules = {"a": Keep("a", 1 * DAY), "b": Keep("b", 100 * DAY)}
    assert gone(POSTS, sources, **rules) == ["older"]


def test_a_post_without_a_source_or_a_time_stays() -> None:
    nowhere = post("nowhere", 900)
    undated = PublishedPost(**{**{n: getattr(nowhere, n) for n in nowhere.__slots__}, "date": ""})
    assert gone([nowhere], {}, a=Keep("a", DAY)) == []
    assert gone([undated], {"nowhere": ["a"]}, a=Keep("a", DAY)) == []


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 40))
def test_of_a_number_just_so_many_stay(days: list[int], most: int) -> None:
    posts = [post(f"{at}", day) for at, day in enumerate(days)]
    sources = {each.key: ["a"] for each in posts}
    went = set(gone(posts, sources, a=Keep("a", most)))
    assert len(posts) - len(went) == min(most, len(posts))
    stayed = [day for at, day in enumerate(days) if f"{at}" not in went]
    assert max(stayed, default=0) <= min((days[int(key)] for key in went), default=99)


# -- the folder -------------------------------------------------------------------------------


def opened(folder: Path, *, dry: bool = False) -> Output:
    return open_output(folder, dry=dry, sites=(FINEWS,), posts="_posts", read=FORMAT.read)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return publish(tmp_path / "site", [article(0), article(1)])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "_posts").iterdir())


PAGE = "renminyoudianbao/2022/04/26/NW202204262359811335.html"


def test_a_retired_post_leaves_a_page_at_its_address(folder: Path) -> None:
    output = opened(folder)
    first, second = output.ledger.published()
    done = retire(output, FORMAT, [first])
    output.close()
    assert [each.key for each in done.posts] == [first.key]
    assert names(folder) == [second.path]
    page = (folder / PAGE).read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert "中国移动：回购 0" in page and 'href="https://news.example/0"' in page
    assert '<html lang="zh-CN">' in page and "它可能已被移走或删除。" in page
    assert lasting.removed(folder) == {first.key: "no longer kept"}
    records = (folder / "_newsspider/records/2022-04.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["key"] for line in records] == [second.key]


def test_an_edited_post_and_one_with_an_address_of_its_own_stay(folder: Path) -> None:
    output = opened(folder)
    first, second = output.ledger.published()
    (output.posts / first.path).write_text("mine\n")
    text = (output.posts / second.path).read_text("utf-8").replace("tags:", "permalink: /x\ntags:")
    (output.posts / second.path).write_text(text, "utf-8")
    assert retire(output, FORMAT, [first, second]).stay == dict.fromkeys(
        (first.path, second.path), "edited by hand"
    )
    assert not FORMAT.leave(folder, second.path, text)
    output.close()
    assert len(names(folder)) == 2
    assert not (folder / PAGE).exists()


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    before = names(folder)
    output = opened(folder, dry=True)
    assert len(retire(output, FORMAT, output.ledger.published()).posts) == 2
    output.close()
    assert names(folder) == before and not (folder / PAGE).exists()


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_what_a_kill_leaves_the_next_run_finishes(folder: Path, steps: int) -> None:
    """The promise is made; then one file is removed; then the list has the keys."""
    output = opened(folder)
    posts = output.ledger.published()
    for each in posts:
        FORMAT.leave(folder, each.path, (output.posts / each.path).read_text("utf-8"))
    output.ledger.promise_removal(each.key for each in posts)
    if steps:
        (output.posts / posts[0].path).unlink()
    if steps == 2:
        lasting.note_removed(folder, [posts[0].key], "no longer kept")
    output.ledger.close()
    unlock(output)
    opened(folder).close()
    assert names(folder) == []
    assert set(lasting.removed(folder).values()) == {"no longer kept"}
    assert not (folder / "_newsspider/records/2022-04.jsonl").exists()


def test_a_post_that_was_edited_after_the_promise_stays(folder: Path) -> None:
    output = opened(folder)
    (first, _) = output.ledger.published()
    output.ledger.promise_removal([first.key])
    (output.posts / first.path).write_text("mine\n")
    output.ledger.close()
    unlock(output)
    output = opened(folder)
    row = output.ledger.article(first.key)
    assert row is not None and (row.state, row.intended) == ("published", "")
    output.close()
    assert len(names(folder)) == 2


def unlock(output: Output) -> None:
    """Release the folder as the end of a process does."""
    if output._lock is not None:
        os.close(output._lock)


@pytest.mark.parametrize(
    ("config", "page"),
    [
        ("permalink: pretty", "renminyoudianbao/2022/04/26/NW202204262359811335/index.html"),
        ("permalink: none", "renminyoudianbao/NW202204262359811335.html"),
        ("permalink: /posts/:title", ""),
        ("exclude: [renminyoudianbao]", ""),
    ],
)
def test_the_page_lies_where_jekyll_built_the_post(folder: Path, config: str, page: str) -> None:
    (folder / "_config.yml").write_text(config, "utf-8")
    output = opened(folder)
    done = retire(output, FORMAT, output.ledger.published()[:1])
    output.close()
    assert bool(done.posts) == bool(page)
    if page:
        assert (folder / page).is_file()
    else:
        assert list(done.stay.values()) == ["its address is not known"]


def test_a_hostile_title_does_nothing(folder: Path) -> None:
    title = '"><script>alert(1)</script><meta http-equiv=refresh>'
    publish(folder, [article(2, title=title)])
    output = opened(folder)
    (post,) = [each for each in output.ledger.published() if each.id.endswith("1337")]
    retire(output, FORMAT, [post])
    output.close()
    (page,) = folder.glob("renminyoudianbao/**/*1337.html")
    text = page.read_text("utf-8")
    assert "<script" not in text and "<meta http-equiv" not in text
