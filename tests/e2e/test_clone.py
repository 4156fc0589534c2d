"""A clone of a site's repository goes on where the machine stopped that wrote it."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from newsroom import Newsroom, Story, stories
from support.cli import Cli

TARGETS = ("finews/renminyoudianbao", "finews/emnews")
STORIES = {
    story.id: story for story in stories() if story.rolling or story.slug == "renminyoudianbao"
}


def git(folder: Path, *arguments: str) -> str:
    names = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    done = subprocess.run(
        ["git", "-C", str(folder), *names, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "news")


def posts(cli: Cli) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in cli.posts.iterdir()}


def requests_of(
    newsroom: Newsroom, cli: Cli, *options: str, targets: Sequence[str] = TARGETS
) -> list[tuple[str, str, str]]:
    """Crawl, and return the requests of the run."""
    before = len(newsroom.requests)
    ran = cli("crawl", *targets, *options)
    assert ran.code in (0, 1), ran.err
    return sorted(newsroom.requests[before:])


def upstream_changes(newsroom: Newsroom, at: int, chosen: random.Random) -> None:
    """Change the newsroom: a new article, a changed one, or nothing."""
    story = STORIES[chosen.choice(sorted(STORIES))]
    if at % 3 == 0:
        code = f"2026101500{at:08d}"
        newsroom.add(replace(story, id=code, title=f"第{at}条新闻", time="2026-10-15 10:00:00"))
    elif at % 3 == 1:
        newsroom.replace(replace(story, title=f"{story.title}（更新{at}）"))


def a_person_acts(folders: list[Path], at: int, chosen: random.Random) -> None:
    """Delete or edit a post, the same in each folder."""
    names = sorted(path.name for path in folders[0].iterdir())
    name = chosen.choice(names)
    for folder in folders:
        file = folder / name
        if at % 5 == 2:
            file.unlink()
        elif at % 5 == 4:
            file.write_text(file.read_text("utf-8") + "\nA word by hand.\n", "utf-8")


def cloned(cli: Cli, newsroom: Newsroom) -> Cli:
    """A clone of the repository, beside it, on a machine of its own."""
    folder = cli.folder / "clone"
    git(cli.folder / "output" / "site", "clone", "--quiet", ".", str(folder / "output" / "site"))
    return Cli(folder, newsroom)


def test_a_clone_writes_the_same_posts_and_asks_the_same(tmp_path: Path) -> None:
    chosen = random.Random(14)
    with Newsroom(articles=list(STORIES.values())) as newsroom:
        original = Cli(tmp_path, newsroom)
        for at in range(3):
            upstream_changes(newsroom, at, chosen)
            requests_of(newsroom, original, "--limit", "7")  # leaves links pending
        repository = tmp_path / "output" / "site"
        git(repository, "init", "--quiet")
        commit(repository)
        clone = cloned(original, newsroom)
        for at in range(3, 20):
            upstream_changes(newsroom, at, chosen)
            a_person_acts([original.posts, clone.posts], at, chosen)
            requests = requests_of(newsroom, original)
            requests_of_clone = requests_of(newsroom, clone)
            assert posts(clone) == posts(original), at
            if at > 3:
                assert requests_of_clone == requests, at


def test_a_run_that_changes_nothing_leaves_the_repository_clean(cli: Cli) -> None:
    cli("crawl", TARGETS[0])
    repository = cli.folder / "output" / "site"
    git(repository, "init", "--quiet")
    commit(repository)
    times = {path: path.stat().st_mtime_ns for path in repository.rglob("_*/**/*")}
    assert cli("crawl", TARGETS[0]).code == 0
    assert git(repository, "status", "--porcelain") == ""
    assert {path: path.stat().st_mtime_ns for path in repository.rglob("_*/**/*")} == times


def test_a_clone_after_retention_and_a_take_down_crawls_on_as_the_original_does(
    tmp_path: Path,
) -> None:
    chosen = random.Random(15)
    with Newsroom(articles=list(STORIES.values())) as newsroom:
        original = Cli(tmp_path, newsroom)
        upstream_changes(newsroom, 0, chosen)
        requests_of(newsroom, original)
        names = original.names
        assert original("remove", names[-1], "--why", "a letter").code == 0
        sources = "".join(f"- {{source: {target}, every: 1h}}\n" for target in TARGETS)
        configuration = f"retain: 4\nsources:\n{sources}"
        (tmp_path / "newsspider.yml").write_text(configuration)
        ran = original("crawl", "--all")
        assert ran.code == 0, ran.err
        assert len(original.names) < len(names) - 1
        repository = tmp_path / "output" / "site"
        git(repository, "init", "--quiet")
        commit(repository)
        clone = cloned(original, newsroom)
        (clone.folder / "newsspider.yml").write_text(configuration)
        for at in range(1, 6):
            upstream_changes(newsroom, at, chosen)
            asked = [requests_of(newsroom, cli, "--all", targets=()) for cli in (original, clone)]
            assert posts(clone) == posts(original), at
            assert names[-1] not in original.names, at
            if at > 1:
                assert asked[0] == asked[1], at


def test_a_clone_after_a_removed_post_commits_nothing_more(cli: Cli) -> None:
    cli("crawl", TARGETS[0])
    (cli.posts / cli.names[0]).unlink()
    cli("crawl", TARGETS[0])
    repository = cli.folder / "output" / "site"
    git(repository, "init", "--quiet")
    commit(repository)
    assert cli.newsroom
    clone = cloned(cli, cli.newsroom)
    assert clone("crawl", TARGETS[0]).code == 0
    assert git(clone.folder / "output" / "site", "status", "--porcelain") == ""


def test_a_clone_updates_its_posts_and_respects_what_a_person_did(
    cli: Cli, newsroom: Newsroom
) -> None:
    cli("crawl", TARGETS[0])
    removed, edited, changed, *_ = sorted(cli.names)
    (cli.posts / removed).unlink()
    (cli.posts / edited).write_text("mine\n")
    cli("crawl", TARGETS[0])
    repository = cli.folder / "output" / "site"
    git(repository, "init", "--quiet")
    commit(repository)
    shutil.rmtree(repository / ".newsspider")  # the machine that wrote it is gone
    clone = cloned(cli, newsroom)
    for name in (removed, edited, changed):
        story = story_of(name)
        newsroom.replace(replace(story, title=f"{story.title}（更新）"))
    clone("crawl", TARGETS[0])
    assert not (clone.posts / removed).exists()
    assert (clone.posts / edited).read_text() == "mine\n"
    assert "（更新）" in (clone.posts / changed).read_text("utf-8")


def story_of(name: str) -> Story:
    return next(story for story in stories() if story.id in name)


def test_two_machines_that_publish_at_once_merge_without_conflict(
    cli: Cli, newsroom: Newsroom
) -> None:
    cli("crawl", TARGETS[0], "--limit", "2")
    repository = cli.folder / "output" / "site"
    git(repository, "init", "--quiet")
    commit(repository)
    clone = cloned(cli, newsroom)
    story = next(story for story in stories() if story.slug == "renminyoudianbao")
    cli("crawl", TARGETS[0])
    newsroom.add(replace(story, id="202610150000000001", time="2026-10-15 10:00:00"))
    clone("crawl", TARGETS[0])
    for folder in (repository, clone.folder / "output" / "site"):
        commit(folder)
    git(
        repository, "pull", "--quiet", "--no-rebase", "--no-edit", str(clone.folder / "output/site")
    )
    merged = clone.folder.with_name("merged")
    git(repository, "clone", "--quiet", ".", str(merged / "output" / "site"))
    third, before = Cli(merged, newsroom), len(newsroom.requests)
    assert third("crawl", TARGETS[0]).code == 0
    assert posts(third) == posts(cli)
    asked = [target for _, _, target in newsroom.requests[before:]]
    assert not any("202610150000000001" in target for target in asked)
