"""The bytes of an answer → the picture that is kept; twenty files that attack who opens them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from functools import partial

import pytest
from PIL import Image
from support.drawn import PAGE, SVG, animation, drawn, opened, png_of, scene, turned

from newsspider.errors import BrokenPicture, NotAPicture
from newsspider.pictures import decode
from newsspider.pictures.decode import read_picture


@pytest.mark.parametrize(
    ("kind", "kept"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("GIF", "PNG"), ("WEBP", "WEBP"), ("AVIF", "WEBP")],
)
def test_the_bytes_say_what_a_picture_is(kind: str, kept: str) -> None:
    picture = read_picture(drawn(kind))
    assert (picture.width, picture.height) == (640, 400)
    assert (opened(picture.data).format, opened(picture.data).size) == (kept, (640, 400))
    assert (opened(picture.small).format, opened(picture.small).size) == (kept, (480, 300))
    assert picture.name.endswith({"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[kept])


def test_the_same_bytes_have_the_same_file() -> None:
    assert read_picture(drawn()) == read_picture(drawn())
    assert read_picture(drawn()).name != read_picture(drawn(quality=50)).name


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "LA"])
def test_any_mode_is_shown(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = scene(mode="L").convert("I;16") if mode == "I;16" else scene(mode=mode)
    assert read_picture(drawn(kind, image)).width == 640


def test_a_grey_picture_of_16_bits_keeps_its_shades() -> None:
    shades = [
        read_picture(drawn("PNG", Image.new("I;16", (40, 40), grey))) for grey in (300, 40_000)
    ]
    pixels = [opened(picture.data).getpixel((5, 5)) for picture in shades]
    assert pixels == [(1, 1, 1), (156, 156, 156)]


def profile(space: bytes = b"RGB ", sign: bytes = b"acsp", length: int = 600) -> bytes:
    """A colour profile of 600 bytes, as far as its header says what it is."""
    head = length.to_bytes(4) + b"\0" * 12 + space + b"\0" * 16 + sign
    return head.ljust(600, b"\1")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (profile(), True),
        (profile(space=b"GRAY"), False),
        (profile(space=b"CMYK"), False),
        (profile(sign=b"<js>"), False),
        (profile(length=500), False),
        (b"<script>alert(1)</script>" * 20, False),
    ],
)
def test_only_a_colour_profile_of_rgb_is_kept(kind: str, data: bytes, kept: bool) -> None:
    picture = read_picture(drawn(kind, icc_profile=data))
    assert [opened(each).info.get("icc_profile") for each in (picture.data, picture.small)] == (
        [data, data] if kept else [None, None]
    )


def test_what_is_transparent_stays_transparent() -> None:
    image = scene(mode="RGBA")
    image.putalpha(0)
    assert opened(read_picture(drawn("PNG", image)).data).getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_upright_and_says_nothing_of_its_place(orientation: int) -> None:
    picture = read_picture(turned(orientation))
    size = (640, 400) if orientation < 5 else (400, 640)
    assert (picture.width, picture.height) == size == opened(picture.data).size
    for data in (picture.data, picture.small):
        assert not opened(data).getexif()
        assert b"secret" not in data


def test_text_in_a_png_is_left_out() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "secret")
    assert b"secret" not in read_picture(drawn("PNG", pnginfo=info)).data


@pytest.mark.parametrize(
    ("size", "kept"),
    [((2000, 300), (2000, 300)), ((2001, 3000), (1334, 2000)), ((30_000, 100), (2000, 7))],
)
def test_a_wide_picture_is_made_smaller(size: tuple[int, int], kept: tuple[int, int]) -> None:
    picture = read_picture(drawn("PNG", scene(*size)))
    assert (picture.width, picture.height) == kept


@pytest.mark.parametrize(("frames", "shown"), [(1, 1), (12, 12), (100, 100), (101, 1), (1000, 1)])
def test_a_short_animation_moves_and_a_long_one_stands_still(frames: int, shown: int) -> None:
    picture = read_picture(animation(frames, side=16))
    assert getattr(opened(picture.data), "n_frames", 1) == shown
    assert getattr(opened(picture.small), "n_frames", 1) == 1


def test_the_pixels_of_an_animation_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MOST_MOVING_PIXELS", 12 * 40 * 40)
    assert getattr(opened(read_picture(animation(12)).data), "n_frames", 1) == 12
    assert getattr(opened(read_picture(animation(13)).data), "n_frames", 1) == 1


@pytest.mark.parametrize(("size", "kept"), [((8, 8), True), ((7, 300), False), ((1, 1), False)])
def test_what_is_smaller_than_an_icon_counts_visits(size: tuple[int, int], kept: bool) -> None:
    data = drawn("GIF", Image.new("P", size))
    if kept:
        assert read_picture(data).width == 8
    else:
        with pytest.raises(NotAPicture, match="it counts visits or fills a gap"):
            read_picture(data)


NEVER = {
    "svg as png": SVG,
    "svg without a declaration": SVG[21:],
    "a bomb of 60,000 x 60,000 pixels": png_of(60_000, 60_000),
    "a bomb of 30,000 x 30,000 pixels": png_of(30_000, 30_000, b"\0" * 1_000_000),
    "a bomb just above the limit": png_of(10_000, 5001),
    "a script": b"alert(document.domain)",
    "a PDF": b"%PDF-1.7 ...",
    "an archive": b"PK\x03\x04" + b"\0" * 100,
    "a TIFF": drawn("TIFF"),
    "a BMP": drawn("BMP"),
    "an EPS, which Pillow would hand to Ghostscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "a counter": drawn("GIF", Image.new("P", (1, 1))),
}
TODAY = {
    "nothing": b"",
    "html as jpeg": PAGE,
    "html after a byte order mark": b"\xef\xbb\xbf\n" + PAGE,
    "a jpeg cut in two": drawn()[:5000],
    "a png cut in two": drawn("PNG")[: len(drawn("PNG")) // 2],
    "a head without a picture": drawn()[:200],
    "a png of 5000 x 5000 pixels with the data of ten": png_of(5000, 5000, b"\0" * 10),
    "a gif of a broken frame": animation(3)[:900],
}


@pytest.mark.parametrize("name", NEVER)
def test_attack_what_is_never_kept(name: str) -> None:
    with pytest.raises(NotAPicture) as refused:
        read_picture(NEVER[name])
    assert not isinstance(refused.value, BrokenPicture)


@pytest.mark.parametrize("name", TODAY)
def test_attack_what_may_be_whole_another_time(name: str) -> None:
    with pytest.raises(BrokenPicture) as broken:
        read_picture(TODAY[name])
    assert str(pickle.loads(pickle.dumps(broken.value))) == str(broken.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_attack_a_page_hidden_in_a_picture_is_left_out(kind: str) -> None:
    hidden = drawn(kind) + PAGE
    assert b"script" not in read_picture(hidden).data


_PEAK = """
import re, sys
from pathlib import Path
from newsspider.pictures.decode import read_picture
picture = read_picture(sys.stdin.buffer.read())
# Of this program alone: `getrusage` counts what the process held before it became this program.
peak = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())
print(picture.width, int(peak[1]) // 1024)
"""


def test_a_webp_has_fewer_pixels_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MOST_WEBP_PIXELS", 40 * 40)
    assert read_picture(drawn("WEBP", scene(40, 40))).width == 40
    with pytest.raises(NotAPicture, match="more than 1,600"):
        read_picture(drawn("WEBP", scene(40, 41)))
    assert read_picture(drawn("PNG", scene(40, 41))).height == 41


def test_attack_a_picture_of_the_most_pixels_is_in_memory_once() -> None:
    data = png_of(7000, 7000, b"\0" * (7000 * (7000 * 3 + 1)))
    ran = subprocess.run([sys.executable, "-c", _PEAK], input=data, capture_output=True, check=True)
    width, megabytes = map(int, ran.stdout.split())
    assert width == 2000
    assert megabytes < 450  # 200 for the pixels, 100 for what is imported; three copies took 700


def test_the_task_goes_to_the_reader_process() -> None:
    assert pickle.loads(pickle.dumps(partial(read_picture, drawn())))().width == 640
