"""What a page does not show is no text: closed dialogs, controls of players, second copies."""

from __future__ import annotations

import pytest
from support.generic_pages import NOW

from newsspider.extraction.generic import extract
from newsspider.model import Page

LONG = "The harbour will close for a year, the port authority said on Tuesday after a long debate. "
TEXT = [f"{n}. {LONG}".strip() for n in range(4)]


def text_of(inside: str, paragraphs: list[str] = TEXT) -> list[str]:
    first, *rest = (f"<p>{text}</p>" for text in paragraphs)
    body = f"<article><h1>The harbour closes</h1>{first}{inside}{''.join(rest)}</article>"
    return extract(Page(url="https://a.example/1", body=body.encode()), now=NOW).text.split("\n")


WORDS = "<p>This is a window. Press escape to close the window and to go on with the film.</p>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<div style='display: none'>{WORDS}</div>",
        f"<div hidden>{WORDS}</div>",
        f"<div role=dialog>{WORDS}</div>",
        f"<div role=alertdialog aria-modal=true>{WORDS}</div>",
        f"<dialog>{WORDS}</dialog>",
        f"<div class='modal fade' aria-hidden=true>{WORDS}</div>",
        f"<div class=sr-only>{WORDS}</div>",
        f"<div class=blind>{WORDS}</div>",
        f"<div class='pzp-pc pzp-ui'>{WORDS}</div>",
        f"<div class='video-js vjs-paused'>{WORDS}</div>",
        f"<div class=player><div class=mejs-controls>{WORDS}</div></div>",
        f"<div class=prism-player><p>{WORDS}</p></div>",
        f"<div><div class='plyr__controls'>{WORDS}</div></div>",
        f"<div class=bitmovinplayer-container>{WORDS}</div>",
        f"<div><div class=video-player__error>{WORDS}</div></div>",
        f"<div class=off-screen>{WORDS}</div>",
        f"<div hidden><div itemprop=articleBody>{''.join(f'<p>{t}</p>' for t in TEXT)}</div></div>",
    ],
)
def test_what_the_page_does_not_show_is_no_text(inside: str) -> None:
    assert text_of(inside) == TEXT


@pytest.mark.parametrize("mark", ["class=visually-hidden", "style='display:none'", "hidden"])
def test_hidden_words_in_a_line_are_no_text(mark: str) -> None:
    line = f"{LONG}<a href='/x'>More<span {mark}> opens in a new window</span></a> is known."
    assert text_of("", [line, *TEXT])[0] == f"{LONG}More is known."


@pytest.mark.parametrize(
    "inside",
    [
        "".join(f"<div style='display:none'><p>Page {n}: {LONG}</p></div>" for n in (2, 3, 4)),
        f"<p class=paywall aria-hidden=true>Behind the wall, {LONG}</p>",
        f"<p style='display:none'>Below the fold, {LONG}</p>",
        f"<p class=color-blind>In all colours, {LONG}</p>",
        f"<div class=video-player__caption><p>Below the film, {LONG}</p></div>",
        f"<dialog open><p>In the open, {LONG}</p></dialog>",
    ],
)
def test_text_that_a_script_opens_stays(inside: str) -> None:
    assert len(text_of(inside)) > len(TEXT)


def test_a_page_whose_text_is_all_hidden_has_its_text() -> None:
    body = f"<h1>The harbour closes</h1><div hidden>{''.join(f'<p>{t}</p>' for t in TEXT)}</div>"
    page = Page(url="https://a.example/1", body=body.encode())
    assert extract(page, now=NOW).text.split("\n") == TEXT
