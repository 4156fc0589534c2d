"""The options of a run, each described once.

In: values from a command line, Scrapy settings, or keys of a YAML file. Out: a checked RunOptions,
which the spiders read; a ValueError that states what is wrong with a value. The options of the
commands (`commands.options`), the settings `NEWS_…` (`settings.py`) and the table in
docs/quickstart.md follow from its fields. The module is part of the spiders, the lowest package
that reads it, and imports neither Scrapy nor typer.

A new option is a new field of RunOptions: `limit` is its key in YAML, `NEWS_LIMIT` its setting.
"""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    ValidationError,
)
from pydantic.fields import FieldInfo

from newsspider.sites.schema import Images, Profile, SameStory, Text
from newsspider.spiders.option_values import (
    check_host_and_port,
    check_images,
    check_ledger,
    check_recheck,
    check_since,
    check_stock,
    check_undated,
    day_as_text,
    no_switch,
    off_as_text,
    one_of,
)

CONNECT_TO = "NEWSSPIDER_CONNECT_TO"  # the environment variable for --connect-to

# The message for each of pydantic's error types.
_WRONG = {
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is too large",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "string_type": "is not text; put it in quotes",
    "path_type": "is not text; put it in quotes",
    "path_not_directory": "is not a folder",
    "greater_than_equal": "is less than {ge:g}",
    "extra_forbidden": "belongs to no option",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """An option on the command line: its flags, and its help in a sentence or two."""

    flags: tuple[str, ...]
    help: str
    metavar: str | None = None  # the placeholder of the value in the help; None for a switch
    commands: tuple[str, ...] = ("crawl", "share")  # the commands that have the option
    envvar: str | None = None  # an environment variable that also sets the option
    count: bool = False  # a switch that may be given several times
    unset: int | str = ""  # the Scrapy setting that stands for None
    secret: bool = False  # no message repeats the value


def flag_of(field: FieldInfo) -> Flag:
    """The Flag in a field's annotation."""
    return next(value for value in field.metadata if isinstance(value, Flag))


class Options(BaseModel):
    """Options described by their fields, each `name: Annotated[type, check, Flag(…)] = default`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def checked(cls, name: str, value: object) -> Any:
        """Return a value of one option, as the option's type. Raises ValueError, which states what
        is wrong with the value."""
        try:
            return getattr(cls.model_validate({name: value}), name)
        except ValidationError as error:
            raise ValueError(reason(error)) from None


def reason(error: ValidationError) -> str:
    """State what is wrong with the first wrong value."""
    detail = error.errors(include_url=False)[0]
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["input"] is None:
        return "is empty"
    value, fault = reprlib.repr(detail["input"]), _WRONG.get(detail["type"])
    return f"{value} {fault.format(**context)}" if fault else f"{value}: {detail['msg']}"


AtLeastOne = Annotated[int, BeforeValidator(no_switch), Field(ge=1)]
_WITH_LEDGER = ("show", "remove", "adopt", "status", "render", "fleet")
_ON_A_FOLDER = ("init", *_WITH_LEDGER)
_SITE_FILES = ("crawl", "share", "add", "check", "test", "sites", *_ON_A_FOLDER)
_OUTPUT = ("crawl", "share", "check", "export", "search", "serve", *_ON_A_FOLDER)
_ARTICLES = ("crawl", "share", "export", "search")
_DATED = (*_ARTICLES, "render")
_NETWORK = ("crawl", "share", "add", "init", "check", "fleet")


class RunOptions(Options):
    """The options of a run. None and "" leave the choice to the site file, or set no limit."""

    PREFIX: ClassVar = "NEWS_"

    output: Annotated[
        Path,
        Flag(
            ("--output", "-O"),
            "Folder of the Jekyll site. By default a site without a site file has one of its own, "
            "such as output/example.com.",
            metavar="FOLDER",
            commands=_OUTPUT,
        ),
    ] = Path("output/site")
    ledger: Annotated[
        str,
        AfterValidator(check_ledger),
        Flag(
            ("--ledger",),
            "PostgreSQL database that keeps the ledger instead of a file in the output folder: "
            "postgresql://USER@HOST/DATABASE.",
            metavar="ADDRESS",
            commands=("crawl", "share", *_WITH_LEDGER),
            envvar="NEWSSPIDER_LEDGER",
            secret=True,
        ),
    ] = ""
    limit: Annotated[
        AtLeastOne | None,
        Flag(
            ("--limit",),
            "Fetch at most N articles over all sites, newest first; the next run fetches the rest.",
            metavar="N",
            unset=0,
        ),
    ] = None
    since: Annotated[
        str,
        BeforeValidator(day_as_text),
        AfterValidator(check_since),
        Flag(
            ("--since",),
            "Only articles published since a day, such as 2026-11-01 (in the site's time zone), or "
            "within an age, such as 36h, 7d, 2w.",
            metavar="DATE|AGE",
            commands=_DATED,
        ),
    ] = ""
    max_pages: Annotated[
        AtLeastOne | None,
        Flag(
            ("--max-pages",),
            "Read at most N pages of each listing.",
            metavar="N",
            commands=("crawl",),
            unset=0,
        ),
    ] = None
    media: Annotated[str, Flag(("--media",), "Only articles of this source.", metavar="NAME")] = ""
    stock: Annotated[
        str,
        AfterValidator(check_stock),
        Flag(
            ("--stock",),
            "Only articles that mention this share: 600941, or 1.600941 with its market.",
            metavar="CODE",
            commands=_ARTICLES,
        ),
    ] = ""
    profile: Annotated[
        str,
        one_of(Profile),
        Flag(
            ("--profile",),
            "Clean articles with this profile (seed or reader) instead of the site's.",
            metavar="NAME",
        ),
    ] = ""
    text: Annotated[
        str,
        one_of(Text),
        Flag(
            ("--text",),
            "Publish so much of each article instead of what its site file says: full, summary or "
            "link.",
            metavar="HOW",
        ),
    ] = ""
    same_story: Annotated[
        str,
        one_of(SameStory),
        Flag(
            ("--same-story",),
            "Of an article whose story already has a post, publish nothing (first), a link to that "
            "post (link) or all of it (all), instead of what its site file says.",
            metavar="HOW",
        ),
    ] = ""
    images: Annotated[
        str,
        one_of(Images),
        AfterValidator(check_images),
        Flag(
            ("--images",),
            "What becomes of pictures instead of what the site file says: link shows them from "
            "their own hosts, local keeps them in the site, drop leaves them out.",
            metavar="HOW",
        ),
    ] = ""
    undated: Annotated[
        str,
        AfterValidator(check_undated),
        Flag(
            ("--undated",),
            "Date articles that give no day: first-seen takes the day they were first seen, and "
            "the post says so. Otherwise they wait.",
            metavar="HOW",
        ),
    ] = ""
    recheck: Annotated[
        str,
        BeforeValidator(off_as_text),
        AfterValidator(check_recheck),
        Flag(
            ("--recheck",),
            "Ask again for published articles younger than this age, such as 2d, ever more rarely, "
            "and rewrite the posts of those that changed; or off, which is the default for targets "
            "on the command line.",
            metavar="AGE",
            commands=("crawl",),
        ),
    ] = ""
    force: Annotated[
        bool,
        Flag(
            ("--force",),
            "Rewrite or remove also posts that a person edited.",
            commands=("share", "remove", "render"),
        ),
    ] = False
    dry_run: Annotated[
        bool,
        Flag(
            ("--dry-run",),
            "Show what would be written, and write neither posts nor ledger.",
            commands=("crawl", "share", "adopt", "render"),
        ),
    ] = False
    explain: Annotated[
        bool,
        Flag(
            ("--explain",),
            "Show for each article where each field comes from: which page, and where on it.",
        ),
    ] = False
    ftr: Annotated[
        DirectoryPath | None,
        Flag(
            ("--ftr",),
            "Folder of ftr-site-config rules, for pages that no site file has rules for.",
            metavar="FOLDER",
            commands=("crawl", "share", "render"),
        ),
    ] = None
    sites: Annotated[
        Path,
        Flag(
            ("--sites",),
            "Folder of your own site files; they take precedence over the built-in ones.",
            metavar="FOLDER",
            commands=_SITE_FILES,
        ),
    ] = Path("sites")
    connect_to: Annotated[
        str,
        AfterValidator(check_host_and_port),
        Flag(
            ("--connect-to",),
            "Send every request to this address over plain HTTP; URLs and Host headers stay.",
            metavar="HOST:PORT",
            commands=_NETWORK,
            envvar=CONNECT_TO,
        ),
    ] = Field(default_factory=lambda: os.environ.get(CONNECT_TO, ""))

    @classmethod
    def setting_names(cls) -> dict[str, str]:
        """The Scrapy setting of each option: {"limit": "NEWS_LIMIT", …}."""
        return {name: f"{cls.PREFIX}{name.upper()}" for name in cls.model_fields}

    def settings(self) -> dict[str, Any]:
        """These options as Scrapy settings."""
        fields, names = type(self).model_fields, self.setting_names()
        return {names[name]: _as_setting(fields[name], value) for name, value in self}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """The options of Scrapy settings; an option without a setting keeps its default. Raises
        ValueError, which names the setting."""
        return cls().with_settings(settings)

    def with_settings(self, settings: Mapping[str, Any]) -> Self:
        """These options, overridden by Scrapy settings. Raises as `from_settings` does."""
        return self.model_copy(update=dict(self._read(settings)))

    @classmethod
    def _read(cls, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, setting in cls.setting_names().items():
            value = settings.get(setting)
            if value is None:
                continue
            try:
                yield name, cls.checked(name, _from_setting(cls.model_fields[name], value))
            except ValueError as error:
                shown = "…" if flag_of(cls.model_fields[name]).secret else value
                raise ValueError(f"{setting}={shown}: {error}") from None


def _as_setting(field: FieldInfo, value: Any) -> Any:
    if value is None:
        return flag_of(field).unset
    return str(value) if isinstance(value, Path) else value


def _from_setting(field: FieldInfo, value: Any) -> Any:
    """A setting's value; None for the value that stands for None, also as text."""
    unset = field.default is None and str(value) in ("", str(flag_of(field).unset))
    return None if unset else value
