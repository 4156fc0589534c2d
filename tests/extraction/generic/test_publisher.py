"""Who publishes a page, among the names that it and its address give."""

from __future__ import annotations

import json

import pytest
from lxml import html

from newsspider.extraction.generic.publisher import find_publisher
from newsspider.extraction.generic.structured import read_structured

HEADLINE = "Old lock of Ellery closes for a year"
COURIER = "Ellery Courier"


def publisher(
    title: str = "", head: str = "", body: str = "", *, host: str = "www.ellerycourier.example"
) -> str:
    page = f"<html><head><title>{title}</title>{head}</head><body>{body}<p>text</p></body></html>"
    tree = html.document_fromstring(page)
    return find_publisher(tree, read_structured(tree), f"https://{host}/2024/lock")[0]


def article(publisher: object, **fields: object) -> str:
    node = {"@type": "NewsArticle", "headline": HEADLINE, "publisher": publisher, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def og(name: str) -> str:
    return f'<meta property="og:site_name" content="{name}">'


@pytest.mark.parametrize(
    "title",
    [
        *(f"{HEADLINE}{joint}{COURIER}" for joint in (" | ", " - ", " : ", " :: ", " • ", " > ")),
        *(f"{HEADLINE}{joint}{COURIER}" for joint in ("_", " ~ ", " / ", "ㅣ", "｜", " — ")),
        f"{COURIER} | {HEADLINE}",
        f"{COURIER}: {HEADLINE}",
        f"{HEADLINE} | {COURIER} | Local news",
        f"{HEADLINE} - {COURIER} - News, sport and weather",
        f"{HEADLINE} | Local news | {COURIER}",
    ],
)
def test_a_part_of_the_title_that_the_address_knows(title: str) -> None:
    assert publisher(title, body=f"<h1>{HEADLINE}</h1>") == COURIER


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("The Courier", "ellerycourier.example"),
        ("The West Harbour", "www.thewest.com.au"),
        ("Ellery Courier", "ellery-courier.example"),
        ("Ellery Courier", "internationalnews.ellerycourier.example"),
        ("Küsten-Kurier", "www.kuestenkurier.example"),
        ("Sørlands-Avisen", "www.sorlandsavisen.example"),
        ("Frankfurter Neue Zeitung", "www.fnz.example"),
        ("Ellery Courier", "ec.example"),
    ],
)
def test_a_name_and_its_address(name: str, host: str) -> None:
    assert publisher(f"{HEADLINE} | {name}", host=host) == name


@pytest.mark.parametrize(
    "head",
    [
        article([{"@type": "Organization", "name": COURIER}]),
        article({"name": "https://www.ellerycourier.example/", "alternateName": COURIER}),
        article(None, isPartOf={"@type": "WebSite", "name": COURIER}),
        '<meta name="publisher" content="Ellery Courier">',
        '<meta name="copyright" content="Copyright © 2026 Ellery Courier. All rights reserved">',
        '<meta name="DC.publisher" content="Ellery Courier">',
        og("www.ellerycourier.example") + article({"name": COURIER}),
    ],
)
def test_places_that_state_the_name(head: str) -> None:
    assert publisher(HEADLINE, head).removesuffix(".") == COURIER


@pytest.mark.parametrize(
    "body",
    [
        "<a href=/><img src=/logo.svg alt='Ellery Courier'></a>",
        "<a href=/><img src=/logo.svg alt='Ellery Courier logo.'></a>",
        "<a href=/ class=logo>Ellery Courier</a>",
        "<a href=/ title='Ellery Courier - news of the harbour'></a>",
        "<a href='https://www.ellerycourier.example/' aria-label='Ellery Courier homepage'></a>",
        "<a href=/><svg><title>Ellery Courier</title></svg></a>",
        "<footer>© 2026 Ellery Courier. All rights reserved.</footer>",
        "<footer>Copyright © 2001-2026 Ellery Courier Ltd</footer>",
        "<div itemprop=publisher><meta itemprop=name content='Ellery Courier'></div>",
    ],
)
def test_a_page_that_states_no_name_shows_one(body: str) -> None:
    assert publisher(HEADLINE, body=body) == COURIER


@pytest.mark.parametrize(
    ("title", "body", "name"),
    [
        ("旧船闸关闭一年_港口新闻_埃勒里网", "", "埃勒里网"),
        ("旧船闸关闭一年-埃勒里晚报", "", "埃勒里晚报"),
        ("旧船闸关闭一年_港口新闻", "", "elwb.example"),
        ("낡은 갑문 닫힌다 - 엘러리일보", "", "엘러리일보"),
        ("Старый шлюз закрыт | Эллери Курьер", "", "elwb.example"),
        ("Старый шлюз закрыт | Эллери Курьер", "<a href=/>Эллери Курьер</a>", "Эллери Курьер"),
    ],
)
def test_the_end_of_the_title_in_another_script(title: str, body: str, name: str) -> None:
    assert publisher(title, body=body, host="www.elwb.example") == name


@pytest.mark.parametrize(
    ("title", "head", "body", "name"),
    [
        ("", og("Ellerycourier.example"), "<a href=/>Ellery Courier</a>", "Ellerycourier.example"),
        (f"{HEADLINE} | {COURIER}", og("@ellerycourier"), "", COURIER),
        (f"{HEADLINE} | {COURIER}", og("ellerycourier.example"), "", COURIER),
        (f"{HEADLINE} | {COURIER}", og("News from the harbour, every day"), "", COURIER),
        (f"{HEADLINE} | {COURIER}", og("Ellery Courier Verlags GmbH"), "", COURIER),
        (f"{HEADLINE} - ellerycourier.example", og("ETZ"), "", "ellerycourier.example"),
        (
            "Ellery: the lock closes",
            "",
            "<h1>Ellery: the lock closes</h1>",
            "ellerycourier.example",
        ),
        ("", "", "<footer>© 2026 Brook Media Group</footer>", "ellerycourier.example"),
        ("", "", "<a href=https://other.example/>Courier of Ellery</a>", "ellerycourier.example"),
    ],
)
def test_which_name_counts(title: str, head: str, body: str, name: str) -> None:
    assert publisher(title, head, body) == name


@pytest.mark.parametrize(
    ("company", "site", "title", "host", "name"),
    [
        ("Ellery Courier", "", "", "ellery-courier.example", "Ellery Courier"),
        ("Ellery Courier eG", "", "", "ellery-courier.example", "Ellery Courier"),
        ("Courier - Verlag und Druck GmbH & Co. KG", "", "", "courier.example", "Courier"),
        ("Harbour Media, Inc.", "Ellery Post", "", "port.example", "Harbour Media"),
        ("Harbour Media Holding", "Ellery Post", "", "ellerypost.example", "Ellery Post"),
        ("Courier.co.uk", "Courier", "", "courier.example", "Courier"),
        ("埃勒里时报", "", "Lock closes - Ellery Times", "ellerytimes.example", "Ellery Times"),
        ("", "", "Lock closes | Harbour", "ellerytimes.example", "ellerytimes.example"),
        ("", "", "", "www.ellerytimes.example", "ellerytimes.example"),
        ("The AS Roma Herald", "", "", "asroma.example", "The AS Roma Herald"),
    ],
)
def test_the_name_its_readers_know(
    company: str, site: str, title: str, host: str, name: str
) -> None:
    said = json.dumps({"@type": "NewsArticle", "publisher": {"name": company}}) if company else "{}"
    head = f'<script type="application/ld+json">{said}</script>' + (
        f'<meta property="og:site_name" content="{site}">' if site else ""
    )
    assert publisher(title, head, host=host) == name


@pytest.mark.parametrize("part", [" - ", "- ", " GmbH", "a ", " S.A", " & Co"])
def test_attack_a_name_without_end_is_no_name(part: str) -> None:
    said = json.dumps({"@type": "NewsArticle", "publisher": {"name": part * 100_000}})
    head = f'<script type="application/ld+json">{said}</script>'
    long = part * 100_000
    page = f"""<html><head>{head}<title>{long}</title><meta name=copyright content="{long}"></head>
      <body><a href="/" aria-label="{long}">{long}</a><p>© {long}</p></body></html>"""
    tree = html.document_fromstring(page)
    named = find_publisher(tree, read_structured(tree), "https://zebra.example/1")
    assert named == ("zebra.example", "address")
