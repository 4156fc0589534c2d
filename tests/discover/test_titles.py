"""The title of a list's entry is its headline, not what a link does."""

from __future__ import annotations

import pytest

from newsspider.discover import discover
from newsspider.model import Page

# A headline, and what the other links and texts of its card say.
WORDS = {
    "en": (
        "Board keeps bridge {}",
        "Listen to the article: Board keeps bridge {} (4 minutes)",
        "Read more about the decision of the board",
    ),
    "de": (
        "Rat sperrt Brücke {}",
        "Artikel anhören: Rat sperrt Brücke {} (4 Minuten)",
        "Weiterlesen: alles zur Entscheidung des Rates",
    ),
    "zh": (
        "委员会决定关闭旧桥{}号",
        "收听文章：委员会决定关闭旧桥{}号（四分钟）",
        "阅读更多关于委员会这一决定的全部内容",
    ),
    "es": (
        "Cierran el puente {}",
        "Escuchar el artículo: Cierran el puente {} (4 minutos)",
        "Leer más sobre la decisión del consejo",
    ),
    "ko": (
        "시의회, 다리 {}호 폐쇄",
        "기사 듣기: 시의회, 다리 {}호 폐쇄 (약 4분 소요)",
        "위원회의 결정에 대해 더 보기",
    ),
}
CARDS = {
    "listen above": "<article class=card><a class=audio href='{u}'>{listen}</a>"
    "<h3><a href='{u}'>{title}</a></h3></article>",
    "more, and no link in the heading": "<article class=card><h3>{title}</h3>"
    "<p>What the board wrote about it.</p><a href='{u}'>{more}</a></article>",
    "more below": "<article class=card><h3><a href='{u}'>{title}</a></h3>"
    "<a class=more href='{u}'>{more} {n}</a></article>",
    "a card": "<article class=card><a href='{u}'><span class=x>{listen}</span>"
    "<h3>{title}</h3><span>{more}</span></a></article>",
    "a button in the heading": "<article class=card><h3><a href='{u}'>{title}</a>"
    "<button>{listen}</button></h3></article>",
    "no heading": "<li class=card><a class=audio href='{u}'>{listen}</a>"
    "<a class=tit href='{u}'>{title}</a></li>",
    "a title without a link": "<li class=card><a class=overlay href='{u}'></a>"
    "<div class=tit>{title}</div><a href='{u}'>{more}</a></li>",
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("card", CARDS)
def test_the_title_is_the_headline(card: str, language: str) -> None:
    title, listen, more = WORDS[language]
    cards = "".join(
        CARDS[card].format(
            u=f"/n/{n}-story.html", n=n, title=title.format(n), listen=listen.format(n), more=more
        )
        for n in range(4711, 4721)
    )
    page = Page(
        url="https://paper.example/n/",
        body=f"<html><body><main>{cards}</main></body></html>".encode(),
    )
    titles = [link.title for link in discover(page).lists[0].links]
    assert titles == [title.format(n) for n in range(4711, 4721)]


def test_titles_that_begin_alike_below_one_heading_stay() -> None:
    links = "".join(
        f"<li><a href='/press/{n}-note.html'>Press release: pier {n} reopens</a></li>"
        for n in range(10001, 10006)
    )
    markup = f"<html><body><main><section><h2>Press</h2><ul>{links}</ul></section></main></body>"
    page = Page(url="https://paper.example/press/", body=markup.encode())
    assert discover(page).lists[0].links[0].title == "Press release: pier 10001 reopens"
