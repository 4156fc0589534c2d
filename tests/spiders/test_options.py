"""The options of a run: what they take, and the settings they become."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from scrapy.settings import Settings
from support.more_options import MoreOptions

from newsspider import settings
from newsspider.spiders.options import CONNECT_TO, RunOptions, reason

# The name and the default of each setting, as they have been since they were first documented.
DEFAULTS = {
    "NEWS_OUTPUT": "output/site",
    "NEWS_LEDGER": "",
    "NEWS_SITES": "sites",
    "NEWS_LIMIT": 0,
    "NEWS_SINCE": "",
    "NEWS_MAX_PAGES": 0,
    "NEWS_MEDIA": "",
    "NEWS_STOCK": "",
    "NEWS_PROFILE": "",
    "NEWS_FTR": "",
    "NEWS_EXPLAIN": False,
    "NEWS_TEXT": "",
    "NEWS_SAME_STORY": "",
    "NEWS_IMAGES": "",
    "NEWS_UNDATED": "",
    "NEWS_RECHECK": "",
    "NEWS_FORCE": False,
    "NEWS_DRY_RUN": False,
}


def test_the_settings_keep_their_names_and_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS
    monkeypatch.delenv(CONNECT_TO, raising=False)
    assert RunOptions().settings() == {**DEFAULTS, "NEWS_CONNECT_TO": ""}
    monkeypatch.setenv(CONNECT_TO, "127.0.0.1:8080")
    assert RunOptions().connect_to == "127.0.0.1:8080"
    assert RunOptions().settings()["NEWS_CONNECT_TO"] == "127.0.0.1:8080"


def test_options_become_settings_and_come_back(tmp_path: Path) -> None:
    given = RunOptions(
        output=Path("here"),
        ledger="postgresql://db/news",
        limit=3,
        since="7d",
        max_pages=2,
        media="财联社",
        stock="1.600941",
        profile="seed",
        text="link",
        same_story="first",
        images="local",
        undated="first-seen",
        recheck="2d",
        force=True,
        dry_run=True,
        explain=True,
        ftr=tmp_path,
        sites=Path("mine"),
        connect_to="[::1]:80",
    )
    assert given.settings().keys() == RunOptions().settings().keys()
    assert all(value != RunOptions().settings()[name] for name, value in given.settings().items())
    assert RunOptions.from_settings(Settings(given.settings())) == given
    assert RunOptions.from_settings(Settings(RunOptions().settings())) == RunOptions()
    as_text = {name: str(value) for name, value in given.settings().items()}  # `scrapy crawl -s`
    assert RunOptions.from_settings(as_text) == given


def test_what_is_not_set_keeps_its_default() -> None:
    assert RunOptions.from_settings({}) == RunOptions()
    assert RunOptions.from_settings({"NEWS_PROFILE": None}) == RunOptions()
    assert RunOptions(limit=3).with_settings({"NEWS_MEDIA": "a"}) == RunOptions(limit=3, media="a")
    assert RunOptions(limit=3).with_settings({"NEWS_LIMIT": "0"}).limit is None


WRONG: dict[str, tuple[str, Any, str]] = {
    "text for a number": ("limit", "abc", "'abc' is not a whole number"),
    "half an article": ("limit", 1.5, "1.5 is not a whole number"),
    "no article": ("limit", 0, "0 is less than 1"),
    "a switch for a number": ("limit", True, "True is not a whole number"),
    "no page": ("max_pages", "-1", "'-1' is less than 1"),
    "another way to date": ("undated", "today", "'today' is not first-seen"),
    "an age of nothing": ("since", "soon", "'soon' is not a time"),
    "a profile": ("profile", "nice", "'nice' is not one of seed, reader"),
    "a share": ("stock", "6 0", "'6 0' is not a stock code"),
    "a share as a number": ("stock", 2, "2 is not text; put it in quotes"),
    "a source as a number": ("media", 163, "163 is not text; put it in quotes"),
    "no port": ("connect_to", "host", "'host' is not HOST:PORT"),
    "port 0": ("connect_to", "host:0", "'host:0' is not HOST:PORT"),
    "port 65536": ("connect_to", "host:65536", "'host:65536' is not HOST:PORT"),
    "a folder that is not there": ("ftr", "/nowhere", "'/nowhere' is not a folder"),
    "neither yes nor no": ("dry_run", "perhaps", "'perhaps' is neither true nor false"),
    "a list for a folder": ("output", ["a"], "['a'] is not text"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_told_with_its_setting(case: str) -> None:
    name, value, words = WRONG[case]
    with pytest.raises(ValueError, match=f"^{re.escape(words)}"):
        RunOptions.checked(name, value)
    setting = RunOptions.setting_names()[name]
    if value == 0:  # of a setting it has always meant: no limit
        assert RunOptions.from_settings({setting: value}).limit is None
        return
    with pytest.raises(ValueError, match=f"^{re.escape(f'{setting}={value}: {words}')}"):
        RunOptions.from_settings({setting: value})


def test_options_come_from_yaml() -> None:
    text = """
    limit: 5
    since: 2022-04-26
    stock: '000002'
    explain: true
    """
    options = RunOptions.model_validate(yaml.safe_load(text))
    assert options == RunOptions(limit=5, since="2022-04-26", stock="000002", explain=True)
    for wrong, words in (({"limits": 5}, "5 belongs to no option"), ({"media": None}, "is empty")):
        with pytest.raises(ValidationError) as caught:
            RunOptions.model_validate(wrong)
        assert reason(caught.value) == words


def test_options_do_not_change() -> None:
    with pytest.raises(ValidationError):
        RunOptions().limit = 3  # type: ignore[misc]


def test_an_option_more_is_a_field_more() -> None:
    assert MoreOptions().settings()["NEWS_COLOUR"] == ""
    assert MoreOptions(colour="red").settings()["NEWS_COLOUR"] == "red"
    assert MoreOptions.from_settings(Settings({"NEWS_COLOUR": "red"})).colour == "red"
    with pytest.raises(ValueError, match=r"^NEWS_COLOUR=grey: 'grey' is no colour$"):
        MoreOptions.from_settings({"NEWS_COLOUR": "grey"})
