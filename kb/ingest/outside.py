"""The concrete world as ingesting sees it: formats, files and the network, each a callable."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from kb.errors import InputError
from kb.ingest.pipeline import Item
from kb.types import Author, FoundFeed, Payload, RawDocument, Role, Skipped


class Fetched(Protocol):
    """What came back for a URL."""

    @property
    def payload(self) -> Payload | None:
        """None: nothing has changed."""

    @property
    def etag(self) -> str | None:
        """To be sent with the next request, as ``last_modified``."""

    @property
    def last_modified(self) -> str | None: ...

    @property
    def moved_permanently_to(self) -> str | None:
        """Where the server says that it is now; None: where it was."""

    @property
    def max_age(self) -> dt.timedelta | None:
        """How long the server says that it stays fresh; None when it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the user says of an input, where the input itself does not."""

    kind: str | None = None
    speaker: Author | None = None
    date: dt.date | None = None

    def as_config(self) -> dict[str, Any]:
        """For keeping beside a source that will be polled again."""
        told = {key: value for key, value in asdict(self).items() if value is not None}
        return told | ({"date": self.date.isoformat()} if self.date else {})

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Hints:
        """The reverse of ``as_config``."""
        speaker = dict(config["speaker"]) if config.get("speaker") else None
        if speaker and speaker.get("role"):
            speaker["role"] = Role(**speaker["role"])
        date = dt.date.fromisoformat(config["date"]) if config.get("date") else None
        return cls(kind=config.get("kind"), speaker=Author(**speaker) if speaker else None, date=date)


def _no_feeds(_: Payload) -> Sequence[FoundFeed]:
    return ()


def _no_misfit(_: Payload, __: str) -> None:
    return None


def _nothing(_: Any) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The concrete world. Every function raises InputError for what it cannot give; ``fetch``, ``fetch_page``,
    ``refusal`` and ``delay`` are called from several threads at once."""

    detect: Callable[[Payload], str]
    """The name of a payload's format."""
    read: Callable[[Payload, Hints], Iterable[RawDocument | Skipped]]
    files: Callable[[Path], Iterable[Payload | Skipped]]
    fetch: Callable[[str, str | None, str | None], Fetched]
    """Takes a URL and the validators (etag, last modified) of the last fetch."""
    fetch_page: Callable[[str, str | None, str | None], Fetched]
    """The same for a page that a feed leads to, which obeys the site's rules on every hop."""
    refusal: Callable[[str], str | None] | None = None
    """Why a page must not be fetched (robots.txt), None when it may be; None: nobody asks."""
    delay: Callable[[str], float | None] = _nothing
    """Seconds that the host of a page asks for between two requests; None when it does not say."""
    interval: Callable[[Payload], dt.timedelta | None] = _nothing
    """How often a feed says that it is to be polled at most."""
    next_page: Callable[[Payload], str | None] = _nothing
    """The address at which a feed goes on; None where it ends, and for everything else."""
    misfit: Callable[[Payload, str], str | None] = _no_misfit
    """What a payload is that cannot come of a source of that kind: a sign-in page, say; None when it may."""
    listed_feeds: Callable[[Payload], Sequence[FoundFeed]] = _no_feeds
    """The feeds of a list of feeds; empty for everything else."""
    offered_feeds: Callable[[Payload], Sequence[FoundFeed]] = _no_feeds
    """The feeds that a page names which is no article itself; empty for everything else."""

    def documents(self, payload: Payload, source_id: int, hints: Hints) -> Iterator[Item | Skipped]:
        """What a payload holds; a payload that breaks off gives what it gave and a failed item."""
        try:
            for read in self.read(payload, hints):
                yield read if isinstance(read, Skipped) else Item(source_id, read)
        except InputError as error:
            yield Skipped(payload.name, str(error), failed=True)


def is_url(target: str) -> bool:
    """Whether a target is an address, of any scheme; everything else is a path."""
    return re.match(r"[a-z][a-z0-9+.-]+://", target, re.IGNORECASE) is not None


def host_of(url: str) -> str:
    """Whom requests to ``url`` burden: its host and port, lower case."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url
