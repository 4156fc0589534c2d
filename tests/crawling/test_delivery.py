"""A delivery arrives whole and signed, or the reason why it does not is known in bounded time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from support.fetching import refusing
from support.hooked import hooked
from support.waiting import wait_until

from newsspider.crawling.delivery import Hook, deliver, signed
from newsspider.monitor.webhook import Refused, Unreachable

DATA = json.dumps({"id": "7", "article": {"title": "中国移动 ' \" $(touch x)"}}).encode()
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOOK_KEY": "secret"}


def send(hook: Any, environment: Mapping[str, str] = ENVIRONMENT, seconds: float = 10) -> None:
    deliver(Hook.model_validate(hook), "7", DATA, environment, seconds)


def test_a_command_gets_the_bytes_on_standard_input(tmp_path: Path) -> None:
    send(f"cat > {tmp_path}/got")
    assert (tmp_path / "got").read_bytes() == DATA
    deliver(Hook(command="true"), "7", DATA * 100_000, ENVIRONMENT, 10)  # which it does not read


def test_a_command_that_fails_says_its_last_line() -> None:
    with pytest.raises(Refused, match=r"the command ended with 3: no such index$"):
        send("echo first; echo no such index >&2; exit 3")
    with pytest.raises(Refused, match="the command ended with 127"):
        send("there-is-no-such-command")


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(Unreachable, match="did not end within 1 s"):
        send(f"(sleep 600 > {tmp_path}/pipe); true", seconds=1)
    wait_until(lambda: _is_closed(reading))
    os.close(reading)


def _is_closed(reading: int) -> bool:
    """Return whether no process has a pipe open to write to."""
    try:
        return os.read(reading, 1) == b""
    except BlockingIOError:
        return False


def test_a_process_in_the_background_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    send(f"cat {tmp_path}/pipe & true", seconds=60)  # it reads until somebody has written
    (tmp_path / "pipe").write_text("")


def test_a_webhook_is_signed() -> None:
    with hooked() as receiver:
        send({"url": f"{receiver.address}/news", "key": "${HOOK_KEY}"})
        ((path, headers, body),) = receiver.received
    assert (path, body, headers["webhook-id"]) == ("/news", DATA, "7")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    content = b"7." + headers["webhook-timestamp"].encode() + b"." + DATA
    digest = hmac.digest(b"secret", content, hashlib.sha256)
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_the_example_of_the_specification() -> None:
    """https://github.com/standard-webhooks/standard-webhooks, in the tests of its libraries."""
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_an_answer_that_is_no_yes_is_a_refusal(status: int) -> None:
    with hooked(status) as receiver:
        with pytest.raises(Refused, match=f"^the answer was {status}$"):
            send({"url": receiver.address, "key": "${HOOK_KEY}"})
        assert len(receiver.received) == 1


def test_what_cannot_be_asked_is_unreachable_and_no_message_has_the_address() -> None:
    values = {"url": "${URL}", "key": "${HOOK_KEY}"}
    with refusing() as place:
        address = f"http://{place}"
        for environment, message in (
            ({"URL": address, "HOOK_KEY": "k"}, "no answer \\(Connection refused\\)"),
            ({"URL": address}, "the environment variable HOOK_KEY is not set"),
            ({"HOOK_KEY": "k"}, "the environment variable URL is not set"),
            ({"URL": "file:///etc/passwd", "HOOK_KEY": "k"}, "its url is not an address"),
        ):
            with pytest.raises(Unreachable, match=message) as caught:
                send(values, environment)
            assert address not in str(caught.value)


def test_a_webhook_that_is_silent_is_unreachable() -> None:
    with (
        hooked(delay=600) as receiver,
        pytest.raises(Unreachable, match=r"no answer \(timed out\)"),
    ):
        send({"url": receiver.address, "key": "${HOOK_KEY}"}, seconds=0.3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("https://hooks.example/a", "needs a key that signs it: write key: ${NAME}"),
        ("", "give a command, or the url of a webhook"),
        ({}, "give a command, or the url of a webhook"),
        ({"command": "true", "url": "https://a.example/", "key": "${K}"}, "give a command, or"),
        ({"command": "true", "key": "${K}"}, "only a webhook has a key"),
        ({"url": "https://a.example/", "key": "hunter2"}, "a key is a secret: write ${NAME}"),
        ({"url": "https://a.example/", "key": 42}, "a key is a secret: write ${NAME}"),
        ({"url": "https://me:hunter2@a.example/", "key": "${K}"}, "has a password in it"),
        ({"url": "ftp://a.example/", "key": "${K}"}, "is not an address that starts with"),
        ({"url": "https:///path", "key": "${K}"}, "is not an address that starts with"),
    ],
)
def test_hooks_that_cannot_be_used(values: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Hook.model_validate(values)
    (error,) = caught.value.errors()
    assert message in error["msg"]
    assert "hunter2" not in error["msg"]
