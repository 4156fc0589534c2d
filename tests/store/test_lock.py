"""Whose turn it is in a folder."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from support.waiting import PATIENCE

from newsspider.store import lock


def test_one_has_it_and_the_other_is_told_who(tmp_path: Path) -> None:
    held = lock.take(tmp_path / "lock")
    with pytest.raises(lock.Held) as told:
        lock.take(tmp_path / "lock")
    os.close(held)
    said = str(told.value)
    assert f"process {os.getpid()} on {os.uname().nodename} since 2" in said
    assert "pytest" in said or "-c" in said or "__main__" in said  # the command
    os.close(lock.take(tmp_path / "lock"))


def test_one_that_waits_says_so_once_and_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = lock.take(tmp_path / "lock")
    said: list[str] = []
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if len(sleeps) == 3:
            os.close(held)

    monkeypatch.setattr("newsspider.store.lock.time.sleep", sleep)
    os.close(lock.take(tmp_path / "lock", wait=PATIENCE, tell=said.append))
    assert len(said) == 1
    assert "another run is using it (process " in said[0]


def test_one_that_waits_long_enough_gives_up(tmp_path: Path) -> None:
    held = lock.take(tmp_path / "lock")
    began = time.monotonic()
    with pytest.raises(lock.Held):
        lock.take(tmp_path / "lock", wait=0.3, tell=lambda said: None)
    assert time.monotonic() - began >= 0.3
    os.close(held)


def test_what_a_dead_process_left_in_the_file_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"process 1 since \xff" + b"x" * 5000)
    held = lock.take(tmp_path / "lock")
    assert (tmp_path / "lock").read_text().startswith(f"process {os.getpid()} ")
    os.close(held)


def test_the_lock_names_its_holder_without_the_secrets_of_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [
        "postgresql://app:s3c/r@et@db/news?sslmode=require",
        "postgresql://db?password=s3c",
    ]
    monkeypatch.setattr(sys, "argv", ["newsspider", "crawl", "a/b", "--ledger", *addresses])
    handle = lock.take(tmp_path / "lock")
    os.close(handle)
    holder = (tmp_path / "lock").read_text()
    assert "crawl a/b --ledger" in holder
    assert "s3c" not in holder
    assert "postgresql://…@db/news?sslmode=require" in holder
