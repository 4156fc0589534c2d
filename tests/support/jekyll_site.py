"""A Jekyll site for tests: its posts, written by hand, and the real build.

In: a folder with the scaffold. Out: post files, a built site, its pages.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import lxml.html

from support.cli import program


def build(source: Path, target: Path, *options: str) -> None:
    """Build a site; it must end well and without a word of warning."""
    command = [program("jekyll"), "build", "--strict_front_matter", "--disable-disk-cache"]
    command += ["--source", str(source), "--destination", str(target), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    said = (run.stdout + run.stderr).replace(str(source), "").replace(str(target), "")
    assert run.returncode == 0, said
    assert not re.search("warn|error|conflict|invalid|deprecat", said, re.IGNORECASE), said


FOOT = "<https://x.example/a.html>\n\n[返回甲新闻](//x.example/cat/)｜[返回首页](//x.example/)"


def write_post(
    folder: Path,
    name: str,
    title: str,
    *,
    body: str = "<p>正文。</p>",
    foot: str = FOOT,
    **keys: str,
) -> None:
    """A post file; `title` and `keys` are YAML. Without more keys it is laid out like the seed."""
    keys = {"date": "2022-04-26 20:16:23 +0800", "categories": "cat", "tags": "甲新闻"} | keys
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    (folder / "_posts").mkdir(exist_ok=True)
    (folder / "_posts" / f"{keys['date'][:10]}-{name}.md").write_text(
        f"---\nlayout: post\ntitle: {title}\n{head}---\n{body}\n\n{foot}", encoding="utf-8"
    )


def read_page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))
