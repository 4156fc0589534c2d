"""The configuration of the Jekyll site in an output folder, which its owner may have written.

In: an output folder. Out: its configuration file; the language that the file states. `format.py`
calls it. Never raises for what a file holds.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")


def find_config(output: Path) -> Path | None:
    """Return the configuration file of the site in a folder, None if there is no site yet."""
    return next((output / name for name in CONFIGS if (output / name).exists()), None)


def read_language(config: Path) -> str:
    """Return the language that the site states as `lang`; "" if it states none."""
    try:
        text = config.read_text("utf-8")
        values = tomllib.loads(text) if config.suffix == ".toml" else yaml.safe_load(text)
    except (OSError, ValueError, LookupError, AttributeError, RecursionError, yaml.YAMLError):
        return ""  # PyYAML raises bare ValueErrors for dates; Jekyll reports such a file
    language = values.get("lang") if isinstance(values, dict) else None
    return language.replace("_", "-") if isinstance(language, str) else ""
