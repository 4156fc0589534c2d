"""Who wrote an article, among all the names that stand on a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = "".join(
    f"<p>{n}. The harbour will close for a year, the port authority said on Tuesday.</p>"
    for n in range(5)
)
OWN = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The lock closes",'
    ' "author": {"@type": "Organization", "name": "Ellery Courier"}}</script>'
    '<meta property="og:site_name" content="Ellery Courier">'
)
PAGES = {
    "the site, and a person in the byline": (
        OWN,
        '<p class="byline">By Ada Brook, Ellery Courier</p>',
        ("Ada Brook",),
    ),
    "the site, and its name behind the person's": (
        OWN,
        '<p class="byline">Ada Brook Ellery Courier</p>',
        ("Ada Brook",),
    ),
    "the site alone": (OWN, '<p class="byline">Our staff</p>', ("Ellery Courier",)),
    "the site, and a list of its staff": (
        OWN,
        '<ul><li><a href="/staff/ada">Ada Brook</a></li></ul>',
        ("Ellery Courier",),
    ),
    "how long it takes to read": ('<meta name="twitter:data1" content="7 minutes">', "", ()),
    "more than are shown, and a network": (
        '<meta name="author" content="Ada Brook, Tomas Vale, +4 more, Twitter">',
        "",
        ("Ada Brook", "Tomas Vale"),
    ),
    "the site before the person": (
        "",
        "<p>Ellery Courier | By Ada Brook</p>",
        ("Ada Brook",),
    ),
    "the town behind the names": (
        "",
        "<p>Von Anna Kern und Tim Blum, Ellery</p>",
        ("Anna Kern", "Tim Blum"),
    ),
    "from a town": ("", "<p>Por Ana Luz, de Lisboa</p>", ("Ana Luz",)),
    "an e-mail address behind the name": (
        "",
        '<div class="byline">Ada Brook ada@a.example</div>',
        ("Ada Brook",),
    ),
    "an e-mail address in a line of its own": (
        "",
        "<p>Ada Brook</p><p>ada@a.example</p><p>20 November 2026</p>",
        ("Ada Brook",),
    ),
    "an agency before the person": (
        "",
        '<div class="byline">Associated Press, Ada Brook</div>',
        ("Ada Brook",),
    ),
    "an agency behind the person": ("", "<p>Autor: Jan Holub, ČTK</p>", ("Jan Holub",)),
    "a person and a town above the time": (
        "",
        "<p>Jan Kern, Rom</p><p>20. November 2026</p>",
        ("Jan Kern",),
    ),
    "a town behind a slash": ("", "<p>Redacción: Ana Luz / Madrid</p>", ("Ana Luz",)),
    "a label of others behind the names": (
        "",
        "<p>Teksti: Anna Lehto, kuvat: Ville Salo</p>",
        ("Anna Lehto",),
    ),
    "a time behind the name": (
        "",
        "<p>Publié par Marie Blanc le 20 novembre 2026</p>",
        ("Marie Blanc",),
    ),
    "a weekday behind the name": (
        "",
        "<p>Gespeichert von Jan Kern am Fr., 20.11.2026 - 10:15</p>",
        ("Jan Kern",),
    ),
    "a name behind the time": (
        "",
        "<p>Publié le 20 novembre 2026 à 10h15 par Marie Blanc</p>",
        ("Marie Blanc",),
    ),
    "what is no name behind `by`": ("", "<p>By the numbers</p>", ()),
    "small letters behind `par`": ("", "<p>Par ici la sortie</p>", ()),
    "an interview without a person": ("", "<p>Interview: Warum die Schleuse schließt</p>", ()),
    "one name behind another": (
        "",
        "<p>Penulis: Budi Santoso, Suharto</p>",
        ("Budi Santoso", "Suharto"),
    ),
    "who took the photographs": (
        "",
        "<p>Story by Ada Brook and Tomas Vale, Photographs by Mei Lund</p>",
        ("Ada Brook", "Tomas Vale"),
    ),
    "a comma before the last": (
        '<meta name="author" content="Ada Brook, Tomas Vale, and Mei Lund">',
        "",
        ("Ada Brook", "Tomas Vale", "Mei Lund"),
    ),
    "behind the time": (
        "",
        "<div><time>2026-11-20 23:30 EST</time> by Ada Brook</div>",
        ("Ada Brook",),
    ),
    "links to what they wrote": (
        "",
        '<div><a href="/author/ada">Ada Brook</a> · <a href="/author/tomas">Tomas Vale</a></div>'
        '<aside><a href="/author/mei">Mei Lund</a></aside>',
        ("Ada Brook", "Tomas Vale"),
    ),
    "a link that is no address": (
        "",
        '<a href="http://[/author/ada">Ada Brook</a>',
        ("Ada Brook",),
    ),
    "reporters of a Chinese paper": (
        "",
        "<h4>2026年11月20日</h4><p>作者：南都见习记者 余小菁 向雪</p>",
        ("余小菁", "向雪"),
    ),
    "a Chinese line that is signed": ("", "<p>潮汐新闻记者 贺小萍</p>", ("贺小萍",)),
    "no space behind By": ("", "<p>ByAda Brook</p><p>Published May 3, 2026</p>", ("Ada Brook",)),
    "By in a line of its own": ("", "<p>Written by</p><p>Ada Brook</p>", ("Ada Brook",)),
    "before a day": ("", "<div>By Ada Brook On 5/07/26 at 11:47 AM EDT</div>", ("Ada Brook",)),
    "glued to a day": ("", '<p class="byline">Ada BrookDec 17, 2025</p>', ("Ada Brook",)),
    "in the line of the time": (
        "",
        "<p>Ada Brook | Senior Writer | May 3, 2026</p>",
        ("Ada Brook",),
    ),
    "a role of several words": (
        "",
        '<p class="byline">Ada Brook Marketing Manager, Co-Founder</p>',
        ("Ada Brook",),
    ),
    "agencies": (
        "",
        '<p class="byline">By Ada Brook The Associated Press and Tomas Vale | WBEZ</p>',
        ("Ada Brook", "Tomas Vale"),
    ),
    "initials in parentheses": (
        '<meta name="author" content="Ada Brook (ake/dpa)">',
        "",
        ("Ada Brook",),
    ),
    "a parenthesis without end": (
        '<meta name="author" content="Ada Brook (ake">',
        "",
        ("Ada Brook",),
    ),
    "a parenthesis in a name": (
        '<meta name="author" content="Ada (Keld) Brook">',
        "",
        ("Ada (Keld) Brook",),
    ),
    "a degree": ("", '<p class="byline">By Ada Brook, M.D.</p>', ("Ada Brook",)),
    "a place": (
        "",
        "<p>By Ada Brook in Ellery and Tomas Vale in Port</p>",
        ("Ada Brook", "Tomas Vale"),
    ),
    "the family name first": ('<meta name="author" content="Brook, Ada">', "", ("Ada Brook",)),
    "family names first": (
        '<meta name="dc.creator" content="Brook, Ada; Vale, Tomas">',
        "",
        ("Ada Brook", "Tomas Vale"),
    ),
    "a Japanese name": (
        '<meta name="author" content="山田 太郎">',
        "<p>これは港の記事です。</p>",
        ("山田 太郎",),
    ),
    "og:article:author": (
        '<meta property="og:article:author" content="Ada Brook">',
        "",
        ("Ada Brook",),
    ),
    "a company in the head, a person in the byline": (
        '<meta name="author" content="Lock Media GmbH">',
        "<p>By Ada Brook</p>",
        ("Ada Brook",),
    ),
    "a company alone": ('<meta name="author" content="Lock Media GmbH">', "", ("Lock Media GmbH",)),
    "a handle, and a name": (
        '<meta name="author" content="adabrook7">'
        '<meta property="article:author" content="Ada Brook">',
        "",
        ("Ada Brook",),
    ),
    "who edited it": (
        '<meta name="author" content="Ada Brook, Mei Lund, Tomas Vale">',
        "<p>By Ada Brook</p><p>Edited by Tomas Vale</p><p>Reviewed by Mei Lund</p>",
        ("Ada Brook",),
    ),
    "edited by, in the same line": (
        "",
        '<p class="byline">By Ada Brook. Edited by Tomas Vale</p>',
        ("Ada Brook",),
    ),
    "a quoted post": (
        "",
        "<p>Ada Brook</p><p>May 3, 2026</p>"
        '<div class="tweet"><b class="author">Harbour Board</b></div>',
        ("Ada Brook",),
    ),
    "a comment": (
        "",
        '<ul class="comments"><li><a href="/profile/7">Tomas Vale</a></li></ul>',
        (),
    ),
    "a comment in microdata": (
        "",
        '<div itemprop="comment"><b itemprop="author">Tomas Vale</b></div>',
        (),
    ),
    "the bylines of other articles": (
        "",
        '<p class="byline">By Ada Brook</p>'
        '<section><div><p class="byline">By Tomas Vale</p></div></section>',
        ("Ada Brook",),
    ),
    "a list of what is read most": (
        "",
        '<div class="most-read"><b class="author">Tomas Vale</b></div>',
        (),
    ),
    "an embedded post with a class of its own": (
        "",
        '<p class="byline">By Ada Brook</p>'
        '<div class="card"><a class="author-name">Tomas Vale</a></div>',
        ("Ada Brook",),
    ),
    "a name in the footer of the article": (
        "",
        '<footer><span class="author">Ada Brook</span></footer>',
        ("Ada Brook",),
    ),
    "the portal": ('<meta name="author" content="网易">', "", ()),
    "an unknown author": ("", '<p class="author">作者：未知</p>', ()),
    "an editor in the author's place": ("", '<p class="show_author">责任编辑：王小明</p>', ()),
    "a label in the author's place": ("", '<p class="author">作者：王小明</p>', ("王小明",)),
    "a licence": ("", '<span class="authorized">我已授权</span>', ()),
    "an account to follow": ("", '<p class="author">港口发布 关注</p>', ("港口发布",)),
    "signed with the medium": ("", "<p>石小佳/海港青年报</p>", ("石小佳",)),
}


@pytest.mark.parametrize(("head", "top", "authors"), PAGES.values(), ids=PAGES.keys())
def test_the_authors_are_the_persons(head: str, top: str, authors: tuple[str, ...]) -> None:
    html = (
        f"<html><head><meta charset=utf-8><title>The lock closes</title>{head}</head>"
        f"<body><h1>The lock closes</h1>{top}{TEXT}</body></html>"
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == authors


LABELLED = {
    "ar": ("الكاتب", "سامي حداد"),
    "bn": ("প্রতিবেদক", "রহিম উদ্দিন"),
    "cs": ("Autor", "Jan Novák"),
    "da": ("Skrevet af", "Mette Holm"),
    "el": ("Συντάκτης", "Νίκος Παππάς"),
    "fa": ("نویسنده", "سارا احمدی"),
    "fi": ("Teksti", "Aino Laine"),
    "fr": ("Auteur", "Luc Moreau"),
    "hi": ("लेखक", "राम वर्मा"),
    "hr": ("Piše", "Ana Horvat"),
    "hu": ("Szerző", "Kiss Anna"),
    "id": ("Penulis", "Budi Santoso"),
    "it": ("Autore", "Paolo Neri"),
    "ko": ("글", "김지우"),
    "nl": ("Tekst", "Joost Smit"),
    "pl": ("Autor", "Jan Zając"),
    "ro": ("Autor", "Ion Pop"),
    "sv": ("Reporter", "Elin Berg"),
    "th": ("เขียนโดย", "สมชาย ใจดี"),
    "tr": ("Haber", "Ali Kaya"),
    "uk": ("Автор", "Іван Коваль"),
    "vi": ("Tác giả", "Nguyễn An"),
}


BYLINES = {
    "de": ("Eine Analyse von Jan Kern", "Jan Kern"),
    "en": ("Opinion by Ada Brook", "Ada Brook"),
    "es": ("Un análisis de Ana Luz", "Ana Luz"),
    "fr": ("Propos recueillis par Marie Blanc", "Marie Blanc"),
    "it": ("L’intervista di Anna Serra", "Anna Serra"),
    "nl": ("Van onze verslaggever Jan Smit", "Jan Smit"),
    "pl": ("oprac. Jan Nowak", "Jan Nowak"),
    "pt": ("Reportagem: Ana Luz", "Ana Luz"),
    "ru": ("Подготовила Анна Светлова", "Анна Светлова"),
    "uk": ("Підготував Іван Лісовий", "Іван Лісовий"),
    "el": ("Γράφει η Άννα Λευκού", "Άννα Λευκού"),
    "fi": ("Toimittaja Anna Lehto", "Anna Lehto"),
    "id": ("Laporan Wartawan Budi Santoso", "Budi Santoso"),
    "tr": ("Ayşe Demir tarafından yazıldı", "Ayşe Demir"),
    "hi": ("राम कुमार द्वारा", "राम कुमार"),
    "ja": ("文・山田太郎", "山田太郎"),
    "ko": ("기자명 김지우 입력 2026.11.20 10:15", "김지우"),
    "zh": ("本報記者王小明", "王小明"),
    "ar": ("كتبت - سارة سالم", "سارة سالم"),
}


@pytest.mark.parametrize(("line", "name"), BYLINES.values(), ids=BYLINES.keys())
def test_a_line_names_the_author_in_each_language(line: str, name: str) -> None:
    html = f"<body><h1>The lock closes</h1><p>{line}</p>{TEXT}"
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == (name,)


SHAPES = [
    ("Jan Novák, ČTK", ("Jan Novák",)),
    ("Jan Kowalski, PAP", ("Jan Kowalski",)),
    ("Анна Петрова, ТАСС", ("Анна Петрова",)),
    ("Anna Virtanen, STT", ("Anna Virtanen",)),
    ("Von Jan Keller und Mia Voss, dpa", ("Jan Keller", "Mia Voss")),
    ("Jan Keller und Mia Voss (dpa)", ("Jan Keller", "Mia Voss")),
    ("By A. B. Carter and C. D. Miles, Reuters", ("A. B. Carter", "C. D. Miles")),
    ("Text: Eva Lind/TT", ("Eva Lind",)),
    ("Ellery Harbour Office, Reuters said", ()),
    ("Reporting by Ada Brook; Editing by Tom Vale", ("Ada Brook",)),
    ("Story: Ada Brook", ("Ada Brook",)),
    ("Story: the old lock closes", ()),
    ("dalla nostra inviata Anna Serra", ("Anna Serra",)),
    ("Testo di Anna Serra", ("Anna Serra",)),
    ("Door Jan Smit en Piet Bakker", ("Jan Smit", "Piet Bakker")),
    ("Tekst: Jan Smit en Piet Bakker", ("Jan Smit", "Piet Bakker")),
    ("Deur Elna Botha en Piet Smit", ("Elna Botha", "Piet Smit")),
    ("新华社记者王小明、李小红", ("王小明", "李小红")),
    ("本报记者王小明", ("王小明",)),
]


@pytest.mark.parametrize(("line", "authors"), SHAPES)
def test_shapes_of_bylines(line: str, authors: tuple[str, ...]) -> None:
    html = f"<meta charset=utf-8><body><h1>The lock closes</h1><p>{line}</p>{TEXT}"
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == authors


CLASSES = [
    ("autor", "Jan Kern"),
    ("article-auteur", "Marie Blanc"),
    ("articoloAutore", "Anna Serra"),
    ("szerzo", "Lakatos Anna"),
    ("yazar", "Ayşe Demir"),
    ("penulis", "Budi Santoso"),
    ("skribent", "Eva Lind"),
    ("avtor_name", "Іван Лісовий"),
    ("tac-gia", "Nguyễn Văn An"),
]


def test_the_name_of_the_site_is_the_end_of_the_title() -> None:
    html = (
        "<title>The lock closes - Ellery Courier</title><h1>The lock closes</h1>"
        f'<div class="byline">Ellery Courier / Ada Brook</div>{TEXT}'
    )
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == ("Ada Brook",)


@pytest.mark.parametrize(("mark", "name"), CLASSES)
def test_a_class_names_the_author_in_each_language(mark: str, name: str) -> None:
    html = f'<meta charset=utf-8><h1>The lock closes</h1><div class="{mark}">{name}</div>{TEXT}'
    page = Page(url="https://www.example.com/2026/lock.html", body=html.encode())
    assert extract(page, now=NOW, zone=None).authors == (name,)


@pytest.mark.parametrize(
    "element",
    [
        '<ul class="firma"><li>Neue Firma in Ellern</li></ul>',
        '<p class="autorisation">Ellery Port</p>',
        '<p class="writers">More from us</p>',
    ],
)
def test_a_class_without_a_person_names_nobody(element: str) -> None:
    page = Page(
        url="https://www.example.com/lock.html", body=f"<h1>The lock</h1>{element}{TEXT}".encode()
    )
    assert extract(page, now=NOW, zone=None).authors == ()


@pytest.mark.parametrize(("language", "label", "name"), [(k, *v) for k, v in LABELLED.items()])
def test_a_label_names_the_author_in_each_language(language: str, label: str, name: str) -> None:
    body = f'<html lang="{language}"><h1>The lock closes</h1><p>{label}: {name}</p>{TEXT}'
    page = Page(url="https://courier.example/a", body=body.encode())
    assert extract(page, now=NOW).authors == (name,)
