"""An output folder: whose turn it is, what its ledger says, and whether that is still true."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.cli import POSTS, SEED

from newsspider.errors import OutputError, OutputHeld, Unwritable
from newsspider.exporters.jekyll.post import read
from newsspider.model import Article, Link
from newsspider.sites import load
from newsspider.store.folder import open_output, remove_unused
from newsspider.store.output import Output, text_hash

FINEWS = load("finews")
KEY = "eastmoney:202204262359811335"
ARTICLE = Article(
    site="finews",
    key=KEY,
    id="NW202204262359811335",
    link="https://news.example/a",
    published=datetime(2022, 4, 26, tzinfo=UTC),
    category="renminyoudianbao",
    tag="人民邮电报新闻",
    listing="x",
)
DATE = "2022-04-26 00:00:00 +0800"


def opened(folder: Path, *, dry: bool = False) -> Output:
    return open_output(
        folder, dry=dry, sites=(FINEWS,), posts="_posts", read=read, marks=("_config.yml",)
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def state(output: Output, key: str = KEY) -> str:
    row = output.ledger.article(key)
    return row.state if row else "unknown"


def killed(output: Output) -> None:
    """End as a process ends that is killed: the ledger does not hear of it."""
    output.ledger.close()
    assert output._lock is not None
    os.close(output._lock)


@pytest.mark.parametrize("dry", [False, True])
def test_a_folder_of_other_files_is_refused_and_left_alone(tmp_path: Path, dry: bool) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(OutputError, match=r"is not empty.*--output.*its _config\.yml"):
        opened(tmp_path, dry=dry)
    assert list(files(tmp_path)) == ["thesis.tex"]


@pytest.mark.parametrize(
    "name", [".git", ".gitkeep", ".newsspider", "_posts", "_config.yml", "newsspider.yml"]
)
def test_a_folder_that_is_empty_or_of_a_site_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    if not name.startswith(".git"):
        (tmp_path / "about.md").write_text("mine")
    opened(tmp_path).close()


def with_posts(folder: Path, *names: str) -> None:
    (folder / "_posts").mkdir(parents=True, exist_ok=True)
    for name in names or sorted(path.name for path in POSTS.iterdir()):
        shutil.copy(POSTS / name, folder / "_posts" / name)


# -- writing ----------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_in_its_own_bytes(tmp_path: Path) -> None:
    output = opened(tmp_path)
    file = output.posts / "a.md"
    output.write(file, "中文\n{x}")
    output.write(file, "again")
    assert file.read_bytes() == b"again"
    assert file.stat().st_mode & 0o777 == 0o644
    output.close()
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    output = opened(tmp_path)
    (tmp_path / "_posts" / "a.md").mkdir(parents=True)
    with pytest.raises(OSError):
        output.write(output.posts / "a.md", "x")
    with pytest.raises(UnicodeEncodeError):
        output.write(output.posts / "b.md", "\ud800")
    output.close()
    assert not list(tmp_path.rglob("*.tmp"))
    assert [path.name for path in output.posts.iterdir()] == ["a.md"]


def test_what_a_killed_run_was_writing_is_swept(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / ".newsspider" / "half.tmp").write_bytes(b"half a post")
    opened(tmp_path).close()
    assert not list(tmp_path.rglob("*.tmp"))


# -- whose turn -------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from newsspider.store.folder import open_output, remove_unused
folder = Path(sys.argv[1])
output = open_output(folder, dry=False, sites=(), posts="_posts", read=lambda name, text: None)
print("held", flush=True)
sys.stdin.read()
"""


def test_two_runs_never_hold_one_folder(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(
        OutputHeld, match=rf"another run is using it \(process {child.pid} on .+ since "
    ):
        opened(tmp_path)
    opened(tmp_path, dry=True).close()  # a dry run waits for nobody
    child.kill()
    child.communicate()
    opened(tmp_path).close()  # the lock of a dead process is none


def test_a_closed_folder_can_be_opened_again(tmp_path: Path) -> None:
    opened(tmp_path).close()
    output = opened(tmp_path)
    with pytest.raises(OutputHeld):
        opened(tmp_path)
    output.close()
    opened(tmp_path).close()


@pytest.mark.parametrize("place", ["file", "file/inside", "/proc/nowhere", "x" * 300])
def test_a_folder_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot be written to .*; choose another --output"):
        opened(tmp_path / place)


@pytest.mark.parametrize("in_the_way", ["_posts", ".newsspider/ledger.sqlite"])
def test_what_stands_in_the_way_is_told_and_the_lock_let_go(
    tmp_path: Path, in_the_way: str
) -> None:
    place = tmp_path / in_the_way
    place.parent.mkdir(parents=True, exist_ok=True)
    if in_the_way == "_posts":
        place.write_text("a file")
    else:
        place.mkdir()
    for _ in range(2):  # the second time it would be held
        with pytest.raises(OutputError, match="cannot be used") as told:
            opened(tmp_path)
        assert not isinstance(told.value, OutputHeld)


# -- after a kill -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "kept"),
    [("new", "published"), (None, "unknown"), ("something else", "promised")],
)
def test_a_promise_is_held_against_its_file(tmp_path: Path, there: str | None, kept: str) -> None:
    output = opened(tmp_path)
    output.ledger.note_link("finews", "x", KEY, Link(url="https://news.example/a"), "published")
    output.ledger.promise(ARTICLE, SEED, DATE, text_hash(b"new"))
    if there is not None:
        output.write(output.posts / SEED, there)
    killed(output)
    output = opened(tmp_path)
    assert state(output) == kept
    known = output.ledger.known("finews", "x", KEY)
    assert known is not None
    assert known.state == ("pending" if there is None else "published")
    output.close()


def test_a_promise_is_held_against_its_file_after_a_clean_end_too(tmp_path: Path) -> None:
    output = opened(tmp_path)
    output.ledger.promise(ARTICLE, SEED, DATE, text_hash(b"new"))
    output.close()
    output = opened(tmp_path)
    assert state(output) == "unknown"
    output.close()


def test_a_post_written_and_not_yet_noted_is_not_fetched_again(tmp_path: Path) -> None:
    output = opened(tmp_path)
    output.ledger.note_link("finews", "x", KEY, Link(url="https://news.example/a"), "pending")
    output.ledger.promise(ARTICLE, SEED, DATE, text_hash(b"new"))
    output.write(output.posts / SEED, "new")
    killed(output)
    output = opened(tmp_path)
    assert state(output) == "published"
    assert output.ledger.open_links("finews", "x") == []
    output.close()


def test_a_run_in_trouble_ends_as_a_killed_one(tmp_path: Path) -> None:
    output = published(tmp_path)
    output.trouble = "the disk is full"
    with pytest.raises(Unwritable, match="the disk is full"):
        output.close()
    (tmp_path / "_posts" / SEED).unlink()
    output = opened(tmp_path)
    assert state(output) == "unknown"  # and not: removed by a person
    output.close()


def published(folder: Path) -> Output:
    output = opened(folder)
    output.ledger.note_link("finews", "x", KEY, Link(url="https://news.example/a"), "published")
    output.ledger.promise(ARTICLE, SEED, DATE, text_hash(b"new"))
    output.write(output.posts / SEED, "new")
    output.ledger.keep(KEY, text_hash(b"new"))
    return output


def test_a_post_that_vanished_with_its_run_is_written_again(tmp_path: Path) -> None:
    output = published(tmp_path)
    (output.posts / SEED).unlink()  # as after a power cut
    killed(output)
    output = opened(tmp_path)
    assert state(output) == "unknown"
    assert [key for key, _, _ in output.ledger.open_links("finews", "x")] == [KEY]
    output.close()


def test_posts_whose_promises_went_with_the_power_are_not_taken_for_anothers(
    tmp_path: Path,
) -> None:
    killed(opened(tmp_path))
    with_posts(tmp_path)
    output = opened(tmp_path)
    assert output.ledger.is_empty()
    output.close()


def test_after_a_clean_end_nothing_is_taken_back(tmp_path: Path) -> None:
    published(tmp_path).close()
    output = opened(tmp_path)
    assert state(output) == "published"
    output.close()


# -- removed posts ----------------------------------------------------------------------------


def test_a_removed_post_is_noted_and_stays_so_without_the_ledger(tmp_path: Path) -> None:
    published(tmp_path).close()
    (tmp_path / "_posts" / SEED).unlink()
    output = opened(tmp_path)
    assert state(output) == "gone"
    output.close()
    (tmp_path / ".newsspider" / "ledger.sqlite").unlink()
    output = opened(tmp_path)
    assert state(output) == "gone"
    output.close()


@pytest.mark.parametrize(("number", "words"), [(1, "1 post was"), (2, "2 posts were")])
def test_removed_posts_are_reported_once_with_their_number(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, number: int, words: str
) -> None:
    with_posts(tmp_path)
    output = opened(tmp_path)
    posts = output.ledger.published()[:number]
    output.close()
    for post in posts:
        (tmp_path / "_posts" / post.path).unlink()
    opened(tmp_path).close()
    opened(tmp_path).close()
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [
        f"{words} removed from {tmp_path / '_posts'} since the last run and will not be written"
        " again"
    ]


def test_removed_posts_stay_so_without_ledger_and_folder(tmp_path: Path) -> None:
    published(tmp_path).close()
    shutil.rmtree(tmp_path / "_posts")
    opened(tmp_path).close()
    (tmp_path / ".newsspider" / "ledger.sqlite").unlink()
    output = opened(tmp_path)
    assert state(output) == "gone"
    output.close()


def test_a_list_of_removed_posts_that_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / ".newsspider").mkdir()
    (tmp_path / ".newsspider" / "removed.txt").write_bytes(f"{KEY}\nbad \xff".encode("latin-1"))
    output = opened(tmp_path)
    assert state(output) == "gone"
    output.close()


def test_a_list_of_removed_posts_is_never_written_in_halves(tmp_path: Path) -> None:
    published(tmp_path).close()
    removed = tmp_path / "_newsspider" / "removed.txt"
    removed.parent.mkdir(exist_ok=True)
    removed.write_bytes(b"other:1\ncut o")
    (tmp_path / "_posts" / SEED).unlink()
    opened(tmp_path).close()
    assert removed.read_text() == f"other:1\n{KEY}\n"
    (tmp_path / ".newsspider" / "ledger.sqlite").unlink()
    output = opened(tmp_path)
    assert (state(output), state(output, "other:1")) == ("gone", "gone")
    output.close()


def test_posts_on_a_disk_that_is_not_there_today_are_not_removed(tmp_path: Path) -> None:
    published(tmp_path).close()
    (tmp_path / "_posts").rename(tmp_path / "disk")
    (tmp_path / "_posts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="_posts: cannot be used: No such file"):
        opened(tmp_path)
    (tmp_path / "disk").rename(tmp_path / "elsewhere")
    output = opened(tmp_path)
    assert state(output) == "published"
    output.close()


# -- without a ledger -------------------------------------------------------------------------


def test_the_ledger_is_made_anew_from_the_posts(tmp_path: Path) -> None:
    with_posts(tmp_path)
    before = files(tmp_path / "_posts")
    output = opened(tmp_path)
    rows = {row.key: row for row in output.ledger.published()}
    # the numeric post and its NW twin are one article; the broken name is none
    assert sorted(rows) == sorted(
        f"eastmoney:{id}"
        for id in (
            "202112082206672930",
            "202112082206735022",
            "202204212352227421",
            "202204262359811335",
            "202205262391921712",
            "202205302396671645",
        )
    )
    seed = rows[KEY]
    assert (seed.path, seed.id, seed.site) == (SEED, "NW202204262359811335", "finews")
    assert seed.date == "2022-04-26 20:16:23 +0800"
    assert (seed.category, seed.tag) == ("renminyoudianbao", "人民邮电报新闻")
    assert seed.hash == ""  # not known to be ours
    for category in ("emnews", "renminyoudianbao", "shanghaizhengquanbao"):
        assert not output.ledger.first_seen(category)
    assert output.ledger.first_seen("cailianshe")
    output.close()
    assert files(tmp_path / "_posts") == before
    output = opened(tmp_path)
    assert {row.key for row in output.ledger.published()} == set(rows)
    output.close()


def test_a_post_keeps_the_name_its_file_has(tmp_path: Path) -> None:
    with_posts(tmp_path, SEED)
    file = tmp_path / "_posts" / SEED
    file.write_text(file.read_text("utf-8").replace("date: 2022-04-26", "date: 2022-04-25"))
    for _ in range(2):
        output = opened(tmp_path)
        row = output.ledger.article(KEY)
        assert row is not None
        assert (row.state, row.path) == ("published", SEED)
        output.close()


def test_posts_of_others_are_not_ours(tmp_path: Path) -> None:
    posts = tmp_path / "_posts"
    posts.mkdir()
    head = "---\ntitle: x\ndate: {date}\n---\nbody\n\n<{link}>\n"
    for name, text in {
        "2021-12-01-init.md": "---\ntitle: hello\ndate: 2021-12-01 00:00:00\n---\nhand-written\n",
        "2022-01-01-a.md": head.format(date="2022-13-45", link="https://finews.withounder.com/x"),
        "2022-01-01-b.md": head.format(date="2022-01-01 00:00:00", link="https://else.example/"),
        "2022-01-01-c.md": head.format(date="", link="https://finews.withounder.com/x"),
        "2022-01-01-f.md": '---\ntags: "\\ud800"\n'
        + head.format(date="2022-01-01 00:00:00", link="https://finews.withounder.com/x")[4:],
    }.items():
        (posts / name).write_text(text, "utf-8")
    (posts / "2022-01-01-d.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (posts / "2022-01-01-e.md").mkdir()
    os.mkfifo(posts / "2022-01-01-g.md")
    output = opened(tmp_path)
    assert output.ledger.published() == []
    output.close()


@pytest.mark.parametrize(
    "content", [b"", b"not a database " * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_broken_ledger_is_set_aside(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with_posts(tmp_path, SEED)
    opened(tmp_path).close()
    file = tmp_path / ".newsspider" / "ledger.sqlite"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        output = opened(tmp_path)
    assert state(output) == "published"
    output.close()
    aside = file.with_suffix(".broken")
    assert aside.exists() is bool(content)
    assert ("set aside as ledger.broken" in caplog.text) is bool(content)
    assert not content or aside.read_bytes() == content


@pytest.mark.parametrize(
    ("hand", "why"),
    [
        ("DROP TABLE links", "it lacks links.site"),
        ("ALTER TABLE links DROP COLUMN stocks", "it lacks links.stocks"),
        ("PRAGMA user_version=-3", "its version is -3"),
        ("PRAGMA user_version=1", "duplicate column name"),
    ],
)
def test_a_ledger_that_somebody_had_a_hand_in_is_set_aside(
    tmp_path: Path, hand: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    published(tmp_path).close()
    other = sqlite3.connect(tmp_path / ".newsspider" / "ledger.sqlite", isolation_level=None)
    other.execute(hand)
    other.close()
    opened(tmp_path, dry=True).close()
    opened(tmp_path).close()
    assert f"is broken ({why}" in caplog.text
    assert (tmp_path / ".newsspider" / "ledger.broken").exists()


def test_a_ledger_that_cannot_be_set_aside_is_told_with_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".newsspider" / "ledger.broken").mkdir(parents=True)
    (tmp_path / ".newsspider" / "ledger.sqlite").write_text("no database")
    with pytest.raises(OutputError, match=r"\.broken: cannot be used: Is a directory"):
        opened(tmp_path)


@pytest.mark.parametrize("dry", [True, False])
def test_a_newer_ledger_is_told_and_left_alone(tmp_path: Path, dry: bool) -> None:
    opened(tmp_path).close()
    newer = sqlite3.connect(tmp_path / ".newsspider" / "ledger.sqlite")
    newer.execute("PRAGMA user_version=99")
    newer.close()
    before = (tmp_path / ".newsspider" / "ledger.sqlite").read_bytes()
    with pytest.raises(OutputError, match=r"ledger.sqlite: a newer newsspider wrote it .* update"):
        opened(tmp_path, dry=dry)
    assert (tmp_path / ".newsspider" / "ledger.sqlite").read_bytes() == before


def test_git_sees_nothing_of_the_ledger_in_a_site_that_was_there_before(tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("needs git")
    (tmp_path / "_config.yml").write_text("title: mine\n")
    published(tmp_path).close()
    subprocess.run([git, "init", "--quiet", str(tmp_path)], check=True)
    seen = subprocess.run(
        [git, "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.split()[1::2] == [
        "_config.yml",
        "_newsspider/.gitattributes",
        "_newsspider/records/2022-04.jsonl",
        f"_posts/{SEED}",
    ]


# -- a dry run --------------------------------------------------------------------------------


def test_a_dry_run_leaves_no_trace(tmp_path: Path) -> None:
    output = opened(tmp_path / "new", dry=True)
    output.ledger.promise(ARTICLE, SEED, DATE, "x")
    output.close()
    assert list(tmp_path.iterdir()) == []

    with_posts(tmp_path)
    published(tmp_path).close()
    (tmp_path / "_posts" / SEED).unlink()
    before = files(tmp_path)
    output = opened(tmp_path, dry=True)
    assert state(output) == "gone"
    output.ledger.promise(replace(ARTICLE, key="k"), "k.md", DATE, "x")
    output.close()
    assert files(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"not a database " * 100])
def test_a_dry_run_beside_a_broken_ledger_looks_at_the_posts(
    tmp_path: Path, content: bytes
) -> None:
    with_posts(tmp_path, SEED)
    opened(tmp_path).close()
    (tmp_path / ".newsspider" / "ledger.sqlite").write_bytes(content)
    before = files(tmp_path)
    output = opened(tmp_path, dry=True)
    assert state(output) == "published"
    output.close()
    assert files(tmp_path) == before


def test_a_folder_that_a_run_left_unused_is_removed_with_its_empty_parent(tmp_path: Path) -> None:
    for name in ("one", "two"):
        opened(tmp_path / "output" / name).close()
    remove_unused(tmp_path / "output/one")
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["two"]
    remove_unused(tmp_path / "output/two")
    assert list(tmp_path.iterdir()) == []
    remove_unused(tmp_path / "output/three")


@pytest.mark.parametrize("file", ["_posts/a.md", "_newsspider/removed.txt", "README"])
def test_one_that_has_anything_else_stays(tmp_path: Path, file: str) -> None:
    opened(tmp_path / "site").close()
    (tmp_path / "site" / file).parent.mkdir(exist_ok=True)
    (tmp_path / "site" / file).write_text("")
    remove_unused(tmp_path / "site")
    assert (tmp_path / "site/.newsspider/ledger.sqlite").exists()


def test_one_that_a_run_holds_stays(tmp_path: Path) -> None:
    output = opened(tmp_path / "site")
    remove_unused(tmp_path / "site")
    assert (tmp_path / "site/.newsspider/ledger.sqlite").exists()
    output.close()
