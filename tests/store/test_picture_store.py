"""What became of each picture outlives a kill, a lost ledger and a merge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.drawn import drawn

from newsspider.errors import Unwritable
from newsspider.pictures.decode import Picture, read_picture
from newsspider.store import pictures
from newsspider.store.pictures import NEVER, PAUSES, PictureStore

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
URL = "https://x.example/p.jpg"


@pytest.fixture(scope="module")
def picture() -> Picture:
    return read_picture(drawn())


def lines(folder: Path) -> Path:
    return folder / "_newsspider/pictures.jsonl"


def test_a_kept_picture_is_known_to_the_next_run(tmp_path: Path, picture: Picture) -> None:
    kept = PictureStore(tmp_path).keep(URL, picture)
    store = PictureStore(tmp_path)
    assert store.kept(URL) == kept
    assert store.keep("https://x.example/q.jpg", picture) == kept
    assert len(list((tmp_path / "assets/images").glob("*.*"))) == 1
    (tmp_path / kept.file).unlink()
    assert PictureStore(tmp_path).kept(URL) is None  # a person removed it: it is fetched again


def test_a_failed_picture_is_due_after_each_pause_and_then_no_more(tmp_path: Path) -> None:
    now = NOW
    for pause in PAUSES:
        PictureStore(tmp_path).note_failure(URL, "k", "Http404", now)
        store = PictureStore(tmp_path)
        assert (store.waits(URL, now + pause - timedelta(seconds=1)), store.due(now)) == (True, {})
        now += pause
        assert (store.waits(URL, now), store.due(now)) == (False, {"k": [URL]})
    PictureStore(tmp_path).note_failure(URL, "k", "Http404", now)
    assert PictureStore(tmp_path).waits(URL, now + timedelta(days=999))


def test_a_run_that_ended_before_counts_no_try_and_one_for_good_is_the_last(
    tmp_path: Path,
) -> None:
    store = PictureStore(tmp_path)
    store.note_failure(URL, "k", "CalledBack", NOW, tries=0)
    assert PictureStore(tmp_path).due(NOW) == {"k": [URL]}
    before = lines(tmp_path).read_bytes()
    store.note_failure(URL, "k", "CalledBack", NOW, tries=0)
    assert lines(tmp_path).read_bytes() == before
    store.note_failure(URL, "k", "NotAPicture", NOW, tries=NEVER)
    assert PictureStore(tmp_path).due(NOW + timedelta(days=999)) == {}


def test_lines_of_two_clones_merge_in_any_order(tmp_path: Path, picture: Picture) -> None:
    store = PictureStore(tmp_path)
    store.note_failure(URL, "k", "Http404", NOW)
    store.note_failure(URL, "k", "Http404", NOW + PAUSES[0])
    store.keep(URL, picture)
    for order in (1, -1):
        merged = lines(tmp_path).read_text("utf-8").splitlines()[::order]
        lines(tmp_path).write_text("\n".join(merged) + "\n", "utf-8")
        assert PictureStore(tmp_path).kept(URL)
        assert PictureStore(tmp_path).due(NOW + timedelta(days=99)) == {}
        assert PictureStore(tmp_path).late() == {"k": [URL]}


def test_every_article_that_shows_a_failed_picture_gets_it(
    tmp_path: Path, picture: Picture
) -> None:
    store = PictureStore(tmp_path)
    store.note_showing(URL, "early")  # it did not fail
    store.note_failure(URL, "a", "Http404", NOW)
    for _ in range(2):
        for key in ("a", "b", "c"):
            PictureStore(tmp_path).note_showing(URL, key)
    assert len(lines(tmp_path).read_text("utf-8").splitlines()) == 3
    store = PictureStore(tmp_path)
    assert store.due(NOW + PAUSES[0]) == {"a": [URL], "b": [URL], "c": [URL]}
    assert store.waits(URL, NOW)  # an article more is no try
    store.keep(URL, picture)
    assert (store.due(NOW + PAUSES[0]), set(store.late())) == ({}, {"a", "b", "c"})
    assert set(PictureStore(tmp_path).late()) == {"a", "b", "c"}


def test_a_picture_that_is_given_up_is_noted_for_no_further_article(tmp_path: Path) -> None:
    PictureStore(tmp_path).note_failure(URL, "a", "NotAPicture", NOW, tries=NEVER)
    before = lines(tmp_path).read_bytes()
    PictureStore(tmp_path).note_showing(URL, "b")
    assert lines(tmp_path).read_bytes() == before


def test_a_picture_that_did_not_fail_is_not_late(tmp_path: Path, picture: Picture) -> None:
    PictureStore(tmp_path).keep(URL, picture)
    PictureStore(tmp_path).note_failure("https://x.example/q.jpg", "k", "Http404", NOW)
    assert PictureStore(tmp_path).late() == {}


def test_attack_lines_that_anybody_wrote_are_passed_over(tmp_path: Path, picture: Picture) -> None:
    PictureStore(tmp_path).keep(URL, picture)
    with lines(tmp_path).open("a", encoding="utf-8") as file:
        file.write('{"url":"a","file":"../../etc/passwd","width":1,"height":1}\n')
        file.write('{"url":"b","file":"assets/images/../x.jpg","width":1,"height":1}\n')
        file.write('{"url":"c","file":1}\n[1]\n7\nnull\n"file"\nfile\n{"url":"d","article":"k"}\n')
        file.write('{"url":"e","article":"k","tries":1e400,"tried":"never","why":""}\n')
        file.write('{"url":"f","article":"k","tries":-3,"tried":"never","why":""}\n')
        file.write('{"url":"torn')
    store = PictureStore(tmp_path)
    assert [url for url in "abcde" if store.kept(url)] == []
    assert store.due(NOW) == {"k": ["f"]}
    store.note_failure("g", "k", "Http404", NOW)  # after half a line
    assert PictureStore(tmp_path).waits("g", NOW)
    assert PictureStore(tmp_path).kept(URL)


@pytest.mark.parametrize("step", range(3))
def test_a_kill_at_any_write_leaves_no_line_without_its_file(
    tmp_path: Path, picture: Picture, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = 0

    def until(write: object) -> object:
        def written(*arguments: object) -> None:
            nonlocal done
            if done == step:
                raise Unwritable("the disk is full")
            done += 1
            write(*arguments)  # type: ignore[operator]

        return written

    for name in ("write_whole", "append_line"):
        monkeypatch.setattr(pictures, name, until(getattr(pictures, name)))
    with pytest.raises(Unwritable):
        PictureStore(tmp_path).keep(URL, picture)
    monkeypatch.undo()
    assert PictureStore(tmp_path).kept(URL) is None
    kept = PictureStore(tmp_path).keep(URL, picture)
    assert (tmp_path / kept.file).read_bytes() == picture.data
