"""`newsspider crawl` and `share` against the newsroom, as a user runs them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, Story, stories
from support.cli import POSTS, SEED, SHARE, Cli
from support.waiting import PATIENCE, wait_until

NW_POSTS = sorted(path.name for path in POSTS.glob("2022-*-NW*.md"))
NUMERIC_POSTS = sorted(path.name for path in POSTS.glob("2022-??-??-2*.md"))


def count(out: str, row: str) -> int:
    """A number of the report's table."""
    match = re.search(rf"^{row}\s+(\d+)", out, re.M)
    assert match, out
    return int(match[1])


# -- byte for byte ----------------------------------------------------------------------------


def test_the_seed_from_its_share_link(cli: Cli) -> None:
    ran = cli("share", SHARE + "NW202204262359811335")
    assert ran.code == 0, ran.err
    assert (cli.posts / SEED).read_bytes() == (POSTS / SEED).read_bytes()


def test_the_seed_from_its_category_page(cli: Cli) -> None:
    ran = cli("crawl", "finews/renminyoudianbao")
    assert ran.code == 0, ran.err
    assert (cli.posts / SEED).read_bytes() == (POSTS / SEED).read_bytes()


@pytest.mark.parametrize("name", NW_POSTS)
def test_real_posts_from_their_share_links(cli: Cli, name: str) -> None:
    ran = cli("share", name[11:-3])
    assert ran.code == 0, ran.err
    assert (cli.posts / name).read_bytes() == (POSTS / name).read_bytes()


def test_real_posts_from_their_category_pages(cli: Cli) -> None:
    cli("crawl", "finews/yangshixinwenkehuduan", "finews/shanghaizhengquanbao")
    for name in NW_POSTS:
        if name != SEED:
            assert (cli.posts / name).read_bytes() == (POSTS / name).read_bytes()


def test_real_numeric_posts_from_the_list_api(cli: Cli) -> None:
    cli("crawl", "finews/emnews")
    assert NUMERIC_POSTS
    for name in NUMERIC_POSTS:
        assert (cli.posts / name).read_bytes() == (POSTS / name).read_bytes()


def test_the_broken_record_is_repaired(cli: Cli) -> None:
    cli("crawl", "finews/emnews")
    assert not [name for name in cli.names if not re.match(r"\d{4}-\d\d-\d\d-", name)]
    text = (cli.posts / "2022-05-26-202205262391921712.md").read_text("utf-8")
    assert 'title: "国内首次！蔚来汽车启用这款“绿色”制冷液 哪些A股公司早有布局？"' in text
    assert "date: 2022-05-26 00:19:55 +0800" in text
    assert "<>" not in text


# -- the ledger -------------------------------------------------------------------------------


def test_a_second_run_asks_for_listing_pages_only(cli: Cli, newsroom: Newsroom) -> None:
    cli("crawl", "finews/renminyoudianbao", "finews/emnews")
    before = {name: (cli.posts / name).read_bytes() for name in cli.names}
    newsroom.requests.clear()
    ran = cli("crawl", "finews/renminyoudianbao")
    asked = [path for _, _, path in newsroom.requests if path != "/robots.txt"]
    assert asked == ["/category/renminyoudianbao.html"]
    assert ran.code == 0
    assert "Nothing new" in ran.out
    assert {name: (cli.posts / name).read_bytes() for name in cli.names} == before


def test_dropped_articles_are_settled_and_failed_fetches_tried_again(
    cli: Cli, newsroom: Newsroom
) -> None:
    cli("crawl", "finews/emnews")
    newsroom.requests.clear()
    ran = cli("crawl", "finews/emnews")
    asked = {path for _, _, path in newsroom.requests if "GetNewsText" in path}
    failing = {story.id for story in stories() if story.expect.startswith("failed")}
    assert all(path[-18:] in failing for path in asked), asked
    assert count(ran.out, "written") == 0


def test_a_limited_run_is_completed_by_the_next_one(cli: Cli) -> None:
    whole = cli("crawl", "finews/cailianshe", "--output", "output/whole")
    first = cli("crawl", "finews/cailianshe", "--limit", "2")
    assert count(first.out, "fetched") == 2
    newest = cli.names
    second = cli("crawl", "finews/cailianshe")
    assert second.code == whole.code == 0
    found = sorted(path.name for path in (cli.folder / "output/whole/_posts").iterdir())
    assert cli.names == found
    assert newest == found[-2:]


def started_and_held(cli: Cli, newsroom: Newsroom) -> subprocess.Popen[str]:
    """A run that has published two articles and waits for the text of the third."""
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, times=2)
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, delay=600)
    process = cli.start("crawl", "finews/cailianshe", "-s", "CONCURRENT_REQUESTS=1")
    wait_until(lambda: len(cli.names) == 2)
    return process


def test_a_killed_run_is_completed_by_the_next_one(cli: Cli, newsroom: Newsroom) -> None:
    process = started_and_held(cli, newsroom)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    killed = set(cli.names)
    newsroom.clear_faults()
    ran = cli("crawl", "finews/cailianshe")
    assert ran.code == 0
    expected = {s.id for s in stories() if s.slug == "cailianshe" and s.expect == "published"}
    assert killed and killed < set(cli.names)
    assert len(cli.names) == len(expected)
    assert not list((cli.folder / "output/site/.newsspider").glob("*.tmp"))


def test_an_interrupted_run_says_so_and_the_next_one_does_the_rest(
    cli: Cli, newsroom: Newsroom
) -> None:
    process = started_and_held(cli, newsroom)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "The run was stopped before its end" in said
    assert "Traceback" not in said
    stopped = set(cli.names)
    newsroom.clear_faults()
    assert cli("crawl", "finews/cailianshe").code == 0
    assert stopped < set(cli.names)
    assert len(cli.names) == len([s for s in stories() if s.slug == "cailianshe"])


def test_a_changed_title_on_the_listing_rewrites_the_post(cli: Cli, newsroom: Newsroom) -> None:
    from dataclasses import replace

    cli("crawl", "finews/renminyoudianbao")
    story = next(s for s in stories() if s.slug == "renminyoudianbao" and s.id not in SEED)
    newsroom.replace(replace(story, title="改过的标题"))
    ran = cli("crawl", "finews/renminyoudianbao")
    assert count(ran.out, "updated") == 1
    post = next(cli.posts.glob(f"*{story.id}.md"))
    assert 'title: "改过的标题"' in post.read_text("utf-8")


def test_share_notices_a_change_and_leaves_an_edited_post_alone(
    cli: Cli, newsroom: Newsroom
) -> None:
    from dataclasses import replace

    story = next(s for s in stories() if s.slug == "renminyoudianbao" and s.id not in SEED)
    cli("share", story.code)
    post = next(cli.posts.glob("*.md"))
    newsroom.replace(replace(story, body=story.body + "<p>补充一段。</p>"))
    assert count(cli("share", story.code).out, "updated") == 1
    assert "补充一段。" in post.read_text("utf-8")
    post.write_text(post.read_text("utf-8").replace("补充一段。", "我的一段。"), "utf-8")
    newsroom.replace(replace(story, body=story.body + "<p>又一段。</p>"))
    ran = cli("share", story.code)
    assert "Edited 1" in ran.out
    assert "我的一段。" in post.read_text("utf-8")


def test_without_its_ledger_a_run_changes_no_byte(cli: Cli) -> None:
    cli("crawl", "finews/renminyoudianbao", "finews/emnews")
    before = {name: (cli.posts / name).read_bytes() for name in cli.names}
    shutil.rmtree(cli.folder / "output/site/.newsspider")
    ran = cli("crawl", "finews/renminyoudianbao", "finews/emnews")
    assert {name: (cli.posts / name).read_bytes() for name in cli.names} == before
    assert count(ran.out, "written") == count(ran.out, "updated") == 0


def test_a_removed_post_does_not_come_back_even_without_the_ledger(cli: Cli) -> None:
    cli("crawl", "finews/renminyoudianbao")
    (cli.posts / SEED).unlink()
    cli("crawl", "finews/renminyoudianbao")
    assert SEED not in cli.names
    (cli.folder / "output/site/.newsspider/ledger.sqlite").unlink()
    cli("crawl", "finews/renminyoudianbao")
    cli("share", "NW202204262359811335")
    assert SEED not in cli.names


def test_the_first_published_twin_stays(cli: Cli) -> None:
    ran = cli("crawl", "finews/yangshixinwenkehuduan", "finews/emnews")
    assert "2022-04-21-NW202204212352227421.md" in cli.names
    assert "2022-04-21-202204212352227421.md" not in cli.names
    assert "Duplicate" in ran.out


def test_a_link_left_open_is_settled_once_another_listing_has_published_it(cli: Cli) -> None:
    cli("crawl", "finews/emnews", "--limit", "1")
    cli("crawl", "finews/renminyoudianbao")
    ran = cli("crawl", "finews/emnews")
    assert "Duplicate" in ran.out
    with closing(sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite")) as ledger:
        states = {state for (state,) in ledger.execute("SELECT state FROM links")}
    assert states == {"published", "dropped"}


def test_a_link_left_open_is_settled_once_the_post_of_its_article_is_removed(cli: Cli) -> None:
    cli("crawl", "finews/emnews", "--limit", "1")
    cli("crawl", "finews/renminyoudianbao")
    for name in cli.names:
        (cli.posts / name).unlink()
    ran = cli("crawl", "finews/emnews")
    assert "Removed" in ran.out
    with closing(sqlite3.connect(cli.folder / "output/site/.newsspider/ledger.sqlite")) as ledger:
        states = {state for (state,) in ledger.execute("SELECT state FROM links")}
    assert states == {"published", "dropped"}


def test_a_second_run_beside_a_running_one_ends_with_5(cli: Cli, newsroom: Newsroom) -> None:
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, delay=600)
    process = cli.start("crawl", "finews/renminyoudianbao")
    lock = cli.folder / "output/site/.newsspider/lock"
    wait_until(lambda: lock.exists() and lock.read_bytes())
    ran = cli("crawl", "finews/renminyoudianbao")
    process.kill()
    process.communicate()
    assert ran.code == 5
    assert f"process {process.pid}" in ran.err


# -- what a run may be asked ------------------------------------------------------------------


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    ran = cli("crawl", "finews/renminyoudianbao", "--dry-run")
    assert ran.code == 0
    assert count(ran.out, "would be written") > 0
    assert not re.search(r"\d written|^written", ran.out + ran.err, re.M)
    assert not (cli.folder / "output").exists()


def test_a_dry_run_knows_what_the_ledger_knows_and_leaves_it(cli: Cli) -> None:
    cli("crawl", "finews/renminyoudianbao", "--limit", "1")
    ledger = cli.folder / "output/site/.newsspider/ledger.sqlite"
    before = ledger.read_bytes()
    ran = cli("crawl", "finews/renminyoudianbao", "--dry-run")
    assert count(ran.out, "known") == 1
    assert ledger.read_bytes() == before


def test_media_keeps_one_source_and_leaves_the_rest_to_later_runs(cli: Cli) -> None:
    cli("crawl", "finews/nodes", "--media", "人民邮电报")
    kept = cli.names
    assert kept
    assert all("人民邮电报新闻" in (cli.posts / name).read_text("utf-8") for name in kept)
    cli("crawl", "finews/nodes")
    assert len(cli.names) > len(kept)


def test_stock_keeps_what_mentions_a_share_and_remembers_what_does_not(cli: Cli) -> None:
    first = cli("crawl", "finews/nodes", "--stock", "600941")
    assert SEED in cli.names
    assert all("600941" in (cli.posts / name).read_text("utf-8") for name in cli.names)
    kept = cli.names
    again = cli("crawl", "finews/nodes", "--stock", "1.600941")
    failed = count(first.out, "failed")  # the only ones that are asked for again
    assert count(again.out, "fetched") == failed
    assert count(again.out, "left out") == count(first.out, "fetched") - failed - len(kept) - 1
    cli("crawl", "finews/nodes")
    assert len(cli.names) > len(kept)


def test_since_leaves_older_articles_out(cli: Cli) -> None:
    cli("crawl", "finews/nodes", "--since", "2022-05-20")
    assert cli.names
    assert min(cli.names)[:10] >= "2022-05-20"


def test_a_feed_has_the_articles(cli: Cli) -> None:
    cli("share", "NW202204262359811335", "-o", "articles.jsonl")
    line = json.loads((cli.folder / "articles.jsonl").read_text("utf-8"))
    assert line["id"] == "NW202204262359811335"
    assert line["published"] == "2022-04-26T20:16:23+08:00"
    assert line["source"] == "人民邮电报"
    assert line["stocks"] == [{"market": "1", "code": "600941", "name": ""}]
    assert "recipe" not in line
    assert line["event"] == "new"
    assert datetime.fromisoformat(line["fetched_at"]).utcoffset() == timedelta(0)
    cli("share", "NW202204262359811335", "-o", "articles.jsonl")
    lines = (cli.folder / "articles.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["new", "unchanged"]


def test_list_apis_give_articles_the_category_of_their_source(cli: Cli) -> None:
    for category in ("market37", "market38", "market39"):
        cli("crawl", f"finews/{category}", "--limit", "3")
    assert cli.names
    for name in cli.names:
        text = (cli.posts / name).read_text("utf-8")
        assert "categories: market" not in text
        assert re.search(r"^tags: .*新闻", text, re.M)


# -- what goes wrong --------------------------------------------------------------------------


def test_an_unknown_category_of_the_site_ends_with_3(cli: Cli) -> None:
    ran = cli("crawl", "finews/nosuchmedia")
    assert ran.code == 3
    assert "finews has no category 'nosuchmedia'" in ran.out


def test_an_address_that_cannot_be_read_leaves_no_folder(cli: Cli) -> None:
    ran = cli("crawl", "https://down.example/")
    assert ran.code == 3, ran.out
    assert not (cli.folder / "output").exists()
    assert cli("crawl", "https://down.example/", "--output", "kept").code == 3
    assert (cli.folder / "kept/.newsspider/runs").exists()


BROKEN = [story for story in stories() if story.expect != "published"]


@pytest.mark.parametrize("story", BROKEN, ids=lambda story: story.id)
def test_what_is_dropped_or_fails_is_counted_and_the_rest_goes_on(cli: Cli, story: Story) -> None:
    expect = story.expect
    category = story.slug if story.post else "emnews"
    ran = cli("crawl", f"finews/{category}")
    word = expect.split()[1]
    reason = {"500": "Http500", "404": "Http404", "JSON": "NotReadable"}.get(word, word)
    assert reason in ran.out, ran.out
    assert not [name for name in cli.names if story.id in name]
    assert cli.names
    assert ran.code == (1 if expect.startswith("failed") else 0)


def test_all_stories_come_out_as_expected(cli: Cli) -> None:
    slugs = sorted({story.slug for story in stories() if "NW" in story.code})
    targets = [f"finews/{slug}" for slug in slugs if "/" not in slug]
    cli("crawl", *targets, "finews/emnews", "finews/nodes", "finews/market37")
    expected = {story.id for story in stories() if story.expect == "published"}
    ids = {Path(name).stem[11:].removeprefix("NW") for name in cli.names}
    assert ids == expected
