"""docs/output-format.md names every exported field of an article, in order and in the words of
`model.FIELDS`, and every front matter key."""

from __future__ import annotations

import re
from typing import get_args, get_type_hints

import pytest
from support import ROOT

from newsspider import __version__, settings
from newsspider.exporters.change_feed import Change
from newsspider.exporters.contract import COLUMNS, FURTHER, schema
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
    heading = "| field | JSON | what it holds | since |\n|---|---|---|---|\n"
    types = {name: JSON_TYPES[str(Article.__annotations__[name])] for name in EXPORTED}
    rows = [
        f"| `{name}` | {types[name]} | {FIELDS[name].about} | {FIELDS[name].since} |"
        for name in EXPORTED
    ]
    assert _table(heading) == rows


def test_the_table_of_further_fields_is_that_of_the_contract() -> None:
    heading = "| further field | JSON | what it holds | since |\n|---|---|---|---|\n"
    rows = [
        f"| `{name}` | {each.type} | {each.about} | {each.since} |"
        for name, each in FURTHER.items()
    ]
    assert _table(heading) == rows


def test_each_field_is_of_a_release_or_of_the_next_one() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    major, minor, _ = __version__.split(".")
    releases = {*re.findall(r"^## (\S+) \(", changelog, re.M), f"{major}.{int(minor) + 1}.0"}
    assert {column.since for column in COLUMNS.values()} <= releases


def test_the_fields_of_the_first_release_stay() -> None:
    """As its JSON Lines had them: a reader of 0.1.0 reads every later version."""
    first = [name for name, column in COLUMNS.items() if column.since == "0.1.0"]
    assert " ".join(first) == (
        "site key id link title published modified source authors editor original_title category"
        " tag tags language summary stocks images digest body hash"
    )


def test_the_schema_says_since_which_version_a_field_is_there() -> None:
    about = {name: values["description"] for name, values in schema()["properties"].items()}
    assert about == {name: f"{each.about} (since {each.since})" for name, each in COLUMNS.items()}


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
