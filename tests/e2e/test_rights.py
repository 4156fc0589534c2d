"""Rights from the site to the records, the report, the posts and the exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import Cli
from support.fetching import Server, http, listed, site

TEXT = "Some text of an article."
PAGE = f"""<html><head><title>A headline</title><link rel="license" href="/terms"></head>
<body><h1>A headline</h1><time datetime="2026-11-01T10:00:00Z"></time>
<p>{TEXT} {"It goes on for a while. " * 20}</p></body>"""
ROBOTS = (
    "User-agent: *\nContent-Signal: search=yes, ai-train=no\nLicense: http://news.example/rsl.xml\n"
)


def crawl(tmp_path: Path, keys: str = "", source: str = "") -> Cli:
    cli = site(tmp_path, "news.example")
    file = tmp_path / "sites/attack.yml"
    file.write_text(file.read_text().replace("category: x}", f"category: x{keys}}}"))
    (tmp_path / "newsspider.yml").write_text(f"sources:\n  - source: attack/x\n{source}")
    headers = {"Content-Type": "text/html", "X-Robots-Tag": "noarchive", "tdm-reservation": "1"}
    replies = {
        "/robots.txt": http(ROBOTS.encode(), headers={"Content-Type": "text/plain"}),
        "/": listed("/a/1"),
        "/a/1": http(PAGE.encode(), headers=headers),
    }
    with Server(replies) as server:
        ran = cli("crawl", "--all", "--connect-to", server.address)
    assert ran.code == 0, ran.err
    assert "ai-input 1" in ran.out and "ai-train 1" in ran.out
    return cli


def test_rights_are_recorded_and_exported_and_are_no_part_of_the_post(tmp_path: Path) -> None:
    cli = crawl(tmp_path)
    (post,) = cli.posts.iterdir()
    assert TEXT in post.read_text() and "rsl.xml" not in post.read_text()
    assert cli("export", "all.jsonl").code == 0
    row = json.loads((cli.folder / "all.jsonl").read_text())
    assert [(each["origin"], each["name"], each["value"]) for each in row["rights"]] == [
        ("robots.txt", "license", "http://news.example/rsl.xml"),
        ("robots.txt", "search", "yes"),
        ("robots.txt", "ai-train", "no"),
        ("X-Robots-Tag", "noarchive", ""),
        ("header", "tdm-reservation", "1"),
        ("rel=license", "license", "http://news.example/terms"),
    ]
    ran = cli("export", "train.jsonl", "search.csv", "--use", "ai-train")
    assert "train.jsonl: 0 articles, 1 left out, as their publishers reserve this use" in ran.err
    assert (cli.folder / "train.jsonl").read_text() == ""
    assert "search.jsonl: 1 article" in cli("export", "search.jsonl", "--use", "search").err


@pytest.mark.parametrize(
    ("keys", "source"), [(", respect_rights: true", ""), ("", "    respect_rights: true\n")]
)
def test_where_rights_count_a_summary_is_published(tmp_path: Path, keys: str, source: str) -> None:
    (post,) = crawl(tmp_path, keys, source).posts.iterdir()
    body = post.read_text().partition("---\n<p>")[2]
    assert 0 < len(body) < 400 and "<http://news.example/a/1>" in body


@pytest.mark.parametrize(
    ("keys", "source"), [(", respect_rights: true", ""), ("", "    respect_rights: true\n")]
)
def test_rights_count_in_a_post_that_is_rendered_again(
    tmp_path: Path, keys: str, source: str
) -> None:
    cli = crawl(tmp_path, keys, f"{source}    archive: true\n")
    (post,) = cli.posts.iterdir()
    before = post.read_text()
    ran = cli("render")
    assert (ran.code, "1 post read again" in ran.out, ": 0 rewritten" in ran.out) == (0, True, True)
    assert post.read_text() == before
    (tmp_path / "newsspider.yml").write_text("sources: [{source: attack/x}]")
    assert cli("render").code == 0
    assert (post.read_text() == before) is bool(keys)


def test_a_use_that_there_is_not(cli: Cli) -> None:
    ran = cli("export", "a.jsonl", "--use", "fun")
    assert (ran.code, "'fun' is not one of" in ran.err) == (2, True)
