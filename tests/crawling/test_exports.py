"""The exports of newsspider.yml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.folders import article, publish

from newsspider.crawling.exports import write_exports
from newsspider.crawling.project import Project, load_project
from newsspider.errors import ProjectError


def project(folder: Path, text: str) -> Project:
    file = folder / "newsspider.yml"
    file.write_text(text, "utf-8")
    return load_project(file)


def test_the_exports_of_a_folder_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(Path("site"), [article(0), article(1)])
    text = (
        "exports:\n  - articles.jsonl\n  - {file: out/one.jsonl, language: zh, words: [回购 1]}\n"
        "  - {file: corpus, format: md-files, since: 2022-04-28}\n  - changes.jsonl\n"
    )
    assert write_exports(project(tmp_path, text).exports, Path("site"))
    assert len(Path("exports/articles.jsonl").read_text("utf-8").splitlines()) == 2
    assert len(Path("exports/changes.jsonl").read_text("utf-8").splitlines()) == 2
    assert Path("exports/.gitignore").read_text() == "*\n"
    (line,) = Path("out/one.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == article(1).title
    assert not list(Path("exports/corpus").glob("*/*.md"))


def test_an_export_that_fails_is_reported_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(Path("site"), [article()])
    Path("out/file.csv").mkdir(parents=True)
    exports = project(tmp_path, "exports: [out/file.csv, out/articles.jsonl]").exports
    assert not write_exports(exports, Path("site"))
    assert "exports: out/file.csv: is a folder" in caplog.text
    assert Path("out/articles.jsonl").exists() and not Path("exports").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exports: [articles.xlsx]", "the ending of 'articles.xlsx' is not one of"),
        ("exports: [{file: a, format: jsn}]", "'jsn' is not one of"),
        ("exports: ['s3://a/b.csv']", "s3://a/b.csv: is an address: name a file"),
        ("exports: [{file: a.csv, since: soon}]", "'soon' is not a time"),
        ("exports: [{file: a.csv, sight: x}]", "sight"),
    ],
)
def test_an_export_that_cannot_be_is_an_error_with_its_line(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ProjectError, match=r"newsspider.yml:1") as error:
        project(tmp_path, text)
    assert message in str(error.value)
