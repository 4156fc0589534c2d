"""Pages about a film or a broadcast are posts: title, description, picture and a link."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newsspider.extraction.generic import Extracted, extract
from newsspider.model import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TIME = "2026-11-20T09:30:00+00:00"
STORIES = {
    "en": ("The crane falls", "The old crane at the quay was pulled down on Friday at noon."),
    "de": ("Der Kran fällt", "Der alte Kran am Kai wurde am Freitag um zwölf Uhr gesprengt."),
    "zh": ("旧吊车倒下", "周五中午，码头上的旧吊车在众人围观下被拆除。"),
    "ar": ("سقوط الرافعة القديمة", "هدمت الرافعة القديمة على رصيف الميناء ظهر يوم الجمعة."),
}
KINDS = {
    "a film": {
        "@type": "VideoObject",
        "uploadDate": TIME,
        "contentUrl": "https://cdn.example/1.mp4",
        "thumbnailUrl": ["https://cdn.example/1.jpg"],
    },
    "an episode": {
        "@type": "PodcastEpisode",
        "datePublished": TIME,
        "associatedMedia": {"@type": "MediaObject", "contentUrl": "https://cdn.example/1.mp4"},
        "image": {"url": "https://cdn.example/1.jpg"},
    },
    "a player of its own": {
        "@type": ["VideoObject"],
        "uploadDate": TIME,
        "embedUrl": "https://cdn.example/1.mp4",
        "thumbnailUrl": "https://cdn.example/1.jpg",
    },
}


def read(head: str, title: str, below: str = "", heading: str = "") -> Extracted:
    page = (
        f"<html><head><meta charset=utf-8><title>{title} | Quay</title>{head}</head><body>"
        f"<h1>{heading or title}</h1><div class=player></div>{below}</body></html>"
    )
    return extract(Page(url="https://quay.example/v/1", body=page.encode()), now=NOW)


def data(title: str, text: str, **more: object) -> str:
    node = {"name": title, "description": text, **more}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_about_a_film_or_a_broadcast(kind: str, language: str) -> None:
    title, text = STORIES[language]
    article = read(data(title, text, **KINDS[kind]), title)
    assert (article.title, article.text, article.verdict) == (title, text, "")
    assert article.published == datetime.fromisoformat(TIME)
    assert 'href="https://cdn.example/1.mp4"' in article.body
    assert 'src="https://cdn.example/1.jpg"' in article.body


@pytest.mark.parametrize("language", STORIES)
def test_a_film_by_opengraph_has_the_time_that_the_page_shows(language: str) -> None:
    title, text = STORIES[language]
    head = (
        '<meta property="og:type" content="video.other">'
        f'<meta property="og:description" content="{text}">'
        '<meta property="og:video" content="https://cdn.example/1.mp4">'
    )
    article = read(head, title, "<p>2026-11-20 09:30</p>")
    assert (article.title, article.text, article.verdict) == (title, text, "")
    assert article.published == datetime.fromisoformat(TIME)
    assert read(head, title).verdict == "NotAnArticle"  # a player: nothing says when it came
    released = f'<meta property="video:release_date" content="{TIME}">'
    assert read(head + released, title).published == datetime.fromisoformat(TIME)


FILM = KINDS["a film"]
TITLE, TEXT = STORIES["en"]


@pytest.mark.parametrize(
    "article",
    [
        read(data("Another film of the week", TEXT, **FILM), TITLE),
        read(data(TITLE, TITLE, **FILM), TITLE),
        read(data(TITLE, "Watch now.", **FILM), TITLE),
        read(data(TITLE, TEXT, **FILM), "Page not found"),
    ],
    ids=["of another page", "its title again", "no description", "an error"],
)
def test_what_is_no_post_about_a_film(article: Extracted) -> None:
    assert article.verdict == "NotAnArticle"


def test_the_text_of_an_article_comes_before_its_film() -> None:
    text = "".join(f"<p>{n}. {TEXT} {TEXT}</p>" for n in range(4))
    assert "mp4" not in read(data(TITLE, TEXT, **FILM), TITLE, text).body


@pytest.mark.parametrize("value", [7, [], {}, [[]], {"url": 7}, "javascript:alert(1)", None])
def test_attack_any_value_in_the_place_of_an_address(value: object) -> None:
    film = {**FILM, "contentUrl": value, "thumbnailUrl": value}
    body = read(data(TITLE, TEXT, **film), TITLE).body
    assert TEXT in body
    assert "javascript" not in body
