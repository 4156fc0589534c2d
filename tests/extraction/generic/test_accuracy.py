"""The accuracy gate: no field of the pages in data/generic gets worse than its baseline.json.

After a gain, or where a loss is meant:
`NEWSSPIDER_BASELINE=1 pytest tests/test_generic_accuracy.py`
writes the file anew, and its diff says what changed.
"""

from __future__ import annotations

import json
import os

import pytest
from support.generic_pages import BASELINE, NAMES, scores


@pytest.mark.parametrize("name", NAMES)
def test_no_field_got_worse(name: str) -> None:
    known = json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {}
    marks = scores(name)
    if os.environ.get("NEWSSPIDER_BASELINE"):
        known[name] = marks
        text = json.dumps(dict(sorted(known.items())), indent=1)
        BASELINE.write_text(text + "\n", "utf-8")
    before = known.get(name, {})
    assert before, f"no baseline for {name}: NEWSSPIDER_BASELINE=1 pytest {__file__}"
    lost = {
        field: (was, marks.get(field)) for field, was in before.items() if marks.get(field, 0) < was
    }
    assert not lost, f"{name} lost (before, now): {lost}"


def test_the_gate_sees_a_loss() -> None:
    assert scores("en-kicker")["title"] == 1.0
    known = json.loads(BASELINE.read_text("utf-8"))
    assert set(known) == set(NAMES)
    assert min(mark for marks in known.values() for mark in marks.values()) >= 0.9
