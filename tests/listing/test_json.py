"""Listings that are answers: when one is an error, and lists in a script of a page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsspider.errors import EmptyListing, NotReadable
from newsspider.listing.entries import Entries
from newsspider.listing.json import read
from newsspider.model import Page
from newsspider.sites.listings import JsonListing

HERE = "https://news.example/api"


def entries(body: Any, **keys: Any) -> Entries:
    given = {"kind": "json", "url": HERE, "items": "list", "fields": {"url": "url"}, **keys}
    text = body if isinstance(body, str) else json.dumps(body)
    return read(Page(url=HERE, body=text.encode()), JsonListing.model_validate(given))


LIST = [{"url": "/a"}]


@pytest.mark.parametrize(
    ("ok", "answer"),
    [
        ("status == 'ok'", {"status": "ok"}),
        ("code == `0`", {"code": 0}),
        ("success", {"success": True}),
        ("!error", {"error": None}),
    ],
)
def test_an_answer_that_is_no_error(ok: str, answer: dict[str, Any]) -> None:
    assert entries({**answer, "list": LIST}, ok=ok).records == [{"url": "/a"}]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"code": 1, "message": "busy\x1b[2J", "list": LIST}, "is an error: busy"),
        ({"code": "0", "msg": "sign", "list": LIST}, "is an error: sign"),
        ({"list": LIST}, "is an error: it has list"),
        ({"code": 7, "message": {"a": 1}, "list": []}, "it has code, message, list"),
        ([1], "it has list"),
    ],
)
def test_an_error_is_told_in_its_own_words(answer: Any, told: str) -> None:
    with pytest.raises(NotReadable) as raised:
        entries(answer, ok="code == `0`")
    assert not isinstance(raised.value, EmptyListing)  # which would be "no news"
    assert told in str(raised.value)
    assert "\x1b" not in str(raised.value)


def test_a_list_in_a_script_and_its_cursor() -> None:
    page = (
        "<p>News</p><script>x = 1</script><script>window.S = {list: [{url: '/a'}], n: 7};</script>"
    )
    got = entries(page, script={"select": "script", "pattern": r"window\.S\s*="}, next="n")
    assert got == Entries([{"url": "/a"}], next="7")


def test_a_page_without_its_script_is_a_failure() -> None:
    with pytest.raises(NotReadable, match="no script matches"):
        entries("<p>Please wait</p>", script="script#state")
