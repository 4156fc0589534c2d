"""Pictures on their way from a worker to the folder of the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.pictures.decode import Picture
from newsspider.store import sent_pictures
from newsspider.store.pictures import NEVER, PictureStore
from newsspider.store.sent_pictures import pack, unpack

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NAME = f"{'a' * 32}.jpg"
URL, FAILED, NOT_ASKED = "https://x/1.jpg", "https://x/2.jpg", "https://x/3.jpg"


def store(folder: Path) -> PictureStore:
    (folder / "_newsspider").mkdir(parents=True)
    (folder / ".newsspider").mkdir()
    return PictureStore(folder)


@pytest.fixture
def worker(tmp_path: Path) -> PictureStore:
    worker = store(tmp_path / "worker")
    worker.keep(URL, Picture(NAME, b"large", b"small", 640, 400))
    worker.note_failure(FAILED, "key", "Http404", NOW)
    return worker


def test_what_a_worker_has_is_in_the_folder_of_the_site(
    worker: PictureStore, tmp_path: Path
) -> None:
    values, files = pack(worker, [URL, FAILED, NOT_ASKED])
    folder = store(tmp_path / "site")
    kept = unpack(folder, "key", values, files, NOW)
    assert list(kept) == [URL]
    assert folder.picture(URL) == Picture(NAME, b"large", b"small", 640, 400)
    assert folder.wanting(FAILED) == worker.wanting(FAILED)
    assert folder.pause(URL, NOW) is None
    assert folder.pause(FAILED, NOW) == timedelta(hours=1).total_seconds()
    assert folder.pause(NOT_ASKED, NOW) == 0  # the folder has not got it: the next crawl asks
    # Again, as after a kill: nothing is tried twice.
    unpack(folder, "key", values, files, NOW)
    assert folder.wanting(FAILED) == worker.wanting(FAILED)


def test_what_no_other_run_gets_is_never_asked_for(tmp_path: Path) -> None:
    folder = store(tmp_path)
    unpack(folder, "key", [{"url": URL, "why": "NotAPicture", "tries": NEVER}], [], NOW)
    assert folder.pause(URL, NOW) is None
    assert folder.kept(URL) is None


def test_the_files_of_an_article_are_bounded(
    worker: PictureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.keep(FAILED, Picture(f"{'b' * 32}.png", b"other", b"o", 8, 8))
    monkeypatch.setattr(sent_pictures, "MOST_BYTES", len(b"largesmall"))
    values, files = pack(worker, [URL, FAILED])
    assert files == [b"large", b"small"]
    assert values[1] == {"url": FAILED, "why": "left for later", "tries": 0}
    monkeypatch.setattr(sent_pictures, "MOST_BYTES", len(b"largesmall") + 1)
    assert len(pack(worker, [URL, FAILED])[1]) == 4


@pytest.mark.parametrize("name", ["../../x.jpg", "x.jpg", f"{'a' * 32}.html", ""])
def test_a_file_lies_where_pictures_lie(tmp_path: Path, name: str) -> None:
    folder = store(tmp_path)
    with pytest.raises(ValueError, match="is not the name of a picture"):
        unpack(
            folder, "key", [{"url": URL, "name": name, "width": 8, "height": 8}], [b"", b""], NOW
        )
    assert not (tmp_path / "assets").exists()
