"""newsspider.yml: read, checked, and turned into crawls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.crawling.due import next_due, turns
from newsspider.crawling.jobs import jobs_of_links, jobs_of_targets
from newsspider.crawling.project import load_project
from newsspider.errors import ProjectError
from newsspider.exporters.retention import Keep

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SCHEDULED = {"NEWS_SCHEDULED": True}
GOOD = """\
output: output/site
sources:
  - source: finews/renminyoudianbao
    every: 5m
    limit: 2
    since: 2026-11-01
  - source: finews/emnews
    name: rolling
    every: "0 6 * * *"
  - source: https://www.example.com/business/
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "newsspider.yml"
    file.write_text(text, "utf-8")
    return file


def test_the_sources_of_a_file(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, GOOD))
    jobs = project.jobs(tmp_path / "sites")
    first, second, third = jobs
    assert [source.label for source in jobs] == [
        *("finews/renminyoudianbao", "rolling"),
        "https://www.example.com/business/",
    ]
    assert jobs[first][0].settings == SCHEDULED | {"NEWS_LIMIT": 2, "NEWS_SINCE": "2026-11-01"}
    assert jobs[second][0].settings == SCHEDULED
    assert jobs[third][0].source == "https://www.example.com/business/"
    assert project.jobs(tmp_path / "sites", given={"limit"})[first][0].settings == SCHEDULED | {
        "NEWS_SINCE": "2026-11-01"
    }


@pytest.mark.parametrize(
    ("text", "given", "settings"),
    [
        ("sources: [{source: finews/emnews, text: link, limit: 2}]", (), {"NEWS_TEXT": "link"}),
        ("sources: [{source: finews/emnews, text: link}]", ("text",), {}),
        (
            "sources: [{source: bbc, versions: 1}, {source: finews, versions: 2},"
            " {source: finews/emnews, name: b, versions: 3}]",
            (),
            {"NEWS_VERSIONS": 2},
        ),
        (
            "corrections: true\nsources: [{source: bbc, text: link}]",
            (),
            {"NEWS_CORRECTIONS": {"title": 1, "lead": 1, "body": 1}},
        ),
        (
            "corrections: true\nsources: [{source: finews, corrections: false}]",
            (),
            {"NEWS_CORRECTIONS": {}},
        ),
        ("sources: []", (), {}),
    ],
)
def test_what_a_file_says_of_shared_links(
    tmp_path: Path, text: str, given: tuple[str, ...], settings: dict[str, object]
) -> None:
    project = load_project(written(tmp_path, text))
    jobs = jobs_of_links(["NW202204262359811335"], tmp_path / "sites")
    (job,) = project.by_hand(jobs, tmp_path / "sites", given)
    assert job.settings == settings


@pytest.mark.parametrize(
    ("target", "text"),
    [("finews/emnews", "link"), ("finews/latest", "summary"), ("finews/36ke", "summary")],
)
def test_what_a_file_says_of_a_crawl_by_hand(tmp_path: Path, target: str, text: str) -> None:
    """The own source of the crawl counts, else the first one of its site."""
    project = load_project(
        written(
            tmp_path,
            "sources: [{source: finews/latest, text: summary, limit: 3},"
            " {source: finews/emnews, text: link}]",
        )
    )
    (job,) = project.by_hand(jobs_of_targets([target], tmp_path), tmp_path, ())
    assert job.settings == {"NEWS_TEXT": text}
    assert job.output == Path("output/site")


def test_a_paper_with_a_folder_of_its_own_has_nothing_from_the_file(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, "corrections: true\nsources: []"))
    jobs = jobs_of_targets(["https://news.example/world/"], tmp_path)
    assert project.by_hand(jobs, tmp_path, ()) == jobs


FAULTS = {
    "source: x": "newsspider.yml:1: source: no such key here; see `newsspider schema project`",
    "outptu: x": "newsspider.yml:1: outptu: no such key; did you mean output?",
    "version: 2": "newsspider.yml:1: version: a newer newsspider wrote this file (version 2,"
    " this one knows 1): update newsspider",
    "sources: [{source: a, every: 30s}]": "newsspider.yml:1: sources.0.every: '30s' is neither an"
    " interval, such as 5m, 2h or 1d, nor a cron line of five fields, such as '0 6 * * *'",
    "sources: [{source: a, every: 400d}]": "sources.0.every: '400d' is not between 1m and 366d",
    "sources: [{source: a, limit: 0}]": "sources.0.limit: 0 is less than 1",
    "sources: [{source: a, since: soon}]": "sources.0.since: ",
    "sources: [{source: a, fresh: {warn: soon}}]": "sources.0.fresh.warn: 'soon' is not an age,"
    " such as 90m, 12h or 2d",
    "sources: [{source: a, fresh: {error: 400d}}]": "error: '400d' is not between 1m and 366d",
    "sources: [{source: a, fresh: {warn: 2d, error: 1d}}]": "sources.0.fresh.warn:"
    " '2d' is longer than `error`, '1d'",
    "sources: [{source: a, every: '* * * * * *'}]": "sources.0.every: '* * * * * *' is neither an",
    "sources: [{source: a, fresh: {bad: 1d}}]": "sources.0.fresh.bad: no such key",
    "sources: [{source: a, contract: {required: [byline]}}]": "sources.0.contract.required:"
    " 'byline' is not one of link, title, time",
    "sources: [{source: a, contract: {languages: [English]}}]": "sources.0.contract.languages",
    "sources: [{source: a, contract: {on_break: stop}}]": "on_break: 'stop' is not one of hold,"
    " drop, publish",
    "retain: 0": "newsspider.yml:1: retain: 0 is neither an age, such as 90d or 52w, nor a number",
    "retain: -5": "newsspider.yml:1: retain: -5 is neither an age",
    "retain: 0d": "newsspider.yml:1: retain: '0d' is neither an age",
    "sources: [{source: a, retain: some}]": "sources.0.retain: 'some' is neither an age",
    "sources: [{source: a, retain: true}]": "sources.0.retain: True is neither an age",
    "retain: {keep: 90d, then: archive}": "newsspider.yml:1: retain.then: `then: archive` needs the"
    " folder of the site, `to: ../old`",
    "retain: {keep: 90d, to: ../old}": "newsspider.yml:1: retain.to: is for `then: archive`",
    "retain: {then: delete}": "newsspider.yml:1: retain.keep: is missing",
    "retain: {keep: 90d, then: hide}": "retain.then: 'hide' is not one of delete, archive",
    "retain: {keep: 0, to: x}": "newsspider.yml:1: retain.keep: 0 is neither an age",
    "retain: {keep: 9d, then: archive, to: x, url: old}": "retain.url: 'old' is not an address",
    "sources: [{source: a, retain: [90d]}]": "sources.0.retain: ['90d'] is neither an age",
    "sources: [{every: 5m}]": "newsspider.yml:1: sources.0.source: is missing",
    "sources: [{source: a}, {source: a}]": "sources.1.source: 'a' is a source already; give one of"
    " them a `name`",
    "ledger: sqlite.db": "newsspider.yml:1: ledger: is not the address of a ledger: write"
    " postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    "ledger: [x]": "newsspider.yml:1: ledger: is not text: write"
    " postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or ${NAME}",
    "ledger: postgresql://app:s3cret@db/x": "newsspider.yml:1: ledger: the password is a secret:"
    " write ${NAME} in its place, and put it into the environment variable NAME",
    "ledger: postgresql://db/x?password=s3cret": "newsspider.yml:1: ledger: the password is a"
    " secret: write ${NAME} in its place, and put it into the environment variable NAME",
    "- a": "newsspider.yml:1: is not a mapping of keys",
    "sources: [": "newsspider.yml:1: not YAML",
}


@pytest.mark.parametrize(("text", "message"), FAULTS.items(), ids=FAULTS)
def test_a_fault_is_reported_with_its_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        load_project(written(tmp_path, text + "\n"))
    assert message in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_source_that_no_site_knows_starts_nothing(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, "sources: [{source: nowhere/x}]\n"))
    with pytest.raises(ProjectError, match=r"newsspider.yml: sources.0.source: .*nowhere"):
        project.jobs(tmp_path / "sites")


def test_what_only_shows_later_is_reported_with_its_line_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "alerts: ${NO_SUCH}\nping: ${NO_SUCH}\nsources:\n  - every: 1h\n    source: nowhere/x\n"
    project = load_project(written(tmp_path, text).relative_to(tmp_path))
    for line, key, read in (
        (1, "alerts", lambda: project.channels({})),
        (2, "ping", lambda: project.ping_address({})),
        (5, "sources.0.source", lambda: project.jobs(tmp_path / "sites")),
    ):
        with pytest.raises(ProjectError, match=rf"^newsspider\.yml:{line}: {key}: "):
            read()


def test_the_folder_of_the_sites_is_listed_once_for_all_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "sources: [{source: finews/emnews}, {source: guardian/world}, {source: bbc/world}]\n"
    project = load_project(written(tmp_path, text))
    lists = []
    glob = Path.glob

    def counted(folder: Path, pattern: str) -> Iterator[Path]:
        lists.append(folder)
        return glob(folder, pattern)

    monkeypatch.setattr(Path, "glob", counted)
    (tmp_path / "sites").mkdir(exist_ok=True)
    assert len(project.jobs(tmp_path / "sites")) == 3
    assert len(lists) == 2  # the built-in sites and one's own


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="newsspider init"):
        load_project(tmp_path / "newsspider.yml")


def test_which_sources_are_due(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, GOOD))
    jobs = project.jobs(tmp_path / "sites")
    last = {
        "finews/renminyoudianbao": NOW - timedelta(minutes=2),
        "finews/emnews": NOW - timedelta(days=1),
    }
    found = turns(jobs, last, NOW)
    assert [turn.due <= NOW for turn in found] == [False, True, True]
    assert next_due(found[:1]) == NOW + timedelta(minutes=2, seconds=30)
    assert next_due([]) is None


def test_a_site_is_due_when_one_of_its_categories_is(tmp_path: Path) -> None:
    text = "sources: [{source: guardian, every: 1h}]\n"
    jobs = load_project(written(tmp_path, text)).jobs(tmp_path / "sites")
    (crawls,) = jobs.values()
    assert len(crawls) > 1
    last = {job.source: NOW for job in crawls}
    assert turns(jobs, last, NOW)[0].due > NOW
    del last[crawls[-1].source]
    assert turns(jobs, last, NOW)[0].due == NOW
    assert turns(jobs, last, NOW)[0].last == NOW


def test_a_contract_reaches_the_crawl(tmp_path: Path) -> None:
    text = "sources: [{source: finews/x, contract: {required: [author], on_break: drop}}]\n"
    project = load_project(written(tmp_path, text))
    ((job,),) = project.jobs(tmp_path / "sites").values()
    contract = {"required": ("author",), "languages": (), "on_break": "drop"}
    assert job.settings["NEWS_CONTRACT"] == contract


def test_what_is_kept_of_each_source(tmp_path: Path) -> None:
    text = "retain: 90d\nsources: [{source: finews/x}, {source: finews/y, name: y, retain: 5000}]\n"
    project = load_project(written(tmp_path, text))
    retention = project.retention(project.jobs(tmp_path / "sites"))
    assert retention is not None
    assert retention.keep_of("finews/x") == Keep("finews/x", timedelta(days=90))
    assert retention.keep_of("finews/y") == Keep("y", 5000)
    assert retention.keep_of("bbc/former") == Keep("bbc/former", timedelta(days=90))
    assert retention.keep_of("finews/@share") is None
    assert load_project(written(tmp_path, "sources: []\n")).retention({}) is None


@pytest.mark.parametrize(
    ("top", "of_source", "setting"),
    [
        ("", "", None),
        ("corrections: true\n", "", {"title": 1, "lead": 1, "body": 1}),
        ("corrections: true\n", ", corrections: false", {}),
        ("", ", corrections: true", {"title": 1, "lead": 1, "body": 1}),
        ("", ", corrections: {body: 3}", {"title": 1, "lead": 1, "body": 3}),
    ],
)
def test_corrections_of_a_source(
    tmp_path: Path, top: str, of_source: str, setting: dict[str, int] | None
) -> None:
    file = tmp_path / "newsspider.yml"
    file.write_text(f"{top}sources:\n  - {{source: finews/cailianshe{of_source}}}\n")
    ((job,),) = load_project(file).jobs(tmp_path).values()
    assert job.settings.get("NEWS_CORRECTIONS") == setting


@pytest.mark.parametrize("value", ["often", "{body: 0}", "{words: 3}", "[1]"])
def test_corrections_that_cannot_be(tmp_path: Path, value: str) -> None:
    file = tmp_path / "newsspider.yml"
    file.write_text(f"sources:\n  - {{source: finews, corrections: {value}}}\n")
    with pytest.raises(ProjectError, match="corrections"):
        load_project(file)
