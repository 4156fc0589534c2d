"""Which addresses may be asked: the decisions of the guard against requests to the inside.

In: host names, IP addresses and URLs, all hostile. Out: an address or None, yes or no, a reason or
None; nothing here looks a name up, raises or keeps state. The spiders ask `refusal` before they
make a request; the download handler asks `is_open` of every address a name resolves to, as it
connects.

The blocks are written out from IANA's special-purpose address registries (RFC 6890), since
`ipaddress.is_global` changes with Python's patch releases and says True for 64:ff9b::7f00:1,
2002:7f00:1::, ::127.0.0.1 and 224.0.0.1 in some of them.
"""

from __future__ import annotations

import re
import unicodedata
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
# What a site file may open (`allow_private`). Link-local is not among it: no paper is published on
# the metadata service of a cloud.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
            *("::1/128", "fc00::/7"),
        ),
    )
)
_UNICAST_6 = IPv6Network("2000::/3")  # all that is given out; ULA, link-local, ::/96 … lie outside
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
# Prefixes that carry an IPv4 address, and how many bits stand behind it. The local-use prefix of
# NAT64, 64:ff9b:1::/48, is not among them: only its own network knows where the address stands, so
# it is refused, and so are IPv4-compatible addresses (::/96), which no network routes.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)

_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address, under any prefix (RFC 5214, 6.1)

# Ports of other services, some of which take what stands in a request for commands: the "bad ports"
# of the Fetch standard, to which no browser goes either.
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
    """The address `host` spells, as browsers and getaddrinfo read it; None for a name.

    Takes 127.1, 2130706433, 0x7f.1, 0177.0.0.1, full-width and circled digits, ideographic full
    stops, a last dot, brackets, ::ffff:127.0.0.1, and fe80::1%eth0 (the zone is dropped).
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
    """`host` as IDNA reads it: NFKC, lower case, any full stop a dot, what is invisible gone."""
    text = unicodedata.normalize("NFKC", host).lower().replace("。", ".")
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))


def _dotted(text: str) -> IPv4Address | None:
    """One to four numbers as inet_aton takes them: the last fills the bytes that are left."""
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
    """Whether `address` is one host on the public internet, or `private` and one of a private
    network; an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged as itself. Text that
    is no address is neither."""
    if isinstance(address, str):
        try:
            address = ip_address(address.partition("%")[0])
        except ValueError:
            return False
    if isinstance(address, IPv6Address):
        address = IPv6Address(int(address))  # a zone would keep it out of every block
        for prefix, behind in _CARRIERS:
            if address in prefix:
                return is_open(IPv4Address(int(address) >> behind & 0xFFFFFFFF), private=private)
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
    """Why `url` must not be fetched, for a person to read; None when nothing speaks against it yet.

    Triaged by its text alone: a name may still resolve to the inside, which is for the download
    handler to refuse. `private`: addresses and names of private networks may.
    """
    if len(url) > 8192:  # what no server takes, urlsplit need not keep
        return f"{_short(url)} is too long"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{_short(url)} is no address"
    if parts.scheme not in ("http", "https"):
        return f"{_short(url)} is no http or https address"
    if "@" in parts.netloc:
        return f"{_short(parts.netloc)}: an address with a user name or password is not fetched"
    place = host_of(url)
    if not place or url != url.strip():
        return f"{_short(url)} has no host, or one that cannot be"
    if parts.port in _BAD_PORTS:
        return f"{_short(place)}: port {parts.port} is that of another service than the web"
    return _host_refusal(re.sub(r":\d+$", "", place), private)


def _host_refusal(name: str, private: bool) -> str | None:
    """Why a well-formed, lower-case host must not be asked."""
    address = literal(name)
    if address is not None:
        if is_open(address, private=private):
            return None
        meant = "" if str(address) in name else f" ({address})"
        return f"{_short(name)}{meant} is not a public address"
    last = name.rpartition(".")[2]
    if private and not last[0].isdecimal():
        return None
    if last in _INSIDE or name.endswith(".home.arpa"):
        return f"{_short(name)} is a name of the inside, not of the internet"
    if "." not in name:
        return f"{_short(name)} is not a full host name"
    if last[0].isdecimal() and (last.isdecimal() or _NUMBER.fullmatch(last)):
        return f"{_short(name)} is neither a name nor an address"
    return None


def _short(text: str) -> str:
    """A hostile text as a message may show it: printable, at most 80 characters."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:80])
    return shown + ("…" if len(text) > 80 else "")
