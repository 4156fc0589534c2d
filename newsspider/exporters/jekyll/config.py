"""The configuration of the Jekyll site in an output folder, which its owner may have written.

In: an output folder. Out: its configuration file; the values that it states, and which files it
publishes. `format.py` and the commands call it. Never raises for what a file holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from newsspider.text.pictures import KEPT_FOLDER

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")
LAID = Path(__file__).parent / "site" / "_config.yml"  # the one of a new site


def find_config(output: Path) -> Path | None:
    """Return the configuration file of the site in a folder, None if there is no site yet."""
    return next((output / name for name in CONFIGS if (output / name).exists()), None)


def read_language(config: Path) -> str:
    """Return the language that the site states as `lang`; "" if it states none."""
    language = read_values(config).get("lang")
    return language.replace("_", "-") if isinstance(language, str) else ""


def read_base(output: Path) -> str:
    """Return what a post puts before the path of a picture of the site: the `baseurl` of the site
    as it is now (`/news`), "" if the layout of its posts adds it."""
    config, layout = find_config(output), output / "_layouts" / "post.html"
    try:
        adds = f"/{KEPT_FOLDER}/" in layout.read_text("utf-8", "replace")
    except OSError:
        adds = False
    base = read_values(config).get("baseurl") if config and not adds else ""
    return base.rstrip("/") if isinstance(base, str) else ""


def published(config: Path, names: Iterable[str]) -> list[str]:
    """Return those of the names that Jekyll would publish: names of files, and of folders with a
    slash at the end, in the folder of the configuration."""
    patterns = read_values(config).get("exclude")
    patterns = patterns if isinstance(patterns, list) else []
    texts = [text for text in patterns if isinstance(text, str)]
    return [
        name
        for name in names
        if name[0] not in "._#~" and not any(_excludes(pattern, name) for pattern in texts)
    ]


def _excludes(pattern: str, name: str) -> bool:
    """Return whether a pattern of `exclude` names a file or folder, as Jekyll's EntryFilter does:
    by its glob, or by how its path begins."""
    pattern, entry = pattern.removeprefix("/"), name.rstrip("/")
    return entry.startswith(pattern) or fnmatchcase(entry, pattern) or pattern == name


def read_values(config: Path) -> dict[str, Any]:
    """Return the values of a configuration; none if it cannot be read, which Jekyll reports."""
    try:
        text = config.read_text("utf-8")
        values = tomllib.loads(text) if config.suffix == ".toml" else yaml.safe_load(text)
    except (OSError, ValueError, LookupError, AttributeError, RecursionError, yaml.YAMLError):
        return {}  # PyYAML raises bare ValueErrors for dates
    return values if isinstance(values, dict) else {}
