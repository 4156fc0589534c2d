"""Lines about the authors at the end of a text, and lines that only name them."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.extraction.generic.about_authors import without_about_authors
from newsspider.extraction.generic.line import Line

TEXT = [f"{n}. The harbour will close for a year, the port authority said." for n in range(8)]


def lines_of(texts: list[str]) -> list[Line]:
    return [Line("p", text, text, html.Element("p")) for text in texts]


def left(texts: list[str], *authors: str) -> list[str]:
    return [line.text for line in without_about_authors(lines_of(texts), authors)]


@pytest.mark.parametrize(
    ("author", "line"),
    [
        ("Ada Brook", "Ada Brook is a writer in Ellery. She covers the harbour."),
        ("Ada Brook", "Our correspondent Ada Brook has written about ports since 2019."),
        ("Ada Brook", "Contact reporter Ada Brook at ada@a.example"),
        ("Jan Kern", "Korrespondent Jan Kern ist für den Hafen zuständig."),
        ("Anna Lind", "Anna Lind (*1958) war Direktorin des Hafens."),
        ("Marie Blanc", "Marie Blanc écrit sur la mer depuis 2019."),
        ("Иван Лесной", "Иван Лесной — корреспондент газеты."),
    ],
)
def test_a_line_about_an_author_is_no_text(author: str, line: str) -> None:
    assert left([*TEXT, line], author) == TEXT
    assert left([*TEXT, line, "All rights reserved."], author) == [*TEXT, "All rights reserved."]
    assert left([*TEXT, line], "Somebody Else") == [*TEXT, line]


@pytest.mark.parametrize(
    "texts",
    [
        ["Ada Brook is the new head of the port.", *TEXT],  # an article about a person
        [TEXT[0], "Ada Brook spoke first.", *TEXT, "Ada Brook is a writer."],
        [
            *TEXT,
            "The head of the port met the board, and later at noon the writer Ada Brook is seen.",
        ],
        [*TEXT, "Ada Brook: the harbour"],
        ["One.", "Two.", "Three.", "Four.", "Ada Brook is a writer."],  # a text of five lines
        [*TEXT, "Ada Brook is a writer. " + "She covers the harbour. " * 40],
    ],
)
def test_other_lines_with_the_name_stay(texts: list[str]) -> None:
    assert left(texts, "Ada Brook") == texts
