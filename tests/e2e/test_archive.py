"""What articles were read from, kept by crawls and read again by `newsspider render`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Newsroom, stories
from support.cli import SEED, Cli

from newsspider.sites import BUILT_IN
from newsspider.store.archive import has_archive, open_archive
from newsspider.store.archived import ArchivedArticle

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


# -- newsspider render ----------------------------------------------------------------------------


def own_site_file(cli: Cli, change: str, into: str) -> None:
    """Write the site file of finews with a change, as a user's own."""
    text = (BUILT_IN / "finews.yml").read_text("utf-8")
    assert change in text
    (cli.folder / "sites").mkdir(exist_ok=True)
    (cli.folder / "sites/finews.yml").write_text(text.replace(change, into, 1), "utf-8")


def files_of(cli: Cli) -> dict[Path, tuple[int, bytes]]:
    """Each file of the output folder, with its time."""
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in cli.posts.parent.rglob("*")
        if path.is_file()
    }


def test_where_nothing_changed_no_file_changes(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    before = files_of(cli)
    for arguments in ([], ["--dry-run"], ["--site", "finews"], [ID]):
        ran = cli("render", *arguments)
        assert ran.code == 0, ran.err
        assert " 0 " in ran.out
        assert files_of(cli) == before


def test_another_profile_rewrites_the_posts_and_keeps_their_addresses(
    cli: Cli, newsroom: Newsroom
) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    asked = len(newsroom.requests)
    before, names = files_of(cli), cli.names
    own_site_file(cli, "profile: seed", "profile: reader")
    dry = cli("render", "--dry-run")
    assert dry.code == 0
    assert "would be rewritten" in dry.out
    assert files_of(cli) == before
    ran = cli("render")
    assert ran.code == 0, ran.err
    assert "text " in ran.out
    assert cli.names == names
    after = files_of(cli)
    rewritten = [path for path in after if path.suffix == ".md" and after[path] != before[path]]
    assert f"{len(rewritten)} rewritten" in ran.out
    for path in rewritten:
        old, new = before[path][1].decode(), after[path][1].decode()
        for key in ("date: ", "categories: ", "tags: "):
            assert line_of(old, key) == line_of(new, key)
    again = files_of(cli)
    assert cli("render").code == 0
    assert files_of(cli) == again
    assert len(newsroom.requests) == asked
    assert cli("crawl", CATEGORY).code == 0  # the next run knows the posts as its own
    assert posts_of(cli) == [again[path][1] for path in sorted(again) if path.suffix == ".md"]


def posts_of(cli: Cli) -> list[bytes]:
    files = files_of(cli)
    return [files[path][1] for path in sorted(files) if path.suffix == ".md"]


def line_of(text: str, key: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(key))


def test_a_post_that_a_person_edited_stays_unless_it_is_forced_by_name(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    (cli.posts / SEED).write_text("mine\n")
    own_site_file(cli, "profile: seed", "profile: reader")
    ran = cli("render")
    assert f"1 edited by hand, which stay: {SEED}" in ran.out
    assert (cli.posts / SEED).read_text() == "mine\n"
    assert cli("render", "--force").code == 2
    forced = cli("render", ID, "--force")
    assert forced.code == 0
    assert f"{SEED}: " in forced.out
    assert "mine" not in (cli.posts / SEED).read_text("utf-8")


def test_only_the_posts_since_a_day(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    days = sorted(name[:10] for name in cli.names)
    ran = cli("render", "--since", days[-1])
    assert f"{days.count(days[-1])} post" in ran.out


def test_a_source_that_names_another_profile(cli: Cli) -> None:
    project = cli.folder / "newsspider.yml"
    project.write_text(f"sources:\n- {{source: {CATEGORY}, archive: true}}\n")
    assert cli("crawl", "--all").code == 0
    source = f"source: {CATEGORY}, archive: true, text: link, versions: 1"
    project.write_text(f"sources:\n- {{{source}}}\n")
    ran = cli("render")
    assert ran.code == 0
    assert "| " in cli("show", SEED, "--earlier").out  # its earlier text is kept
    assert " 0 rewritten" not in ran.out
    assert "text " in ran.out


def test_the_options_of_a_run_stay_those_of_its_posts(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE, "--profile", "reader", "--text", "summary").code == 0
    before = files_of(cli)
    assert " 0 rewritten" in cli("render").out
    assert files_of(cli) == before


def test_what_cannot_be_rendered_is_counted_with_its_reason(cli: Cli, newsroom: Newsroom) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    newsroom.replace(replace(STORY, title="油价下跌"))
    assert cli("share", ID).code == 0  # without the archive
    before = files_of(cli)
    with closing(sqlite3.connect(cli.posts.parent / ".newsspider/archive/archive.sqlite")) as db:
        others = db.execute("SELECT key FROM articles WHERE key NOT LIKE ?", (f"%{ID[2:]}",))
        first, second, *_ = others.fetchall()
        db.execute("DELETE FROM articles WHERE key = ?", first)
        of_second = "SELECT hash FROM pages WHERE key = ?"
        db.execute(f"UPDATE answers SET packed = x'00' WHERE hash IN ({of_second})", second)
        db.commit()
    own_site_file(cli, "profile: seed", "profile: reader")
    ran = cli("render")
    assert ran.code == 1
    assert f"1 not rendered, its answers are older than its post: {SEED}" in ran.out
    assert "1 not rendered, not in the archive: " in ran.out
    assert "1 not rendered, " in ran.out and "is damaged in the archive: " in ran.out
    assert files_of(cli)[cli.posts / SEED] == before[cli.posts / SEED]


def test_bad_input_is_one_line_and_changes_nothing(cli: Cli) -> None:
    assert cli("render").code == 2
    assert not (cli.folder / "output").exists()
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    with closing(sqlite3.connect(cli.posts.parent / ".newsspider/archive/archive.sqlite")) as db:
        db.execute("PRAGMA user_version = 99")
    before = files_of(cli)
    for arguments in ([], ["unknown"], ["--since", "yesterday"]):
        ran = cli("render", *arguments)
        assert ran.code == 2
        assert len(ran.err.strip().splitlines()) in (1, 3), ran.err
        assert files_of(cli) == before
    assert "a newer newsspider wrote this archive" in cli("render").err


def test_an_archive_of_warc_files_is_rendered_as_any_other(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, "-s", "NEWS_ARCHIVE=warc").code == 0
    before = files_of(cli)
    assert " 0 rewritten" in cli("render").out
    assert files_of(cli) == before
    assert list(cli.posts.parent.glob(".newsspider/archive/*.warc.gz"))
    own_site_file(cli, "profile: seed", "profile: reader")
    assert cli("render").code == 0
    assert cli("remove", ID, "--why", "a letter").code == 0
    assert len(archived(cli)) == len(cli.names)


# -- saved pages from the archive -----------------------------------------------------------------


def test_archived_answers_become_saved_pages(cli: Cli, newsroom: Newsroom) -> None:
    assert cli("crawl", CATEGORY, *ARCHIVE).code == 0
    asked = len(newsroom.requests)
    ran = cli("check", "finews", "--save", "--from-archive", "2")
    assert ran.code == 0, ran.err
    assert "2 articles of finews/renminyoudianbao" in ran.out
    assert cli("check", "finews", "--saved").out == "finews: unchanged (2 articles)\n"
    assert len(newsroom.requests) == asked
    expected = cli.folder / "sites/finews/expected.json"
    other = expected.read_text("utf-8").replace('"title": "', '"title": "Not ')
    expected.write_text(other, "utf-8")
    assert cli("check", "finews", "--saved").code == 1
    assert cli("check", "finews", "--saved", "--accept").code == 0
    assert cli("check", "finews", "--saved").code == 0


def test_saved_pages_from_an_archive_that_has_none(cli: Cli) -> None:
    without = cli("check", "finews", "--save", "--from-archive", "2")
    assert without.code == 2
    assert "there is no archive" in without.err
    assert cli("share", ID, *ARCHIVE).code == 0
    shared = cli("check", "finews", "--save", "--from-archive", "2")
    assert shared.code == 2
    assert "no article of one of its categories" in shared.err
    assert cli("check", "finews", "--from-archive", "2").code == 2
    assert not (cli.folder / "sites").exists()
