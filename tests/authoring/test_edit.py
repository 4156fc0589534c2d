"""New values in the text of a site file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from newsspider.authoring.edit import Place, with_values
from newsspider.errors import SiteError
from newsspider.sites import BUILT_IN

ITEMS = ("listing", "items")
# Each text has the value between ⟨ and ⟩; ⟦ and ⟧ hold the one that replaces it.
TEXTS: dict[str, tuple[Place, object, str]] = {
    "a word": (
        ITEMS,
        "p.b",
        "# mine\nlisting:\n  kind: html\n  items: ⟨li⟩⟦p.b⟧  # the rows\nb: 1\n",
    ),
    "in quotes": (ITEMS, "p > a", "listing:\n  items: ⟨'ul.news > li'⟩⟦p > a⟧\n  max_pages: 2\n"),
    "needs quotes": (ITEMS, "#main li", "listing:\n  items: ⟨li⟩⟦'#main li'⟧\nb: 1\n"),
    "in a flow": (ITEMS, "p > a", "listing: {kind: html, items: ⟨li⟩⟦p > a⟧, url: x} # a\nb: 1\n"),
    "at the end": (ITEMS, "p", "listing:\n  items: ⟨li⟩⟦p⟧"),
    "in a list": (
        ("listing", 1, "items"),
        "p",
        "listing:\n- items: li\n# b\n- items: ⟨li⟩⟦p⟧\nb: 1\n",
    ),
    "a mapping for a word": (
        ("fields", "time"),
        {"select": "p", "pattern": "a"},
        "fields:\n  time:⟨ time⟩⟦\n    select: p\n    pattern: a⟧\n  title: a\n",
    ),
    "a mapping in a flow": (
        ("fields", "time"),
        {"select": "p", "pattern": "a"},
        "fields: {time: ⟨time⟩⟦{select: p, pattern: a}⟧, title: a}\n",
    ),
    "a word for a list": (
        ("fields", "title"),
        "h1",
        "fields:\n  title:⟨\n    - 'div.t'\n    # old\n    - h2⟩⟦ h1⟧\n\n  # next\n  body: div\n",
    ),
    "a mapping for a mapping": (
        ("listing",),
        {"kind": "feed", "url": "//a.example"},
        "listing:\n⟨  kind: html\n  items: li⟩⟦  kind: feed\n  url: //a.example⟧\n# b\nb: 1\n",
    ),
    "a mapping in a list": (
        ("listing", 0),
        {"kind": "feed", "url": "x"},
        "listing:\n  - ⟨kind: html\n    items: li⟩⟦kind: feed\n    url: x⟧\n  # two\n  - url: y\n",
    ),
    "a text in lines": (
        ITEMS,
        "p",
        "listing:\n  items: ⟨>-\n    ul\n    li⟩⟦p⟧\n  # c\n  url: x\n",
    ),
    "an alias": (("b", "title"), "h1", "a: {title: &t [h2, h3]}\nb:\n  title: ⟨*t⟩⟦h1⟧\nc: *t\n"),
    "an anchor around it": (ITEMS, "p", "listing: &l\n  items: ⟨li⟩⟦p⟧ # c\nb: 1\n"),
    "an anchor of its own": (ITEMS, "p", "listing:\n  items: &i ⟨li⟩⟦p⟧ # c\nb: *i\n"),
    "by an alias": (ITEMS, "p", "a: &l {items: ⟨li⟩⟦p⟧}\nlisting: *l\n"),
    "by a merge": (ITEMS, "p", "a: &l {items: ⟨li⟩⟦p⟧, url: x}\nlisting: {<<: *l, url: y}\n"),
}


def texts(case: str) -> tuple[Place, object, str, str]:
    place, value, text = TEXTS[case]
    before, rest = text.split("⟨")
    old, rest = rest.split("⟩")
    new, after = rest[1:].split("⟧")
    return place, value, before + old + after, before + new + after


@pytest.mark.parametrize("case", TEXTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_else_stays(case: str, end: str) -> None:
    place, value, before, after = texts(case)
    changed = with_values(before.replace("\n", end), {place: value})
    assert changed == after.replace("\n", end)


def test_several_values() -> None:
    values: dict[Place, object] = {ITEMS: "p.b > a", ("listing", "url"): "y"}
    assert with_values("listing:\n  items: li # 1\n  url: x # 2\n", values) == (
        "listing:\n  items: p.b > a # 1\n  url: y # 2\n"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("listing: {items: li}\n", ("listing", "item")),
        ("listing: [{items: li}]\n", ("listing", 1, "items")),
        ("listing: li\n", ITEMS),
        ("listing: &l\n  items:\n    - li\n    - &i p\nb: *i\n", ITEMS),
    ],
)
def test_what_cannot_be_changed_is_refused(text: str, place: Place) -> None:
    with pytest.raises(SiteError, match=r"cannot be changed .* write there:\nitems?: p\n"):
        with_values(text, {place: "p"})


@pytest.mark.parametrize("file", sorted(BUILT_IN.glob("*.yml")), ids=lambda path: path.stem)
def test_each_selector_of_a_built_in_site_can_be_changed_in_one_line(file: Path) -> None:
    text = file.read_text("utf-8")
    values = yaml.safe_load(text)
    places: list[Place] = [
        (
            "categories",
            name,
            "listing",
            *([0] if isinstance(category["listing"], list) else []),
            "items",
        )
        for name, category in values["categories"].items()
        if "items" in str(category.get("listing"))
    ]
    places += [
        ("pages", page, "fields", field)
        for page, rules in values.get("pages", {}).items()
        for field, picks in rules.get("fields", {}).items()
        if rules["kind"] == "html" and isinstance(picks, str)
    ]
    if values.get("listing", {}).get("kind") == "html":
        places.append(("listing", "items"))
    for place in places:
        changed = with_values(text, {place: "p.new"}).splitlines()
        pairs = zip(text.splitlines(), changed, strict=True)
        assert sum(old != new for old, new in pairs) == 1, place
