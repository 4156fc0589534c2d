"""The addresses of pictures, in every place where pages keep them."""

from __future__ import annotations

import time

import pytest
from lxml import etree, html

from newsspider.text.picture_addresses import largest
from newsspider.text.pictures import (
    address_of,
    holds_picture,
    is_picture,
    is_twin,
    linked_picture,
    lone_sources,
    may_state_picture,
    stated_address,
)

BLANK = "<img src='data:image/gif;base64,R0lGODlh'>"

DATA = '{"image": {"caption": "/b.jpg: the lock", "src": "/a.jpg"}}'


def tree(markup: str) -> etree._Element:
    root: etree._Element = html.fragment_fromstring(markup, create_parent="div")
    return root


def first(markup: str) -> str:
    """The address of the first picture outside of a noscript."""
    pictures = [e for e in tree(markup).iter(etree.Element) if is_picture(e)]
    return address_of(next(e for e in pictures if not list(e.iterancestors("noscript"))))


@pytest.mark.parametrize(
    "markup",
    [
        "<img src=/a.jpg>",
        "<img src=/blank.gif data-src=/a.jpg>",
        "<img data-lazy-srcset='/b.jpg 300w, /a.jpg 900w'>",
        "<img src=/loading.svg data-img-address=/a.jpg>",
        "<img src=/spacer.gif zoomfile=/a.jpg>",
        "<picture><source srcset='/b.jpg 1x, /a.jpg 2x'><img></picture>",
        "<amp-img src=/a.jpg></amp-img>",
        "<a-img data-src=/a.jpg></a-img>",
        "<story-image image-address=/a.jpg></story-image>",
        "<amp-img><noscript><img src=/a.jpg></noscript></amp-img>",
        f"<span>{BLANK}<noscript><img src=/a.jpg></noscript></span>",
        f"<div><noscript><img src=/a.jpg></noscript> {BLANK}</div>",
        f"<div><div>{BLANK}</div></div><noscript><picture><img src=/a.jpg></picture></noscript>",
        "<div><img src='/max/60/a.jpg?q=20'></div><noscript><img src=/a.jpg></noscript>",
        "<img src='/t.jpg?w=20&amp;blur=10'><noscript><img srcset='/a.jpg 2x'></noscript>",
        "<img src='/max/60/a.jpg'><canvas></canvas><noscript><img src=/a.jpg></noscript>",
        f"<a href=/a.jpg>{BLANK}</a>",
        f"<a href=/a.jpg><span><span>{BLANK}</span></span></a>",
        "<picture><source data-srcset='/b.jpg 4w, /a.jpg 9w'><img src=/transp.gif></picture>",
        f"<div data-props='{DATA}'>{BLANK}</div>",
        f"<img src=/spinner.gif data-image='{DATA}'>",
    ],
)
def test_a_picture_is_where_a_script_would_load_it_from(markup: str) -> None:
    assert first(markup) == "/a.jpg"


@pytest.mark.parametrize(
    "markup",
    [
        BLANK,
        f"<a href=/story.html>{BLANK}</a>",
        f"{BLANK} says the board: <noscript><img src=/a.jpg></noscript>",
        f"<p>{BLANK}</p><p>Words.</p><noscript><img src=/a.jpg></noscript>",
        "<img data-url='{\"a\": 1}' data-id=12 title=/a.jpg>",
    ],
)
def test_a_placeholder_without_a_picture_has_no_address(markup: str) -> None:
    assert first(markup) == ""


def test_a_preview_is_better_than_nothing() -> None:
    assert first("<img src='/max/60/a.jpg'>") == "/max/60/a.jpg"


@pytest.mark.parametrize(
    ("markup", "holds"),
    [
        ("<amp-img src=/a.jpg><noscript><img src=/a.jpg></noscript></amp-img>", False),
        ("<amp-img><amp-img src=/a.jpg></amp-img></amp-img>", True),
    ],
)
def test_a_twin_in_a_picture_is_no_second_picture(markup: str, holds: bool) -> None:
    assert holds_picture(tree(markup)[0]) is holds


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<a href=/a.jpg><span style='background:url(/x.gif)'></span></a>", "/a.jpg"),
        ("<a href=/a.jpg> </a>", "/a.jpg"),
        ("<a href=/a.jpg>the photo</a>", ""),
        ("<a href=/a.jpg><img src=/b.jpg></a>", ""),
        ("<a href=/a.jpg><noscript><img src=/b.jpg></noscript></a>", ""),
        ("<a href=/story.html></a>", ""),
        ("<a href=/blank.gif></a>", ""),
    ],
)
def test_a_link_without_words_shows_the_picture_it_leads_to(markup: str, address: str) -> None:
    assert linked_picture(tree(markup)[0]) == address


@pytest.mark.parametrize(
    ("markup", "twin"),
    [
        ("<img src=/b.jpg>{}", True),
        ("{}<div><img src=/b.jpg></div>", True),
        ("<amp-img src=/b.jpg>{}</amp-img>", True),
        ("<div class=lazy></div>{}", False),
        ("<img src=/b.jpg> Words. {}", False),
        ("<noscript><img src=/b.jpg></noscript>{}", False),
        ("<img src=/a.jpg><canvas></canvas>{}", True),
    ],
)
def test_a_noscript_repeats_the_picture_beside_it(markup: str, twin: bool) -> None:
    root = tree(markup.format("<noscript id=x><img src=/a.jpg></noscript>"))
    assert is_twin(next(e for e in root.iter("noscript") if e.get("id") == "x")) is twin


@pytest.mark.parametrize(
    "figure",
    [
        "<figure itemid='/a.jpg'><div class=lazy></div></figure>",
        "<figure itemid=article itemscope><meta itemprop=contentUrl content=/a.jpg></figure>",
        "<figure><link itemprop='url' href='/a.jpg'><canvas></canvas></figure>",
        "<figure><div data-large=/a.jpg></div></figure>",
        "<figure><div style=\"height: 9em; background-image: url('/a.jpg')\"></div></figure>",
        "<figure><a class=zoom href=/a.jpg></a></figure>",
        f"<figure itemid=/a.jpg>{BLANK}<figcaption>The bridge.</figcaption></figure>",
        "<figure><div data-bg='url(/a.jpg)'></div></figure>",
        f"<figure><div data-props='{DATA}'></div></figure>",
        f"<figure data-hydrate='[{DATA}]'><div class=lazy></div></figure>",
        f"<div class=js-image data-props='{DATA}'></div>",
        "<div class=image data-image=/a.jpg></div>",
        "<div class=foto style='background: url(/a.jpg)'></div>",
        '<div data-component=StoryImage data-x=\'{"srcset": "/b.jpg 4w, /a.jpg 9w"}\'></div>',
        """<div class=photo data-options='[{"w": 320, "url": "/b.jpg"}, {"w": 900, "url": "/a.jpg"},
        {"w": 640, "url": "/c.jpg"}]'></div>""",
    ],
)
def test_a_figure_may_state_its_picture(figure: str) -> None:
    assert stated_address(tree(figure)[0]) == "/a.jpg"


@pytest.mark.parametrize(
    "figure",
    [
        "<figure itemid=/b.jpg><img src=/a.jpg></figure>",
        "<figure itemid=/b.jpg><noscript><img src=/a.jpg></noscript></figure>",
        "<figure itemid=/b.jpg><iframe src=/film></iframe></figure>",
        "<figure><blockquote data-id=7>Words.</blockquote></figure>",
        "<div itemtype='https://schema.org/ImageObject'><meta itemprop=url content=/a.jpg></div>",
        f"<div class=ad-slot data-props='{DATA}'></div>",
        "<div class=hero style='background: url(/a.jpg)'></div>",
        '<div class=image data-props=\'{"authorAvatar": {"src": "/a.jpg"}}\'></div>',
        '<div class=image data-props=\'{"link": "/story", "src": 7}\'></div>',
        '<div class=image data-props=\'{"src": "/a.jpg"\'></div>',
    ],
)
def test_a_figure_that_shows_something_states_nothing_more(figure: str) -> None:
    assert stated_address(tree(figure)[0]) == ""


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<picture><source srcset='/b.jpg 4w, /a.jpg 9w'></picture>", "/a.jpg"),
        ("<picture class=lozad data-iesrc=/a.jpg></picture>", "/a.jpg"),
        ("<picture><source srcset=/b.jpg><img src=/a.jpg></picture>", ""),
        ("<video><source srcset=/b.jpg></video>", ""),
    ],
)
def test_a_picture_to_which_a_script_adds_the_image(markup: str, address: str) -> None:
    assert lone_sources(tree(markup)[0]) == address


def test_a_block_of_text_with_data_states_no_picture() -> None:
    assert may_state_picture(tree(f"<div class=image data-props='{DATA}'></div>")[0])
    assert not may_state_picture(tree(f"<div class=image data-props='{DATA}'>Words.</div>")[0])


@pytest.mark.parametrize(
    ("candidates", "best"),
    [
        ("/a.jpg 640w, /b.jpg 2000w, /c.jpg 2001w", "/b.jpg"),
        ("/c.jpg 5000w, /a.jpg 640w", "/a.jpg"),
        ("/c.jpg 5000w, /b.jpg 2001w, /d.jpg 3000w", "/b.jpg"),
    ],
)
def test_a_candidate_for_posters_is_taken_only_without_another(candidates: str, best: str) -> None:
    assert largest(candidates) == best


def test_the_largest_of_a_set() -> None:
    assert largest("/a,q_8.jpg 320w, /b.jpg 1280w,/c.jpg 640w") == "/b.jpg"
    assert largest("/blank.gif 2x, /c.jpg") == "/c.jpg"
    assert largest("/a.jpg " * 100_000) == "/a.jpg"


@pytest.mark.parametrize(
    "piece",
    [
        "<picture><img>",
        "<figure><a-img>",
        "<a-img><noscript>",
        "<noscript><img>",
        "<img style='background:url(" + "x" * 3000 + "'>",
        "<figure class=image data-x='[" + "[" * 900 + "'><a-img>",
        """<figure data-x='[{"a": [1, 2]}, {"src": "b"}]'><a-img>""",
    ],
)
def test_attack_each_picture_costs_a_few_steps(piece: str) -> None:
    root = tree(piece * 4_000)
    start = time.process_time()
    for element in root.iter(etree.Element):
        address_of(element)
        stated_address(element)
        is_twin(element)
    assert time.process_time() - start < 5
