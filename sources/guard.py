"""Which network addresses may be connected to: public ones, so that a link cannot reach into the user's network."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[Address]]
"""Addresses to connect to for a host and port, in order of preference; raises RefusedError or OSError."""

WEB_PORTS = frozenset([80, 443, 8080, 8443])
_NAT64 = tuple(ipaddress.IPv6Network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48"))  # RFC 6052, RFC 8215
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, deprecated
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label that makes a host an IPv4 address for browsers (URL standard, "ends in a number")."""
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


class RefusedError(Exception):
    """Something that this program does not do, with the reason: connect to an address, read an answer."""


def plain_host(host: str) -> str:
    """The host of a URL (ASCII, lower case) without the dot that may end a name.

    Raises RefusedError for what programs read differently: addresses in decimal, octal, hexadecimal or short form, and
    names with characters that no name has.
    """
    name = host.removesuffix(".")
    if ":" in name and "%" not in name:  # IPv6, which has one way to be read
        return name
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ipaddress.AddressValueError as error:
            raise RefusedError(f"{host} is not an address written as four decimal numbers") from error
    if not _NAME.fullmatch(name):
        raise RefusedError(f"{host!r} is not the name of a host")
    return name


def any_addresses(host: str, port: int) -> list[Address]:
    """Every address of ``host``, private ones included: for intranets and tests."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def public_addresses(host: str, port: int, *, lookup: Resolver = any_addresses) -> list[Address]:
    """The addresses of ``host``, looked up once. Raises RefusedError when any one of them is not public."""
    if port not in WEB_PORTS:
        raise RefusedError(f"port {port} is not a web port; allow_private permits it")
    addresses = lookup(host, port)
    for address in addresses:
        if not is_public(address):
            raise RefusedError(f"{host} is at {address}, which is not a public address; allow_private permits it")
    return addresses


def is_public(address: Address) -> bool:
    """Whether the address is reachable for everybody.

    ``is_private`` misses 100.64.0.0/10 and ``is_global`` is true for multicast and for the IPv6 ranges that carry an
    IPv4 address inside, so the inner address is what counts.
    """
    meant = _inner(address) or address
    return meant.is_global and not meant.is_multicast


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, NAT64 or compatible."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if any(address in network for network in (*_NAT64, _V4_COMPATIBLE)):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
