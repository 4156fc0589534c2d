"""Lines below a text, behind links, that extractors take for text."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.places import Places
from newsspider.extraction.generic.tail import without_tail

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate."
LINK = "<ul><li><a href=/2>The doctors of Ellery go on strike</a></ul>"
ADDRESS = "<div class=imprint><p>Harbour Street 4, Ellery</p></div>"
TEASER = "<div class=box><p>The mill closes in May, and nobody knows who will buy it.</p></div>"


def kept_of(text: str, below: str) -> tuple[list[str], list[str]]:
    """Return the lines of the text, and those kept, where all lines without a link are kept."""
    page = f"<div class=text>{text}</div>"
    first = read_lines(html.fromstring(f"<main>{page}</main>"), "https://a.example/1")
    lines = read_lines(html.fromstring(f"<main>{page}{below}</main>"), "https://a.example/1")
    kept = [number for number, line in enumerate(lines) if not line.linked]
    shown = without_tail(lines, kept, Places(lines))
    return [line.text for line in first], [lines[number].text for number in shown]


@pytest.mark.parametrize("tail", [ADDRESS, TEASER, ADDRESS + LINK + TEASER])
def test_lines_behind_a_link_below_the_text_are_no_text(tail: str) -> None:
    text, shown = kept_of(f"<p>{LONG}</p>" * 5, LINK + tail)
    assert shown == text


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(ADDRESS, id="no link between"),
        pytest.param(f"{LINK}<div class=part>{f'<p>{LONG}</p>' * 3}</div>", id="too much text"),
        pytest.param(f"{LINK}<div class=text><p>{LONG}</p></div>", id="a part of the text"),
    ],
)
def test_other_lines_below_the_text_stay(below: str) -> None:
    text, shown = kept_of(f"<p>{LONG}</p>" * 5, below)
    assert len(shown) > len(text)


def test_links_within_the_block_of_the_text_end_nothing() -> None:
    text, shown = kept_of(f"<p>{LONG}</p>" * 4 + LINK + f"<p>{LONG}</p>", "")
    assert shown == [line for line in text if "doctors" not in line]


def test_a_page_without_prose_has_no_tail() -> None:
    lines = read_lines(html.fromstring("<main><p>One<p>Two</main>"), "https://a.example/1")
    assert without_tail(lines, [0, 1], Places(lines)) == [0, 1]
    assert without_tail(lines, [], Places(lines)) == []
