"""Data tables of an article: nothing of them is lost, and layout tables are none."""

from __future__ import annotations

import time

import pytest
from lxml import html
from support.generic_pages import NOW

from newsspider.extraction.generic import extract
from newsspider.model import Page
from newsspider.sanitize import sanitise_body

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "


def body(table: str, below: bool = True) -> str:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(4))
    end = f"<p>Then: {LONG}</p>" if below else ""
    page = f"<article><h1>The harbour closes for a year</h1>{text}{table}{end}</article>"
    return extract(Page(url="https://a.example/2024/story", body=page.encode()), now=NOW).body


TABLE = (
    "<table class=t><caption>What the repair costs</caption><thead><tr><th colspan=2>Company"
    "<th>Price<tbody><tr><td rowspan='2'>Of the region<td>Anker Works<td>2.4 million"
    "<tr><td>Beacon Steel<td><p>Either:</p><ul><li>2.1 without motors<li>2.6 with motors</ul>"
    "<tr><td><td>Dolphin Marine<td><img src=/flag.jpg>2.2 million</table>"
)
WRITTEN = (
    "<table><caption>What the repair costs</caption>"
    '<tr><th colspan="2">Company</th><th>Price</th></tr>'
    '<tr><td rowspan="2">Of the region</td><td>Anker Works</td><td>2.4 million</td></tr>'
    "<tr><td>Beacon Steel</td><td>Either:<ul><li>2.1 without motors</li><li>2.6 with motors</li>"
    "</ul></td></tr>"
    '<tr><td></td><td>Dolphin Marine</td><td><img src="https://a.example/flag.jpg" alt="">'
    "2.2 million</td></tr></table>"
)


@pytest.mark.parametrize("below", [True, False], ids=["inside the text", "at its end"])
def test_a_table_keeps_its_caption_its_spans_its_lists_and_its_empty_cells(below: bool) -> None:
    assert WRITTEN in body(TABLE, below)


def test_a_post_may_hold_the_table() -> None:
    safe = sanitise_body(body(TABLE), base="https://a.example/")
    tree = html.fragment_fromstring(safe, create_parent="div")
    assert [cell.get("colspan") for cell in tree.iter("th")] == ["2", None]
    assert next(tree.iter("td")).get("rowspan") == "2"
    assert tree.xpath("string(//table/caption)") == "What the repair costs"
    assert len(tree.xpath("//table")) == 1
    assert len(tree.xpath("//td//li")) == 2


@pytest.mark.parametrize("span", ["0", "1", "-2", "2000", "2x", "all"])
def test_a_span_that_says_nothing_is_left_out(span: str) -> None:
    table = TABLE.replace("colspan=2", f"colspan='{span}'")
    assert "<tr><th>Company</th>" in body(table)


def test_a_layout_table_is_no_table() -> None:
    cells = f"<table><tr><td>Left: {LONG}<td>Right: {LONG}</table>"
    assert "<table" not in body(cells)
    nested = f"<table><tr><td>A<td>B<tr><td>C<td>{cells}</table>"
    assert "<table" not in body(nested)


def test_attack_tables_are_read_in_bounded_time() -> None:
    start = time.process_time()
    body("<table>" + "<tr><td>1<td>2" * 3_000 + "</table>")
    body("<table><tr><td>x<td>" * 150)
    assert time.process_time() - start < 8
