"""What is shipped: the wheel holds what users run, the sdist what its tests need, too."""

from __future__ import annotations

import os

import pytest
from support import ROOT


def shipped(kind: str) -> set[str]:
    """The project's files in a wheel or sdist, by their paths in it; nothing is built."""
    if "CI" not in os.environ:
        pytest.importorskip("hatchling")
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    builder = {"wheel": WheelBuilder, "sdist": SdistBuilder}[kind](str(ROOT))
    return {file.distribution_path for file in builder.recurse_included_files()}


def test_the_wheel_ships_what_users_run_and_nothing_that_only_tests_use() -> None:
    files = shipped("wheel")
    assert {path.partition("/")[0] for path in files} == {"newsspider"}
    assert {"newsspider/sites/definitions/finews.yml", "newsspider/py.typed"} <= files
    demo = {path.removeprefix("newsspider/demo/") for path in files if "/demo/" in path}
    assert {"newsroom.py", "routes.py", "data/cailianshe.yml"} <= demo
    assert not any("test" in path for path in files)
    for word in ("eastmoney", "gazette", "plain", "scripted", "faults"):
        assert not any(word in path for path in demo), word


def test_every_module_and_data_file_is_in_the_wheel() -> None:
    folder = ROOT / "newsspider"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files == shipped("wheel")


def test_the_sdist_has_the_tests_and_their_newsroom() -> None:
    files = shipped("sdist")
    assert {"tests/conftest.py", "tests/newsroom/plain/data/en.yml"} <= files
    assert {"newsspider/__init__.py", "docs/quickstart.md", "README.md"} <= files
