"""The next page of an article: how its pages are numbered, and what looks like one but is not."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic.boilerplate import is_pager, is_residue
from newsspider.extraction.generic.line import Line
from newsspider.extraction.generic.paging import find_next
from newsspider.languages import names, read

HERE = "http://news.example/202609/t2026_712.html"
TRS = HERE.replace(".html", "_{}.html")
TRS_SCRIPT = "var currentPage = {};//the page, from 0\nvar countPage = 3;"
SHORT = "http://news.example/202609/t2026_77.html"
SHORT_NEXT = "http://news.example/202609/t2026_77_1.html"
COMMA = "http://news.example/w,1234,2.html"
A = "https://n.example/a"


def following(url: str, markup: str) -> str:
    return find_next(html.document_fromstring(f"<body><p>Text</p>{markup}</body>"), url)


def link(href: str, label: str) -> str:
    return f"<a href='{href}'>{label}</a> "


def pager(links: str, marks: str = "pages") -> str:
    return f"<div class='{marks}'><p>{links}</p></div>"


@pytest.mark.parametrize(
    ("url", "markup", "expected"),
    [
        # From 0, in the name of the file.
        (HERE, link(TRS.format(1), "下一页"), TRS.format(1)),
        (HERE, link(TRS.format(2), "3") + link(TRS.format(1), "2"), TRS.format(1)),
        (TRS.format(1), link(HERE, "1") + link(TRS.format(2), "3"), TRS.format(2)),
        (TRS.format(1), link(HERE, "1") + link(TRS.format(1), "2"), ""),
        # The same by the script of the editorial system.
        (HERE, "<script>createPageHTML(3, 0, 't2026_712', 'html');</script>", TRS.format(1)),
        (TRS.format(1), "<script>createPageHTML(3,1,'t2026_712','html')</script>", TRS.format(2)),
        (TRS.format(2), "<script>createPageHTML(3,2,'t2026_712','html')</script>", ""),
        (HERE, "<script>createPageHTML(1, 0, 't2026_712', 'html');</script>", ""),
        (HERE, "<script>createPageHTML(9, 0, 'index', 'html');</script>", ""),  # of a list
        (SHORT, "<script>createPageHTML(3, 0, 't2026_77', 'html');</script>", SHORT_NEXT),
        (HERE, "<script>createPageHTML('pages',3,0,'t2026_712','html')</script>", TRS.format(1)),
        (HERE, f"<script>{TRS_SCRIPT.format(0)}</script>", TRS.format(1)),
        (TRS.format(1), f"<script>{TRS_SCRIPT.format(1)}</script>", TRS.format(2)),
        (TRS.format(2), f"<script>{TRS_SCRIPT.format(2)}</script>", ""),
        (HERE, f"<script>{TRS_SCRIPT.format(1)}</script>", ""),
        # From 0, in the query.
        (A, link("?page=1", "Next"), f"{A}?page=1"),
        (f"{A}?page=1", link("/a", "1") + link("?page=2", "Next page"), f"{A}?page=2"),
        (A, link("?page=1", "2"), ""),  # as often of the comments
        (f"{A}?PAGEN_1=2", link("/a", "1") + link("?PAGEN_1=3", "Далее"), f"{A}?PAGEN_1=3"),
        (f"{A}?halaman=1", link("?halaman=2", "Selanjutnya"), f"{A}?halaman=2"),
        (A, pager("<b>1</b>" + link("?PAGEN_1=2", "2")), f"{A}?PAGEN_1=2"),  # Bitrix
        (f"{A}?pg=2", pager(link("?pg=1", "1") + "2" + link("?pg=3", "3")), f"{A}?pg=3"),
        (A, pager(link("?page=1", "2")), ""),  # of what, it does not say
        (A, pager("Сказали 1 раз" + link("?page=2", "2")), ""),
        (A, pager("<b>1</b>" + link("?page=2", "2"), "comment-pages"), ""),
        (f"{A}?start=1", link("/a", "Prev") + link("?start=2", "Next"), f"{A}?start=2"),  # Joomla
        (f"{A}?PAGEN_1=2", link("?PAGEN_1=3", "Далее"), f"{A}?PAGEN_1=3"),
        (f"{A}?p=2", link("?p=3", "Next"), ""),  # as often of another article
        ("https://n.example/node/5", link("?page=1", "Next"), "https://n.example/node/5?page=1"),
        # From 1.
        ("http://news.example/w,1234,1.html", pager("<b>1</b>" + link(COMMA, "2")), COMMA),
        ("http://news.example/w,1234,1.html", link(COMMA, "2"), ""),
        ("http://news.example/w,1234.html", link("/w,1234,2.html", "dalej"), COMMA),
        (A, link("/a/2", "2") + link("/a/3", "3"), f"{A}/2"),
        (A, link("/a", "1") + link("/a/1", "1"), ""),
        # Labels.
        (A, link("/a/2", "[2]"), f"{A}/2"),
        (HERE, link(TRS.format(2), "第2页"), TRS.format(2)),
        (A, link("?seite=2", "Auf Seite 2: Die Kosten"), f"{A}?seite=2"),
        (A, link("?page=2", "Next page: The costs"), f"{A}?page=2"),
        (A, link("?page=2", "次ページ：工事の費用は"), f"{A}?page=2"),
        (A, link("/a/2", "2: The costs"), ""),
        (A, link("/a/2", "2") + link("/a/2", "»"), f"{A}/2"),
        (A, "<a href=/a/2 aria-label='Next page'><svg></svg></a>", f"{A}/2"),
        (A, "<select><option value=/a>1<option value=/a/2>2</select>", f"{A}/2"),
        (A, link("?page=2#text", "Next"), f"{A}?page=2"),
        (A, link("?page=2#comments", "Next"), ""),
        (A, f"<div class=comments>{link('?page=2', 'Page 2')}</div>", ""),
        (f"{A}.html", link("/a-p2.html", "2"), f"{A}-p2.html"),
        # The next article.
        (HERE, link("t2026_713.html", "下一篇"), ""),
        ("https://n.example/story-5", link("/story-6", "Next"), ""),
    ],
)
def test_the_next_page(url: str, markup: str, expected: str) -> None:
    assert following(url, markup) == expected


@pytest.mark.parametrize("language", names())
def test_each_language_has_the_words_of_a_pager(language: str) -> None:
    assert read(language)["pager"]
    assert read(language)["next"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halaman 1 2 Selanjutnya", True),
        ("第 1 页 共 3 页 下一页", True),
        ("Page 1 of 3", True),
        ("Seite 1 von 3 Weiter", True),
        ("Страница 2 из 10", True),
        ("3 men of 10", False),
        ("1", True),
        ("", False),
        ("Page one of the paper", False),
        ("2 boats", False),
        ("pages" * 11 + "x", False),
        ("1" * 60, True),
        ("1" * 61, False),
    ],
)
def test_a_pager_has_only_numbers_and_its_words(text: str, expected: bool) -> None:
    assert is_pager(Line("p", text, text, html.Element("p"))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("Page 1 of 3", True), ("Halaman 2 dari 12", True), ("Page 1 / 3", True)),
        *(
            ("上一页 1 2 3 下一页", True),
            ("1 2 3 Weiter", True),
            ("1 2 3", False),
            ("Page 3", False),
        ),
    ],
)
def test_without_a_link_a_count_of_pages_or_a_way_on_is_a_pager(text: str, expected: bool) -> None:
    assert is_residue(Line("p", text, text, html.Element("p"))) is expected
