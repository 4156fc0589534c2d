"""The files of kept pictures: they go with the last post that shows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.folders import FINEWS, article, publish

from newsspider.exporters.jekyll.format import Jekyll
from newsspider.store.folder import open_output
from newsspider.store.output import Output
from newsspider.store.pictures import remove_pictures

OWN, SHARED, OTHER = (f"{letter * 32}.jpg" for letter in "abc")


def names(folder: Path) -> set[str]:
    images = folder / "assets/images"
    files = {path.name for path in images.iterdir() if path.is_file()}
    assert files == {path.name for path in (images / "small").iterdir()}
    return files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets/images/small").mkdir(parents=True)
    for name in (OWN, SHARED, OTHER):
        (tmp_path / "assets/images" / name).touch()
        (tmp_path / "assets/images/small" / name).touch()
    (tmp_path / "_posts").mkdir()
    shows = '<img src="/news/assets/images/{}">'.format
    (tmp_path / "_posts/a.md").write_text(shows(OWN) + shows(SHARED))
    (tmp_path / "_posts/b.md").write_text(f"image: /assets/images/{SHARED}\n{shows(OTHER)}")
    return tmp_path


@pytest.mark.parametrize(
    ("going", "stay"), [({"a.md"}, {SHARED, OTHER}), ({"a.md", "b.md"}, set()), (set(), None)]
)
def test_pictures_go_that_no_other_post_shows(
    folder: Path, going: set[str], stay: set[str] | None
) -> None:
    remove_pictures(folder, folder / "_posts", going)
    assert names(folder) == ({OWN, SHARED, OTHER} if stay is None else stay)


def test_a_post_that_names_another_file_removes_nothing_else(folder: Path) -> None:
    (folder / "_posts/a.md").write_text("/assets/images/../../_config.yml /assets/images/x.jpg")
    os.mkfifo(folder / "_posts/fifo.md")
    (folder / "_config.yml").touch()
    remove_pictures(folder, folder / "_posts", {"a.md", "fifo.md"})
    assert (folder / "_config.yml").exists() and len(names(folder)) == 3


@pytest.mark.parametrize("retires", [True, False])
def test_a_removed_post_takes_its_pictures_along(folder: Path, retires: bool) -> None:
    (folder / "_posts/a.md").unlink()
    publish(folder, [article(body=f'<p>x</p><img src="/assets/images/{OWN}">')])
    output = opened(folder)
    (post,) = output.ledger.published()
    if retires:
        output.retire([post])
    else:
        output.take_down(post, "a letter")
    output.close()
    assert names(folder) == {SHARED, OTHER}


def opened(folder: Path) -> Output:
    format = Jekyll(lambda each: FINEWS.recipe(FINEWS.articles))
    return open_output(folder, dry=False, sites=(FINEWS,), posts="_posts", read=format.read)
