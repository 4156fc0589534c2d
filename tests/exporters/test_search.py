"""The search finds words of every script in the posts as they are now, with all filters."""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsspider.errors import OutputError
from newsspider.exporters.search import search, snippet, updated_index
from newsspider.exporters.selection import Selection

POST = """---
layout: post
title: "{title}"
date: {day} 10:00:00 +0800
categories: {category}
---
{body}

<https://news.example/{id}>
"""
TEXTS = {
    "ferry": ("Ferry sails", "<p>The <b>Café</b> on the harbour's ferry opens at 7.</p>"),
    "tower": ("铁塔公司", "<p>中国移动今日宣布，推出5G服务。</p><p>移民</p>"),
    "tokyo": ("東京の天気", "<p>きょうの東京都は晴れです。カタカナ</p>"),
    "seoul": ("서울 날씨", "<p>서울시는 오늘 맑습니다.</p>"),
    "mail": ("Почта", "<p>Письмо пришло утром.</p>"),
}


def write(folder: Path, name: str, title: str, body: str, day: str = "2026-04-12") -> Path:
    posts = folder / "_posts"
    posts.mkdir(exist_ok=True)
    file = posts / f"{day}-{name}.md"
    file.write_text(POST.format(title=title, day=day, body=body, category="c", id=name), "utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at, (name, (title, body)) in enumerate(TEXTS.items()):
        write(tmp_path, name, title, body, f"2026-04-1{at}")
    return tmp_path


def names(folder: Path, *words: str, **wanted: Any) -> list[str]:
    return [hit.article.id for hit in search(folder, words, Selection(**wanted))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ferry"], ["ferry"]),
        (["FERRY", "harbour"], ["ferry"]),
        (["cafe"], ["ferry"]),
        (["ferry harbour"], ["ferry"]),
        (["ferry", "tower"], []),
        (["移动"], ["tower"]),
        (["中国移动", "５Ｇ"], ["tower"]),
        (["动移"], []),  # signs of two sentences
        (["东京"], []),
        (["東京"], ["tokyo"]),
        (["カタ"], ["tokyo"]),
        (["서울"], ["seoul"]),
        (["письмо"], ["mail"]),
        (["中"], ["tower"]),
        (['fer"ry) OR words : x'], []),  # no syntax of a query
        (["NOT"], []),
    ],
)
def test_words_of_every_script(folder: Path, words: list[str], expected: list[str]) -> None:
    assert names(folder, *words) == expected


@pytest.mark.parametrize("words", [[], ["…"], ["  ", '"*"']])
def test_words_that_are_none(folder: Path, words: list[str]) -> None:
    with pytest.raises(ValueError, match="give a word to search for"):
        search(folder, words)


def test_the_newest_come_first_and_no_more_than_wanted(tmp_path: Path) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (2, 11, 5) for day in range(1, 28)]
    for day in days:
        write(tmp_path, "tide", "Tide", "<p>high</p>", day)
    hits = search(tmp_path, ["high"], most=50)
    newest = [f"{hit.article.published:%Y-%m-%d}" for hit in hits]
    assert newest == sorted(days, reverse=True)[:50]
    limits = Selection(since=date(2026, 5, 20), until=date(2026, 5, 22))
    assert len(search(tmp_path, ["high"], limits)) == 3
    assert len(search(tmp_path, ["high"], most=1000)) == len(days)  # more than a batch


def test_the_index_follows_the_posts(folder: Path) -> None:
    assert names(folder, "opens") == ["ferry"]
    file = write(folder, "ferry", "Ferry sails", "<p>It closes.</p>", "2026-04-10")
    os.utime(file, (1, 1))
    assert (names(folder, "opens"), names(folder, "closes")) == ([], ["ferry"])
    new = write(folder, "tug", "Tug", "<p>It closes, too.</p>", "2026-04-20")
    assert names(folder, "closes") == ["tug", "ferry"]
    new.unlink()
    assert names(folder, "closes") == ["ferry"]
    with closing(updated_index(folder)) as index:
        assert len(index.stamps()) == len(TEXTS)


def test_a_record_that_comes_later_gives_the_fields(folder: Path) -> None:
    """A run writes its records at its end."""
    assert names(folder, "ferry", site="gazette") == []
    article = {"site": "gazette", "id": "ferry", "category": "c", "tag": "C", "link": "https://x/"}
    article |= {"language": "en-GB", "source": "Harbour Gazette", "title": "Ferry sails"}
    article |= {"stocks": [{"market": "1", "code": "600941", "name": ""}]}
    record = {"key": "k", "path": "2026-04-10-ferry.md", "date": "2026-04-10 10:00:00 +0800"}
    record |= {"hash": "h", "listings": {}, "aliases": [], "article": article, "complete": True}
    records = folder / "_newsspider/records"
    records.mkdir(parents=True)
    (records / "2026-04.jsonl").write_text(json.dumps(record) + "\nnot json\n", "utf-8")
    for wanted in (
        *({"site": "gazette"}, {"source": "harbour gazette"}, {"language": "en"}),
        *({"stock": "600941"}, {"stock": "1.600941"}, {"language": "EN-gb"}),
    ):
        assert names(folder, "ferry", **wanted) == ["ferry"], wanted
    for wanted in ({"site": "other"}, {"language": "e"}, {"stock": "600"}, {"source": "Gazette"}):
        assert names(folder, "ferry", **wanted) == [], wanted
    assert names(folder, "tug") == []


def test_a_broken_index_is_replaced_and_git_sees_none(folder: Path) -> None:
    assert names(folder, "ferry") == ["ferry"]
    assert (folder / ".newsspider/.gitignore").read_text("utf-8") == "*\n"
    (folder / ".newsspider/search.sqlite").write_bytes(os.urandom(9000))
    assert names(folder, "ferry") == ["ferry"]


def test_an_index_that_is_worn_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(folder, "ferry") == ["ferry"]
    monkeypatch.setattr("newsspider.store.search.SearchIndex.is_worn", lambda index: True)
    assert names(folder, "ferry") == ["ferry"]


def test_a_post_that_is_none_harms_nothing(folder: Path) -> None:
    (folder / "_posts/2026-04-30-odd.md").write_bytes(b"\xff\xfe ferry")
    (folder / "_posts/notes.txt").write_text("ferry")
    (folder / "_posts/2026-05-01-folder.md").mkdir()
    assert names(folder, "ferry") == ["ferry"]


def test_a_folder_without_posts(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="has no posts"):
        search(tmp_path, ["ferry"])
    assert not (tmp_path / ".newsspider").exists()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Short text.", ["text"], "Short text."),
        ("Short text.", ["absent"], "Short text."),
        (f"{'a ' * 100}The Ferry{' b' * 200}", ["ferry"], "The Ferry"),
        ("a (b", ["(b"], "a (b"),
    ],
)
def test_a_snippet_has_the_word(text: str, words: list[str], expected: str) -> None:
    part = snippet(text, words)
    assert expected in part and len(part) < 200
    assert part.startswith("… ") == (len(text) > 100) == part.endswith(" …")
