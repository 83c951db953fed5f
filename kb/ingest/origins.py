"""Which bytes a document was read from, and which of them are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.store import Session, raw
from kb.types import Origin, Payload, RawDocument, Skipped

if TYPE_CHECKING:
    from kb.ingest.outside import Hints

LARGE_FILE = 5_000_000
"""Bytes of a file on disk from which it is not kept: texts, transcripts and saved pages are smaller. What is larger is
an archive, which its owner keeps anyway, and which would double the database. What came from the network is kept up to
the limit on fetching."""


class Siblings:
    """Gives the files beside a payload, and remembers those that were asked for."""

    def __init__(self, ask: Callable[[str], bytes | None]) -> None:
        self.found: dict[str, bytes] = {}
        self._ask = ask

    def __call__(self, name: str) -> bytes | None:
        data = self._ask(name)
        if data is not None:
            self.found[name] = data
        return data


def remembering(
    read: Callable[[Payload, Hints], Iterable[RawDocument | Skipped]],
) -> Callable[[Payload, Hints], Iterator[RawDocument | Skipped]]:
    """``read`` with documents that say which bytes they were read from.

    Teasers do not: the page behind them gives their text.
    """

    def reading(payload: Payload, hints: Hints) -> Iterator[RawDocument | Skipped]:
        siblings = Siblings(payload.sibling)
        origin = Origin(
            payload=replace(payload, sibling=siblings),
            sha256=hashlib.sha256(payload.data).hexdigest(),
            hints=hints.as_config(),
            siblings=siblings.found,
        )
        for item in read(origin.payload, hints):
            yield replace(item, origin=origin) if isinstance(item, RawDocument) and item.complete else item

    return reading


def keep(session: Session, origin: Origin | None) -> int | None:
    """Store the bytes that a text of the record was read from; return the id of their arrival, None for those that are
    not kept."""
    if origin is None or (origin.payload.url is None and len(origin.payload.data) > LARGE_FILE):
        return None
    return raw.keep(session, origin)
