"""Which texts replace that of a post, and which only change it."""

from __future__ import annotations

import pytest

from newsspider.monitor.replaced import why_replaced

TITLE = "Harbour bridge opens again"
LINES = [f"Sentence {at} says what the council has to pay for the bridge." for at in range(20)]
POST = "\n".join(LINES)
CHINESE = "".join(f"市议会第{at}次就大桥一事作出决定，将在年底之前完成改造。" for at in range(20))


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (POST, ""),
        (f"{POST}\nMore.", ""),
        (f"Correction: {POST}", ""),
        ("\n".join(LINES[5:]), ""),
        ("\n".join(LINES[:11]), ""),
        ("\n".join(LINES[:9]), "its text is only a part of that of its post"),
        ("\n".join(LINES[:7]) + " Subscribe to go on with it.", "only a part"),
        ("\n\n ".join(LINES[:7]), "only a part"),
        ("\n".join(LINES[:3]), "far shorter"),
        ("", "far shorter"),
        ("Another report on the bridge. " * 20, ""),
        ("Come back on another day. " * 20, "no word of its title"),
        ("Please accept our cookies to read on. " * 40, "reads like a wall"),
        ("Der Rat der Stadt hat am Ende des Jahres die Brücke bezahlt. " * 20, "language is de"),
        ("市议会就大桥一事作出决定，将在年底之前完成改造。" * 40, "language is zh"),
    ],
)
def test_a_text_that_replaces_another_is_no_update(after: str, why: str) -> None:
    words = why_replaced(POST, TITLE, after)
    assert (why in words, bool(words)) == (True, bool(why))


def test_chinese_is_cut_as_well() -> None:
    assert why_replaced(CHINESE, "海湾大桥重新开放", CHINESE[: len(CHINESE) // 3])
    assert not why_replaced(CHINESE, "海湾大桥重新开放", CHINESE[: len(CHINESE) // 2 + 1])


@pytest.mark.parametrize(("length", "is_cut"), [(299, False), (300, True)])
def test_the_length_of_a_short_post_says_nothing(length: int, is_cut: bool) -> None:
    assert bool(why_replaced(POST[:length], TITLE, POST[:50])) is is_cut


def test_a_post_that_is_a_wall_may_become_another_one() -> None:
    assert not why_replaced("Please log in. " * 9, TITLE, "Please accept our cookies. " * 9)
