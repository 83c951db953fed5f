"""Listening: one process, which answers until it is told to stop."""

from __future__ import annotations

import errno
import ipaddress
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from kb.errors import ConfigError

GRACE = 5
"""Seconds that answers under way are given when the server stops."""
IDLE = 75
"""Seconds that a connection stays open between two requests, as most servers do: people read between them."""
WAITING = 128
"""Connections that may wait to be accepted."""


def is_local(host: str) -> bool:
    """Whether what listens there can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_everywhere(host: str) -> bool:
    """Whether what listens there listens on every address of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def in_url(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises ConfigError: taken, not allowed, no such address."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=WAITING)
    except OSError as error:
        raise ConfigError(f"cannot listen on {in_url(host)}:{port}: {_reason(error, port)}") from error


def run(app: FastAPI, listening: socket.socket) -> None:
    """Answer until Ctrl-C or a request to terminate."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="on",
        proxy_headers=False,  # anybody could write them
        server_header=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=GRACE,
    )
    with suppress(KeyboardInterrupt):  # raised again by uvicorn once everything is shut down
        uvicorn.Server(config).run(sockets=[listening])


def _reason(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"the port is taken; stop the other program, or give another port: --port {port + 1}"
    if error.errno == errno.EACCES:
        return "this user may not; give a port above 1023"
    return f"{error.strerror or error}; give an address of this machine"
