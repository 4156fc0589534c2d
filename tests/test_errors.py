"""The tree of errors: drawn as it is, each with its exit code, and told by the command."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from newsspider import commands, errors
from newsspider.errors import Exit, NewsspiderError

DRAWN = re.findall(r"^ {4}([│├└─ ]*)(\w+) +(\d)  ", errors.__doc__ or "", flags=re.M)


def tree(error: type[NewsspiderError], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """The errors of the module below one, in the order of the module."""
    yield depth, error.__name__, str(int(error.exit_code))
    for child in vars(errors).values():
        if isinstance(child, type) and child.__base__ is error:
            yield from tree(child, depth + 1)


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn = [(len(indent) // 4, name, code) for indent, name, code in DRAWN]
    assert drawn == list(tree(NewsspiderError))


@pytest.mark.parametrize("name", [name for _, name, _ in DRAWN])
def test_the_command_ends_with_the_code_and_one_line(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error: type[NewsspiderError] = getattr(errors, name)

    def fail(*_: object, **__: object) -> None:
        raise error("somewhere.yml:3: something: what to do")

    monkeypatch.setattr(commands, "command_line", lambda: fail)
    with pytest.raises(SystemExit) as ended:
        commands.main([])
    assert ended.value.code == error.exit_code
    assert capsys.readouterr().err == "newsspider: somewhere.yml:3: something: what to do\n"


def test_every_exit_code_is_known() -> None:
    assert {error.exit_code for error in _all(NewsspiderError)} <= set(Exit)


def _all(error: type[NewsspiderError]) -> Iterator[type[NewsspiderError]]:
    yield error
    for child in error.__subclasses__():
        yield from _all(child)
