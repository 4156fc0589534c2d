"""A further category in the text of a site file."""

from __future__ import annotations

import pytest
import yaml

from newsspider.authoring.further import with_category
from newsspider.errors import SiteError

VALUES = {"title": "Sea", "listing": {"kind": "feed", "url": "https://x.example/sea?a=1#b"}}
BLOCK = (
    "  sea:\n    title: Sea\n    listing:\n      kind: feed\n"
    "      url: https://x.example/sea?a=1#b\n"
)
TEXTS = {
    "a block": "# mine\ntitle: x\ncategories:\n  a: {title: A}  # first\n@\n# end\nhome: y\n",
    "a block in a block": "categories:\n  a:\n    listing:\n      kind: feed\n@\n\n\nhome: y\n",
    "at the end": "title: x\ncategories:\n  a:\n    title: A\n@",
    "an alias": "listing: &l {kind: feed}\ncategories:\n  a:\n    listing: *l\n@home: y\n",
    "an alias alone": "x: &l {title: A}\ncategories:\n  a: *l\n@home: y\n",
    "a list": "categories:\n  a:\n    keys:\n    - link\n    - source\n@articles: {}\n",
    "a text in lines": "categories:\n  a:\n    title: |\n      A\n@home: y\n",
    "nothing": "categories:\n@home: y\n",
    "an empty category": "categories:\n  a:\n@home: y\n",
}


@pytest.mark.parametrize("case", TEXTS)
def test_all_else_stays(case: str) -> None:
    text = TEXTS[case].replace("@\n", "@")
    before = text.replace("@", "")
    assert with_category(before, "sea", VALUES) == text.replace("@", BLOCK)


def test_the_indent_of_the_file_is_kept() -> None:
    text = with_category("categories:\n    a: {}\n", "sea", VALUES)
    assert text.splitlines()[2] == "    sea:"


def test_line_ends_are_kept() -> None:
    text = with_category("categories:\r\n  a: {}\r\nhome: y\r\n", "sea", VALUES)
    assert text.count("\n") == text.count("\r\n") == 8


@pytest.mark.parametrize(
    "text",
    [
        "categories: {a: {title: A}}\nhome: y\n",
        "categories: {}\n",
        "title: x",
        "categories: {a: 1,}",
    ],
)
def test_other_forms(text: str) -> None:
    try:
        added = yaml.safe_load(with_category(text, "sea", VALUES))
    except SiteError as error:
        assert text.endswith(",}")
        assert "add under `categories`:\nsea:\n" in str(error)
    else:
        before = yaml.safe_load(text)
        assert added == {**before, "categories": {**before.get("categories", {}), "sea": VALUES}}


def test_a_form_that_cannot_be_added_to() -> None:
    with pytest.raises(SiteError, match="add under `categories`"):
        with_category("a: &c {b: {}}\ncategories: *c\n", "sea", VALUES)
