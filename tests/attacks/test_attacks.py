"""A hostile site, crawled as a user would, in four ways: every post is a post, every page builds,
nothing acts, and a reader reads what the article said."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser
from support.cli import Cli, program
from support.looking import opened, squeezed, text_of, what_acts

from attacks import SITE_FILE, Attack, Wing
from newsspider.text.characters import one_line, shows

KEYS = ["layout", "title", "date", "categories", "tags"]
MORE = ["author", "source", "link", "description", "image", "stocks", "last_modified_at"]
MORE += ["dated_by", "lang"]
WAYS = ["finews/nodes seed", "finews/emnews reader", "hostile/all seed", "hostile/all reader"]
NAME = re.compile(r"\d{4}-\d\d-\d\d-[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.md")
FOOTER = re.compile(r"\n\n<(https?://[^<>\s]+)>\n\n\[[^\n]+\]\([^\n]+\)｜\[返回首页\]\([^\n]+\)\Z")
# What differs where the same is said.
VARYING = re.compile(r"(?m)^(?:date|link|description|source): .*$|^<http.*>$|第\d+条|\d{18}")

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
    attacks: dict[str, Attack]
    posts: dict[str, Path]

    def title(self, attack: Attack) -> str:
        """What the post is called: where no heading shows anything, the page's `<title>` does."""
        title = one_line(" ".join(self.sent(attack.title).split()))
        return title if shows(title) else "x"

    def digest(self, attack: Attack) -> str:
        """What this crawl is told to quote before the body."""
        quoted = self.target != "finews/nodes" and shows(attack.digest)
        return self.sent(attack.digest) if quoted else ""

    def sent(self, text: str) -> str:
        """A text as it comes: JSON can hold what a page's UTF-8 cannot."""
        return text if "finews" in self.target else text.encode("utf-8", "replace").decode()

    def pages(self) -> Iterator[tuple[str, Path]]:
        """The page of each attack, as Jekyll builds it in the site's own layouts."""
        site = self.folder.parent / "_site"
        if not site.exists():
            build(self.folder, site)
        found = {page.stem: page for page in site.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.html")}
        assert len(found) == len(self.posts)
        for name, post in self.posts.items():
            yield f"{self.target}: {name}", found[post.stem[11:]]

    def attack(self, name: str) -> Attack:
        return self.attacks[name.removeprefix(f"{self.target}: ")]


def build(source: Path, site: Path) -> None:
    """Without a word."""
    done = subprocess.run(
        [program("jekyll"), "build", "--strict_front_matter", "-q", "-s", source, "-d", site],
        env={**os.environ, "LANG": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def crawled(way: str, folder: Path, wing: Wing) -> World:
    target, profile = way.split()
    (folder / "sites").mkdir()
    (folder / "sites/hostile.yml").write_text(SITE_FILE, "utf-8")
    ran = Cli(folder, None)(
        *("crawl", target, "--profile", profile, "--connect-to", wing.address),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16"),
        *("-o", "articles.jsonl"),
    )
    assert ran.code == 0, ran.out[-2000:]
    told = {attack.number: attack for attack in wing.attacks}
    output = folder / "output/site"
    posts = {}
    for line in (folder / "articles.jsonl").read_text("utf-8").split("\n")[:-1]:
        article = json.loads(line)
        number = article["key"][-18:]
        posts[told[number].name] = output / f"_posts/{article['published'][:10]}-{article['id']}.md"
    assert sorted(posts.values()) == sorted((output / "_posts").iterdir())
    return World(output, target, {attack.name: attack for attack in wing.attacks}, posts)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    folders = [tmp_path_factory.mktemp("world") for _ in WAYS]
    with Wing() as wing, ThreadPoolExecutor(2) as two:
        return list(two.map(crawled, WAYS, folders, [wing] * len(WAYS)))


@pytest.fixture(scope="module")
def naive(worlds: list[World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts of all worlds in one site with naive layouts, those that differ only in a number
    once."""
    source = tmp_path_factory.mktemp("naive")
    (source / "_layouts").mkdir()
    (source / "_layouts/post.html").write_text(NAIVE, "utf-8")
    (source / "_config.yml").write_text("timezone: Asia/Shanghai\nfuture: true\n")
    known = set()
    for number, world in enumerate(worlds):
        folder = source / f"w{number}/_posts"
        folder.mkdir(parents=True)
        for post in world.posts.values():
            text = post.read_text("utf-8")
            if (plain := VARYING.sub("", text)) not in known:
                known.add(plain)
                (folder / post.name).write_text(text, "utf-8")
    site = source.with_name("_naive")
    build(source, site)
    assert len(known) == sum(1 for _ in naive_pages(site)) > 700
    return site


def naive_pages(site: Path) -> Iterator[Path]:
    return site.glob("w?/*/[0-9][0-9][0-9][0-9]/*/*/*.html")


def test_every_post_is_one_post(worlds: list[World]) -> None:
    now = datetime.now(UTC)
    for world in worlds:
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
            assert shows(head["title"]), name
            assert shows(str(head["tags"])), name
            assert "{{" not in text, name
            assert "{%" not in text, name
            assert squeezed(text) == re.sub(r"\s+", "", text), name
            assert FOOTER.search(body), name
        assert len({post.name.lower() for post in world.posts.values()}) == len(world.posts)


def test_what_is_dropped_has_nothing_to_show_or_no_time(worlds: list[World]) -> None:
    for world in worlds:
        for name in set(world.attacks) - set(world.posts):
            attack = world.attacks[name]
            if world.target == "finews/nodes":  # the id tells the day, the list the address
                assert not shows(text_of(attack.body)) or not shows(attack.title), name
            else:
                assert name.startswith(("body, ", "link, ", "time, ", "blank, ")), name


def test_a_page_shows_what_the_article_said(worlds: list[World]) -> None:
    for world in worlds:
        for name, page in world.pages():
            attack = world.attack(name)
            root = LexborHTMLParser(page.read_text("utf-8"))
            headings = root.css("article > header h1")
            title = squeezed(world.title(attack))
            assert [squeezed(heading.text()) for heading in headings] == [title], name
            assert squeezed(root.css_first("title").text()).startswith(title), name
            body = root.css_first("div.body")
            *_, back = list(body.iter())
            assert back.css("a"), name
            back.decompose()
            if world.target.startswith("finews"):  # the layout shows the link of others in its head
                address = list(body.iter())[-1]
                assert address.text() == address.css_first("a").text(), name
                address.decompose()
            read, digest = squeezed(body.text()), squeezed(world.digest(attack))
            assert read.startswith(digest), name
            if world.target == "finews/nodes":  # the one whose text no rule of cleaning touches
                assert read == digest + text_of(attack.body), name


def test_nothing_on_a_page_acts(worlds: list[World]) -> None:
    for world in worlds:
        for name, page in world.pages():
            root = LexborHTMLParser(page.read_text("utf-8"))
            for node in root.css("meta[http-equiv='Content-Security-Policy']"):
                node.decompose()
            assert what_acts(root.root) == [], name
            assert len(root.css("article")) == 1, name
            assert not root.css("[markdown]"), name


def test_nothing_acts_in_naive_layouts(naive: Path) -> None:
    for page in naive_pages(naive):
        root = LexborHTMLParser(page.read_text("utf-8"))
        assert what_acts(root.root) == [], page
        assert len(root.css("#end")) == 1, page


def test_lists_and_feed_show_titles_as_text(worlds: list[World]) -> None:
    for world in worlds:
        site = next(world.pages())[1].parents[4]
        feed = ET.parse(site / "feed.xml").getroot()
        assert len(feed.findall("{*}entry")) == 20
        for page in [site / "index.html", site / "sections.html", *site.glob("category/*.html")]:
            root = LexborHTMLParser(page.read_text("utf-8"))
            assert [one for one in what_acts(root.root) if "<meta>" not in one] == [], page
        told = {squeezed(world.title(attack)) for attack in world.attacks.values()}
        for page in site.glob("category/*.html"):
            for link in LexborHTMLParser(page.read_text("utf-8")).css("ul.list a"):
                assert squeezed(link.text()) in told, page


def test_a_browser_runs_nothing_and_asks_nobody(naive: Path) -> None:
    # The site's own layouts forbid scripts by a policy.
    paths = [f"/{quote(str(page.relative_to(naive)))}" for page in naive_pages(naive)]
    assert opened(naive, paths) == []
