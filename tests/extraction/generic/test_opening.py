"""The paragraphs of a text that stand apart: a standfirst, a part in a further block."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic import extract_page
from newsspider.extraction.generic.opening import with_opening, with_parts, with_short_lines
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.places import Places

PARAGRAPHS = [
    f"The harbour authority of Ellery bought {n},000 tonnes of salt for the coming winter, the "
    f"mayor said at noon, and it paid {n}66 crowns for each of them in all."
    for n in range(2, 9)
]
STANDFIRSTS = {
    "en": "The town pays twice as much for its salt as it did in the winter before the last one, "
    "and the shed is too small for it",
    "pl": "Miasto płaci za sól dwa razy więcej niż zimą przed dwoma laty, a magazyn jest na nią za "
    "mały.",
    "ru": "Город платит за соль вдвое больше, чем два года назад, и склад для неё слишком мал, "
    "сообщила мэрия",
    "el": "Η πόλη πληρώνει για το αλάτι τα διπλά από πρόπερσι και η αποθήκη είναι μικρή για τόσο "
    "αλάτι.",
    "zh": "全市今年冬天买盐的价钱比前年贵了一倍，而仓库又太小，"
    "装不下这么多的盐，市长中午在港口说。",
    "ko": "시는 올겨울 소금값으로 재작년의 두 배를 냈고 창고는 그 소금을 다 넣기에 너무 작다고 "
    "시장이 정오에 말했다.",
}
BLOCKS = {
    "a paragraph": "<div class=head-intro><p>{}</p></div>",
    "a section": "<section class=zajawka>{}</section>",
    "a heading": "<h2 class=deck>{}</h2>",
}


def body_of(above: str) -> list[str]:
    """Return the lines of a page with `above` between its headline and its text."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:4])
    page = (
        "<html><head><title>The salt has come</title></head><body><div class=page>"
        f"<header><h1>The salt has come</h1></header>{above}"
        f"<figure><img src=/salt.jpg></figure><div class=text>{text}</div></div></body></html>"
    )
    return str(extract_page(page, "https://a.example/salt")["body_text"]).split("\n")


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("language", STANDFIRSTS)
def test_the_standfirst_opens_the_text(language: str, block: str) -> None:
    standfirst = STANDFIRSTS[language]
    assert body_of(block.format(standfirst)) == [standfirst, *PARAGRAPHS[:4]]


OTHER = (
    "Doctors at the hospital go on with their strike this week and ask for a new contract by May, "
    "and the insurance will answer them on Wednesday."
)
APART = {
    "a byline with a time": "<p>By Ada Brook on Monday at 11:04 a.m.</p>",
    "a time": "<p>Published on 16 January 2012 (19:28)</p>",
    "beside the text": f"<aside class=related><p>{OTHER}</p></aside>",
    "a teaser": f"<p><a href=/b>The doctors of Ellery go on strike</a></p><p>{OTHER}</p>",
}


@pytest.mark.parametrize("above", APART.values(), ids=APART)
def test_what_is_no_standfirst_stays_out(above: str) -> None:
    assert body_of(f"<div class=apart>{above}</div>") == PARAGRAPHS[:4]


@pytest.mark.parametrize(("paragraphs", "opens"), [(1, True), (2, False)])
def test_prose_longer_than_the_text_is_another_text(paragraphs: int, opens: bool) -> None:
    others = f"<p>{OTHER}</p>" * paragraphs
    page = html.fromstring(f"<div><h1>The salt has come</h1>{others}<p>{OTHER}</p></div>")
    lines = read_lines(page, "https://a.example/salt")
    text = [len(lines) - 1]
    opening = with_opening(lines, text, Places(lines, 0), 0)
    assert opening == ([1, *text] if opens else text)


@pytest.mark.parametrize(("headings", "opens"), [(1, True), (2, False)])
def test_one_heading_is_a_standfirst_and_several_are_a_summary(headings: int, opens: bool) -> None:
    points = f"<h2>{STANDFIRSTS['en']}</h2>" * headings
    page = html.fromstring(f"<div><h1>The salt has come</h1>{points}<p>{OTHER * 3}</p></div>")
    lines = read_lines(page, "https://a.example/salt")
    text = [len(lines) - 1]
    assert with_opening(lines, text, Places(lines, 0), 0) == ([1, *text] if opens else text)


def test_a_text_goes_on_in_the_next_block_of_its_kind() -> None:
    parts = "".join(
        f"<div class=part><p>{paragraph}</p></div><div class=slot><a href=/b>{OTHER}</a></div>"
        for paragraph in PARAGRAPHS[:4]
    )
    page = html.fromstring(f"<div><h1>The salt has come</h1>{parts}</div>")
    lines = read_lines(page, "https://a.example/salt")
    text = [number for number, line in enumerate(lines) if line.text in PARAGRAPHS]
    kept, missed = [*text[:2], text[3]], text[2]
    places = Places(lines, 0)
    assert with_parts(lines, kept, places, 0, {missed}.__contains__) == text
    assert with_parts(lines, kept, places, 0, lambda _: False) == kept


SHORT = {
    "a list of days at the end": ("{}<p>16 June, Ellery</p><p>17 June, Orford</p>", True),
    "a line at the start": ("<p>With the wires</p>{}", True),
    "a heading between": ("{}<h3>Salt and sand</h3>{}", True),
    "a list at the end": ("{}<h3>The days</h3><ul><li>16 June</li><li>17 June</li></ul>", True),
    "a list of links": ("{}<ul><li><a href=/b>All of the news</a></li></ul>", False),
    "a heading at the end": ("{}<h3>More of the town</h3>", False),
    "a further class": ("{}<p class=note>Shared twice</p>", False),
    "links": ("{}<p><a href=/b>All of the news</a></p>", False),
    "beside the text": ("{}<aside><p>16 June, Ellery</p></aside>", False),
    "a comment": ("{}<div class=comments><p>Well written</p></div>", False),
}


@pytest.mark.parametrize(("form", "kept"), SHORT.values(), ids=SHORT)
def test_short_lines_beside_the_paragraphs_belong_to_the_text(form: str, kept: bool) -> None:
    text = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    parts = ("".join(text[:4]), "".join(text[4:]))
    page = html.fromstring(f"<div><h1>The salt has come</h1>{form.format(*parts)}</div>")
    lines = read_lines(page, "https://a.example/salt")
    prose = [number for number, line in enumerate(lines) if line.text in PARAGRAPHS]
    whole = list(range(1, len(lines)))
    assert prose != whole
    short = with_short_lines(lines, prose, Places(lines, 0), 0)
    assert short == (whole if kept else prose)
