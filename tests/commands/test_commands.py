"""The command line: what it says of bad input, and that its help is worth reading."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from newsroom import Newsroom
from support import ROOT
from support.cli import POSTS, SEED, Cli, Ran

from newsspider.commands import COMMANDS, main
from newsspider.sites.schema import Site
from newsspider.store.sqlite.ledger import SqliteLedger

BAD = {
    "an unknown site": (["crawl", "finewz/x"], "did you mean finews"),
    "a category that climbs": (["crawl", "finews/../x"], "not a category name"),
    "a category with a shell's mind": (["crawl", "finews/a;b"], "not a category name"),
    "a mistyped category": (["crawl", "finews/renmin;youdianbao"], "renminyoudianbao"),
    "no category": (["crawl", "finews/"], "not a category name"),
    "no target": (["crawl"], "there is no newsspider.yml here"),
    "a strange address": (["crawl", "ftp://example.com/a"], "not an http or https address"),
    "a strange link": (["share", "ftp://example.com/a"], "neither an address"),
    "a short infoCode": (["share", "NW123"], "neither an address"),
    "a long infoCode": (["share", "NW2022042623598113351"], "neither an address"),
    "no link": (["share", "-"], "no link was given"),
    "no file of links": (["share", "@missing"], "No such file"),
    "a limit that is no number": (["crawl", "finews/x", "--limit", "abc"], "--limit"),
    "a limit of nothing": (["crawl", "finews/x", "--limit", "0"], "--limit"),
    "no pages": (["crawl", "finews/x", "--max-pages", "-1"], "--max-pages"),
    "a nonsense day": (["crawl", "finews/x", "--since", "2022-02-30"], "--since"),
    "a nonsense age": (["crawl", "finews/x", "--since", "soon"], "--since"),
    "an unknown profile": (["crawl", "finews/x", "--profile", "nice"], "seed, reader"),
    "an address without a port": (["crawl", "finews/x", "--connect-to", "host"], "HOST:PORT"),
    "a setting without a value": (["crawl", "finews/x", "-s", "foo"], "-s NAME=VALUE"),
    "a setting of the wrong kind": (["crawl", "finews/x", "-s", "DOWNLOAD_DELAY=abc"], "'abc'"),
    "a limit by setting": (["crawl", "finews/x", "-s", "NEWS_LIMIT=abc"], "NEWS_LIMIT"),
    "a profile by setting": (["crawl", "finews/x", "-s", "NEWS_PROFILE=abc"], "seed, reader"),
    "a switch by setting": (
        ["crawl", "finews/x", "-s", "ROBOTSTXT_OBEY=perhaps"],
        "ROBOTSTXT_OBEY",
    ),
    "a timeout that is not a number": (
        ["crawl", "finews/x", "-s", "DOWNLOAD_TIMEOUT=nan"],
        "-s DOWNLOAD_TIMEOUT=nan: 'nan' is not a number",
    ),
    "an endless delay": (["crawl", "finews/x", "-s", "DOWNLOAD_DELAY=inf"], "is not a number"),
    "spiders of another module": (
        ["crawl", "finews/x", "-s", "SPIDER_MODULES=os"],
        "-s SPIDER_MODULES=os: newsspider needs this setting as it is",
    ),
    "no pipelines": (["crawl", "finews/x", "-s", "ITEM_PIPELINES={}"], "as it is"),
    "no article at once": (
        ["crawl", "finews/x", "-s", "CONCURRENT_ITEMS=0"],
        "-s CONCURRENT_ITEMS=0: must be at least 1",
    ),
    "no request at once": (["crawl", "finews/x", "-s", "CONCURRENT_REQUESTS=0"], "at least 1"),
    "no threads": (["crawl", "finews/x", "-s", "REACTOR_THREADPOOL_MAXSIZE=0"], "at least 1"),
    "a negative timeout": (["crawl", "finews/x", "-s", "DOWNLOAD_TIMEOUT=-1"], "negative"),
    "a setting that names no class": (["crawl", "finews/x", "-s", "SCHEDULER=x"], "cannot start"),
    "a setting that Scrapy reads last": (
        ["crawl", "finews/x", "-s", "TWISTED_DNS_RESOLVER=x"],
        "cannot start",
    ),
    "another project's spiders": (["crawl", "finewz/x", "-s", "SPIDER_MODULES=none"], "finews"),
    "a feed of no kind": (["crawl", "finews/x", "-o", "feed.doc"], ".jsonl"),
    "a feed of posts that are not written": (
        ["crawl", "finews/x", "--dry-run", "-o", "a.csv"],
        "--dry-run writes no posts",
    ),
    "a feed in no folder": (["crawl", "finews/x", "-o", "no/feed.jsonl"], "cannot be written"),
    "a log in no folder": (["crawl", "finews/x", "--log-file", "no/log"], "--log-file"),
    "no folder of site files": (["crawl", "finews/x", "--sites", "none"], "no folder none"),
    "an unknown option": (["crawl", "finews/x", "--bogus"], "--bogus"),
    "an unknown command": (["crwal"], "crwal"),
    "an address without its scheme": (
        ["crawl", "example.com/news"],
        "did you mean https://example.com/news?",
    ),
    "half a scheme": (
        ["crawl", "https:/example.com/news"],
        "did you mean https://example.com/news?",
    ),
    "a port without a scheme": (
        ["crawl", "localhost:8000"],
        "did you mean https://localhost:8000?",
    ),
    "a shared address without its scheme": (
        ["share", "www.example.com/a"],
        "did you mean https://www.example.com/a?",
    ),
    "an added address without its scheme": (
        ["add", "example.com"],
        "did you mean https://example.com?",
    ),
    "a category as a link": (["share", "bbc/world"], "newsspider crawl bbc/world"),
    "a site as a link": (["share", "bbc"], "to crawl it: newsspider crawl bbc"),
    "an argument that is missing": (["add"], "'URL': see newsspider add --help"),
    "an option of another command": (["share", "x", "--max-pages", "3"], "see newsspider share"),
    "an argument too many": (["schema", "site", "run"], "(run): see newsspider schema --help"),
    "a port that is no number": (["serve", "--port", "x"], "'--port': must be a whole number"),
    "a site as a command": (["bbc/world"], "newsspider crawl bbc/world"),
    "an address as a command": (["https://example.com/"], "newsspider crawl takes the address"),
    "a category beside its site": (["crawl", "bbc", "world"], "did you mean bbc/world?"),
    "a host that no public suffix ends": (
        ["crawl", "news.internal/world"],
        "did you mean https://news.internal/world?",
    ),
    "an article as a category": (
        ["crawl", "NW202204262359811335"],
        "newsspider share NW202204262359811335",
    ),
    "a site file as a site": (["check", "sites/bbc.yml"], "did you mean bbc?"),
    "a category that the site lacks": (["check", "bbc/wrold"], "did you mean world?"),
    "a site file to crawl": (["crawl", "bbc.yml"], "did you mean bbc?"),
    "saved pages of a category": (["test", "finews/x"], "did you mean finews?"),
    "categories of a category": (["sites", "bbc/world"], "did you mean bbc?"),
    "a schema of nothing": (["schema", "nothing"], "for 'kind': 'nothing' is not one of"),
    "an endless file of links": (["share", "@/dev/zero"], "more than 20,000,000 characters"),
    "a folder of links": (["share", "@."], "directory"),
    "an empty target": (["crawl", ""], "no site is called ''"),
    "a slash": (["crawl", "/"], "no site is called ''"),
    "a path": (["crawl", "../../etc/passwd"], "no site is called '..'"),
    "a control character": (["crawl", "bbc\x1b[2J"], "no site is called 'bbc\\x1b[2J'"),
    "a limit that is no whole number": (["crawl", "finews/x", "--limit", "1.5"], "--limit"),
    "an endless wait": (["crawl", "finews/x", "--wait-limit", "inf"], "--wait-limit"),
    "a port beyond the last": (["crawl", "finews/x", "--connect-to", "a:70000"], "HOST:PORT"),
    "rules in no folder": (["crawl", "finews/x", "--ftr", "none"], "--ftr"),
    "an option without its value": (["crawl", "finews/x", "--limit"], "--limit"),
    "an address to test": (["test", "https://example.com/"], "no site is called"),
    "a bad name for a site": (["add", "https://example.com/", "--name", "A B"], "not a site name"),
    "an address of a file": (["add", "file:///etc/passwd"], "not an http or https address"),
    "an output that is a file": (["crawl", "finews/x", "-O", "file"], "cannot be written"),
}


AT_START = ("DOWNLOAD_DELAY", "SCHEDULER", "file")  # told when a crawl starts: Scrapy's to read


@pytest.mark.parametrize("case", [case for case in BAD if BAD[case][0][-1].startswith(AT_START)])
def test_bad_input_found_at_the_start_of_a_crawl_is_one_clear_line(cli: Cli, case: str) -> None:
    arguments, said = BAD[case]
    (cli.folder / "file").write_text("in the way")
    ran = cli(*arguments)
    _check(ran, said)


@pytest.mark.parametrize(
    "case", [case for case in BAD if not BAD[case][0][-1].startswith(AT_START)]
)
def test_bad_input_is_one_clear_line_and_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: str,
) -> None:
    arguments, said = BAD[case]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    _check(Ran(int(str(ended.value.code)), out, err), said)


def _check(ran: Ran, said: str) -> None:
    assert ran.code == 2, ran
    lines = ran.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("newsspider: "), ran.err
    assert said in lines[0]
    assert ran.out == ""


def test_a_broken_site_file_is_told_with_its_line(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    text = "title: X\nlisting:\n  url: https://x.example/{slug}\n  kind: jsn\n"
    (cli.folder / "sites/broken.yml").write_text(text)
    ran = cli("crawl", "broken/x")
    assert (ran.code, ran.err) == (
        2,
        "newsspider: sites/broken.yml:4: listing.kind: 'jsn' is not one of html, json, feed, "
        "sitemap\n",
    )


def test_a_broken_site_file_stops_no_crawl_of_another(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites/broken.yml").write_text("title: [")
    ran = cli("crawl", "finews/renminyoudianbao", "--limit", "1")
    assert ran.code == 0
    assert "sites/broken.yml:" in ran.err


def test_one_bad_link_among_several_is_counted_and_the_others_go_on(cli: Cli) -> None:
    ran = cli("share", "NW202204262359811335", "harbour")
    assert ran.code == 1
    assert "NoSite 1" in ran.out
    assert "no site takes this link: harbour" in ran.out
    assert cli.names == [SEED]


def test_links_come_from_a_file_and_from_standard_input(cli: Cli) -> None:
    (cli.folder / "links.txt").write_text("NW202204262359811335\n\n")
    assert cli("share", "@links.txt").code == 0
    assert cli("share", "-", stdin="NW202204212352227421\n").code == 0
    assert len(cli.names) == 2


def test_windows_gets_one_line_in_place_of_an_import_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from newsspider.__main__ import main as started

    with monkeypatch.context() as windows, pytest.raises(SystemExit) as ended:
        windows.setattr("sys.platform", "win32")
        started()
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("newsspider: runs on Linux, macOS and WSL")


def test_comments_in_a_file_of_links(cli: Cli) -> None:
    (cli.folder / "links.txt").write_text(
        "\ufeff# to read later\nNW202204262359811335  # the first\n\t#NW202204212352227421\n",
        "utf-8",
    )
    ran = cli("share", "@links.txt")
    assert (ran.code, cli.names) == (0, [SEED]), ran


def test_a_removed_post_that_is_shared_again_says_so(cli: Cli) -> None:
    cli("share", "NW202204262359811335")
    (cli.posts / SEED).unlink()
    ran = cli("share", "NW202204262359811335")
    assert ran.code == 0
    assert "NW202204262359811335: its post was removed, and is not written again" in ran.out
    assert "Removed 1" in ran.out and "Nothing new" not in ran.out


def test_the_users_own_site_file_wins(cli: Cli) -> None:
    import newsspider.sites

    text = (newsspider.sites.BUILT_IN / "finews.yml").read_text("utf-8")
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites/finews.yml").write_text(
        text.replace("tag: '{source}新闻'", "tag: '{source}要闻'"), "utf-8"
    )
    cli("share", "NW202204262359811335")
    assert "tags: 人民邮电报要闻" in (cli.posts / SEED).read_text("utf-8")


def test_sites_lists_sites_and_categories(cli: Cli) -> None:
    assert "finews" in cli("sites").out
    one = cli("sites", "finews").out
    assert "finews/renminyoudianbao" in one
    assert "only when named" in one
    assert cli("sites", "nosuch").code == 2


def test_the_schema_takes_the_built_in_site_file(cli: Cli) -> None:
    schema = json.loads(cli("schema").out)
    import newsspider.sites

    values = yaml.safe_load((newsspider.sites.BUILT_IN / "finews.yml").read_text("utf-8"))
    assert set(values) <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert Site.model_validate(values).name == "finews"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_has_placeholders_and_no_types(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's types say nothing to a person who types a command."""
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert f"Usage: newsspider {command} [OPTIONS]" in shown
    assert not re.search(r"<\w+\[|<(str|path|int range|int|float)>|(\.\.\.|…)\}?\]?\.\.\.", shown)


def test_a_message_that_names_no_value_calls_none_invalid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["sites", "--sites", str(tmp_path / "none")])
    assert end.value.code == 2
    assert capsys.readouterr().err == f"newsspider: --sites: there is no folder {tmp_path}/none\n"


@pytest.mark.parametrize("command", ["", "crawl", "share", "sites", "schema", "demo"])
def test_help_is_there_and_asks_for_nothing(cli: Cli, command: str) -> None:
    ran = cli(*filter(None, [command]), "--help")
    assert ran.code == 0
    assert "Usage" in ran.out


def test_the_demo_writes_the_seed_and_says_how_to_look(tmp_path: Path) -> None:
    ran = Cli(tmp_path, None)("demo")
    assert ran.code == 0
    seed = tmp_path / "output/demo/_posts" / SEED
    assert seed.read_bytes() == (POSTS / SEED).read_bytes()
    assert "jekyll serve --source output/demo" in ran.out


def test_scrapy_crawl_works_as_such(cli: Cli, newsroom: Newsroom) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [
            *(sys.executable, "-m", "scrapy", "crawl", "category"),
            *("-a", "site=finews", "-a", "category=renminyoudianbao"),
            *("-s", f"NEWS_OUTPUT={cli.folder / 'output/site'}"),
        ],
        cwd=ROOT,
        env=cli.environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert SEED in cli.names
    ledger = SqliteLedger(cli.folder / "output/site/.newsspider/ledger.sqlite")
    (counts,) = ledger.counts("finews/renminyoudianbao", 9)
    ledger.close()
    assert counts["written"] == len(cli.names)


def test_a_folder_of_other_files_does_not_become_a_site(cli: Cli) -> None:
    (cli.folder / "thesis").mkdir()
    (cli.folder / "thesis/chapter.tex").write_text("mine")
    ran = cli("share", "NW202204262359811335", "-O", "thesis")
    assert ran.code == 2
    assert ran.err == (
        "newsspider: thesis: is not empty and no site of newsspider: name an empty or a new folder "
        "with --output; a site of your own is recognised by its _config.yml\n"
    )
    assert [path.name for path in (cli.folder / "thesis").iterdir()] == ["chapter.tex"]


def test_a_jekyll_site_of_ones_own_gets_posts_and_no_page_that_it_cannot_show(cli: Cli) -> None:
    cli.posts.parent.mkdir(parents=True)
    (cli.posts.parent / "_config.yml").write_text("theme: minima\n")
    assert cli("share", "NW202204262359811335").code == 0
    names = {path.name for path in cli.posts.parent.iterdir()}
    assert names == {"_config.yml", "_posts", "_newsspider", ".newsspider"}
    assert cli.names == [SEED]


def test_a_jekyll_site_with_a_layout_for_categories_gets_their_pages(cli: Cli) -> None:
    (cli.posts.parent / "_layouts").mkdir(parents=True)
    (cli.posts.parent / "_layouts/category.html").write_text("{{ content }}")
    (cli.posts.parent / "_config.yml").write_text("theme: minima\n")
    assert cli("share", "NW202204262359811335").code == 0
    assert (cli.posts.parent / "category/renminyoudianbao.html").is_file()
