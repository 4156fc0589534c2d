"""The file of `-o`: JSON Lines are appended to, any other format has the articles of a run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from support.cli import Cli

from newsspider.crawling.feeds import LINES, Feed
from newsspider.errors import OutputError
from newsspider.exporters.export import MARK
from newsspider.exporters.writers import WRITERS
from newsspider.model import EXPORTED

LINK = "NW202204262359811335"
CATEGORY = "finews/renminyoudianbao"
ENDINGS = sorted({ending for writer in WRITERS.values() for ending in writer.endings})
WRITTEN_AT_THE_END = [ending for ending in ENDINGS if not ending.endswith(LINES)]


def test_a_file_of_another_format_has_the_articles_of_its_run(cli: Cli) -> None:
    assert cli("crawl", CATEGORY, "-o", "first.csv").code == 0
    posts = len(cli.names)
    with (cli.folder / "first.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == posts > 2
    assert cli("export", "all.csv").code == 0
    assert (cli.folder / "first.csv").read_bytes() == (cli.folder / "all.csv").read_bytes()
    # The next run has one article more, and its file that one alone.
    assert cli("share", LINK, "-o", "first.csv").code == 0
    with (cli.folder / "first.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == LINK
    for ending in WRITTEN_AT_THE_END:
        _finish(cli, cli.folder / f"again{ending}")
        assert cli("export", f"all{ending}").code == 0
        one, other = (cli.folder / f"{name}{ending}" for name in ("again", "all"))
        assert _bytes(one) == _bytes(other), ending


def _finish(cli: Cli, path: Path) -> None:
    """What a run does that has published all articles of the folder."""
    records = (cli.folder / "output/site/_newsspider/records").glob("*.jsonl")
    keys = [
        json.loads(line)["key"] for file in records for line in file.read_text("utf-8").splitlines()
    ]
    with Feed(path) as feed:
        (lines,) = feed.settings
        Path(lines).write_text("".join(json.dumps({"key": key}) + "\n" for key in keys))
        feed.finish(cli.folder / "output/site")
    assert not Path(lines).exists()


def _bytes(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {
        str(file.relative_to(path)): file.read_bytes() for file in files if file.suffix != ".epub"
    }


def test_the_articles_go_to_standard_output_alone(cli: Cli) -> None:
    ran = cli("share", LINK, "-o", "-")
    assert ran.code == 0
    (line,) = ran.out.splitlines()
    assert json.loads(line)["id"] == LINK
    assert "1 found" in ran.err or "written" in ran.err


def test_a_run_without_an_article_writes_a_file_without_one(tmp_path: Path) -> None:
    with Feed(tmp_path / "none.csv") as feed:
        feed.finish(tmp_path)
    assert len((tmp_path / "none.csv").read_text("utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "said"), [("folder.csv", "is a folder"), ("mine.parquet", "not an earlier export")]
)
def test_what_is_in_the_way_is_known_before_the_run(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "a.txt").write_text("mine")
    with pytest.raises(OutputError, match=said):
        Feed(tmp_path / name)
    (tmp_path / name / MARK).touch()
    if name.endswith(".parquet"):
        with Feed(tmp_path / name):
            pass


def test_a_missing_folder_is_known_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Feed(tmp_path / "no/file.csv")


def test_a_remote_storage_of_scrapy_gets_the_articles_of_a_crawl_in_one_file(cli: Cli) -> None:
    (cli.folder / "remote").mkdir()
    feeds = {f"kept://{cli.folder}/remote/%(time)s.jsonl": {"format": "jsonlines"}}
    storages = {"kept": "kept_storage.KeptStorage"}  # in tests/support, like the launcher
    settings = (f"FEEDS={json.dumps(feeds)}", f"FEED_STORAGES={json.dumps(storages)}")
    ran = cli("crawl", CATEGORY, "--limit", "2", "-s", settings[0], "-s", settings[1])
    assert ran.code == 0, ran.err
    (file,) = (cli.folder / "remote").iterdir()
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [list(row) for row in rows] == [list(EXPORTED)] * 2


def test_an_address_is_no_file(cli: Cli) -> None:
    ran = cli("crawl", CATEGORY, "-o", "s3://news/articles.csv")
    assert ran.code == 2 and "is an address: name a file" in " ".join(ran.err.split())
    assert not cli.names
