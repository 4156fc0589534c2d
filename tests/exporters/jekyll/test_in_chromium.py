"""The built site as a browser shows it: its requests, its weight, its widths, its accessibility."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.jekyll_site import build, write_post
from support.looking import chromium, served
from support.waiting import PATIENCE

from newsspider.exporters.jekyll.scaffold import Look, lay_category_page, lay_lists, lay_site

LOOKS = {
    "en": Look("The Ellery Paper", "en-GB", "Europe/London"),
    "ar": Look("صحيفة إليري", "ar-EG", "Africa/Cairo"),
}
TITLES = [
    "Ferry",
    "The harbour council raises its fees for the third time " * 4,
    "港口上调费用",
    "الميناء",
]
LANGUAGES = ["", "", "zh-CN", "ar-EG"]
PAGES = [
    "index.html",
    "archive.html",
    "archive/1.html",
    "sections.html",
    "404.html",
    "search.html",
    "category/cat.html",
    "cat/2022/04/26/p0.html",
]
BODY = (
    "<p>The council met at noon. "
    + "It raised the fees of the harbour. " * 20
    + '</p><figure><img src="https://pictures.example/one.svg" alt="A ferry"/>'
    + "<figcaption>The ferry</figcaption></figure><table><tr>"
    + "<td>one two three</td>" * 20
    + '</tr></table><p><img src="https://pictures.example/dead.png" alt="The tower"/></p>'
)
LEAD = '<figure><img src="https://pictures.example/wide.svg" alt="A pier"/></figure>'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1200">'
    '<rect width="900" height="1200" fill="#468"/></svg>'
)


@pytest.fixture(scope="module", params=LOOKS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    lay_site(source, LOOKS[request.param])
    for slug in ("cat", "port"):
        lay_category_page(source, slug=slug, title=f"News of the {slug}")
    for number in range(110):
        date = datetime(2022, 4, 26, 12) - timedelta(hours=7 * number)
        section = ("cat", "port")[number % 3 == 2]
        keys = {
            "date": f"{date} +0000",
            "categories": section,
            "tags": f'["News of the {section}"]',
        }
        if number % 2:
            name = "dead.png" if number % 4 == 3 else "one.svg"
            keys["image"] = f'"https://pictures.example/{name}"'
        if language := LANGUAGES[number % 4]:
            keys["lang"] = language
        title = f'"{TITLES[number % 4].strip()}"'
        link = f"https://gazette.example/{number}"
        keys |= {"source": "Harbour Gazette", "link": f'"{link}"'}
        body = LEAD + BODY if number == 1 else BODY
        write_post(source, f"p{number}", title, body=body, foot=f"<{link}>", **keys)
    lay_lists(source, {"cat": 74, "port": 36})
    build(source, source / "_site")
    return source / "_site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


def _opened(browser: Any, width: int = 1200, **options: Any) -> Any:
    """A page of a new context, with the pictures of `pictures.example`; one of them is gone."""
    page = browser.new_context(viewport={"width": width, "height": 800}, **options).new_page()
    page.set_default_timeout(PATIENCE * 1000)

    def answer(route: Any) -> None:
        if "dead" in route.request.url:
            route.fulfill(status=404)
        else:
            time.sleep(0.05)  # after the first paint
            drawing = DRAWING.replace("1200", "600") if "wide" in route.request.url else DRAWING
            route.fulfill(content_type="image/svg+xml", body=drawing)

    page.route("https://pictures.example/**", answer)
    return page


def test_no_page_asks_others_for_more_than_pictures(browser: Any, address: str) -> None:
    page = _opened(browser)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.resource_type == "image"
            or request.url.startswith(f"{address}/")
            or heard.append(request.url)
        ),
    )
    for name in PAGES:
        page.goto(f"{address}/{name}", wait_until="networkidle")
    assert [line for line in heard if "404" not in line] == []
    page.context.close()


def test_the_front_page_weighs_less_than_100_kb_without_pictures(
    browser: Any, address: str
) -> None:
    page = _opened(browser)
    sizes: list[int] = []
    page.on(
        "response",
        lambda response: (
            response.request.resource_type == "image" or sizes.append(len(response.body()))
        ),
    )
    page.goto(f"{address}/index.html", wait_until="networkidle")
    assert len(sizes) == 3  # the page, its style, its icon
    assert sum(sizes) < 100_000
    page.context.close()


_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_moves_when_pictures_arrive(browser: Any, address: str, width: int) -> None:
    page = _opened(browser, width)
    page.goto(f"{address}/index.html", wait_until="networkidle")
    boxes = page.evaluate(
        "Array.from(document.querySelectorAll('.picture'), "
        "box => [box.offsetHeight, box.firstChild.naturalHeight])"
    )
    assert {picture for _, picture in boxes} == {0, 1200}  # one of the pictures is gone
    assert all(height > 40 for height, _ in boxes)
    assert page.evaluate(_SHIFT) == 0
    page.context.close()


@pytest.mark.parametrize("name", ["cat/2022/04/26/p1.html", "search.html?q=ferry"])
def test_nothing_moves_when_the_first_picture_or_a_search_comes(
    browser: Any, address: str, name: str
) -> None:
    page = _opened(browser, 390)
    page.goto(f"{address}/{name}", wait_until="networkidle")
    page.wait_for_function(
        "document.querySelector('#results li') || document.querySelector('.body img').naturalWidth"
    )
    assert page.evaluate(_SHIFT) == 0
    page.context.close()


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (640, "200%")])
def test_a_page_fits_a_narrow_screen_and_large_text(
    browser: Any, address: str, width: int, size: str
) -> None:
    page = _opened(browser, width)
    for name in PAGES:
        page.goto(f"{address}/{name}")
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert page.evaluate("document.documentElement.scrollWidth") == width, name
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = _opened(browser, 390, color_scheme=scheme, bypass_csp=True)
    for name in PAGES:
        page.goto(f"{address}/{name}", wait_until="networkidle")
        violations = axe.run(page).response["violations"]
        nodes = {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in violations}
        assert nodes == {}, name
    page.context.close()


def test_a_page_is_at_rest_and_the_keyboard_reaches_its_content(browser: Any, address: str) -> None:
    page = _opened(browser, reduced_motion="reduce")
    page.goto(f"{address}/index.html")
    assert page.evaluate("document.getAnimations().length") == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.goto(f"{address}/{PAGES[-1]}")
    page.locator(".body table").focus()
    assert page.evaluate("document.activeElement.tagName") == "TABLE"
    page.context.close()


def test_paper_has_no_links_to_go_on(browser: Any, address: str) -> None:
    page = _opened(browser)
    page.goto(f"{address}/archive/1.html")
    assert page.locator(".pager").is_visible()
    page.emulate_media(media="print")
    for part in (".pager", ".masthead nav", ".foot a >> nth=0"):
        assert not page.locator(part).is_visible(), part
    page.context.close()
