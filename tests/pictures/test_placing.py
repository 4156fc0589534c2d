"""Where a post shows the pictures that are kept."""

from __future__ import annotations

import time

import pytest

from newsspider.clean.metadata import images
from newsspider.model import Article, Image
from newsspider.pictures.placing import KeptPicture, kept_files, leave_out, place, with_pictures
from newsspider.sanitize import sanitise_body

NAME = "0c6f1c7f1d5c3a47d9f3b8c2b9c4a1e3.jpg"
KEPT = KeptPicture(f"assets/images/{NAME}", 640, 400)
URL = "https://x.example/p.jpg?a=1&b=2"
SHOWN = '<img src="https://x.example/p.jpg?a=1&amp;b=2" alt="The quay" width="90%" />'
ARTICLE = Article(site="x", key="k", id="1", link="https://x.example/a", body=f"<p>{SHOWN}</p>")


def test_a_picture_gets_its_file_its_size_and_keeps_its_alt() -> None:
    shown = f'<img src="/assets/images/{NAME}" alt="The quay" width="640" height="400" />'
    assert place(f"<p>{SHOWN}</p>", {URL: KEPT}) == f"<p>{shown}</p>"
    assert place(shown, {URL: KEPT}) == shown
    assert kept_files(place(SHOWN, {URL: KEPT}, "/news")) == {NAME}


@pytest.mark.parametrize(
    "text",
    [
        '<p><img src="https://x.example/q.jpg" alt="" /></p>',
        '<p><a href="https://x.example/p.jpg?a=1&amp;b=2">a link</a></p>',
        "<p>https://x.example/p.jpg?a=1&amp;b=2</p>",
        "<p>&lt;img src=&quot;https://x.example/p.jpg?a=1&amp;b=2&quot; /&gt;</p>",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert place(text, {URL: KEPT}) == text


def test_the_lead_is_the_picture_of_the_post_even_if_the_body_lacks_it() -> None:
    lead = Image("https://x.example/lead.jpg")
    article = Article(site="x", key="k", id="1", link="", images=(lead, Image(URL)), body=SHOWN)
    assert with_pictures(article, {lead.url: KEPT}, "").picture == f"/assets/images/{NAME}"
    assert with_pictures(article, {URL: KEPT}, "").picture == ""


def test_the_pictures_of_an_article_name_their_files() -> None:
    other = Image("https://x.example/other.jpg", "Caption")
    article = Article(site="x", key="k", id="1", link="", images=(other, Image(URL)), body=SHOWN)
    kept = Image(URL, file=f"assets/images/{NAME}")
    assert with_pictures(article, {URL: KEPT}, "/news").images == (other, kept)


def test_a_post_that_is_read_back_has_no_picture_of_the_site() -> None:
    for base in ("", "/news", "/a/b"):
        assert images(place(SHOWN, {URL: KEPT}, base), "https://x.example/a") == ()
    theirs = f'<img src="https://x.example/assets/images/{NAME}" />'
    assert len(images(theirs, "https://x.example/a")) == 1


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"<p>Text</p><figure>{SHOWN}<figcaption>A caption</figcaption></figure>", "<p>Text</p>"),
        (f"<p>Text {SHOWN} and more</p>", "<p>Text  and more</p>"),
        (f'<p>Text</p><p><a href="https://x.example/b">{SHOWN}</a></p>', "<p>Text</p>"),
        (f"<p>{SHOWN}</p>", ""),
        ("<p>Text</p>", "<p>Text</p>"),
    ],
)
def test_pictures_are_left_out_with_what_stands_under_them(body: str, left: str) -> None:
    article = Article(site="x", key="k", id="1", link="", body=body, images=(Image(URL),))
    without = leave_out(article, "https://x.example/a")
    assert (without.body.replace("\n", ""), without.images) == (left, ())


def test_the_result_is_still_safe_to_publish() -> None:
    placed = place(f"<p>{SHOWN}</p>", {URL: KEPT})
    absolute = placed.replace('src="/', 'src="https://x.example/')
    assert sanitise_body(absolute, base="https://x.example/") == absolute


@pytest.mark.parametrize("text", ["<img ", '<img src="', '<img a="" ', "<img" + ' a="b"' * 3])
def test_attack_a_body_of_half_images_is_read_once(text: str) -> None:
    started = time.process_time()
    place(text * 100_000, {URL: KEPT})
    kept_files(text * 100_000)
    assert time.process_time() - started < 20
