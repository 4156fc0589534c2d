"""What articles were read from, kept by crawls and read again by `newsspider render`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Newsroom, stories
from support.cli import SEED, Cli

from newsspider.store.archive import ArchivedArticle, has_archive, open_archive

ID = SEED[11:-3]
STORY = next(story for story in stories() if story.id in ID)
CATEGORY = "finews/renminyoudianbao"
ARCHIVE = ("-s", "NEWS_ARCHIVE=1")


def archived(cli: Cli) -> list[ArchivedArticle]:
    with closing(open_archive(cli.posts.parent)) as archive:
        articles = [archive.article(key) for key in archive.keys_of()]
        for article in articles:
            assert article is not None
            for page in article.pages:
                assert archive.body(page)
        return [article for article in articles if article is not None]


def test_a_crawl_keeps_every_answer_of_the_articles_that_it_publishes(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    kept = archived(cli)
    assert len(kept) == len(cli.names) > 3
    assert {article.listing for article in kept} == {"renminyoudianbao"}
    assert all(article.pages for article in kept)


def test_without_the_wish_there_is_no_archive(cli: Cli) -> None:
    assert cli("crawl", CATEGORY).code == 0
    assert cli("crawl", CATEGORY, *ARCHIVE, "--dry-run").code == 0
    assert not has_archive(cli.posts.parent)


def test_an_update_replaces_the_answers_and_an_unchanged_article_leaves_them(
    cli: Cli, newsroom: Newsroom
) -> None:
    assert cli("share", ID, *ARCHIVE).code == 0
    (first,) = archived(cli)
    assert cli("share", ID, *ARCHIVE).code == 0
    assert archived(cli) == [first]
    newsroom.replace(replace(STORY, title="油价下跌"))
    assert cli("share", ID, *ARCHIVE).code == 0
    (second,) = archived(cli)
    assert second.run > first.run
    assert {page.hash for page in second.pages} != {page.hash for page in first.pages}


def test_the_answers_of_a_removed_post_go_with_it(cli: Cli) -> None:
    assert cli("share", ID, *ARCHIVE).code == 0
    assert cli("remove", ID, "--why", "a letter").code == 0
    assert archived(cli) == []


def test_a_source_of_newsspider_yml_and_a_site_file_ask_for_it(cli: Cli) -> None:
    (cli.folder / "newsspider.yml").write_text(
        f"archive_size: 5\nsources:\n- {{source: {CATEGORY}, archive: true}}\n"
    )
    assert cli("crawl", "--all").code == 0
    assert archived(cli)


@pytest.mark.parametrize(
    ("damage", "words"),
    [(b"mine", "no archive of newsspider, or it is broken"), (None, "cannot be used")],
)
def test_an_archive_that_cannot_be_used_stops_the_run_before_it_begins(
    cli: Cli, damage: bytes | None, words: str
) -> None:
    file = cli.folder / "output/site/.newsspider/archive/archive.sqlite"
    file.parent.parent.mkdir(parents=True)
    if damage is None:
        file.parent.write_text("a file where the folder belongs")
    else:
        file.parent.mkdir()
        file.write_bytes(damage * 1000)
    ran = cli("crawl", CATEGORY, *ARCHIVE)
    assert ran.code == 2
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert cli.names == []
    assert Path(cli.folder / "output/site/.newsspider/archive").exists()
