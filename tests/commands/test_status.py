"""`newsspider status`: how the sources are doing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from newsroom import Newsroom
from support.cli import Cli
from support.fetching import Server, http, site

FILE = """\
sources:
  - source: finews/renminyoudianbao
    every: 1h
    limit: 2
  - source: https://down.example/
    name: down
    every: 5m
  - source: finews/yangshixinwenkehuduan
"""


def test_before_the_first_run_there_is_nothing_to_show(cli: Cli) -> None:
    ran = cli("status")
    assert (ran.code, ran.out) == (0, "Nothing was crawled here yet.\n")
    ran = cli("status", "finews")
    assert (ran.code, "'finews' was never crawled here; the known sources: none" in ran.err) == (
        2,
        True,
    )
    assert not (cli.folder / "output").exists()
    for format in ("table", "json"):
        ran = cli("status", "--output", "nowhere", "--format", format)
        assert (ran.code, ran.out) == (2, "")
        assert "nowhere: is no folder: name that of a crawl with --output" in ran.err


def test_the_sources_of_newsspider_yml_and_all_that_was_crawled(
    cli: Cli, newsroom: Newsroom
) -> None:
    (cli.folder / "newsspider.yml").write_text(FILE)
    for source in ("finews/renminyoudianbao", "down"):
        cli("crawl", "--source", source)
    assert cli("crawl", "finews/emnews", "--limit", "1").code == 0
    ran = cli("status", "--format", "json")
    assert ran.code == 0, ran.err
    rows = {row["source"]: row for row in json.loads(ran.out)["sources"]}
    assert list(rows) == [
        "finews/renminyoudianbao",
        "down",
        "finews/yangshixinwenkehuduan",
        "finews/emnews",
    ]
    fine, failed, never, other = rows.values()
    assert (fine["health"], fine["why"], fine["counts"]["written"]) == ("fine", "2 new", 2)
    assert fine["last_new"] == fine["last_crawl"] < fine["next_due"]
    assert (failed["health"], failed["last_new"]) == ("failed", None)
    assert failed["why"] == "https://down.example/ cannot be read: Http404"
    assert (never["health"], never["last_crawl"]) == ("never crawled", None)
    assert other["next_due"] is None
    ran = cli("status")
    (row,) = [line for line in ran.out.splitlines() if line.startswith("finews/renminyou")]
    assert row.rstrip().endswith("fine: 2 new")
    assert "nothing new for" not in ran.out
    only = json.loads(cli("status", "down", "--format", "json").out)["sources"]
    assert only == [failed]
    site = json.loads(cli("status", "finews", "--format", "json").out)["sources"]
    assert len(site) == 3


def test_each_run_writes_its_record_and_the_page_but_a_dry_run_does_not(cli: Cli) -> None:
    ran = cli("status", "--open")
    assert (ran.code, "no run has written its page yet" in ran.err) == (2, True)
    assert cli("crawl", "finews/renminyoudianbao", "--limit", "1", "--dry-run").code == 0
    folder = cli.folder / "output/site/.newsspider"
    assert not folder.exists()
    assert cli("crawl", "finews/renminyoudianbao", "--limit", "1").code == 0
    (file,) = (folder / "runs").iterdir()
    record = json.loads(file.read_text("utf-8"))
    assert (record["id"], record["exit_code"]) == (file.stem, 0)
    assert record["sources"]["finews/renminyoudianbao"]["written"] == 1
    ran = cli("status", "--open")
    assert (ran.code, ran.out) == (0, "output/site/.newsspider/report.html\n")
    assert "finews/renminyoudianbao" in (cli.folder / ran.out.strip()).read_text("utf-8")


def test_a_broken_source_is_explained_by_the_report_of_its_last_crawl(tmp_path: Path) -> None:
    cli = site(tmp_path, "news.example")
    (tmp_path / "newsspider.yml").write_text("sources:\n  - {source: attack/x, name: paper}\n")
    with Server({"/robots.txt": http(status=404), "/": http(status=404)}) as server:
        assert cli("crawl", "--connect-to", server.address).code == 4
    (row,) = json.loads(cli("status", "--format", "json").out)["sources"]
    assert row["health"] == "broken"
    assert "the address of its listing is gone: http://news.example/ answers 404" in row["why"]
    shutil.rmtree(tmp_path / "output/site/.newsspider/runs")  # as in a clone
    (row,) = json.loads(cli("status", "--format", "json").out)["sources"]
    assert row["why"] == "listing; the report of the crawl says more"
