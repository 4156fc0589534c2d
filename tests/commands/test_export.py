"""`newsspider export`, as a user runs it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.cli import SEED, Cli
from support.folders import article, publish

from newsspider.exporters.contract import COLUMNS


@pytest.fixture
def site(tmp_path: Path) -> Cli:
    publish(tmp_path / "output/site", [article(n) for n in range(3)])
    return Cli(tmp_path, None)


def test_export_writes_each_file_in_the_format_of_its_ending(site: Cli) -> None:
    ran = site("export", "out/articles.jsonl", "articles.csv")
    assert ran.code == 0 and not ran.out
    assert "out/articles.jsonl: 3 articles" in ran.err
    lines = (site.folder / "out/articles.jsonl").read_text("utf-8").splitlines()
    assert [list(json.loads(line)) for line in lines] == [list(COLUMNS)] * 3
    with (site.folder / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


def test_export_to_standard_output_with_filters_and_markdown(site: Cli) -> None:
    post = site.posts / SEED
    post.write_text(post.read_text("utf-8").replace("今日", "昨日"), "utf-8")
    arguments = ("--until", "2022-04-26", "--words", "昨日", "--markdown")
    ran = site("export", "-", "--format", "jsonl", *arguments)
    assert ran.code == 0 and "1 article, 1 with your own text" in ran.err
    (line,) = ran.out.splitlines()
    assert json.loads(line)["markdown"].startswith("中国移动昨日宣布**回购**股份。")
    assert site("export", "-q", "-", "--format", "jsonl", "--source", "nobody").err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["articles.xlsx"], "articles.xlsx: its ending names no format: add --format (jsonl, csv"),
        (["a", "--format", "jsn"], "--format jsn: is not one of jsonl, csv"),
        (["ftp://a.example/b.csv"], "ftp://a.example/b.csv: is an address: name a file"),
        (["s3://a/b", "--format", "csv"], "s3://a/b: is an address: name a file"),
        (["a.csv", "--since", "soon"], "'soon' is not a time"),
        (["a.csv", "--until", "soon"], "--until: 'soon' is not a time"),
        (["a.csv", "--output", "missing"], "missing: has no posts"),
    ],
)
def test_bad_input_says_what_to_do(arguments: list[str], message: str, site: Cli) -> None:
    ran = site("export", *arguments)
    assert ran.code == 2 and message in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--since", "2022-04-27"], 1),
        (["--until", "2022-04-26"], 2),
        (["--stock", "1.600941", "--site", "finews", "--category", "renminyoudianbao"], 3),
        (["--stock", "000001"], 0),
        (["--source", "人民邮电报", "--language", "zh"], 3),
        (["--language", "en"], 0),
    ],
)
def test_filters(filters: list[str], count: int, site: Cli) -> None:
    assert len(site("export", "-", "--format", "jsonl", *filters).out.splitlines()) == count


def test_a_reader_of_standard_output_may_leave(site: Cli) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "newsspider", "export", "-", "--format", "jsonl"],
        cwd=site.folder,
        env=site.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout is not None and ran.stderr is not None
    ran.stdout.close()
    assert (ran.stderr.read(), ran.wait()) == ("-: 3 articles\n", 0)
    ran.stderr.close()


def test_schema_article(site: Cli) -> None:
    assert list(json.loads(site("schema", "article").out)["properties"]) == list(COLUMNS)


def test_each_line_of_the_change_feed_is_of_its_schema(site: Cli) -> None:
    schema = json.loads(site("schema", "change").out)
    assert site("export", "changes.jsonl").code == 0
    first = changes((site.folder / "changes.jsonl").read_text("utf-8"))[0]
    (site.posts / SEED).unlink()
    after = str(first["seq"])
    ran = site("export", "-", "--format", "changes", "--after", after)
    removed = changes(ran.out)[-1]
    assert (first["op"], removed["op"]) == ("upsert", "delete")
    for change in (first, removed):
        jsonschema.validate(change, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(first | {"article": {}}, schema)


# -- the change feed ----------------------------------------------------------------------------


def changes(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_changes_after_a_number(site: Cli) -> None:
    ran = site("export", "changes.jsonl")
    assert ran.code == 0 and "changes.jsonl: 3 articles; up to" in ran.err
    before = changes((site.folder / "changes.jsonl").read_text("utf-8"))
    assert [change["op"] for change in before] == ["upsert"] * 3
    assert list(before[0]["article"]) == list(COLUMNS)
    (site.posts / SEED).unlink()
    ran = site("export", "-", "--format", "changes", "--after", str(before[-1]["seq"]))
    (removal,) = changes(ran.out)
    assert (removal["op"], removal["article"]) == ("delete", None)
    assert removal["id"] == before[0]["id"] == before[0]["article"]["post"]
    assert "0 articles, 1 removed" in ran.err


def test_a_cursor_moves_once_its_file_is_written(site: Cli) -> None:
    (site.folder / "folder.md").mkdir()
    assert site("export", "folder.md", "--cursor", "letter").code == 2
    assert "3 articles" in site("export", "letter.md", "--cursor", "letter").err
    assert "0 articles" in site("export", "letter.md", "--cursor", "letter").err
    assert "3 articles" in site("export", "other.jsonl", "--cursor", "other").err
    post = site.posts / SEED
    post.write_text(post.read_text("utf-8").replace("今日", "昨日"), "utf-8")
    assert "1 article, 1 with your own text" in site("export", "a.md", "--cursor", "letter").err
    assert "昨日" in (site.folder / "a.md").read_text("utf-8")
    assert "3 articles" in site("export", "a.md", "--cursor", "letter", "--after", "0").err


def test_the_cursor_of_standard_output_is_moved_by_its_reader(site: Cli) -> None:
    arguments = ("export", "-", "--format", "changes", "--cursor", "index")
    first = changes(site(*arguments).out)
    assert changes(site(*arguments).out) == first
    assert site("export", "--cursor", "index", "--commit", str(first[1]["seq"])).code == 0
    assert changes(site(*arguments).out) == first[2:]


def test_a_cursor_of_another_epoch_is_refused(site: Cli) -> None:
    assert site("export", "a.md", "--cursor", "letter").code == 0
    shutil.rmtree(site.folder / "output/site/.newsspider")
    for arguments in (["--cursor", "letter"], ["--after", "7"], ["--after", str(2**60)]):
        ran = site("export", "b.md", *arguments)
        assert (ran.code, "start again" in ran.err) == (4, True)
    assert not (site.folder / "b.md").exists()
    assert site("export", "b.md", "--cursor", "letter", "--after", "0").code == 0
    assert "0 articles" in site("export", "b.md", "--cursor", "letter").err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a file to write"),
        (["a.md", "--cursor", "../x"], "'../x' is not a name of letters"),
        (["a.md", "--after", "-1"], "is less than 0"),
        (["a.md", "--after", "x"], "'x' is not a whole number"),
        (["--commit", "1"], "--commit takes a --cursor"),
        (["a.md", "--commit", "1", "--cursor", "x"], "--commit takes a --cursor, no file"),
    ],
)
def test_wrong_places_in_the_feed(arguments: list[str], message: str, site: Cli) -> None:
    ran = site("export", *arguments)
    assert (ran.code, message in " ".join(ran.err.split())) == (2, True), ran.err
