"""The words of messages that count something."""

from __future__ import annotations

import pytest

from newsspider.text.characters import counted


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 posts"), (1, "1 post"), (2, "2 posts"), (11, "11 posts")]
)
def test_one_thing_is_not_several(number: int, text: str) -> None:
    assert counted(number, "post") == text
