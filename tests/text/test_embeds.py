"""What a page embeds becomes a link to the page that shows it."""

from __future__ import annotations

import time

import pytest
from lxml import etree, html

from newsspider.text.embeds import Embed, is_embed, is_quoted_post, read_embed, short


def element(markup: str) -> etree._Element:
    root: etree._Element = html.fragment_fromstring(markup, create_parent="div")
    return root[0]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (
            "https://www.youtube.com/embed/aaaaaaaaaaa?rel=0",
            "https://www.youtube.com/watch?v=aaaaaaaaaaa",
        ),
        ("//youtu.be/aaaaaaaaaaa", "https://www.youtube.com/watch?v=aaaaaaaaaaa"),
        (
            "https://www.youtube.com/embed/videoseries?list=PL-1",
            "https://www.youtube.com/playlist?list=PL-1",
        ),
        ("https://player.vimeo.com/video/12?h=1", "https://vimeo.com/12"),
        (
            "https://geo.dailymotion.com/player/x.html?video=x8a",
            "https://www.dailymotion.com/video/x8a",
        ),
        (
            "//player.bilibili.com/player.html?aid=12&page=1",
            "https://www.bilibili.com/video/av12",
        ),
        (
            "https://v.qq.com/txp/iframe/player.html?vid=a0012abcd",
            "https://v.qq.com/x/page/a0012abcd.html",
        ),
        (
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2F1&width=5",
            "https://www.facebook.com/a/1",
        ),
        (
            "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=17",
            "https://twitter.com/i/status/17",
        ),
        ("https://www.instagram.com/reel/Ab-1/embed/", "https://www.instagram.com/reel/Ab-1/"),
        ("https://vk.com/video_ext.php?oid=-1&id=2&hash=a", "https://vk.com/video-1_2"),
        ("https://rutube.ru/play/embed/ab1", "https://rutube.ru/video/ab1/"),
        ("https://open.spotify.com/embed/episode/ab1", "https://open.spotify.com/episode/ab1"),
        (
            "https://datawrapper.dwcdn.net/Ab1/2/",
            "https://datawrapper.dwcdn.net/Ab1/2/",
        ),
    ],
)
def test_the_page_of_an_embed(address: str, page: str) -> None:
    assert read_embed(element(f'<iframe src="{address}"></iframe>')) == Embed(page)


@pytest.mark.parametrize("name", ["data-cookieblock-src", "data-cmp-src", "data-src-cmplz"])
def test_a_player_that_waits_for_consent(name: str) -> None:
    waiting = f"<iframe src=about:blank {name}=https://player.vimeo.com/video/12></iframe>"
    assert read_embed(element(waiting)) == Embed("https://vimeo.com/12")


def test_a_player_of_an_unknown_host_counts_if_it_fills_the_screen() -> None:
    src = "https://films.example/player/7"
    assert read_embed(element(f"<iframe src={src} allowfullscreen></iframe>")) == Embed(src)
    assert read_embed(element(f"<iframe src={src}></iframe>")) is None


def test_a_title_that_only_names_the_player_is_none() -> None:
    film = "<iframe title='{}' src=https://player.vimeo.com/video/7></iframe>"
    assert read_embed(element(film.format("The lock"))) == Embed("https://vimeo.com/7", "The lock")
    assert read_embed(element(film.format("vimeo video player"))) == Embed("https://vimeo.com/7")
    assert short("https://www.vimeo.com/7/") == "vimeo.com/7"


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='youtube-player' data-id=aaaaaaaaaaa></div>",
        "<div class=lazy-youtube data-video-id=aaaaaaaaaaa><button>Play</button></div>",
        "<div data-oembed-url='https://www.youtube.com/watch?v=aaaaaaaaaaa'></div>",
        "<oembed url=https://youtu.be/aaaaaaaaaaa></oembed>",
        "<div data-src=https://www.youtube.com/embed/aaaaaaaaaaa><button>Play</button></div>",
        "<a href='https://www.youtube.com/watch?v=aaaaaaaaaaa' data-iframely-url></a>",
    ],
)
def test_an_element_that_a_script_makes_a_player(markup: str) -> None:
    assert is_embed(element(markup))
    assert read_embed(element(markup)) == Embed("https://www.youtube.com/watch?v=aaaaaaaaaaa")


def test_a_post_that_a_script_shows() -> None:
    script = element(
        "<script data-telegram-post=harbour/12 src=https://telegram.org/w.js></script>"
    )
    assert is_embed(script)
    assert read_embed(script) == Embed("https://t.me/harbour/12")


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=youtube data-id=12></div>",
        "<div class=player data-id=aaaaaaaaaaa></div>",
        "<div class=share data-url=https://a.example/story></div>",
        "<a href='https://youtu.be/aaaaaaaaaaa' data-iframely-url>the film</a>",
        "<script data-telegram-post='//evil'></script>",
        f"<div data-oembed-url=https://twitter.com/a/status/1><p>{'Words. ' * 20}</p></div>",
    ],
)
def test_no_player(markup: str) -> None:
    assert not is_embed(element(markup))


@pytest.mark.parametrize(
    ("markup", "quoted"),
    [
        ("<blockquote class='twitter-tweet tw-align-center'>Words.</blockquote>", True),
        ("<blockquote>Words.</blockquote>", False),
        ("<a href=https://t.me/harbour/12><div>Words.</div></a>", True),
        ("<a href=https://t.me/harbour/12>our channel</a>", False),
        ("<a href=/status/12><div>Words.</div></a>", False),
    ],
)
def test_a_quoted_post(markup: str, quoted: bool) -> None:
    assert is_quoted_post(element(markup)) is quoted


@pytest.mark.parametrize(
    "piece",
    ["<video><source src=blob:x>", "<lite-youtube>", "<a href=https://t.me/a/1><b>", "<object>"],
)
def test_attack_each_embed_costs_a_few_steps(piece: str) -> None:
    root = html.fragment_fromstring(piece * 4_000, create_parent="div")
    start = time.process_time()
    for each in root.iter(etree.Element):
        is_quoted_post(each)
        if is_embed(each):
            read_embed(each)
    read_embed(element(f"<iframe src='https://vk.com/video_ext.php?{'oid=1&' * 500}'></iframe>"))
    read_embed(element(f"<iframe title='{'video ' * 9000}x' src=//youtu.be/></iframe>"))
    assert time.process_time() - start < 5
