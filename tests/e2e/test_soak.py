"""The soak, made small: what it stands on is still there."""

from __future__ import annotations

import re
import subprocess
import sys

from support import TESTS

SOAK = TESTS / "soak" / "soak.py"


def test_a_small_soak() -> None:
    small = ["--kills", "3", "--articles", "200", "--sites", "0"]
    done = subprocess.run([sys.executable, SOAK, *small], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Each worker ends the kill it is at, so a machine of many cores comes to a few more.
    counted = re.findall(r"(\d+) kills \(", done.stdout)
    assert counted and int(counted[-1]) >= 3
    assert "200 articles: " in done.stdout
