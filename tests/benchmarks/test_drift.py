"""The drift benchmark tries what it says: each change changes what the paper answers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from drift_changes import CHANGES, Change
from drift_crawls import Crawled, judged
from drift_more_changes import CASES
from drift_paper import KINDS, Paper

from newsspider.crawling.report import Report
from newsspider.model import Article
from newsspider.sites import load
from newsspider.store.counts import PREFIX


def test_there_are_forty_changes() -> None:
    assert len({change.name for change in CHANGES}) == len(CHANGES) >= 40
    assert {kind for kind, _ in CASES} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_site_file_of_a_paper_can_be_used(kind: str, tmp_path: Path) -> None:
    for seed in range(4):
        (tmp_path / "paper.yml").write_text(Paper(kind, seed).site_file(), "utf-8")
        assert load("paper", tmp_path).takes("news")


@pytest.mark.parametrize(("kind", "change"), CASES, ids=[f"{k} {c.name}" for k, c in CASES])
def test_a_change_changes_an_answer(kind: str, change: Change) -> None:
    before = Paper(kind, 1)
    before.publish(30)
    after = before.copy()
    change.apply(after)
    paths = ("/news?p=0", before.stories[0].path)
    assert [before.answer(path) for path in paths] != [after.answer(path) for path in paths]


def crawled(paper: Paper, *, drift: bool, right: bool, note: str = "") -> Crawled:
    report = Report()
    report.add("paper/news", {f"{PREFIX}drift/links": 1} if drift else {}, [note])
    story = paper.stories[0]
    body = "".join(f"<p>{text}</p>" for text in story.paragraphs)
    title = story.title if right else "Another title"
    known = {"site": "paper", "key": "k", "id": "i", "link": "http://paper.example/"}
    article = Article(**known, title=title, published=story.time, body=body)
    return Crawled(report, [article])


@pytest.mark.parametrize(
    ("drift", "right", "note", "fits", "verdict"),
    [
        (True, False, "title: its selector finds nothing", False, "reported"),
        (True, False, "something is wrong", False, "not named"),
        (False, False, "", False, "missed"),
        (False, True, "", False, "read right"),
        (False, True, "", True, "read right"),
        (True, True, "title: its selector finds nothing", True, "false alarm"),
        (False, False, "", True, "missed"),
    ],
)
def test_the_verdict(drift: bool, right: bool, note: str, fits: bool, verdict: str) -> None:
    paper = Paper("html", 1)
    change = Change("x", ("html",), lambda paper: None, ("title",), fits)
    result = crawled(paper, drift=drift, right=right, note=note)
    assert judged(change, "html", paper.stories[:1], result).verdict == verdict
