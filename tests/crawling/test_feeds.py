"""The file of `-o`: JSON Lines are appended to, any other format has the articles of a run."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest
from support.cli import Cli
from support.ftp import FtpServer

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


@pytest.mark.parametrize("ending", ["csv", "jsonl", "epub", "sqlite"])
def test_a_remote_file_has_the_articles_of_its_run(cli: Cli, ending: str) -> None:
    (cli.folder / "remote").mkdir()
    storages = {"kept": "kept_storage.KeptStorage"}
    target = f"kept://{cli.folder}/remote/%(time)s.{ending}"
    local = cli("crawl", CATEGORY, "--limit", "2", "-o", f"local.{ending}", "-O", "one")
    remote = cli(
        *("crawl", CATEGORY, "--limit", "2", "-o", target, "-O", "two"),
        *("-s", f"FEED_STORAGES={json.dumps(storages)}"),
    )
    assert (local.code, remote.code) == (0, 0), remote.err
    (file,) = (cli.folder / "remote").iterdir()
    if ending in ("csv", "jsonl"):
        one, other = (_ids(path) for path in (cli.folder / f"local.{ending}", file))
        assert one == other and len(one) == 2
    assert file.stat().st_size > 0


def _ids(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file) if path.suffix == ".csv" else map(json.loads, file)
        return sorted(row["id"] for row in rows)


def test_a_file_is_uploaded_to_an_ftp_server(cli: Cli) -> None:
    with FtpServer() as server:
        target = f"ftp://ada:secret@127.0.0.1:{server.port}/news/today.csv"
        for _ in range(2):  # the second run has no article
            ran = cli("crawl", CATEGORY, "--limit", "2", "--max-pages", "1", "-o", target)
            assert ran.code == 0, ran.err
        assert server.number == 2
        assert list(server.files) == ["/news/today.csv"]


def test_a_failed_upload_is_reported_without_the_password(cli: Cli) -> None:
    with FtpServer() as server:
        target = f"ftp://ada:wrong@127.0.0.1:{server.port}/today.jsonl"
        ran = cli("crawl", CATEGORY, "--limit", "1", "-o", target)
    said = " ".join((ran.out + ran.err).split())
    assert ran.code == 2
    assert "ftp://127.0.0.1/today.jsonl: cannot be uploaded" in said
    assert "530 wrong password" in said
    assert "ada:wrong" not in said
    assert cli.names  # the posts are written


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("gopher://host/a.csv", "gopher:// is not one of ftp"),
        ("s3://ada:secret@news/a.csv", "-o s3://news/a.csv: cannot be written: missing boto3"),
        ("ftp:///a.csv", "host"),
        ("ftp://host/a.parquet", "this format has several files"),
        ("ftp://host/a.xyz", "the ending of '/a.xyz' names no format"),
        ("file:///tmp/a.csv", "file:// is not one of ftp"),
    ],
)
def test_an_address_that_cannot_be_used_is_known_before_the_run(
    cli: Cli, target: str, said: str
) -> None:
    if "boto3" in said and importlib.util.find_spec("boto3"):
        pytest.skip("boto3 is installed")
    ran = cli("crawl", CATEGORY, "-o", target)
    assert ran.code == 2 and said in " ".join(ran.err.split()), ran.err
    assert not cli.names


def test_a_dry_run_uploads_nothing(cli: Cli) -> None:
    ran = cli("crawl", CATEGORY, "--dry-run", "-o", "ftp://host/a.jsonl")
    assert ran.code == 2 and "--dry-run writes no posts" in " ".join(ran.err.split())
