"""Limits: whatever a server sends, time and memory are bounded and the reason is a word."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path

import brotli
import pytest
from newsroom import Newsroom
from support.cli import Cli
from support.fetching import Reply, Server, http, probe

from newsspider.fetch.scrapy_private import MOST_CHUNKS
from newsspider.text.urls import LONGEST

MB = 1024 * 1024
HOST = "http://news.example"
PAGE = "<html><p>中国移动“心级服务”</p></html>".encode()


def packed(body: bytes, *layers: str) -> bytes:
    return http(body, headers={"Content-Encoding": ", ".join(layers)})


def zeros(pack: Callable[[], object], size: int) -> bytes:
    """So many zeros, packed without being held."""
    packer = pack()
    parts = [packer.compress(part) for part in repeat(bytes(MB), size // MB)]  # type: ignore[attr-defined]
    return b"".join(parts) + packer.flush()  # type: ignore[attr-defined]


def gzipped_zeros(size: int) -> bytes:
    return zeros(lambda: zlib.compressobj(9, wbits=31), size)


def brotli_zeros(size: int) -> bytes:
    packer = brotli.Compressor(quality=5)
    parts = [packer.process(part) for part in repeat(bytes(MB), size // MB)]
    return b"".join(parts) + packer.finish()


def zstd_zeros(size: int) -> bytes:
    from backports.zstd import ZstdCompressor

    return zeros(ZstdCompressor, size)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(64):
        connection.sendall(b"100000\r\n" + bytes(MB) + b"\r\n")


def in_chunks(number: int) -> bytes:
    """An answer in chunks of a byte."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"1\r\nx\r\n" * number + b"0\r\n\r\n"


def many_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"x" * 100))
    connection.sendall(b"Content-Length: 2\r\n\r\nhi")


def drip(*parts: bytes, every: float = 0.2) -> Callable[[socket.socket], None]:
    """A byte of the last part at a time, for ever."""

    def send(connection: socket.socket) -> None:
        connection.sendall(b"".join(parts[:-1]))
        for byte in chain(parts[-1], repeat(ord("x"), 500)):
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return send


def test_attack_bombs_and_endless_answers_are_cut_off_with_a_reason() -> None:
    bomb = gzipped_zeros(300 * MB)
    replies = {
        "/gzip": (packed(bomb, "gzip"), "TooLarge"),
        "/deflate": (packed(zeros(lambda: zlib.compressobj(9), 300 * MB), "deflate"), "TooLarge"),
        "/brotli": (packed(brotli_zeros(300 * MB), "br"), "TooLarge"),
        "/zstd": (packed(zstd_zeros(300 * MB), "zstd"), "TooLarge"),
        "/twice": (packed(gzip.compress(bomb), "gzip", "gzip"), "TooLarge"),
        "/layers": (packed(gzip.compress(gzip.compress(bomb)), *["gzip"] * 3), "BadCompression"),
        "/many-layers": (packed(bomb, *["br"] * 2000), "BadCompression"),
        "/no-gzip": (packed(b"\x1f\x8b\x08 this is none", "gzip"), "BadCompression"),
        "/unknown": (packed(b"\x1f\x9d\x90compressed", "compress"), "BadCompression"),
        "/unknown-bytes": (packed(b"\x00", "\xff"), "BadCompression"),
        "/no-brotli": (packed(b"\xffnone", "br"), "BadCompression"),
        "/endless": (endless, "TooLarge"),
        "/long": (http(headers={"Content-Length": str(10**12)}), "TooLarge"),
        "/headers": (many_headers, "TooLarge"),
        "/header": (http(headers={"X": "x" * 300_000}), "TooLarge"),
        "/bad-chunk": (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhi\r\n0\r\n\r\n",
            "*",
        ),
        "/short": (http(b"cut", headers={"Content-Length": "10000"}), "*"),
        "/no-http": (b"<html>hi", "*"),
        "/999": (http(status=999), "Http999"),
        "/10000": (http(status=10**20), "HttpStatus"),
        "/-1": (http(status=-1), "HttpStatus"),
        "/304": (http(status=304), "Http304"),
    }
    with Server({path: reply for path, (reply, _) in replies.items()}) as server:
        ran = probe([HOST + path for path in replies], server, RETRY_TIMES=0)
    for path, (_, reason) in replies.items():
        answer = ran.answers[HOST + path]
        assert answer.reason == reason or (reason == "*" and answer.reason), answer
    assert ran.peak < 400 * MB


def test_attack_a_body_of_too_many_chunks_is_cut_off() -> None:
    replies = {"/most": in_chunks(MOST_CHUNKS), "/more": in_chunks(MOST_CHUNKS + 1)}
    with Server(replies) as server:
        ran = probe([HOST + path for path in replies], server, DOWNLOAD_TIMEOUT=300)
    most, more = (ran.answers[HOST + path] for path in replies)
    assert (most.reason, most.size) == ("", MOST_CHUNKS)
    assert more.detail == f"TooLarge: a body of over {MOST_CHUNKS} chunks"


def cut_chunks(connection: socket.socket) -> None:
    """A chunked answer without its last chunk."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.sendall(b"%x\r\n%s\r\n" % (len(PAGE), PAGE))


LONG_PAGE = PAGE * 2000
CUT: dict[str, Reply] = {
    "gzip": packed(gzip.compress(LONG_PAGE)[:-40], "gzip"),
    "gzip without its checksum": packed(gzip.compress(LONG_PAGE)[:-8], "gzip"),
    "deflate": packed(zlib.compress(LONG_PAGE)[:-40], "deflate"),
    "brotli": packed(brotli.compress(LONG_PAGE)[:-4], "br"),
    "two layers": packed(brotli.compress(gzip.compress(LONG_PAGE))[:-4], "gzip", "br"),
    "a packed file": http(gzip.compress(LONG_PAGE)[:-40]),
    "its length": http(PAGE, headers={"Content-Length": str(2 * len(PAGE))}),
    "its chunks": cut_chunks,
}


def test_an_answer_cut_short_is_asked_for_again_and_then_failed() -> None:
    paths = {f"/{at}": reply for at, reply in enumerate(CUT.values())}
    whole = {f"/{at}/later": [reply, http(PAGE)] for at, reply in enumerate(CUT.values())}
    with Server({**paths, **whole}) as server:
        ran = probe([HOST + path for path in (*paths, *whole)], server, RETRY_TIMES=1)
    for at, case in enumerate(CUT):
        assert ran.answers[f"{HOST}/{at}"].reason == "ResponseDataLoss", case
        assert ran.answers[f"{HOST}/{at}/later"].reason == "", case
        assert len(server.times(f"/{at}")) == 2, case


def test_an_error_page_cut_short_is_still_the_error() -> None:
    body, head = gzip.compress(LONG_PAGE)[:-40], {"Content-Encoding": "gzip"}
    with Server({"/gone": http(body, 404, head)}) as server:
        ran = probe([HOST + "/gone"], server, RETRY_TIMES=0)
    assert ran.reasons() == {HOST + "/gone": "Http404"}


def test_what_is_packed_well_or_not_at_all_is_read() -> None:
    replies = {
        "/gzip": packed(gzip.compress(PAGE), "gzip"),
        "/brotli": packed(brotli.compress(PAGE), "br"),
        "/twice": packed(gzip.compress(brotli.compress(PAGE)), "br", "gzip"),
        "/identity": packed(PAGE, "identity"),
        "/long-header": http(PAGE, headers={"X": "x" * 60_000}),
        "/says-gzip": packed(PAGE, "gzip"),
        "/says-zstd": packed(b'{"a": "\xe4\xb8\xad"}', "zstd"),
        "/says-utf8": packed(PAGE, "utf-8"),
        "/says-no-text": packed(PAGE, "\xff\xfe"),
        "/says-a-transfer": packed(gzip.compress(PAGE), "aws-chunked", "gzip"),
        "/too-long": http(PAGE, headers={"Content-Length": str(len(PAGE) - 7)}),
    }
    with Server(replies) as server:
        ran = probe([HOST + path for path in replies], server, RETRY_TIMES=0)
    assert set(ran.reasons().values()) == {""}
    for path, answer in ran.answers.items():
        assert "中" in answer.text, path


def test_attack_answers_that_drip_end_with_the_timeout(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    replies = {
        "/body": drip(head, b""),
        "/chunks": drip(head[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 50),
        "/head": drip(b"HTTP/1.1 200 OK\r\n", b"X: "),
        "/status": drip(b"", b"HTTP/1.1 "),
        "/silence": lambda connection: time.sleep(300),
    }
    with Server(replies) as server:
        urls = [HOST + path for path in replies]
        free = {"dont_obey_robotstxt": True}
        ran = probe(urls, server, meta=free, RETRY_TIMES=0, DOWNLOAD_TIMEOUT=2)
    assert ran.reasons() == dict.fromkeys(urls, "Timeout")  # and not what ends after 100 s


def test_attack_a_tls_handshake_that_stalls_ends_with_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/"
        meta = {"allow_private": True, "dont_obey_robotstxt": True}
        ran = probe([url], meta=meta, RETRY_TIMES=0, DOWNLOAD_TIMEOUT=1)
    assert ran.reasons() == {url: "Timeout"}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of localhost that it signed itself; its key is in `key.pem` beside it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    made += ["-addext", "subjectAltName=DNS:localhost"]
    made += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs openssl")
    return certificate


@contextmanager
def tls_server(certificate: Path, replies: Mapping[str, Reply | list[Reply]]) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server = Server(replies)
    server._socket = context.wrap_socket(server._socket, server_side=True)
    with server:
        yield server


def test_a_certificate_that_nobody_signed_is_refused(certificate: Path) -> None:
    with tls_server(certificate, {}) as server:
        url = f"https://localhost:{server.port}/"
        meta = {"allow_private": True, "dont_obey_robotstxt": True}
        ran = probe([url], meta=meta, RETRY_TIMES=0)
    assert "certificate verify failed" in ran.log, ran.answers
    assert server.asked == []


def test_one_tls_context_serves_each_connection_to_a_host(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with tls_server(certificate, {"/a": http(PAGE), "/b": http(PAGE)}) as server:
        urls = [f"https://localhost:{server.port}/{name}" for name in "ab"]
        meta = {"allow_private": True, "dont_obey_robotstxt": True}
        ran = probe(urls, meta=meta, RETRY_TIMES=0, DOWNLOAD_TIMEOUT=60)
    assert [ran.answers[url].reason for url in urls] == ["", ""]
    assert sorted(server.paths()) == ["/a", "/b"]


def test_attack_redirects_without_end_and_addresses_without_end() -> None:
    replies = {
        "/loop": http(status=302, headers={"Location": "/loop"}),
        "/count": http(status=301, headers={"Location": "/count?n=1"}),
        "/far": http(status=307, headers={"Location": "/" + "x" * 10_000}),
        "/there": http(status=302, headers={"Location": "/here"}),
        "/here": http(PAGE),
    }
    urls = [HOST + path for path in ("/loop", "/count", "/far", "/there")]
    long = f"{HOST}/{'y' * LONGEST}"
    with Server(replies) as server:
        ran = probe([*urls, long], server)
    assert [ran.answers[url].reason for url in urls] == [
        *("TooManyRedirects", "TooManyRedirects", "LongAddress", "")
    ]
    assert ran.answers[long].reason == "LongAddress"
    assert len(server.paths()) < 20
    assert max(map(len, server.paths())) < 100


def test_a_run_ends_when_its_time_is_up_and_the_next_one_goes_on(
    cli: Cli, newsroom: Newsroom
) -> None:
    newsroom.fault("finews.zning.xyz", "/NewsData", status=0, delay=600)
    first = cli("crawl", "finews/renminyoudianbao", "-s", "NEWS_MAX_TIME=5")
    assert first.code == 1
    assert "NEWS_MAX_TIME" in first.out
    newsroom.clear_faults()
    second = cli("crawl", "finews/renminyoudianbao")
    assert second.code == 0, second.out
    assert len(cli.names) >= 4


def test_an_answer_over_a_limit_fails_its_article_and_no_other(
    cli: Cli, newsroom: Newsroom
) -> None:
    bomb = gzipped_zeros(100 * MB)
    newsroom.fault(
        "finews.zning.xyz",
        "/NewsData",
        body=bomb,
        status=200,
        times=1,
        headers={"Content-Encoding": "gzip"},
    )
    ran = cli("crawl", "finews/renminyoudianbao")
    assert ran.code == 1
    assert "TooLarge 1" in ran.out
    assert len(cli.names) >= 3
