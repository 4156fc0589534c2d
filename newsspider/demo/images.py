"""Generated pictures: a landscape as JPEG, a candlestick chart as PNG.

In: a name, which seeds the random numbers, and a size. Out: the bytes of a valid image; the same
name and size always give the same bytes. Called by routes.py.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from random import Random

# DC sizes 0-11, all with codes four bits long; the only AC code is the end of block, one bit.
_DC_SIZES = bytes(range(12))


@lru_cache(maxsize=64)
def jpeg(name: str, width: int, height: int) -> bytes:
    """A baseline JPEG (ITU-T T.81), sizes in pixels. Only the mean of each 8x8 block is coded, so a
    picture of 800x555 takes about 13 kB and 13 ms."""
    blocks = _scene(Random(name), -(-width // 8), -(-height // 8))  # noqa: S311 - a picture, no secret
    quant = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\x08" * 64
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3)
    frame += b"".join(bytes((part, 0x11, 0)) for part in (1, 2, 3))
    dc = b"\xff\xc4" + struct.pack(">HB", 31, 0x00) + _lengths(4, 12) + _DC_SIZES
    ac = b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + _lengths(1, 1) + b"\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 12, 3) + b"\x01\x00\x02\x00\x03\x00" + b"\x00\x3f\x00"
    return b"\xff\xd8" + quant + frame + dc + ac + scan + _entropy(blocks) + b"\xff\xd9"


@lru_cache(maxsize=64)
def chart(name: str, width: int = 578, height: int = 276) -> bytes:
    """A PNG with the candlestick chart of a share that does not exist; red is up, as in China."""
    random, level = Random(name), height / 2  # noqa: S311 - a picture, no secret
    rows = [bytearray(width) for _ in range(height)]
    for left in range(12, width - 12, 9):
        close = min(max(level + random.uniform(-18, 18), 20), height - 20)
        top, bottom, ink = int(min(level, close)), int(max(level, close)), 1 if close < level else 2
        low, high = top - random.randint(1, 9), bottom + random.randint(2, 9)
        for y in range(max(0, low), min(height, high)):
            body = range(left, left + 6) if top <= y <= bottom else range(left + 2, left + 4)
            for x in body:
                rows[y][x] = ink
        level = close
    return png(rows, b"\xff\xff\xff\xd0\x30\x20\x20\x90\x50")


def png(rows: list[bytearray], palette: bytes) -> bytes:
    """A PNG of rows of palette indexes; the palette is RGB triples."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    data = zlib.compress(b"".join(b"\x00" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"PLTE", palette)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def _scene(random: Random, across: int, down: int) -> list[tuple[int, int, int]]:
    """Sky, hills and ground as quantised (Y, Cb, Cr) means, block by block."""
    horizon, phase = random.uniform(0.4, 0.7), random.uniform(0, across)
    ground = (random.randint(-70, -30), random.randint(-30, 0), random.randint(-25, 25))
    scene = []
    for y in range(down):
        for x in range(across):
            hill = horizon + 0.15 * abs(((x + phase) / across * 3) % 2 - 1)
            sky = (90 - int(60 * y / down), 24, -14)
            scene.append(sky if y / down < hill else (ground[0] + y * 30 // down, *ground[1:]))
    return scene


def _entropy(blocks: list[tuple[int, int, int]]) -> bytes:
    bits, last = [], (0, 0, 0)
    for block in blocks:
        for value, before in zip(block, last, strict=True):
            step = value - before
            size = abs(step).bit_length()
            bits.append(f"{size:04b}")  # twelve codes of four bits: the code of size n is n
            if size:
                bits.append(f"{step if step > 0 else step + (1 << size) - 1:0{size}b}")
            bits.append("0")  # end of block: no AC coefficient
        last = block
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    return int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\x00")


def _lengths(length: int, codes: int) -> bytes:
    """The sixteen counts of a Huffman table whose codes have the same length."""
    counts = bytearray(16)
    counts[length - 1] = codes
    return bytes(counts)
