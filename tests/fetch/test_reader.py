"""One reader process for a run: started when needed, used again, replaced when it has ended."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from costs.readers import _BY_RULES, _SITES, URL
from support.waiting import PATIENCE

from newsspider import listing
from newsspider.errors import NotReadable, TooCostly
from newsspider.extraction.reading import ReadPage
from newsspider.fetch.failures import CalledBack
from newsspider.fetch.reader import Reader
from newsspider.model import Page
from newsspider.sites.adhoc import adhoc_site
from newsspider.text.parse import parse_json

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARTICLE = (
    "<html><head><title>Ferry sails</title></head><body><article><h1>Ferry sails</h1>"
    f"<p>{'It sails on Monday, the harbour master said. ' * 20}</p></article></body></html>"
).encode()
LISTINGS = {
    "html": b'<ul><li><a href="/1">Ferry</a><time>today</time></ul>',
    "feed": b"<rss><channel><item><title>Ferry</title><link>/1</link></item></channel></rss>",
    "sitemap": b"<urlset><url><loc>https://a.example/1</loc></url></urlset>",
    "json": b'{"data": {"list": [{"url": "/1", "title": "Ferry", "more": [1, null]}]}}',
}


def read(*tasks: Callable[[], Any]) -> list[Any]:
    """Return what each task returned or raised, in one run."""

    async def run() -> list[Any]:
        reader = Reader()
        outcomes = [await asyncio.gather(reader.read(t), return_exceptions=True) for t in tasks]
        await reader._end()
        return [outcome for (outcome,) in outcomes]

    return asyncio.run(run())


def test_a_run_has_one_reader_process() -> None:
    first, second = read(os.getpid, os.getpid)
    assert first == second != os.getpid()


def test_attack_what_ends_the_process_takes_too_long_and_the_next_page_is_read() -> None:
    killed, after = read(partial(signal.raise_signal, signal.SIGKILL), partial(int, "1"))
    assert isinstance(killed, TooCostly)
    assert after == 1


def test_a_process_that_ends_by_itself_is_a_fault() -> None:
    ended, after = read(partial(os._exit, 3), partial(parse_json, "?"))
    assert "ended with code 3" in str(ended)
    assert isinstance(after, NotReadable)


def test_a_run_that_ends_leaves_its_readings() -> None:
    async def run() -> list[Any]:
        reader = Reader()
        tasks = [asyncio.create_task(reader.read(partial(time.sleep, 300))) for _ in range(2)]
        await asyncio.sleep(1)
        reader.call_back()
        return await asyncio.gather(*tasks, return_exceptions=True)

    began = time.monotonic()
    assert [type(outcome) for outcome in asyncio.run(run())] == [CalledBack, CalledBack]
    assert time.monotonic() - began < PATIENCE


def test_a_cancelled_reading_ends_and_the_next_page_is_read() -> None:
    async def run() -> int:
        reader = Reader()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(partial(time.sleep, 300)), 1)
        value = await reader.read(partial(int, "1"))
        await reader._end()
        return value

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize("kind", LISTINGS)
def test_a_listing_is_read_elsewhere_as_here(kind: str) -> None:
    site = _SITES[kind]
    page = Page(url="https://a.example/news", body=LISTINGS[kind])
    task = partial(listing.read, page, site, "news", site.listings_of("news")[0], number=0)
    here = task()
    assert len(here.links) == 1
    assert pickle.loads(pickle.dumps(task))() == pickle.loads(pickle.dumps(here)) == here


@pytest.mark.parametrize("site", [_BY_RULES, adhoc_site(URL)], ids=["rules", "generic"])
def test_an_article_is_read_elsewhere_as_here(site: Any) -> None:
    page = Page(url=URL, body=ARTICLE)
    (name,) = site.pages
    task = ReadPage(page, site.pages[name], NOW, site.zone, None)
    here = task()
    assert here.fields["title"] == "Ferry sails"
    assert pickle.loads(pickle.dumps(task))() == pickle.loads(pickle.dumps(here)) == here
