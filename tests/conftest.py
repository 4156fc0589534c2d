"""The fixtures of all tests: the newsroom, the command, Jekyll, Chromium, PostgreSQL, a fleet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from newsroom import Newsroom
from support.cli import Cli, program
from support.fleet import Fleet
from support.postgresql import Server, running_server

# How long an example takes, or the choice of one, says how busy the machine is.
settings.register_profile("newsspider", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsspider")


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture
def cli(tmp_path: Path, newsroom: Newsroom) -> Cli:
    return Cli(tmp_path, newsroom)


@pytest.fixture(scope="session")
def jekyll() -> str:
    return program("jekyll")


@pytest.fixture(scope="session")
def chromium() -> str:
    return program("chromium")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def crew(cli: Cli, postgresql: Server) -> Iterator[Fleet]:
    fleet = Fleet(cli, postgresql)
    yield fleet
    fleet.stop()
