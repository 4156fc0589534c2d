"""Films, sound, posts and charts that a page embeds from elsewhere → the links that they become.

In: an element that shows something of another page or a file: iframe, video, audio, an element of a
library (`lite-youtube`), a quoted post. Out: an Embed. Called by `clean.embeds` and
`extraction.generic`. A host that is not in the table counts if the element is marked as a player.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from newsspider.text.elements import BLOCKS

# The address that shows an embed → the address of the page that shows the same to a reader.
_PAGES = {
    r"youtube(?:-nocookie)?\.com/embed/videoseries\?(?:.*&)?list=([\w-]+)": (
        "https://www.youtube.com/playlist?list={}"
    ),
    r"(?:youtube(?:-nocookie)?\.com/(?:embed|v|shorts|live)|youtu\.be)/([\w-]{11})\b": (
        "https://www.youtube.com/watch?v={}"
    ),
    r"youtube\.com/watch\?(?:.*&)?v=([\w-]{11})\b": "https://www.youtube.com/watch?v={}",
    r"player\.vimeo\.com/video/(\d+)": "https://vimeo.com/{}",
    r"dailymotion\.com/embed/video/(\w+)": "https://www.dailymotion.com/video/{}",
    r"dailymotion\.com/player.*[?&]video=(\w+)": "https://www.dailymotion.com/video/{}",
    r"player\.bilibili\.com/.*\b(BV\w{10})\b": "https://www.bilibili.com/video/{}",
    r"player\.bilibili\.com/.*[?&]aid=(\d+)": "https://www.bilibili.com/video/av{}",
    r"v\.qq\.com/.*[?&]vid=(\w+)": "https://v.qq.com/x/page/{}.html",
    r"player\.youku\.com/embed/([\w=]+)": "https://v.youku.com/v_show/id_{}.html",
    r"ixigua\.com/iframe/(\d+)": "https://www.ixigua.com/{}",
    r"facebook\.com/plugins/(?:video|post)\.php\?(?:.*&)?href=([^&]+)": "{}",
    r"platform\.twitter\.com/embed/.*[?&]id=(\d+)": "https://twitter.com/i/status/{}",
    r"instagram\.com/(p|reel|tv)/([\w-]+)/embed": "https://www.instagram.com/{}/{}/",
    r"t\.me/(\w+)/(\d+)\?.*embed": "https://t.me/{}/{}",
    r"w\.soundcloud\.com/player/?\?(?:.*&)?url=([^&]+)": "{}",
    r"open\.spotify\.com/embed(?:-podcast)?/(\w+)/(\w+)": "https://open.spotify.com/{}/{}",
    r"embed\.podcasts\.apple\.com/([^?]+)": "https://podcasts.apple.com/{}",
    r"player\.twitch\.tv/.*[?&]video=v?(\d+)": "https://www.twitch.tv/videos/{}",
    r"player\.twitch\.tv/.*[?&]channel=(\w+)": "https://www.twitch.tv/{}",
    r"rutube\.ru/(?:play/embed|video/embed)/(\w+)": "https://rutube.ru/video/{}/",
    r"(?:vk\.com|vkvideo\.ru)/video_ext\.php\?(?:.*&)?oid=(-?\d+)&(?:.*&)?id=(\d+)": (
        "https://vk.com/video{}_{}"
    ),
    r"ok\.ru/videoembed/(\d+)": "https://ok.ru/video/{}",
    r"embed\.nicovideo\.jp/watch/(\w+)": "https://www.nicovideo.jp/watch/{}",
    r"tv\.naver\.com/embed/(\d+)": "https://tv.naver.com/v/{}",
    r"kakao\.com/embed/player/cliplink/(\d+)": "https://tv.kakao.com/v/{}",
    r"embed\.ted\.com/talks/([\w/]+)": "https://www.ted.com/talks/{}",
    r"streamable\.com/[eo]/(\w+)": "https://streamable.com/{}",
}
_TABLE = [(re.compile(rf"(?:[\w-]+\.)*{page}", re.I), link) for page, link in _PAGES.items()]
# Charts, maps and players that have no other page.
_KEPT = re.compile(
    r"(?:[\w-]+\.)*(?:datawrapper\.(?:dwcdn\.net|de)|flo(?:urish)?\.(?:uri\.sh|studio)|infogram\.com"
    r"|uploads\.knightlab\.com|google\.[a-z.]{2,6}/maps|openstreetmap\.org|tiktok\.com/embed"
    r"|jwplayer\.com|jwplatform\.com|brightcove\.net|acast\.com|megaphone\.fm|podigee\.io"
    r"|public\.tableau\.com|kaltura\.com|loom\.com|wistia\.(?:com|net)|odysee\.com)\b",
    re.I,
)
_PLAYER = re.compile(r"player|video|embed|audio|podcast|film|movie", re.I)
_NO_EMBED = re.compile(
    r"\bads?\b|adserv|advert|doubleclick|googlesyndication|googletagmanager|recaptcha|captcha"
    r"|disqus|comment|newsletter|subscri|login|signup|consent|cookie|plugins/(?:like|page|share)"
    r"|sharer?\b|counter|pixel|analytics|taboola|outbrain|weather|widget",
    re.I,
)
_POST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:(?:twitter|x)\.com/\w{1,40}/status/\d|instagram\.com/(?:p|reel)/"
    r"|facebook\.com/[^/?#]{1,80}/(?:posts|videos)/|threads\.(?:net|com)/@[^/?#]{1,80}/post/|t\.me/\w+/\d"
    r"|bsky\.app/profile/[^/?#]{1,80}/post/|tiktok\.com/@[^/?#]{1,80}/video/|weibo\.com/\d+/\w"
    r"|reddit\.com/r/\w+/comments/)",
    re.I,
)
_QUOTED = re.compile(
    r"\b(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed"
    r"|reddit-(?:embed|card)|embedly-card|text-post-media|fb-(?:post|video))\b"
)
_ADDRESSES = (
    *("src", "data-src", "data-lazy-src", "data-url", "data-video-url", "url", "href"),
    # of managers of consent, which load a player once its reader agrees
    *("data-cookieblock-src", "data-cmp-src", "data-src-cmplz", "data-cookieconsent-src"),
    *("suppressedsrc", "data-suppressedsrc", "data-consent-src", "data-privacy-src"),
    *("data-blocked-src", "data-cookie-src", "consent-original-src-_"),
)
_YOUTUBE = re.compile(r"(?:lite|amp|g)-youtube")
_VIMEO = re.compile(r"(?:lite|amp)-vimeo")
# A script puts the player in an empty element that has the film's number or address: `<div
# class="youtube" data-id="…">`, CKEditor's `<div data-oembed-url>` and `<oembed url>`.
_FACADE = re.compile(r"(?:^|[\s_-])(?:youtube|yt|video-?embed|lazy-?(?:yt|youtube|video))", re.I)
_FILM = re.compile(r"[\w-]{11}")
_FILM_NUMBERS = (
    *("data-id", "data-video-id", "data-videoid", "data-youtube-id", "data-ytid"),
    *("data-embed", "data-youtube", "data-video", "data-yt"),
)
# Of an element that a script replaces by a player of a known host.
_FRAMES = (
    *("data-src", "data-url", "data-video-url", "data-video-src", "data-embed-url"),
    *("data-embed-src", "data-iframe-src", "data-iframe", "data-href"),
)
_TELEGRAM = re.compile(r"\w{1,40}/\d{1,12}")
_NO_TITLE = re.compile(
    r"(?:youtube|vimeo|dailymotion|embedded|video|media|audio|\s|player|iframe|embed|content|post"
    r"|twitter|x|facebook|instagram|spotify|soundcloud|bilibili|untitled|title|:|-)*",
    re.I,
)
_NO_FILE = re.compile(r"(?:blob|data|javascript|about):", re.I)
_LONGEST_TITLE = 300
_LONGEST_LABEL = 100  # characters of an element in the place of a player: `Play video`
_FEW = 40

TAGS = frozenset({"iframe", "video", "audio", "embed", "object"})


@dataclass(frozen=True, slots=True)
class Embed:
    """A link to what an element shows. `address` is "" for a film without one. `title` and `poster`
    (the address of a picture) may be ""."""

    address: str
    title: str = ""
    poster: str = ""


def is_embed(element: etree._Element) -> bool:
    """Return whether an element may show something from elsewhere."""
    tag = str(element.tag)
    if tag in ("div", "oembed"):
        return bool(_facade(element))
    if tag == "script":
        return bool(_TELEGRAM.fullmatch(element.get("data-telegram-post") or ""))
    if tag == "a":  # of Iframely, which puts the film in its place
        return element.get("data-iframely-url") is not None and not _label(element)
    if "-" not in tag:
        return tag in TAGS
    return bool(_YOUTUBE.fullmatch(tag) or _VIMEO.fullmatch(tag)) or tag == "amp-iframe"


def read_embed(element: etree._Element) -> Embed | None:
    """Return what an element embeds, with addresses as the page has them; None for adverts,
    counters and empty elements."""
    tag = str(element.tag)
    title = _title(element)
    if _YOUTUBE.fullmatch(tag) or _VIMEO.fullmatch(tag):
        number = element.get("videoid") or element.get("data-videoid") or ""
        site = "https://youtu.be/" if _YOUTUBE.fullmatch(tag) else "https://player.vimeo.com/video/"
        page = _page(site + number)
        return Embed(page, title) if page else None
    if tag == "script":
        return Embed(f"https://t.me/{element.get('data-telegram-post')}")
    if page := _facade(element):
        return Embed(page, title)
    if tag in ("video", "audio"):
        return _file(element, title)
    address = _address(element)
    if page := _page(address):
        return Embed(page, title)
    return Embed(address, title) if address and _is_player(element, address) else None


def embeds_in(noscript: etree._Element) -> list[etree._Element]:
    """Return the embeds that only readers without scripts see."""
    return [element for element in _few(noscript) if is_embed(element)]


def is_quoted_post(element: etree._Element) -> bool:
    """Return whether an element quotes a post of a social network: by its class, or a link around
    blocks that leads to the post."""
    if element.tag == "a":
        href = element.get("href") or ""
        return bool(_POST.match(href)) and any(
            child.tag in BLOCKS for child in islice(element, _FEW)
        )
    if element.tag != "blockquote" and element.tag != "div":
        return False
    return bool(_QUOTED.search((element.get("class") or "")[:300]))


def post_address(element: etree._Element) -> str:
    """Return the address of a quoted post, or ""."""
    names = ("href", "data-instgrm-permalink", "cite", "data-href", "data-embed-url")
    own = next((value for name in names if (value := element.get(name))), "")
    links = (link.get("href") or "" for link in _few(element) if link.tag == "a")
    return own or next(filter(_POST.match, links), "")


def short(address: str) -> str:
    """Return an address as a reader writes it: without scheme, `www.` and final slash."""
    return re.sub(r"^(?:https?:)?//(?:www\.)?", "", address).rstrip("/")[:80]


def _page(address: str) -> str:
    """Return the page of a known host's embed, or ""."""
    address = re.sub(r"^(?:https?:)?//", "", address.strip())[:2000]
    for pattern, link in _TABLE:
        if m := pattern.match(address):
            parts = [unquote(part) if link == "{}" else part for part in m.groups()]
            return link.format(*parts)
    return ""


def _address(element: etree._Element) -> str:
    names = ("data", *_ADDRESSES) if element.tag == "object" else _ADDRESSES
    values = ((element.get(name) or "").strip() for name in names)
    return next((v for v in values if v.startswith(("http://", "https://", "//", "/"))), "")


def _is_player(element: etree._Element, address: str) -> bool:
    host = re.sub(r"^(?:https?:)?//", "", address)
    if _KEPT.match(host):
        return True
    if _NO_EMBED.search(address[:500]) or element.tag in ("embed", "object"):
        return False
    full = element.get("allowfullscreen") is not None or "fullscreen" in (
        element.get("allow") or ""
    )
    return full and bool(_PLAYER.search(address[:500]))


def _facade(element: etree._Element) -> str:
    """Return the page of the film that a script puts in an element without text, or ""."""
    if element.tag not in ("div", "oembed"):
        return ""
    address = element.get("data-oembed-url") or element.get("url") or ""
    if not address and _FACADE.search((element.get("class") or "")[:200]):
        numbers = (element.get(name) or "" for name in _FILM_NUMBERS)
        number = next(filter(_FILM.fullmatch, numbers), "")
        address = f"https://youtu.be/{number}" if number else ""
    if not address:
        frames = (_page(value) for name in _FRAMES if (value := element.get(name)))
        address = next(filter(None, frames), "")
    if not address or len(_label(element)) > _LONGEST_LABEL:
        return ""  # such as a quoted post
    return _page(address) or address


def _label(element: etree._Element) -> str:
    """Return the first texts in an element."""
    return "".join(map(str, islice(element.itertext(), _FEW))).strip()


def _file(element: etree._Element, title: str) -> Embed | None:
    sources = (source for source in _few(element) if source.tag in ("video", "audio", "source"))
    addresses = ((e.get("src") or e.get("data-src") or "").strip() for e in sources)
    address = next((a for a in addresses if a and not _NO_FILE.match(a)), "")
    poster = (element.get("poster") or element.get("data-poster") or "").strip()
    return Embed(address, title, poster) if address or poster else None


def _title(element: etree._Element) -> str:
    names = ("title", "data-title", "playlabel", "aria-label")
    titles = (" ".join((element.get(name) or "").split()) for name in names)
    return next((t[:_LONGEST_TITLE] for t in titles if t and not _NO_TITLE.fullmatch(t[:200])), "")


def _few(element: etree._Element) -> Iterator[etree._Element]:
    return islice(element.iter(etree.Element), _FEW)
