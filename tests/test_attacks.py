"""A hostile site, crawled as a user would: every post is a post, every page builds, nothing acts,
and a reader reads what the article said."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from attacks import SITE_FILE, Attack, Wing
from conftest import Cli, program
from looking import opened, squeezed, text_of, what_acts
from selectolax.lexbor import LexborHTMLParser

from newsspider.names import one_line

KEYS = ["layout", "title", "date", "categories", "tags"]
MORE = ["source", "link", "description", "image", "stocks", "last_modified_at"]
NAME = re.compile(r"\d{4}-\d\d-\d\d-[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.md")
FOOTER = re.compile(r"\n\n<(https?://[^<>\s]+)>\n\n\[[^\n]+\]\([^\n]+\)｜\[返回首页\]\([^\n]+\)\Z")

# As the first user's layouts print it: nothing escaped, a body in an attribute.
NAIVE = """<!DOCTYPE html><html><head><meta property="og:title" content="{{ page.title }}"><meta
property="og:description" content="{{ page.content }}"><title>t</title></head><body>
<h1>{{ page.title }}</h1><div class="body">
{{ content }}
</div><p id="end">{% for tag in page.tags %}<em>{{ tag }}</em>{% endfor %}</p></body></html>
"""


@dataclass(frozen=True)
class World:
    """One crawl of all attacks: the folder, and the post that came of each attack by its name."""

    folder: Path
    target: str
    profile: str
    attacks: dict[str, Attack]
    posts: dict[str, Path]

    def digest(self, attack: Attack) -> str:
        """What this crawl is told to quote before the body."""
        return "" if self.target == "finews/nodes" else self.sent(attack.digest)

    def sent(self, text: str) -> str:
        """A text as it comes: JSON can hold what a page's UTF-8 cannot."""
        return text if "finews" in self.target else text.encode("utf-8", "replace").decode()

    def built(self, naive: bool = False) -> Path:
        """The site as Jekyll builds it without a word, in its own layouts or in naive ones."""
        source, site = self.folder, self.folder.parent / ("_naive" if naive else "_site")
        if site.exists():
            return site
        if naive:
            source = self.folder.parent / "naive"
            shutil.copytree(self.folder / "_posts", source / "_posts")
            (source / "_layouts").mkdir()
            (source / "_layouts/post.html").write_text(NAIVE, "utf-8")
            (source / "_config.yml").write_text("timezone: Asia/Shanghai\nfuture: true\n")
        done = subprocess.run(
            [program("jekyll"), "build", "--strict_front_matter", "-q", "-s", source, "-d", site],
            env={**os.environ, "LANG": "C.UTF-8", "TZ": "UTC"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return site

    def pages(self, site: Path) -> Iterator[tuple[str, Path]]:
        """The page of each attack."""
        found = {page.stem: page for page in site.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.html")}
        assert len(found) == len(self.posts)
        for name, post in self.posts.items():
            yield name, found[post.stem[11:]]


@pytest.fixture(
    scope="module",
    params=["finews/nodes seed", "finews/emnews reader", "hostile/all seed", "hostile/all reader"],
)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    target, profile = request.param.split()
    folder = tmp_path_factory.mktemp("world")
    (folder / "sites").mkdir()
    (folder / "sites/hostile.yml").write_text(SITE_FILE, "utf-8")
    with Wing() as wing:
        ran = Cli(folder, None)(
            *("crawl", target, "--profile", profile, "--connect-to", wing.address),
            *("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16"),
            *("-o", "articles.jsonl"),
        )
        told = {attack.number: attack for attack in wing.attacks}
    assert ran.code == 0, ran.out[-2000:]
    output = folder / "output/site"
    posts = {}
    for line in (folder / "articles.jsonl").read_text("utf-8").split("\n")[:-1]:
        article = json.loads(line)
        number = article["key"][-18:]
        posts[told[number].name] = output / f"_posts/{article['published'][:10]}-{article['id']}.md"
    assert sorted(posts.values()) == sorted((output / "_posts").iterdir())
    attacks = {attack.name: attack for attack in told.values()}
    return World(output, target, profile, attacks, posts)


def test_every_post_is_one_post(world: World) -> None:
    now = datetime.now(UTC)
    assert len(world.posts) > 300
    for name, post in world.posts.items():
        text = post.read_bytes().decode("utf-8")
        assert NAME.fullmatch(post.name), name
        matter, body = re.fullmatch(r"---\n(.*?\n)---\n(.*)", text, re.S).groups()  # type: ignore[union-attr]
        head = yaml.safe_load(matter)
        assert list(head)[:5] == KEYS, name
        assert set(head) <= {*KEYS, *MORE}, name
        told = re.findall(r"^date: (\S+ \S+ \+0800)$", matter, re.M)
        date = datetime.strptime(told[0], "%Y-%m-%d %H:%M:%S %z")
        assert date.year >= 1992, name
        assert date <= now + timedelta(days=1), name
        assert post.name.startswith(f"{date:%Y-%m-%d}-"), name
        assert all(isinstance(head[key], str) for key in ("title", "categories")), name
        assert "{{" not in text, name
        assert "{%" not in text, name
        assert squeezed(text) == re.sub(r"\s+", "", text), name
        assert FOOTER.search(body), name
    assert len({post.name.lower() for post in world.posts.values()}) == len(world.posts)


def test_what_is_dropped_has_nothing_to_show_or_no_time(world: World) -> None:
    for name in set(world.attacks) - set(world.posts):
        attack = world.attacks[name]
        if world.target == "finews/nodes":  # the id tells the day, the list the address
            assert not text_of(attack.body), name
        else:
            assert name.startswith(("body, ", "link, ", "time, ")), name


def test_a_page_shows_what_the_article_said(world: World) -> None:
    for name, page in world.pages(world.built()):
        attack = world.attacks[name]
        root = LexborHTMLParser(page.read_text("utf-8"))
        headings = root.css("article > header h1")
        title = one_line(" ".join(world.sent(attack.title).split()))
        assert [squeezed(heading.text()) for heading in headings] == [squeezed(title)], name
        assert squeezed(root.css_first("title").text()).startswith(squeezed(title)), name
        body = root.css_first("div.body")
        address, back = list(body.iter())[-2:]
        assert [node.tag for node in address.iter()] == ["a"], name
        assert address.text() == address.css_first("a").text(), name
        assert [node.tag for node in back.iter()] == ["a", "a"], name
        assert back.text().endswith("｜返回首页"), name
        address.decompose()
        back.decompose()
        read, digest = squeezed(body.text()), squeezed(world.digest(attack))
        assert read.startswith(digest), name
        if world.target == "finews/nodes":  # the one whose text no rule of cleaning touches
            assert read == digest + text_of(attack.body), name


@pytest.mark.parametrize("naive", [False, True], ids=["own layouts", "naive layouts"])
def test_nothing_on_a_page_acts(world: World, naive: bool) -> None:
    for name, page in world.pages(world.built(naive)):
        root = LexborHTMLParser(page.read_text("utf-8"))
        for node in root.css("meta[http-equiv='Content-Security-Policy']"):
            node.decompose()
        assert what_acts(root.root) == [], name
        assert len(root.css("#end" if naive else "article")) == 1, name
        assert not root.css("[markdown]"), name


def test_lists_and_feed_show_titles_as_text(world: World) -> None:
    site = world.built()
    feed = ET.parse(site / "feed.xml").getroot()
    assert len(feed.findall("{*}entry")) == 20
    for page in [site / "index.html", site / "sections.html", *site.glob("category/*.html")]:
        root = LexborHTMLParser(page.read_text("utf-8"))
        assert [one for one in what_acts(root.root) if "<meta>" not in one] == [], page
    told = {
        squeezed(one_line(" ".join(world.sent(a.title).split()))) for a in world.attacks.values()
    }
    for page in site.glob("category/*.html"):
        for link in LexborHTMLParser(page.read_text("utf-8")).css("ul.list a"):
            assert squeezed(link.text()) in told, page


def test_a_browser_runs_nothing_and_asks_nobody(world: World) -> None:
    site = world.built(naive=True)  # the site's own layouts forbid scripts by a policy
    paths = [f"/{quote(str(page.relative_to(site)))}" for _, page in world.pages(site)]
    assert opened(site, paths) == []
