"""Variables of the environment in what people write."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from newsspider.text.variables import PASSWORD, VARIABLE, filled

VALUES = {"A": " user ", "B_2": "p@ss", "EMPTY": "  "}


def test_each_variable_has_its_value() -> None:
    assert filled("json://${A}:${B_2}@host/", VALUES) == "json://user:p@ss@host/"
    assert filled("${B_2}", VALUES, quote) == "p%40ss"
    assert filled("$A ${} ${2} {A}", VALUES) == "$A ${} ${2} {A}"


def test_a_value_is_not_read_again() -> None:
    assert filled("${A}", {"A": "${B}", "B": "b"}) == "${B}"


@pytest.mark.parametrize("name", ["C", "EMPTY"])
def test_a_variable_that_is_not_set(name: str) -> None:
    with pytest.raises(ValueError, match=f"^the environment variable {name} is not set$"):
        filled(f"https://${{{name}}}/", VALUES)


@pytest.mark.parametrize(
    ("text", "is_secret"),
    [
        ("https://me:hunter2@a.example/", True),
        ("https://me:${P}@a.example/", False),
        ("https://a.example:80/x@y", False),
    ],
)
def test_a_password_that_is_written_out(text: str, is_secret: bool) -> None:
    assert bool(PASSWORD.search(text)) is is_secret


def test_a_name_of_a_variable() -> None:
    assert VARIABLE.fullmatch("${HOOK_KEY}") and not VARIABLE.fullmatch("${HOOK-KEY}")
