"""Rights from the site to the records, the report, the posts and the exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import Cli
from support.fetching import Server, http, listed, site

from newsspider.fetch.rights import MOST_LICENSES
from newsspider.model import Right

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


@pytest.mark.parametrize("archive", ["0", "1"])
def test_what_a_publisher_states_later_is_noted_and_the_post_stays(
    tmp_path: Path, archive: str
) -> None:
    cli, url = Cli(tmp_path, None), "http://news.example/a/1"
    page = http(PAGE.replace('<link rel="license" href="/terms">', "").encode())
    posts = []
    for say, kept in (("ai-train=no", "1"), ("search=no", archive)):
        robots = http(f"User-agent: *\nContent-Signal: {say}\n".encode())
        with Server({"/robots.txt": robots, "/a/1": page}) as server:
            keep = ("-s", f"NEWS_ARCHIVE={kept}", "--connect-to", server.address)
            ran = cli("share", url, *keep)
        assert ran.code == 0, ran.err
        posts.append((cli.posts / cli.names[0]).read_bytes())
    folder = ("--output", str(cli.posts.parent))
    ran = cli("render", *folder)
    assert (ran.code, "1 post read again" in ran.out, ": 0 rewritten" in ran.out) == (0, True, True)
    row = json.loads(cli("export", "-", "--format", "jsonl", *folder).out)
    assert row["rights"] == [{"origin": "robots.txt", "name": "search", "value": "no"}]
    assert (row["title"], posts[0] == posts[1]) == ("A headline", True)


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


LICENSE = """<rsl xmlns="https://rslstandard.org/rsl"><content url="/a/"><license>
<permits type="usage">search</permits><prohibits type="usage">ai-input</prohibits></license>
</content>
<content url="/b/"><license><prohibits type="usage">all</prohibits></license></content></rsl>"""
JSON = {"Content-Type": "application/json"}
TDMREP = b'[{"location": "/b/", "tdm-reservation": 0}, {"location": "/*", "tdm-reservation": 1}]'


def shared(
    tmp_path: Path, replies: dict[str, bytes], wish: str = "NEWS_RIGHTS_FILES=1"
) -> tuple[list[Right], list[str]]:
    """Share two articles; return the rights of the first, and what was asked for."""
    page = http(PAGE.replace('<link rel="license" href="/terms">', "").encode())
    replies = {"/a/1": page, "/a/2": page.replace(b"headline", b"subject!"), **replies}
    cli = Cli(tmp_path, None)
    urls = ["http://news.example/a/1", "http://news.example/a/2"]
    quick = (
        "-s",
        "DOWNLOAD_DELAY=0",
        "-s",
        "AUTOTHROTTLE_ENABLED=False",
        "-s",
        "RETRY_TIMES=0",
        "-s",
        wish,
    )
    with Server(replies) as server:
        ran = cli("share", *urls, "--connect-to", server.address, *quick)
        asked = [f"{host}{path}" for _, host, path in server.asked]
    assert (ran.code, len(cli.names)) == (0, 2), ran.err
    exported = cli("export", "-", "--format", "jsonl", "--output", str(cli.posts.parent)).out
    row = json.loads(exported.splitlines()[0])
    return [Right(**each) for each in row["rights"]], asked


def test_the_files_of_a_site_are_asked_for_once(tmp_path: Path) -> None:
    rights, asked = shared(
        tmp_path,
        {
            "/robots.txt": http(b"License: http://licenses.example/l.xml", headers=JSON),
            "licenses.example/robots.txt": http(b"License: http://more.example/l.xml"),
            "/.well-known/tdmrep.json": http(TDMREP, headers=JSON),
            "licenses.example/l.xml": http(LICENSE.encode()),
        },
    )
    assert [(each.origin, each.name, each.value) for each in rights] == [
        ("robots.txt", "license", "http://licenses.example/l.xml"),
        ("tdmrep.json", "tdm-reservation", "1"),
        ("RSL", "search", "yes"),
        ("RSL", "ai-input", "no"),
    ]
    assert sorted(asked) == [
        "licenses.example/l.xml",
        "licenses.example/robots.txt",
        "news.example/.well-known/tdmrep.json",
        "news.example/a/1",
        "news.example/a/2",
        "news.example/robots.txt",
    ]


@pytest.mark.parametrize(
    ("wish", "number"), [("NEWS_RESPECT_RIGHTS=1", 1), ("NEWS_RIGHTS_FILES=0", 0)]
)
def test_the_files_are_asked_for_where_rights_count(tmp_path: Path, wish: str, number: int) -> None:
    _, asked = shared(tmp_path, {"/robots.txt": http(status=404)}, wish)
    assert len([path for path in asked if path.endswith("tdmrep.json")]) == number


def test_a_site_that_respects_rights_asks_for_its_files(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    file = tmp_path / "sites/attack.yml"
    keys = "category: x, respect_rights: true}"
    file.write_text(file.read_text().replace("category: x}", keys))
    replies = {
        "/robots.txt": http(status=404),
        "/.well-known/tdmrep.json": http(TDMREP, headers=JSON),
        "/": listed("/a/1"),
        "/a/1": http(PAGE.encode()),
    }
    with Server(replies) as server:
        ran = cli("crawl", "attack/x", "--connect-to", server.address)
    assert (ran.code, "ai-train 1" in ran.out) == (0, True), ran.err
    assert len((cli.posts / cli.names[0]).read_text()) < 700  # a summary
    assert server.paths().count("/.well-known/tdmrep.json") == 1


@pytest.mark.parametrize(
    ("robots", "reply"),
    [
        (b"", http(status=404)),
        (b"", http(status=500)),
        (b"", b""),
        (b"", http(headers={"Content-Length": str(10**9)})),
        (b"", http(b"<html>a page of its own for all addresses</html>")),
        (b"User-agent: *\nDisallow: /.well-known/", http(TDMREP, headers=JSON)),
        (b"License: http://127.0.0.1:1/l.xml\nLicense: http://[::1/", http(status=404)),
        (b"License: http://news.example/robots.txt", http(status=404)),
    ],
)
def test_attack_a_file_that_cannot_be_read_states_nothing_and_costs_no_article(
    tmp_path: Path, robots: bytes, reply: bytes
) -> None:
    files = {"/robots.txt": http(robots), "/.well-known/tdmrep.json": reply}
    rights, _ = shared(tmp_path, files)
    assert {each.name for each in rights} <= {"license"}


@pytest.mark.parametrize("number", [MOST_LICENSES, MOST_LICENSES + 1])
def test_attack_many_licences(tmp_path: Path, number: int) -> None:
    robots = "\n".join(f"License: http://news.example/{at}.xml" for at in range(number))
    _, asked = shared(tmp_path, {"/robots.txt": http(robots.encode())})
    assert len([path for path in asked if path.endswith(".xml")]) == MOST_LICENSES


def test_a_use_that_there_is_not(cli: Cli) -> None:
    ran = cli("export", "a.jsonl", "--use", "fun")
    assert (ran.code, "'fun' is not one of" in ran.err) == (2, True)
