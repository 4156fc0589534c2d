"""A pattern that is compiled when it is first used."""

from __future__ import annotations

import re

import pytest

from newsspider.text import lazy
from newsspider.text.lazy import lazy_pattern


def test_it_is_compiled_at_the_first_call_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_, compiled = re.compile, []

    def noted(pattern: str, flags: int) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_(pattern, flags)

    monkeypatch.setattr(lazy.re, "compile", noted)
    pattern = lazy_pattern("[新闻]+", re.IGNORECASE)
    assert not compiled
    assert pattern.findall("a新b闻新") == ["新", "闻新"]
    assert pattern.findall("") == []
    assert set(compiled) == {"[新闻]+"}


@pytest.mark.parametrize("method", ["search", "match", "fullmatch", "findall", "split"])
def test_it_has_the_methods_of_a_pattern(method: str) -> None:
    for text in ("NEWS", "old news", ""):
        ours, theirs = (make("news", re.I) for make in (lazy_pattern, re.compile))
        assert str(getattr(ours, method)(text)) == str(getattr(theirs, method)(text))
    assert lazy_pattern("(a)").sub(r"<\1>", "banana") == "b<a>n<a>n<a>"
