"""`renew`: which files of a laid site a newer newsspider replaces, adds, shows and leaves."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from newsspider.errors import OutputError
from newsspider.exporters.jekyll import laid
from newsspider.exporters.jekyll.laid import hash_of, known_hashes, note_laid
from newsspider.exporters.jekyll.renew import Kind, changes, renew
from newsspider.exporters.jekyll.scaffold import Look, lay_site, site_texts

LOOK = Look("金融消息", "zh-CN", "Asia/Shanghai", feed_id="tag:finews.example,2022:")
POST = "_layouts/post.html"

Show = Callable[[str], bytes]
OLDER = "c565070"  # before the first record


@pytest.fixture
def site(tmp_path: Path) -> Path:
    lay_site(tmp_path, LOOK)
    return tmp_path


def _kinds(site: Path) -> dict[str, Kind]:
    return {change.name: change.kind for change in changes(site)}


def _lay_older(site: Path, name: str, text: str) -> None:
    """Make a file of the site one that an older version laid."""
    (site / name).write_text(text, "utf-8")
    note_laid(site, {name: text})


def test_a_site_that_this_version_laid_has_no_changes(site: Path) -> None:
    assert changes(site) == []


def test_a_file_of_an_older_version_is_renewed(site: Path) -> None:
    new = (site / POST).read_bytes()
    _lay_older(site, POST, "older")
    assert _kinds(site) == {POST: Kind.RENEWED}
    renew(site, changes(site))
    assert (site / POST).read_bytes() == new
    assert changes(site) == []
    assert hash_of(new) in known_hashes(site)[POST]


def test_an_edited_file_stays_and_its_difference_is_shown(site: Path) -> None:
    file = site / POST
    file.write_text(file.read_text("utf-8") + "my own line\n", "utf-8")
    (change,) = changes(site)
    assert (change.name, change.kind) == (POST, Kind.EDITED)
    assert change.difference.splitlines()[:2] == [f"--- {POST}", "+++ newsspider"]
    assert change.difference.splitlines()[-1] == "-my own line"
    renew(site, changes(site))
    assert file.read_text("utf-8").endswith("my own line\n")


def test_a_deleted_file_stays_away(site: Path) -> None:
    (site / "sitemap.xml").unlink()
    (site / "404.html").unlink()
    assert _kinds(site) == {"404.html": Kind.DELETED, "sitemap.xml": Kind.DELETED}
    renew(site, changes(site))
    assert not (site / "404.html").exists()


def test_the_configuration_is_shown_with_its_own_values(site: Path) -> None:
    config = site / "_config.yml"
    text = config.read_text("utf-8").replace('owner: ""', 'owner: "Ann"')
    config.write_text(text.replace("future: true", "future: false"), "utf-8")
    (change,) = changes(site)
    assert (change.name, change.kind) == ("_config.yml", Kind.EDITED)
    added = [line[1:] for line in change.difference.splitlines()[2:] if line.startswith("+")]
    assert [line.partition(":")[0] for line in added] == ["owner", "future"]


def _without_record(site: Path) -> None:
    (site / "_newsspider/site.txt").unlink()


def test_a_site_laid_before_the_record_is_renewed(site: Path, repository: Show) -> None:
    for name in ("index.html", "_layouts/category.html", "_includes/item.html"):
        (site / name).write_bytes(repository(name))
    for name in ("archive.html", "sitemap.xml"):  # which it did not have
        (site / name).unlink()
    (site / "404.html").unlink()  # which it had
    words = yaml.safe_load((site / "_data/words.yml").read_text("utf-8"))
    del words["en"]["rights"], words["ko"]
    (site / "_data/words.yml").write_text(yaml.safe_dump(words), "utf-8")
    _without_record(site)
    found = changes(site)
    assert {change.name: change.kind for change in found} == {
        "404.html": Kind.DELETED,
        "_data/words.yml": Kind.RENEWED,
        "_includes/item.html": Kind.RENEWED,
        "_layouts/category.html": Kind.RENEWED,
        "archive.html": Kind.NEW,
        "index.html": Kind.RENEWED,
        "sitemap.xml": Kind.NEW,
    }
    renew(site, found)
    assert _kinds(site) == {"404.html": Kind.DELETED}


@pytest.fixture
def repository() -> Show:
    """Return a file of the site as an older version had it."""

    def show(name: str) -> bytes:
        path = f"{OLDER}:newsspider/exporters/jekyll/site/{name}"
        run = subprocess.run(["git", "show", path], cwd=Path(__file__).parent, capture_output=True)
        if run.returncode:
            pytest.skip("this is not a clone with history")
        return run.stdout

    return show


def test_words_that_a_person_changed_are_not_renewed(site: Path) -> None:
    words = yaml.safe_load((site / "_data/words.yml").read_text("utf-8"))
    words["zh"]["home"] = "我的首页"
    for text in (yaml.safe_dump(words), "[1, 2]", "{", "zh: 1"):
        (site / "_data/words.yml").write_text(text, "utf-8")
        assert _kinds(site) == {"_data/words.yml": Kind.EDITED}


def test_a_site_of_somebody_else_is_refused(site: Path) -> None:
    for name in site_texts(LOOK):
        (site / name).write_text("my own\n", "utf-8")
    with pytest.raises(OutputError, match="did not lay its site"):
        changes(site)


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no _config\.yml"):
        changes(tmp_path)


def test_a_record_that_a_merge_has_damaged_is_read(site: Path) -> None:
    record = site / "_newsspider/site.txt"
    lines = ["<<<<<<< ours", "", "x", f"{hash_of(b'older')} 0.2.0 {POST}", "======="]
    record.write_text(record.read_text("utf-8") + "\n".join(lines), "utf-8")
    assert changes(site) == []
    (site / POST).write_text("older", "utf-8")
    assert _kinds(site) == {POST: Kind.RENEWED}


def test_each_line_of_the_older_record_names_a_file_of_the_site() -> None:
    names = {name.as_posix() for name in site_texts(LOOK)}
    text = Path(laid.__file__).with_name("laid.txt").read_text("utf-8")
    lines = [line.split() for line in text.splitlines()[1:]]
    assert {name for _, name in lines} <= names
    assert all(len(hash_) == 64 for hash_, _ in lines)
