"""The Jekyll exporter: an article → its post file, and what came of it."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsspider.exporters.jekyll.exporter import JekyllExporter, Outcome
from newsspider.model import Article
from newsspider.sites import load
from newsspider.sites.schema import Category, Site
from newsspider.store.folder import Output, open_output, text_hash

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
    recipe=FINEWS.recipe(Category()),
)
NAME = "2022-04-26-NW202204262359811335.md"
PAGE = "category/renminyoudianbao.html"


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    made = open_output(tmp_path, dry=False, sites=(FINEWS,))
    yield made
    made.close()


@pytest.fixture
def exporter(output: Output) -> JekyllExporter:
    return JekyllExporter(output, FINEWS)


def hashes(output: Output, key: str = ARTICLE.key) -> tuple[str, str, str]:
    row = output.ledger.article(key)
    assert row is not None
    return row.state, row.hash, row.intended


# -- outcomes ---------------------------------------------------------------------------------


def test_written_then_unchanged_then_updated(exporter: JekyllExporter, output: Output) -> None:
    file = output.posts / NAME
    assert exporter.export(ARTICLE) is Outcome.WRITTEN
    first = file.read_bytes()
    assert hashes(output) == ("published", text_hash(first), "")
    stamp = file.stat().st_mtime_ns, file.stat().st_ino
    assert exporter.export(ARTICLE) is Outcome.UNCHANGED
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == stamp  # not even touched
    assert exporter.export(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    assert "<p>new</p>" in file.read_text("utf-8")
    assert hashes(output) == ("published", text_hash(file.read_bytes()), "")


def test_an_edited_post_is_left_alone_also_the_second_time(
    exporter: JekyllExporter, output: Output
) -> None:
    exporter.export(ARTICLE)
    file = output.posts / NAME
    file.write_text("my own words", "utf-8")
    for body in ("<p>new</p>", "<p>newer</p>"):
        assert exporter.export(replace(ARTICLE, body=body)) is Outcome.EDITED
    assert file.read_text("utf-8") == "my own words"
    assert hashes(output)[0] == "published"


def test_an_edit_taken_back_is_no_edit(exporter: JekyllExporter, output: Output) -> None:
    exporter.export(ARTICLE)
    file = output.posts / NAME
    ours = file.read_bytes()
    file.write_text("my own words", "utf-8")
    exporter.export(replace(ARTICLE, body="<p>new</p>"))
    file.write_bytes(ours)
    assert exporter.export(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED


def test_a_promised_file_is_ours_though_nobody_noted_it(
    exporter: JekyllExporter, output: Output
) -> None:
    output.ledger.promise(ARTICLE, NAME, "2022-04-26 20:16:23 +0800", text_hash(b"promised"))
    output.write(output.posts / NAME, "promised")
    assert exporter.export(ARTICLE) is Outcome.WRITTEN
    assert "<p>正文</p>" in (output.posts / NAME).read_text("utf-8")


def test_a_file_that_was_there_before_the_article_is_left_alone(
    exporter: JekyllExporter, output: Output
) -> None:
    output.posts.mkdir()
    (output.posts / NAME).write_text("by hand", "utf-8")
    assert exporter.export(ARTICLE) is Outcome.EDITED
    assert (output.posts / NAME).read_text("utf-8") == "by hand"
    assert hashes(output) == ("published", "", "")


def test_a_post_of_a_ledger_made_anew_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    first = open_output(tmp_path, dry=False, sites=(FINEWS,))
    JekyllExporter(first, FINEWS).export(ARTICLE)
    first.close()
    (tmp_path / ".newsspider" / "ledger.sqlite").unlink()
    again = open_output(tmp_path, dry=False, sites=(FINEWS,))
    exporter = JekyllExporter(again, FINEWS)
    assert hashes(again) == ("published", "", "")
    assert exporter.export(replace(ARTICLE, body="<p>new</p>")) is Outcome.EDITED
    assert exporter.export(ARTICLE) is Outcome.UNCHANGED
    assert exporter.export(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    again.close()


def test_an_update_goes_to_the_file_the_post_has(exporter: JekyllExporter, output: Output) -> None:
    exporter.export(ARTICLE)
    later = replace(ARTICLE, published=datetime(2022, 4, 27, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert exporter.export(later) is Outcome.UPDATED
    assert [path.name for path in output.posts.iterdir()] == [NAME]


def test_two_articles_of_one_name_have_two_files(exporter: JekyllExporter, output: Output) -> None:
    twin = replace(
        ARTICLE, site="other", key="other:1", title="another", recipe=OTHER.recipe(Category())
    )
    assert exporter.export(ARTICLE) is Outcome.WRITTEN
    assert exporter.export(twin) is Outcome.WRITTEN
    assert exporter.export(replace(twin, title="changed")) is Outcome.UPDATED
    assert exporter.export(ARTICLE) is Outcome.UNCHANGED
    names = sorted(path.name for path in output.posts.iterdir())
    assert len(names) == 2
    assert NAME in names
    assert all(name.startswith("2022-04-26-NW202204262359811335") for name in names)
    for key, title in ((ARTICLE.key, "标题"), ("other:1", "changed")):
        row = output.ledger.article(key)
        assert row is not None
        assert f'title: "{title}"' in (output.posts / row.path).read_text("utf-8")


# -- a disk that refuses ----------------------------------------------------------------------


def test_a_promise_stands_before_the_file_and_is_kept_after_it(
    exporter: JekyllExporter, output: Output
) -> None:
    (output.path / "category").write_text("a file where a folder must be")
    with pytest.raises(OSError):
        exporter.export(ARTICLE)
    state, had, intended = hashes(output)
    assert (state, had) == ("promised", "")
    assert not (output.posts / NAME).exists()
    (output.path / "category").unlink()
    assert exporter.export(ARTICLE) is Outcome.WRITTEN
    written = text_hash((output.posts / NAME).read_bytes())
    assert written == intended
    assert hashes(output) == ("published", written, "")


FULL_DISK = """
import resource, sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from newsspider.store.files import Unwritable
from newsspider.exporters.jekyll.exporter import JekyllExporter
from newsspider.store.folder import open_output
from test_exporter import ARTICLE, FINEWS

output = open_output(Path(sys.argv[1]), dry=False, sites=(FINEWS,))
exporter = JekyllExporter(output, FINEWS)
print(exporter.export(ARTICLE).value)
try:
    exporter.export(replace(ARTICLE, body="<p>" + "x" * 2_000_000 + "</p>"))
except Unwritable as error:
    print(type(error).__name__)
row = output.ledger.article(ARTICLE.key)
print(row.state, row.hash != row.intended != "")
"""


def test_a_disk_that_fills_up_leaves_the_old_post_and_the_promise(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert done.stdout.split() == ["written", "Unwritable", "published", "True"], done.stderr
    post = tmp_path / "_posts" / NAME
    assert "<p>正文</p>" in post.read_text("utf-8")
    assert not list(tmp_path.rglob("*.tmp"))
    again = open_output(tmp_path, dry=False, sites=(FINEWS,))  # that run never ended
    exporter = JekyllExporter(again, FINEWS)
    assert exporter.export(replace(ARTICLE, body="<p>new</p>")) is Outcome.UPDATED
    again.close()


def test_posts_that_cannot_be_looked_at_promise_nothing(
    exporter: JekyllExporter, output: Output
) -> None:
    output.posts.write_text("a file")
    with pytest.raises(OSError):
        exporter.export(ARTICLE)
    assert output.ledger.article(ARTICLE.key) is None
    output.posts.unlink()


# -- the site around --------------------------------------------------------------------------


def test_the_site_is_laid_around_the_first_post(exporter: JekyllExporter, output: Output) -> None:
    assert not (output.path / "_config.yml").exists()
    exporter.export(ARTICLE)
    config = (output.path / "_config.yml").read_text("utf-8")
    assert "金融消息" in config
    assert "Asia/Shanghai" in config
    assert (output.path / "_layouts/post.html").exists()
    assert "人民邮电报新闻" in (output.path / PAGE).read_text("utf-8")


@pytest.mark.parametrize("name", ["_config.yml", "_config.yaml", "_config.toml"])
def test_a_site_that_is_there_is_left_as_it_is(
    exporter: JekyllExporter, output: Output, name: str
) -> None:
    (output.path / name).write_text("title = 'mine'")
    exporter.export(ARTICLE)
    assert sorted(path.name for path in output.path.iterdir()) == sorted(
        [".newsspider", name, "_posts", "category"]
    )
    assert (output.path / name).read_text("utf-8") == "title = 'mine'"


def test_a_category_has_its_page_once_even_after_a_person_removed_it(
    exporter: JekyllExporter, output: Output
) -> None:
    exporter.export(ARTICLE)
    (output.path / PAGE).unlink()
    second = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336")
    assert exporter.export(second) is Outcome.WRITTEN
    assert not (output.path / PAGE).exists()
    elsewhere = replace(ARTICLE, key="eastmoney:3", id="NW202204262359811337", category="36ke")
    exporter.export(elsewhere)
    assert (output.path / "category/36ke.html").exists()


def test_a_category_page_stands_where_the_footers_say(
    exporter: JekyllExporter, output: Output
) -> None:
    recipe = FINEWS.recipe(FINEWS.category("emnews"))
    exporter.export(replace(ARTICLE, category="emnews", tag="东财滚动新闻", recipe=recipe))
    page = (output.path / "category/emnews.html").read_text("utf-8")
    assert 'permalink: "/emnews/"' in page


def test_what_a_person_removed_of_the_site_stays_removed(
    exporter: JekyllExporter, output: Output
) -> None:
    exporter.export(ARTICLE)
    (output.path / "feed.xml").unlink()
    later = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336")
    JekyllExporter(output, FINEWS).export(later)
    assert not (output.path / "feed.xml").exists()


def test_a_dry_run_tells_what_it_would_do(tmp_path: Path) -> None:
    real = open_output(tmp_path, dry=False, sites=(FINEWS,))
    JekyllExporter(real, FINEWS).export(ARTICLE)
    real.close()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    dry = open_output(tmp_path, dry=True, sites=(FINEWS,))
    exporter = JekyllExporter(dry, FINEWS)
    assert exporter.export(ARTICLE) is Outcome.UNCHANGED
    assert exporter.export(replace(ARTICLE, title="new")) is Outcome.UPDATED
    fresh = replace(ARTICLE, key="eastmoney:2", id="NW202204262359811336", category="new")
    assert exporter.export(fresh) is Outcome.WRITTEN
    dry.close()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_no_file_is_left_open(exporter: JekyllExporter) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    exporter.export(ARTICLE)
    before = descriptors()
    for n in range(5):
        exporter.export(replace(ARTICLE, title=f"title {n}"))
    assert descriptors() == before


@pytest.mark.parametrize(
    ("site", "language", "lang"),
    [
        (OTHER, "de", '"de"'),
        (OTHER, "", '"en"'),
        (FINEWS, "en", '"zh-CN"'),  # as its file says
    ],
)
def test_a_site_without_a_file_has_the_language_of_its_first_article(
    output: Output, site: Site, language: str, lang: str
) -> None:
    JekyllExporter(output, site).export(replace(ARTICLE, language=language))
    assert f"lang: {lang}\n" in (output.path / "_config.yml").read_text("utf-8")
