"""The speed benchmark measures what it says: every article of the paper can be read by each run."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import speed
import speed_runs
import speed_site

from newsspider.sites import load_file

FIGURES = {
    "date": "2026-11-28",
    "machine": "2 CPUs",
    "articles": 2,
    "rounds": 3,
    "runs": {
        "rules": {
            "cpu_ms": [3.0, 2.0, 4.0],
            "pages_s": [100.0, 90.0, 110.0],
            "memory_mb": [90.0, 90.0, 90.0],
            "ratio": [1.5, 1.4, 1.6],
        }
    },
}


def test_the_paper_is_the_same_each_time_and_each_article_is_another() -> None:
    first, second = ({address: text for address, _, text in speed_site.answers(50)} for _ in "12")
    assert first == second
    assert len({speed_site.article(n) for n in range(50)}) == 50
    sizes = [len(speed_site.article(n)) for n in range(50)]
    assert min(sizes) > 50_000 and max(sizes) < 130_000


def test_each_article_is_read_by_extraction() -> None:
    assert speed_runs.extract("trafilatura", 3) == speed_runs.extract("extract", 3) == 3


def test_the_site_files_can_be_used() -> None:
    for name in ("paper", "feed"):
        assert load_file(ROOT / f"benchmarks/sites/{name}.yml").name == name


def test_the_table_shows_each_run_with_the_ratio_of_before() -> None:
    before = {"runs": {"rules": {"ratio": [2.0, 1.9, 2.1]}}}
    row = speed.table(FIGURES, before).splitlines()[-1]
    assert row.startswith(
        "| newsspider, site rules | 3.0 (2.0-4.0) | 1.50 (1.40-1.60), before 2.00 |"
    )


def test_the_chart_is_svg_with_a_bar_for_each_run() -> None:
    chart = ElementTree.fromstring(speed.chart(FIGURES))
    assert len(chart.findall(".//{http://www.w3.org/2000/svg}rect")) == 2


def test_the_table_goes_between_the_marks_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "performance.md"
    document.write_text((ROOT / "docs/performance.md").read_text("utf-8"))
    monkeypatch.setattr(speed, "DOCUMENT", document)
    speed.write_table("| a |")
    speed.write_table("| b |")
    text = document.read_text("utf-8")
    assert "| b |" in text and "| a |" not in text and "## What was changed" in text
