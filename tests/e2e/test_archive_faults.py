"""Killed at any step, the disk full at any write: with an archive no article is lost either, and
`newsspider render` is finished by the next one."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from newsroom import Newsroom
from support.runs import MEMORY, Runs, check_promises, ledger_of, site_of

from newsspider.sites import BUILT_IN
from newsspider.store.archive import open_archive

CRAWL = ("crawl", "finews/renminyoudianbao", "-s")


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with Newsroom() as newsroom, TemporaryDirectory(dir=MEMORY) as folder:
        yield Runs(Path(folder) / "site", newsroom.address)


def in_folder(runs: Runs, name: str, template: Path | None = None) -> Runs:
    runs.folder = runs.folder.with_name(name)
    if template is not None:
        shutil.copytree(template, runs.folder)
    return runs


def archived(folder: Path) -> dict[str, list[bytes]]:
    """The bodies of each archived article."""
    with closing(open_archive(folder)) as archive:
        articles = map(archive.article, archive.keys_of())
        return {each.key: [archive.body(page) for page in each.pages] for each in articles if each}


@pytest.fixture(scope="module")
def crawled(runs: Runs) -> tuple[Path, int]:
    """The folder of a crawl that nothing disturbs, and its steps."""
    ended = in_folder(runs, "crawled")(*CRAWL, "NEWS_ARCHIVE=1")
    assert ended.code == 0, ended.said
    assert len(archived(runs.folder)) == len(list((runs.folder / "_posts").iterdir())) > 3
    return runs.folder, ended.steps


@pytest.mark.parametrize(
    ("fault", "kind"), [("kill", "1"), ("full", "1"), ("kill", "warc"), ("full", "warc")]
)
def test_whatever_happens_in_a_crawl_the_next_one_archives_all(
    runs: Runs, crawled: tuple[Path, int], fault: str, kind: str
) -> None:
    whole, steps = crawled
    crawl = (*CRAWL, f"NEWS_ARCHIVE={kind}")
    for at in sorted(random.Random(f"{fault} {kind}").sample(range(2, steps), 3)):
        ended = in_folder(runs, f"{fault}-{kind}-{at}")(*crawl, fault=fault, at=at)
        assert ended.code == -signal.SIGKILL or fault == "full", (at, ended)
        check_promises(runs.folder, site_of(whole))
        again = runs(*crawl)
        assert again.code == 0, (at, ended.last, again.said)
        assert site_of(runs.folder) == site_of(whole), (at, ended.last)
        assert ledger_of(runs.folder) == ledger_of(whole), (at, ended.last)
        assert archived(runs.folder) == archived(whole), (at, ended.last)


@pytest.fixture(scope="module")
def rendered(runs: Runs, crawled: tuple[Path, int]) -> Iterator[tuple[Path, int]]:
    """The folder after a change of the profile was rendered, and the steps of that."""
    sites = runs.folder.with_name("sites")
    sites.mkdir()
    text = (BUILT_IN / "finews.yml").read_text("utf-8")
    (sites / "finews.yml").write_text(text.replace("profile: seed", "profile: reader"), "utf-8")
    ended = in_folder(runs, "rendered", crawled[0])("render")
    assert ended.code == 0, ended.said
    assert site_of(runs.folder) != site_of(crawled[0])
    yield runs.folder, ended.steps
    shutil.rmtree(sites)


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_whatever_happens_while_posts_are_rendered_the_next_time_does_the_rest(
    runs: Runs, crawled: tuple[Path, int], rendered: tuple[Path, int], fault: str
) -> None:
    before, (whole, steps) = site_of(crawled[0]), rendered
    for at in sorted(random.Random(len(fault)).sample(range(2, steps), 5)):
        ended = in_folder(runs, f"render-{fault}-{at}", crawled[0])("render", fault=fault, at=at)
        where = (at, ended.last, ended.said)
        if fault == "kill":
            assert ended.code == -signal.SIGKILL, where
        else:
            assert ended.code in (0, 1, 2), where
            if ended.code:
                assert "cannot be" in ended.said.strip().splitlines()[-1], where
        for name, data in site_of(runs.folder).items():
            if name.startswith("_posts/"):
                assert data in (before[name], site_of(whole)[name]), where
        again = runs("render")
        assert again.code == 0, (*where, again.said)
        assert site_of(runs.folder) == site_of(whole), where
        assert archived(runs.folder) == archived(whole), where
        assert " 0 rewritten" in runs("render").said, where
