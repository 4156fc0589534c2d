"""A request reaches an address of the user, or the reason why not is known without the address."""

from __future__ import annotations

import socket

import pytest
from support.hooked import hooked
from support.receiver import receiving

from newsspider.monitor.webhook import Refused, Unreachable, check_web, get, post


def test_why_a_request_failed_is_said_without_its_address() -> None:
    with receiving() as server:
        get(f"http://{server.address}/ping")
        assert server.received == [("GET", "/ping", b"")]
        server.status = 500
        with pytest.raises(Refused, match=r"^the answer was 500$"):
            get(f"http://{server.address}/s3cret")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match=r"^no answer \(Connection refused\)$"):
        get(f"http://127.0.0.1:{port}/s3cret")


def test_json_is_sent_with_the_headers_that_are_given() -> None:
    with hooked() as receiver:
        post(f"{receiver.address}/x", b"{}", {"webhook-id": "7"})
        ((path, headers, body),) = receiver.received
    assert (path, body, headers["webhook-id"]) == ("/x", b"{}", "7")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["user-agent"].startswith("newsspider/")


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_is_no_delivery(status: int) -> None:
    with hooked(status) as receiver:
        with pytest.raises(Refused, match=f"^the answer was {status}$"):
            post(receiver.address, b"{}")
        assert len(receiver.received) == 1


@pytest.mark.parametrize("text", ["https://a.example/x", "http://127.0.0.1:8080", "HTTPS://[::1]/"])
def test_an_address_of_the_web(text: str) -> None:
    check_web(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "s3cret", "https://", "https:///s3cret", "https://[s3cret/", "ftp://a/s3cret"),
        *("https://a:0/s3cret", "https://a:x/s3cret", "https://ä/s3cret", "https://a/s3 cret"),
    ],
)
def test_no_address_of_the_web(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not an address that starts with") as raised:
        check_web(text)
    assert "s3cret" not in str(raised.value)
