"""Site files that no reader survives: each is one line with its file and its line, at once."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from newsspider.errors import SiteError
from newsspider.sites import load
from newsspider.sites.limits import BYTES, CHARACTERS, DEPTH, VALUES

GOOD = """\
title: Example
categories:
  a:
    listing:
      kind: json
      url: https://news.example/{page}
      items: list
      fields: {url: url}
      json: {a: %s}
"""
LINE = GOOD.count("\n")


def with_json(value: str) -> str:
    return GOOD.replace("%s", value)


def multiplied(times: int) -> str:
    """Anchors of anchors: ten to the power of `times` values."""
    return "x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"x{at}: &x{at} [{','.join([f'*x{at - 1}'] * 10)}]\n" for at in range(1, times)
    )


def merged(times: int) -> str:
    return "x0: &x0 {a: 1, b: 2}\n" + "".join(
        f"x{at}: &x{at}\n  <<: [{','.join([f'*x{at - 1}'] * 10)}]\n" for at in range(1, times)
    )


HOSTILE = {
    "a mapping that contains itself": ("json: &j {a: *j}", "1: the anchor &j contains itself"),
    "a list that contains itself": ("a: 1\nb: &j [[*j]]", "2: the anchor &j contains itself"),
    "a merge of itself": ("a: &j\n  <<: *j", "2: the anchor &j contains itself"),
    "brackets": ("a: " + "[" * 100_000, f"1: nests more than {DEPTH}"),
    "braces": ("a: " + "{a: " * 100_000, f"1: nests more than {DEPTH}"),
    "dashes": ("- " * 100_000, f"1: nests more than {DEPTH}"),
    "indentation": (
        "\n".join(" " * depth + "a:" for depth in range(1000)),
        f"{DEPTH + 1}: nests more than {DEPTH}",
    ),
    "anchors of anchors": (multiplied(9), f"5: holds more than {VALUES:,} values"),
    "merges of merges": (merged(9), f"holds more than {VALUES:,} values"),
    "many values": ("a: [" + "1," * VALUES + "]", f"1: holds more than {VALUES:,} values"),
    "many bytes": ("a: b\n" * 2_000_000, f"1: is larger than {BYTES:,} bytes"),
    "one long value": ("a: " + "b" * 900_000, f"1: a value has more than {CHARACTERS:,}"),
    "a number of 300,000 parts": (
        "a: 1" + ":00" * 300_000,
        f"1: a value has more than {CHARACTERS:,}",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_one_line_at_once(tmp_path: Path, case: str) -> None:
    text, fault = HOSTILE[case]
    (tmp_path / "example.yml").write_text(text, "utf-8")
    started = time.process_time()
    with pytest.raises(SiteError) as raised:
        load("example", tmp_path)
    assert time.process_time() - started < 2
    (message,) = str(raised.value).splitlines()
    assert message.startswith(f"{tmp_path}/example.yml:")
    assert f"{fault}" in message


def nested(depth: int) -> str:
    return "[" * depth + "1" + "]" * depth


# The edges: lists inside the four mappings around `json` and that of its value.
EDGES = {
    "depth": (nested(DEPTH - 5), nested(DEPTH - 4)),
    "characters": ("x" * CHARACTERS, "x" * (CHARACTERS + 1)),
    "values": (f"[{'1,' * (VALUES - 100)}]", f"[{'1,' * VALUES}]"),
}


@pytest.mark.parametrize("case", EDGES)
def test_a_file_at_a_limit_loads_and_one_beyond_it_does_not(tmp_path: Path, case: str) -> None:
    within, beyond = EDGES[case]
    file = tmp_path / "example.yml"
    file.write_text(with_json(within), "utf-8")
    assert load("example", tmp_path).title == "Example"
    file.write_text(with_json(beyond), "utf-8")
    os.utime(file, ns=(0, 1))
    with pytest.raises(SiteError):
        load("example", tmp_path)


def test_a_file_of_the_most_bytes_loads(tmp_path: Path) -> None:
    text = with_json("1")
    text += "#" * (BYTES - len(text))
    (tmp_path / "example.yml").write_text(text, "utf-8")
    assert load("example", tmp_path).title == "Example"
    (tmp_path / "longer.yml").write_text(f"{text}#", "utf-8")
    with pytest.raises(SiteError, match=f"larger than {BYTES:,} bytes"):
        load("longer", tmp_path)


def test_an_anchor_may_be_used_often(tmp_path: Path) -> None:
    text = GOOD.replace("fields: {url: url}", "fields: &f {url: url}") + "".join(
        f"  c{at}: {{listing: {{kind: json, url: 'https://x.example/', items: a, fields: *f}}}}\n"
        for at in range(500)
    )
    (tmp_path / "example.yml").write_text(text.replace("%s", "1"), "utf-8")
    assert len(load("example", tmp_path).categories) == 501


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "example.yml")
    with pytest.raises(SiteError, match="cannot be read"):
        load("example", tmp_path)


def test_of_many_faults_the_first_are_named(tmp_path: Path) -> None:
    keys = "".join(f"key{at}: 1\n" for at in range(20_000))
    (tmp_path / "example.yml").write_text(with_json("1") + keys, "utf-8")
    started = time.process_time()
    with pytest.raises(SiteError) as raised:
        load("example", tmp_path)
    assert time.process_time() - started < 30
    *first, last = str(raised.value).splitlines()
    assert len(first) == 20 and first[0].startswith(f"{tmp_path}/example.yml:{LINE + 1}: key0: ")
    assert last == f"{tmp_path}/example.yml: has more faults; mend these first"
