"""What a run shows on GitHub Actions: texts of strangers are no commands and no markup there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.cli import Cli

from newsspider.commands.github import annotation_lines, show_on_github, summary
from newsspider.crawling.report import Report
from newsspider.store.counts import Counts

BROKEN = Counts({"found": 3, "drift/links": 1, "dropped/NoDate": 2})
DOWN = Counts({"failed/Http503": 1, "failed_listings": 1})
HOSTILE = "a/b: <b>x</b> 100%\n::add-mask::y\r\n\n# z | [z](javascript:z)"


def test_a_broken_source_is_an_error_and_one_that_is_down_a_warning() -> None:
    broken = Report(sources={"a/b": BROKEN}, notes=["a/b: it finds 0 links"])
    assert list(annotation_lines(broken)) == ["::error title=newsspider::a/b: it finds 0 links"]
    down = Report(sources={"a/b": DOWN})
    (line,) = annotation_lines(down)
    assert line == "::warning title=newsspider::a/b: nothing could be fetched: Http503 1"
    assert list(annotation_lines(Report(sources={"a/b": Counts(written=1)}))) == []


def test_a_hostile_text_stays_in_its_line() -> None:
    report = Report(sources={"a/b": BROKEN}, notes=[HOSTILE])
    (line,) = annotation_lines(report)
    assert "100%25%0A::add-mask::y%0D%0A" in line
    assert len(line.splitlines()) == 1


def test_the_summary_has_a_row_for_each_source_and_no_markup_of_strangers() -> None:
    report = Report(sources={"a/b": BROKEN, "<i>c</i>": DOWN}, notes=[HOSTILE])
    text = summary(report)
    row = "<td>a/b</td><td>3</td><td>0</td><td>0</td><td>0</td><td>NoDate 2</td><td>0</td>"
    assert f"<tr>{row}</tr>" in text
    assert set(re.findall(r"</?(\w+)", text)) == {"table", "tr", "th", "td", "ul", "li"}
    assert all(line.startswith("<") for line in text.splitlines()[:-1])
    assert text.endswith("</ul>\n\n")  # what follows is Markdown again


def test_nothing_is_shown_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(sources={"a/b": DOWN})
    show_on_github(report, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")})
    assert (capsys.readouterr().out, list(tmp_path.iterdir())) == ("", [])


def test_at_most_ten_annotations_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(sources={f"a/{number}": DOWN for number in range(11)})
    show_on_github(report, {"GITHUB_ACTIONS": "true"})
    assert len(capsys.readouterr().out.splitlines()) == 10


def test_a_run_appends_to_the_summary(cli: Cli) -> None:
    file = cli.folder / "summary.md"
    file.write_text("before\n")
    cli.variables = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(file)}
    assert cli("crawl", "finews/emnews", "--limit", "1", "-q").code == 0
    assert re.match(r"before\n<table>\n(?s:.*)<td>finews/emnews</td>", file.read_text())
    cli.variables["GITHUB_STEP_SUMMARY"] = str(cli.folder)
    ran = cli("crawl", "finews/emnews", "--limit", "1")
    assert (ran.code, "GITHUB_STEP_SUMMARY: Is a directory" in ran.err) == (0, True)
