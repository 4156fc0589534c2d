"""Footnotes: what the marks of a text lead to is part of it."""

from __future__ import annotations

import time

import pytest
from support.generic_pages import NOW

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "
URL = "https://a.example/2024/story"


def article(mark: str, notes: str, url: str = URL) -> Extracted:
    text = f"<p>First: {LONG}{mark}</p>" + "".join(f"<p>{n}. {LONG}</p>" for n in range(4))
    page = f"<article><h1>The harbour closes for a year</h1>{text}{notes}</article>"
    return extract(Page(url=url, body=page.encode()), now=NOW)


NOTE = "Report of 2 May, page 12."
BACK = "<a href=#r1 class=back>↩︎</a>"


@pytest.mark.parametrize(
    ("mark", "notes"),
    [
        (
            "<sup id=r1><a href=#fn1>[1]</a></sup>",
            f"<section class=footnotes><hr><ol><li id=fn1><p>{NOTE} {BACK}</p></ol></section>",
        ),
        (
            "<a href='#_ftn1' name='_ftnref1'>[1]</a>",
            f"<hr><p><a href='#_ftnref1' name='_ftn1'>[1]</a> {NOTE}</p>",
        ),
        ("<a href='/2024/story#n'><sup>*</sup></a>", f"<div id=n class=footer><p>{NOTE}</div>"),
        (
            "<sup><a href='#%E6%B3%A81'>①</a><a href='#%E6%B3%A81'>注1</a></sup>",
            f"<p id=注1>{NOTE}",
        ),
        ("<a href=#fn1>1</a>", f"<aside><dl><dt>1<dd id=fn1>{NOTE} <a href=#r1>^</a></dl></aside>"),
        ("<a href=#fn1>1</a>", f"<p id=fn1><a href=https://b.example/report>{NOTE}</a></p>"),
    ],
)
def test_a_note_that_a_mark_leads_to_is_text(mark: str, notes: str) -> None:
    read = article(mark, notes)
    last = read.text.split("\n")[-1]
    assert last.endswith(NOTE)
    assert NOTE in read.body
    assert "↩" not in read.body
    assert ">^<" not in read.body


def test_a_note_has_its_list_and_its_heading() -> None:
    notes = f"<section><h2>Notes</h2><ol><li id=fn1>{NOTE}</ol></section>"
    body = article("<a href=#fn1>1</a>", notes).body
    assert body.endswith(f"<h2>Notes</h2>\n<ol><li>{NOTE}</li></ol>")


@pytest.mark.parametrize(
    "mark",
    ["", "<a href=#fn1>all the comments</a>", "<a href='https://b.example/x#fn1'>1</a>"],
)
def test_what_no_mark_leads_to_is_no_note(mark: str) -> None:
    footer = f"<div class=footer><p id=fn1>{NOTE}</p></div>"
    assert NOTE not in article(mark, footer).text


def test_a_link_up_the_page_is_no_mark() -> None:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(4))
    page = (
        f"<p id=top class=byline>{NOTE}</p><article><h1>The harbour closes</h1>{text}"
        "<p>Last: the harbour opens again in the spring, it says. <a href=#top>1</a></article>"
    )
    read = extract(Page(url=URL, body=page.encode()), now=NOW)
    assert NOTE not in read.text


def test_attack_marks_cost_linear_time() -> None:
    start = time.process_time()
    article("<a href=#fn1>1</a>" * 5_000, "<p id=fn1><a name=x>" * 2_000)
    assert time.process_time() - start < 8
