"""The soak, made small: what it stands on is still there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parent / "soak" / "soak.py"


def test_a_small_soak() -> None:
    small = ["--kills", "3", "--articles", "200", "--sites", "0"]
    done = subprocess.run([sys.executable, SOAK, *small], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "3 kills" in done.stdout
    assert "200 articles: " in done.stdout
