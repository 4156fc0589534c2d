"""docs/output-format.md names every exported field of an article, in order and in the words of
`model.FIELDS`, and every front matter key."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest
from support import ROOT

from newsspider import settings
from newsspider.exporters.change_feed import Change
from newsspider.exporters.contract import FURTHER
from newsspider.exporters.writers import WRITERS
from newsspider.model import EXPORTED, FIELDS, Article
from newsspider.sites.schema import FRONT_MATTER_KEYS

PAGE = (ROOT / "docs/output-format.md").read_text("utf-8")
JSON_TYPES = {
    "str": "string",
    "datetime | None": "ISO 8601 with offset, or null",
    "tuple[str, ...]": "array of strings",
    "tuple[Stock, ...]": "array of objects",
    "tuple[Image, ...]": "array of objects",
    "tuple[Right, ...]": "array of objects",
    "tuple[Origin, ...]": "array of objects",
}
PARTS = {"stocks": "Stock", "images": "Image", "rights": "Right", "origins": "Origin"}


def _table(heading: str) -> list[str]:
    return PAGE.partition(heading)[2].partition("\n\n")[0].splitlines()


def test_the_table_of_fields_is_that_of_the_model() -> None:
    heading = "| field | JSON | what it holds |\n|---|---|---|\n"
    types = {name: JSON_TYPES[str(Article.__annotations__[name])] for name in EXPORTED}
    rows = [f"| `{name}` | {types[name]} | {FIELDS[name].about} |" for name in EXPORTED]
    assert _table(heading) == rows


def test_the_table_of_further_fields_is_that_of_the_contract() -> None:
    heading = "| further field | JSON | what it holds |\n|---|---|---|\n"
    rows = [f"| `{name}` | {each.type} | {each.about} |" for name, each in FURTHER.items()]
    assert _table(heading) == rows


def test_the_table_of_formats_is_that_of_the_writers() -> None:
    rows = _table("| format | endings | what it is for |\n|---|---|---|\n")
    endings = [[f"`{ending}`" for ending in writer.endings] for writer in WRITERS.values()]
    assert [row.split(" | ")[0] for row in rows] == [f"| `{name}`" for name in WRITERS]
    assert [row.split(" | ")[1] for row in rows] == [", ".join(each) or "–" for each in endings]


def test_the_table_of_changes_is_that_of_the_feed() -> None:
    rows = _table("| key | JSON | what it holds |\n|---|---|---|\n")
    change = Change(1, "e", "_posts/a.md", 1, "", (), None)
    assert [row.split("|")[1].strip(" `") for row in rows] == list(change.row(None))


def test_the_file_has_the_fields_of_the_table() -> None:
    assert list(EXPORTED) == settings.FEED_EXPORT_FIELDS


@pytest.mark.parametrize("name", PARTS)
def test_the_keys_of_an_object_are_the_fields_of_its_class(name: str) -> None:
    kind = get_args(get_type_hints(Article)[name])[0]
    assert kind.__name__ == PARTS[name]
    assert FIELDS[name].about.endswith(": " + ", ".join(get_type_hints(kind)))


def test_the_table_of_front_matter_keys_is_that_of_the_schema() -> None:
    rows = _table("| key | value |\n|---|---|\n")
    assert [row.split("|")[1].strip(" `") for row in rows] == list(FRONT_MATTER_KEYS)
