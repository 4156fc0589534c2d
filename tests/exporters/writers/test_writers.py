"""Each format, read back by the tool that it is for."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.folders import article

from newsspider.exporters.contract import COLUMNS, row_of, schema
from newsspider.exporters.published import Published
from newsspider.exporters.writers import WRITERS, format_of
from newsspider.exporters.writers.about import About
from newsspider.model import Article

ABOUT = About("News & more", "zh-CN", "https://news.example/", "tag:news.example,2022:")
CHINESE = article(0)
ENGLISH = article(1, title="Buyback <b> & more", language="en", source="Réuters")
FORMULA = article(2, title='=HYPERLINK("http://x.example";"x")', source="@source", stocks=())
LINES = article(3, title="-1", body="<p>one</p><p>two\u2028three</p>", summary="a\nb")
BARE = Article(
    site="", key="", id="x", link="https://news.example/x", title="x\ud800\0", tags=("\ud800",)
)
ARTICLES = (CHINESE, ENGLISH, FORMULA, LINES, BARE)


def items() -> Iterator[Published]:
    for number, each in enumerate(ARTICLES):
        recorded = each is not BARE
        yield Published(each, f"_posts/2022-04-2{number}-{each.id}.md", number == 1, recorded)


def rows(name: str = "jsonl") -> list[Any]:
    writer = WRITERS[name]
    return [
        row_of(
            item, lambda _, post: f"https://news.example/{post[7:]}", with_markdown=writer.markdown
        )
        for item in items()
    ]


def written(name: str, folder: Path, about: About = ABOUT) -> Path:
    path = folder / f"out.{name}"
    if WRITERS[name].folder:
        path.mkdir()
    WRITERS[name].load()(iter(rows(name)), path, about)
    return path


@pytest.mark.parametrize("row", [*rows(), *rows("sqlite")])
def test_each_row_has_the_fields_of_the_schema(row: Any) -> None:
    assert list(row) == list(COLUMNS)
    Draft202012Validator(schema()).validate(row)


def test_the_examples_of_the_schema_are_valid() -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate({name: each.example for name, each in COLUMNS.items()})


def test_the_schema_refuses_another_type() -> None:
    validator = Draft202012Validator(schema())
    for name, value in {"title": None, "words": "3", "stocks": [{}], "tags": [1]}.items():
        assert not validator.is_valid({**rows()[0], name: value}), name


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_rows_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    def data(folder: Path) -> dict[Path, bytes]:
        folder.mkdir()
        path = written(name, folder)
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        return {file.relative_to(folder): file.read_bytes() for file in files if file.is_file()}

    assert data(tmp_path / "a") == data(tmp_path / "b")


@pytest.mark.parametrize("name", WRITERS)
def test_no_articles_are_a_whole_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    if WRITERS[name].folder:
        path.mkdir()
    WRITERS[name].load()(iter(()), path, ABOUT)
    assert path.exists()


def test_the_ending_names_the_format() -> None:
    for name, writer in WRITERS.items():
        assert all(format_of(f"a/b{ending.upper()}") == name for ending in writer.endings)
    assert format_of("articles.xlsx") == ""


def test_json_lines(tmp_path: Path) -> None:
    data = written("jsonl", tmp_path).read_bytes()
    values = [json.loads(line) for line in data.split(b"\n")[:-1]]
    assert values == rows()
    assert values[4]["title"] == "x��"
    assert values[0]["words"] == 17 and values[1]["edited"] and values[4]["origin"] == "post"
    assert values[0]["text"] == "中国移动今日宣布回购股份。\nSecond & last, with a link."


def test_csv_is_read_by_a_spreadsheet_and_computes_nothing(tmp_path: Path) -> None:
    path = written("csv", tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["title"] for row in table] == [
        CHINESE.title,
        ENGLISH.title,
        f"'{FORMULA.title}",
        "'-1",
        "x��",
    ]
    assert table[2]["source"] == "'@source"
    assert table[0]["stocks"] == "1 600941 中国移动" and table[0]["edited"] == "false"
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for row in table for cell in row.values())


@pytest.mark.parametrize(
    ("word", "count"),
    [("回购", 3), ("中国移", 3), ("中国移动", 3), ("reuters", 1), ("second", 3), ("购回", 0)],
)
def test_sqlite_finds_words_as_datasette_asks_for_them(
    word: str, count: int, tmp_path: Path
) -> None:
    database = sqlite3.connect(written("sqlite", tmp_path))
    query = (
        "SELECT count(*) FROM articles WHERE rowid IN"
        " (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    )
    assert database.execute(query, (f'"{word}"',)).fetchone() == (count,)
    database.close()


def test_sqlite_shows_its_search_index_as_a_table(tmp_path: Path) -> None:
    """Datasette lists it, counts its rows and has a page of them."""
    database = sqlite3.connect(written("sqlite", tmp_path))
    (number,) = database.execute("SELECT count(*) FROM articles_fts").fetchone()
    shown = database.execute("SELECT title, text FROM articles_fts ORDER BY rowid").fetchall()
    assert number == len(rows())
    assert shown == [(row["title"], row["text"]) for row in rows()]
    matches = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert database.execute(matches, ("title : 移动",)).fetchone()[0] > 0
    assert database.execute(matches, ("title : 宣布",)).fetchone() == (0,)
    database.close()


def test_sqlite_has_each_value_and_its_views(tmp_path: Path) -> None:
    database = sqlite3.connect(written("sqlite", tmp_path))
    database.row_factory = sqlite3.Row
    first = dict(database.execute("SELECT * FROM articles ORDER BY post").fetchone())
    lists = {name for name, value in rows()[0].items() if isinstance(value, list)}
    assert {n: json.loads(v) if n in lists else v for n, v in first.items()} == rows()[0]
    assert database.execute("SELECT day, articles FROM days").fetchall()
    assert tuple(database.execute("SELECT source, articles FROM sources").fetchone()) == (
        CHINESE.source,
        2,
    )
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    database.close()
