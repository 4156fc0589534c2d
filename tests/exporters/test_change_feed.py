"""The change feed: a reader that applies it has what is published."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.folders import FINEWS, article, publish

from newsspider.errors import OtherEpoch, OutputError
from newsspider.exporters.change_feed import BEGIN, Change, change_feed
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.published import published
from newsspider.exporters.publisher import Publisher
from newsspider.exporters.selection import Selection
from newsspider.store.change_log import ChangeLog
from newsspider.store.folder import open_output


def post(folder: Path, number: int) -> Path:
    (path,) = (folder / "_posts").glob(f"*-{article(number).id}.md")
    return path


def name(number: int) -> str:
    moment = article(number).published
    assert moment is not None
    return f"_posts/{moment:%Y-%m-%d}-{article(number).id}.md"


def edit(folder: Path, number: int, text: str) -> None:
    path = post(folder, number)
    path.write_text(re.sub("title: .*", f'title: "{text}"', path.read_text("utf-8")), "utf-8")


def read(folder: Path, after: int = BEGIN, wanted: Selection | None = None) -> list[Change]:
    with change_feed(folder) as feed:
        return list(feed.since(after, wanted or Selection()))


def kinds(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.op, change.id) for change in changes]


def test_what_is_new_updated_and_removed_since_a_number(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0), article(1)])
    first = read(folder)
    assert kinds(first) == [("upsert", name(0)), ("upsert", name(1))]
    assert first[1].seq == first[0].seq + 1
    assert [change.changed_fields for change in first] == [(), ()]
    last = first[-1].seq
    assert read(folder, last) == []

    publish(folder, [article(1, title="Corrected"), article(2)])
    second = read(folder, last)
    assert kinds(second) == [("upsert", name(1)), ("upsert", name(2))]
    assert (second[0].version, second[1].version) == (2, 1)
    assert second[0].changed_fields == ("hash", "modified", "title")
    assert second[0].item is not None and second[0].item.article.title == "Corrected"
    assert [change.item and change.item.article.event for change in second] == ["updated", "new"]

    post(folder, 0).unlink()
    (removal,) = read(folder, second[-1].seq)
    assert (removal.op, removal.id, removal.item) == ("delete", name(0), None)
    # A reader without it gets no removal of it.
    assert kinds(read(folder)) == [("upsert", name(1)), ("upsert", name(2))]
    publish(folder, [])
    assert read(folder, removal.seq) == []


def test_changed_fields_are_those_since_the_number_of_the_reader(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    (first,) = read(folder)
    publish(folder, [article(0, title="A", editor="X")])
    (second,) = read(folder, first.seq)
    publish(folder, [article(0, title="A", editor="X", source="B")])
    (third,) = read(folder, first.seq)
    assert {"title", "editor", "source"} <= set(third.changed_fields)
    (third,) = read(folder, second.seq)
    assert "source" in third.changed_fields and "title" not in third.changed_fields
    assert third.version == 3


def test_the_text_of_a_person_and_a_post_that_comes_back(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    (first,) = read(folder)
    before = post(folder, 0).read_bytes()
    edit(folder, 0, "Mine")
    (edited,) = read(folder, first.seq)
    assert edited.item is not None and edited.item.edited
    assert {"title", "edited"} <= set(edited.changed_fields)
    post(folder, 0).unlink()
    (removal,) = read(folder, edited.seq)
    (folder / name(0)).write_bytes(before)
    (back,) = read(folder, removal.seq)
    assert (back.op, back.fingerprint, back.version) == ("upsert", first.fingerprint, 4)
    assert kinds(read(folder, first.seq)) == [("upsert", name(0))]


def test_a_file_that_is_no_post_is_no_article(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    (folder / "_posts/README.md").write_text("notes")
    (first,) = read(folder)
    post(folder, 0).write_text("no front matter")
    assert [change.op for change in read(folder, first.seq)] == ["delete"]


def test_a_folder_without_records_has_a_feed(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    shutil.rmtree(folder / "_newsspider")
    (folder / ".newsspider/ledger.sqlite").unlink()
    (change,) = read(folder)
    assert change.item is not None and not change.item.recorded
    with pytest.raises(OutputError, match="has no posts"):
        read(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_filters_remove_what_they_no_longer_let_through(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0), article(1, source="Other")])
    wanted = Selection(source="Other")
    (first,) = read(folder, BEGIN, wanted)
    assert first.id == name(1)
    last = read(folder)[-1].seq
    publish(folder, [article(1, source="Third"), article(2)])
    assert kinds(read(folder, last, wanted)) == [("delete", name(1))]
    assert kinds(read(folder, last, Selection(words=("回购 2",)))) == [
        ("delete", name(1)),
        ("upsert", name(2)),
    ]


def test_while_a_run_writes_its_articles_wait_for_their_records(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    (first,) = read(folder)
    format = Jekyll(lambda article: FINEWS.recipe(FINEWS.articles))
    output = open_output(folder, dry=False, sites=(FINEWS,), posts=format.folder, read=format.read)
    publisher = Publisher(output, format, FINEWS)
    publisher.publish(article(0, title="Corrected"))
    publisher.publish(article(1))
    assert read(folder, first.seq) == []
    output.close()
    update, new = read(folder, first.seq)
    for change in (update, new):
        assert change.item is not None and change.item.recorded and not change.item.edited
    assert (update.version, new.version) == (2, 1)


def test_an_article_that_changes_while_it_is_read_comes_with_its_next_number(
    tmp_path: Path,
) -> None:
    folder = publish(tmp_path, [article(0), article(1)])
    before = post(folder, 1).read_bytes()
    with change_feed(folder) as feed:
        edit(folder, 1, "Edited while it is read")
        assert kinds(list(feed.since(BEGIN))) == [("upsert", name(0))]
        last = feed.last
    post(folder, 1).write_bytes(before)  # even if it is as before when it is looked at again
    assert kinds(read(folder, last)) == [("upsert", name(1))]


# -- epochs and cursors -------------------------------------------------------------------------


def test_numbers_of_another_epoch_are_refused(tmp_path: Path) -> None:
    folder = publish(tmp_path / "a", [article(0)])
    last = read(folder)[-1].seq
    clone = tmp_path / "b"
    shutil.copytree(folder, clone, ignore=shutil.ignore_patterns(".newsspider"))
    with change_feed(clone) as feed:
        assert feed.check(BEGIN) == BEGIN and feed.check(feed.last) == feed.last
        for number in (last, feed.last + 1, 1):
            with pytest.raises(OtherEpoch, match="start again"):
                feed.check(number)
    # The same articles have the same fingerprints there.
    assert read(clone)[0].fingerprint == read(folder)[0].fingerprint


def test_a_cursor_moves_when_it_is_moved(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0), article(1)])
    with change_feed(folder) as feed:
        assert feed.position("a") == BEGIN
        feed.move("a", feed.last)
        feed.move("b", feed.last - 1)
    publish(folder, [article(2)])
    with change_feed(folder) as feed:
        assert kinds(list(feed.since(feed.position("a")))) == [("upsert", name(2))]
        assert len(list(feed.since(feed.position("b")))) == 2
        feed.move("a", feed.last)
        assert feed.position("a") == feed.last


def test_a_cursor_that_outlives_its_epoch_is_refused_until_it_starts_again(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    with change_feed(folder) as feed:
        feed.move("a", feed.last)
    (folder / ".newsspider/changes.sqlite").unlink()
    with change_feed(folder) as feed:
        with pytest.raises(OtherEpoch, match="start again, with --cursor a --after 0"):
            feed.position("a")
        feed.move("a", feed.last)
        assert feed.position("a") == feed.last


def test_what_a_merge_left_of_the_cursors_is_read(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0), article(1)])
    with change_feed(folder) as feed:
        file = folder / "_newsspider/cursors.jsonl"
        lines = [f'{{"cursor": "a", "seq": {feed.last - back}}}' for back in (0, 1)]
        file.write_text("\n".join(["<<<<<<<", "[]", '{"cursor": "a", "seq": 7}', *lines, "{"]))
        assert feed.position("a") == feed.last - 1  # twice rather than never
        feed.move("a", feed.last)
        assert feed.position("a") == feed.last
    assert '"seq": 7' in file.read_text()  # of another machine


def test_a_broken_log_begins_another_epoch(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(0)])
    last = read(folder)[-1].seq
    (folder / ".newsspider/changes.sqlite").write_bytes(b"not a database" * 100)
    with change_feed(folder) as feed, pytest.raises(OtherEpoch):
        feed.check(last)
    assert kinds(read(folder)) == [("upsert", name(0))]


# -- death at any step ----------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(1, 8))
def test_a_process_that_dies_at_any_step_leaves_the_rest_to_the_next(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsspider.exporters.change_feed._BATCH", 1)
    folder = publish(tmp_path, [article(0), article(1)])
    (first, second) = read(folder)
    publish(folder, [article(0, title="Corrected"), article(2), article(120)])
    post(folder, 1).unlink()
    steps = iter(range(1, step))
    note = ChangeLog.note

    def dying(log: ChangeLog, versions: Any) -> None:
        note(log, versions)
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ChangeLog, "note", dying)
        try:
            early = read(folder, second.seq)
        except KeyboardInterrupt:
            early = []
    changes = read(folder, second.seq)
    assert changes[: len(early)] == early
    assert sorted(kinds(changes)) == [
        ("delete", name(1)),
        *sorted(("upsert", name(number)) for number in (0, 2, 120)),
    ]
    assert all(before.seq < after.seq for before, after in pairwise([first, second, *changes]))


# -- any history --------------------------------------------------------------------------------


@dataclass
class Reader:
    """A program that keeps what it gets from the feed."""

    at: int = BEGIN
    articles: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def read(self, folder: Path) -> None:
        with change_feed(folder) as feed:
            for change in feed.since(feed.check(self.at)):
                if change.item is None:
                    self.articles.pop(change.id, None)
                else:
                    item = change.item
                    self.articles[change.id] = (item.article.title, item.article.body, item.edited)
            self.at = feed.last


STEP = st.tuples(
    st.sampled_from(["publish", "edit", "remove", "restore", "read a", "read b"]), st.integers(0, 2)
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, max_size=10))
def test_readers_have_what_is_published_whatever_happened(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = publish(tmp_path_factory.mktemp("site"), [article(0)])
    readers, kept = {"read a": Reader(), "read b": Reader()}, dict[int, bytes]()
    for number, (kind, which) in enumerate(steps):
        file = folder / name(which)
        if kind in readers:
            readers[kind].read(folder)
        elif kind == "publish":
            publish(folder, [article(which, title=f"Title {number}")])
        elif kind == "restore" and which in kept:
            file.write_bytes(kept[which])
        elif file.exists():
            kept[which] = file.read_bytes()
            if kind == "edit":
                edit(folder, which, f"Edited {number}")
            elif kind == "remove":
                file.unlink()
    now = {
        item.path: (item.article.title, item.article.body, item.edited)
        for item in published(folder)
    }
    for reader in readers.values():
        reader.read(folder)
        assert reader.articles == now


def test_the_newest_changes(tmp_path: Path) -> None:
    folder = publish(tmp_path, [article(number) for number in range(3)])
    with change_feed(folder) as feed:
        listed, more = feed.newest(BEGIN, 2)
        assert (kinds(listed), more) == ([("upsert", name(2)), ("upsert", name(1))], 1)
        assert feed.newest(feed.last, 2) == ([], 0)
