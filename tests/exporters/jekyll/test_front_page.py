"""The front page of the laid site, as Jekyll builds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from support.jekyll_site import build, read_page, write_post

from newsspider.exporters.jekyll.scaffold import Look, lay_site

LOOK = Look("金融消息", "zh-CN", "Asia/Shanghai")

PRESENT = 2026  # the year of the build

Home = Callable[[Sequence[Mapping[str, str]]], lxml.html.HtmlElement]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build a site of posts with these front matters, newest first, and return its front page."""

    def built(posts: Sequence[Mapping[str, str]]) -> lxml.html.HtmlElement:
        source = tmp_path_factory.mktemp("home")
        lay_site(source, LOOK)
        with (source / "_config.yml").open("a") as config:
            config.write(f"\ntime: {PRESENT}-06-01 12:00:00 +0800\n")
        for number, keys in enumerate(posts):
            date = (datetime(2022, 5, 9) - timedelta(hours=number)).isoformat(" ")
            keys = {"title": f"文{number}", "date": f"{date} +0800"} | dict(keys)
            write_post(source, f"p{number}", **keys)
        build(source, source / "_site")
        return read_page(source / "_site" / "index.html")

    return built


def _top(home: lxml.html.HtmlElement) -> list[str]:
    return [
        str(title)
        for title in home.xpath(
            "//*[@class='latest']//h3/a/text() | //*[@class='latest']//li/a/text()"
        )
    ]


def test_home_shows_in_sections_what_its_top_does_not(home: Home) -> None:
    page = home([{"tags": "乙" if number in (3, 20) else "甲"} for number in range(30)])
    assert _top(page) == [f"文{number}" for number in range(13)]
    first, second = page.xpath("//*[@class='sections']/section")  # by the newest post
    assert first.xpath(".//h2//text()") == ["甲"]
    assert first.xpath(".//li/a/text()") == [f"文{number}" for number in range(13, 18)]
    assert second.xpath(".//h2//text()") == ["乙"]
    assert second.xpath(".//li/a/text()") == ["文20"]


def test_home_of_one_section_shows_more_and_none_twice(home: Home) -> None:
    page = home([{"tags": "甲"}] * 40)
    assert _top(page) == [f"文{number}" for number in range(31)]
    assert page.xpath("//*[@class='sections']/section") == []


def test_home_of_many_sections_shows_three_posts_each(home: Home) -> None:
    page = home([{"tags": f"栏{number % 14}"} for number in range(14 * 6)])
    sections = page.xpath("//*[@class='sections']/section")
    assert len(sections) == 14
    assert {len(section.xpath(".//li")) for section in sections} == {3}


def test_home_leads_with_one_of_the_newest_that_has_a_picture(home: Home) -> None:
    address = json.dumps("https://x.example/a.png?b=1&c=2")
    page = home([{"image": address} if number in (5, 6, 20) else {} for number in range(30)])
    assert page.xpath("string(//*[@class='lead']//h3)") == "文5"
    (lead,) = page.xpath("//*[@class='lead']//img")
    assert lead.get("src") == "https://x.example/a.png?b=1&c=2"
    assert _top(page)[1:] == [f"文{number}" for number in range(30) if number != 5]
    assert page.xpath("//*[@class='latest']//li//img/@loading") == ["lazy", "lazy"]


def test_home_leads_with_the_newest_if_the_pictures_are_old(home: Home) -> None:
    page = home(
        [
            {"image": json.dumps("https://x.example/a.png")} if number == 6 else {}
            for number in range(9)
        ]
    )
    assert page.xpath("string(//*[@class='lead']//h3)") == "文0"
    assert page.xpath("//*[@class='lead']//img") == []


def test_home_takes_a_picture_from_the_web_alone(home: Home) -> None:
    page = home(
        [
            {"image": json.dumps(image)}
            for image in ("javascript:alert(1)", "data:image/png,x", "/a.png")
        ]
    )
    assert page.xpath("//img") == []


def test_a_list_states_source_and_time_the_year_where_it_is_another(home: Home) -> None:
    page = home(
        [
            {"source": "证券时报", "date": f"{PRESENT}-01-02 20:16:00 +0800"},
            {"source": LOOK.title, "date": "2022-04-26 20:16:00 +0800"},
        ]
    )
    assert (
        page.xpath("normalize-space(//*[@class='lead']//*[@class='meta'])")
        == "证券时报 1月2日 20:16"
    )
    assert page.xpath("normalize-space(//li/*[@class='meta'])") == "2022年4月26日 20:16"
    assert page.xpath("//li//time/@datetime") == ["2022-04-26T20:16:00+08:00"]


@pytest.mark.parametrize("length", [8, 200])
def test_home_is_light(home: Home, length: int) -> None:
    letter = "新闻"[length == 200]
    posts = [
        {"tags": f"栏{n % 40}", "source": "证券时报", "title": letter * length} for n in range(200)
    ]
    page = home(posts)
    assert len(page.xpath("//section")) == 41
    assert len(lxml.html.tostring(page, encoding="utf-8")) < 100_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two three", "one two three"),
        ("one two three four", "one two…"),
        ("one two thr&amp;e four", "one two…"),
        ("一二三四五六七八九十一二三四", "一二三四五六七八九十一二…"),
        ("incomprehensibilities", "incomprehens…"),
        ("one twothr four", "one twothr…"),
    ],
)
def test_a_summary_ends_at_a_word(tmp_path: Path, text: str, expected: str) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    include = f"{{% include excerpt.html text='{text}' size=13 %}}"
    (tmp_path / "x.html").write_text(f"---\nlayout: null\n---\n{include}", "utf-8")
    build(tmp_path, tmp_path / "_site")
    assert (tmp_path / "_site" / "x.html").read_text("utf-8") == expected


def test_a_summary_leaves_captions_off(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    figure = '<figure><img src="https://x.example/a.png" /><figcaption>{}</figcaption></figure>'
    body = figure.format("The mayor") + figure.format("") + "<p>The ferry &amp; its crew.</p>"
    write_post(tmp_path, "x", "x", body=body + figure.format("The end"))
    build(tmp_path, tmp_path / "_site")
    page = read_page(tmp_path / "_site/index.html")
    assert page.xpath("string(//*[@class='lead']//p)") == "The ferry & its crew."
