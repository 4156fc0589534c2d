"""The site laid around the posts: its files, and what Jekyll and a browser make of it."""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cli import program
from support.jekyll_site import build as _build
from support.jekyll_site import read_page as _page
from support.jekyll_site import write_post as _post
from support.waiting import PATIENCE

from newsspider import languages
from newsspider.exporters.jekyll.scaffold import Look, lay_category_page, lay_site
from newsspider.exporters.yaml import layout_safe, yaml_quoted
from newsspider.text.characters import one_line

LOOK = Look(
    title="金融消息",
    language="zh-CN",
    timezone="Asia/Shanghai",
    url="https://news.example.org",
    description='要闻 & "速递"',
    feed_id="tag:finews.example,2022:",
)
TEMPLATES = Path(lay_site.__code__.co_filename).with_name("site")
OWN_SCRIPT = """<script src="{{ "/assets/search.js" | relative_url }}" defer></script>"""

ATTACKS = [
    "<script>alert(1)</script>",
    '0;url=https://evil.example/" http-equiv="refresh',
    "{{ 7 | times: 191 }}",
    "{% include secret %}",
    "' onmouseover='alert(1)",
    "]]> <!-- --> & R&D",
    'a: b # c \\ "d" - [e]',
    "</title></h1><img src=x onerror=alert(1)>",
]
LOOKALIKES = ["AT&amp;T &lt;b&gt; &#60;i&#62;", "&nbsp;&hellip;&copy 2022"]


# --- the files ---------------------------------------------------------------------------------


def test_the_site_is_laid_whole_and_its_configuration_last(tmp_path: Path) -> None:
    written = lay_site(tmp_path, LOOK)
    names = [path.relative_to(tmp_path).as_posix() for path in written]
    assert names[-1] == "_config.yml"
    expected = {"index.html", "feed.xml", "404.html", "assets/style.css", ".gitignore"}
    expected |= {f"_layouts/{name}.html" for name in ("default", "post", "category")}
    assert expected <= set(names)
    assert len(names) == sum(1 for path in TEMPLATES.rglob("*") if path.is_file())
    assert list((tmp_path / ".newsspider").iterdir()) == []
    assert ".newsspider/" in (tmp_path / ".gitignore").read_text()


def test_the_configuration_says_what_the_site_said(tmp_path: Path) -> None:
    lay_site(tmp_path, LOOK)
    config = yaml.safe_load((tmp_path / "_config.yml").read_text(encoding="utf-8"))
    assert config["title"] == "金融消息"
    assert config["lang"] == "zh-CN"
    assert config["timezone"] == "Asia/Shanghai"
    assert config["url"] == "https://news.example.org"
    assert html.unescape(config["description"]) == '要闻 & "速递"'
    assert config["future"] is True
    # Another one than Jekyll's own would move the posts that footers and readers link to.
    assert "permalink" not in config


def test_a_site_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: mine\n")
    assert lay_site(tmp_path, LOOK) == []
    assert [path.name for path in tmp_path.iterdir()] == ["_config.yml"]


def test_what_a_person_deleted_stays_deleted(tmp_path: Path) -> None:
    lay_site(tmp_path, LOOK)
    (tmp_path / "feed.xml").unlink()
    assert lay_site(tmp_path, LOOK) == []
    assert not (tmp_path / "feed.xml").exists()


def test_a_site_laid_half_way_is_completed_and_no_file_written_over(tmp_path: Path) -> None:
    everything = lay_site(tmp_path, LOOK)
    for name in ("_config.yml", "index.html", "_layouts/post.html"):
        (tmp_path / name).unlink()
    (tmp_path / "feed.xml").write_text("mine")
    again = lay_site(tmp_path, LOOK)
    assert [path.relative_to(tmp_path).as_posix() for path in again] == [
        "_layouts/post.html",
        "index.html",
        "_config.yml",
    ]
    assert all(path.stat().st_size for path in everything)
    assert (tmp_path / "feed.xml").read_text() == "mine"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_title_breaks_the_configuration(tmp_path: Path, title: str, description: str) -> None:
    (tmp_path / "_config.yml").unlink(missing_ok=True)
    lay_site(tmp_path, Look(title, "en", "UTC", description=description))
    config = yaml.safe_load((tmp_path / "_config.yml").read_text(encoding="utf-8"))
    assert config["title"] == layout_safe(one_line(title))
    assert config["description"] == layout_safe(one_line(description))
    assert config["future"] is True


def _front_matter(path: Path | None) -> dict[str, object]:
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    assert text.endswith("\n---\n")
    loaded = yaml.safe_load(text.removesuffix("---\n"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("slug", ["163", "36ke", "TechWeb", "yes", "null", "1e3", "0x1F", "a.b(c)"])
def test_a_category_is_text_to_yaml_whatever_it_looks_like(tmp_path: Path, slug: str) -> None:
    page = lay_category_page(tmp_path, slug=slug, title="新闻")
    assert page == tmp_path / "category" / f"{slug}.html"
    assert _front_matter(page) == {"layout": "category", "title": "新闻", "category": slug}


@pytest.mark.parametrize("title", [*ATTACKS, *LOOKALIKES])
def test_a_hostile_category_title_adds_no_key(tmp_path: Path, title: str) -> None:
    head = _front_matter(lay_category_page(tmp_path, slug="x", title=title))
    assert head.keys() == {"layout", "title", "category"}
    assert html.unescape(str(head["title"])) == title


def test_a_category_page_has_the_address_asked_for(tmp_path: Path) -> None:
    head = _front_matter(lay_category_page(tmp_path, slug="emnews", title="t", path="/emnews/"))
    assert head["permalink"] == "/emnews/"
    head = _front_matter(lay_category_page(tmp_path, slug="x", title="t", path="/category/x.html"))
    assert "permalink" not in head


def test_a_category_page_is_never_written_over(tmp_path: Path) -> None:
    page = lay_category_page(tmp_path, slug="x", title="one")
    assert page is not None
    before = page.read_bytes()
    assert lay_category_page(tmp_path, slug="x", title="two") is None
    assert page.read_bytes() == before


@pytest.mark.parametrize("slug", ["", "../x", "a/b", "a\\b", "a\nb", "a\0b"])
def test_a_slug_that_is_no_file_name_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        lay_category_page(tmp_path, slug=slug, title="t")
    assert list(tmp_path.iterdir()) == []


def test_the_templates_ask_nothing_of_others_and_run_nothing() -> None:
    for path in TEMPLATES.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        if path.name == "search.html" and path.parent == TEMPLATES:
            text = text.replace(OWN_SCRIPT, "")
        assert "<script" not in text.replace('<script type="application/ld+json">', "")
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(""", text), path


def test_no_page_of_a_post_goes_through_all_posts() -> None:
    shared = [TEMPLATES / "_layouts" / "default.html", TEMPLATES / "_layouts" / "post.html"]
    for path in [*shared, *(TEMPLATES / "_includes").iterdir()]:
        assert not re.search(
            r"site\.(posts|tags|categories|documents)", path.read_text(encoding="utf-8")
        ), path


# --- built by Jekyll ---------------------------------------------------------------------------


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


HOSTILE_KEYS = {
    "author": _json('"><script>alert(1)</script> {{ site.title }}'),
    "source": _json('"><script>alert(1)</script>'),
    "link": _json("javascript:alert(1)"),
    "description": _json('<b>bold</b> <script>alert(1)</script> "quoted" {{ site.title }} &lt;i>'),
    "image": _json('http://x.example/a.png"><script>alert(1)</script>'),
    "stocks": _json(["1.600941", "106.BRK.A", '0."><script>alert(1)</script>']),
    "last_modified_at": _json('never"><script>alert(1)</script>'),
    "lang": _json('x" onload="alert(1)'),
    "tags": _json([*ATTACKS, "<b>无栏目"]),
    "categories": _json(['<b>"x', *ATTACKS[:1]]),
}
GOOD_KEYS = {
    "author": "余小菁, Ada O'Brook",
    "source": "证券时报",
    "link": _json("https://x.example/?a=1&copy=2"),
    "description": "一句话。",
    "image": _json("https://x.example/a.png"),
    "last_modified_at": "2022-04-26 21:00:00 +0800",
}
SITE = '金融"</title><b>消息'  # as its owner may write it into _config.yml
WIDE = "<table><tr>" + "<td>一二三四五六</td>" * 20 + "</tr></table>"
BASE = "/news"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve: under /news a site whose posts attack it in each field it prints."""
    source, www = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("www")
    lay_site(source, LOOK)
    config = source / "_config.yml"
    text = config.read_text(encoding="utf-8").replace(_json(LOOK.title), f"'{SITE}'")
    config.write_text(text, encoding="utf-8")
    (source / "category").mkdir()
    for number, title in enumerate(ATTACKS):
        keys = {"date": f"2022-04-26 21:0{number}:00 +0800", "categories": f"raw{number}"}
        _post(source, f"raw{number}", _json(title), **keys, tags=_json([title]))
        head = f"layout: category\ntitle: {_json(title)}\ncategory: raw{number}"
        (source / "category" / f"raw{number}.html").write_text(f"---\n{head}\n---\n")
    for number, title in enumerate([*ATTACKS, *LOOKALIKES]):
        _post(source, f"safe{number}", yaml_quoted(title))
        lay_category_page(source, slug=f"hostile{number}", title=title)
    _post(source, "keys", "键", date="2022-04-25 08:00:00 +0800", **HOSTILE_KEYS)
    _post(source, "good", "好", **GOOD_KEYS)
    _post(source, "arabic", "عنوان", source="الشرق", lang="ar-EG", categories="east")
    lay_category_page(source, slug="east", title="甲新闻")
    link = _json('https://x.example/"><script>alert(1)</script>')
    keys = {"link": link, "source": HOSTILE_KEYS["source"], "categories": "a&b"}
    _post(source, "link", "址", date="2022-04-26 20:59:00 +0800", **keys)
    _post(source, "entities", "实体", body=f"<p>{'&lt;' * 300}</p>", categories="emnews")
    _post(source, "wide", "宽", body=f"> 摘要。\n\n{WIDE}<p>正文</p>")
    _post(source, "seed", "种子", body="<p>一。</p>\n <p>二。</p>", categories="TechWeb")
    for slug in ("163", "yes", "null", "1e3", "36ke"):
        _post(source, f"in{slug}", _json(slug), categories=_json(slug), tags=_json(slug))
        lay_category_page(source, slug=slug, title=f"{slug}新闻")
    lay_category_page(source, slug="TechWeb", title="甲新闻")
    lay_category_page(source, slug="harbour", title="Harbour news")
    link = "https://x.example/a?b=1&c=2"
    harbour = {"categories": "harbour", "tags": _json(["Harbour news"]), "source": "Gazette"}
    back = "[Harbour news](/category/harbour.html)"  # as 0.1.0 wrote it
    _post(source, "old", "旧", **harbour, link=_json(link), foot=f"<{link}>\n\n{back}")
    _post(source, "new", "新", **harbour, link=_json(link), foot=f"<{link}>")
    text = f"<p>{back}, 正文</p>\n\nsee {back}"
    _post(source, "linked", "连", **harbour, body=text, foot=f"<{link}>")
    lay_category_page(source, slug="_x", title="下划线")
    lay_category_page(source, slug="emnews", title="滚动新闻", path="/emnews/")
    lay_category_page(source, slug="empty", title="空")
    _build(source, www / "news", "--baseurl", BASE)
    return www


def _titled(built: Path, category: str, name: str, day: str = "26") -> lxml.html.HtmlElement:
    return _page(built / "news" / category / "2022" / "04" / day / f"{name}.html")


def _meta(page: lxml.html.HtmlElement, key: str) -> str:
    values = page.xpath("//meta[@name=$key or @property=$key]/@content", key=key)
    assert len(values) == 1, (key, values)
    return str(values[0])


def test_no_page_carries_markup_of_an_attacker(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 40
    for path in pages:
        page = _page(path)
        scripts = page.xpath("//script[not(@src)]")
        own = [] if path.name != "search.html" else ["/news/assets/search.js"]
        assert page.xpath("//script/@src") == own, path
        assert {script.get("type") for script in scripts} <= {"application/ld+json"}, path
        assert all(json.loads(script.text)["@type"] == "NewsArticle" for script in scripts), path
        assert page.xpath("//iframe | //b | //i | //meta[@http-equiv='refresh']") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path
        assert page.xpath("//img[@src='x']") == [], path
        assert [url for url in page.xpath("//@href") if "javascript" in url] == [], path
        assert len(page.xpath("//title")) == len(page.xpath("//h1")) == 1, path
        assert "1337" not in path.read_text(encoding="utf-8"), path
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy[0].startswith("default-src 'none';")
        assert _meta(page, "referrer") == "no-referrer"


@pytest.mark.parametrize("form", ["raw", "safe"])
def test_a_hostile_title_shows_as_its_text(built: Path, form: str) -> None:
    titles = ATTACKS if form == "raw" else [*ATTACKS, *LOOKALIKES]
    for number, title in enumerate(titles):
        page = _titled(built, f"raw{number}" if form == "raw" else "cat", f"{form}{number}")
        assert page.findtext(".//h1") == title
        assert page.findtext(".//title") == f"{title} · {SITE}"
        assert _meta(page, "og:title") == title
        assert _meta(page, "og:site_name") == SITE
        kicker = page.xpath("string(//*[@class='kicker'])")
        assert kicker == (title if form == "raw" else "甲新闻")


def test_lists_show_hostile_titles_and_tags_as_text(built: Path) -> None:
    home = _page(built / "news" / "index.html")
    newest_first = ATTACKS[::-1]
    assert home.xpath("//h3/a/text()") == newest_first[:1]
    assert home.xpath("//*[@class='latest']//li/a/text()")[: len(ATTACKS) - 1] == newest_first[1:]
    assert home.xpath("//*[@class='sections']//h2/a/text()")[: len(ATTACKS)] == newest_first
    assert "<b>无栏目" in home.xpath("//*[@class='sections']//h2/text()")
    assert home.xpath("string(//h1)") == SITE
    assert _meta(home, "description") == LOOK.description
    for number, title in enumerate(ATTACKS):
        page = _page(built / "news" / "category" / f"raw{number}.html")
        assert page.findtext(".//h1") == title
        assert page.xpath("//main//li/a/text()") == [title]
    for number, title in enumerate([*ATTACKS, *LOOKALIKES]):
        page = _page(built / "news" / "category" / f"hostile{number}.html")
        assert page.findtext(".//h1") == title
    sections = _page(built / "news" / "sections.html").xpath("//li/a/text()")
    assert set(sections) >= {*ATTACKS, *LOOKALIKES, "36ke新闻"}
    assert all(sections.count(title) == 2 for title in ATTACKS)


def test_hostile_optional_keys_show_as_text(built: Path) -> None:
    found = list(built.rglob("keys.html"))
    assert len(found) == 1
    page = _page(found[0])
    chips = [chip.text for chip in page.xpath("//*[@class='chip']")]
    assert chips == [*ATTACKS, "<b>无栏目", "600941", "BRK.A", '"><script>alert(1)</script>']
    assert _meta(page, "description") == _meta(page, "og:description")
    assert _meta(page, "description") == 'bold "quoted" {{ site.title }} <i>'
    assert '来源 "><script>alert(1)</script>' in page.xpath("string(//article/header)")
    assert page.xpath("//article/header//a") == []
    assert page.xpath("//link[@rel='canonical']/@href")[0].startswith("https://news.example.org/")


def test_a_hostile_link_stays_an_address(built: Path) -> None:
    page = _titled(built, "a&b", "link")
    link = 'https://x.example/"><script>alert(1)</script>'
    assert page.xpath("//link[@rel='canonical']/@href") == [link]
    assert page.xpath("//article/header//a/@href") == [link]
    assert page.xpath("//article/header//a/text()") == ['"><script>alert(1)</script>']


def test_good_optional_keys_are_used(built: Path) -> None:
    page = _titled(built, "cat", "good")
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://x.example/?a=1&copy=2"]
    assert page.xpath("//article/header//a/@href") == ["https://x.example/?a=1&copy=2"]
    assert page.xpath("//article/header//a/text()") == ["证券时报"]
    assert _meta(page, "description") == "一句话。"
    assert _meta(page, "og:image") == "https://x.example/a.png"
    assert _meta(page, "article:published_time") == "2022-04-26T20:16:23+08:00"
    assert _meta(page, "article:modified_time") == "2022-04-26T21:00:00+08:00"


def _data(page: lxml.html.HtmlElement) -> dict[str, object]:
    (script,) = page.xpath("//head/script[@type='application/ld+json']/text()")
    loaded = json.loads(script)
    assert isinstance(loaded, dict)
    return loaded


def test_machines_read_an_article_and_its_source(built: Path) -> None:
    assert _data(_titled(built, "cat", "good")) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "好",
        "datePublished": "2022-04-26T20:16:23+08:00",
        "dateModified": "2022-04-26T21:00:00+08:00",
        "image": ["https://x.example/a.png"],
        "author": {"@type": "Person", "name": "余小菁, Ada O'Brook"},
        "publisher": {"@type": "Organization", "name": "证券时报"},
        "isBasedOn": "https://x.example/?a=1&copy=2",
        "inLanguage": "zh-CN",
        "url": "https://news.example.org/news/cat/2022/04/26/good.html",
    }
    seed = _data(_titled(built, "techweb", "seed"))
    assert list(seed)[2:] == ["headline", "datePublished", "inLanguage", "url"]


def test_machines_read_hostile_values_as_text(built: Path) -> None:
    (file,) = built.rglob("keys.html")
    data = _data(_page(file))
    assert data["author"] == {"@type": "Person", "name": json.loads(HOSTILE_KEYS["author"])}
    assert data["inLanguage"] == json.loads(HOSTILE_KEYS["lang"])
    assert not {"isBasedOn", "dateModified"} & data.keys()
    for number, title in enumerate(ATTACKS):
        assert _data(_titled(built, f"raw{number}", f"raw{number}"))["headline"] == title


def test_a_page_that_is_no_post_states_what_it_is(built: Path) -> None:
    page = _page(built / "news" / "sections.html")
    assert _meta(page, "og:type") == "website"
    assert _meta(page, "og:title") == "栏目"
    assert _meta(page, "og:url") == "https://news.example.org/news/sections.html"


def test_the_foot_names_the_owner_and_search_engines_hear_what_he_asks(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    _build(tmp_path, tmp_path / "_site")
    page = _page(tmp_path / "_site" / "index.html")
    assert page.xpath("string(//footer/p[1])") == "Each text belongs to its publisher."
    assert page.xpath("//meta[@name='robots']") == []
    config = tmp_path / "_config.yml"
    text = config.read_text("utf-8").replace('owner: ""', 'owner: "Ann & <b>Lee</b>"')
    config.write_text(text.replace('robots: ""', 'robots: "noindex"'), "utf-8")
    _build(tmp_path, tmp_path / "_site")
    page = _page(tmp_path / "_site" / "index.html")
    assert page.xpath("string(//footer/p[1])").endswith("Published by Ann & <b>Lee</b>")
    assert _meta(page, "robots") == "noindex"


def test_a_post_states_its_zone_and_its_last_change(built: Path) -> None:
    header = _titled(built, "cat", "good").xpath("//article/header")[0]
    times = [(time.get("datetime"), time.text) for time in header.iter("time")]
    assert times == [
        ("2022-04-26T20:16:23+08:00", "2022年4月26日 20:16"),
        ("2022-04-26T21:00:00+08:00", "2022年4月26日 21:00"),
    ]
    assert "UTC+08:00" in header.text_content()


def test_pictures_of_a_post_load_when_they_come_near(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC"))
    body = '<p>write &lt;img and</p><img src="https://x.example/a.png" alt="a &lt;img b"/>'
    _post(tmp_path, "one", "one", body=body)
    _build(tmp_path, tmp_path / "_site")
    (file,) = (tmp_path / "_site").rglob("one.html")
    (picture,) = _page(file).xpath("//*[@class='body']//img")
    assert (picture.get("loading"), picture.get("alt")) == ("lazy", "a <img b")
    assert "write <img and" in _page(file).text_content()


def test_a_post_like_the_seed_has_all_it_needs(built: Path) -> None:
    page = _titled(built, "techweb", "seed")
    own = "https://news.example.org/news/techweb/2022/04/26/seed.html"
    assert page.get("lang") == "zh-CN"
    assert page.xpath("//link[@rel='canonical']/@href") == [own]
    assert _meta(page, "og:url") == own
    assert _meta(page, "description") == "一。 二。"
    assert page.findtext(".//time") == "2022年4月26日 20:16"
    assert page.xpath("//*[@class='kicker']/a/@href") == ["/news/category/TechWeb.html"]
    # Its one tag is the section's name, which stands above the title.
    assert page.xpath("//*[@class='chip']") == []


@pytest.mark.parametrize("name", ["old", "new"])
def test_section_and_source_are_linked_once_under_any_base(built: Path, name: str) -> None:
    page = _titled(built, "harbour", name)
    links = page.xpath("//article//a")
    assert [(link.get("href"), link.text) for link in links] == [
        ("/news/category/harbour.html", "Harbour news"),
        ("https://x.example/a?b=1&c=2", "Gazette"),
    ]
    assert page.xpath("//*[@class='body']")[0].text_content().strip() == "正文。"


def test_an_article_in_another_language_states_it(built: Path) -> None:
    page = _titled(built, "east", "arabic")
    assert page.get("lang") == "zh-CN"  # the words around it
    (article,) = page.xpath("//article")
    assert (article.get("lang"), article.get("dir")) == ("ar-EG", "rtl")
    assert article.xpath(".//h1/@dir | .//*[@class='body']/@dir") == []  # the article's
    assert set(article.xpath(".//*[contains(@class, 'meta')]/@lang")) == {"zh-CN"}
    (title,) = _page(built / "news" / "category" / "east.html").xpath("//li/a[.='عنوان']")
    assert (title.get("lang"), title.get("dir")) == ("ar-EG", "rtl")
    (article,) = _titled(built, "cat", "good").xpath("//article")
    assert article.attrib == {}
    assert article.xpath(".//h1/@dir") == ["auto"]


def test_a_link_of_the_text_to_the_section_stays(built: Path) -> None:
    links = _titled(built, "harbour", "linked").xpath("//*[@class='body']//a/@href")
    assert links == ["/category/harbour.html", "https://x.example/a?b=1&c=2"]


def test_a_summary_is_the_digest_and_is_cut_between_entities(built: Path) -> None:
    assert _meta(_titled(built, "cat", "wide"), "description") == "摘要。"
    cut = _meta(_titled(built, "emnews", "entities"), "description")
    assert cut == "<" * 159 + "…"


def test_categories_that_look_like_numbers_list_their_posts(built: Path) -> None:
    for slug in ("163", "yes", "null", "1e3", "36ke"):
        page = _page(built / "news" / "category" / f"{slug}.html")
        assert page.xpath("//main//li/a/text()") == [slug]
        assert page.xpath("//main//li/a/@href") == [f"/news/{slug}/2022/04/26/in{slug}.html"]
        kicker = _titled(built, slug, f"in{slug}").xpath("//*[@class='kicker']/a/@href")
        assert kicker == [f"/news/category/{slug}.html"]


def test_category_pages_stand_where_they_were_asked_to(built: Path) -> None:
    assert (built / "news" / "emnews" / "index.html").is_file()
    assert (built / "news" / "category" / "_x.html").is_file()
    page = _titled(built, "emnews", "entities")
    assert page.xpath("//*[@class='kicker']/a/@href") == ["/news/emnews/"]
    assert "还没有文章。" in _page(built / "news" / "category" / "empty.html").text_content()


def test_a_post_without_a_category_page_links_to_none(built: Path) -> None:
    page = _titled(built, "cat", "good")
    assert page.xpath("//*[@class='kicker']/text()") == ["甲新闻"]
    assert page.xpath("//*[@class='kicker']/a") == []


def test_every_address_is_below_the_base_and_leads_somewhere(built: Path) -> None:
    for path in built.rglob("*.html"):
        for url in _page(path).xpath("//@href[not(ancestor::*[@class='body'])] | //@src"):
            if url.startswith(("https://", "#")):
                continue
            assert url.startswith(f"{BASE}/"), (path, url)
            target = built / unquote(url.partition("#")[0]).lstrip("/")
            target = target / "index.html" if url.endswith("/") else target
            assert target.is_file(), (path, url)


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom_with_the_titles_right(built: Path) -> None:
    feed = ET.parse(built / "news" / "feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == SITE
    assert feed.findtext(f"{ATOM}subtitle") == '要闻 & "速递"'
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == SITE
    own = "https://news.example.org/news/"
    assert feed.findtext(f"{ATOM}id") == "tag:finews.example,2022:feed"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [own, f"{own}feed.xml"]
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 20
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles[: len(ATTACKS)] == ATTACKS[::-1]
    assert "址" in titles
    for entry in entries:
        assert str(entry.findtext(f"{ATOM}updated")).startswith("2022-04-26T2")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert str(link.get("href")).startswith(own)


@pytest.fixture(scope="module")
def hostile_feed(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    source = tmp_path_factory.mktemp("feed")
    lay_site(source, Look("A & <B>", "en-GB", "UTC"))
    for number, title in enumerate([*ATTACKS, *LOOKALIKES]):
        date = f"2022-04-{10 + number} 08:00:00 +0000"
        _post(source, f"p{number}", yaml_quoted(title), tags=f"[{yaml_quoted(title)}]", date=date)
    _build(source, source / "_site")
    return ET.parse(source / "_site" / "feed.xml").getroot()


def test_the_feed_reads_hostile_titles_and_tags_as_text(hostile_feed: ET.Element) -> None:
    newest_first = [*ATTACKS, *LOOKALIKES][::-1]
    entries = hostile_feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == newest_first
    assert [e.get("term") for e in hostile_feed.iter(f"{ATOM}category")] == newest_first
    assert hostile_feed.findtext(f"{ATOM}author/{ATOM}name") == "A & <B>"
    ids = [str(e.text) for e in hostile_feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(newest_first) + 1
    assert all(":" in id for id in ids)


def _feed(source: Path, *options: str) -> ET.Element:
    _build(source, source / "_site", *options)
    return ET.parse(source / "_site" / "feed.xml").getroot()


def _texts(feed: ET.Element, name: str) -> list[str]:
    return [str(element.text) for element in feed.iter(f"{ATOM}{name}")]


def test_the_ids_of_the_feed_are_those_of_the_posts_wherever_it_is_served(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "UTC", feed_id="tag:news.example,2022:"))
    _post(tmp_path, "NW1", "one", date="2022-04-10 08:00:00 +0000")
    _post(tmp_path, "一 & 二", "two", date="2022-04-09 23:30:00 +0000")
    expected = [f"tag:news.example,2022:{name}" for name in ("feed", "post/2022-04-10-NW1")]
    ids = _texts(_feed(tmp_path), "id")
    assert ids[:2] == expected
    assert re.fullmatch(r"tag:news\.example,2022:post/2022-04-09-[!-~]+", ids[2])
    config = tmp_path / "_config.yml"
    text = config.read_text("utf-8").replace('url: ""', "url: https://new.example", 1)
    config.write_text(text.replace('timezone: "UTC"', "timezone: Asia/Tokyo"), "utf-8")
    assert _texts(_feed(tmp_path, "--baseurl", "/news"), "id") == ids


def test_the_feed_states_the_last_change_of_a_post(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en", "Asia/Tokyo"))
    changes = {
        "none": None,
        "later": "2022-05-01 09:00:00 +0800",
        "earlier": "2022-03-01 09:00:00 +0800",
        "hostile": HOSTILE_KEYS["last_modified_at"],
        "text": _json("2022-04-12 00:00:00 +0000"),
    }
    for number, (name, change) in enumerate(changes.items()):
        keys = {} if change is None else {"last_modified_at": change}
        _post(tmp_path, name, name, date=f"2022-04-10 0{9 - number}:00:00 +0900", **keys)
    assert _texts(_feed(tmp_path), "updated") == [
        "2022-05-01T10:00:00+09:00",
        "2022-04-10T09:00:00+09:00",
        "2022-05-01T10:00:00+09:00",
        "2022-04-10T07:00:00+09:00",
        "2022-04-10T06:00:00+09:00",
        "2022-04-12T09:00:00+09:00",
    ]


def test_an_entry_of_the_feed_states_its_language(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en-GB", "UTC"))
    _post(tmp_path, "de", '"Der Hafen"', lang="de", date="2022-04-10 08:00:00 +0000")
    _post(tmp_path, "en", '"The harbour"', date="2022-04-09 08:00:00 +0000")
    _post(tmp_path, "x", '"x"', lang=HOSTILE_KEYS["lang"], date="2022-04-08 08:00:00 +0000")
    _build(tmp_path, tmp_path / "_site")
    feed = ET.parse(tmp_path / "_site" / "feed.xml").getroot()
    name = "{http://www.w3.org/XML/1998/namespace}lang"
    assert feed.get(name) == "en-GB"
    languages = [entry.get(name) for entry in feed.findall(f"{ATOM}entry")]
    assert languages == ["de", None, json.loads(HOSTILE_KEYS["lang"])]


def test_a_site_without_posts_builds_and_speaks_english(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("News", "en-GB", "Europe/London"))
    lay_category_page(tmp_path, slug="x", title="Things")
    _build(tmp_path, tmp_path / "_site")
    home = _page(tmp_path / "_site" / "index.html")
    assert home.get("lang") == "en-GB"
    assert "No posts yet." in home.text_content()
    assert home.xpath("//nav/a/text()") == ["Home", "Sections", "Search", "Feed"]
    assert _page(tmp_path / "_site" / "404.html").findtext(".//h1") == "Page not found"
    ET.parse(tmp_path / "_site" / "feed.xml")


# --- seen by a browser -------------------------------------------------------------------------

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += [f"--disable-{what}" for what in ("background-networking", "component-update", "sync")]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(built: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_phone_shows_every_page_whole_and_runs_nothing(built: Path, address: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = program("chromium")
    names = [
        "index",
        "sections",
        "404",
        "category/hostile0",
        "category/36ke",
        "cat/2022/04/26/wide",
    ]
    names += [f"raw{number}/2022/04/26/raw{number}" for number in range(len(ATTACKS))]
    heard: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: heard.append(message.text))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("request", lambda request: heard.append(request.url))
        for name in names:
            page.goto(f"{address}{BASE}/{name}.html")
            assert page.url == f"{address}{BASE}/{name}.html"
            assert page.evaluate("document.documentElement.scrollWidth") == 360, name
            kinds = page.evaluate("Array.from(document.scripts, script => script.type)")
            assert set(kinds) <= {"application/ld+json"}
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.emulate_media(color_scheme="light")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
        browser.close()
    assert [line for line in heard if not line.startswith(f"{address}{BASE}/")] == []


WORDS = {name: words for name in languages.names() if (words := languages.read(name)["site"])}


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_all_the_words(language: str) -> None:
    words = WORDS[language]
    assert list(words) == list(WORDS["en"])
    assert all(isinstance(word, str) and word for word in words.values())
    assert words["count"].count("%") == 1
    # Jekyll knows the months in English only.
    assert language == "en" or not re.search("%[-^]?[aAbB]", words["day"])


def test_the_words_are_laid_as_the_languages_have_them(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("Ellery", "en", "UTC"))
    laid = (tmp_path / "_data" / "words.yml").read_text("utf-8")
    assert laid.startswith("# The words of the pages")
    assert yaml.safe_load(laid) == {**WORDS, "no": WORDS["nb"]}
    assert len(WORDS) >= 30


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh_CN", "zh"), ("FI", "fi"), ("fil-PH", "en"), ("sv-SE", "sv"), ("no", "nb"), ("xx", "en")],
)
def test_the_words_are_those_of_the_language(tmp_path: Path, tag: str, language: str) -> None:
    lay_site(tmp_path, Look("Ellery", tag, "UTC"))
    _build(tmp_path, tmp_path / "_site")
    home = _page(tmp_path / "_site" / "404.html")
    assert home.xpath("//nav/a/text()")[0] == WORDS[language]["home"]


def test_a_site_in_arabic_runs_from_right_to_left(tmp_path: Path) -> None:
    lay_site(tmp_path, Look("صحيفة إليري", "ar-EG", "Africa/Cairo"))
    _post(tmp_path, "p", '"الميناء يرفع الرسوم"', date="2022-04-10 08:00:00 +0200")
    _build(tmp_path, tmp_path / "_site")
    home = _page(tmp_path / "_site" / "index.html")
    assert (home.get("lang"), home.get("dir")) == ("ar-EG", "rtl")
    assert home.xpath("//nav/a/text()")[0] == WORDS["ar"]["home"]
    post = _page(next((tmp_path / "_site").rglob("p.html")))
    assert post.xpath("//article//@dir") == ["auto", "auto"]
