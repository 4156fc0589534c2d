"""The add-on behind another project's spider, as its user runs it; docs/scrapy.md."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from support import ROOT
from support.cli import SEED, SHARE, Cli
from support.foreign import KINDS
from support.launching import Ended, Order, launch

from newsspider.extraction.items import RULES
from newsspider.model import FIELDS
from newsspider.store import lock

FOREIGN = str(ROOT / "tests/support/foreign.py")
FERRY = {
    "url": "https://harbour.example/ferry-sails-again",
    "title": "Ferry sails again",
    "body": "<p>The ferry sails again, and it takes forty cars.</p><p>It leaves hourly.</p>",
    "published": "2026-04-12T10:05:00+02:00",
    "authors": ["Greta Lohse"],
    "tags": ["Ferry", "Harbour"],
    "images": [{"url": "https://harbour.example/ferry.jpg"}],
    "category": "Island News",
}
BRIDGE = {
    "url": "https://bridge.example/2026/bridge-closes",
    "title": "Bridge closes",
    "body": "<p>The bridge closes for three weeks in May, the county says.</p>",
    "published": "12 April 2026, 11:30",
}


class Project:
    """Another project's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = ""

    def __call__(self, *items: Any, kind: str = "dict", settings: tuple[str, ...] = ()) -> str:
        """Crawl these items. Gives the last line that newsspider logs."""
        (self.folder / "items.json").write_text(json.dumps(items), "utf-8")
        self.log = self.run(kind, "items.json", "NEWS_OUTPUT=site", *settings).err
        return self.lines()[-1]

    def run(self, *arguments: str, script: str = FOREIGN, **fault: Any) -> Ended:
        environment = {**os.environ, "PYTHONUTF8": "1"}
        return launch(
            Order(
                [*arguments], environment, str(self.folder), script=script, kill_after=600, **fault
            )
        )

    def lines(self) -> list[str]:
        """What newsspider logs of its own accord."""
        return re.findall(r"\[newsspider\S*\] (?:INFO|WARNING|ERROR): (.*)", self.log)

    @property
    def posts(self) -> dict[str, bytes]:
        """The posts and, since it is a promise too, the pages of their categories; the records
        without the time of the run that wrote each post."""
        paths = sorted((self.folder / "site").rglob("*.*"))
        return {
            path.name: re.sub(rb',"fetched_at":"[^"]*"', b"", path.read_bytes())
            for path in paths
            if path.is_file() and ".newsspider" not in path.parts
        }

    @property
    def post(self) -> Path:
        [path] = (self.folder / "site/_posts").iterdir()
        return path

    @property
    def links(self) -> set[tuple[str, str, str]]:
        with sqlite3.connect(self.folder / "site/.newsspider/ledger.sqlite") as ledger:
            return set(ledger.execute("SELECT listing, state, reason FROM links"))

    @property
    def feed(self) -> list[dict[str, Any]]:
        return _lines_of(self.folder / "feed.jsonl")


def _lines_of(feed: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in feed.read_text("utf-8").splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def as_dicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    project = Project(tmp_path_factory.mktemp("dicts"))
    assert project(FERRY, BRIDGE).endswith("2 found, 2 written, 0 updated, 0 unchanged")
    return project.posts


@pytest.mark.parametrize("kind", KINDS)
def test_items_of_each_kind_end_in_the_same_bytes(
    project: Project, as_dicts: dict[str, bytes], kind: str
) -> None:
    project(FERRY, BRIDGE, kind=kind)
    assert project.posts == as_dicts
    assert len([name for name in as_dicts if name.startswith("2026-04-12-")]) == 2


def test_what_a_post_and_a_feed_have_of_an_item(project: Project) -> None:
    project(FERRY)
    text = project.post.read_text("utf-8")
    for line in (
        'title: "Ferry sails again"',
        "date: 2026-04-12 10:05:00 +0200",
        "categories: island-news",
        'tags: ["Island News"]',
        'author: "Greta Lohse"',
        'image: "https://harbour.example/ferry.jpg"',
    ):
        assert line in text.splitlines()
    [article] = project.feed
    assert article["key"] == "harbour-example:https://harbour.example/ferry-sails-again"
    assert article["tags"] == ["Ferry", "Harbour"]
    assert project.links == {("@items", "published", "")}


def test_a_second_run_changes_no_byte_and_a_changed_title_updates_the_post(
    project: Project,
) -> None:
    project(FERRY, BRIDGE)
    before = project.posts
    assert project(FERRY, BRIDGE).endswith("2 found, 0 written, 0 updated, 2 unchanged")
    assert project.posts == before
    changed = {**FERRY, "title": "Ferry sails at last", "category": "Another"}
    assert project(changed, BRIDGE).endswith("2 found, 0 written, 1 updated, 1 unchanged")
    assert project.posts.keys() == before.keys()
    changed_files = {name for name, text in project.posts.items() if text != before[name]}
    [name] = [name for name in changed_files if name.endswith(".md")]
    assert changed_files == {name, "2026-04.jsonl"}  # the post and its record
    assert b"Ferry sails at last" in project.posts[name]
    assert b"categories: island-news" in project.posts[name]


def test_an_edited_post_is_left_alone_and_a_removed_one_stays_away(project: Project) -> None:
    project(FERRY)
    project.post.write_text("mine", "utf-8")
    assert project({**FERRY, "title": "Other"}).endswith("1 dropped (Edited 1)")
    assert project.post.read_text("utf-8") == "mine"
    assert project.links == {("@items", "published", "Edited")}
    project.post.unlink()
    assert project(FERRY).endswith("1 dropped (Removed 1)")


def test_every_drop_has_its_reason_and_no_traceback(project: Project) -> None:
    lacking = [{key: FERRY[key] for key in FERRY if key != name} for name in ("url", "title")]
    undated = {**FERRY, "url": "https://harbour.example/2", "published": "soon"}
    empty = {**FERRY, "url": "https://harbour.example/3", "body": "<script>1</script>"}
    long = {**FERRY, "url": "https://harbour.example/5", "body": "<p>" + "a " * 2**20}
    elsewhere = {**FERRY, "url": "gopher://harbour.example/4"}
    last = project(*lacking, undated, empty, long, elsewhere, {}, BRIDGE)
    assert last.endswith(
        "8 found, 1 written, 0 updated, 0 unchanged,"
        " 7 dropped (Incomplete 3, EmptyBody 1, NoDate 1, NoLink 1, TooLong 1)"
    )
    assert "the item has no title: 'https://harbour.example/ferry-sails-again'" in project.log
    assert "'news/dropped/Incomplete': 3" in project.log
    assert "Traceback" not in project.log
    assert project.links == {
        ("@items", "published", ""),
        ("@items", "dropped", "EmptyBody"),
        ("@items", "dropped", "TooLong"),
        ("@items", "failed", "NoDate"),
    }


def test_unknown_fields_are_passed_over_and_named_once(project: Project) -> None:
    project({**FERRY, "shade": 1}, {**BRIDGE, "shade": 2})
    assert [line for line in project.lines() if "shade" in line] == [
        "items have a field 'shade', which newsspider ignores"
    ]
    assert len(project.feed) == 2


def test_options_of_a_run_apply(project: Project) -> None:
    last = project(FERRY, settings=("NEWS_SINCE=2026-05-01",))
    assert last.endswith("1 dropped (TooOld 1)")
    assert project.links == {("@items", "pending", "TooOld")}
    assert project(FERRY).endswith("1 found, 1 written, 0 updated, 0 unchanged")


def test_attack_what_an_item_says_is_sanitised(project: Project) -> None:
    body = (
        '<p onclick="alert(1)">Words <a href="javascript:alert(1)">here</a></p><script>1</script>'
    )
    title = 'A "quoted" <script>alert(1)</script>{{ site }} \ud800title\nlayout: evil'
    project({**FERRY, "body": body, "title": title, "category": "../../evil", "images": ["data:x"]})
    text = project.post.read_text("utf-8")
    for evil in ("onclick", "javascript:", "<script", "{{ site", "\nlayout: evil", "data:x"):
        assert evil not in text
    assert not list(project.folder.parent.glob("evil*"))


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("NEWS_OUTPUT=held", "OutputHeld"),
        ("NEWS_OUTPUT=file/site", "OutputError"),
        ("NEWS_STOCK=?!", "ValueError"),
    ],
)
def test_a_folder_that_cannot_be_had_ends_the_crawl_in_a_line(
    project: Project, setting: str, reason: str, held: None
) -> None:
    (project.folder / "file").write_text("", "utf-8")
    project(FERRY, settings=(setting,))
    [line] = project.lines()
    assert line.startswith("newsspider: "), line
    assert f"'finish_reason': '{reason}'" in project.log
    assert "Traceback" not in project.log
    assert not (project.folder / "site").exists()


@pytest.fixture
def held(project: Project) -> Iterator[None]:
    place = project.folder / "held/.newsspider"
    place.mkdir(parents=True)
    handle = lock.take(place / "lock", wait=0, tell=print)
    yield
    os.close(handle)


def test_an_item_and_a_share_link_are_one_post(cli: Cli) -> None:
    """The article that a crawl by address exports, as another spider's item."""
    ran = cli("share", SHARE + "NW202204262359811335", "-o", "share.jsonl")
    assert ran.code == 0, ran.err
    before = (cli.posts / SEED).read_bytes()
    [article] = _lines_of(cli.folder / "share.jsonl")
    item = {name: article[name] for name in ("title", "body", "published", "source")}
    project = Project(cli.folder)
    last = project(
        {"url": article["link"], **item}, settings=(f"NEWS_OUTPUT={cli.folder}/output/site",)
    )
    assert cli.names == [SEED]
    assert last.endswith("1 found, 0 written, 0 updated, 1 unchanged"), last
    assert (cli.posts / SEED).read_bytes() == before


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[str]:
    """A small site on loopback: its address."""
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / "index.html").write_text('<h2><a href="ferry.html">Ferry sails again</a></h2>')
    (folder / "ferry.html").write_text(
        f"<h1>{FERRY['title']}</h1><p class=by>Greta Lohse</p>"
        f"<time datetime={FERRY['published']}></time><article>{FERRY['body']}</article>"
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_example_of_the_docs_runs(project: Project, harbour: str) -> None:
    match = re.search(r"```python\n(.*?)```", (ROOT / "docs/scrapy.md").read_text("utf-8"), re.S)
    assert match
    example = match[1].replace("https://harbour.example/", harbour)
    (project.folder / "harbour.py").write_text(example, "utf-8")
    script = project.folder / "scrapy_command.py"
    script.write_text("from scrapy.cmdline import execute\nexecute()\n", "utf-8")
    ended = project.run("runspider", "harbour.py", script=str(script))
    project.log = ended.err
    assert project.lines()[-1] == "newsspider: site: 1 found, 1 written, 0 updated, 0 unchanged"
    assert 'author: "Greta Lohse"' in project.post.read_text("utf-8")


def test_every_field_of_the_docs_is_read_and_the_reverse() -> None:
    text = (ROOT / "docs/scrapy.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    fields = {name for name, info in FIELDS.items() if info.rule} - {"link"}
    assert {RULES[name] for name in fields} <= {RULES.get(name) for name in named}
    assert named - {"url", "category", "section", "tag"} <= RULES.keys()


@pytest.mark.parametrize("at", [31, 44])
@pytest.mark.parametrize("pages", [True, False])
def test_a_full_disk_ends_the_crawl_and_the_next_one_keeps_the_rest(
    project: Project, at: int, pages: bool
) -> None:
    """Items of responses, and items of `start`."""
    items = [{**FERRY, "url": f"https://harbour.example/{n}"} for n in range(20)]
    (project.folder / "items.json").write_text(json.dumps(items), "utf-8")
    folder = str(project.folder / "site")
    arguments = ("dict", "items.json", "NEWS_OUTPUT=site", f"PAGES={pages}")
    project.log = project.run(*arguments, folder=folder, fault="full", at=at).err
    *_, trouble, last = project.lines()
    assert trouble.startswith("newsspider: site/") and "disk" in trouble
    assert project.log.count("Error processing") <= 1
    assert "'finish_reason': 'Unwritable'" in project.log
    assert "NotKept" in last
    project(*items)
    assert project.links == {("@items", "published", "")}
    assert len(list((project.folder / "site/_posts").iterdir())) == len(items)
