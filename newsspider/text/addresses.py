"""Which addresses may be requested: the guard against requests to private networks (SSRF).

In: host names, IP addresses and URLs, all hostile. Out: an address or None, yes or no, a reason or
None. Nothing here resolves a name, raises or keeps state. The download handler (`fetch.handler`)
calls `refusal` for every request, and `is_open` for every address that a name resolves to, as it
connects; `listing` calls `refusal` for the links of a listing.

The blocks are copied from IANA's special-purpose address registries (RFC 6890), because
`ipaddress.is_global` changes with Python's patch releases and is True for 64:ff9b::7f00:1,
2002:7f00:1::, ::127.0.0.1 and 224.0.0.1 in some of them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from newsspider.text.urls import host as host_of

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # behind a carrier's NAT
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local: the metadata services of clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, withdrawn
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
# The networks that a site file may allow (`allow_private`). Link-local is not among them: no paper
# is published on the metadata service of a cloud.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
            *("::1/128", "fc00::/7"),
        ),
    )
)
_UNICAST_6 = IPv6Network("2000::/3")  # all that IANA assigns; ULA, link-local, ::/96 … are outside
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
# Prefixes of addresses that contain an IPv4 address, and the number of bits after it. The local-use
# prefix of NAT64, 64:ff9b:1::/48, is not among them: only its own network knows the position of the
# IPv4 address. It is refused, and so are IPv4-compatible addresses (::/96), which no network
# routes.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)

_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address, under any prefix (RFC 5214, 6.1)

# Ports of other services, some of which execute the text of a request as commands: the "bad ports"
# of the Fetch standard, which browsers refuse too.
_BAD_PORTS = frozenset(
    (
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95),
        *(101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161),
        *(179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563),
        *(587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060),
        *(5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    )
)

_NUMBER = re.compile(r"0x(?P<hex>[0-9a-f]*)|0(?P<octal>[0-7]*)|(?P<decimal>[1-9][0-9]*)")
_INSIDE = frozenset(
    ("localhost", "localdomain", "local", "internal", "intranet", "corp", "home", "lan", "onion")
)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that `host` spells, as browsers and getaddrinfo read it; None for a
    name.

    Accepts 127.1, 2130706433, 0x7f.1, 0177.0.0.1, full-width and circled digits, ideographic full
    stops, a trailing dot, brackets, ::ffff:127.0.0.1, and fe80::1%eth0 (the zone is dropped).
    """
    if len(host) > 512:
        return None
    text = _mapped(host.strip())
    if ":" in text:
        text = text.removeprefix("[").partition("]")[0].partition("%")[0]
        try:
            return IPv6Address(text)
        except ValueError:
            return None
    return _dotted(text.removesuffix("."))


def _mapped(host: str) -> str:
    """Return `host` as IDNA reads it: NFKC, lower case, full stops as dots, without invisible
    characters."""
    text = unicodedata.normalize("NFKC", host).lower().replace("。", ".")
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))


def _dotted(text: str) -> IPv4Address | None:
    """Return the address of one to four numbers, as inet_aton reads them: the last number fills the
    remaining bytes. None for other texts."""
    parts = text.split(".")
    numbers = [_number(part) for part in parts]
    if len(parts) > 4 or None in numbers:
        return None
    *first, last = (number for number in numbers if number is not None)
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return None
    value = last
    for place, number in enumerate(first):
        value += number << (8 * (3 - place))
    return IPv4Address(value)


def _number(text: str) -> int | None:
    m = _NUMBER.fullmatch(text) if len(text) <= 64 else None
    if m is None:
        return None
    if m["decimal"]:
        return int(m["decimal"])
    return int(m["hex"] or "0", 16) if m["hex"] is not None else int(m["octal"] or "0", 8)


def is_open(address: str | IPv4Address | IPv6Address, *, private: bool = False) -> bool:
    """Return whether `address` is a host on the public internet, or with `private` also one in a
    private network.

    For an IPv4 address inside an IPv6 address (mapped, NAT64, 6to4) the IPv4 address decides. False
    for text that is not an address.
    """
    if isinstance(address, str):
        try:
            address = ip_address(address.partition("%")[0])
        except ValueError:
            return False
    if isinstance(address, IPv6Address):
        address = IPv6Address(int(address))  # with a zone it would match no block
        for prefix, bits_after in _CARRIERS:
            if address in prefix:
                inner = IPv4Address(int(address) >> bits_after & 0xFFFFFFFF)
                return is_open(inner, private=private)
        if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
            if not is_open(within, private=private):
                return False
    if private and any(address in block for block in _PRIVATE):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    return address in _UNICAST_6 and not any(address in block for block in _NOT_PUBLIC_6)


def refusal(url: str, *, private: bool = False) -> str | None:
    """Return why `url` must not be fetched, for a person to read; None for an address that may be.

    Only the text decides: a name may still resolve to a private address, which the download handler
    refuses. `private` allows addresses and names of private networks.
    """
    if len(url) > 8192:  # no server accepts it, and urlsplit would cache it
        return f"{_short(url)} is too long"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{_short(url)} is not an address"
    if parts.scheme not in ("http", "https"):
        return f"{_short(url)} is not an http or https address"
    if "@" in parts.netloc:
        return f"{_short(parts.netloc)}: an address with a user name or password is not fetched"
    place = host_of(url)
    if not place or url != url.strip():
        return f"{_short(url)} has no host, or an invalid one"
    if parts.port in _BAD_PORTS:
        return f"{_short(place)}: port {parts.port} belongs to a service other than the web"
    return _host_refusal(re.sub(r":\d+$", "", place), private)


@lru_cache(maxsize=1024)  # the hosts of a run are few, and each is asked for page after page
def _host_refusal(name: str, private: bool) -> str | None:
    """Return why a well-formed, lower-case host must not be asked, or None."""
    address = literal(name)
    if address is not None:
        if is_open(address, private=private):
            return None
        spelled_out = "" if str(address) in name else f" ({address})"
        return f"{_short(name)}{spelled_out} is not a public address"
    last = name.rpartition(".")[2]
    if private and not last[0].isdecimal():
        return None
    if last in _INSIDE or name.endswith(".home.arpa"):
        return f"{_short(name)} is a name in a private network, not on the internet"
    if "." not in name:
        return f"{_short(name)} is not a full host name"
    if last[0].isdecimal() and (last.isdecimal() or _NUMBER.fullmatch(last)):
        return f"{_short(name)} is neither a name nor an address"
    return None


def _short(text: str) -> str:
    """Return a hostile text in a form for messages: printable, at most 80 characters."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:80])
    return shown + ("…" if len(text) > 80 else "")
