"""The docs are true: every key, option, setting and rule is documented, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic.fields import FieldInfo
from support import ROOT

from newsspider import __version__, settings
from newsspider.clean import RULES
from newsspider.commands import command_line
from newsspider.commands.options import CommandLine
from newsspider.crawling.project import Project, load_project
from newsspider.crawling.source import Source
from newsspider.errors import BotCheck, Exit, NotFetched
from newsspider.fetch import failures
from newsspider.sites import load
from newsspider.sites.schema import FRONT_MATTER_KEYS, Site
from newsspider.spiders.options import RunOptions, flag_of

DEFINITIONS = (ROOT / "docs/site-definitions.md").read_text("utf-8")
QUICKSTART = (ROOT / "docs/quickstart.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = {name: command.load() for name, command in command_line().commands.items()}  # type: ignore[attr-defined]


def _keys_of_schema() -> set[str]:
    schema = Site.model_json_schema()
    models = (schema, *schema["$defs"].values())
    return {key for model in models for key in model.get("properties", {})}


def test_every_key_of_a_site_file_is_documented_and_the_reverse() -> None:
    written = set(re.findall(r"`([a-z_]+)`", DEFINITIONS))
    keys = _keys_of_schema()
    assert keys - written - {"select", "pattern"} == set()
    in_tables = {
        key
        for line in DEFINITIONS.splitlines()
        if line.startswith("| `")
        for key in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert in_tables <= keys


def test_every_key_of_newsspider_yml_is_documented_and_its_example_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs/scheduled-runs.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \|", text, re.M)
    assert sorted(rows) == sorted([*Project.model_fields, *Source.model_fields])
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    (tmp_path / "newsspider.yml").write_text(example, "utf-8")
    project = load_project(tmp_path / "newsspider.yml")
    assert len(project.jobs(tmp_path / "sites")) == 3


def test_every_cleaning_rule_and_front_matter_key_is_documented() -> None:
    for name in (*RULES, *FRONT_MATTER_KEYS):
        assert f"`{name}`" in DEFINITIONS, name


def test_every_key_has_an_example_and_every_example_loads() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DEFINITIONS, re.S)
    base, *fragments = [yaml.safe_load(block) for block in blocks]
    shown = set(_keys_in(base))
    for fragment in fragments:
        values = {**base, **fragment}
        Site.model_validate(values)
        shown |= set(_keys_in(fragment))
    assert _keys_of_schema() - shown == set()


def _keys_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _keys_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _keys_in(one)


def test_the_example_of_a_site_file_loads(tmp_path: Path) -> None:
    match = re.search(r"```yaml\n(.*?)```", DEFINITIONS, re.S)
    assert match
    (tmp_path / "example.yml").write_text(match[1], "utf-8")
    site = load("example", tmp_path)
    assert site.listings_of("business")[0].kind == "html"
    assert set(yaml.safe_load(match[1])["categories"]) == set(site.categories)


REQUIRED = {
    "a site": ["Site"],
    "a listing": ["HtmlListing", "JsonListing", "FeedListing", "SitemapListing"],
    "a listing of kind `html` or `json`": ["HtmlListing", "JsonListing"],
    "a page": ["HtmlPage", "JsonPage"],
    "a page of kind `json`": ["JsonPage"],
    "a selector that is a mapping": ["HtmlPick", "JsonPick"],
    "a share": ["Share"],
    "`ids`": ["Ids"],
}


def test_the_required_keys_are_those_of_the_schema() -> None:
    table = DEFINITIONS.partition("| of | required keys |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()]
    assert [of for of, _ in rows] == list(REQUIRED)
    documented: dict[str, set[str]] = {}
    for of, keys in rows:
        for model in REQUIRED[of]:
            documented.setdefault(model, set()).update(re.findall(r"`(\w+)`", keys))
    schema = Site.model_json_schema()
    models = {"Site": schema, **schema["$defs"]}
    required = {name: set(model.get("required", ())) for name, model in models.items()}
    required["Site"] = required["Site"] - {"name"} | {"listing"}  # the file's name; one of two
    assert documented == {name: keys for name, keys in required.items() if keys}


def test_the_smallest_site_file_loads_and_lacks_nothing(tmp_path: Path) -> None:
    text = DEFINITIONS.partition("So the smallest file")[2].partition("```yaml\n")[2]
    file = tmp_path / "example.yml"
    file.write_text(text.partition("```")[0], "utf-8")
    assert list(load("example", tmp_path).categories) == ["business"]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_is_documented(name: str) -> None:
    assert COMMANDS[name].help
    assert f"newsspider {name}" in QUICKSTART + README + DEFINITIONS


def test_every_option_is_documented_and_the_reverse() -> None:
    options = {
        option
        for command in COMMANDS.values()
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option not in ("--help", "-h")
    }
    written = set(re.findall(r"`(--?[a-zA-Z][a-z-]*)", QUICKSTART))
    assert options <= written
    assert written <= options | {"--strict_front_matter"}


def test_the_table_of_options_is_that_of_the_models() -> None:
    heading = "| option | what it does | setting |\n|---|---|---|\n"
    table = QUICKSTART.partition(heading)[2].partition("\n\n")[0].splitlines()
    settings_of = RunOptions.setting_names()
    rows = [_row(field, settings_of[name]) for name, field in RunOptions.model_fields.items()]
    assert table == [*rows, *(_row(field) for field in CommandLine.model_fields.values())]


def _row(field: FieldInfo, setting: str = "") -> str:
    """The row of the docs for an option."""
    flag = flag_of(field)
    first, *others = flag.flags
    names = [f"{first} {flag.metavar}" if flag.metavar else first, *others]
    shown = ", ".join(f"`{name}`" for name in names).replace("|", r"\|")
    words = [flag.help]
    words += [f"Default: `{field.default}`."] if isinstance(field.default, Path) else []
    words += [f"Also `{flag.envvar}`."] if flag.envvar else []
    words += [] if "share" in flag.commands else ["Not of `share`."]
    return f"| {shown} | {' '.join(words)} | {f'`{setting}`' if setting else ''} |"


def test_every_setting_of_ours_is_documented_and_the_reverse() -> None:
    ours = {name for name in dir(settings) if name.startswith("NEWS_")}
    assert ours == set(re.findall(r"NEWS_[A-Z_]+", QUICKSTART))


def test_every_exit_code_is_documented() -> None:
    for code in Exit:
        assert f"| {int(code)} |" in QUICKSTART


def _is_reason(kind: object) -> bool:
    return (
        isinstance(kind, type)
        and issubclass(kind, NotFetched)
        and kind.__name__[0] != "_"
        and (kind is not NotFetched)
    )


def test_every_reason_of_a_failed_fetch_is_documented_and_the_reverse() -> None:
    reasons = {name for name, kind in vars(failures).items() if _is_reason(kind)} - {"CalledBack"}
    reasons.add(BotCheck.__name__)
    table = QUICKSTART.partition("| reason | meaning |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.M)) == reasons


def test_links_between_the_docs_lead_somewhere() -> None:
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text("utf-8")):
            if not target.startswith("//"):
                assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_modules_that_the_docs_name_exist() -> None:
    folders = (ROOT / "newsspider", ROOT / "tests")
    files = [f"/{path.relative_to(ROOT)}" for folder in folders for path in folder.rglob("*.py")]
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"`([\w./]+\.py)`", file.read_text("utf-8")):
            assert any(path.endswith(f"/{name}") for path in files), f"{file.name}: {name}"


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.findall(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", changelog, re.M)
    assert releases[0] == __version__


def test_every_built_in_site_is_in_the_readme_and_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for path in (ROOT / "newsspider/sites/definitions").glob("*.yml"):
        assert f"`{path.stem}`" in README, path.stem
        assert f"`{path.stem}`" in changelog, path.stem
