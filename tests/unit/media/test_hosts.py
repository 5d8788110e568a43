"""Hosts as requests name them: each in one spelling only."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.address import is_public
from medusa.media.hosts import Disguised, read_host

LOCAL = [
    *("localhost", "LocalHost", "localhost.", "foo.localhost", "ip6-localhost", "localhost.localdomain"),
    *("mongo", "redis.", "com", "printer.local", "metadata.google.internal", "host.docker.internal."),
    *(
        "kubernetes.default.svc",
        "mongo.default.svc.cluster.local",
        "router.lan",
        "nas.home.arpa",
        "web.consul",
    ),
]
PUBLIC = [
    "example.org",
    "EXAMPLE.org.",
    "a.b.c.example",
    "a-b_c.example",
    "xn--mnchen-3ya.de",
    "1.2.3.com",
    "0x7f.com",
]
DISGUISED = [
    *(
        "",
        ".",
        "..",
        "a..b",
        "example.org..",
        ".example.org",
        "a b",
        "a\tb",
        "a\0.org",
        "a/b",
        "a\\b",
        "a@b",
        "a#b",
    ),
    *(
        "a?b",
        "a%2eb",
        "%31%32%37.0.0.1",
        "ex\u00e4mple.org",
        "１２７.0.0.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "a" * 64 + ".org",
    ),
    *(f"{'a' * 63}." * 4 + "org", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0X7F.0.0.1", "2130706433"),
    *(
        "017700000001",
        "0177.0.0.1",
        "127.0.0.01",
        "127.000.000.001",
        "127.0.0.1.",
        "0",
        "0x",
        "0.",
        "1.1.1.1.",
    ),
    *("256.1.1.1", "1.1.1.1.1", "127.0.0.0x1", "a.b.127", "example.0", "4294967296", "127.0.0.1%lo"),
    *(
        "[",
        "]",
        "[]",
        "[1.1.1.1]",
        "[::1",
        "::1",
        "[::1]x",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[::1%lo]",
        "[:::1]",
    ),
]


@pytest.mark.parametrize("text", LOCAL)
def test_names_of_this_network(text: str) -> None:
    host = read_host(text)
    assert host.is_local
    assert host.name == text.lower().removesuffix(".")


@pytest.mark.parametrize("text", PUBLIC)
def test_names_of_the_internet(text: str) -> None:
    host = read_host(text)
    assert not host.is_local
    assert host.address is None
    assert host.name == text.lower().removesuffix(".")


@pytest.mark.parametrize("text", DISGUISED)
def test_what_is_written_so_as_not_to_be_recognised(text: str) -> None:
    with pytest.raises(Disguised):
        read_host(text)


@given(st.ip_addresses())
def test_an_address_in_its_plain_spelling(address: IPv4Address | IPv6Address) -> None:
    text = str(address) if address.version == 4 else f"[{address}]"
    host = read_host(text)
    assert host.address == address
    assert not host.is_local
    assert read_host(text.upper()) == host


def _parts(value: int, count: int) -> list[int]:
    """An IPv4 address as so many numbers, the last of which takes all that is left."""
    shifts = [24, 16, 8][: count - 1]
    return [value >> shift & 255 for shift in shifts] + [value & (1 << (32 - 8 * (count - 1))) - 1]


_BASES = st.sampled_from(["{}", "{:#x}", "0{:o}", "{:#X}", "0x0{:x}", "00{:o}"])


@given(
    st.integers(0, 2**32 - 1) | st.integers(0, 255).map(lambda low: 0x7F000000 + low),
    st.integers(1, 4),
    st.data(),
)
def test_whatever_the_resolver_takes_for_an_address_is_one_here_or_refused(
    value: int, count: int, data: st.DataObject
) -> None:
    text = ".".join(data.draw(_BASES).format(part) for part in _parts(value, count))
    assert int.from_bytes(socket.inet_aton(text), "big") == value
    try:
        host = read_host(text)
    except Disguised:
        return
    assert host.address == IPv4Address(value)


@given(st.text(st.sampled_from("0123456789abcdefxX.%①１。"), min_size=1, max_size=20))
def test_no_name_is_an_address_to_the_resolver(text: str) -> None:
    """What is left to be resolved is nothing that the resolver reads as an address by itself."""
    try:
        host = read_host(text)
    except Disguised:
        return
    if host.address is None:
        with pytest.raises(OSError, match="illegal"):
            socket.inet_aton(host.name)
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo(host.name, 80, flags=socket.AI_NUMERICHOST)


def test_a_literal_is_judged_by_its_address() -> None:
    host = read_host("[::FFFF:127.0.0.1]")
    assert host.address == ip_address("::ffff:127.0.0.1")
    assert host.address is not None
    assert not is_public(host.address)
