"""The door for programs: what it exports, and each of its functions twice in one process."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from support import ROOT
from support.cli import SEED
from support.waiting import wait_until

import newsspider
from newsspider import (
    Article,
    Link,
    NewsspiderError,
    Site,
    articles,
    crawl,
    errors,
    extract,
    load_site,
)
from newsspider.crawling.program import Crawl
from newsspider.demo import Newsroom
from newsspider.spiders.options import RunOptions

PAGE = "<h1>Ferry sails</h1><p>By Ada Lovelace</p><p>The ferry sails again.</p>"
URL = "https://news.example/2026/04/12/ferry"


@pytest.fixture(scope="module", autouse=True)
def every_submodule() -> None:
    """A function and a package of one name would shadow each other once the package is imported."""
    for module in pkgutil.walk_packages(newsspider.__path__, "newsspider."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_the_exported_names() -> None:
    assert newsspider.__all__ == sorted(newsspider.__all__, key=lambda name: (name.islower(), name))
    assert {*newsspider.__all__} == {
        *("Article", "Link", "NewsspiderError", "Site"),
        *("articles", "crawl", "extract", "load_site"),
    }
    assert dir(newsspider) == sorted([*newsspider.__all__, "__version__"])
    for name in newsspider.__all__:
        assert inspect.getdoc(getattr(newsspider, name))
    with pytest.raises(AttributeError, match="no attribute 'crawler'"):
        _ = newsspider.crawler


def test_the_shapes_are_those_of_the_program() -> None:
    assert Article is newsspider.model.Article and Link is newsspider.model.Link
    assert Site is type(load_site("finews"))


def test_extract_twice() -> None:
    for _ in range(2):
        article = extract(PAGE, URL)
        assert isinstance(article, Article)
        assert (article.title, article.link) == ("Ferry sails", URL)
        assert "The ferry sails again." in article.body
    assert extract(PAGE.encode("utf-16"), URL).title == "Ferry sails"


def test_a_language_that_nothing_states_stays_unknown() -> None:
    values = {"name": "harbour", "title": "Harbour", "home": "https://news.example/"}
    german = Site.model_validate({**values, "language": "de"})
    french = f"<html lang=fr>{PAGE}"
    assert extract(PAGE, URL).language == ""
    assert extract(PAGE, URL, site=Site.model_validate(values)).language == ""
    assert extract(PAGE, URL, site=german).language == "de"
    assert extract(french, URL).language == extract(french, URL, site=german).language == "fr"


def test_extract_by_the_rules_of_a_site() -> None:
    values = {
        "name": "news",
        "title": "News",
        "home": "https://news.example/",
        "pages": {
            "article": {"kind": "html", "fields": {"title": "h1", "body": "p:last-of-type"}},
        },
    }
    article = extract(PAGE, URL, site=Site.model_validate(values))
    assert (article.site, article.body) == ("news", "<p>The ferry sails again.</p>")


@pytest.mark.parametrize("url", ["", "ftp://news.example/x", "news.example"])
def test_extract_wants_an_address(url: str) -> None:
    with pytest.raises(ValueError, match="is not an http or https address"):
        extract(PAGE, url)


def test_extract_of_nothing_is_an_error() -> None:
    with pytest.raises(NewsspiderError, match="the page is empty"):
        extract(" ", URL)


def test_load_site_twice(tmp_path: Path) -> None:
    own = tmp_path / "mine.yml"
    own.write_text("title: Mine\nhome: https://mine.example/\n", "utf-8")
    for _ in range(2):
        assert load_site("finews").name == "finews"
        assert load_site("mine", sites=tmp_path).title == load_site(own).title == "Mine"
    with pytest.raises(NewsspiderError, match="no site is called 'mine'"):
        load_site("mine")
    with pytest.raises(NewsspiderError, match=r"none\.yml: cannot be read"):
        load_site(tmp_path / "none.yml")


def test_crawl_twice_and_from_a_thread(newsroom: Newsroom, tmp_path: Path) -> None:
    def posts() -> list[Article]:
        target, address = "finews/renminyoudianbao", newsroom.address
        return list(crawl(target, output=tmp_path / "site", connect_to=address))

    first = posts()
    assert first and all(isinstance(article, Article) for article in first)
    assert (tmp_path / "site" / "_posts" / SEED).exists()
    second: list[Article] = [first[0]]
    thread = Thread(target=lambda: second.__setitem__(slice(None), posts()))
    thread.start()
    thread.join()
    assert second == []  # nothing is new


def one_text_alone(newsroom: Newsroom) -> None:
    """Let a crawl have the text of an article, and wait for the others."""
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, times=1)
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, delay=600)


def test_a_crawl_that_is_left_ends_its_run(newsroom: Newsroom, tmp_path: Path) -> None:
    one_text_alone(newsroom)
    articles = crawl("finews/renminyoudianbao", connect_to=newsroom.address)
    assert next(articles).site == "finews"
    articles.close()
    assert list(articles) == [] and articles.exit_code is None
    assert not list(tmp_path.iterdir())


def test_a_crawl_in_asyncio(newsroom: Newsroom) -> None:
    async def titles() -> list[str]:
        async with crawl("finews/renminyoudianbao", connect_to=newsroom.address) as articles:
            return [article.title async for article in articles]

    async def both() -> list[list[str]]:
        return await asyncio.gather(titles(), titles())

    first, second = asyncio.run(both())
    assert first and sorted(first) == sorted(second)


def test_a_cancelled_task_ends_its_crawl(newsroom: Newsroom) -> None:
    newsroom.fault("", "/", status=0, delay=600)  # no article comes in time

    async def cancelled() -> Crawl:
        async with crawl("finews/renminyoudianbao", connect_to=newsroom.address) as articles:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(articles), 0.1)
        return articles

    articles = asyncio.run(cancelled())
    assert articles._child.returncode is not None and list(articles) == []


def test_a_crawl_ends_with_the_program_that_began_it(newsroom: Newsroom, tmp_path: Path) -> None:
    """A killed notebook must not leave a crawl behind that holds the output folder."""
    one_text_alone(newsroom)
    program = f"""
from newsspider import crawl
articles = crawl("finews/renminyoudianbao", connect_to={newsroom.address!r}, output="site")
next(articles)
print(articles._child.pid, flush=True)
input()
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert not _is_over(child)
        parent.kill()
    try:
        wait_until(lambda: _is_over(child))
    finally:
        if not _is_over(child):
            os.kill(child, signal.SIGKILL)
    # The folder is free again.
    newsroom.clear_faults()
    list(crawl("finews/renminyoudianbao", connect_to=newsroom.address, output=tmp_path / "site"))


def _is_over(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_an_error_of_a_crawl_is_the_callers(tmp_path: Path) -> None:
    with pytest.raises(NewsspiderError, match="did you mean finews"):
        next(crawl("finewz"))
    with pytest.raises(ValueError, match="'yesterday' is not a time"):
        crawl("finews", since="yesterday")


POST = """---
layout: post
title: "{title}"
date: {day} 10:00:00 +0800
categories: harbour
---
<p>The {title} sails.</p>

<https://news.example/{title}>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with posts that are older than the records."""
    (tmp_path / "_posts").mkdir()
    for day, title in (("2026-04-12", "ferry"), ("2026-04-14", "tug")):
        file = tmp_path / f"_posts/{day}-{title}.md"
        file.write_text(POST.format(day=day, title=title), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({}, ["ferry", "tug"]),
        ({"since": "2026-04-13"}, ["tug"]),
        ({"since": date(2026, 4, 14)}, ["tug"]),
        ({"until": datetime(2026, 4, 14, 1, tzinfo=UTC)}, ["ferry"]),
        ({"since": "1d"}, []),
        ({"category": "harbour", "words": ["FERRY"]}, ["ferry"]),
        ({"site": "elsewhere"}, []),
    ],
)
def test_what_was_published(folder: Path, wanted: dict[str, Any], titles: list[str]) -> None:
    assert [article.title for article in articles(folder, **wanted)] == titles
    assert [article.title for article in articles(str(folder), **wanted)] == titles


def test_a_folder_or_a_filter_that_cannot_be_used(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NewsspiderError, match="has no posts"):
        list(articles(tmp_path / "elsewhere"))
    with pytest.raises(ValueError, match="'yesterday' is not a time"):
        articles(folder, since="yesterday")


def test_the_errors_of_the_docs() -> None:
    text = (ROOT / "docs/python.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \| (\d) \|$", text, re.M)
    assert rows
    for name, code in rows:
        assert int(getattr(errors, name).exit_code) == int(code), name


def test_every_option_of_crawl_is_one_of_a_run() -> None:
    parameters = set(inspect.signature(crawl).parameters) - {"targets", "settings"}
    assert parameters <= set(RunOptions.model_fields)


def test_the_examples_of_the_docs(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSSPIDER_CONNECT_TO", newsroom.address)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/python.md").read_text("utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {"folder": tmp_path}, "python.md", None, 0)
    assert len(examples.examples) > 10
    assert doctest.DocTestRunner().run(examples).failed == 0
