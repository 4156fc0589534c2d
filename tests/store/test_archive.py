"""The archive: articles come back as they were kept, each answer once, below the caps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from newsspider.errors import NotReadable, OutputError
from newsspider.model import Link
from newsspider.store.archive import Archive, has_archive, open_archive
from newsspider.store.archived import ArchivedArticle, ArchivedPage, hash_of_body

NOW = datetime.now(UTC)
BODY = "<p>Die Flut kam früh.</p>".encode()


def page(body: bytes = BODY, name: str = "article") -> ArchivedPage:
    url = f"https://news.example/{name}"
    return ArchivedPage(
        name=name, asked=url, url=url, status=200, type="text/html", hash=hash_of_body(body)
    )


ARTICLE = ArchivedArticle(
    key="news:https://news.example/a",
    run=3,
    read=NOW,
    site="news",
    listing="world",
    share="",
    link=Link(url="https://news.example/a", title="Flut", fields={"tags": ["Hafen"]}),
    options={"profile": "seed", "text": ""},
    of_feed=False,
    pages=(page(),),
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path)) as opened:
        yield opened


def keep(archive: Archive, article: ArchivedArticle, *bodies: bytes) -> None:
    archive.keep(article, {hash_of_body(body): body for body in bodies})


def numbered(number: int, **more: object) -> ArchivedArticle:
    return replace(ARTICLE, key=f"news:{number}", **more)


def test_an_article_comes_back_as_it_was_kept(archive: Archive) -> None:
    text = b'{"next": 2}'
    article = replace(ARTICLE, of_feed=True, pages=(page(), page(text, "text"), page()))
    keep(archive, article, BODY, text)
    assert archive.article(article.key) == article
    assert [archive.body(each) for each in article.pages] == [BODY, text, BODY]
    assert archive.article("another") is None


def test_an_article_without_answers_comes_back_too(archive: Archive) -> None:
    keep(archive, replace(ARTICLE, pages=()))
    assert archive.article(ARTICLE.key) == replace(ARTICLE, pages=())


def test_a_relative_time_of_a_listing_counts_from_when_it_was_read(archive: Archive) -> None:
    link = replace(ARTICLE.link, time="3 hours ago")
    keep(archive, replace(ARTICLE, link=link), BODY)
    kept = archive.article(ARTICLE.key)
    assert kept is not None
    assert kept.link.time_listed(NOW + timedelta(days=9)) == NOW


def test_an_answer_is_kept_once_and_goes_with_the_last_article_that_has_it(
    archive: Archive,
) -> None:
    keep(archive, numbered(1), BODY)
    size = archive.size()
    keep(archive, numbered(2), BODY)
    assert archive.size() == size
    archive.forget(["news:1", "unknown"])
    assert archive.keys_of() == ["news:2"]
    assert archive.body(page()) == BODY
    archive.forget(["news:2"])
    assert archive.size() == 0


def test_an_update_replaces_the_answers(archive: Archive) -> None:
    keep(archive, ARTICLE, BODY)
    keep(archive, replace(ARTICLE, pages=(page(b"new"),)), b"new")
    assert archive.keys_of() == [ARTICLE.key]
    with pytest.raises(NotReadable, match="missing from the archive"):
        archive.body(page())


def test_the_oldest_articles_go_first_until_the_rest_fits(archive: Archive) -> None:
    noise = [Random(number).randbytes(400_000) for number in range(5)]
    for number, body in enumerate(noise):
        read = NOW - timedelta(days=10 - number)
        keep(archive, numbered(number, read=read, pages=(page(body),)), body)
    archive.trim(3, 11)
    assert len(archive.keys_of()) == 5
    archive.trim(1, 11)
    assert archive.keys_of() == ["news:4", "news:3"]
    assert archive.size() <= 1_000_000
    archive.trim(1, 7)
    assert archive.keys_of() == ["news:4"]


def test_the_file_shrinks_when_most_of_it_is_empty(tmp_path: Path) -> None:
    body = Random(1).randbytes(3_000_000)
    with closing(open_archive(tmp_path)) as archive:
        keep(archive, replace(ARTICLE, pages=(page(body),)), body)
        keep(archive, numbered(2), BODY)
        archive.trim(1)
    assert (tmp_path / ".newsspider/archive/archive.sqlite").stat().st_size < 200_000


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE answers SET packed = x'00'",
        "UPDATE answers SET packed = substr(packed, 1, length(packed) - 4)",
        "UPDATE answers SET packed = 'text'",
        "DELETE FROM answers",
    ],
)
def test_a_damaged_answer_is_not_read(archive: Archive, tmp_path: Path, damage: str) -> None:
    keep(archive, ARTICLE, BODY)
    change(tmp_path, damage)
    with pytest.raises(NotReadable, match="the archive"):
        archive.body(page())


@pytest.mark.parametrize("column", ["read", "link", "options", "run"])
def test_a_damaged_article_is_not_read(archive: Archive, tmp_path: Path, column: str) -> None:
    keep(archive, ARTICLE, BODY)
    change(tmp_path, f"UPDATE articles SET {column} = '[]'")
    with pytest.raises(NotReadable, match="damaged in the archive"):
        archive.article(ARTICLE.key)


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / ".newsspider/archive/archive.sqlite")) as other:
        other.execute(statement)
        other.commit()


def test_an_archive_of_another_version_is_refused_and_stays(tmp_path: Path) -> None:
    assert not has_archive(tmp_path)
    open_archive(tmp_path).close()
    assert has_archive(tmp_path)
    change(tmp_path, "PRAGMA user_version = 99")
    before = (tmp_path / ".newsspider/archive/archive.sqlite").read_bytes()
    with pytest.raises(OutputError, match="a newer newsspider wrote this archive"):
        open_archive(tmp_path)
    assert (tmp_path / ".newsspider/archive/archive.sqlite").read_bytes() == before


def test_a_file_that_is_no_archive_is_refused_and_stays(tmp_path: Path) -> None:
    file = tmp_path / ".newsspider/archive/archive.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"mine" * 1000)
    with pytest.raises(OutputError, match="no archive of newsspider, or it is broken"):
        open_archive(tmp_path)
    assert file.read_bytes() == b"mine" * 1000
