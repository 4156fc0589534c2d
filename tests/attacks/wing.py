"""The hostile wing of the newsroom: every attack as an article, in every way a crawl can meet it.

A real server on loopback. It plays the list and text interfaces of finews (category `nodes` shows
a source as category and tag, `emnews` shows a digest) and hostile.example, a site of HTML pages
whose site file is `SITE_FILE`. tests/test_attacks.py crawls both.
"""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from attacks.bodies import BODIES
from attacks.lines import BLANKS, LINES
from attacks.names import LINKS, PATHS, TIMES

HOST = "hostile.example"
FOOTER = "[返回{tag}](//hostile.example/category/{category}.html)｜[返回首页](//hostile.example/)"
SITE_FILE = f"""
title: Hostile
language: zh-CN
timezone: Asia/Shanghai
delay: 0.01
listing: {{kind: html, url: 'https://{HOST}/list', items: li, fields: {{url: 'a::attr(href)'}}}}
pages:
  article:
    kind: html
    fields: {{title: h1, time: time, source: .source, author: .author, digest: .digest,
             summary: .summary, link: '.link::attr(href)', body: div.body}}
articles:
  ask: [article]
  tag: '{{source}}新闻'
  footer: '{FOOTER}'
  keys: [author, source, link, description, image, stocks, last_modified_at]
categories:
  all: {{title: All}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile article; ordinary where it does not attack. `number` is its 18 digits, `path` the
    rest of its address at hostile.example."""

    name: str
    number: str
    title: str
    time: str = "2022-04-26 20:16:23"
    source: str = "人民邮电报"
    digest: str = ""
    body: str = field(default="<p>正文。</p>", repr=False)
    link: str = ""
    path: str = ""


def attacks() -> list[Attack]:
    """All attacks; a hostile line attacks as title, source, digest and body at once."""
    return [
        Attack(**{"number": f"20220426{n:010d}", "title": f"第{n}条", "path": f"{n}.html"} | told)
        for n, told in enumerate(_told())
    ]


def _told() -> Iterator[dict[str, str]]:
    for name, body in BODIES.items():
        yield {"name": f"body, {name}", "body": body}
    for name, line in LINES.items():
        told = dict.fromkeys(("title", "source", "digest"), line)
        yield {"name": f"line, {name}", **told, "body": f"<p>正文。</p>\n{line}"}
    for name, link in LINKS.items():
        yield {"name": f"link, {name}", "link": link}
    for name, time in TIMES.items():
        yield {"name": f"time, {name}", "time": time}
    for name, blank in BLANKS.items():
        yield {"name": f"blank, title of {name}", "title": blank}
        yield {"name": f"blank, body of {name}", "body": f"<p>{blank}</p>", "digest": blank}
        yield {"name": f"blank, source of {name}", "source": blank, "digest": blank}
    for name, path in PATHS.items():
        yield {"name": f"path, {name}", "path": path}


class Wing:
    """Serves all attacks on loopback while the `with` block lasts."""

    def __init__(self) -> None:
        self.attacks = attacks()
        records = [_record(attack) for attack in self.attacks]
        self._lists = _json({"records": records, "nodeList": records})
        entries = (f'<li><a href="/a/{a.path}?{a.number}">x</a>' for a in self.attacks)
        self._page = f"<ul>{''.join(entries)}</ul>".encode()
        self._told = {attack.number: attack for attack in self.attacks}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def answer(self, host: str, target: str) -> tuple[bytes, str] | None:
        """What is at an address, and its type; whatever became of the path, the number tells."""
        attack = self._told.get(target[-18:])
        if host == HOST and target == "/list":
            return self._page, "text/html"
        if target.startswith("/web/webapi?"):
            return self._lists, "application/json"
        if attack and host == HOST:
            return _article(attack), "text/html; charset=utf-8"
        if attack and target.startswith("/NewsData/GetNewsText.do?"):
            texts = dict.fromkeys(("text", "content"), attack.body)
            return _json(_record(attack) | texts), "application/json"
        return None

    def _handler(wing) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                body, kind = wing.answer(host, self.path) or (b"", "text/plain")
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def __enter__(self) -> Wing:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _record(attack: Attack) -> dict[str, str]:
    return {
        "id": attack.number,
        "infocode": f"NW{attack.number}",
        "title": attack.title,
        "showtime": attack.time,
        "medianame": attack.source,
        "digest": attack.digest,
        "link": attack.link,
    }


def _json(value: object) -> bytes:
    return json.dumps(value).encode()  # a lone surrogate as `\ud800`, as a hostile API would


def _article(attack: Attack) -> bytes:
    told = {name: html.escape(getattr(attack, name)) for name in ("title", "time", "source")}
    digest, link = html.escape(attack.digest), html.escape(attack.link)
    page = (
        f"<!DOCTYPE html><meta charset=utf-8><title>x</title><h1>{told['title']}</h1>"
        f"<time>{told['time']}</time><b class=source>{told['source']}</b>"
        f"<b class=author>{told['source']}</b><q class=digest>{digest}</q>"
        f'<q class=summary>{digest}</q><a class=link href="{link}">y</a>'
        f"<div class=body>{attack.body}</div>"
    )
    return page.encode("utf-8", "replace")
