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


def test_a_small_table_between_paragraphs_is_part_of_the_text() -> None:
    small = "<table><tr><td><b>Company</b><td><b>Price</b><tr><td>Nord<td>2.4</table>"
    written = "<tr><td>Nord</td><td>2.4</td></tr></table>"
    assert written in body(small)
    assert written in body(f"<div class=scroll>{small}</div>")
    assert written not in body(f"<div class=related>{small}</div>")
    row = "<tr><td>1<td><a href=/1>A bakery opens on Mill Lane</a>"
    links = f"<table>{row * 3}</table>"
    assert "bakery" not in body(links)


def test_rows_below_a_spanned_cell_have_two_cells() -> None:
    spanned = "<table><tr><td rowspan=2>Nord<td>steel<tr><td>paint</table>"
    assert '<tr><td rowspan="2">Nord</td><td>steel</td></tr><tr><td>paint</td></tr>' in body(
        spanned
    )


def test_a_table_in_a_cell_stays_in_its_cell() -> None:
    inner = "<table><tr><td>steel<td>2<tr><td>paint<td>1</table>"
    rows = f"<tr><th>Company<th>Parts<tr><td>Nord<td>{inner}<tr><td>Anker<td>none"
    written = body(f"<table>{rows}</table>")
    assert (
        "<tr><td>Nord</td><td><table><tr><td>steel</td><td>2</td></tr>"
        "<tr><td>paint</td><td>1</td></tr></table></td></tr>"
        "<tr><td>Anker</td><td>none</td></tr></table>"
    ) in written
    assert sanitise_body(written, base="https://a.example/").count("<table") == 2


@pytest.mark.parametrize(
    ("inner", "cell"),
    [
        ("<table><tr><td>steel</table>", "<td>steel</td>"),
        (
            "<table><tr><td>steel<td>2<tr><td>paint<td>1</table>",
            "<td><table><tr><td>steel</td><td>2</td></tr>"
            "<tr><td>paint</td><td>1</td></tr></table></td>",
        ),
    ],
)
def test_a_small_table_may_have_a_table_in_a_cell_without_headings(inner: str, cell: str) -> None:
    written = body(f"<table><tr><td>Company<td>Parts<tr><td>Nord<td>{inner}</table>")
    assert f"<table><tr><td>Company</td><td>Parts</td></tr><tr><td>Nord</td>{cell}" in written


def test_attack_tables_are_read_in_bounded_time() -> None:
    start = time.process_time()
    body("<table>" + "<tr><td>1<td>2" * 3_000 + "</table>")
    body("<table><tr><td>x<td>" * 150)
    body("<table><tr><th>x<td rowspan=9>" * 150)
    assert time.process_time() - start < 8
