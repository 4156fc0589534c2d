"""The publisher: an article → its post, and what came of it, in whichever format."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.toml_format import Toml

from newsspider.errors import Unwritable
from newsspider.exporters.format import Format
from newsspider.exporters.jekyll.format import Jekyll
from newsspider.exporters.publisher import Outcome, Publisher, complete_lists
from newsspider.model import Article
from newsspider.sites import load
from newsspider.sites.schema import Category, Site
from newsspider.store.folder import open_output
from newsspider.store.output import Output, text_hash
from newsspider.store.sqlite.ledger import SqliteLedger

FINEWS = load("finews")
OTHER = Site.model_validate({"name": "other", "title": "Other"})
ARTICLE = Article(
    site="finews",
    key="eastmoney:202204262359811335",
    id="NW202204262359811335",
    link="https://news.example/a",
    title="标题",
    published=datetime(2022, 4, 26, 20, 16, 23, tzinfo=ZoneInfo("Asia/Shanghai")),
    source="人民邮电报",
    category="renminyoudianbao",
    tag="人民邮电报新闻",
    body="<p>正文</p>",
)
NAME = "2022-04-26-NW202204262359811335.md"


SITES = {"finews": FINEWS, "other": OTHER}


def jekyll() -> Format:
    return Jekyll(lambda article: SITES[article.site].recipe(Category()))


@pytest.fixture(params=[jekyll, Toml])
def format(request: pytest.FixtureRequest) -> Format:
    format: Format = request.param()
    return format


def opened(folder: Path, format: Format, *, dry: bool = False) -> Output:
    return open_output(folder, dry=dry, sites=(FINEWS,), posts=format.folder, read=format.read)


@pytest.fixture
def output(tmp_path: Path, format: Format) -> Iterator[Output]:
    output = opened(tmp_path, format)
    yield output
    output.close()


@pytest.fixture
def publisher(output: Output, format: Format) -> Publisher:
    return Publisher(output, format, FINEWS)


def title_of(format: Format, file: Path) -> str:
    article = format.read(file.name, file.read_text("utf-8"))
    assert article is not None
    return article.title


def hashes(output: Output, key: str = ARTICLE.key) -> tuple[str, str, str]:
    row = output.ledger.article(key)
    assert row is not None
    return row.state, row.hash, row.intended


# -- outcomes ---------------------------------------------------------------------------------


def test_written_then_unchanged_then_updated(publisher: Publisher, output: Output) -> None:
    file = output.posts / NAME
    assert publisher.publish(ARTICLE) is Outcome.WRITTEN
    first = file.read_bytes()
    assert hashes(output) == ("published", text_hash(first), "")
    stamp = file.stat().st_mtime_ns, file.stat().st_ino
    assert publisher.publish(ARTICLE) is Outcome.UNCHANGED
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == stamp  # not even touched
    assert publisher.publish(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    assert "<p>new</p>" in file.read_text("utf-8")
    assert hashes(output) == ("published", text_hash(file.read_bytes()), "")


class _Paginating(Toml):
    def __init__(self) -> None:
        self.counts: list[dict[str, int]] = []

    def paginate(self, output: Path, counts: Mapping[str, int]) -> None:
        self.counts.append(dict(counts))


def test_after_new_posts_the_format_learns_how_many_each_category_has(tmp_path: Path) -> None:
    format = _Paginating()
    output = opened(tmp_path, format)
    publisher = Publisher(output, format, FINEWS)
    assert not publisher.posts_written
    for number, category in enumerate(["a", "b", "a"]):
        publisher.publish(replace(ARTICLE, key=f"k{number}", id=f"NW{number}", category=category))
    assert publisher.posts_written
    complete_lists(output, format)
    assert format.counts == [{"a": 2, "b": 1}]
    again = Publisher(output, format, FINEWS)
    again.publish(replace(ARTICLE, key="k1", id="NW1", category="b", body="<p>new</p>"))
    assert not again.posts_written
    output.close()


def test_an_edited_post_is_left_alone_also_the_second_time(
    publisher: Publisher, output: Output
) -> None:
    publisher.publish(ARTICLE)
    file = output.posts / NAME
    file.write_text("my own words", "utf-8")
    for body in ("<p>new</p>", "<p>newer</p>"):
        assert publisher.publish(replace(ARTICLE, body=body)) is Outcome.EDITED
    assert file.read_text("utf-8") == "my own words"
    assert hashes(output)[0] == "published"


def test_an_edit_taken_back_is_no_edit(publisher: Publisher, output: Output) -> None:
    publisher.publish(ARTICLE)
    file = output.posts / NAME
    ours = file.read_bytes()
    file.write_text("my own words", "utf-8")
    publisher.publish(replace(ARTICLE, body="<p>new</p>"))
    file.write_bytes(ours)
    assert publisher.publish(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED


def test_a_promised_file_is_ours_though_nobody_noted_it(
    publisher: Publisher, output: Output
) -> None:
    output.ledger.promise(ARTICLE, NAME, "2022-04-26 20:16:23 +0800", text_hash(b"promised"))
    output.write(output.posts / NAME, "promised")
    assert publisher.publish(ARTICLE) is Outcome.WRITTEN
    assert "<p>正文</p>" in (output.posts / NAME).read_text("utf-8")


def test_a_file_that_was_there_before_the_article_is_left_alone(
    publisher: Publisher, output: Output
) -> None:
    output.posts.mkdir()
    (output.posts / NAME).write_text("by hand", "utf-8")
    assert publisher.publish(ARTICLE) is Outcome.EDITED
    assert (output.posts / NAME).read_text("utf-8") == "by hand"
    assert hashes(output) == ("published", "", "")


def test_a_post_of_a_ledger_made_anew_is_recognised_by_its_bytes(
    tmp_path: Path, format: Format
) -> None:
    first = opened(tmp_path, format)
    Publisher(first, format, FINEWS).publish(ARTICLE)
    first.close()
    (tmp_path / ".newsspider" / "ledger.sqlite").unlink()
    shutil.rmtree(tmp_path / "_newsspider")  # as in a folder of version 0.1.0
    again = opened(tmp_path, format)
    publisher = Publisher(again, format, FINEWS)
    assert hashes(again) == ("published", "", "")
    assert publisher.publish(replace(ARTICLE, body="<p>new</p>")) is Outcome.EDITED
    assert publisher.publish(ARTICLE) is Outcome.UNCHANGED
    assert publisher.publish(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    again.close()


def test_an_update_goes_to_the_file_the_post_has(publisher: Publisher, output: Output) -> None:
    publisher.publish(ARTICLE)
    day = datetime(2022, 4, 27, tzinfo=ZoneInfo("Asia/Shanghai"))
    later = replace(ARTICLE, published=day, body="<p>new</p>")
    assert publisher.publish(later) is Outcome.UPDATED
    assert [path.name for path in output.posts.iterdir()] == [NAME]


def test_two_articles_of_one_name_have_two_files(
    publisher: Publisher, output: Output, format: Format
) -> None:
    twin = replace(ARTICLE, site="other", key="other:1", title="another")
    assert publisher.publish(ARTICLE) is Outcome.WRITTEN
    assert publisher.publish(twin) is Outcome.WRITTEN
    assert publisher.publish(replace(twin, title="changed")) is Outcome.UPDATED
    assert publisher.publish(ARTICLE) is Outcome.UNCHANGED
    names = sorted(path.name for path in output.posts.iterdir())
    assert len(names) == 2
    assert NAME in names
    assert all(name.startswith("2022-04-26-NW202204262359811335") for name in names)
    for key, title in ((ARTICLE.key, "标题"), ("other:1", "changed")):
        row = output.ledger.article(key)
        assert row is not None
        assert title_of(format, output.posts / row.path) == title


# -- posts of earlier versions ----------------------------------------------------------------

OLD_FOOTER = "\n\n[人民邮电报新闻](/category/renminyoudianbao.html)"  # until 0.1.0, by default


def earlier_post(folder: Path, more: str = "") -> tuple[Output, Publisher, Path]:
    """A folder with a post of `other` as 0.1.0 wrote it, and without its ledger."""
    ours = replace(ARTICLE, site="other")
    text = jekyll().render(ours, "en") + OLD_FOOTER + more
    assert "<https://news.example/a>\n\n[" in text
    (folder / "_posts").mkdir()
    (folder / "_posts" / NAME).write_text(text, "utf-8", newline="\n")
    output = opened(folder, jekyll())
    return output, Publisher(output, jekyll(), OTHER), folder / "_posts" / NAME


def test_a_post_of_an_earlier_version_changes_with_its_article_only(tmp_path: Path) -> None:
    output, publisher, file = earlier_post(tmp_path)
    before = file.read_bytes()
    assert publisher.publish(replace(ARTICLE, site="other")) is Outcome.UNCHANGED
    assert file.read_bytes() == before
    assert hashes(output) == ("published", text_hash(before), "")
    changed = replace(ARTICLE, site="other", body="<p>new</p>")
    assert publisher.publish(changed) is Outcome.UPDATED
    assert file.read_text("utf-8").endswith("<p>new</p>\n\n<https://news.example/a>")
    output.close()


def test_an_edited_post_of_an_earlier_version_is_left_alone(tmp_path: Path) -> None:
    output, publisher, file = earlier_post(tmp_path, "\n\nmy own words")
    before = file.read_bytes()
    for body in (ARTICLE.body, "<p>new</p>"):
        changed = replace(ARTICLE, site="other", body=body)
        assert publisher.publish(changed) is Outcome.EDITED
    assert file.read_bytes() == before
    output.close()


# -- a disk that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "method", "known"),
    [(Output, "write", None), (SqliteLedger, "keep", "published")],
    ids=["before the file", "after the file"],
)
def test_a_run_killed_between_promise_and_state(
    tmp_path: Path,
    format: Format,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    method: str,
    known: str | None,
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    output = opened(tmp_path, format)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(owner, method, die)
        Publisher(output, format, FINEWS).publish(ARTICLE)
    assert hashes(output)[0] == "promised"
    output.trouble = "killed"
    with pytest.raises(Unwritable, match="killed"):
        output.close()
    again = opened(tmp_path, format)
    row = again.ledger.article(ARTICLE.key)
    assert (row and row.state) == known
    outcome = Publisher(again, format, FINEWS).publish(ARTICLE)
    assert outcome is (Outcome.UNCHANGED if known else Outcome.WRITTEN)
    assert hashes(again) == ("published", text_hash((again.posts / NAME).read_bytes()), "")
    again.close()


FULL_DISK = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
import test_publisher
from test_publisher import ARTICLE, FINEWS, Publisher, opened
from newsspider.errors import Unwritable

format = getattr(test_publisher, sys.argv[4].replace("Jekyll", "jekyll"))()
output = opened(Path(sys.argv[1]), format)
publisher = Publisher(output, format, FINEWS)
print(publisher.publish(ARTICLE).value)
try:
    publisher.publish(replace(ARTICLE, body="<p>" + "x" * 2_000_000 + "</p>"))
except Unwritable as error:
    print(type(error).__name__)
row = output.ledger.article(ARTICLE.key)
print(row.state, row.hash != row.intended != "")
"""


def test_a_disk_that_fills_up_leaves_the_old_post_and_the_promise(
    tmp_path: Path, format: Format
) -> None:
    here = Path(__file__).parent
    arguments = map(str, (tmp_path, here, here.parent, type(format).__name__))
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert done.stdout.split() == ["written", "Unwritable", "published", "True"], done.stderr
    post = tmp_path / format.folder / NAME
    assert "<p>正文</p>" in post.read_text("utf-8")
    assert not list(tmp_path.rglob("*.tmp"))
    again = opened(tmp_path, format)  # that run never ended
    publisher = Publisher(again, format, FINEWS)
    assert publisher.publish(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    again.close()


def test_posts_that_cannot_be_looked_at_promise_nothing(
    publisher: Publisher, output: Output
) -> None:
    output.posts.write_text("a file")
    with pytest.raises(OSError):
        publisher.publish(ARTICLE)
    assert output.ledger.article(ARTICLE.key) is None
    output.posts.unlink()


def test_a_dry_run_tells_what_it_would_do(tmp_path: Path, format: Format) -> None:
    real = opened(tmp_path, format)
    Publisher(real, format, FINEWS).publish(ARTICLE)
    real.close()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    dry = opened(tmp_path, format, dry=True)
    publisher = Publisher(dry, format, FINEWS)
    assert publisher.publish(ARTICLE) is Outcome.UNCHANGED
    assert publisher.publish(replace(ARTICLE, title="new")) is Outcome.UPDATED
    fresh = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336", category="new")
    assert publisher.publish(fresh) is Outcome.WRITTEN
    dry.close()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_no_file_is_left_open(publisher: Publisher) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    publisher.publish(ARTICLE)
    before = descriptors()
    for n in range(5):
        publisher.publish(replace(ARTICLE, title=f"title {n}"))
    assert descriptors() == before


# -- what an update changes ---------------------------------------------------------------------


def test_a_change_that_no_reader_sees_touches_nothing(publisher: Publisher, output: Output) -> None:
    publisher.publish(ARTICLE)
    file = output.posts / NAME
    before, row = file.read_bytes(), output.ledger.article(ARTICLE.key)
    for body in ("<p> 正文 </p>", "<div><p>正文</p></div>"):
        assert publisher.publish(replace(ARTICLE, body=body)) is Outcome.UNCHANGED
    assert file.read_bytes() == before
    assert output.ledger.article(ARTICLE.key) == row


def test_an_update_says_what_it_changes(output: Output, format: Format) -> None:
    words: list[str] = []
    publisher = Publisher(output, format, FINEWS, words.append)
    publisher.publish(ARTICLE)
    assert words == []
    publisher.publish(replace(ARTICLE, title="新标题"))
    publisher.publish(replace(ARTICLE, title="新标题", body="<p>新</p>"))
    assert words == ["title", "text"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (datetime(2022, 4, 27, tzinfo=ZoneInfo("Asia/Shanghai")), "2022-04-27 00:00:00 +0800"),
        (datetime(2022, 4, 26, 20, 16, 23, tzinfo=ZoneInfo("Asia/Shanghai")), None),
        (None, None),
    ],
)
def test_an_update_has_the_time_of_the_change(
    tmp_path: Path, stated: datetime | None, expected: str | None
) -> None:
    keys = ("last_modified_at",)
    format = Jekyll(lambda _: OTHER.recipe(Category()).model_copy(update={"keys": keys}))
    output = opened(tmp_path, format)
    publisher = Publisher(output, format, FINEWS)
    publisher.publish(ARTICLE)
    assert "last_modified_at" not in (output.posts / NAME).read_text("utf-8")
    update = replace(ARTICLE, body="<p>new</p>", modified=stated)
    earliest = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}"
    assert publisher.publish(update) is Outcome.UPDATED
    text = (output.posts / NAME).read_text("utf-8")
    (changed,) = re.findall("^last_modified_at: (.*)$", text, re.M)
    assert changed == expected if expected else changed >= earliest
    assert publisher.publish(update) is Outcome.UNCHANGED
    output.close()


def test_an_edited_post_is_reported_only_while_its_article_differs(
    publisher: Publisher, output: Output
) -> None:
    article = replace(ARTICLE, hash="1")
    publisher.publish(article)
    (output.posts / NAME).write_text("my own words", "utf-8")
    assert publisher.publish(article) is Outcome.UNCHANGED
    for _ in range(2):
        assert publisher.publish(replace(article, hash="2", body="<p>n</p>")) is Outcome.EDITED
