"""What every format module offers. A format is a module; ``sources.FORMATS`` lists them in the order of detection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kb.types import Payload, RawDocument, Skipped


class Format(Protocol):
    """One way in which documents are written down."""

    NAME: str
    """What the user types to force the format: ``feed``, ``page``, ``x`` ..."""

    def matches(self, payload: Payload) -> bool:
        """Whether the content looks like this format. Cheap: looks at the head, never at the name."""

    def read(self, payload: Payload) -> Iterator[RawDocument | Skipped]:
        """Documents in the order of the payload; an item that gives none is ``Skipped`` and the rest goes on.

        Raises InputError when the payload as a whole is not of this format.
        """
