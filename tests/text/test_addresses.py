"""The guard's decisions: spellings of addresses, what is public, what is refused unasked."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.text.addresses import is_open, literal, refusal

LOOPBACK = IPv4Address("127.0.0.1")
IPV4 = st.integers(0, 2**32 - 1).map(IPv4Address)
INSIDE = st.sampled_from(
    [
        *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),
        *("172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"),
        *("198.19.255.255", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
        "255.255.255.255",
    ]
).map(IPv4Address)
# The first and last addresses beside those blocks among them.
OUTSIDE = st.sampled_from(
    [
        *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "43.240.125.15", "100.63.255.255"),
        *("100.128.0.0", "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0"),
        *("183.136.162.242", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255"),
    ]
).map(IPv4Address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F.1", "0177.0.0.1"),
        *("0x7f.0x0.0x0.0x1", "017700000001", "127.0.0.1.", "１２７．０．０．１", "127。0。0。1"),
        *("127｡0｡0｡1", "①②⑦.⓪.⓪.①", "127.0.0.1\u00ad", "127.0.0\u200b.1", " 127.0.0.1 "),
    ],
)
def test_attack_every_spelling_of_the_loopback_address(host: str) -> None:
    assert literal(host) == LOOPBACK


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("[2606:4700:0:0::1111]", "2606:4700::1111"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("1.2.3.4", "1.2.3.4"),
        ("1.65536", "1.1.0.0"),
    ],
)
def test_other_addresses(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", ":", "x.com", "1.2.3.4.5", "256.1.1.1", "4294967296", "1..1", "09.1", "0xg"),
        *("1.2.3.4.com", "127.0.0.1.nip.io", "[x]", "9" * 2_000_000, "1." * 1_000_000, "\ud800"),
    ],
)
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


@given(IPV4, st.integers(0, 3), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_an_address_is_read_in_every_form_of_inet_aton(
    address: IPv4Address, dots: int, form: str
) -> None:
    value = int(address)
    tail = 8 * (4 - dots)
    numbers = [value >> (24 - 8 * place) & 255 for place in range(dots)] + [value & (2**tail - 1)]
    assert literal(".".join(form.format(number) for number in numbers)) == address


def carried(address: IPv4Address) -> list[str]:
    """The IPv6 forms in which an IPv4 address travels."""
    high, low = int(address) >> 16, int(address) & 0xFFFF
    return [f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{high:x}:{low:x}::1"]


@given(INSIDE)
def test_attack_the_inside_is_not_public_in_any_wrapping(address: IPv4Address) -> None:
    assert not is_open(address)
    assert not is_open(str(address))
    wrappings = [*carried(address), f"::{address}", f"64:ff9b:1::{address}"]
    assert [form for form in wrappings if is_open(form)] == []


@given(OUTSIDE)
def test_the_outside_is_open_in_the_wrappings_that_networks_use(address: IPv4Address) -> None:
    assert is_open(address)
    assert [form for form in carried(address) if not is_open(form)] == []


@given(IPV4)
def test_nothing_is_open_that_python_calls_private(address: IPv4Address) -> None:
    assert address.is_global or not is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        *("::", "::1", "::8.8.8.8", "100::1", "fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0"),
        *("fec0::1", "ff02::1", "ff0e::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "5f00::1"),
        *("2a00:1:2:3::5efe:10.0.0.1", "2a00::200:5efe:7f00:1", "2a00::5efe:a9fe:a9fe"),
        *("64:ff9b:1::8.8.8.8", "4000::1", "", "x.com", "127.1", "8.8.8.8/8", "\ud800"),
    ],
)
def test_attack_what_is_not_public(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize(
    "address", ["2606:4700::1111", "2400:3200::1", "2001:4860:4860::8888", "2a00::5efe:8.8.8.8"]
)
def test_what_is_open(address: str) -> None:
    assert is_open(address)
    assert is_open(IPv6Address(address))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.1/", "127.1 (127.0.0.1) is not a public address"),
        ("http://127.0.0.1#@x.com/", "127.0.0.1 is not a public address"),
        ("http://2852039166/", "2852039166 (169.254.169.254) is not a public address"),
        ("http://①②⑦.⓪.⓪.①/", "127.0.0.1 is not a public address"),
        ("http://[::ffff:7f00:1]:80/", "[::ffff:7f00:1] is not a public address"),
        ("https://[fe80::1%25eth0]/", "[fe80::1] is not a public address"),
        ("http://localhost:8000/", "localhost is a name in a private network"),
        ("http://LOCALHOST./", "localhost is a name in a private network"),
        ("http://loc\u200balhost/", "localhost is a name in a private network"),
        ("http://a.localhost/", "a.localhost is a name in a private network"),
        ("http://printer.local/", "printer.local is a name in a private network"),
        (
            "http://metadata.google.internal/",
            "metadata.google.internal is a name in a private network",
        ),
        ("http://box.home.arpa/", "box.home.arpa is a name in a private network"),
        ("http://router/", "router is not a full host name"),
        ("http://1.2.3.4.5/", "1.2.3.4.5 is neither a name nor an address"),
        ("http://x.0x7f/", "x.0x7f is neither a name nor an address"),
        ("http://u@x.com/", "u@x.com: an address with a user name"),
        ("http://x.com\\@127.0.0.1/", "with a user name"),
        ("http://127.0.0.1\\@x.com/", "with a user name"),
        ("http://x.com:25/", "x.com:25: port 25 belongs to a service other than the web"),
        ("https://x.com:22/", "port 22 belongs to a service other"),
        ("http://43.240.125.15:6667/", "port 6667 belongs to a service other"),
        ("http://x.com:0/", "has no host, or an invalid one"),
        ("http://x.com:99999/", "has no host"),
        ("http:///x", "has no host"),
        ("http:/\\/127.0.0.1/", "has no host"),
        ("http://127.0.0.1%2f.x.com/", "has no host"),
        ("http://x.com\n.y.com/", "has no host"),
        (" http://x.com/", "has no host"),
        (f"http://{'a' * 64}.com/", "has no host"),
        ("http://[::1", "is not an address"),
        ("file:///etc/passwd", "is not an http or https address"),
        ("gopher://127.0.0.1:6379/_x", "is not an http or https address"),
        ("//x.com/", "is not an http or https address"),
        ("", "is not an http or https address"),
        ("http://x.com/" + "a" * 2_000_000, "is too long"),
    ],
)
def test_attack_what_is_refused_unasked(url: str, reason: str) -> None:
    assert reason in (refusal(url) or "")


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.eastmoney.com/a/202204262359811335.html",
        "http://43.240.125.15:1818/information/newmarket/web/webapi?marketType=37",
        "https://[2606:4700::1111]/",
        "https://中国.cn/",
        "https://local.x.com/",
        "https://1.fm/",
        "https://x.com/#@127.0.0.1",
    ],
)
def test_nothing_speaks_against_these(url: str) -> None:
    assert refusal(url) is None


@given(INSIDE, st.sampled_from(["http://{}/", "https://{}:8080/x", "http://[::ffff:{}]/"]))
def test_attack_no_address_of_the_inside_passes(address: IPv4Address, form: str) -> None:
    assert refusal(form.format(address))
    assert refusal(form.format(address) + "?x=https://x.com/")


@given(
    st.text(st.characters())
    | st.text("0123456789abx.:[]%@/\\１。", max_size=30).map("http://{}".format)
)
def test_attack_no_text_raises_and_reasons_are_printable(text: str) -> None:
    literal(text)
    is_open(text)
    reason = refusal(text)
    assert reason is None or (reason.isprintable() and len(reason) < 200)
