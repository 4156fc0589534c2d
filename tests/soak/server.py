"""Many news sites with many articles, served fast: each page is made when it is asked for.

    python server.py ARTICLES         prints its address; ends with its standard input

Every host is a site with that many articles, in listing pages of fifty. But `hangs.example` never
answers for an article, and `floods.example` names a next page for ever, each as large as a page may
be. Used by soak.py; the newsroom itself holds every story in memory and sorts them for each answer.
"""

from __future__ import annotations

import asyncio
import re
import sys

PER_PAGE = 50
_LISTING = re.compile(r"/list/(\d+)\.html")
_ARTICLE = re.compile(r"/a/(\d{18})\.html")
_WORDS = ("市场", "公司", "经济", "发展", "增长", "同比", "下降", "上涨", "季度", "投资", "基金")

_AROUND = (
    "<div class=related><p><a href='/'>相关新闻</a></p></div>" * 500
)  # 30 KB, as real pages have


def answer(host: str, path: str, articles: int) -> bytes | None:
    """The page at an address, or None for none."""
    if found := _LISTING.fullmatch(path):
        return _listing(host, int(found[1]), articles)
    if found := _ARTICLE.fullmatch(path):
        return _article(host, int(found[1][8:]))
    return None


def _listing(host: str, page: int, articles: int) -> bytes:
    floods = host == "floods.example"
    first = 0 if floods else page * PER_PAGE
    last = first + PER_PAGE if floods else min(articles, first + PER_PAGE)
    links = [
        f'<li><a href="/a/{_id(number)}.html">{_title(host, number)}</a></li>'
        for number in range(first, last)
    ]
    if floods:
        links += [
            f'<li><a href="/a/{_id(page * 100_000 + n)}.html">x</a></li>' for n in range(5000)
        ]
    if floods or last < articles:
        links.append(f'<a rel="next" href="/list/{page + 1}.html">next</a>')
    return f"<!DOCTYPE html><meta charset=utf-8><ul>{''.join(links)}</ul>".encode()


def _article(host: str, number: int) -> bytes:
    text = "".join(_WORDS[number % 11 :] + _WORDS[: number % 11]) + f"，第{number}篇。"
    paragraphs = "\n".join(f"<p>{text * 12}</p>" for _ in range(12))
    time = f"2022年04月{number % 28 + 1:02}日 20:{number % 60:02}"
    return (
        f"<!DOCTYPE html><meta charset=utf-8><div class=title>{_title(host, number)}</div>"
        f"<div class=infos><div class=item>{time}</div><div class=item>来源：人民邮电报</div></div>"
        f"<div id=ContentBody>{paragraphs}</div>{_AROUND}"
    ).encode()


def _title(host: str, number: int) -> str:
    return f"{host} 的第 {number} 条新闻"


def _id(number: int) -> str:
    return f"202204{number % 28 + 1:02}{number:010}"


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as the crawler speaks it: GET, kept alive."""

    def __init__(self, articles: int) -> None:
        self._articles = articles
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            hosts = [line[5:].strip() for line in lines if line.lower().startswith("host:")]
            self._answer(hosts[0], lines[0].split(" ")[1])

    def _answer(self, host: str, path: str) -> None:
        if host == "hangs.example" and path.startswith("/a/"):
            return
        body = answer(host, path, self._articles)
        status = "200 OK" if body is not None else "404 Not Found"
        body = body or b"not found"
        kind = "text/html; charset=utf-8"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


async def serve(articles: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(articles), "127.0.0.1", 0)
    print(f"127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
