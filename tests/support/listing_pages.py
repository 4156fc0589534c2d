"""The pages of tests/data/discover, each of another make, and what is right for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsspider.discover import Offer, discover
from newsspider.model import Page
from support import DATA

PAGES = DATA / "discover"


@dataclass(frozen=True)
class Wanted:
    """What is right for a page: how many links its main list has, the title of the first and the
    last, how the first one's time is told, and where the next page is."""

    url: str
    count: int
    first: str
    last: str
    time: str = ""
    next: str = ""


HARBOUR = "Council approves plan to rebuild the old harbour wall"
HAFEN = "Stadtrat stimmt für den Neubau der alten Brücke"
PORT = "港口扩建工程通过环评 明年春季动工"
LISTS = {
    "wordpress": Wanted(
        "https://harbour.example/category/local/",
        8,
        HARBOUR,
        "Hospital opens second ward for young patients",
        "2026-03-28T08:15:00+00:00",
        "https://harbour.example/category/local/page/2/",
    ),
    "drupal": Wanted(
        "https://valley.example/news",
        7,
        HARBOUR,
        "Researchers find lost notebook of river surveyor",
        "09/04/2026 - 10:05",
        "https://valley.example/news?page=1",
    ),
    "portal": Wanted(
        "https://www.dailyorb.example/money",
        9,
        HARBOUR,
        "Bakery that fed the strikers marks a hundred years",
        "1 hours ago",
        "https://www.dailyorb.example/money?page=2",
    ),
    "chinese_portal": Wanted(
        "http://finance.jinri.example/a/cgnjj.html",
        12,
        PORT,
        "台风路径调整 沿海渔船全部回港避风",
        "04-22 10:20",
        "http://finance.jinri.example/a/cgnjj_2.html",
    ),
    "tables": Wanted(
        "http://www.riverside.example/news.asp",
        10,
        HARBOUR,
        "Ferry timetable changes as dredging work begins",
        "21.11.2004",
        "http://www.riverside.example/news.asp?page=2",
    ),
    "css_modules": Wanted(
        "https://lumen.example/climate",
        9,
        HARBOUR,
        "Bakery that fed the strikers marks a hundred years",
        "1h ago",
    ),
    "infinite_scroll": Wanted(
        "https://moorbote.example/lokales/", 6, HAFEN, "Feuerwehr rettet Wanderer aus dem Moor"
    ),
    "amp": Wanted(
        "https://amp.elfaro.example/ultimas/",
        6,
        "El ayuntamiento aprueba la reforma del viejo mercado",
        "El teatro abre la temporada con una comedia",
        "2026-04-20T10:00:00Z",
        "https://www.elfaro.example/ultimas/2/",
    ),
    "blog": Wanted(
        "https://loire.example/",
        5,
        "Le pont de pierre rouvre après deux ans de travaux",
        "Un été sans hirondelles sur les îles",
        "20 avril 2026",
        "https://loire.example/?p=2",
    ),
    "archive": Wanted(
        "https://zeitung.example/archiv/2026/04/",
        9,
        HAFEN,
        "Theater eröffnet die Spielzeit mit einem Lustspiel",
        "9:10",
        "https://zeitung.example/archiv/2026/03/",
    ),
    "base_href": Wanted(
        "https://inkstand.example/latest",
        6,
        HARBOUR,
        "Night buses to run through the new year, city says",
        "[2026-04-20]",
    ),
    "bare_dates": Wanted(
        "http://www.linyi.example/gzdt/index.html",
        9,
        PORT,
        "跨海大桥合龙 全线预计年底通车",
        "2026-04-20",
    ),
    "read_more": Wanted(
        "https://works.example/press",
        6,
        HARBOUR,
        "Night buses to run through the new year, city says",
        "2 April 2026",
        "https://works.example/press?start=10",
    ),
    "cut_titles": Wanted(
        "https://news.shanhe.example/yaowen/",
        7,
        PORT,
        "今年夏粮收购超去年同期 仓容总体充足",
        "2026-04-20 08:00",
        "https://news.shanhe.example/yaowen/?p=2",
    ),
    "tailwind": Wanted(
        "https://chips.example/latest",
        9,
        HARBOUR,
        "Bakery that fed the strikers marks a hundred years",
        "Apr 20, 2026",
        "https://chips.example/latest?page=2",
    ),
    "item_list": Wanted(
        "https://kawabe.example/news",
        6,
        "駅前再開発の計画案を市議会が可決",
        "漁港の朝市が二年ぶりに再開",
        "4月20日",
        "https://kawabe.example/news?offset=20",
    ),
}
URLS = {name: wanted.url for name, wanted in LISTS.items()} | {
    "next_shell": "https://orbit.example/world",
    "nuxt_shell": "https://kuaixun.example/",
    "article": "https://harbour.example/2026/03/28/council",
}


def page(name: str) -> Page:
    return Page(url=URLS[name], body=(PAGES / f"{name}.html").read_bytes())


def offer(markup: str, url: str = "https://news.example/tech/", **more: Any) -> Offer:
    return discover(Page(url=url, body=markup.encode()), **more)
