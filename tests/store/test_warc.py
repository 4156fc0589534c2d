"""The archive in WARC files: other tools read them, and they hold nothing that was removed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsspider.errors import NotReadable, OutputError, Unwritable
from newsspider.model import Link
from newsspider.store import warc
from newsspider.store.archive import Archive, open_archive
from newsspider.store.archived import ArchivedArticle, ArchivedPage, hash_of_body

BODIES = [
    "<p>Die Flut kam früh.</p>".encode(),
    b'{"a": "\r\n\r\n"}\r\n\r\n',
    b"",
    bytes(range(256)) * 9,
    Random(2).randbytes(9000),
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path)) as opened:
        yield opened


def article(number: int, *bodies: bytes) -> ArchivedArticle:
    pages = tuple(
        ArchivedPage(
            name=f"page-{at}",
            asked=f"https://news.example/{number}",
            url=f"https://news.example/{number}?page={at}&q=水",
            status=200,
            type="text/html; charset=utf-8\r\nX-Other: 1",
            hash=hash_of_body(body),
        )
        for at, body in enumerate(bodies)
    )
    return ArchivedArticle(
        key=f"news:{number}",
        run=1,
        read=datetime.now(UTC),
        site="news",
        listing="world",
        share="",
        link=Link(url=f"https://news.example/{number}"),
        options={},
        of_feed=False,
        pages=pages,
    )


def keep(archive: Archive, each: ArchivedArticle, *bodies: bytes) -> None:
    archive.keep(each, {hash_of_body(body): body for body in bodies}, as_warc=True)


def files(folder: Path) -> list[Path]:
    return sorted((folder / ".newsspider/archive").glob("*.warc.gz"))


def responses(folder: Path) -> list[tuple[str, bytes]]:
    """The answers in all files, as another tool reads them."""
    found = []
    for path in files(folder):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response":
                    status = record.http_headers.get_statuscode()
                    found.append((status, record.content_stream().read()))
    return found


def check(folder: Path) -> None:
    for path in files(folder):
        command = [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", str(path)]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_other_tools_read_every_answer(archive: Archive, tmp_path: Path) -> None:
    each = article(1, *BODIES)
    keep(archive, each, *BODIES)
    assert archive.article(each.key) == each
    assert [archive.body(page) for page in each.pages] == BODIES
    assert responses(tmp_path) == [("200", body) for body in BODIES]
    check(tmp_path)


def test_an_answer_is_written_once(archive: Archive, tmp_path: Path) -> None:
    for number in (1, 2):
        keep(archive, article(number, *BODIES[:2]), *BODIES[:2])
    assert len(responses(tmp_path)) == 2


def test_what_is_removed_leaves_the_files(archive: Archive, tmp_path: Path) -> None:
    for number, body in enumerate(BODIES):
        keep(archive, article(number, body), body)
    keep(archive, article(0, b"an update"), b"an update")
    archive.forget(["news:3"])
    left = [BODIES[1], BODIES[2], BODIES[4], b"an update"]
    assert [body for _, body in responses(tmp_path)] == left
    check(tmp_path)
    for number, body in ((1, BODIES[1]), (0, b"an update")):
        kept = archive.article(f"news:{number}")
        assert kept is not None
        assert archive.body(kept.pages[0]) == body
    keep(archive, article(7, b"more"), b"more")
    check(tmp_path)
    archive.forget(archive.keys_of())
    assert files(tmp_path) == []
    keep(archive, article(8, b"again"), b"again")
    assert responses(tmp_path) == [("200", b"again")]


def test_a_file_that_is_long_enough_is_followed_by_another(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "LARGEST_FILE", 9000)
    for number in range(4):
        body = Random(number).randbytes(5000)
        keep(archive, article(number, body), body)
    assert len(files(tmp_path)) == 2
    check(tmp_path)
    archive.trim(1, 0)
    assert files(tmp_path) == []


def test_what_a_dead_process_left_behind_the_last_record_is_overwritten(
    archive: Archive, tmp_path: Path
) -> None:
    keep(archive, article(1, BODIES[0]), BODIES[0])
    with files(tmp_path)[0].open("ab") as file:
        file.write(b"half a record")
    keep(archive, article(2, BODIES[3]), BODIES[3])
    check(tmp_path)
    assert [body for _, body in responses(tmp_path)] == [BODIES[0], BODIES[3]]


def test_a_note_that_fails_leaves_the_earlier_answers(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, article(1, BODIES[0]), BODIES[0])
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Unwritable, match="the disk is full"):
        keep(archive, article(1, BODIES[3]), BODIES[3])
    kept = archive.article("news:1")
    assert kept is not None
    assert archive.body(kept.pages[0]) == BODIES[0]


@pytest.mark.parametrize("damage", [b"", b"x" * 4000])
def test_a_damaged_file_is_not_read(archive: Archive, tmp_path: Path, damage: bytes) -> None:
    each = article(1, BODIES[0])
    keep(archive, each, BODIES[0])
    files(tmp_path)[0].write_bytes(damage)
    with pytest.raises(NotReadable, match="damaged"):
        archive.body(each.pages[0])
    files(tmp_path)[0].unlink()
    with pytest.raises(NotReadable, match="missing"):
        archive.body(each.pages[0])
    archive.forget(["news:1"])


def test_packed_and_warc_answers_live_side_by_side(archive: Archive) -> None:
    keep(archive, article(1, BODIES[0]), BODIES[0])
    body = BODIES[3]
    archive.keep(article(2, body), {hash_of_body(body): body})
    assert archive.body(article(1, BODIES[0]).pages[0]) == BODIES[0]
    assert archive.body(article(2, body).pages[0]) == body


def test_without_the_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "warcio", None)
    with pytest.raises(OutputError, match=r"pip install 'newsspider\[archive\]'"):
        warc.check_installed()
