"""Which files the configuration of a site publishes, as Jekyll itself decides."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsspider.exporters.jekyll.config import published

NAMES = ["newsspider.yml", "sites/", "_private/", ".hidden/"]
CONFIGS = {
    "title: x\n": ["newsspider.yml", "sites/"],
    "exclude: [newsspider.yml, sites/]\n": [],
    "exclude: [newsspider.yml, sites]\n": [],
    "exclude: [/newsspider.yml, /sites]\n": [],
    "exclude: ['newsspider.*', 's*']\n": [],
    "exclude: [news, sit]\n": [],
    "exclude: [sites/x.yml, spider.yml]\n": ["newsspider.yml", "sites/"],
    "exclude: ['']\n": [],
}


@pytest.mark.parametrize(("text", "expected"), CONFIGS.items(), ids=CONFIGS)
def test_what_is_published_is_what_jekyll_builds(
    tmp_path: Path, jekyll: str, text: str, expected: list[str]
) -> None:
    source, site = tmp_path / "source", tmp_path / "built"
    for name in ("newsspider.yml", "sites/a.yml", "_private/a.yml", ".hidden/a.yml"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("a: b\n")
    (source / "_config.yml").write_text(text)
    done = subprocess.run([jekyll, "build", "-s", source, "-d", site], capture_output=True)
    built = [name for name in NAMES if (site / name).exists()]
    assert (done.returncode, built) == (0, expected), done.stderr
    assert published(source / "_config.yml", NAMES) == expected


@pytest.mark.parametrize(
    "text", ["- a", "exclude: yes", "exclude:", "a: [", "", "exclude: [7]", "a: 2022-13-45"]
)
def test_a_configuration_without_a_list_excludes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "_config.yml").write_text(text)
    assert published(tmp_path / "_config.yml", NAMES) == ["newsspider.yml", "sites/"]


def test_a_configuration_in_toml_is_read(tmp_path: Path) -> None:
    (tmp_path / "_config.toml").write_text('exclude = ["newsspider.yml", "sites/"]\n')
    assert published(tmp_path / "_config.toml", NAMES) == []
