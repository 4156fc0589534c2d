"""Whether a compressed body has its end, at every length and in every compression."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from newsspider.fetch.packing import is_cut

TEXT = random.Random(9).randbytes(200_000).hex().encode()
LARGEST = 2**20


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


def two_members(text: bytes) -> bytes:
    return gzip.compress(text[:1000]) + gzip.compress(text[1000:])


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "gzip in two members": ("gzip", two_members),
    "deflate": ("deflate", zlib.compress),
    "deflate without a head": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "a file": ("", gzip.compress),
}


@pytest.mark.parametrize("case", PACKED)
def test_a_body_is_cut_wherever_it_breaks_off(case: str) -> None:
    coding, pack = PACKED[case]
    body = pack(TEXT)
    assert not is_cut(body, coding, LARGEST)
    for left in (20, len(body) // 3, len(body) // 2, len(body) - 9, len(body) - 1):
        assert is_cut(body[:left], coding, LARGEST), left


def test_a_damaged_body_is_cut() -> None:
    body = gzip.compress(TEXT, compresslevel=0)  # in blocks, each with a head that can be broken
    assert is_cut(body[:131_000] + b"\xff" * 270_000, "gzip", LARGEST)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "utf-8", ""])
def test_what_is_not_compressed_is_not_cut(coding: str) -> None:
    assert not is_cut(TEXT[:200], coding, LARGEST)
    assert not is_cut(b"", coding, LARGEST)


def test_what_follows_the_end_and_a_wrong_checksum_do_no_harm() -> None:
    body = gzip.compress(TEXT)
    assert not is_cut(body + b"\0\0\0", "gzip", LARGEST)
    assert not is_cut(body[:-8] + b"\0" * 8, "gzip", LARGEST)


def test_no_more_is_unpacked_than_is_allowed() -> None:
    bomb = gzip.compress(bytes(64 * LARGEST))
    assert not is_cut(bomb[:-9], "gzip", LARGEST)
