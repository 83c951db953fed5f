"""What sites ask programs not to read: robots.txt (RFC 9309), by protego; the rules for status codes are ours."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb.errors import FetchError
from kb.types import Payload

if TYPE_CHECKING:
    from protego import Protego

    from sources.fetch import Fetched

AGENT = "onrecord"
"""The product token that rules name; our User-Agent header starts with it."""
MAX_BYTES = 512_000
"""What is read of a file; RFC 9309 asks for 500 KiB at least."""
KEEP_SECONDS = 86_400.0
"""RFC 9309 allows a day."""
KEEP_FAILURE_SECONDS = 3_600.0
"""How long a host whose file could not be had is left alone."""
MAX_DELAY = 300.0
"""Seconds; a longer Crawl-delay is a way to say no, for which Disallow is there."""
_BUSY = frozenset([429])
"""No answer about the file, unlike other 4xx: also Google counts it with the server errors."""
_AGENT_LINE = re.compile(r"\s*user[- ]?agent[\s:]+([^\s#]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one host asks, until ``until`` (monotonic seconds)."""

    until: float
    rules: Protego | None = None
    """None when nothing may be read for now."""
    failure: str = ""


class Robots:
    """The rules of each host, fetched when first needed and kept for a day. Threads may share it.

    ``fetch`` takes the URL of a robots.txt (``Fetcher.fetch``); ``now`` is a clock in seconds (tests).
    """

    def __init__(self, fetch: Callable[[str], Fetched], *, now: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._hosts: dict[str, _Rules] = {}

    def refusal(self, url: str) -> str | None:
        """Why ``url`` is not to be fetched, in words; None when it may be. Not an http(s) URL: no rules, so None."""
        site = _site(url)
        if site is None:
            return None
        found = self._rules(site)
        if found.rules is None:
            return f"{site}/robots.txt cannot be read, so nothing of this site is fetched for now ({found.failure})"
        return None if found.rules.can_fetch(url, AGENT) else f"{site}/robots.txt asks programs not to read this page"

    def delay(self, url: str) -> float | None:
        """Seconds that the site wants between two fetches, ``MAX_DELAY`` at most; None when it does not say."""
        site = _site(url)
        rules = self._rules(site).rules if site else None
        stated = rules.crawl_delay(AGENT) if rules else None
        return None if stated is None else min(stated, MAX_DELAY)

    def _rules(self, site: str) -> _Rules:
        with self._lock:
            found = self._hosts.get(site)
        if found and found.until > self._now():
            return found
        fresh = self._fetched(site)
        with self._lock:
            now = self._now()
            self._hosts = {host: rules for host, rules in self._hosts.items() if rules.until > now} | {site: fresh}
        return fresh

    def _fetched(self, site: str) -> _Rules:
        try:
            payload = self._fetch(f"{site}/robots.txt").payload
        except FetchError as error:
            if error.status and 400 <= error.status < 500 and error.status not in _BUSY:
                return _Rules(self._now() + KEEP_SECONDS, _parse(""))
            asked = error.retry_after.total_seconds() if error.retry_after else 0
            return _Rules(self._now() + max(KEEP_FAILURE_SECONDS, asked), failure=str(error))
        return _Rules(self._now() + KEEP_SECONDS, _parse(_text(payload)))


def _site(url: str) -> str | None:
    """Scheme, host and port: what one robots.txt is about."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[bad"
        return None
    known = parts.scheme in ("http", "https") and parts.netloc
    return f"{parts.scheme}://{parts.netloc.lower().rpartition('@')[2]}" if known else None


def _text(payload: Payload | None) -> str:
    return payload.data[:MAX_BYTES].decode("utf-8-sig", "replace") if payload else ""


def _parse(text: str) -> Protego:
    from protego import Protego

    return Protego.parse("\n".join(_one_agent(line) for line in text.splitlines()))


def _one_agent(line: str) -> str:
    """A line that names a program, reduced to the product token, with one name for all programs but this.

    Each program named in a group costs the parser a copy of the group's rules: a file made for it, within the limit of
    size, would cost gigabytes. RFC 9309 wants the token alone compared, without a version.
    """
    match = _AGENT_LINE.match(line)
    if not match:
        return line
    token = match[1].lower().partition("/")[0]
    return f"User-agent: {token if token in ('*', AGENT) else 'another'}"
