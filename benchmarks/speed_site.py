"""A paper of any size: category pages, articles of 60 to 120 KB, a feed, a text API.

    python benchmarks/speed_site.py ARTICLES [PORT]     serve it, and print its port

In: a number of articles. Out: the same pages at each call. Called by `speed` and `speed_runs`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from zoneinfo import ZoneInfo

PAPER, FINEWS, API = "paper.example", "finews.withounder.com", "finews.zning.xyz"
CATEGORY = "renminyoudianbao"  # a category of the built-in site finews too
_A_PAGE = 40  # articles on a category page
_ZONE = ZoneInfo("Asia/Shanghai")
_WORDS = (
    *("market", "bank", "river", "council", "school", "budget", "minister", "report", "harbour"),
    *("energy", "storm", "vote", "court", "music", "the", "a", "of", "and", "in", "to", "for"),
    *("with", "after", "before", "under", "on", "at", "from", "new", "old", "local", "public"),
    *("green", "early", "said", "opened", "closed", "planned", "signed", "repaired", "crossed"),
)


def key(number: int) -> str:
    """The id of an article: NW and 18 digits."""
    return f"NW{_at(number):%Y%m%d}{number:010}"


def path(number: int) -> str:
    return f"/html_News/{key(number)}.html"


@cache
def _at(number: int) -> datetime:
    return datetime(2026, 6, 1, tzinfo=_ZONE) - timedelta(minutes=7 * number)


def _words(rnd: random.Random, number: int) -> str:
    return " ".join(rnd.choices(_WORDS, k=number))


def title(number: int) -> str:
    return _words(random.Random(number), 7).capitalize() + f" {number}"


def _body(number: int) -> str:
    rnd = random.Random(number + 1)
    paragraphs = (
        " ".join(_words(rnd, rnd.randint(8, 20)).capitalize() + "." for _ in range(4))
        for _ in range(rnd.randint(8, 18))
    )
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)


@cache
def _frame(kind: int) -> tuple[str, str]:
    """What surrounds the text on one of the paper's layouts: styles, menus, lists, a script."""
    rnd = random.Random(kind)
    style = "".join(
        f".box{n}{{color:#{rnd.randrange(16**6):06x};margin:{n}px;"
        f"width:{rnd.randint(50, 900)}px}}\n"
        for n in range(rnd.randint(150, 400))
    )

    def links(number: int) -> str:
        items = (
            f'<li class="i{n}"><a href="/a/{rnd.randrange(10**6)}.html">{_words(rnd, 4)}</a></li>'
            for n in range(number)
        )
        return f"<ul class='list'>{''.join(items)}</ul>"

    script = f"<script>var data = {json.dumps([_words(rnd, 9) for _ in range(300)])};</script>"
    head = f"<style>{style}</style>{script}</head><body><div class='top'>{links(150)}</div>"
    foot = (
        f"<div class='side'>{links(rnd.randint(80, 300))}</div><div class='foot'>{links(60)}</div>"
    )
    return head, foot + "</body></html>"


def article(number: int) -> str:
    """The page of an article."""
    head, foot = _frame(number % 20)
    at, name = _at(number), title(number)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{name} - Paper</title>'
        f'<meta property="og:title" content="{name}"><meta property="article:published_time" '
        f'content="{at.isoformat()}">{head}<div class="main"><h1 class="title">{name}</h1>'
        f'<div class="infos"><div class="item time">{at:%Y-%m-%d %H:%M}</div>'
        '<div class="item source">Source: The Paper</div>'
        '<div class="item author">By: Ann Bell</div>'
        f'</div><div id="ContentBody" class="body">\n{_body(number)}</div></div>{foot}'
    )


def _listing(articles: int, page: int) -> str:
    head, foot = _frame(0)
    numbers = range(page * _A_PAGE, min(articles, (page + 1) * _A_PAGE))
    items = "".join(f'<li><a href="{path(n)}">{title(n)}</a></li>\n' for n in numbers)
    more = f'<a rel="next" href="/category/{CATEGORY}_{page + 1}.html">Next</a>'
    end = more if numbers.stop < articles else ""
    return f"<!DOCTYPE html><html><head>{head}<ul class='newslist'>{items}</ul>{end}{foot}"


def _feed(articles: int) -> str:
    items = "".join(
        f"<item><title>{title(n)}</title><link>https://{PAPER}{path(n)}</link><guid>{key(n)}</guid>"
        f"<pubDate>{format_datetime(_at(n))}</pubDate><description>{title(n)}</description>"
        f"<content:encoded><![CDATA[{_body(n)}]]></content:encoded></item>\n"
        for n in range(articles)
    )
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    channel = f"<channel><title>Paper</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0" {space}>{channel}</rss>'


def answers(articles: int) -> Iterator[tuple[str, str, str]]:
    """Yield each address of the paper without its scheme, its type and its content."""
    for page in range(-(-articles // _A_PAGE)):
        name = f"{CATEGORY}_{page}" if page else CATEGORY
        yield f"{PAPER}/category/{name}.html", "text/html", _listing(articles, page)
    yield f"{PAPER}/feed.xml", "application/rss+xml", _feed(articles)
    links = "".join(f'<li><a href="{path(n)}">{title(n)}</a></li>' for n in range(articles))
    yield f"{FINEWS}/category/{CATEGORY}.html", "text/html", f"<section><ul>{links}</ul></section>"
    for n in range(articles):
        yield f"{PAPER}{path(n)}", "text/html", article(n)
        small = f"<small>{_at(n):%Y-%m-%d %H:%M:%S} <em>The Paper新闻</em></small>"
        yield f"{FINEWS}{path(n)}", "text/html", f"<section><h1>{title(n)}</h1>{small}</section>"
        fields = {"title": title(n), "showtime": f"{_at(n):%Y-%m-%d %H:%M:%S}", "text": _body(n)}
        address = f"{API}/NewsData/GetNewsText.do?id={key(n)}"
        yield address, "application/json", json.dumps({**fields, "medianame": "The Paper"})


class _Server:
    def __init__(self, articles: int) -> None:
        self._answers = {
            address: (kind.encode(), gzip.compress(text.encode(), 6, mtime=0))
            for address, kind, text in answers(articles)
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(self._answer(request.decode("latin-1")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, request: str) -> bytes:
        lines = request.split("\r\n")
        host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
        host = PAPER if host.startswith("127.") else host
        answer = self._answers.get(host + lines[0].split(" ")[1])
        if answer is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        kind, body = answer
        return (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: %s; charset=utf-8\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (kind, len(body), body)
        )


async def _main(articles: int, port: int) -> None:
    server = await asyncio.start_server(_Server(articles).serve, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
