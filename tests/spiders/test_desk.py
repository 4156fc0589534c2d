"""Whether a crawl keeps pictures, by its options and its site, and whether it can."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from newsspider.errors import OutputError
from newsspider.pictures import decode
from newsspider.sites import load
from newsspider.sites.schema import Recipe, Site
from newsspider.spiders.desk import Desk, wanted_by
from newsspider.spiders.options import RunOptions
from newsspider.store.pictures import PictureStore


def desk(output: Path, option: str = "", of_site: str | None = None) -> Desk:
    options, site = RunOptions(images=option), load("finews")
    if of_site:
        site = Site.model_copy(site, update={"articles": Recipe(images=of_site)})  # type: ignore[arg-type]
    shared = SimpleNamespace(pictures=PictureStore(output))
    return Desk(
        options=options,
        shared=shared,  # type: ignore[arg-type]
        sites={site.name: site},
        site=site,
        wanted=partial(wanted_by, options),
        count=lambda *_: None,
        note=lambda _: None,
    )


@pytest.mark.parametrize(
    ("option", "of_site", "keeps"),
    [
        ("", None, False),
        ("local", None, True),
        ("", "local", True),
        ("link", "local", False),
        ("drop", "local", False),
        ("local", "drop", True),
    ],
)
def test_the_option_beats_the_site(
    tmp_path: Path, option: str, of_site: str | None, keeps: bool
) -> None:
    assert desk(tmp_path, option, of_site).keeps_pictures() is keeps


def test_without_pillow_a_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "can_decode", lambda: False)
    with pytest.raises(OutputError, match=r"pip install 'newsspider\[images\]'"):
        desk(tmp_path, of_site="local").keeps_pictures()
    with pytest.raises(ValueError, match=r"pip install 'newsspider\[images\]'"):
        RunOptions.checked("images", "local")
    assert RunOptions.checked("images", "link") == "link"


@pytest.mark.parametrize("name", ["assets", "assets/images", "assets/images/small"])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_foreign_folder_of_pictures_is_refused(tmp_path: Path, name: str, is_link: bool) -> None:
    place = tmp_path / "site" / name
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path) if is_link else place.write_text("x")
    with pytest.raises(OutputError, match="choose --images link"):
        desk(tmp_path / "site", "local").keeps_pictures()
