"""Which addresses a job may reach."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medusa.media.address import Allowed, is_public, is_web_port, may_connect

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"]
PRIVATE = [
    *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::7f00:1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:101:101::"),
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::7f00:1", "64:ff9b::101:101", "64:ff9b:1::1"),
    *("192.0.0.192", "192.0.0.9", "192.88.99.1", "168.63.129.16", "100.100.100.200", "169.254.170.2"),
    *("fec0::1", "3fff::1", "3ffe::1", "5f00::1", "100::1", "2001:20::1", "2001:10::1", "2001:2::1"),
    *("fd00:ec2::254", "::ffff:0:7f00:1", "::101:101", "4000::1", "2620:4f:8000::1", "2606:4700::1%eth0"),
]
NOBODY = Allowed.of([])


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_in_every_disguise(text: str) -> None:
    assert not is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_a_wrapped_address_is_at_most_as_public_as_what_is_in_it(inner: IPv4Address) -> None:
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + inner.packed)
    assert is_public(mapped) == is_public(inner)
    for prefix in (b"\x20\x02", b"\x00\x64\xff\x9b" + b"\0" * 8):
        wrapped = IPv6Address((prefix + inner.packed).ljust(16, b"\0"))
        assert not is_public(wrapped)


@given(st.ip_addresses())
def test_public_means_global(address: IPv4Address | IPv6Address) -> None:
    assert not is_public(address) or address.is_global or getattr(address, "ipv4_mapped", None)


# As IANA has them; https://www.iana.org/assignments/iana-ipv4-special-registry and …-ipv6-special-registry.
REGISTRY = [
    *(
        "0.0.0.0/8",
        "0.0.0.0/32",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
    ),
    *("192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32"),
    *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
    *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4"),
    *("255.255.255.255/32", "224.0.0.0/4"),
    *(
        "::1/128",
        "::/128",
        "::ffff:7f00:0/104",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
    ),
    *("2001::/23", "2001::/32", "2001:1::1/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48"),
    *("2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48"),
    *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "::/96", "::ffff:0:0:0/96"),
]


@pytest.mark.parametrize("block", REGISTRY)
@given(data=st.data())
@settings(max_examples=20)
def test_no_address_with_a_special_purpose_is_public(block: str, data: st.DataObject) -> None:
    assert not is_public(data.draw(st.ip_addresses(network=block)))


@given(st.ip_addresses())
def test_what_python_calls_special_is_not_public(address: IPv4Address | IPv6Address) -> None:
    named = (address.is_private, address.is_loopback, address.is_link_local, address.is_multicast)
    others = (address.is_reserved, address.is_unspecified, getattr(address, "is_site_local", False))
    if any((*named, *others)) and getattr(address, "ipv4_mapped", None) is None:
        assert not is_public(address)


def test_ports() -> None:
    ports = (0, 22, 25, 80, 443, 1023, 1024, 2049, 6000, 6667, 8443, 65535)
    assert [port for port in ports if is_web_port(port)] == [80, 443, 1024, 8443, 65535]


@pytest.mark.parametrize(
    ("entry", "host", "address", "port", "good"),
    [
        ("127.0.0.1:8000", "localhost", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "localhost", "127.0.0.1", 8001, False),
        ("127.0.0.1:22", "127.0.0.1", "127.0.0.1", 22, True),
        ("127.0.0.1:8000", "x", "::ffff:127.0.0.1", 8000, True),
        ("Media.Internal:80", "media.internal", "10.0.0.9", 80, True),
        ("media.internal:80", "other.internal", "10.0.0.9", 80, False),
        ("10.0.0.0/8", "x", "10.200.1.1", 9000, True),
        ("10.0.0.0/8", "x", "11.0.0.1", 22, False),
        ("[::1]:8000", "::1", "::1", 8000, True),
        ("fd00::/8", "x", "fd00::1", 80, True),
        ("10.0.0.5", "x", "10.0.0.5", 1234, True),
    ],
)
def test_what_the_deployer_opens(entry: str, host: str, address: str, port: int, good: bool) -> None:
    assert may_connect(host, ip_address(address), port, Allowed.of([entry])) is good


@pytest.mark.parametrize("entry", ["", "example.org", "example.org:http", "10.0.0.0/33", "a:1/b"])
def test_an_entry_that_cannot_be_read_is_an_error(entry: str) -> None:
    with pytest.raises(ValueError, match=r"host:port|[Pp]ort|"):
        Allowed.of([entry])


@pytest.mark.parametrize(
    ("entry", "host", "port", "may"),
    [
        ("mongo:80", "mongo", 80, True),
        ("mongo:80", "mongo", 81, False),
        ("mongo:80", "redis", 80, False),
        ("10.0.0.1:80", "mongo", 80, True),
        ("10.0.0.1:80", "mongo", 81, False),
        ("10.0.0.0/8", "mongo", 81, True),
    ],
)
def test_which_names_could_be_opened(entry: str, host: str, port: int, may: bool) -> None:
    assert Allowed.of([entry]).may_permit(host, port) is may


def test_nothing_is_opened_by_default() -> None:
    assert not may_connect("localhost", ip_address("127.0.0.1"), 80, NOBODY)
    assert may_connect("one.one", ip_address("1.1.1.1"), 443, NOBODY)
    assert not may_connect("one.one", ip_address("1.1.1.1"), 25, NOBODY)
