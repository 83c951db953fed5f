"""Which network addresses may be connected to: public ones, so that a link cannot reach into the user's network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[Address]]
"""Addresses to connect to for a host and port, in order of preference; raises RefusedError or OSError."""

WEB_PORTS = frozenset([80, 443, 8080, 8443])
_NAT64 = tuple(ipaddress.IPv6Network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48"))  # RFC 6052, RFC 8215
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, deprecated


class RefusedError(Exception):
    """The address is one that this program does not connect to."""


def any_addresses(host: str, port: int) -> list[Address]:
    """Every address of ``host``, private ones included: for intranets and tests."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def public_addresses(host: str, port: int) -> list[Address]:
    """The addresses of ``host``, resolved once. Raises RefusedError when any one of them is not public."""
    if port not in WEB_PORTS:
        raise RefusedError(f"port {port} is not a web port")
    addresses = any_addresses(host, port)
    for address in addresses:
        if not is_public(address):
            raise RefusedError(f"{host} is at {address}, which is not a public address")
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
