"""Where scripted links lead."""

from __future__ import annotations

import time

import pytest
from lxml import html

from newsspider.text.script_links import ScriptLinks

SCRIPT = """
var other = 1;
function fnView(id) { location.href = '/view.do?id=' + id; }
function goDetail(board, seq){
  var url = "/board/" + board + "/" + encodeURIComponent(seq) + ".html";
  if (seq) { window.open(url, "_blank"); }
}
const show = (slug) => { window.location.assign(`/news/${slug}`) };
var app = { openStory: function (nr) { document.location = location.origin + '/s/' + nr } };
function lost(id) { document.frm.submit(); }
function half(id) { location.href = '/view?x=' + somewhere + id; }
"""


@pytest.fixture(scope="module")
def links() -> ScriptLinks:
    return ScriptLinks(html.document_fromstring(f"<body><script>{SCRIPT}</script></body>"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # No scripts.
        ("/news/17", "/news/17"),
        ("https://n.example/a(b)", "https://n.example/a(b)"),
        ("news(1).html", "news(1).html"),
        ("/a?location=1", "/a?location=1"),
        ("?id=17", "?id=17"),
        ("#", "#"),
        ("", ""),
        # An address.
        ("location.href='/news/17'", "/news/17"),
        ("javascript:location.href='news_17.html';", "news_17.html"),
        ('JavaScript: window.location = "/n/1"', "/n/1"),
        (
            "window.open('https://n.example/17','_blank','width=5'); return false",
            "https://n.example/17",
        ),
        ("self.location.replace('/a/' + 17 + '.html')", "/a/17.html"),
        ("top.location.href='\\/n\\/17'", "/n/17"),
        # A function of the page.
        ("javascript:fnView('17')", "/view.do?id=17"),
        ("fnView(17); return false;", "/view.do?id=17"),
        ("return goDetail('B01', '2026-17');", "/board/B01/2026-17.html"),
        ("show('die-schleuse')", "/news/die-schleuse"),
        ("app.openStory('17')", "/s/17"),
        ("track('x'); fnView('17')", "/view.do?id=17"),
        # No address.
        ("javascript:void(0)", ""),
        ("javascript:;", ""),
        ("javascript:history.back()", ""),
        ("unknown('17')", ""),
        ("lost('17')", ""),
        ("half('17')", ""),
        ("fnView()", ""),
        ("fnView(this)", ""),
        ("if (location.href == '/a') x()", ""),
    ],
)
def test_the_target_of_a_link(links: ScriptLinks, value: str, expected: str) -> None:
    assert links.target(value) == expected


@pytest.mark.parametrize(
    "script",
    [
        "function a(" * 50_000,
        "function a(b){location.href=" + "'x'+" * 100_000,
        "a = " * 100_000,
        "a=(" + "b," * 200_000,
        "location.href='" + "\\\\" * 200_000,
    ],
)
def test_attack_scripts_are_read_in_bounded_time(script: str) -> None:
    started = time.process_time()
    links = ScriptLinks(html.document_fromstring(f"<body><script>{script}</script></body>"))
    links.target("a('1')")
    links.target(script)
    assert time.process_time() - started < 1
