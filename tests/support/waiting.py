"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120  # seconds: on however busy a machine, only what hangs takes longer


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds; fail if it does not within PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"waited {PATIENCE} s in vain"
        time.sleep(0.02)
