"""What the crawl leaves builds with the real Jekyll, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
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
    done = subprocess.run(
        [jekyll, "build", "--strict_front_matter", "--source", demo, "--destination", site],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = (done.stdout + done.stderr).splitlines()
    ordinary = (
        "Configuration file:|Source:|Destination:|Incremental build:|Generating|done in|"
        "Auto-regeneration:"
    )
    assert [line for line in said if line.strip() and not re.match(rf"\s*({ordinary})", line)] == []
    return site


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
