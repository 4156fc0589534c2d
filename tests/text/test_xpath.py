"""A group of selectors matches what each of them matches, in the order of the page."""

from __future__ import annotations

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


@pytest.mark.parametrize("select", ["li, p[", "li,,p"])
def test_a_faulty_group_is_a_value_error(select: str) -> None:
    with pytest.raises(ValueError, match="is not a CSS selector"):
        evaluated(html.fromstring("<p>x</p>"), select)
