"""The Tide Wire, a site of the newsroom that only scripts build, and the Trap, which attacks them.

In: pieces, newest first, and a request. Out: an Answer, or None. `HOSTS`
is a part of the newsroom's.

Every page of the Tide Wire is one empty shell: `/latest` the listing, `/read#/SLUG` an article,
`/old` a redirect to the listing, `/moved` a shell whose script goes on to it. Its words come from
another host, behind a redirect. `/trap?port=N` is a page whose script tries everything that a
hostile page may, against the port N of this machine among others, and shows what it got hold of;
`/endless` is a page whose script does not end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from newsroom.plain import Piece
from newsspider.demo.answers import JSON, SCRIPT, Answer, Host, Request, host_of

HOST, API = "www.tidewire.example", "api.tidewire.example"

_SHELL = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Tide Wire</title>
<link rel="stylesheet" href="/style.css"></head>
<body><div id="app"></div><img src="/images/logo.png" onerror="this.id='broken'">
<noscript>The Tide Wire needs JavaScript.</noscript>
<script src="/%s.js"></script></body></html>
"""
_APP = """
const app = document.getElementById("app");
const get = path => fetch("https://api.tidewire.example" + path).then(answer => answer.json());
const list = () => get("/news.json").then(news => {
  app.innerHTML = "<ul>" + news.map(piece =>
    `<li><a href="/read#/${piece.slug}">${piece.title}</a><time>${piece.time}</time></li>`
  ).join("") + "</ul>";
});
const read = slug => get("/v2/piece.json?slug=" + slug).then(piece => {
  app.innerHTML = `<article><h1>${piece.title}</h1><p class="by">${piece.author}</p>
    <time>${new Date(piece.when).toLocaleString("sv")}</time>
    <div class="text">${piece.body}<img src="/images/lead.jpg"></div></article>`;
});
if (location.pathname === "/moved") location.href = "/old";
else if (location.hash) read(location.hash.slice(2));
else list();
"""
_TRAP = """
const port = new URLSearchParams(location.search).get("port");
const inside = ["http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::1]:" + port];
const got = [];
const show = () => { document.getElementById("app").innerHTML =
  `<h1>Trap</h1><p id="got">${got.sort().join(" ")}</p><p id="kept">${localStorage.kept}</p>`; };
const took = what => () => { got.push(what); show(); };
const attempt = f => { try { return f(); } catch (error) { return undefined; } };
const make = (tag, values) => Object.assign(document.createElement(tag), values);
const add = (tag, values) => document.body.append(make(tag, values));
for (const at of inside) {
  fetch(at + "/fetch").then(took("fetch"), () => 0);
  fetch(at + "/nocors", {mode: "no-cors"}).then(took("nocors"), () => 0);
  attempt(() => navigator.sendBeacon(at + "/beacon", "x"));
  attempt(() => new EventSource(at + "/events").onopen = took("events"));
  attempt(() => new WebSocket(at.replace("http", "ws") + "/socket").onopen = took("socket"));
  attempt(() => window.open(at + "/window"));
  add("script", {src: at + "/script.js"});
  add("iframe", {src: at + "/frame"});
  add("img", {src: at + "/picture"});
  add("video", {src: at + "/video"});
  add("link", {rel: "preconnect", href: at});
  add("link", {rel: "prefetch", href: at + "/prefetch"});
  add("link", {rel: "stylesheet", href: at + "/style.css"});
  const work = `fetch("${at}/worker").catch(() => 0);
    new WebSocket("${at.replace("http", "ws")}/worker-socket")`;
  const source = URL.createObjectURL(new Blob([work], {type: "text/javascript"}));
  attempt(() => new Worker(source));
  attempt(() => new SharedWorker(source));
}
add("script", {type: "speculationrules", textContent: JSON.stringify(
  {prefetch: [{urls: [inside[0] + "/speculated"]}], prerender: [{urls: ["/prerendered"]}]})});
attempt(() => {
  const rtc = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:" + port},
    {urls: "turn:127.0.0.1:" + port + "?transport=tcp", username: "x", credential: "x"}]});
  rtc.onicecandidate = event => event.candidate && took("rtc")();
  rtc.createDataChannel("x");
  rtc.createOffer().then(offer => rtc.setLocalDescription(offer));
});
fetch("https://api.tidewire.example/inside?port=" + port).then(took("redirect"), () => 0);
fetch("https://api.tidewire.example/private/x").then(
  answer => answer.ok && took("robots")(), () => 0);
fetch("file:///etc/passwd").then(took("file"), () => 0);
navigator.serviceWorker.register("/sw.js").then(
  given => given && took("service worker")(), () => 0);
add("a", {href: "/latest", download: "x"});
attempt(() => document.querySelector("a[download]").click());
attempt(() => { location.href = "file:///etc/passwd"; });
attempt(() => { location.href = "data:text/html,<h1>data</h1>"; });
attempt(() => alert("stop"));
document.cookie = "kept=1";
localStorage.kept = (localStorage.kept || "") + "1";
show();
setTimeout(() => attempt(() => { location.href = inside[0] + "/gone"; }));
"""
_SCRIPTS = {
    "/app.js": _APP,
    "/trap.js": _TRAP,
    "/endless.js": "for (;;) {}",
    "/sw.js": "self.onfetch = event => event.respondWith(fetch(event.request));",
}
_PAGES = {"/latest": "app", "/read": "app", "/moved": "app"}
_PAGES |= {"/trap": "trap", "/endless": "endless"}


def _serve(pieces: Sequence[Piece], request: Request) -> Answer | None:
    """The answer to a request; None for what is not there."""
    if request.host == API:
        return _data(pieces, request)
    if request.path in _PAGES:
        return Answer((_SHELL % _PAGES[request.path]).encode(), validators=True)
    if request.path in _SCRIPTS:
        return Answer(_SCRIPTS[request.path].encode(), SCRIPT)
    if request.path == "/old":
        return Answer(b"", status=302, headers={"Location": f"https://{HOST}/latest"})
    return None


def _data(pieces: Sequence[Piece], request: Request) -> Answer | None:
    open_to_all = {"Access-Control-Allow-Origin": "*"}
    if request.path == "/news.json":
        return Answer(b"", status=302, headers={"Location": "/v2/news.json", **open_to_all})
    if request.path == "/inside":
        where = f"http://127.0.0.1:{request.query.get('port', '')}/redirected"
        return Answer(b"", status=302, headers={"Location": where, **open_to_all})
    if request.path == "/private/x":
        return Answer(b"{}", JSON, headers=open_to_all)
    value: object = None
    if request.path == "/v2/news.json":
        value = [
            {"slug": piece.slug, "title": piece.title, "time": piece.when.isoformat()}
            for piece in pieces
        ]
    elif request.path == "/v2/piece.json":
        slug = request.query.get("slug")
        value = next((_article(piece) for piece in pieces if piece.slug == slug), None)
    if value is None:
        return None
    return Answer(json.dumps(value, ensure_ascii=False).encode(), JSON, headers=open_to_all)


def _article(piece: Piece) -> dict[str, str]:
    return {
        "title": piece.title,
        "author": piece.author,
        "when": piece.when.isoformat(),
        "body": "".join(piece.pages),
    }


HOSTS: Mapping[str, Host] = {name: host_of(Piece, _serve) for name in (HOST, API)}
