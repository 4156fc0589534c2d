"""What the crawl leaves builds with the real Jekyll, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from newsroom import Newsroom
from support import DATA
from support.cli import Cli

from newsspider.exporters.jekyll.post import read


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert Cli(folder, None)("demo").code == 0
    return folder / "output/demo"


@pytest.fixture(scope="module")
def built(demo: Path, jekyll: str) -> Path:
    site = demo.parent / "_site"
    build(jekyll, demo, site)
    return site


def build(jekyll: str, source: Path, site: Path, *options: str) -> None:
    """Build a site; the build must print nothing but its ordinary lines."""
    done = subprocess.run(
        [jekyll, "build", "--strict_front_matter", "-s", source, "-d", site, *options],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = (done.stdout + done.stderr).splitlines()
    ordinary = (
        "Configuration file:|Source:|Destination:|Incremental build:|Generating|done in|"
        "Auto-regeneration:"
    )
    assert [line for line in said if line.strip() and not re.match(rf"\s*({ordinary})", line)] == []


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _links(page: Path) -> list[str]:
    parser = _Links()
    parser.feed(page.read_text("utf-8"))
    return parser.links


def _file(site: Path, path: str) -> Path:
    file = site / unquote(path).lstrip("/")
    return file / "index.html" if path.endswith("/") else file


def test_every_post_becomes_one_page(demo: Path, built: Path) -> None:
    posts = list((demo / "_posts").iterdir())
    pages = list(built.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.html"))
    assert len(posts) > 50
    assert len(pages) == len(posts)


def test_every_footer_link_leads_to_a_page_that_lists_the_post(demo: Path, built: Path) -> None:
    pages = {page.stem: page for page in built.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.html")}
    for file in (demo / "_posts").iterdir():
        article = read(file.name, file.read_text("utf-8"))
        assert article is not None
        page = pages[article.id]
        footer = re.findall(r"\]\(([^()\s]+)\)", file.read_text("utf-8").splitlines()[-1])
        assert len(footer) == 2
        for target in footer[:1]:
            listing = _file(built, urlsplit(target).path)
            assert listing.is_file(), target
            listed = {unquote(link) for link in _links(listing)}
            assert any(link.endswith(f"/{page.relative_to(built)}") for link in listed), target
        assert _file(built, urlsplit(footer[1]).path).is_file()


def test_every_link_of_the_site_itself_leads_somewhere(built: Path) -> None:
    for page in [built / "index.html", built / "404.html", *built.glob("category/*.html")]:
        for link in _links(page):
            parts = urlsplit(link)
            if parts.path and not parts.netloc:
                assert _file(built, parts.path).is_file(), f"{page}: {link}"


# -- a site that states no footer -------------------------------------------------------------

GAZETTE = ("gazette/next-link", "--sites", str(DATA / "sites"))  # without further keys
ADDRESS = ("https://www.harbourgazette.example/latest",)  # with `source` and `link`


@pytest.fixture(scope="module", params=[GAZETTE, ADDRESS], ids=["site file", "address"])
def gazette(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gazette")
    with Newsroom() as room:
        assert Cli(folder, room)("crawl", *request.param, "-o", "articles.jsonl").code == 0
    (posts,) = folder.glob("output/*/_posts")
    assert len(list(posts.iterdir())) == 10
    return posts.parent


@pytest.mark.parametrize("base", ["", "/news"])
def test_every_link_leads_somewhere_under_any_base(
    gazette: Path, jekyll: str, tmp_path: Path, base: str
) -> None:
    site = tmp_path / base.lstrip("/")
    build(jekyll, gazette, site, *(("--baseurl", base) if base else ()))
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 10 + 4
    for page in pages:
        for link in _links(page):
            parts = urlsplit(link)
            if parts.path and not parts.netloc:
                assert parts.path.startswith(f"{base}/"), f"{page}: {link}"
                assert _file(tmp_path, parts.path).is_file(), f"{page}: {link}"


def test_a_post_links_its_section_and_its_source_once(
    gazette: Path, jekyll: str, tmp_path: Path
) -> None:
    build(jekyll, gazette, tmp_path)
    pages = list(tmp_path.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.html"))
    posts = {file.stem[11:]: file.read_text("utf-8") for file in (gazette / "_posts").iterdir()}
    assert len(pages) == 10
    for page in pages:
        source = posts[page.stem].splitlines()[-1].strip("<>")
        assert source.startswith("https://www.harbourgazette.example/")
        links = _links(page)
        assert links.count(source) == 1, page
        assert sum(link.startswith("/category/") for link in links) == 1, page
