"""What `newsspider serve` answers: posts and built files, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsspider.commands.pages import REPORT, answer_of

POST = """---
layout: post
title: "A &lt;title&gt;"
date: 2026-04-12 10:00:00 +0800
categories: news
tags: News
---
<p onclick="evil()">Ferry sails.</p><script>evil()</script>

<https://news.example/1>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site/_posts").mkdir(parents=True)
    (tmp_path / "site/_posts/2026-04-12-a b.md").write_text(POST, "utf-8")
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "site/_config.yml").write_text("secret: 1")
    return tmp_path / "site"


def test_plain_pages(folder: Path) -> None:
    front = answer_of(folder, "/", None)
    assert front.status == 200
    assert b'<a href="/_posts/2026-04-12-a%20b.md">A &lt;title&gt;</a>' in front.body
    page = answer_of(folder, "/_posts/2026-04-12-a%20b.md", None)
    assert (page.status, b"Ferry sails." in page.body) == (200, True)
    assert b"evil" not in page.body and b'href="https://news.example/1"' in page.body
    assert dict(page.headers)["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_front_page_has_the_newest_and_finds_words(folder: Path) -> None:
    for day in range(1, 29):
        for month in ("05", "06"):
            text = POST.replace("Ferry", f"Tug{month}{day}")
            (folder / f"_posts/2026-{month}-{day:02}-x.md").write_text(text, "utf-8")
    first, second = answer_of(folder, "/", None).body, answer_of(folder, "/?page=2", None).body
    assert first.count(b"<li>") == 50 and second.count(b"<li>") == 7
    assert b'href="/?page=2"' in first and b"older" not in second
    for odd in ("/?page=0", "/?page=x", "/?page=-1", "/?page=%00", "/?page="):
        assert answer_of(folder, odd, None).body == first
    hit = answer_of(folder, "/?words=tug0512", None).body
    assert hit.count(b"<li>") == 1
    odd = answer_of(folder, "/?words=%22%3E%3Cscript%3E", None).body
    assert b"<script>" not in odd and odd.count(b"<li>") == 0


HOSTILE = [
    *("/../secret.md", "/_posts/../../secret.md", "/_posts/%2e%2e/%2e%2e/secret.md"),
    *("/_posts/..%2f..%2fsecret.md", "//etc/passwd", "/%2fetc%2fpasswd", "/.newsspider/lock"),
    *("/_config.yml", "/_posts/", "/_posts", "/%00", "/%ff", "http://[", "", "*", "/.git/config"),
    *("/_posts/link.md/../2026", "/\\..\\secret.md", "/out/secret.md", "/out.html/../secret.md"),
]


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_paths_are_not_found(folder: Path, path: str) -> None:
    assert answer_of(folder, path, None).status == 404
    built = folder / "built"
    built.mkdir()
    (built / "out").symlink_to(folder.parent)
    (built / ".hidden").write_text("secret")
    answer = answer_of(folder, path, built)
    assert answer.status == 404 or b"secret" not in answer.body


def test_a_built_site(folder: Path) -> None:
    built = folder.parent / "built"
    (built / "a").mkdir(parents=True)
    (built / "index.html").write_text("front")
    (built / "a/index.html").write_text("a")
    (built / "b.html").write_text("b")
    (built / "feed.xml").write_text("<feed/>")
    assert answer_of(folder, "/", built).body == b"front"
    assert answer_of(folder, "/a/", built).body == b"a"
    moved = answer_of(folder, "/a", built)
    assert (moved.status, dict(moved.headers)["Location"]) == (301, "/a/")
    assert dict(answer_of(folder, "//a", built).headers)["Location"] == "/a/"
    assert answer_of(folder, "/b", built).body == answer_of(folder, "/b.html", built).body == b"b"
    assert answer_of(folder, "/feed.xml", built).type.endswith("xml; charset=utf-8")
    assert answer_of(folder, "/.hidden", built).status == 404


def test_the_report(folder: Path) -> None:
    assert answer_of(folder, REPORT, None).status == 404
    (folder / ".newsspider").mkdir()
    (folder / ".newsspider/report.html").write_text("the runs")
    for built in (None, folder):
        assert answer_of(folder, REPORT, built).body == b"the runs"
