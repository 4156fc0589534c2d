"""CONTRIBUTING.md is true: the targets, paths and tests that it names exist."""

from __future__ import annotations

import re

import pytest
from support import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
# `make lint` in a sentence, where a line may end before the target, and in a console block.
TARGETS = sorted(set(re.findall(r"(?:`|^\$ )make\s+([a-z]+)", CONTRIBUTING, re.M)))
PATHS = sorted(
    {
        *re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|lock|toml))`", CONTRIBUTING),
        *re.findall(r"^\$ pytest.*? (tests/[\w./]+)", CONTRIBUTING, re.M),
    }
)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_of_make_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.M)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_test_that_is_run_alone_exists() -> None:
    match = re.search(r"^\$ pytest (\S+)::(\w+)", CONTRIBUTING, re.M)
    assert match
    assert f"def {match[2]}(" in (ROOT / match[1]).read_text("utf-8")


@pytest.mark.parametrize("target", ["check", "test"])
def test_the_readme_states_the_same_time(target: str) -> None:
    line = re.search(rf"^\$ make {target} .*", CONTRIBUTING, re.M)
    assert line
    assert line[0] in (ROOT / "README.md").read_text("utf-8")


def test_the_quick_tests_exist() -> None:
    paths = re.search(r"^QUICK = ((?:.*\\\n)*.*)", MAKEFILE, re.M)
    assert paths
    assert all((ROOT / path).exists() for path in paths[1].replace("\\\n", " ").split())


def test_targets_and_paths_are_recognised() -> None:
    assert {"demo", "lint", "lock", "soak", "test", "types"} <= set(TARGETS)
    assert {".ci/run", "newsspider/", "requirements.lock", "tests/dates"} <= set(PATHS)
