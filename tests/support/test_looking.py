"""The watchers that the attack tests rely on do see what they are to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.looking import opened, shown, text_of, tree, what_acts

ACTS = [
    "<script>hit()</script>",
    "<p onclick=hit()>a</p>",
    "<a href='javascript:hit()'>a</a>",
    "<a href=' jav\tascript:hit()'>a</a>",
    "<img srcset='https://x.example/a 1x'>",
    "<p style='background:url(https://x.example/)'>a</p>",
    "<p style='position:fixed'>a</p>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//x.example>",
    "<svg><a xlink:href=x></a></svg>",
]


@pytest.mark.parametrize("markup", ACTS)
def test_what_acts_is_seen(markup: str) -> None:
    body = tree(markup).root
    assert body is not None
    assert what_acts(body)


def test_what_is_only_read_does_not_act() -> None:
    body = tree('<p style="color:red"><a href="https://x.example/">a</a><img src="/b"></p>').root
    assert body is not None
    assert what_acts(body) == []


def test_the_text_is_what_a_reader_reads() -> None:
    assert text_of("<p>a b</p><script>c</script><noscript><p>d</noscript>&lt;e&gt;") == "ab<e>"


def test_a_browser_tells_what_a_page_did(tmp_path: Path) -> None:
    pages = {
        "/runs.html": "<script>hit()</script>",
        "/handles.html": "<img src=none onerror=hit()>",
        "/goes.html": "<meta http-equiv=refresh content='0;url=/quiet.html'>",
        "/asks.html": "<link rel=stylesheet href='http://x.example/a.css'>",
        "/quiet.html": "<p>a<img src='http://x.example/b.png'></p>",
    }
    for path, page in pages.items():
        (tmp_path / path[1:]).write_text(f"<!DOCTYPE html><body>{page}")
    heard = " ".join(opened(tmp_path, list(pages)))
    assert "hit in /runs.html" in heard
    assert "hit in /handles.html" in heard
    assert "/goes.html became /quiet.html" in heard
    assert "http://x.example/a.css" in heard
    assert "quiet.html," not in heard
    assert "b.png" not in heard


def test_a_browser_tells_which_body_acts() -> None:
    assert shown(["<p>a<br />b</p>"]) == [("<p>a<br>b</p>", "ab")]
    with pytest.raises(AssertionError):
        shown(["<p>a</p>", "<img src=none onerror=hit()>"])
