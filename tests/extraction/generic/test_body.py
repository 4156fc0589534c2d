"""The text of an article among other texts on its page."""

from __future__ import annotations

import pytest

from newsspider.extraction.generic import extract_page
from newsspider.extraction.generic.line import is_sentence

BRIEF = (
    "The harbour authority bought 17,000 tonnes of salt on Monday for the coming winter, the mayor "
    "said at noon, and it paid 4,266 crowns for it in all."
)
TEASERS = (
    "Doctors at the hospital go on with their strike this week and ask for a new contract by May.",
    "The ministry has recalled a marmalade that was sold in four districts, because of the jars.",
    "Farmers will see doctors under the new terms from Monday, the insurance said on Wednesday.",
    "The talks at the mill have brought no result for the workers, who will march again on Friday.",
)


@pytest.mark.parametrize("tag", ["p", "div"])
def test_the_text_below_the_headline_comes_before_longer_texts_beside_it(tag: str) -> None:
    teasers = "".join(
        f"<li><a href=/n{n}>Number {n} of the news of this day</a><{tag}>{teaser} {n}.</{tag}></li>"
        for n, teaser in enumerate(TEASERS * 2)
    )
    page = (
        "<html><head><title>The salt has come</title></head><body><div><div>"
        f"<h1>The salt has come</h1><div><p>{BRIEF}</p></div></div>"
        f"<div><ul>{teasers}</ul></div></div></body></html>"
    )
    assert extract_page(page, "https://a.example/salt")["body_text"] == BRIEF


def test_the_heading_of_each_section_stays() -> None:
    sections = "".join(
        f"<article><header><time>1{n}h00</time><h2>Point {n}</h2></header><p>{text}</p></article>"
        for n, text in enumerate(TEASERS)
    )
    page = (
        "<html><head><title>The salt has come</title></head><body><main>"
        f"<h1>The salt has come</h1><p>{BRIEF}</p>{sections}</main></body></html>"
    )
    lines = extract_page(page, "https://a.example/salt")["body_text"].split("\n")
    headings = [f"Point {n}" for n in range(len(TEASERS))]
    assert [line for line in lines if line.startswith("Point")] == headings


@pytest.mark.parametrize("clock", ["1{}:45", "1{}.45 Uhr", "1{}h45", "{}:45 pm"])
@pytest.mark.parametrize("heading", ["", "<h3>What happened</h3>"])
def test_the_entries_of_a_live_blog_have_their_times(clock: str, heading: str) -> None:
    entries = "".join(
        f"<div><time>{clock.format(n)}</time>{heading}<p>{text}</p></div>"
        for n, text in enumerate(TEASERS, 1)
    )
    page = (
        "<html><head><title>The salt has come</title></head><body><main>"
        f"<h1>The salt has come</h1><p>{BRIEF}</p>{entries}</main></body></html>"
    )
    lines = extract_page(page, "https://a.example/salt")["body_text"].split("\n")
    assert [line for line in lines if line[0].isdigit()] == [clock.format(n) for n in range(1, 5)]


def test_the_first_entry_of_a_live_blog_may_begin_the_text() -> None:
    entries = "".join(
        f"<div><div>1{n}:45</div><p>{text}</p></div>" for n, text in enumerate(TEASERS, 1)
    )
    page = f"<html><body><main><h1>The salt has come</h1>{entries}</main></body></html>"
    lines = extract_page(page, "https://a.example/salt")["body_text"].split("\n")
    assert [line for line in lines if line[0].isdigit()] == [f"1{n}:45" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("start", "end"),
    [("<h1>The salt has come<div>", "</div>"), ("<h1>The salt has come</h1>", "")],
    ids=["an unclosed headline", "a text in headings"],
)
@pytest.mark.parametrize("tag", ["p", "h2", "h4"])
def test_sentences_in_headings_are_text(start: str, end: str, tag: str) -> None:
    texts = (BRIEF, *TEASERS)
    text = "".join(f"<{tag}>{sentence}</{tag}>" for sentence in texts)
    page = f"<head><title>The salt has come</title></head><body>{start}{text}{end}</body>"
    assert extract_page(page, "https://a.example/salt")["body_text"].split("\n") == [*texts]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 89 + ".", True),
        ("a" * 88 + ".", False),
        ("a" * 89 + "?”", True),
        ("a" * 200, False),
        ("港" * 45 + "。", True),
        ("港" * 44 + "。", False),
        ("", False),
    ],
)
def test_what_is_too_long_for_a_heading(text: str, sentence: bool) -> None:
    assert is_sentence(text) is sentence
