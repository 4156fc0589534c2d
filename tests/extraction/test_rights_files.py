"""What the files of a site state of reuse: tdmrep.json and RSL licences."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extraction.rights import allowed_text, reserved
from newsspider.extraction.rights_files import READ, Rule, all_of, first_of, read_rsl, read_tdmrep
from newsspider.model import Right

URL = "https://news.example/world/2026/a.html?page=1"
RESERVED = {"location": "/", "tdm-reservation": 1}


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("/", True),
        ("", True),
        ("*", True),
        ("/world", True),
        ("/world/*/a.html", True),
        ("/*.html", True),
        ("/*.html$", False),
        ("/*page=1$", True),
        ("/world/2026/a.html?page=1$", True),
        ("/world$", False),
        ("/w*d*1$", True),
        ("/%77orld/", True),
        ("/sport", False),
        ("world", False),
        ("/*.pdf", False),
        ("/*a.html?page=1*page=1$", False),
        ("/*%2Ahtml", False),
        ("https://news.example/*", True),
        ("https://news.example", True),
        ("https://news.example/sport/", False),
        ("https://other.example/", False),
    ],
)
def test_the_addresses_that_a_rule_is_for(pattern: str, matches: bool) -> None:
    assert Rule(pattern, ()).matches(URL) is matches


def stated(rights: tuple[Right, ...]) -> list[str]:
    return [f"{right.origin} {right.name}={right.value}" for right in rights]


@pytest.mark.parametrize(
    ("value", "rights"),
    [
        ([RESERVED], ["tdm-reservation=1"]),
        (RESERVED, ["tdm-reservation=1"]),
        ([{**RESERVED, "location": "/sport"}], []),
        ([{"location": "/world/", "tdm-reservation": 0}, RESERVED], ["tdm-reservation=0"]),
        ([{"location": "/", "tdm-reservation": "1"}], ["tdm-reservation=1"]),
        (
            [{**RESERVED, "tdm-policy": "https://news.example/p.json"}],
            ["tdm-reservation=1", "tdm-policy=https://news.example/p.json"],
        ),
        ([{**RESERVED, "tdm-policy": "javascript:alert(1)"}], ["tdm-reservation=1"]),
        ([{"location": "/", "tdm-reservation": True}, {"location": ["/"]}, 7, None], []),
        ([{"tdm-reservation": 1}], []),
        ("a text", []),
        (None, []),
    ],
)
def test_a_tdmrep_json(value: object, rights: list[str]) -> None:
    rules = read_tdmrep(json.dumps(value).encode())
    assert stated(first_of(rules, URL)) == [f"tdmrep.json {right}" for right in rights]


RSL = '<rsl xmlns="https://rslstandard.org/rsl">{}</rsl>'
CONTENT = '<content url="{}"><license>{}</license></content>'
TRAIN = '<prohibits type="usage">ai-train</prohibits>'


@pytest.mark.parametrize(
    ("contents", "rights"),
    [
        ([("/", TRAIN)], ["ai-train=no"]),
        ([("https://news.example/*", TRAIN)], ["ai-train=no"]),
        ([("/sport/", TRAIN)], []),
        ([("/", '<prohibits type="usage">AI-all</prohibits>')], ["ai-input=no", "ai-train=no"]),
        (
            [("/", '<prohibits type="usage">all</prohibits>')],
            ["search=no", "ai-input=no", "ai-train=no"],
        ),
        ([("/", '<prohibits type="usage">train-ai ai-index</prohibits>')], ["ai-train=no"]),
        ([("/", '<prohibits type="user">commercial</prohibits>')], []),
        ([("/", '<permits type="usage">search</permits>' + TRAIN)], ["search=yes", "ai-train=no"]),
        (
            [("/", '<permits type="usage">ai-train</permits><payment type="subscription"/>')],
            ["ai-train=paid"],
        ),
        (
            [("/", '<permits type="usage">ai-train</permits><payment type="free"/>')],
            ["ai-train=yes"],
        ),
        (
            [("/world/", TRAIN), ("/", '<permits type="usage">search</permits><!-- x -->')],
            ["ai-train=no", "search=yes"],
        ),
    ],
)
def test_an_rsl_licence(contents: list[tuple[str, str]], rights: list[str]) -> None:
    text = RSL.format("".join(CONTENT.format(*content) for content in contents))
    for body in (text, text.replace(' xmlns="https://rslstandard.org/rsl"', "")):
        assert stated(all_of(read_rsl(body.encode()), URL)) == [f"RSL {right}" for right in rights]


ENTITY = '<!DOCTYPE rsl [<!ENTITY a "ai-train"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>not found",
        b"\xff\xfe\x00",
        b"<rsl><content><license>" * 9000,
        RSL.format(CONTENT.format("/", TRAIN.replace("ai-train", "x" * READ))).encode(),
        (ENTITY + RSL.format(CONTENT.format("/", TRAIN.replace("ai-train", "&a;&f;")))).encode(),
    ],
)
def test_attack_what_is_no_licence_states_nothing(body: bytes) -> None:
    assert all_of(read_rsl(body), URL) == ()


@given(st.binary(max_size=500))
def test_any_file_is_read(body: bytes) -> None:
    first_of(read_tdmrep(body), URL)
    all_of(read_rsl(body), URL)


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_pattern_is_matched(pattern: str, path: str) -> None:
    Rule(pattern, ()).matches(f"https://news.example/{path}")


def test_attack_a_pattern_of_many_stars_takes_no_time() -> None:
    rule = Rule("/" + "*a" * 50_000 + "*b$", ())
    begun = time.process_time()
    assert not rule.matches("https://news.example/" + "a" * 8000)
    assert time.process_time() - begun < 5


TDM = "tdm-reservation"


@pytest.mark.parametrize(
    ("rights", "uses"),
    [
        ([Right("tdmrep.json", TDM, "1")], ("ai-input", "ai-train")),
        ([Right("tdmrep.json", TDM, "1"), Right("header", TDM, "0")], ()),
        ([Right("tdmrep.json", TDM, "0"), Right("header", TDM, "1")], ("ai-input", "ai-train")),
        ([Right("header", TDM, "1"), Right("meta", TDM, "0")], ()),
        ([Right("RSL", "ai-train", "paid")], ("ai-train",)),
        ([Right("RSL", "ai-train", "yes")], ()),
        ([Right("RSL", "ai-train", "yes"), Right("robots.txt", "ai-train", "no")], ("ai-train",)),
    ],
)
def test_of_several_reservations_the_most_specific_counts(
    rights: list[Right], uses: tuple[str, ...]
) -> None:
    assert reserved(rights) == uses
    assert allowed_text(rights) == ("summary" if uses else "full")
