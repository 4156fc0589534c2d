"""Scrapy's own command in a clone: what it lists, and what it says of a mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_list_has_the_spiders_that_a_person_can_start() -> None:
    assert scrapy("list").stdout.split() == ["category", "share", "url"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("bbc", "no spider is called 'bbc', only category, share, url"),
        ("category -a site=finewz -a category=x", "did you mean finews?"),
        ("url -a url=x", "'x' is not an http or https address"),
        ("share", "no site takes any of these links"),
        ("share -a urls=NW202204262359811335 -s NEWS_LIMIT=a", "'a' is not a whole number"),
    ],
)
def test_a_mistake_is_a_line_and_ends_with_2(arguments: str, message: str) -> None:
    ran = scrapy("crawl", *arguments.split(), "--loglevel", "ERROR")
    assert ran.returncode == 2, ran
    assert "Traceback" not in ran.stderr + ran.stdout
    assert message in ran.stderr + ran.stdout


def test_a_folder_that_cannot_be_used_is_a_line_too(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = scrapy(
        "crawl", "share", "-a", "urls=NW202204262359811335", "-s", f"NEWS_OUTPUT={tmp_path}"
    )
    assert ran.returncode == 2, ran
    assert "is not empty" in ran.stderr and "Traceback" not in ran.stderr
