"""The hooks of newsspider.yml get each article and each run at least once, whatever happens."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from support.cli import Cli
from support.hooked import hooked
from support.launching import Ended, Order, launch

from newsspider.exporters.contract import COLUMNS

SOURCE = """\
sources:
  - source: finews/renminyoudianbao
    every: 1h
"""


@pytest.fixture
def folder(cli: Cli) -> Cli:
    (cli.folder / "newsspider.yml").write_text(
        SOURCE + "on_article: cat >> articles.jsonl; echo >> articles.jsonl\n"
        "on_run: cat >> runs.jsonl; echo >> runs.jsonl\n"
    )
    return cli


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def crawl(cli: Cli, *arguments: str, fault: str = "", at: int = 0, **more: str) -> Ended:
    """Run `newsspider crawl`, killed at a step that changes the output folder."""
    order = Order(
        ["crawl", *arguments],
        {**cli.environment(), **more},
        cwd=str(cli.folder),
        folder=str(cli.folder / "output"),
        fault=fault,
        at=at,
    )
    ended = launch(order)
    assert "Traceback" not in ended.said, ended.said
    return ended


def test_a_command_gets_each_article_and_each_run(folder: Cli) -> None:
    assert folder("crawl").code == 0
    articles, runs = lines(folder.folder / "articles.jsonl"), lines(folder.folder / "runs.jsonl")
    posts = {f"_posts/{name}" for name in folder.names}
    assert {each["article"]["post"] for each in articles} == posts
    assert {each["event"] for each in articles} == {"new"}
    assert all(each["article"]["fetched_at"] for each in articles)
    assert len({each["id"] for each in articles}) == len(articles)
    first = articles[0]
    assert list(first) == ["id", "event", "time", "article"]
    assert list(first["article"]) == list(COLUMNS)
    assert first["article"]["title"] and first["article"]["body"] and first["article"]["published"]
    assert [(each["event"], each["run"]["exit_code"]) for each in runs] == [("run", 0)]
    assert runs[0]["id"] == runs[0]["run"]["id"]

    (folder.posts / folder.names[0]).unlink()
    assert folder("crawl", "finews/renminyoudianbao", "--limit", "1").code == 0  # a run by hand
    *_, last = lines(folder.folder / "articles.jsonl")
    assert (last["event"], last["article"]["text"]) == ("deleted", "")
    assert last["article"]["event"] == "deleted"
    assert last["article"]["title"] and list(last["article"]) == list(COLUMNS)
    assert len(lines(folder.folder / "articles.jsonl")) == len(articles) + 1
    assert len(lines(folder.folder / "runs.jsonl")) == 2


def test_what_was_published_before_the_hook_is_not_delivered(cli: Cli) -> None:
    (cli.folder / "newsspider.yml").write_text(SOURCE)
    assert cli("crawl", "--source", "finews/renminyoudianbao", "--limit", "2").code == 0
    assert len(cli.names) == 2
    with (cli.folder / "newsspider.yml").open("a") as file:
        file.write("on_article: cat >> articles.jsonl; echo >> articles.jsonl\n")
    assert cli("crawl", "--all").code == 0
    assert len(lines(cli.folder / "articles.jsonl")) == len(cli.names) - 2 > 0


def test_a_webhook_that_fails_two_of_three_times_gets_all(cli: Cli) -> None:
    with hooked(500, 503, 200) as webhook:
        (cli.folder / "newsspider.yml").write_text(
            f"{SOURCE}on_article: {{url: '{webhook.address}/a', key: '${{HOOK_KEY}}'}}\n"
        )
        ended = crawl(cli, HOOK_KEY="secret")
        assert ended.code == 0, ended.said
        taken = [json.loads(body) for body in webhook.taken]
        assert len(taken) == len(cli.names) > 3
        ids = [headers["webhook-id"] for _, headers, _ in webhook.received]
        assert len(ids) == 3 * len(set(ids)) == 3 * len(taken)
        assert "secret" not in ended.said


def test_what_is_not_delivered_is_left_to_the_next_run(cli: Cli) -> None:
    with hooked() as webhook:
        (cli.folder / "newsspider.yml").write_text(
            f"{SOURCE}on_article: {{url: '{webhook.address}/a', key: '${{HOOK_KEY}}'}}\n"
        )
        ended = crawl(cli)
        assert ended.code == 0
        count = len(cli.names)
        why = "the environment variable HOOK_KEY is not set"
        assert f"on_article: {count} articles left to the next run: {why}" in ended.err
        assert webhook.received == []
        assert crawl(cli, "--all", HOOK_KEY="secret").code == 0
        assert len(webhook.taken) == count
        assert crawl(cli, "--all", HOOK_KEY="secret").code == 0
        assert len(webhook.taken) == count


def test_killed_in_the_middle_every_article_is_delivered(folder: Cli) -> None:
    """Killed while posts are written, while deliveries are noted, and while they are made."""
    kills = 0
    for at in (25, 60, 95, 130, 165):
        ended = crawl(folder, "--all", fault="kill", at=at)
        kills += ended.code == -signal.SIGKILL
    assert kills >= 2
    assert crawl(folder, "--all").code == 0
    articles = lines(folder.folder / "articles.jsonl")
    assert {each["article"]["post"] for each in articles} == {f"_posts/{n}" for n in folder.names}
    ids = {each["id"] for each in articles}
    assert len(ids) == len(folder.names) <= len(articles)


def test_a_broken_hook_never_fails_the_run(cli: Cli) -> None:
    (cli.folder / "newsspider.yml").write_text(f"{SOURCE}on_article: exit 3\non_run: exit 4\n")
    ran = cli("crawl")
    assert ran.code == 0
    assert "articles left to the next run: the command ended with 3" in ran.err
    assert "on_run: 1 run left to the next run: the command ended with 4" in ran.err
    outbox = cli.folder / "output/site/.newsspider/outbox.sqlite"
    outbox.write_bytes(os.urandom(5000))
    ran = cli("crawl", "--all")
    assert (ran.code, "replaced by a new one" in ran.err) == (0, True)


def test_another_output_folder_and_a_dry_run_have_no_hooks(folder: Cli) -> None:
    assert folder("crawl", "--all", "--dry-run").code == 0
    assert folder("crawl", "--all", "--output", "elsewhere").code == 0
    assert not (folder.folder / "articles.jsonl").exists()
    assert not (folder.folder / "runs.jsonl").exists()


def test_a_hook_that_cannot_be_used_is_an_error(cli: Cli) -> None:
    (cli.folder / "newsspider.yml").write_text(f"{SOURCE}on_run:\n  url: https://a.example/\n")
    ran = cli("crawl")
    assert ran.code == 2
    assert "newsspider.yml:4: on_run: a webhook needs a key that signs it" in ran.err
    # A crawl of a target does without newsspider.yml, and says so.
    ran = cli("crawl", "finews/renminyoudianbao", "--limit", "1")
    assert (ran.code, "4: on_run: " in ran.err) == (0, True)
