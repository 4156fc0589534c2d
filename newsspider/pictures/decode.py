"""The bytes of an answer → the picture that the site keeps.

In: hostile bytes. Out: a Picture, or NotAPicture or BrokenPicture. The bytes alone decide what a
file is. Of the file itself only a colour profile is kept: its pixels are written anew, so that what
is hidden in it (EXIF, comments, a script after its end) stays behind. `fetch.pictures` calls it in
the reader process, whose CPU time is limited. Needs Pillow, the extra `images`.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from newsspider.errors import BrokenPicture, NewsspiderError, NotAPicture

if TYPE_CHECKING:
    from PIL.Image import Image

MISSING = "pictures are kept with Pillow: pip install 'newsspider[images]'"
MOST_PIXELS = 50_000_000  # of a frame, before it is decoded: 200 MB; cameras of the press have 45
MOST_WEBP_PIXELS = 25_000_000  # its decoder holds a picture three times: 400 MB
LONGEST_SIDE = 2000  # pixels; twice the width of a text
SMALL_SIDE = 480  # of the small copy that lists show
SMALLEST_SIDE = 8  # smaller ones count visits or fill gaps
MOST_FRAMES = 100  # of an animation; a longer one shows its first frame
MOST_MOVING_PIXELS = 30_000_000  # of all frames
_MOVING_SIDE = 800
_LARGEST_PROFILE = 16 * 1024  # bytes: the colour profiles of cameras and phones have up to 4 KiB
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")  # what Pillow may try
# What each is kept as; MPO is a JPEG with further pictures after its end.
_KEPT_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
_KEPT_AS |= {"AVIF": "WEBP"}
_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 85},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept. `name` is the name of its file: the hash of the bytes it came from,
    and its suffix. `small` is a copy for lists."""

    name: str
    data: bytes
    small: bytes
    width: int
    height: int


def can_decode() -> bool:
    """Return whether Pillow is installed."""
    return find_spec("PIL") is not None


def read_picture(data: bytes) -> Picture:
    """Return the picture of a file. Raises NotAPicture for what is never kept, BrokenPicture for
    what another answer may give whole."""
    if not data:
        raise BrokenPicture("an empty answer")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data)
    except NewsspiderError:
        raise
    except MemoryError:
        raise NotAPicture("too large to decode") from None
    except Exception as error:  # Pillow's decoders raise anything
        raise BrokenPicture(f"it cannot be decoded: {type(error).__name__}") from error


def _read(data: bytes) -> Picture:
    from PIL import Image, UnidentifiedImageError

    # It raises an error at twice its limit; `_check_size` refuses what is over ours.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise NotAPicture(f"more than {MOST_PIXELS:,} pixels") from None
    except UnidentifiedImageError:
        raise _other(data) from None
    with image:
        _check_size(image.size, MOST_WEBP_PIXELS if image.format == "WEBP" else MOST_PIXELS)
        frames = _frames(image)
        kind = "WEBP" if len(frames) > 1 else _KEPT_AS[image.format or ""]
        side = _MOVING_SIDE if len(frames) > 1 else LONGEST_SIDE
        profile = image.info.get("icc_profile")
        durations = [frame.info.get("duration", 100) for frame in frames]
        plain = [_plain(frame, side) for frame in frames]
    options = {**_OPTIONS[kind]}
    if isinstance(profile, bytes) and _is_rgb_profile(profile):
        options["icc_profile"] = profile
    small = plain[0].copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    moving = {"save_all": True, "append_images": plain[1:], "duration": durations, "loop": 0}
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.{_SUFFIXES[kind]}"
    whole = _saved(plain[0], kind, options | (moving if len(plain) > 1 else {}))
    return Picture(name, whole, _saved(small, kind, options), *plain[0].size)


def _other(data: bytes) -> NewsspiderError:
    """Return the error for bytes that are no picture: a page may stand in for one today."""
    start = data[:4096].lower()
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" not in start:
        return BrokenPicture("a page, not a picture")
    return NotAPicture("an SVG drawing" if b"<svg" in start else "a file of another kind")


def _is_rgb_profile(profile: bytes) -> bool:
    """Return whether a colour profile says what the colours of the kept pixels are, which are RGB,
    by its header (ICC.1, 7.2)."""
    fits = len(profile) <= _LARGEST_PROFILE and int.from_bytes(profile[:4]) == len(profile)
    return fits and profile[16:20] == b"RGB " and profile[36:40] == b"acsp"


def _check_size(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise NotAPicture(f"{width} x {height} pixels, more than {most:,}")
    if min(size) < SMALLEST_SIDE:
        raise NotAPicture(f"{width} x {height} pixels: it counts visits or fills a gap")


def _frames(image: Image) -> list[Image]:
    """Return the frames of a short animation, upright; the first frame of any other picture."""
    from PIL import ImageOps, ImageSequence

    most = min(MOST_FRAMES, MOST_MOVING_PIXELS // (image.width * image.height))
    if image.format not in ("GIF", "WEBP", "PNG") or not getattr(image, "is_animated", False):
        most = 1
    if most > 1:
        frames = [frame.copy() for frame in islice(ImageSequence.Iterator(image), most + 1)]
        if len(frames) <= most:
            return frames
        image.seek(0)
    elif image.format == "JPEG":
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # decodes only as much as is needed
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    return [image]


def _plain(frame: Image, side: int) -> Image:
    """Return a frame as nothing but pixels, with sides of at most `side`. It may be the frame
    itself: a copy of a large one takes 200 MB."""
    if frame.mode.startswith("I"):  # 16 bits: Pillow's conversion cuts off what is over 255
        frame = frame.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if frame.has_transparency_data else "RGB"
    plain = frame if frame.mode == mode else frame.convert(mode)
    plain.info = {}
    plain.thumbnail((side, side))
    return plain


def _saved(image: Image, kind: str, options: dict[str, Any]) -> bytes:
    file = BytesIO()
    image = image.convert("RGB") if kind == "JPEG" else image
    image.save(file, kind, **options)
    return file.getvalue()
