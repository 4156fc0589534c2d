"""Addresses: those that a page links to, those that a post shows, and which two are the same
article.

In: addresses and hrefs from pages, listings and the command line (hostile). Out: absolute addresses
for requests, safe ones for posts, canonical ones for the ledger, or None. Called by listing
readers, extraction, discovery, `sites`, `sanitize` and the pipelines. `text.addresses` decides
whether an address may be fetched at all. Nothing here raises on any text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from newsspider.text.suffixes import has_known_suffix, registrable_domain

LONGEST = 2083  # characters: the limit of Internet Explorer, which sitemaps still observe
_PORTS = {"http": 80, "https": 443}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")

# An address that needs no change, so that the usual one costs one match. RFC 3986 without `;` (it
# may end an entity) and without `[ ]`, which only a host may contain.
_SAFE_PART = r"(?:[A-Za-z0-9._~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*"
_SAFE = re.compile(
    rf"https?://{_LABEL}(?:\.{_LABEL})+"
    rf"(?:/{_SAFE_PART})?(?:\?{_SAFE_PART})?(?:#{_SAFE_PART})?",
    re.ASCII,
)
# A link that needs no more than the scheme and the host of its page.
_ROOTED = re.compile(rf"/(?!/){_SAFE_PART}", re.ASCII)
_KEPT = "!$&'()*+,;=:@/?~"
_ENTITY = re.compile(r"(&#?\w+);")
_LOOK_ALIKE = re.compile(r"(?<=/)[oh](?=n[a-z]+=|ttp-equiv=)", re.IGNORECASE)
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def post_link(url: str, base: str = "") -> str | None:
    """Return `url` in a form that is safe in a Markdown autolink and in an attribute; None if there
    is none.

    The result is absolute http or https, with a host and without a user, at most 2083 characters.
    Characters that would end or change an autolink are percent-encoded, and so is the `;` of an
    entity; an address without either is returned byte for byte.
    """
    url = url.strip(" \t\r\n\f")
    if len(url) <= LONGEST and _SAFE.fullmatch(url) and not _LOOK_ALIKE.search(url):
        return url
    if len(url) > 2 * LONGEST or _CONTROL.search(url):
        return None
    link = _ENTITY.sub(r"\1%3B", (absolute(url, base) if base else _encoded(url)) or "")
    link = plain_parts(link)
    if not link or len(link) > LONGEST or ("@" in link and "@" in urlsplit(link).netloc):
        return None
    return link


def plain_parts(url: str) -> str:
    """Return the same address without parts that look like an attribute: `/onload=` becomes
    `/%6Fnload=`.

    A layout that writes a page's content into an attribute would turn them into attributes.
    """
    return _LOOK_ALIKE.sub(lambda letter: f"%{ord(letter[0]):X}", url)


def absolute(href: str, base: str) -> str | None:
    """Return a link of the page `base` as an address to request, or None.

    None for other schemes, for a link without a host or over 2083 characters, and for links within
    the page (`#top`). Like a browser, drops control characters and reads `\\` before the query as
    `/`.
    """
    href = href.strip()
    if len(href) > 2 * LONGEST:
        return None
    href = _CONTROL.sub("", href).strip()
    if not href or (href[0] == "#" and not _is_route(href[1:])):
        return None
    if _ROOTED.fullmatch(href) and "/." not in href and (origin := _origin(base)):
        return origin + href if len(origin + href) <= LONGEST else None
    end = min((i for i in (href.find("?"), href.find("#")) if i >= 0), default=len(href))
    href = href[:end].replace("\\", "/") + href[end:]
    try:
        return _encoded(urljoin(base, href))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _origin(url: str) -> str:
    """Return the scheme and the host of an address that needs no change, else ""."""
    return "/".join(url.split("/", 3)[:3]) if _SAFE.fullmatch(url) else ""


def with_scheme(address: str, base: str) -> str:
    """Return an address that the page `base` states of itself, with `//` before one that begins
    with a host of the same publisher (`www.news.example/a`): pages leave out the scheme. As a link
    it would be a path below the page."""
    name = re.split(r"[/?#\\]", address.strip()[:300], maxsplit=1)[0]
    return (
        f"//{address.strip()}" if "." in name and same_site(f"https://{name}/", base) else address
    )


def canonical(url: str) -> str:
    """Return a name for the article at an address: equal for all addresses of the same article.

    The name is for comparison, not for requests: http counts as https, because sites link to their
    own articles both ways (East Money's listings mix `http:`, `https:` and `//`). Host in lower
    case, no default port, no fragment except a route (`#!/a`), no tracking or session parameters,
    the others sorted, the article's own address for its AMP page and its page to print,
    percent-encoding in one form. A text that is not such an address is returned unchanged.
    """
    parts = _split(url.strip())
    if parts is None:
        return url
    query = sorted(
        pair
        for pair in map(_normal, parts.query.split("&"))
        if pair and not _OTHER_VIEW.fullmatch(pair)
        if not (_TRACKING.fullmatch(pair.partition("=")[0]) or _SESSION.fullmatch(pair))
    )
    fragment = parts.fragment if _is_route(parts.fragment) else ""
    user, at, _ = parts.netloc.rpartition("@")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    name = _ascii_host(parts).removesuffix(".")
    path = _without_view(_normal(_PATH_SESSION.sub("", parts.path) or "/"))
    return (
        f"https://{user}{at}{name}{port}{path or '/'}"
        + ("?" + "&".join(query) if query else "")
        + ("#" + _normal(fragment) if fragment else "")
    )


# The same article for phones and for paper.
_OTHER_VIEW = re.compile(
    r"(?:amp|print|printable|printview)(?:=(?:1|true|yes|y|on)?)?|(?:outputtype|view|mode|format)=(?:amp|print)",
    re.IGNORECASE,
)


def _without_view(path: str) -> str:
    """Return `/slug/` for `/slug/amp/` (WordPress) and `/slug/print`, `/slug.html` for
    `/slug.amp.html`. A folder `/tags/amp` stays: it lists articles about AMP."""
    before, _, last = path.rstrip("/").rpartition("/")
    slug = before.rpartition("/")[2]
    if last.lower() in ("amp", "print") and ("-" in slug or any(sign.isdigit() for sign in slug)):
        path = before + ("/" if path.endswith("/") else "")
    stem, dot, kind = path.rpartition(".amp.")
    whole = dot and kind in ("html", "htm") and not stem.endswith(".amp")
    return f"{stem}.{kind}" if whole else path


# Parameters for where a reader came from, not for what is read.
_TRACKING = re.compile(
    r"utm_\w*|at_(?:medium|campaign\w*)|mc_[ce]id|wt_mc|spm|scm|from|fromapp|isappinstalled"
    r"|share|share_?(?:from|id|source|token|uid|user\w*|type|channel|medium|plat\w*)"
    r"|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|igsh|_ga|_gl|cmpid|ncid|ref_src",
    re.ASCII | re.IGNORECASE,
)

# Those that no site uses for anything else.
_CAMPAIGN = re.compile(
    r"(?<=[?&])(?:utm_\w*|mc_[ce]id|wt_mc|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid)"
    r"=[^&]*(?:&|$)",
    re.ASCII | re.IGNORECASE,
)


def without_password(address: str) -> str:
    """Return an address for messages: of any scheme, without user, password and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def without_tracking(url: str) -> str:
    """Return an address without the parameters of a campaign (`utm_source`), else unchanged."""
    before, mark, fragment = url.partition("#")
    kept = _CAMPAIGN.sub("", before)
    return (kept.rstrip("?&") if kept != before else before) + mark + fragment


_OWN_PORT = re.compile(r"(https://[^/?#]*):443(?=[/?]|$)|(http://[^/?#]*):80(?=[/?]|$)")


def of_page(url: str) -> str:
    """Return the address of a page without its scheme's own port and without a fragment, unless
    that is a route (`#!/a`)."""
    before, mark, fragment = url.partition("#")
    return _OWN_PORT.sub(r"\1\2", before) + (mark + fragment if _is_route(fragment) else "")


# Parameters for who reads. `sid` is the story's number on many sites, so only a value that cannot
# be one counts as a session.
_SESSION = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w*|sess(?:ion)?_?id|cfid|cftoken)=.*"
    r"|(?:sid|oscsid|zenid)=(?=[0-9]*[a-z])(?=[a-z]*[0-9])[0-9a-z]{16,}",
    re.ASCII | re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def host(url: str) -> str:
    """Return the host in lower case (an international name in its `xn--` form), with the port
    unless it is the scheme's own; "" for a text that is not an http or https address."""
    parts = _split(url.strip())
    return _host(parts) if parts else ""


def completed(text: str) -> str:
    """Return a text that lacks no more than its scheme as an address: `https://example.com/news`
    for `example.com/news`; "" for any other text, and for an address."""
    rest = re.sub(r"^(?:https?:?)?/*", "", text.strip(), flags=re.I)
    address = f"https://{rest}"
    name = host(address)
    has_path = "." in name and "/" in rest  # also of a host that only a local network knows
    is_host = ":" in name or has_path or name.startswith("www.") or has_known_suffix(name)
    return address if name and is_host and not host(text) else ""


def same_site(url: str, other: str) -> bool:
    """Return whether two addresses belong to one publisher, as far as host names show: `m.ria.ru`
    and `www.ria.ru` do, `a.github.io` and `b.github.io` do not."""
    if host(url) == host(other) != "":
        return True  # without the list of public suffixes, which takes 0.3 s to import and read
    return publisher_host(url) == publisher_host(other)


@lru_cache(maxsize=4096)  # called with a page's own address for each of its links
def publisher_host(url: str) -> str:
    """Return the domain that the hosts of the address's publisher share; "" for a text that is not
    an http or https address. See `suffixes.registrable_domain`."""
    name = host(url)
    return registrable_domain(name) if name else ""


def _is_route(fragment: str) -> bool:
    """Return whether a fragment selects a page: some sites have all their pages after the `#`."""
    return fragment.startswith(("!", "/"))


def _split(url: str) -> SplitResult | None:
    """Return the parts of an http or https address with a well-formed host and port, else None."""
    # urlsplit caches long texts, and drops tabs and line ends: it would read another address.
    if len(url) > 4 * LONGEST or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in _PORTS and _ascii_host(parts) and parts.port != 0
    except ValueError:
        return None
    return parts if well_formed else None


def _ascii_host(parts: SplitResult) -> str:
    """Return the host in the form that the network uses: lower case, `xn--`, an IPv6 address in
    brackets.

    Raises ValueError for a text that is not a host.
    """
    name = parts.hostname or ""
    if "[" in parts.netloc:
        if "]" not in (parts.netloc[-1], parts.netloc.rpartition(":")[0][-1:]):
            raise ValueError("text after the bracket")
        return f"[{IPv6Address(name.partition('%')[0])}]"
    if not name.isascii():
        # RFC 3490, like Scrapy's own canonical form. Encoding takes quadratic time, so longer names
        # are not tried.
        name = name.encode("idna").decode().lower() if len(name) <= 253 else ""
    if len(name) > 254 or not _HOST.fullmatch(name):
        raise ValueError(f"not a host: {name[:80]!r}")
    return name


def _host(parts: SplitResult) -> str:
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return _ascii_host(parts).removesuffix(".") + port


def _encoded(url: str) -> str | None:
    """Return `url` with characters that an address must not contain percent-encoded, and its host
    in ASCII; None if there is no such address."""
    if len(url) <= LONGEST and _SAFE.fullmatch(url):
        return url
    parts = _split(url)
    if parts is None:
        return None
    user, at, place = parts.netloc.rpartition("@")
    if "[" in place or not place.isascii():
        place = _ascii_host(parts) + (f":{parts.port}" if parts.port else "")
    path, query, fragment = (_quoted(part) for part in (parts.path, parts.query, parts.fragment))
    url = f"{parts.scheme}://{_quoted(user)}{at}{place}{path}"
    url += ("?" + query if query else "") + ("#" + fragment if fragment else "")
    return url if len(url) <= LONGEST else None


def _quoted(part: str) -> str:
    return quote(_ESCAPE.sub("%25", part), safe=_KEPT + "%")


def _normal(part: str) -> str:
    """Return `part` in one spelling: `A` for `%41`, `%E4` for `%e4`, its UTF-8 octets for `中`."""

    def plain(escape: re.Match[str]) -> str:
        char = chr(int(escape[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else escape[0].upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", plain, _quoted(part))
