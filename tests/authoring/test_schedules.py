"""The files that start newsspider by a clock: the steps of the workflow on a real git remote, the
lines as cron runs them, the units as systemd reads them."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from cronsim import CronSim
from support.cli import program
from support.workflow import Runner, Step

from newsspider import __version__
from newsspider.authoring.schedules import KINDS, schedule_files

WORKFLOW = Path(".github/workflows/newsspider.yml")


def written(
    folder: Path, kind: str, *, output: str = ".", command: Sequence[str] = ("newsspider",)
) -> None:
    for file, text in schedule_files(kind, folder=folder, output=output, command=command).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        [program("git"), "-C", folder, *name, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The repository of a site, with one post."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote")
    first = clone_of(tmp_path / "remote", "first")
    written(first, "github")
    (first / "_newsspider").mkdir()
    (first / "_newsspider/.gitattributes").write_text("*.jsonl merge=union\n")
    (first / "_newsspider/records.jsonl").write_text("a\n")
    (first / "_posts").mkdir()
    (first / "_posts/a.md").write_text("one\ntwo\nthree\nfour\n")
    (first / "_config.yml").write_text("title: x\n")
    git(first, "add", "-A")
    git(first, "commit", "-qm", "first")
    git(first, "push", "-q", "origin", "HEAD:main")
    return tmp_path / "remote"


def clone_of(remote: Path, name: str) -> Path:
    git(remote.parent, "clone", "-q", str(remote), name)
    folder = remote.parent / name
    (folder / ".newsspider").mkdir()
    (folder / ".newsspider/.gitignore").write_text("*\n")
    (folder / ".newsspider/ledger.sqlite").write_text("")
    return folder


@pytest.fixture
def runner(remote: Path) -> Runner:
    return machine(remote, "one")


def machine(remote: Path, name: str) -> Runner:
    checkout = clone_of(remote, name)
    return Runner(checkout / WORKFLOW, checkout, remote.parent / f"{name}-home")


# -- the workflow ---------------------------------------------------------------------------------


@pytest.mark.parametrize("output", [".", "output/site", 'a "b" c'])
def test_the_workflow_is_yaml_and_no_value_of_github_reaches_a_script(
    tmp_path: Path, output: str
) -> None:
    written(tmp_path, "github", output=output)
    text = (tmp_path / WORKFLOW).read_text("utf-8")
    values = yaml.safe_load(text)
    assert values["env"]["OUTPUT"] == output
    assert values["env"]["NEWSSPIDER"].endswith(f"@v{__version__}")
    assert (values["permissions"], values["concurrency"]["cancel-in-progress"]) == ({}, False)
    (schedule,) = values[True]["schedule"]  # YAML 1.1 reads `on` as true
    next(CronSim(schedule["cron"], datetime(2026, 1, 1)))
    steps = [step for job in values["jobs"].values() for step in job["steps"]]
    assert not any("${{" in step.get("run", "") for step in steps)
    assert all(re.search(r"@v\d+$", step["uses"]) for step in steps if "uses" in step)
    for expression in re.findall(r"steps\.(\w+)\.", text):
        assert any(step.get("id") == expression for step in steps), expression


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        ({}, "crawl"),
        ({"SOURCE": "", "ALL": "false", "SHARE": ""}, "crawl"),
        ({"ALL": "true"}, "crawl --all"),
        ({"SOURCE": "bbc/world"}, "crawl --source=bbc/world"),
        ({"SOURCE": "--all; rm -rf x"}, "crawl --source=--all; rm -rf x"),
        ({"SHARE": "-x $(id)"}, "share --output . -- -x $(id)"),
        ({"RELEASE": "-a b"}, "show --release --output . -- -a b"),
        ({"REMOVE": " a  *;b "}, "remove --output . --why Removed on github.com -- a *;b"),
        ({"REMOVE": "a", "WHY": "x $(id)"}, "remove --output . --why x $(id) -- a"),
    ],
)
def test_the_input_boxes_are_arguments(
    runner: Runner, inputs: dict[str, str], arguments: str
) -> None:
    runner.stub("newsspider", 'echo "$@"')
    step = runner("crawl", **inputs)
    assert (step.code, step.outputs) == (0, {"code": "0"})
    assert step.log.splitlines()[1] == arguments
    assert (runner.folder / "summary.md").read_text() == f"    {arguments}\n"


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 0), (3, 0), (4, 0), (5, 0), (2, 2), (9, 9)])
def test_a_run_that_failed_in_part_goes_on_to_the_commit(
    runner: Runner, code: int, ends: int
) -> None:
    runner.stub("newsspider", f"echo ::error::stranger; exit {code}")
    step = runner("crawl")
    assert (step.code, step.outputs["code"]) == (ends, str(code))
    start, shown, end = step.log.splitlines()
    assert (start.removeprefix("::stop-commands::"), shown) == (end.strip(":"), "::error::stranger")


def test_the_annotations_of_newsspider_reach_the_runner_and_no_other_command(
    runner: Runner,
) -> None:
    lines = ["::error title=newsspider::a broke", "::warning title=newsspider::b is down"]
    others = ["::add-mask::x", "::error title=other::x", " ::error title=newsspider::x"]
    script = "".join(f"echo '{line}'\n" for line in (*lines, *others))
    runner.stub("newsspider", script)
    shown = runner("crawl").log.splitlines()
    end = shown[0].replace("stop-commands::", "") + "::"
    assert shown[1:] == [*lines, *others, end, *lines]


def test_a_run_without_news_commits_nothing(runner: Runner, remote: Path) -> None:
    before = git(remote, "rev-parse", "main")
    assert runner("push", BRANCH="main") == Step(0, "", {"changed": "false"})
    assert git(remote, "rev-parse", "main") == before


def test_before_the_first_post_there_is_nothing_to_commit(runner: Runner) -> None:
    assert runner("push", BRANCH="main", OUTPUT="output/site").outputs == {"changed": "false"}


def test_two_runs_that_push_at_once_both_land(remote: Path) -> None:
    runners = [machine(remote, name) for name in ("one", "two", "three")]
    for runner in runners:
        name = runner.checkout.name
        (runner.checkout / f"_posts/{name}.md").write_text(name)
        with (runner.checkout / "_newsspider/records.jsonl").open("a") as records:
            records.write(f"{name}\n")
    steps: list[Step] = []
    threads = [
        threading.Thread(target=lambda runner=runner: steps.append(runner("push", BRANCH="main")))
        for runner in runners
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(step.code, step.outputs) for step in steps] == [(0, {"changed": "true"})] * 3, steps
    after = clone_of(remote, "after")
    assert {file.stem for file in (after / "_posts").iterdir()} == {"a", "one", "two", "three"}
    records = (after / "_newsspider/records.jsonl").read_text().splitlines()
    assert sorted(records) == ["a", "one", "three", "two"]
    # Those that were not the first know nothing of the others' posts.
    assert sum((runner.checkout / ".newsspider").exists() for runner in runners) == 1


def test_what_a_person_edited_meanwhile_stays(runner: Runner, remote: Path) -> None:
    (runner.checkout / "_posts/a.md").write_text("ours\ntwo\nthree\nours\n")
    person = clone_of(remote, "person")
    (person / "_posts/a.md").write_text("theirs\ntwo\nthree\nfour\n")
    git(person, "commit", "-qam", "mine")
    git(person, "push", "-q", "origin", "HEAD:main")
    assert runner("push", BRANCH="main").code == 0
    after = clone_of(remote, "after")
    assert (after / "_posts/a.md").read_text().startswith("theirs\n")


def test_a_push_that_never_lands_fails_the_run(runner: Runner, remote: Path) -> None:
    hook = remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (runner.checkout / "_posts/b.md").write_text("b")
    runner.stub("sleep", "exit 0")
    step = runner("push", BRANCH="main")
    assert (step.code, step.outputs) == (1, {})


@pytest.mark.parametrize(
    ("changed", "event", "last", "build"),
    [
        ("true", "schedule", "echo success", "true"),
        ("false", "schedule", "echo success", "false"),
        ("false", "push", "echo success", "true"),
        ("false", "workflow_dispatch", "echo success", "true"),
        ("false", "schedule", "echo failure", "true"),
        ("false", "schedule", "exit 1", "true"),
    ],
)
def test_it_builds_what_is_not_published_yet(
    runner: Runner, changed: str, event: str, last: str, build: str
) -> None:
    runner.stub("gh", last)
    assert runner("decide", CHANGED=changed, EVENT=event).outputs == {"build": build}
    (runner.checkout / "_config.yml").unlink()
    assert runner("decide", CHANGED=changed, EVENT=event).outputs == {"build": "false"}


def test_the_site_is_built_for_its_address(runner: Runner, jekyll: str) -> None:
    (runner.checkout / "index.html").write_text("---\n---\n{{ site.url }}{{ site.baseurl }}")
    runner.stub("gem", "exit 0")
    step = runner("build", ORIGIN="https://me.github.io", BASE_PATH="/news")
    assert step.code == 0, step.log
    site = runner.folder / "site"
    assert (site / "index.html").read_text() == "https://me.github.io/news"


@pytest.fixture
def reporting(runner: Runner) -> Runner:
    """A machine after a crawl: `sources.json` is what status knows, `open.txt` the open issues."""
    program("jq")
    (runner.folder / "report.txt").write_text("a/b: the listing has no links\n")
    (runner.folder / "open.txt").write_text("")
    runner.stub("newsspider", f"cat {runner.folder}/sources.json")
    listed = f'[ "$1 $2" != "issue list" ] || cat {runner.folder}/open.txt'
    runner.stub("gh", f'echo "$1 $2 $3 ${{@: -1}}" >> {runner.folder}/calls.txt; {listed}')
    return runner


def reported(runner: Runner, **health: str) -> tuple[int, list[str]]:
    """Run the step for sources in a state; return its code, and the issues opened and closed."""
    rows = [
        {
            "source": f"a/{name}",
            "last_crawl": None if state == "never crawled" else "2026-11-28T10:00:00+00:00",
            "health": "fine" if state == "drift" else state,
            "counts": {"drift/listing": 1} if state == "drift" else {"found": 3},
        }
        for name, state in health.items()
    ]
    (runner.folder / "sources.json").write_text(json.dumps({"sources": rows}))
    calls = runner.folder / "calls.txt"
    calls.write_text("")
    step = runner("report", RUN="https://github.com/run/1")
    done = [call for call in calls.read_text().splitlines() if "close" in call or "create" in call]
    assert step.code in (0, 1), step.log
    return step.code, [call.partition(" --")[0] for call in done]


OPENED = ["label create newsspider A source is broken", "issue create"]


def test_a_source_that_breaks_opens_one_issue_and_fails_the_run_once(reporting: Runner) -> None:
    assert reported(reporting, b="drift", c="fine") == (1, OPENED)
    issue = (reporting.folder / "issue.md").read_text()
    assert "https://github.com/run/1" in issue
    assert "    a/b: the listing has no links\n" in issue
    (reporting.folder / "open.txt").write_text("7 newsspider: a/b is broken\n")
    assert reported(reporting, b="drift", c="fine") == (0, [])
    assert reported(reporting, b="drift", c="drift") == (1, OPENED)
    (reporting.folder / "open.txt").write_text("")
    assert reported(reporting, b="drift") == (1, OPENED)


@pytest.mark.parametrize("state", ["fine", "some failed"])
def test_its_recovery_closes_the_issue(reporting: Runner, state: str) -> None:
    issues = "7 newsspider: a/b is broken\n8 newsspider: x/y is broken\n9 a question\n"
    (reporting.folder / "open.txt").write_text(issues)
    code, calls = reported(reporting, b=state)
    assert (code, calls) == (0, ["issue close 7 It reads well again: https://github.com/run/1"])


@pytest.mark.parametrize("state", ["failed", "overdue", "never crawled"])
def test_what_says_nothing_about_the_layout_closes_no_issue(reporting: Runner, state: str) -> None:
    (reporting.folder / "open.txt").write_text("7 newsspider: a/b is broken\n")
    assert reported(reporting, b=state) == (0, [])


# -- cron and systemd -----------------------------------------------------------------------------

ODD = ["plain", "with space", "100%", "it's $HOME", 'a "b"']


@pytest.mark.parametrize("name", ODD)
def test_the_line_of_cron_runs_the_command_in_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    script = folder / "news spider"
    script.write_text('#!/bin/sh\npwd > ran.txt; echo "$@" >> ran.txt\n')
    script.chmod(0o755)
    written(folder, "cron", command=[str(script)])
    lines = (folder / "newsspider.cron").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line and not line.startswith("#")]
    *fields, command = line.split(maxsplit=5)
    CronSim(" ".join(fields), datetime(2026, 1, 1))
    assert not re.search(r"(?<!\\)%", command)
    subprocess.run(["sh", "-c", command.replace(r"\%", "%")], check=True)
    assert (folder / "ran.txt").read_text() == f"{folder}\ncrawl --quiet\n"


@pytest.mark.parametrize("name", ODD)
def test_systemd_accepts_the_units(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    script = tmp_path / "news 100% spider"  # systemd refuses quotes in the name of a program
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    written(folder, "systemd", command=[str(script)])
    units = [folder / "newsspider.service", folder / "newsspider.timer"]
    done = subprocess.run(
        [program("systemd-analyze"), "verify", *units], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_is_left(tmp_path: Path, kind: str) -> None:
    files = schedule_files(kind, folder=tmp_path, output=".", command=["newsspider"])
    assert files
    assert not any("@@" in text for text in files.values())
