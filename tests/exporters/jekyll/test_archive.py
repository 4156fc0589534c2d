"""The pages of older posts and the sitemap: the files laid, and what Jekyll makes of them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.jekyll_site import build, read_page, write_post

from newsspider.exporters.jekyll.laid import note_laid
from newsspider.exporters.jekyll.scaffold import (
    PAGE,
    Look,
    lay_category_page,
    lay_lists,
    lay_site,
)

TEMPLATES = Path(lay_site.__code__.co_filename).with_name("site")
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "/news"
POSTS = 2 * PAGE + 15  # 100 of them in the category `_x`
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _laid(tmp_path: Path, counts: dict[str, int]) -> list[str]:
    names = [path.relative_to(tmp_path).as_posix() for path in lay_lists(tmp_path, counts)]
    return sorted(name for name in names if name.endswith(".html"))


@pytest.mark.parametrize(
    ("count", "pages"), [(0, 0), (PAGE, 0), (2 * PAGE - 1, 0), (2 * PAGE, 1), (3 * PAGE, 2)]
)
def test_a_full_page_is_laid_when_a_list_has_fifty_newer_posts(
    tmp_path: Path, count: int, pages: int
) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    expected = [
        f"_older/{folder}/{number}.html"
        for folder in ("archive", "category/cat")
        for number in range(1, pages + 1)
    ]
    assert _laid(tmp_path, {"cat": count}) == expected


def test_a_new_post_changes_no_page_that_is_laid(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    lay_lists(tmp_path, {"cat": 2 * PAGE})
    texts = {path: path.read_bytes() for path in tmp_path.rglob("[0-9].html")}
    assert len(texts) == 2
    assert _laid(tmp_path, {"cat": 2 * PAGE + 1}) == []
    assert len(_laid(tmp_path, {"cat": 3 * PAGE})) == 2
    assert {path: path.read_bytes() for path in texts} == texts


def test_a_site_without_the_layout_gets_no_pages(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    (tmp_path / "_layouts/archive.html").unlink()
    assert _laid(tmp_path, {"cat": 10 * PAGE}) == []
    assert not (tmp_path / "_older/archive").exists()


def test_a_layout_of_somebody_else_gets_no_pages(tmp_path: Path) -> None:
    (tmp_path / "_layouts").mkdir()
    for name in ("archive.html", "feed.xml"):
        (tmp_path / "_layouts" / name).write_text("my own")
    assert lay_lists(tmp_path, {"cat": 10 * PAGE}) == []
    note_laid(tmp_path, {"_layouts/archive.html": "laid by us, and edited since"})
    assert len(lay_lists(tmp_path, {"cat": 2 * PAGE})) == 2


def test_each_section_gets_a_feed_if_the_site_has_the_layout(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    feeds = [tmp_path / "category/cat.xml", tmp_path / "category/-_x.xml"]
    assert lay_lists(tmp_path, {"cat": 1, "_x": 1}) == feeds
    assert lay_lists(tmp_path, {"cat": 2, "_x": 1}) == []
    (tmp_path / "_layouts/feed.xml").unlink()
    assert lay_lists(tmp_path, {"other": 1}) == []


def test_the_layouts_have_as_many_posts_on_a_page() -> None:
    files = ["_layouts/archive.html", "_layouts/category.html", "archive.html"]
    numbers = [
        re.findall(r"times: -?(\d+)", (TEMPLATES / name).read_text("utf-8")) for name in files
    ]
    assert numbers == [[str(PAGE)]] * 3


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, www = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("www")
    lay_site(source, Look("News", "en-GB", "UTC", "https://news.example"))
    lay_category_page(source, slug="_x", title="The harbour")
    newest = datetime(2022, 4, 26, 12)
    for number in range(POSTS):
        date = f"{newest - timedelta(hours=13 * number)} +0000"
        category = "_x" if number < 2 * PAGE else "other"
        write_post(source, f"p{number}", f"post{number}", date=date, categories=category)
    lay_lists(source, {"_x": 2 * PAGE, "other": POSTS - 2 * PAGE})
    build(source, www / "news", "--baseurl", BASE)
    return www


def _titles(built: Path, name: str) -> list[str]:
    return [
        str(title)
        for title in read_page(built / "news" / name).xpath("//li/a[starts-with(., 'post')]/text()")
    ]


def test_pages_count_from_the_oldest_and_no_post_is_missing(built: Path) -> None:
    names = [f"post{number}" for number in range(POSTS)]
    assert _titles(built, "archive/1.html") == names[-PAGE:]
    assert _titles(built, "archive.html") == names[:-PAGE]
    assert _titles(built, "category/_x/1.html") == names[PAGE : 2 * PAGE]
    assert _titles(built, "category/_x.html") == names[:PAGE]


@pytest.mark.parametrize(
    ("name", "title", "links"),
    [
        ("archive", "Archive", {"Older": "/news/archive/1.html"}),
        ("archive/1", "Archive · 1", {"Newer": "/news/archive.html"}),
        ("category/_x", "The harbour", {"Older": "/news/category/_x/1.html"}),
        ("category/_x/1", "The harbour · 1", {"Newer": "/news/category/_x.html"}),
        ("index", "", {"Older": "/news/archive.html"}),
    ],
)
def test_each_page_leads_to_the_next_and_back(
    built: Path, name: str, title: str, links: dict[str, str]
) -> None:
    page = read_page(built / "news" / f"{name}.html")
    assert page.findtext(".//title") == (f"{title} · News" if title else "News")
    pager = page.xpath("//*[@class='pager']/a")
    assert {link.text: link.get("href") for link in pager} == links


def test_a_month_leads_to_its_newest_post(built: Path) -> None:
    months = read_page(built / "news/archive.html").xpath("//ul[@class='months']//a")
    assert [month.text for month in months] == ["2022-04", "2022-03", "2022-02"]
    for month in months:
        name, _, place = month.get("href").removeprefix("/news/").partition("#")
        (day,) = read_page(built / "news" / name).xpath(f"//h2[@id='{place}']")
        year, number = month.text.split("-")
        assert day.text.endswith(f"{datetime(int(year), int(number), 1):%B %Y}")
    assert months[-1].get("href") == "/news/archive/1.html#m2022-02"


def test_the_feed_of_a_section_has_its_newest_posts(built: Path) -> None:
    feed = ET.parse(built / "news/category/_x.xml").getroot()
    address = "https://news.example/news/category/_x"
    assert feed.findtext(f"{ATOM}id") == "tag:localhost,2000:feed/_x"
    assert feed.findtext(f"{ATOM}title") == "The harbour · News"
    links = [link.get("href") for link in feed.findall(f"{ATOM}link")]
    assert links == [f"{address}.html", f"{address}.xml"]
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == [f"post{number}" for number in range(20)]
    other = ET.parse(built / "news/category/other.xml").getroot()  # without a page
    assert other.findtext(f"{ATOM}title") == "other · News"
    assert len(other.findall(f"{ATOM}entry")) == POSTS - 2 * PAGE
    page = read_page(built / "news/category/_x.html")
    feeds = page.xpath("//link[@type='application/atom+xml']/@href")
    assert feeds == ["/news/feed.xml", "/news/category/_x.xml"]


def test_pages_whose_posts_were_removed_show_each_post_once(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    lay_lists(tmp_path, {"cat": 4 * PAGE})
    for number in range(PAGE + 7):
        write_post(tmp_path, f"p{number}", f"post{number}")
    build(tmp_path, tmp_path / "www/news")
    pages = ["archive.html", *(f"archive/{number}.html" for number in (3, 2, 1))]
    sizes = [len(_titles(tmp_path / "www", page)) for page in pages]
    assert sizes == [0, 0, 7, PAGE]


def test_the_sitemap_has_each_page_once_and_the_last_change_of_posts(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC", "https://news.example"))
    lay_category_page(tmp_path, slug="a&b", title="A")
    date = "2022-04-10 08:00:00 +0000"
    write_post(tmp_path, "one", "one", date=date, categories="a&b")
    changes = {"two": "2022-05-01 09:00:00 +0800", "three": '"never<"'}
    for name, change in changes.items():
        write_post(tmp_path, name, name, date=date, last_modified_at=change)
    build(tmp_path, tmp_path / "_site", "--baseurl", BASE)
    sitemap = ET.parse(tmp_path / "_site/sitemap.xml").getroot()
    root = f"https://news.example{BASE}"
    urls = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in sitemap}
    assert urls == {
        f"{root}/": None,
        f"{root}/archive.html": None,
        f"{root}/search.html": None,
        f"{root}/sections.html": None,
        f"{root}/category/a&b.html": None,
        f"{root}/a&b/2022/04/10/one.html": "2022-04-10T08:00:00+00:00",
        f"{root}/cat/2022/04/10/two.html": "2022-05-01T09:00:00+08:00",
        f"{root}/cat/2022/04/10/three.html": "2022-04-10T08:00:00+00:00",
    }
