"""`newsspider init`: the folder that it starts crawls, and nothing that exists is overwritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from newsroom import Newsroom
from support.cli import Cli, program

from newsspider.crawling.project import load_project
from newsspider.exporters.jekyll.laid import note_laid

BASE = "https://www.harbourgazette.example"
NAME = "harbourgazette-example"


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_the_categories_of_known_sites_are_sources_as_they_are(cli: Cli) -> None:
    ran = cli("init", "finews/emnews", "finews/emnews", "finews/renminyoudianbao")
    assert (ran.code, ran.out) == (0, "Wrote newsspider.yml. Next: newsspider crawl\n"), ran.err
    assert files(cli.folder) == ["newsspider.yml"]
    project = load_project(cli.folder / "newsspider.yml")
    sources = [(source.source, source.every) for source in project.sources]
    assert sources == [("finews/emnews", "1h"), ("finews/renminyoudianbao", "1h")]
    assert cli("crawl", "--source", "finews/renminyoudianbao").code == 0
    assert cli.names


def test_an_address_gets_a_site_file_and_its_category_is_the_source(cli: Cli) -> None:
    ran = cli("init", f"{BASE}/latest", f"{BASE}/app", "finews/emnews")
    assert ran.code == 0, ran.err
    project = load_project(cli.folder / "newsspider.yml")
    labels = [source.source for source in project.sources]
    assert labels == [f"{NAME}/latest", f"{NAME}/app", "finews/emnews"]
    assert cli("crawl", "--source", f"{NAME}/latest").code == 0
    assert cli.names


def test_an_address_that_was_added_before_is_a_source_and_nothing_is_asked(
    cli: Cli, newsroom: Newsroom
) -> None:
    assert cli("add", f"{BASE}/latest").code == 0
    before = len(newsroom.requests)
    assert cli("init", f"{BASE}/latest").code == 0
    assert len(newsroom.requests) == before
    project = load_project(cli.folder / "newsspider.yml")
    assert [source.source for source in project.sources] == [f"{NAME}/latest"]


def test_without_a_target_it_crawls_nothing_until_a_source_is_named(cli: Cli) -> None:
    ran = cli("init", "--output", ".")
    assert ran.code == 0, ran.err
    file = cli.folder / "newsspider.yml"
    assert load_project(file).output == "."
    ran = cli("crawl")
    assert (ran.code, "names no source" in ran.err) == (2, True)
    example = file.read_text("utf-8").replace("# - source", "- source").replace("#   ", "  ")
    file.write_text(example, "utf-8")
    (source,) = load_project(file).sources
    assert (source.source, source.limit) == ("globalvoices/latest", 50)
    assert load_project(file).jobs(cli.folder / "sites")


def test_a_file_that_exists_is_never_overwritten(cli: Cli, newsroom: Newsroom) -> None:
    file = cli.folder / "newsspider.yml"
    file.write_text("mine")
    ran = cli("init", f"{BASE}/latest")
    assert (ran.code, file.read_text(), newsroom.requests) == (2, "mine", [])
    assert "newsspider.yml exists already: add to it, under `sources`," in ran.err
    assert f"`- source: {BASE}/latest`" in ran.err
    assert files(cli.folder) == ["newsspider.yml"]


SCHEDULES = {
    "--github": [".github/workflows/newsspider.yml"],
    "--cron": ["newsspider.cron"],
    "--systemd": ["newsspider.service", "newsspider.timer"],
}


@pytest.mark.parametrize("flag", SCHEDULES)
def test_a_schedule_is_written_once_beside_what_exists(cli: Cli, flag: str) -> None:
    assert cli("init", "finews/emnews", "--output", "news", flag).code == 0
    assert files(cli.folder) == sorted([*SCHEDULES[flag], "newsspider.yml"])
    first, *_ = SCHEDULES[flag]
    text = (cli.folder / first).read_text("utf-8")
    (cli.folder / first).write_text("mine")
    ran = cli("init", flag)
    assert (ran.code, f"{first} exists already: rename or delete it" in ran.err) == (2, True)
    for name in SCHEDULES[flag]:
        (cli.folder / name).unlink()
    ran = cli("init", flag)
    assert (ran.code, "newsspider.yml" in ran.out) == (0, flag == "--github"), ran.err
    assert (cli.folder / first).read_text("utf-8") == text


def test_a_folder_of_other_files_is_not_written_down_as_the_site(cli: Cli) -> None:
    (cli.folder / "thesis").mkdir()
    (cli.folder / "thesis/chapter.tex").write_text("mine")
    ran = cli("init", "finews/emnews", "-O", "thesis")
    assert ran.code == 2
    assert ran.err.startswith("newsspider: thesis: is not empty and no site of newsspider: ")
    assert files(cli.folder) == ["thesis/chapter.tex"]
    (cli.folder / "README.md").write_text("of the repository whose root becomes the site")
    assert cli("init", "finews/emnews", "-O", ".").code == 0


def test_a_schedule_of_an_unusable_newsspider_yml_is_refused(cli: Cli) -> None:
    (cli.folder / "newsspider.yml").write_text("outptu: x\n")
    ran = cli("init", "--cron")
    assert (ran.code, "did you mean output?" in ran.err) == (2, True)
    assert files(cli.folder) == ["newsspider.yml"]


def test_the_line_of_cron_crawls(cli: Cli) -> None:
    assert cli("init", "finews/renminyoudianbao", "--cron").code == 0
    lines = (cli.folder / "newsspider.cron").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line and not line.startswith("#")]
    command = line.split(maxsplit=5)[5].replace(r"\%", "%")
    done = subprocess.run(
        ["sh", "-c", command], env=cli.environment(), cwd="/", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")  # cron mails what it prints
    assert cli.names


def test_the_site_file_of_another_site_is_never_overwritten(cli: Cli) -> None:
    (cli.folder / "sites").mkdir()
    (cli.folder / "sites" / f"{NAME}.yml").write_text("mine")
    ran = cli("init", f"{BASE}/latest")
    assert (ran.code, f"sites/{NAME}.yml exists already" in ran.err) == (2, True)
    assert files(cli.folder) == [f"sites/{NAME}.yml"]


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("nowhere/x", 2, "nowhere"),
        ("ftp://example.com/", 2, "is not an http or https address"),
        ("https://down.example/", 3, "down.example"),
    ],
)
def test_a_target_that_cannot_be_used_writes_nothing(
    cli: Cli, target: str, code: int, message: str
) -> None:
    ran = cli("init", target, "nowhere/x") if code == 2 else cli("init", target)
    assert (ran.code, message in ran.err) == (code, True), ran.err
    assert files(cli.folder) == []


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [program("git"), "-C", folder, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def clone(cli: Cli) -> Cli:
    """A repository whose root is the site, before its first crawl."""
    git(cli.folder, "init", "-q")
    for name in ("README.md", "LICENSE", "sites/own.yml.txt"):
        (cli.folder / name).parent.mkdir(exist_ok=True)
        (cli.folder / name).write_text("mine\n")
    assert cli("init", "finews/renminyoudianbao", "--output", ".").code == 0
    return cli


def test_a_site_at_the_root_of_a_repository_publishes_only_itself(clone: Cli, jekyll: str) -> None:
    assert clone("crawl").code == 0
    site = clone.folder / "_site"
    subprocess.run([jekyll, "build", "-s", clone.folder, "-d", site], check=True)
    built = files(site)
    assert "index.html" in built
    assert not any("newsspider" in name or "sites" in name for name in built), built
    assert not {"README.md", "LICENSE"} & set(built)
    git(clone.folder, "add", "-A")
    committed = git(clone.folder, "ls-files").splitlines()
    assert any(name.startswith("_posts/") for name in committed)
    assert not any(name.startswith((".newsspider/", "_site/")) for name in committed)


def test_a_site_that_would_publish_newsspider_yml_starts_nothing(clone: Cli) -> None:
    assert clone.newsroom is not None
    config = clone.folder / "_config.yml"
    config.write_text("title: mine\nexclude: [README.md]\n")
    ran = clone("crawl")
    assert (ran.code, clone.newsroom.requests) == (2, [])
    assert ran.err.splitlines()[-2:] == [
        "newsspider:   - newsspider.yml",
        "newsspider:   - sites/",
    ]
    assert "_config.yml: Jekyll would publish newsspider.yml and sites/; add" in ran.err
    config.write_text("title: mine\nexclude: [newsspider.yml, sites/]\n")
    assert clone("crawl").code == 0


# -- the site, renewed ------------------------------------------------------------------------


def test_update_renews_what_nobody_changed_and_shows_the_rest(cli: Cli) -> None:
    assert cli("crawl", "finews/renminyoudianbao").code == 0
    site = cli.posts.parent
    posts = {file: file.read_bytes() for file in cli.posts.iterdir()}
    older = "<p>older</p>\n"
    (site / "404.html").write_text(older)
    note_laid(site, {"404.html": older})
    (site / "sections.html").write_text("my own\n")
    ran = cli("init", "--update", "--dry-run")
    assert (ran.code, (site / "404.html").read_text()) == (0, older), ran.err
    assert "404.html: renewed\n" in ran.out
    assert "Nothing is written yet" in ran.out
    ran = cli("init", "--update")
    assert ran.code == 0, ran.err
    assert "404.html: renewed\n" in ran.out
    assert "sections.html: you have changed it; this version lays:\n--- sections.html\n" in ran.out
    assert "\n-my own\n" in ran.out
    assert (site / "404.html").read_text() != older
    assert (site / "sections.html").read_text() == "my own\n"
    assert {file: file.read_bytes() for file in cli.posts.iterdir()} == posts
    (site / "sections.html").unlink()
    assert cli("init", "--update").out == "sections.html: you have deleted it\n"


def test_update_of_a_site_that_is_up_to_date_says_so(cli: Cli) -> None:
    assert cli("crawl", "finews/renminyoudianbao").code == 0
    ran = cli("init", "--update")
    assert ran.code == 0
    assert "its site is as newsspider" in ran.out


def test_update_without_a_site_is_bad_input(cli: Cli) -> None:
    ran = cli("init", "--update")
    assert (ran.code, "no _config.yml" in ran.err) == (2, True)
    assert files(cli.folder) == []
    ran = cli("init", "--dry-run")
    assert (ran.code, "--dry-run needs --update" in ran.err) == (2, True)
