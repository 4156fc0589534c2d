"""Where messages go: each kind of channel with a real server; no secret in any message."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from support.receiver import receiving

from newsspider.monitor.channels import Message, channel_of, check_secret, with_secrets
from newsspider.monitor.webhook import Undelivered

# apprise imports a module of Python's that Python 3.13 has no more, and does without it there.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

MESSAGE = Message("newsspider: 报 is broken", ("报 is broken: why",), True, ({"source": "报"},))


@pytest.mark.parametrize(
    "text",
    [
        *("${NAME}", "alerts.log", "logs/alerts log.txt", "https://ntfy.sh/${TOPIC}"),
        *("mailto://me:${PASSWORD}@example.com", "json://${HOST}:8080/x", "../alerts.log"),
    ],
)
def test_a_path_or_a_variable_may_be_written(text: str) -> None:
    assert check_secret(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("https://hooks.example.com/s3cret", "tgram://s3cret/1", "mailto:s3cret@example.com"),
        *("mailto://me:s3cret@example.com?to=${TO}", "http://127.0.0.1/s3cret", "ntfys://s3cret"),
        *("https://x.example/s3cret/${}", "https://x.example/s3cret/$NAME"),
    ],
)
def test_an_address_that_is_written_out_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an address is a secret: write") as raised:
        check_secret(text)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the environment variable NAME is not set"),
        ("  ", "the environment variable NAME is not set"),
        ("s3cret", r"\$\{NAME\} is not an address"),
        ("https://a b/s3cret", r"\$\{NAME\} is not an address"),
        ("https:///s3cret", r"\$\{NAME\} is not an address that starts with"),
        ("https://[s3cret/", r"\$\{NAME\} is not an address that starts with"),
        ("nothing-like-it://s3cret", r"\$\{NAME\} is not an address that apprise knows"),
    ],
)
def test_a_variable_that_cannot_be_used(value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        channel_of("alerts.0", "${NAME}", {"NAME": value})
    assert "s3cret" not in str(raised.value)


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "no/alerts.log", tmp_path):
        with pytest.raises(ValueError, match="is not a file in a folder that exists"):
            channel_of("alerts.0", str(place), {})


def test_a_channel_does_not_show_its_address() -> None:
    assert "s3cret" not in repr(channel_of("alerts.0", "${A}", {"A": "https://x/s3cret"}))


def test_each_part_of_an_address_may_be_a_variable() -> None:
    values = {"A": "user", "B": "secret"}
    assert with_secrets("json://${A}:${B}@host/", values) == "json://user:secret@host/"


def test_a_file_gets_a_line_for_each_change(tmp_path: Path) -> None:
    channel = channel_of("alerts.0", str(tmp_path / "alerts.log"), {})
    channel.send(MESSAGE)
    channel.send(MESSAGE)
    lines = (tmp_path / "alerts.log").read_text("utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["报 is broken: why"] * 2


def test_a_webhook_gets_json() -> None:
    with receiving() as server:
        channel_of("alerts.0", "${HOOK}", {"HOOK": f"http://{server.address}/x"}).send(MESSAGE)
    ((method, path, body),) = server.received
    assert (method, path) == ("POST", "/x")
    assert json.loads(body) == {
        "title": MESSAGE.title,
        "text": f"{MESSAGE.title}\n报 is broken: why",
        "sources": [{"source": "报"}],
    }


def test_a_service_is_reached_by_apprise(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving() as server:
        channel = channel_of("alerts.0", "${A}", {"A": f"json://{server.address}/s3cret"})
        channel.send(MESSAGE)
        ((_, path, body),) = server.received
        server.status = 500
        with pytest.raises(Undelivered, match="the service did not take it"):
            channel.send(MESSAGE)
    values = json.loads(body)
    assert (path, values["title"], values["type"]) == ("/s3cret", MESSAGE.title, "warning")
    assert "s3cret" not in caplog.text
