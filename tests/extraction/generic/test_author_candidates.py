"""Each place of a page that may name the authors, and what it gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html

from newsspider.extraction.generic.author_candidates import (
    PLACES,
    AuthorPage,
    Candidates,
    candidates,
)
from newsspider.extraction.generic.headline import find_headline
from newsspider.extraction.generic.headline_context import read_headline_context
from newsspider.extraction.generic.page_lines import read_lines
from newsspider.extraction.generic.structured import read_structured

ARTICLE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The lock closes",'
    ' "author": {"@type": "Person", "name": "Ada Brook"}}</script>'
)
OTHER_NODE = (
    '<script type="application/ld+json">{"@type": "WebPage",'
    ' "author": {"@type": "Person", "name": "Ada Brook"}}</script>'
)
# By place: the head of the page, the elements below its headline, a labelled name; the candidates.
MATRIX = {
    "_article_node": (ARTICLE, "", "", [(["Ada Brook"], "json-ld")]),
    "_label": ("", "", "余小菁", [(["余小菁"], "pattern")]),
    "_signed_line": ("", "<p>石小佳/海港青年报</p>", "", [(["石小佳"], "pattern")]),
    "_korean_reporter": ("", "<p>김지우 기자</p>", "", [(["김지우"], "pattern")]),
    "_meta_tag": ('<meta name="author" content="Ada Brook">', "", "", [(["Ada Brook"], "meta")]),
    "_microdata": ("", '<b itemprop="author">Ada Brook</b>', "", [(["Ada Brook"], "microdata")]),
    "_other_node": (OTHER_NODE, "", "", [(["Ada Brook"], "json-ld")]),
    "_byline_near_headline": ("", "<p>By Ada Brook</p>", "", [(["By Ada Brook"], "pattern")]),
    "_marked_byline": ("", '<p class="byline">Ada Brook</p>', "", [(["Ada Brook"], "byline")]),
    "_profile_link": ("", '<a href="/author/ada">Ada Brook</a>', "", [(["Ada Brook"], "profile")]),
    "_name_beside_time": (
        "",
        "<p>Ada Brook</p><p>20 November 2026</p>",
        "",
        [(["Ada Brook"], "pattern")],
    ),
    "_name_in_line_of_time": (
        "",
        "<p>Ada Brook | Senior Writer | 20 November 2026</p>",
        "",
        [(["Ada Brook"], "guess")],
    ),
}


def author_page(head: str, below: str, labelled: str = "") -> AuthorPage:
    tree = html.document_fromstring(
        f"<html><head><title>The lock closes</title>{head}</head>"
        f"<body><h1>The lock closes</h1>{below}<p>The port authority closes it for a year.</p>"
    )
    structured = read_structured(tree)
    lines = read_lines(tree.find("body"), "https://a.example/lock.html")
    context = read_headline_context(
        lines, find_headline(tree, structured, lines, "https://a.example/1")
    )
    return AuthorPage(tree, structured, context, (), labelled)


def test_the_matrix_has_all_places() -> None:
    assert list(MATRIX) == [place.__name__ for place in PLACES]


@pytest.mark.parametrize("place", PLACES, ids=[place.__name__ for place in PLACES])
def test_a_place_gives_its_names_and_no_place_before_it(
    place: Callable[[AuthorPage], Candidates],
) -> None:
    head, below, labelled, expected = MATRIX[place.__name__]
    page = author_page(head, below, labelled)
    assert list(place(page)) == expected
    assert next((texts, origin) for texts, origin in candidates(page) if texts) == expected[0]


@pytest.mark.parametrize(("others", "names"), [(3, 4), (4, 1)])
def test_five_authors_in_microdata_include_those_of_teasers(others: int, names: int) -> None:
    below = "".join(f'<b itemprop="author">Ada Brook {n}</b>' for n in range(others + 1))
    ((texts, _),) = PLACES[list(MATRIX).index("_microdata")](author_page("", below))
    assert len(texts) == names


def test_at_most_six_profiles_count() -> None:
    below = "".join(f'<a href="/staff/{n}">Ada {n}</a>' for n in "ABCDEFG")
    ((texts, _),) = PLACES[list(MATRIX).index("_profile_link")](author_page("", below))
    assert texts == [f"Ada {n}" for n in "ABCDEF"]
