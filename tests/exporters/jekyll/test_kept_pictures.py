"""Pictures that the site keeps: shown wherever Jekyll builds it, and by whatever layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.drawn import drawn
from support.jekyll_site import build, read_page, write_post

from newsspider.exporters.jekyll.config import read_base
from newsspider.exporters.jekyll.post import with_pictures
from newsspider.exporters.jekyll.scaffold import Look, lay_site
from newsspider.pictures.decode import read_picture
from newsspider.store.pictures import PictureStore

LOOK = Look("Harbour News", "en", "Europe/Berlin", "https://news.example")
URL = "https://cdn.example/p.jpg?a=1&b=2"
BODY = '<p>Some text.</p><p><img src="https://cdn.example/p.jpg?a=1&amp;b=2" alt="The quay" /></p>'


def laid(folder: Path, **keys: str) -> Path:
    """A laid site with a post that got its picture after it was written; return the post."""
    lay_site(folder, LOOK)
    write_post(folder, "p", "A title", body=BODY, image=f'"{URL}"', **keys)
    kept = {URL: PictureStore(folder).keep(URL, read_picture(drawn()))}
    (file,) = (folder / "_posts").iterdir()
    file.write_text(with_pictures(file.read_text("utf-8"), kept, read_base(folder)), "utf-8")
    return file


@pytest.mark.parametrize("base", ["", "/news"])
def test_pictures_are_where_the_pages_look_for_them(tmp_path: Path, base: str) -> None:
    source, site = tmp_path / "source", tmp_path / "www"
    source.mkdir()
    laid(source)
    built = Path(f"{site}{base}")
    build(source, built, "--baseurl", base)
    (page,) = built.glob("cat/2022/04/26/p.html")
    (image,) = read_page(page).xpath("//div[@class='body']//img")
    assert (image.get("alt"), image.get("width"), image.get("height")) == ("The quay", "640", "400")
    (front,) = read_page(built / "index.html").xpath("//*[@class='lead']//img/@src")
    (shared,) = read_page(page).xpath("//meta[@property='og:image']/@content")
    for address in (image.get("src"), front, shared.removeprefix("https://news.example")):
        assert address.startswith(f"{base}/assets/images/")
        assert Path(f"{site}{address}").is_file(), address
    assert "/assets/images/small/" in front
    assert shared.startswith("https://news.example/")
    assert f'"image":["{shared}"]' in page.read_text("utf-8")


def test_the_base_is_in_the_post_only_for_a_layout_that_does_not_add_it(tmp_path: Path) -> None:
    assert read_base(tmp_path) == ""
    (tmp_path / "_config.yml").write_text("baseurl: /news/\n")
    assert read_base(tmp_path) == "/news"  # no layout: that of a theme
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_layouts/post.html").write_text("{{ content }}")
    assert read_base(tmp_path) == "/news"
    lay_site(tmp_path / "ours", LOOK)
    (tmp_path / "ours/_config.yml").write_text("baseurl: /news\n")
    assert read_base(tmp_path / "ours") == ""


def test_only_the_picture_and_its_key_change_in_a_post(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    text = laid(tmp_path / "site", source=f'"{URL}"').read_text("utf-8")
    assert text.count(URL) == 1  # in another key
    assert 'image: "/assets/images/' in text
    assert "<p>Some text.</p>" in text
    assert 'src="/assets/images/' in text
