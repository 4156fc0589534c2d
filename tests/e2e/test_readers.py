"""Readers of the change feed in processes of their own, while a crawl writes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

from support.cli import Cli
from support.waiting import PATIENCE

CATEGORY = "finews/renminyoudianbao"


class Reader:
    """A program that keeps what `export --cursor` gives it."""

    def __init__(self, cli: Cli, name: str) -> None:
        self.cli, self.name, self.numbers = cli, name, count()
        self.articles: dict[str, str] = {}

    def read(self) -> list[dict[str, Any]]:
        file = f"{self.name}-{next(self.numbers)}.jsonl"
        ran = self.cli("export", file, "--format", "changes", "--cursor", self.name)
        assert ran.code == 0, ran.err
        changes = lines(self.cli.folder / file)
        for change in changes:
            if change["op"] == "delete":
                self.articles.pop(change["id"], None)
            else:
                self.articles[change["id"]] = change["article"]["title"]
        return changes


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_two_readers_with_cursors_while_a_crawl_writes(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, "--limit", "2").code == 0
    readers = [Reader(cli, "a"), Reader(cli, "b")]
    assert [len(reader.read()) for reader in readers] == [2, 2]
    (cli.posts / cli.names[0]).unlink()
    crawl = cli.start("crawl", CATEGORY)

    def follow(reader: Reader) -> None:
        while crawl.poll() is None:
            reader.read()
        reader.read()

    with ThreadPoolExecutor(2) as threads:
        following = [threads.submit(follow, reader) for reader in readers]
        try:
            output, _ = crawl.communicate(timeout=5 * PATIENCE)
        finally:
            crawl.kill()
        for each in following:
            each.result()
    assert crawl.returncode == 0, output
    assert cli("export", "all.jsonl").code == 0
    published = {row["post"]: row["title"] for row in lines(cli.folder / "all.jsonl")}
    assert len(published) > 2
    for reader in readers:
        assert reader.articles == published
        assert reader.read() == []  # each cursor is at the end, and its own
