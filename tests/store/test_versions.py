"""The earlier texts of posts: as many as are wanted, each once, and none of a removed post."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from newsspider.store import versions


@pytest.mark.parametrize("most", [1, 2, 5])
def test_the_last_texts_are_kept(tmp_path: Path, most: int) -> None:
    for text in ("a", "b", "b", "新闻"):  # a killed run saved b
        versions.keep(tmp_path, "site:1", text, most)
    kept = [version.text for version in versions.read(tmp_path, "site:1")]
    assert kept == ["新闻", "b", "a"][:most]
    assert versions.read(tmp_path, "site:2") == []
    versions.forget(tmp_path, "site:1")
    versions.forget(tmp_path, "site:1")
    assert versions.read(tmp_path, "site:1") == []


@pytest.mark.parametrize(
    "data", [b"", b"x", gzip.compress(b"[1]", mtime=0), gzip.compress(b"{}", mtime=0)[:-9]]
)
def test_a_file_that_cannot_be_read_has_no_text(tmp_path: Path, data: bytes) -> None:
    versions.keep(tmp_path, "site:1", "a", 3)
    (file,) = (tmp_path / ".newsspider/versions").iterdir()
    file.write_bytes(data)
    assert versions.read(tmp_path, "site:1") == []
    versions.keep(tmp_path, "site:1", "b", 3)
    assert [version.text for version in versions.read(tmp_path, "site:1")] == ["b"]
