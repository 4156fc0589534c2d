"""Picture files for tests, drawn with Pillow, and those that attack who opens them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def scene(width: int = 640, height: int = 400, mode: str = "RGB", seed: int = 0) -> Image.Image:
    """A picture without an axis of symmetry: its left upper corner is dark."""
    across, down = Image.linear_gradient("L").rotate(90), Image.linear_gradient("L")
    third = Image.new("L", across.size, 40 + seed % 200)
    image = Image.merge("RGB", (across, down, third)).resize((width, height))
    return image.convert(mode)


def drawn(kind: str = "JPEG", image: Image.Image | None = None, **options: Any) -> bytes:
    """The file of a picture, as Pillow writes it."""
    file = BytesIO()
    (image or scene()).save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def turned(orientation: int) -> bytes:
    """A photo as a phone writes it: turned by EXIF, with a place and a comment in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "secret place"
    return drawn(exif=exif, comment=b"secret comment")


def animation(frames: int, kind: str = "GIF", side: int = 40) -> bytes:
    # Frames that hardly differ would be written as one.
    images = [scene(side, side, seed=37 * number) for number in range(frames)]
    return drawn(kind, images[0], save_all=True, append_images=images[1:], duration=50, loop=0)


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that states a size, whatever its data is."""

    def chunk(name: bytes, content: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + end

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
