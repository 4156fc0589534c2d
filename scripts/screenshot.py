"""Make docs/demo.png: the site of the demo as a browser shows it, on a desk and on a phone.

`make screenshot` calls it. It needs Jekyll and Chromium (`make system`).
"""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parents[1] / "docs" / "demo.png"
GAP, GROUND = 24, "#8a8a8a"
# What is shown, from left to right: the path, the size of the window, whether it is dark.
WINDOWS = [
    ("/", (1200, 900), False),
    ("/{post}", (390, 900), False),
    ("/search.html?q=公司", (390, 900), True),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "_site")
        demo = Path(folder, "demo")
        crawl = [sys.executable, "-m", "newsspider", "demo", "--output", str(demo)]
        subprocess.run(crawl, check=True, stdout=subprocess.DEVNULL)
        build = ["jekyll", "build", "--quiet", "--source", str(demo), "--destination", str(site)]
        subprocess.run(build, check=True)
        # The longest post without pictures, which lie on other hosts.
        texts = {path: path.read_bytes() for path in site.glob("*/20??/*/*/*.html")}
        post = max(texts, key=lambda path: (b"<img" not in texts[path], len(texts[path])))
        with _served(site) as address:
            shots = _shots(address, post.relative_to(site).as_posix())
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    picture = Image.new("RGB", (width, max(shot.height for shot in shots) + 2 * GAP), GROUND)
    left = GAP
    for shot in shots:
        picture.paste(shot, (left, GAP))
        left += shot.width + GAP
    picture.quantize(128).save(TARGET, optimize=True)
    print(f"{TARGET}: {picture.width}x{picture.height}, {TARGET.stat().st_size // 1000} kB")


def _shots(address: str, post: str) -> list[Image.Image]:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        shots = []
        for path, (width, height), dark in WINDOWS:
            page: Page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
            )
            page.goto(address + path.format(post=post), wait_until="load")
            page.wait_for_timeout(1000)  # for the results of the search
            shots.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
        browser.close()
        return shots


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


main()
