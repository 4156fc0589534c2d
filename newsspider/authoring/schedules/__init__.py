"""The files that start newsspider by a clock: a GitHub workflow, crontab lines, systemd units.

In: the kind of schedule, the folder of newsspider.yml, the Jekyll site in it, and the command. Out:
the files with their texts, from the templates beside this module. Called by `newsspider init`. Pure
but for reading the templates.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template

from newsspider import __version__

_TEMPLATES = Path(__file__).parent


class _Placeholders(Template):
    delimiter = "@@"  # shell scripts and workflows are full of `$`


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _cron(text: str) -> str:
    return shlex.quote(text).replace("%", r"\%")  # cron ends a command at a bare one


def _systemd(text: str) -> str:
    return text.replace("%", "%%")


def _systemd_word(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return _systemd(text if re.fullmatch(r"[\w./-]+", text) else f'"{escaped}"')


# Of each kind its files, how the folder is written there, and how a word of a command is; of the
# workflow, whose commands read variables, the value of one.
_KINDS: Mapping[str, tuple[Sequence[Path], Callable[[str], str], Callable[[str], str]]] = {
    "github": ([Path(".github/workflows/newsspider.yml")], _yaml, _yaml),
    "cron": ([Path("newsspider.cron")], _cron, _cron),
    "systemd": (
        [Path("newsspider.service"), Path("newsspider.timer")],
        _systemd,
        _systemd_word,
    ),
}
KINDS = tuple(_KINDS)


def schedule_files(
    kind: str, *, folder: Path, output: str, command: Sequence[str]
) -> dict[Path, str]:
    """Return the files of a kind of schedule (one of KINDS), by their paths in the folder of
    newsspider.yml. `folder` is absolute; `command` are the words that start newsspider."""
    files, path, word = _KINDS[kind]
    values = {
        "version": __version__,
        "folder": path(str(folder)),
        "output": word(output),
        "command": " ".join(word(each) for each in command),
    }
    return {
        file: _Placeholders((_TEMPLATES / file.name).read_text("utf-8")).substitute(values)
        for file in files
    }
