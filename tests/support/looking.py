"""What a reader would meet on a built page: its text, and whatever on it could act.

In: markup, read by lexbor (an HTML5 parser that the program itself does not use), or the address of
a built site, opened in Chromium. Out: plain values for the tests to compare.
"""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsspider.text.characters import clean_characters
from support.cli import program
from support.waiting import PATIENCE

# Elements whose content a reader does not see as text.
UNSEEN = [
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "textarea",
    "title",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "select",
]
# What acts by itself, wherever it stands.
ACTIVE = [
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "style",
    "svg",
    "math",
    "template",
    "noscript",
    "portal",
    "marquee",
    "dialog",
    "audio",
    "video",
    "source",
    "details",
]
# A comment stays, and so does any other tag: a noscript inside one is text.
_NOSCRIPT = re.compile(
    r"(<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-z>])[^>]*>?"
    r"|<(title|textarea|style|script|xmp|iframe|noembed|noframes)(?=[\s/>]).*?(?:</\2(?=[\s/>])|\Z)"
    r"|</?(?!noscript[\s/>])[a-z][^\s/>]*(?:=\s*(?:\"[^\"]*\"|'[^']*')|[^>])*>)"
    r"|<noscript(?=[\s/>]).*?(?:</noscript[\s/>]|\Z)",
    re.S | re.I,
)
_ADDRESSES = frozenset(
    ["href", "src", "action", "formaction", "data", "poster", "background", "cite", "longdesc"]
)


def tree(markup: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!DOCTYPE html><body>{markup}")


def squeezed(text: str) -> str:
    """Without white space, and without what no post may hold: how texts are compared."""
    return re.sub(r"\s+", "", clean_characters(text))


def text_of(markup: str) -> str:
    """What a reader reads of a body, squeezed."""
    # lexbor reads a `<noscript>` as a browser without scripts does.
    found = tree(_NOSCRIPT.sub(r"\1", clean_characters(markup)))
    found.strip_tags(UNSEEN)
    return squeezed(found.body.text() if found.body else "")


def reads_as_browsers(markup: str) -> bool:
    """Return whether `text_of` reads a body as a browser does: not a noscript in a drawing."""
    return not re.search(r"<(?:svg|math)[\s/>].*<noscript", markup, re.S | re.I)


def what_acts(root: LexborNode) -> list[str]:
    """Elements, attributes and addresses that do something a text does not."""
    found = []
    for node in root.css("*"):
        name = node.tag or ""
        if name == "script" and node.attributes.get("type") == "application/ld+json":
            continue  # data, which no browser runs
        if name in ACTIVE or (name == "meta" and "http-equiv" in node.attributes):
            found.append(f"<{name}>")
        for key, value in node.attributes.items():
            if (
                key.startswith("on")
                or (key in ("srcset", "ping", "style") and _runs(key, value))
                or (key in _ADDRESSES and _scheme(value or "") not in ("", "http", "https"))
            ):
                found.append(f"{name}[{key}={value}]")
    return found


def _runs(key: str, value: str | None) -> bool:
    if key != "style":
        return True
    return bool(re.search(r"url|expression|import|\\|/\*|position|@|image-set", value or "", re.I))


def _scheme(address: str) -> str:
    """As a browser reads it: tabs and line ends do not count, nor controls before it."""
    plain = re.sub(r"[\t\r\n]", "", address).lstrip("".join(map(chr, range(33))))
    try:
        return urlsplit(plain).scheme
    except ValueError:
        return "" if plain.startswith(("http://", "https://", "//")) else plain[:20]


# --- Chromium -----------------------------------------------------------------------------------

_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_ARGUMENTS += [
    f"--disable-{what}" for what in ("background-networking", "component-update", "sync")
]
# Every frame reports to the page that holds it; `hit` is what the attacks call (`x` is a picture's
# own property in its handlers).
_ALARM = """(() => {
  const tell = what => top.postMessage(what + ' in ' + location.pathname, '*');
  for (const name of ['hit', 'alert', 'confirm', 'prompt', 'print', 'open'])
    window[name] = () => tell(name);
  addEventListener('securitypolicyviolation', event => tell('blocked ' + event.blockedURI));
})()"""
_OPEN_ALL = """async paths => {
  window.heard = window.heard || [];
  addEventListener('message', event => heard.push(event.data));
  for (let at = 0; at < paths.length; at += 40) {
    const frames = paths.slice(at, at + 40).map(path => {
      const frame = document.createElement('iframe');
      const loaded = new Promise(done => frame.onload = done);
      frame.src = path;
      document.body.append(frame);
      return [frame, loaded];
    });
    await Promise.all(frames.map(([, loaded]) => loaded));
    await new Promise(done => setTimeout(done, 300));
    frames.forEach(([frame], i) => {
      const own = frame.contentWindow.location.pathname;
      if (own !== paths[at + i]) heard.push(`${paths[at + i]} became ${own}`);
      for (const image of frame.contentDocument.images) image.onerror = null;
      frame.remove();
    });
  }
  return heard;
}"""


def opened(site: Path, paths: Sequence[str]) -> list[str]:
    """What happened when Chromium opened these paths of a built site: scripts that ran, pages that
    went elsewhere, requests to strangers. Pictures of a body are asked for, and not let through."""
    heard: list[str] = []
    with served(site) as address, _page() as page:

        def route(asked: object) -> None:
            request = asked.request  # type: ignore[attr-defined]
            if request.url.startswith(f"{address}/"):
                asked.continue_()  # type: ignore[attr-defined]
            else:
                if request.resource_type != "image":
                    heard.append(f"asked for {request.url} ({request.resource_type})")
                asked.abort()  # type: ignore[attr-defined]

        page.route("**/*", route)
        page.add_init_script(_ALARM)
        page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        (site / "frames.html").write_text("<!DOCTYPE html><body>")
        page.goto(f"{address}/frames.html")
        return heard + page.evaluate(_OPEN_ALL, list(paths))


_SHOW_ALL = """async bodies => {
  const acted = [];
  window.hit = () => acted.push('hit');
  for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = window.hit;
  const seen = [];
  for (let at = 0; at < bodies.length; at++) {
    const page = '<!DOCTYPE html><body>' + bodies[at];
    const inert = new DOMParser().parseFromString(page, 'text/html');
    seen.push([inert.body.innerHTML, inert.body.textContent]);
    const live = document.createElement('div');
    document.body.append(live);
    live.innerHTML = bodies[at];
    for (const element of live.querySelectorAll('*')) {
      element.focus();
      if (!element.closest('a')) element.click();
    }
    await 0;
    if (acted.length) { seen[at].push('acted'); acted.length = 0; }
    live.remove();
  }
  await new Promise(done => setTimeout(done, 200));
  return [seen, acted.length];
}"""


def shown(bodies: Sequence[str]) -> list[tuple[str, str]]:
    """Each body as Chromium parses it: its markup and its text. AssertionError if one acts."""
    with _page() as page:
        page.route("**/*", lambda asked: asked.abort())
        seen, late = page.evaluate(_SHOW_ALL, list(bodies))
    assert [one for one in seen if len(one) > 2] == []
    assert late == 0
    return [(markup, text) for markup, text in seen]


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium, as Playwright's Browser."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = program("chromium")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _page() -> Iterator[Any]:
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        yield page


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A frame that is closed early."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
