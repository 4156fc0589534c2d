"""The search page of the built site: its files, and what a reader finds with it in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.jekyll_site import build, write_post
from support.looking import chromium, served
from support.waiting import PATIENCE

from newsspider.exporters.jekyll.scaffold import FILE, Look, lay_lists, lay_site

TEMPLATES = Path(lay_site.__code__.co_filename).with_name("site")
POSTS = 3 * FILE + 20
NEWEST = datetime(2026, 4, 26, 12)
# The titles of single posts, by their age: 0 is the newest.
TITLES = {
    3: "港口上调费用，引航员抗议",
    4: "フェリーの運航が再開",
    5: "Café im Hafen schließt",
    6: "Ferry fares rise <img src=x onerror=hit()>",
    POSTS - 1: "The oldest ferry of the fleet",
}
BODY = (
    "<p>The council met at noon and raised its fees. " + "The pilots were not amused. " * 9 + "</p>"
)


@pytest.fixture(scope="module")
def www(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, www = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("www")
    lay_site(source, Look("News", "en-GB", "UTC"))
    for number in range(POSTS):
        title = json.dumps(TITLES.get(number, f"Post {number} of the harbour"), ensure_ascii=False)
        date = f"{NEWEST - timedelta(hours=7 * number)} +0000"
        write_post(source, f"p{number}", title, body=BODY, date=date, source="Gazette")
    lay_lists(source, {"cat": POSTS})
    build(source, www / "news", "--baseurl", "/news")
    return www


def _rows(www: Path, name: str) -> list[list[str]]:
    return list(json.loads((www / "news" / name).read_text("utf-8")))


def test_every_post_is_in_one_file_and_full_files_count_from_the_oldest(www: Path) -> None:
    files = ["search.json", "search/2.json", "search/1.json"]
    sizes = [len(_rows(www, name)) for name in files]
    assert sizes == [FILE + 20, FILE, FILE]
    addresses = [row[0] for name in files for row in _rows(www, name)]
    assert [re.sub(r".*/p|\.html", "", address) for address in addresses] == [
        str(number) for number in range(POSTS)
    ]
    assert not (www / "news/search/3.json").exists()


def test_a_row_has_address_title_day_source_language_and_how_the_text_begins(www: Path) -> None:
    address, title, day, source, language, text = _rows(www, "search.json")[3]
    assert address == "/news/cat/2026/04/25/p3.html"
    assert (title, day, source, language) == (TITLES[3], "2026-04-25", "Gazette", "")
    assert text.startswith("The council met") and text.endswith("…") and len(text) <= 121


def test_the_layout_has_as_many_posts_in_a_file() -> None:
    text = (TEMPLATES / "_layouts/search.json").read_text("utf-8")
    assert set(re.findall(r"(?:times: -|plus: )(\d+)", text)) == {str(FILE)}


def test_one_file_has_less_than_one_step_may_read(tmp_path: Path) -> None:
    """A search reads files up to STEP bytes: the newest file, of long Chinese texts, is less."""
    lay_site(tmp_path, Look("新闻", "zh-CN", "Asia/Shanghai"))
    for number in range(2 * FILE - 1):
        write_post(
            tmp_path, f"p{number}", f'"{"港口上调费用引航员" * 6}"', body=f"<p>{'引航员' * 99}</p>"
        )
    lay_lists(tmp_path, {"cat": 2 * FILE - 1})
    build(tmp_path, tmp_path / "www")
    step = re.search(r"STEP = (\d+)", (TEMPLATES / "assets/search.js").read_text("utf-8"))
    assert step is not None
    assert len((tmp_path / "www/search.json").read_bytes()) < int(step[1])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(www: Path) -> Iterator[str]:
    with served(www) as address:
        yield f"{address}/news"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.heard = []
    page.add_init_script("window.hit = () => console.log('hit')")
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    yield page
    assert page.heard == []
    page.context.close()


def _search(page: Any, address: str, words: str) -> list[str]:
    page.goto(f"{address}/search.html")
    page.fill(".search input", words)
    page.keyboard.press("Enter")
    page.locator("[role=status]", has_text=re.compile(".")).wait_for()
    return list(page.locator("#results li > a").all_inner_texts())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("费用", [3]),
        ("引航员 港口", [3]),
        ("運航", [4]),
        ("フェリー", [4]),
        ("cafe", [5]),
        ("SCHLIESST hafen", [5]),
        ("schließt HAFEN", [5]),
        ("fares ferry", [6]),
        ("ferry nowhere", []),
        ("x onerror=hit()", [6]),
    ],
)
def test_a_search_finds_words_of_any_script_in_any_order(
    page: Any, address: str, words: str, found: list[int]
) -> None:
    assert _search(page, address, words) == [TITLES[number] for number in found]
    if found:
        page.click("#results li > a")
        page.wait_for_url(f"**/p{found[0]}.html")
    assert page.locator("#results img").count() == 0


def test_a_search_says_how_far_back_it_went_and_goes_on_to_the_oldest(
    page: Any, address: str
) -> None:
    script = (TEMPLATES / "assets/search.js").read_text("utf-8")
    short = re.sub(r"STEP = \d+", "STEP = 1", script)
    page.route(
        "**/search.js", lambda route: route.fulfill(body=short, content_type="text/javascript")
    )
    assert _search(page, address, "ferry") == [TITLES[6]]
    status = page.locator("[role=status]")
    assert status.inner_text().startswith("1 in all · Searched back to ")
    while page.locator("#results button").is_visible():
        before = status.inner_text()
        page.click("#results button")
        page.locator("[role=status]", has_not_text=before).wait_for()
    assert page.locator("#results li > a").all_inner_texts() == [TITLES[6], TITLES[POSTS - 1]]
    oldest = NEWEST - timedelta(hours=7 * (POSTS - 1))
    assert status.inner_text() == f"2 in all · Searched back to {oldest.day} {oldest:%B %Y}"


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB"])
def test_an_english_day_is_written_as_on_the_other_pages(
    page: Any, address: str, www: Path, language: str
) -> None:
    text = next(www.rglob("search.html")).read_text("utf-8")
    text = re.sub(r"<html lang=\"[^\"]*\"", f'<html lang="{language}"', text)
    page.route("**/search.html", lambda route: route.fulfill(body=text, content_type="text/html"))
    assert _search(page, address, "费用") == [TITLES[3]]
    assert page.inner_text("#results li .meta") == "Gazette · 25 April 2026"


def test_the_first_search_of_a_common_word_ends_with_enough(page: Any, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    assert len(_search(page, address, "harbour")) >= 20
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 300_000


def test_a_page_that_is_not_there_has_the_search(page: Any, address: str) -> None:
    page.goto(f"{address}/404.html")
    page.fill(".search input", "费用")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    page.locator("[role=status]", has_text=re.compile(".")).wait_for()
    assert page.locator("#results li > a").all_inner_texts() == [TITLES[3]]


def test_only_the_search_page_may_run_a_script(www: Path) -> None:
    allowed = {}
    for file in (www / "news").rglob("*.html"):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', file.read_text("utf-8"))
        assert policy is not None, file
        allowed[file.name] = [
            part for part in policy[1].split("; ") if part.endswith("-src 'self'")
        ]
    assert {name for name, parts in allowed.items() if parts} == {"search.html"}
    assert allowed["search.html"] == ["script-src 'self'", "connect-src 'self'"]
