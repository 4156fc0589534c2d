"""What outlives a ledger: written as lines that git merges, and read again whatever they hold."""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsspider.exporters.jekyll.post import read
from newsspider.model import Article, Image, Link, Section, Stock
from newsspider.sites import load
from newsspider.store import lasting
from newsspider.store.folder import open_output
from newsspider.store.output import Output, text_hash

FINEWS = load("finews")
ARTICLE = Article(
    site="finews",
    key="eastmoney:202204262359811335",
    id="NW202204262359811335",
    link="https://news.example/a",
    title="中国移动：回购",
    published=datetime(2022, 4, 26, 15, 59, tzinfo=UTC),
    source="人民邮电报",
    category="renminyoudianbao",
    tag="人民邮电报新闻",
    stocks=(Stock("1", "600941", "中国移动"),),
    images=(Image("https://news.example/a.jpg", "图"),),
    body="<p>the body</p>",
    listing="renminyoudianbao",
)
LINK = Link(url="https://news.example/a", title="中国移动：回购")
POST, NAME = b"the post\n", "2022-04-26-NW202204262359811335.md"


def opened(folder: Path, *, dry: bool = False) -> Output:
    return open_output(folder, dry=dry, sites=(FINEWS,), posts="_posts", read=read)


def publish(output: Output, article: Article, name: str, data: bytes = POST) -> None:
    ledger = output.ledger
    place = (article.site, article.listing, article.key)
    ledger.note_link(*place, replace(LINK, url=article.link), "pending")
    ledger.promise(article, name, "2022-04-26 23:59:00 +0800", text_hash(data))
    output.write(output.posts / name, data.decode())
    ledger.keep(article.key, text_hash(data))
    ledger.settle(article, "published")


def published(folder: Path) -> Path:
    output = opened(folder)
    publish(output, ARTICLE, NAME)
    output.close()
    return folder / "_newsspider"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def forget(folder: Path) -> None:
    """Lose what git does not keep."""
    shutil.rmtree(folder / ".newsspider")


def test_a_record_has_all_but_the_text(tmp_path: Path) -> None:
    (record,) = lines(published(tmp_path) / "records" / "2022-04.jsonl")
    assert record["key"] == ARTICLE.key
    assert record["path"] == NAME
    assert record["hash"] == text_hash(POST)
    assert record["listings"] == {"finews/renminyoudianbao": "中国移动：回购\n"}
    assert record["article"] == {
        "site": "finews",
        "key": ARTICLE.key,
        "id": ARTICLE.id,
        "link": "https://news.example/a",
        "title": "中国移动：回购",
        "published": "2022-04-26T15:59:00+00:00",
        "source": "人民邮电报",
        "category": "renminyoudianbao",
        "tag": "人民邮电报新闻",
        "stocks": [{"market": "1", "code": "600941", "name": "中国移动"}],
        "images": [{"url": "https://news.example/a.jpg", "caption": "图"}],
    }


def test_a_clone_does_not_ask_for_what_was_taken_down(tmp_path: Path) -> None:
    month = published(tmp_path) / "records" / "2022-04.jsonl"
    before = month.read_text("utf-8")
    place = (ARTICLE.site, ARTICLE.listing)
    output = opened(tmp_path)
    output.ledger.note_missing(ARTICLE.key)
    output.close()
    assert month.read_text("utf-8") == before  # it may come back
    output = opened(tmp_path)
    output.ledger.note_taken_down(ARTICLE.key)
    output.close()
    assert [line["taken_down"] for line in lines(month)] == [True]
    forget(tmp_path)
    output = opened(tmp_path)
    output.ledger.complete_link(*place, ARTICLE.key, LINK)  # its listing still has it
    assert output.ledger.checks(*place, datetime(2000, 1, 1, tzinfo=UTC)) == []
    # Its site has it again.
    publish(output, ARTICLE, NAME)
    output.ledger.note_read(ARTICLE.key, ())
    output.close()
    assert month.read_text("utf-8") == before


def test_a_restored_ledger_has_what_the_lost_one_had(tmp_path: Path) -> None:
    output = opened(tmp_path)
    ledger = output.ledger
    publish(output, ARTICLE, NAME)
    ledger.note_alias("https://other.example/a", ARTICLE.key)
    dropped = Link(url="https://news.example/b", title="b", fields={"summary": "x"})
    ledger.note_link("finews", "x", "b", dropped, "pending")
    ledger.settle_link("finews", "x", "b", "dropped", "NoDate")
    ledger.note_link("finews", "x", "c", replace(dropped, url="https://news.example/c"), "pending")
    ledger.settle_link("finews", "x", "c", "failed", "Http500")
    ledger.note_section("paper", "https://paper.example/", Section("Deutsch", "deutsch"))
    row, links = ledger.article(ARTICLE.key), ledger.open_links("finews", "x")
    known = [ledger.known("finews", *place) for place in (("x", "b"), ("x", "c"))]
    of_post = ledger.known("finews", "renminyoudianbao", ARTICLE.key)
    output.close()
    forget(tmp_path)
    output = opened(tmp_path)
    ledger = output.ledger
    assert row is not None
    assert ledger.article(ARTICLE.key) == replace(row, run=0)
    assert ledger.open_links("finews", "x") == links
    assert [ledger.known("finews", *place) for place in (("x", "b"), ("x", "c"))] == known
    assert ledger.known("finews", "renminyoudianbao", ARTICLE.key) == of_post
    assert ledger.resolve("https://other.example/a") == ARTICLE.key
    assert not ledger.first_seen("renminyoudianbao")
    section = ledger.section("paper", "https://paper.example/")
    assert section == Section("Deutsch", "deutsch")
    output.close()


def test_a_run_that_publishes_nothing_changes_no_file(tmp_path: Path) -> None:
    folder = published(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    output = opened(tmp_path)
    output.ledger.note_link("finews", "x", "b", LINK, "pending")
    publish(output, ARTICLE, NAME)  # the same again
    output.close()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    output = opened(tmp_path, dry=True)
    output.ledger.promise(ARTICLE, NAME, "2022-04-26 23:59:00 +0800", "x")
    output.ledger.keep(ARTICLE.key, "x")
    output.close()
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_published_is_recorded_by_the_next(tmp_path: Path) -> None:
    output = opened(tmp_path)
    publish(output, ARTICLE, NAME)
    output.ledger.close()  # as a killed process leaves it
    opened_again = replace_lock(output, tmp_path)
    opened_again.close()
    assert len(lines(tmp_path / "_newsspider" / "records" / "2022-04.jsonl")) == 1


def replace_lock(output: Output, folder: Path) -> Output:
    assert output._lock is not None
    os.close(output._lock)
    return opened(folder)


def test_a_removed_post_leaves_the_records_and_never_returns(tmp_path: Path) -> None:
    folder = published(tmp_path)
    (tmp_path / "_posts" / NAME).unlink()
    opened(tmp_path).close()
    assert not (folder / "records" / "2022-04.jsonl").exists()
    assert (folder / "removed.txt").read_text() == f"{ARTICLE.key}\n"
    forget(tmp_path)
    output = opened(tmp_path)
    row = output.ledger.article(ARTICLE.key)
    assert row is not None
    assert row.state == "gone"
    output.close()


def test_a_removed_post_does_not_return_by_another_of_its_addresses(tmp_path: Path) -> None:
    published(tmp_path)
    output = opened(tmp_path)
    output.ledger.note_alias("finews:other", ARTICLE.key)
    post = output.ledger.article(ARTICLE.key)
    assert post is not None
    output.take_down(post, "a letter")
    output.close()
    assert lasting.removed(tmp_path) == {ARTICLE.key: "a letter", "finews:other": "a letter"}
    forget(tmp_path)
    output = opened(tmp_path)
    rows = [output.ledger.article(key) for key in (ARTICLE.key, "finews:other")]
    assert [row.state for row in rows if row] == ["gone", "gone"]
    output.close()


def test_the_list_of_removed_posts_moves_to_where_git_keeps_it(tmp_path: Path) -> None:
    (tmp_path / ".newsspider").mkdir()
    (tmp_path / ".newsspider" / "removed.txt").write_text("a:1\n")
    (tmp_path / "_newsspider").mkdir()
    (tmp_path / "_newsspider" / "removed.txt").write_text("b:2\n")
    opened(tmp_path).close()
    assert not (tmp_path / ".newsspider" / "removed.txt").exists()
    assert sorted((tmp_path / "_newsspider" / "removed.txt").read_text().split()) == ["a:1", "b:2"]


def test_of_two_lines_that_a_merge_left_the_one_of_the_post_counts(tmp_path: Path) -> None:
    folder = published(tmp_path)
    path = folder / "records" / "2022-04.jsonl"
    (ours,) = path.read_text("utf-8").splitlines()
    other = json.dumps({**json.loads(ours), "hash": text_hash(b"another version")})
    for text in (f"{other}\n{ours}\n", f"{ours}\n{other}\n"):
        path.write_text(text, "utf-8")
        forget(tmp_path)
        output = opened(tmp_path)
        row = output.ledger.article(ARTICLE.key)
        assert row is not None
        assert row.hash == text_hash(POST)
        output.close()


BAD = {
    "a mark of a merge": "<<<<<<< HEAD",
    "half a line": '{"key":"a","pa',
    "no object": "[1]",
    "a path out of the folder": {"path": "../../x.md"},
    "a hidden path": {"path": ".x"},
    "a number for a key": {"key": 5},
    "no article": {"article": 5},
    "no listings": {"listings": None},
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_line_that_is_not_ours_is_skipped_and_counted(
    tmp_path: Path, bad: str | dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    path = published(tmp_path) / "records" / "2022-04.jsonl"
    (ours,) = path.read_text("utf-8").splitlines()
    line = bad if isinstance(bad, str) else json.dumps({**json.loads(ours), "key": "k", **bad})
    path.write_text(f"{line}\n{ours}\n", "utf-8")
    forget(tmp_path)
    with caplog.at_level(logging.WARNING):
        output = opened(tmp_path)
    assert [row.key for row in output.ledger.published()] == [ARTICLE.key]
    assert "_newsspider: 1 line cannot be read and will not be used" in caplog.text
    output.close()


def test_posts_older_than_the_records_are_recorded_with_their_hash(tmp_path: Path) -> None:
    output = opened(tmp_path)
    publish(output, ARTICLE, NAME)
    output.close()
    shutil.rmtree(tmp_path / "_newsspider")
    output = opened(tmp_path)
    output.ledger._db.do("UPDATE articles SET fields = '', saved = 0")  # type: ignore[attr-defined]
    output.close()
    (record,) = lines(tmp_path / "_newsspider" / "records" / "2022-04.jsonl")
    assert (record["hash"], record["complete"]) == (text_hash(POST), False)
    forget(tmp_path)
    output = opened(tmp_path)
    row = output.ledger.article(ARTICLE.key)
    assert row is not None
    assert row.hash == text_hash(POST)
    output.close()


def test_a_month_keeps_its_other_lines_in_order(tmp_path: Path) -> None:
    published(tmp_path)
    output = opened(tmp_path)
    for digit in "3152":
        article = replace(
            ARTICLE, key=f"eastmoney:{digit}", id=digit, link=f"https://n.example/{digit}"
        )
        publish(output, article, f"2022-04-26-{digit}.md")
    output.close()
    records = lines(tmp_path / "_newsspider" / "records" / "2022-04.jsonl")
    assert [record["key"] for record in records] == sorted(
        [ARTICLE.key, *(f"eastmoney:{digit}" for digit in "1235")]
    )
