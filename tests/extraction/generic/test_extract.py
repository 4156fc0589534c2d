"""Generic extraction: its HTML, where fields came from, verdicts, paging, and hostile pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import html
from support.generic_pages import NAMES, NOW, read, wanted

from newsspider.dates import Precision
from newsspider.errors import NotReadable
from newsspider.extraction.generic import Extracted, extract, extract_page
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "


def page(body: str, url: str = "https://a.example/2024/story") -> Extracted:
    return extract(Page(url=url, body=f"<html><body>{body}</body></html>".encode()), now=NOW)


def article(inside: str = "", url: str = "https://a.example/2024/story") -> Extracted:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    return page(f"<article><h1>The harbour closes for a year</h1>{text}{inside}</article>", url)


def test_the_body_is_html_for_a_reader() -> None:
    body = html.fragment_fromstring(read("en-kicker").body, create_parent="div")
    assert [heading.text for heading in body.iter("h2")] == ["Cheaper now than later"]
    assert [len(table) for table in body.iter("table")] == [3]
    assert [len(items) for items in body.iter("ul")] == [2]
    assert body.xpath("string(//figure/figcaption)").startswith("The north lock in 2021.")
    assert body.xpath("//figure/img/@src") == [
        "https://img.ellery-courier.example/lock-1200.jpg?w=800"
    ]
    assert body.xpath("//a/@href") == ["https://www.ellery-courier.example/2019/gates"]
    assert not body.xpath("//script | //style | //aside | //@class | //@onclick")


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_that_of_the_body(name: str) -> None:
    found = read(name)
    body = html.fragment_fromstring(found.body or "<p></p>", create_parent="div")
    for caption in list(body.iter("figcaption")):
        caption.drop_tree()
    assert "".join(body.itertext()).split() == found.text.split() or (
        "".join("".join(body.itertext()).split()) == "".join(found.text.split())
    )


def test_each_field_says_where_it_came_from() -> None:
    origins = read("en-kicker").origins
    assert origins["title"] == "h1"
    assert origins["published"] == "json-ld"
    assert origins["source"] == "json-ld"
    assert origins["summary"] == "meta"
    assert origins["canonical"] == "html"
    assert "trafilatura" in origins["body"]
    assert read("zh-labels").origins["source"] == "pattern"
    assert "editor" not in origins


@pytest.mark.parametrize("credit", ["By Ines Halloran", "Published on 12 March 2024"])
def test_a_credit_in_a_layout_table_is_no_text(credit: str) -> None:
    rows = "".join(f"<tr><td>{n}. {LONG}</td></tr>" for n in range(4))
    found = page(
        "<table><tr><td><h1>The harbour closes for a year</h1></td></tr>"
        f"{rows}<tr><td>{credit}</td></tr></table>"
    )
    assert found.text.split("\n") == [f"{n}. {LONG}".strip() for n in range(4)]


def test_captions_stand_with_their_pictures() -> None:
    lead = read("en-kicker").images[0]
    assert lead.url == wanted("en-kicker")["lead"]
    assert lead.caption.startswith("The north lock in 2021.")


def test_a_heading_with_a_break_is_no_text() -> None:
    found = article()
    broken = page(
        "<article><h1>The harbour closes:<br>A year without ships</h1>"
        + found.body.replace("The harbour closes for a year", "")
        + "</article>"
    )
    assert broken.title == "The harbour closes: A year without ships"
    assert broken.text == found.text


@pytest.mark.parametrize(
    "line",
    [
        "Von <a href='/autoren/greta'>Greta Lohse</a>, Ellerhafen · Stand: 21.11.2026, 17:42 Uhr",
        "By Ada Brook, Ellery, and Tomas Vale, Port Mary, 21 November 2026",
    ],
)
def test_a_byline_with_its_place_and_day_is_no_text(line: str) -> None:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    assert page(f"<h1>The harbour closes</h1><p>{line}</p>{text}").text.startswith("0. The")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("今天 16:25 港口时报 记者 林晓", "港口时报"),
        ("2026-11-21 16:25 港口时报 作者：林晓", "港口时报"),
        ("港口时报 3小时前 阅读 1.2万", "港口时报"),
        ("本报记者 林晓 2026-11-21 16:25", "a.example"),
    ],
)
def test_the_source_beside_the_time(line: str, source: str) -> None:
    text = (
        "<p>埃勒里港务局宣布，自明年一月起，港口收费标准上调百分之八，此前船闸已停用数周。</p>" * 4
    )
    assert page(f"<h1>船闸停用 港口收费上调</h1><div>{line}</div>{text}").source == source


@pytest.mark.parametrize("line", ["vor 3 Stunden", "Hace 3 horas", "3시간 전", "3 часа назад"])
def test_the_line_near_the_headline_may_count_from_now(line: str) -> None:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    found = page(f"<h1>The harbour closes</h1><p>{line}</p>{text}")
    assert found.published == NOW.replace(hour=7, minute=0)
    assert found.published_precision is Precision.HOUR


@pytest.mark.parametrize(
    ("path", "published"),
    [("/a/20220614-8812", "2022-06-14"), ("/a/8812", "2024-06-14"), ("/20210930/9", "2024-06-14")],
)
def test_a_day_without_a_year_has_the_year_that_the_address_names(
    path: str, published: str
) -> None:
    text = (
        "<p>埃勒里港务局宣布，自明年一月起，港口收费标准上调百分之八，此前船闸已停用数周。</p>" * 4
    )
    body = f"<h1>船闸停用 港口收费上调</h1><div>发布时间：06-1417:58</div>{text}"
    found = page(body, f"https://a.example{path}").published
    assert f"{found:%Y-%m-%d %H:%M}" == f"{published} 17:58"


FOOT = "<footer><a href='/c'>Cookie settings</a> <a href='/p'>Subscribe to read more</a></footer>"


def test_a_link_to_cookie_settings_is_no_wall() -> None:
    video = '<script type=\'application/ld+json\'>{"@type": "VideoObject"}</script>'
    found = page(f"{video}<h1>The gates</h1><p>They weigh 40 tonnes.</p>{FOOT}")
    assert found.verdict == "NotAnArticle"
    assert page(f"<h1>The gates</h1><p>They weigh 40 tonnes.</p>{FOOT}").verdict == ""


@pytest.mark.parametrize(
    "wall",
    [
        "Mit Werbung weiterlesen. Besuchen Sie das Hafenblatt wie gewohnt mit Tracking. "
        "Mit Klick auf „Akzeptieren“ stimmen Sie der Verarbeitung zu.",
        "Sie haben bereits ein Abo? Hier anmelden.",
        "Déjà abonné ? Connectez-vous",
        "¿Ya eres suscriptor? Inicia sesión",
        "Sei già abbonato? Accedi",
    ],
)
def test_walls_in_several_languages(wall: str) -> None:
    assert page(f"<h1>Hafenblatt</h1><div><p>{wall}</p></div>").verdict == "Paywalled"


@pytest.mark.parametrize(
    ("below", "verdict"),
    [
        ("<a href=/b>渔业者要求补偿、市长表示正在研究</a>", ""),
        ("<a href=/login>続きを読むには会員登録が必要です</a>", "Paywalled"),
        ("<p>全文をお読みになるには登録してください。</p>", "Paywalled"),
    ],
)
def test_a_heading_above_links_to_articles_is_no_wall(below: str, verdict: str) -> None:
    brief = "<h1>港が一年間閉鎖へ</h1><p>港湾局は火曜日、港を一年間閉鎖すると発表した。</p>"
    assert page(f"{brief}<div><h3>会員限定</h3>{below}</div>").verdict == verdict


def test_the_figure_below_the_headline_leads_the_text() -> None:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    found = page(
        "<article><h1>The harbour closes</h1><figure><picture><img src=/lock.jpg></picture>"
        "<figcaption>The lock on Friday. <i>Mei Lund</i></figcaption></figure>"
        "<div class=meta>Ada Brook <time>2024-03-12 10:00</time> <a href=/s>Share</a></div>"
        f"<div>{text}</div></article>"
    )
    assert found.body.startswith(
        '<figure><img src="https://a.example/lock.jpg" alt="">'
        "<figcaption>The lock on Friday. <em>Mei Lund</em></figcaption></figure>\n<p>0. The"
    )


def test_a_zone_that_is_told_counts_and_one_that_is_not_is_the_given_one() -> None:
    body = f"<h1>The harbour closes</h1><p>2024-03-12 10:00</p><p>{LONG * 3}</p>"
    given = extract(
        Page(url="https://a.example/x", body=body.encode()), now=NOW, zone=ZoneInfo("Asia/Tokyo")
    )
    assert given.published == datetime(2024, 3, 12, 1, tzinfo=UTC)
    assert given.published_precision is Precision.MINUTE


def test_cst_on_a_chinese_page_is_chinas_time() -> None:
    body = "<html lang='zh'><h1>船闸停航检修</h1><p>Tue Mar 12 17:36:00 CST 2024</p><p>正文。</p>"
    found = extract(Page(url="https://a.example/x", body=body.encode()), now=NOW)
    assert found.published == datetime(2024, 3, 12, 9, 36, tzinfo=UTC)


def test_the_dictionary_has_what_the_page_says() -> None:
    found = extract_page("<h1>The harbour closes</h1><p>2024-03-12</p>" + f"<p>{LONG * 3}</p>", "")
    assert found["title"] == "The harbour closes"
    assert found["date"] == "2024-03-12"
    assert found["body_text"] == (LONG * 3).strip()


@pytest.mark.parametrize(
    ("url", "href", "says"),
    [
        ("https://a.example/story-5.html", "/story-6.html", "Next"),
        ("https://a.example/2024/05/12", "/2024/05/13", "Next"),
        ("https://a.example/story", "/another-story", "Next page"),
        ("https://a.example/story", "https://b.example/story?page=2", "Next page"),
        ("https://a.example/story", "/story?page=2", "2"),
        ("https://a.example/", "/?page=2", "Next page"),
    ],
    ids=["a number in the name", "a day", "the next article", "another host", "comments", "front"],
)
def test_the_next_article_is_no_next_page(url: str, href: str, says: str) -> None:
    assert article(f'<a href="{href}">{says}</a>', url).next == ""


@pytest.mark.parametrize(
    ("url", "href", "says"),
    [
        ("https://a.example/1.shtml", "/1_2.shtml", "下一页"),
        ("https://a.example/story", "/story?page=2", "Next page"),
        ("https://a.example/story.html", "/story/2/", "2"),
    ],
)
def test_the_second_page_is_the_next_page(url: str, href: str, says: str) -> None:
    assert article(f'<a href="{href}">{says}</a>', url).next == f"https://a.example{href}"


def test_an_article_that_mentions_a_wall_is_an_article() -> None:
    assert article("<p>Subscribe to continue reading</p><p>Page not found</p>").verdict == ""


def test_an_empty_shell_is_no_verdict() -> None:
    assert page('<div id="root"></div><script src="/app.js"></script>').verdict == ""


def test_attack_markup_in_a_page_does_not_come_through() -> None:
    found = article(
        f'<p>{LONG}<a href="javascript:alert(1)">x</a><b onclick="x()">bold</b>'
        "&lt;script&gt;alert(1)&lt;/script&gt;<svg onload=x()></svg></p>"
        f'<p><img src="https://a.example/a&quot;onerror=&quot;x.jpg" alt="&quot;&gt;&lt;i&gt;">'
        f"{LONG}</p>"
    )
    assert "&lt;script&gt;" in found.body
    body = html.fragment_fromstring(found.body, create_parent="div")
    assert not body.xpath("//script | //svg | //@onclick | //@onerror | //@onload")
    assert not [href for href in body.xpath("//@href") if not href.startswith("http")]


HOSTILE = {
    "NUL bytes": b"\0" * 1000,
    "all bytes": bytes(range(256)) * 400,
    "deep": b"<div>" * 20_000 + b"x",
    "deep and mixed": b"<div><span><b>x" * 10_000,
    "half a character": "<p>\ud800</p>".encode("utf-8", "surrogatepass"),
    "one word": b"<p>" + b"a" * 300_000,
    "a long title": b"<title>" + b"a - b | " * 10_000 + b"</title>",
    "joints": b"<title>" + b"-" * 200_000 + b"</title><h1>x" + b"|" * 50_000 + b"</h1>",
    "headings": b"<title>Some title</title>" + b"<h1>Some title</h1>" * 2_000,
    "next pages": b'<a href="/x?page=2">next page</a>' * 2_000,
    "authors": b'<meta name="author" content="John Doe">' * 2_000,
    "open JSON": b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>",
    "labels": "<h1>标题在这里</h1><p>".encode() + "来源：".encode() * 20_000,
    "line breaks": b"line of text here<br>" * 4_000,
    "wrong types": b'<script type="application/ld+json">{"@type":"NewsArticle",'
    b'"headline":{"a":[1]},"author":[[["x"]],5,null,{"name":{"b":1}}],"datePublished":["x",3],"image":[[[]],{"url":{}}],'
    b'"keywords":{"a":1},"publisher":[1],"isAccessibleForFree":[]}</script><p>x',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_attack_hostile_pages_are_read_in_bounded_time(name: str) -> None:
    start = time.process_time()
    extract(Page(url="https://a.example/x", body=HOSTILE[name]), now=NOW)
    assert time.process_time() - start < 10


def test_an_empty_page_is_not_readable() -> None:
    with pytest.raises(NotReadable):
        extract(Page(url="https://a.example/x", body=b" \n"), now=NOW)


# --- pictures beside the text ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=/i/1-115x115.jpg>",
        "<img src=/thumb/0x1:3456x3832/80x80/i.jpg>",
        "<img src=/teaser-300x70.png>",
        "<img src=/authors/lee.jpg>",
        "<img src=/profile_photos/2.jpg>",
        "<img src=/1.jpg class=avatar>",
        "<a class=author-link><img src=/1.jpg></a>",
        "<div class=RelatedLinks_root__x1><img src=/1.jpg></div>",
        "<aside class='article authorBio'><div><img src=/1.jpg><p>Lee.</p></div></aside>",
        "<div id=more-stories><figure><img src=/1.jpg></figure></div>",
    ],
)
def test_pictures_of_authors_and_of_other_articles_go(picture: str) -> None:
    assert "<img" not in article(f"{picture}<p>{LONG}</p>").body


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=/i/1-1200x800.jpg>",
        "<img src=/12x13_21_77@1080x1146_0.jpg>",
        "<figure class=wp-caption><img src=/1.jpg><figcaption>A lock.</figcaption></figure>",
        "<div class='elementor-widget'><img src=/1.jpg></div>",
        "<div class=lead-banner><img src=/authority.jpg></div>",
    ],
)
def test_pictures_of_the_text_stay(picture: str) -> None:
    assert article(f"{picture}<p>{LONG}</p>").body.count("<img") == 1


def test_a_mark_around_the_whole_text_says_nothing_of_its_pictures() -> None:
    text = f"<h1>The harbour</h1><p>First: {LONG * 3}</p><img src=/1.jpg><p>Then: {LONG * 3}</p>"
    assert page(f"<div class='popular'>{text}</div>").body.count("<img") == 1


@pytest.mark.parametrize("piece", ["<div>", "<font color=red>", "<section><b>"])
def test_attack_depth_loses_no_paragraph(piece: str) -> None:
    found = article(f"{piece * 2_000}<p>Deep: {LONG}</p>")
    assert found.text.count("The harbour will close") == 6
    assert "Deep:" in found.text


@pytest.mark.parametrize(
    "piece",
    [
        "<a name=top>",
        "<a href=/x>More</b>",
        "<a id=x><b>",
        "<a href=/x>a<a href=/y>b",
        "<button>Go",
    ],
)
def test_attack_a_link_without_an_end_swallows_no_paragraph(piece: str) -> None:
    found = article(f"{piece}<p>Then: {LONG}</p><div>Last: {LONG}</div>")
    assert "Then:" in found.text
    assert "Last:" in found.text


def test_a_link_around_blocks_that_ends_stays_one() -> None:
    card = f"<a name=top></a><a href=/2><div><p>Next: {LONG}</p></div></a><a name=end>"
    assert "Next:" not in article(f"{card}<p>Last: {LONG}</p>").text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Verifying you are human. This may take a few seconds."),
        ("Access Denied", "You don't have permission to access this page. Reference #18.2"),
        ("Are you a robot?", "To continue, please click the box below."),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked."),
        ("百度安全验证", "网络不给力，请稍后重试"),
        ("We’ll be back soon", "Sorry for the inconvenience, we are performing some maintenance."),
    ],
)
def test_a_barrier_is_no_article_today(title: str, text: str) -> None:
    found = page(f"<title>{title}</title><h1>{title}</h1><p>{text}</p>")
    assert found.verdict == "BotCheck"
    assert title[:10] in found.rejection.reason
    whole = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    assert page(f"<title>{title}</title><h1>{title}</h1>{whole}").verdict == ""


def test_a_page_that_leads_on_is_no_article() -> None:
    refresh = "<meta http-equiv=refresh content=\"0; url='/real-story'\">"
    found = page(f"{refresh}<h1>Redirecting</h1><p>Redirecting to <a href=/real-story>here</a>")
    assert (found.verdict, "/real-story" in found.rejection.reason) == ("NotAnArticle", True)
    whole = "".join(f"<p>{n}. {LONG}</p>" for n in range(5))
    assert page(f"{refresh}<h1>The harbour closes</h1>{whole}").verdict == ""
    assert page(f"<meta http-equiv=refresh content=300><h1>A brief</h1><p>{LONG}").verdict == ""


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="www.news.example/c/1">',
        '<link rel="canonical" href="https://www.news.example:443/c/1#top">',
        '<meta property="og:url" content="www.news.example/c/1">',
        '<link rel="canonical" href="m.news.example/c/7"><meta property="og:url" content="/c/1">',
        '<link rel="canonical" href="{{url}}"><meta property="og:url" content="/c/1">',
        '<link rel="canonical" href="undefined"><meta property="og:url" content="/c/1">',
        '<link rel="canonical" href="https://www.news.example/<%= path %>">'
        '<meta property="og:url" content="/c/1">',
    ],
)
def test_a_canonical_address_without_its_scheme(head: str) -> None:
    document = f"<html><head>{head}</head><body><h1>Harbour closes</h1><p>{LONG}</p></body></html>"
    found = extract(
        Page(url="https://www.news.example/c/0?from=x", body=document.encode()), now=NOW
    )
    assert found.canonical == "https://www.news.example/c/1"


@pytest.mark.parametrize("between", ["", ",", ";\n", " , \n"])
def test_json_nodes_one_after_the_other(between: str) -> None:
    node = '{"@type": "NewsArticle", "datePublished": "2024-01-19T08:30:00Z"}'
    script = f'<script type="application/ld+json">{{"@type": "WebSite"}}{between}{node}</script>'
    found = page(f"{script}<h1>The gates</h1><p>20 January 2024</p><p>They weigh 40 tonnes.</p>")
    assert f"{found.published:%Y-%m-%d %H:%M}" == "2024-01-19 08:30"


@pytest.mark.parametrize(
    ("kind", "published"),
    [("NewsArticle", "2024-01-19 08:30"), ("ImageObject", "2024-01-20 00:00")],
)
def test_broken_json_states_its_plain_fields(kind: str, published: str) -> None:
    broken = (
        f'<script type="application/ld+json">{{"@type": "{kind}", "headline": "The gates",'
        ' "description": "They are "heavy", says he.", "datePublished": "2024-01-19T08:30:00Z",'
        ' "author": {"name": "Ada Brook"}}</script>'
    )
    found = page(f"{broken}<h1>The gates</h1><p>20 January 2024</p><p>They weigh 40 tonnes.</p>")
    assert found.published is not None
    assert f"{found.published:%Y-%m-%d %H:%M}" == published
