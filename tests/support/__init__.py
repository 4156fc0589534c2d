"""What the tests share: folders, the command as a user runs it, a newsroom."""

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
