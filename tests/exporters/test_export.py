"""An export is written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.folders import article, publish

from newsspider.errors import OutputError
from newsspider.exporters.export import about, export
from newsspider.exporters.published import Published, published
from newsspider.exporters.writers import WRITERS
from newsspider.exporters.writers.about import About

ITEMS = [Published(article(n), f"_posts/{n}.md") for n in range(3)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", WRITERS)
def test_a_run_that_dies_leaves_the_export_of_before(name: str, tmp_path: Path) -> None:
    def dying() -> Iterator[Published]:
        yield ITEMS[0]
        raise KeyboardInterrupt

    target = tmp_path / "target"
    export(ITEMS, target, name, tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(KeyboardInterrupt):
        export(dying(), target, name, tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("name", WRITERS)
def test_an_export_replaces_that_of_before_only_where_something_changed(
    name: str, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    (tmp_path / ".target.unfinished").write_text("of a run that was killed")
    assert export(ITEMS, target, name, tmp_path).articles == 3
    inode = target.stat().st_ino
    export(ITEMS, target, name, tmp_path)
    assert target.stat().st_ino == inode
    export(ITEMS[:1], target, name, tmp_path)
    assert target.stat().st_ino != inode and names(tmp_path) == ["target"]


def test_a_target_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        export(ITEMS, tmp_path / "file/articles.jsonl", "jsonl", tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        export(ITEMS, tmp_path / "folder", "jsonl", tmp_path)


def test_what_an_export_is_about_is_in_the_configuration(tmp_path: Path) -> None:
    assert about(tmp_path) == About()
    (tmp_path / "_config.yml").write_text(
        "title: T\nlang: zh-CN\nurl: https://n.example\nbaseurl: /news\nfeed_id: 'tag:n,2022:'\n"
    )
    assert about(tmp_path, summaries=True) == About(
        "T", "zh-CN", "https://n.example/news/", "tag:n,2022:", True
    )


def test_an_export_of_a_folder(tmp_path: Path) -> None:
    folder = publish(tmp_path / "site", [article(0), article(1)])
    target = tmp_path / "new/articles.jsonl"
    counts = export(published(folder), target, "jsonl", folder)
    lines = target.read_text("utf-8").splitlines()
    assert counts.articles == 2 and counts.unrecorded == 0
    assert [json.loads(line)["title"] for line in lines] == [article(0).title, article(1).title]
    assert json.loads(lines[0])["address"].endswith("/2022/04/26/NW202204262359811335.html")
