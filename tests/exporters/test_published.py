"""What was published, read again from records and posts."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.cli import POSTS, SEED
from support.folders import FIRST, article, publish, without_listing

from newsspider.errors import OutputError
from newsspider.exporters.change_feed import BEGIN, change_feed
from newsspider.exporters.published import Published, published
from newsspider.exporters.search import search
from newsspider.exporters.selection import Selection, read_limit

SECOND = timedelta(seconds=1)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def titles(folder: Path, **wanted: object) -> list[str]:
    return [each.article.title for each in published(folder, Selection(**wanted))]  # type: ignore[arg-type]


def test_each_field_comes_back_as_it_was_published(tmp_path: Path) -> None:
    whole = article(digest="the digest", original_title="Buyback", modified=FIRST, language="zh-CN")
    item = next(published(publish(tmp_path, [whole])))
    assert item == Published(without_listing(whole), f"_posts/{SEED}")


def test_the_time_of_the_fetch_is_that_of_the_run_that_wrote_the_post(tmp_path: Path) -> None:
    first, later = NOW, NOW + timedelta(days=1)
    publish(tmp_path, [article(fetched_at=first)])
    (record,) = (tmp_path / "_newsspider/records").iterdir()
    before = record.read_bytes()
    publish(tmp_path, [article(fetched_at=later)])
    assert record.read_bytes() == before
    shutil.rmtree(tmp_path / ".newsspider")
    publish(tmp_path, [article(fetched_at=later)])
    assert record.read_bytes() == before
    assert next(published(tmp_path)).article.fetched_at == first
    publish(tmp_path, [article(title="Corrected", fetched_at=later)])
    assert next(published(tmp_path)).article.fetched_at == later


def test_a_clone_without_a_ledger_gives_the_same(tmp_path: Path) -> None:
    folder = publish(tmp_path / "site", [article(n) for n in range(5)])
    before = list(published(folder))
    clone = shutil.copytree(
        folder, tmp_path / "clone", ignore=shutil.ignore_patterns(".newsspider")
    )
    assert list(published(clone)) == before and len(before) == 5


def test_a_month_of_more_records_than_are_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish(tmp_path, [article(n, published=FIRST + n * SECOND) for n in range(4)])
    whole = list(published(folder))
    monkeypatch.setattr("newsspider.exporters.published._IN_MEMORY", 2)
    assert list(published(folder)) == whole and len(whole) == 4


def test_the_order_is_that_of_publication_over_months_and_zones(tmp_path: Path) -> None:
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    times = [
        datetime(2022, 5, 1, 1, tzinfo=east),  # 2022-04-30 11:00 UTC
        datetime(2022, 4, 30, 23, 30, tzinfo=west),  # 2022-05-01 11:30 UTC
        datetime(2022, 4, 30, 13, tzinfo=UTC),
        datetime(2022, 5, 1, 11, tzinfo=UTC),
    ]
    publish(tmp_path, [article(n, published=at) for n, at in enumerate(times)])
    moments = [each.article.published for each in published(tmp_path)]
    assert moments == [times[0], times[2], times[3], times[1]]


def test_of_an_edited_post_the_text_is_the_persons(tmp_path: Path) -> None:
    publish(tmp_path, [article()])
    post = tmp_path / "_posts" / SEED
    text = post.read_text("utf-8").replace("今日宣布", "昨日宣布").replace("回购 0", "a new title")
    post.write_text(text, "utf-8")
    item = next(published(tmp_path))
    assert item.edited and item.recorded
    assert item.article.title == "中国移动：a new title"
    assert "昨日宣布" in item.article.body and "昨日宣布" in item.article.summary
    assert item.article.editor == "李编" and item.article.hash != article().hash


def test_a_post_older_than_the_records_has_what_is_in_it(tmp_path: Path) -> None:
    publish(tmp_path, [article(1)])
    shutil.copy(POSTS / SEED, tmp_path / "_posts")
    old, new = published(tmp_path)
    assert not old.recorded and new.recorded
    assert old.article.source == "" and old.article.key == "" and old.article.language == "zh"
    assert old.article.title.startswith("中国移动")


def test_attack_a_name_that_no_file_can_repeat_is_no_post(tmp_path: Path) -> None:
    publish(tmp_path, [article(0)])
    text = (tmp_path / "_posts" / SEED).read_bytes()
    (tmp_path / "_posts" / os.fsdecode(b"2022-04-26-\xff.md")).write_bytes(text)
    assert titles(tmp_path) == ["中国移动：回购 0"]
    with change_feed(tmp_path) as feed:
        assert len(list(feed.since(BEGIN))) == 1
    assert len(search(tmp_path, ["回购"])) == 1


def test_an_article_whose_post_is_gone_is_left_out(tmp_path: Path) -> None:
    publish(tmp_path, [article(0), article(1)])
    (tmp_path / "_posts" / SEED).unlink()
    assert titles(tmp_path) == ["中国移动：回购 1"]


def test_of_two_records_that_a_merge_left_the_one_of_the_post_counts(tmp_path: Path) -> None:
    publish(tmp_path, [article()])
    file = tmp_path / "_newsspider/records/2022-04.jsonl"
    line = file.read_text("utf-8")
    other = json.loads(line) | {"hash": "another"}
    for lines in ((json.dumps(other) + "\n", line), (line, json.dumps(other) + "\n")):
        file.write_text("".join(lines), "utf-8")
        (item,) = published(tmp_path)
        assert not item.edited


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        "null",
        '{"key":"k","path":"../../etc/passwd","date":"","hash":"","listings":{},"aliases":[],'
        '"article":{},"complete":true}',
    ],
)
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, line: str) -> None:
    publish(tmp_path, [article()])
    file = tmp_path / "_newsspider/records/2022-04.jsonl"
    file.write_text(f"{line}\n", "utf-8")
    (item,) = published(tmp_path)
    assert not item.recorded and item.article.title == "中国移动：回购 0"


def test_values_of_another_type_in_a_record_are_not_known(tmp_path: Path) -> None:
    publish(tmp_path, [article()])
    file = tmp_path / "_newsspider/records/2022-04.jsonl"
    values = json.loads(file.read_text("utf-8"))
    values["article"] |= {"title": 3, "authors": "x", "stocks": [1], "images": [{"src": "x"}]}
    values["article"] |= {"published": "2022-04-26", "strange": 1}
    file.write_text(json.dumps(values), "utf-8")
    (item,) = published(tmp_path)
    assert item.article.published == FIRST
    assert (item.article.title, item.article.authors, item.article.stocks) == ("", (), ())


def test_a_folder_without_posts_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="--output"):
        published(tmp_path / "missing")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"site": "finews"}, 3),
        ({"site": "bbc"}, 0),
        ({"source": "reuters"}, 1),
        ({"category": "renminyoudianbao"}, 3),
        ({"category": "x"}, 0),
        ({"stock": "600941"}, 2),
        ({"stock": "1.600941"}, 2),
        ({"stock": "0.600941"}, 0),
        ({"language": "en"}, 1),
        ({"language": "en-GB"}, 1),
        ({"language": "e"}, 0),
        ({"language": "zh"}, 2),
        ({"since": date(2022, 4, 27)}, 1),
        ({"until": date(2022, 4, 26)}, 2),
        ({"since": FIRST + timedelta(minutes=1)}, 2),
        ({"words": ("BUYBACK",)}, 1),
        ({"words": ("回购", "股份")}, 2),
        ({"words": ("回购", "strong")}, 0),
    ],
)
def test_filters(tmp_path: Path, wanted: dict[str, object], count: int) -> None:
    china = timezone(timedelta(hours=8))
    english = {"title": "Buyback", "language": "en-GB", "body": "<p>The buyback begins.</p>"}
    english |= {"source": "Reuters", "stocks": (), "published": datetime(2022, 4, 27, tzinfo=china)}
    late = FIRST + timedelta(minutes=7)
    publish(tmp_path, [article(0), article(1, published=late), article(2, **english)])
    assert len(titles(tmp_path, **wanted)) == count


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", None),
        ("2022-04-26", date(2022, 4, 26)),
        ("2022-04-26 10:00", datetime(2022, 4, 26, 10, tzinfo=UTC)),
        ("36h", NOW - timedelta(hours=36)),
    ],
)
def test_limits_are_days_times_and_ages(text: str, limit: date | None) -> None:
    assert read_limit(text, NOW) == limit


def test_a_limit_that_is_no_time_says_what_to_write() -> None:
    with pytest.raises(ValueError, match="write a day"):
        read_limit("yesterday", NOW)


def test_an_iterator_that_is_left_closes_its_files(tmp_path: Path) -> None:
    publish(tmp_path, [article(n) for n in range(3)])
    first = next(iter(published(tmp_path)))
    assert replace(first.article) == without_listing(article(0))
