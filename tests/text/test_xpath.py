"""The ways around an XPath give what it gives, in the order of the page."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsspider.text.xpath import compiled_selector, evaluated

GROUPS = [
    "li, p",
    "p, li, p",
    "ul, li, li > p",
    "i, li",
    "i, u",
    "li:not(.a), p:first-child",
    ":is(li, p)",
    "p::text, li::attr(class)",
    "li, p::text",
    "[class='a,b'], p",
]
PAGES = st.recursive(
    st.sampled_from(["x", "<!-- y -->", "<li class='a,b'>", "<p>z"]),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["ul", "li class=a", "p", "div"]),
        st.lists(inner, max_size=4).map("".join),
    ),
)


@pytest.mark.parametrize("select", GROUPS)
@given(page=PAGES)
def test_a_group_gives_what_its_union_gives(select: str, page: str) -> None:
    tree = html.document_fromstring(f"<html><body><div>{page}</div></body></html>")
    for node in (tree, tree.find(".//div")):
        assert evaluated(node, select) == compiled_selector(select)(node)


SIMPLE = [
    *("#a", "p#a", ".a", "li.a", "P.a.b", ".b.a.b", "#aB", ".a-b", "x-y.a", "DIV#a", "html.a"),
    *("#none", ".A", "*.a", "#a.b", ".a p", "a", " .a", "._", "div"),
]
NAMED = st.recursive(
    st.sampled_from(["x", "<p id=a>", "<p class='a\tb'>y", "<li CLASS=' a'>", "<!-- <p id=a> -->"]),
    lambda inner: st.builds(
        "<{0} {1}={2}>{3}</{0}>".format,
        st.sampled_from(["p", "li", "div", "x-y"]),
        st.sampled_from(["id", "class", "name", "data-id"]),
        st.sampled_from(
            ["a", "'a b'", "'b\na\tb'", "'ab a-b'", "aB", "a\xa0b", "''", "_", "'b  a'"]
        ),
        st.lists(inner, max_size=4).map("".join),
    ),
)


@pytest.mark.parametrize("select", SIMPLE)
@given(page=NAMED)
def test_a_simple_selector_gives_what_its_xpath_gives(select: str, page: str) -> None:
    tree = html.document_fromstring(f"<html class=a><body><div id=a>{page}</div></body></html>")
    for node in (tree, tree.find(".//div")):
        assert evaluated(node, select) == compiled_selector(select)(node)


@pytest.mark.parametrize("select", ["#", ".1", "p.", "p#a#", ".a..b", "#a\n.b["])
def test_a_faulty_simple_selector_is_a_value_error(select: str) -> None:
    with pytest.raises(ValueError, match="is not a CSS selector"):
        evaluated(html.fromstring("<p>x</p>"), select)


@pytest.mark.parametrize("select", ["#x", ".x", "p.x"])
def test_attack_time_grows_with_the_number_of_matches_only(select: str) -> None:
    tree = html.document_fromstring(f"<div>{'<p class=x id=x>y</p>' * 100_000}</div>")
    start = time.process_time()
    assert len(evaluated(tree, select)) == 100_000
    assert time.process_time() - start < 5  # in the square of it: 16 s


@pytest.mark.parametrize("select", ["li, p[", "li,,p"])
def test_a_faulty_group_is_a_value_error(select: str) -> None:
    with pytest.raises(ValueError, match="is not a CSS selector"):
        evaluated(html.fromstring("<p>x</p>"), select)
