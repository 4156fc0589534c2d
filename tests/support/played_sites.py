"""Sites with a file of their own, whose pages are faults of the newsroom."""

from __future__ import annotations

from newsroom import Newsroom

from newsspider.store.counts import Counts
from newsspider.store.sqlite.ledger import SqliteLedger
from support.cli import Cli

SITE = """
title: {name}
home: https://{name}.example/
ids: {{space: {name}, pattern: '(\\d+)'}}
listing:
  kind: html
  url: http://{host}/web/webapi?type=45&name={name}
  items: a
  fields: {{url: '@href', title: '.', id: '@href'}}
categories: {{all: {{title: All}}}}
pages:
  page: {{kind: html, fields: {{title: h1, time: time, body: article}}}}
articles: {{ask: [page], id: '{name}-{{number}}', category: '{name}'}}
"""
NEVER = 600  # seconds, after which a host that hangs would answer
PATIENT = ("-s", f"DOWNLOAD_TIMEOUT={NEVER}")
ARTICLE = (
    b"<h1>Title</h1><time>2022-04-26 20:16:23</time><article><p>Some words of text.</p></article>"
)


def add_site(
    cli: Cli,
    newsroom: Newsroom,
    name: str,
    articles: int,
    host: str = "",
    *,
    text: str = SITE,
    article: bytes = ARTICLE,
) -> None:
    """A site with so many articles, played by the newsroom's faults."""
    host = host or f"{name}.example"
    (cli.folder / "sites").mkdir(exist_ok=True)
    (cli.folder / "sites" / f"{name}.yml").write_text(text.format(name=name, host=host))
    links = "".join(f"<a href='/{name}/{number}'>t</a>" for number in range(articles))
    newsroom.fault(host, f"/web/webapi?type=45&name={name}", status=200, body=links.encode())
    newsroom.fault(host, f"/{name}/", status=200, body=article)


def requests_of(newsroom: Newsroom) -> list[str]:
    return [path for _, _, path in newsroom.requests if path != "/robots.txt"]


def history(cli: Cli, source: str) -> list[Counts]:
    """What the ledger has of the last runs of a source."""
    ledger = SqliteLedger(cli.folder / "output/site/.newsspider/ledger.sqlite")
    counts = ledger.counts(source, 9)
    ledger.close()
    return counts


# The command, which sends itself the second signal when it says that it has received the first.
STOP_TWICE = """
import logging, os, signal
from newsspider.__main__ import main

class Stop(logging.Handler):
    def emit(self, record):
        if "stopping the run" in record.getMessage():
            os.kill(os.getpid(), signal.SIGINT)

run = logging.getLogger("newsspider.crawling.run")
run.addHandler(Stop())
run.setLevel(logging.INFO)
main()
"""
