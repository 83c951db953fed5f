"""How often each client gave a token that is none, so that guessing takes for ever."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_FAILURES = 10
"""Within ``WINDOW``: a person who pastes the wrong thing needs two or three."""
WINDOW = 60.0
"""Seconds."""
MOST_CLIENTS = 10_000
"""Remembered at once, about a megabyte; those that failed last."""


@dataclass(slots=True)
class Failures:
    """Counts failures by client, for one server; any thread may ask."""

    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _clients: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    """Client -> when its window ends, and how often it failed in it."""

    def wait(self, client: str) -> int:
        """Seconds until the client may try again; 0: now."""
        with self._lock:
            ends, count = self._clients.get(client, (0.0, 0))
            left = ends - self.clock()
            return math.ceil(left) if count >= MOST_FAILURES and left > 0 else 0

    def add(self, client: str) -> None:
        """The client failed once more."""
        with self._lock:
            now = self.clock()
            ends, count = self._clients.pop(client, (0.0, 0))
            self._clients[client] = (ends, count + 1) if ends > now else (now + WINDOW, 1)
            while len(self._clients) > MOST_CLIENTS:
                self._clients.popitem(last=False)
