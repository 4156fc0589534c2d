"""Rules of the ftr-site-config format: read, found for a host, applied to a page."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.extraction.ftr import FtrReading, LinkRule, read, read_page, rules_for
from newsspider.model import Page

RULES = """
# The Harbour Post, all its desks
title: //h1[@class='headline']
title: substring-before(//title, ' | ')
author: //p[@class="by"]/a
date: //time/@datetime
body: //div[@id='missing']
body: //div[@class='story']
strip: //div[@class='promo'] | //comment()
strip_id_or_class: 'related'
strip_image_src: /pixel/
strip_attr: //p/@onclick
dissolve: //font
wrap_in(blockquote): //p[@class='said']
src_lazy_load_attr: data-full
next_page_link: //a[@rel='next']
single_page_link: //a[@class='print']
if_page_contains: //ol[@class='parts']
find_string: <header
replace_string: <h1 class='headline'
replace_string(</header>): </h1>
http_header(User-Agent): Reader/1.0
prune: no
tidy: no
test_url: https://harbour.example/2026/04/12/ferry
test_contains: The ferry
"""
PAGE = """<html><head><title>Ferry is back | Harbour Post</title></head><body>
<header><b>Ferry</b> is   back</header>
<p class="by">By <a href=/a/1>Ruth Vale</a>, <a>Tom Orr</a></p>
<time datetime="2026-04-12T08:30:00+01:00">today</time><ol class=parts><li>1</li></ol>
<div class="story">&lt;Harbour&gt; <p onclick="x()">The <font>ferry</font> sails.</p>
<p class="said">At last.</p><!-- note --><div class="promo">Subscribe</div> and on
<ul id="box-related-1"><li>Other</li></ul><img src="/pixel/1.gif">
<img src="x.gif" data-full="/1.jpg">
</div><a rel="next" href="?page=2">2</a><a class="print" href="/print/1">Print</a></body></html>"""


def got(
    markup: str, rules: str, url: str = "https://harbour.example/2026/04/12/ferry"
) -> FtrReading:
    return read_page(Page(url=url, body=markup.encode()), read(rules))


# -- a file -------------------------------------------------------------------------------------


def test_a_file() -> None:
    rules = read(RULES)
    assert rules.faults == ()
    assert rules.title == ("//h1[@class='headline']", "substring-before(//title, ' | ')")
    assert rules.strip_id_or_class == ("related",)
    assert rules.replaced == (("<header", "<h1 class='headline'"), ("</header>", "</h1>"))
    assert rules.single_page_link == (LinkRule("//a[@class='print']", "//ol[@class='parts']"),)
    assert rules.next_page_link == (LinkRule("//a[@rel='next']"),)
    assert rules.headers == {"user-agent": "Reader/1.0"}
    assert rules.wrap_in == (("blockquote", "//p[@class='said']"),)
    assert rules.test_url == ("https://harbour.example/2026/04/12/ferry",)
    assert rules.autodetect


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("titl: //h1", "rules:1: titl is not known"),
        ("just words", "rules:1: 'just words' is not `directive: value`"),
        ("body:", "rules:1: body has no value"),
        ("body: //div[@id=", "is not an XPath"),
        ("wrap_in(<b>): //p", "is not known"),
        ("http_header(X\r\nY): 1", "rules:1: "),
        ("find_string: a", "rules: find_string and replace_string do not pair up"),
        ("if_page_contains: //p", "if_page_contains is not known"),
        ("body: //p" + "x" * 5_000, "longer than 4000 characters"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_rest_is_read(line: str, fault: str) -> None:
    rules = read(f"{line}\nauthor: //b")
    assert fault in rules.faults[0]
    assert rules.author == ("//b",)


def test_comments_and_spaces() -> None:
    rules = read("\ufeff  # body: //a\r\n// body: //b\n\n   body :  //c  \nBODY: //d\n")
    assert (rules.body, rules.faults) == (("//c", "//d"), ())


# -- the file of a host -------------------------------------------------------------------------


def title_for(host: str, folder: Path) -> tuple[str, ...] | None:
    rules = rules_for(host, folder)
    return rules.title if rules else None


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    for name in ("example.com", ".example.com", ".news.example.com", "a.b.example.com", "global"):
        (tmp_path / f"{name}.txt").write_text(f"title: //x[.='{name}']\n", "utf-8")

    def of(host: str) -> str:
        found = title_for(host, tmp_path)
        assert found is not None
        assert found[1:] == ("//x[.='global']",)
        return found[0].removeprefix("//x[.='").removesuffix("']")

    assert of("example.com") == "example.com"
    assert of("WWW.Example.com:8080") == "example.com"
    assert of("sport.example.com") == ".example.com"
    assert of("a.news.example.com") == ".news.example.com"
    assert of("a.b.example.com") == "a.b.example.com"
    assert title_for("other.org", tmp_path) is None
    assert title_for("notexample.com", tmp_path) is None


def test_global_rules_stay_away_where_a_file_wants_no_others(tmp_path: Path) -> None:
    (tmp_path / "global.txt").write_text("title: //g", "utf-8")
    (tmp_path / "x.example.txt").write_text("title: //a\nautodetect_on_failure: no", "utf-8")
    rules = rules_for("x.example", tmp_path)
    assert rules is not None
    assert (rules.title, rules.autodetect) == (("//a",), False)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "x.example.txt"
    file.write_text("title: //a", "utf-8")
    assert title_for("x.example", tmp_path) == ("//a",)
    file.write_text("title: //b", "utf-8")
    stamp = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(stamp, stamp))
    assert title_for("x.example", tmp_path) == ("//b",)


@pytest.mark.parametrize(
    "host",
    ["", "..", "../secret", "a/b.com", "a\\b.com", "/etc/x.y", "x", "a..b", "." * 300, "\0.a"],
)
def test_attack_a_host_that_is_a_path(tmp_path: Path, host: str) -> None:
    inside = tmp_path / "rules"
    inside.mkdir()
    for name in ("secret.txt", "b.com.txt", "x.txt", ".txt"):
        (tmp_path / name).write_text("title: //a", "utf-8")
    assert rules_for(host, inside) is None


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.example.txt").mkdir()
    rules = rules_for("x.example", tmp_path)
    assert rules is not None
    assert "x.example.txt: cannot be read" in rules.faults[0]


# -- a page -------------------------------------------------------------------------------------


def test_a_page() -> None:
    found = got(PAGE, RULES)
    assert found.faults == ()
    body = found.fields.pop("body")
    assert found.fields == {
        "title": "Ferry is back",
        "author": "Ruth Vale, Tom Orr",
        "time": "2026-04-12T08:30:00+01:00",
        "next": "https://harbour.example/2026/04/12/ferry?page=2",
        "single": "https://harbour.example/print/1",
    }
    assert "".join(body.split("\n")) == (
        "&lt;Harbour&gt; <p>The ferry sails.</p>"
        '<blockquote><p class="said">At last.</p></blockquote> and on'
        '<img src="/1.jpg" data-full="/1.jpg">'
    )


def test_the_title_is_taken_out_of_the_body() -> None:
    found = got("<div><h1>A</h1><p>text</p></div>", "title: //h1\nbody: //div")
    assert found.fields == {"title": "A", "body": "<p>text</p>"}


def test_several_elements_are_one_body() -> None:
    markup = "<section><p>1</p></section><i></i><section><p>2</p><section>3</section></section>"
    found = got(markup, "body: //section")
    assert found.fields["body"] == (
        "<section><p>1</p></section><section><p>2</p><section>3</section></section>"
    )


def test_an_alternative_is_tried_when_the_first_finds_nothing_in_it() -> None:
    found = got("<div> </div><p>text</p>", "body: //div\nbody: //p\ntitle: //h1\ntitle: //h2")
    assert found.fields == {"body": "text"}


def test_a_link_counts_only_on_a_page_that_has_the_other_thing() -> None:
    rules = "single_page_link: //a[@class='print']\nif_page_contains: //ol"
    assert "single" not in got("<a class=print href=/p>Print</a>", rules).fields
    assert "single" in got("<ol></ol><a class=print href=/p>Print</a>", rules).fields


def test_links_that_lead_nowhere_are_none() -> None:
    for href in ("javascript:x()", "#", "", "/2026/04/12/ferry"):
        assert got(f"<a href='{href}'>2</a>", "next_page_link: //a").fields == {}
    assert got("<a href='/2'>2</a>", "next_page_link: concat('/p', string(//a))").fields == {
        "next": "https://harbour.example/p2"
    }


def test_rules_that_fail_on_a_page_are_told_and_passed_over() -> None:
    found = got("<h1>A</h1><p>b</p>", "title: foo:bar(//h1)\ntitle: //h1\nstrip: unknown(//p)")
    assert found.fields["title"] == "A"
    assert [fault.split(":")[0] for fault in found.faults] == ["title", "strip"]


def test_no_rule_takes_the_page_itself_away() -> None:
    rules = "strip_id_or_class: page\nstrip: /html\nstrip: //body\nbody: //p"
    markup = "<html class=page><body id=page><p>text</p></body></html>"
    assert got(markup, rules).fields == {"body": "text"}


def test_an_empty_page() -> None:
    assert got("", RULES) == FtrReading(faults=("the page is empty",))


def test_attack_a_page_that_makes_a_rule_slow() -> None:
    markup = "<div>" + "<p><a href=x>1</a></p>" * 1_500 + "</div>"
    slow = read("\n".join(["strip: //p[count(following::p) = -1]"] * 500 + ["body: //div"]))
    page = Page(url="https://x.example/", body=markup.encode())
    started = time.process_time()
    found = read_page(page, slow, seconds=0.2)
    assert time.process_time() - started < 3
    assert found.faults == ("the rules took more than 0.2 s; the rest are skipped",)
    huge = Page(url="https://x.example/", body=b"<p>" * 60_000)
    assert "more than 60000 elements" in read_page(huge, slow).faults[0]


def test_attack_replacements_that_grow_a_page() -> None:
    rules = "replace_string(a): " + "a" * 3_000 + "\n"
    found = got("<p>" + "a" * 10_000 + "</p>", rules * 3 + "body: //p")
    assert len(found.fields["body"]) <= 20_000_000
    assert "too large" in found.faults[0]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_rules_and_no_page_break_it(rules: str, markup: str) -> None:
    names = ("title", "body", "strip", "replace_string(a)", "wrap_in(b)", "next_page_link")
    text = "\n".join(f"{name}: {rules}" for name in names)
    read_page(Page(url="https://x.example/", body=markup.encode("utf-8", "replace")), read(text))
