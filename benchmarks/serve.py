"""Readers and writers at once against ``kb serve``: no error, no lost write, and how long they wait.

    python benchmarks/serve.py [--seconds 120] [--readers 50] [--writers 5] [--statements 20000] [--pause 0]

Without --pause the times are those of a server that is never idle: each of 55 waits for the 54 others. With it
everybody waits between two requests, about so long, as people do. All of them run in one Python process beside the
server, on the same cores. Writers judge the same few statements, so that some are told that another was faster (409),
which is no error; afterwards the record must have exactly what was answered with success.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Self

from sqlmodel import select

from kb.ask import speaker
from kb.reviewing import history
from kb.store import Session, Store, documents, open_store, sources, speakers, statements, tokens
from kb.store.check import check
from kb.store.tables import Outcome
from kb.text import sha256
from kb.types import Attribution, DocumentData, Horizon, RawDocument, SpeakerMention, StatementData

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
WORDS = "tide harbour turbine ferry budget school bridge winter price power housing forest".split()
SPEAKERS = 40
SHARED = 4
"""Statements that all writers judge."""
GOOD, CONFLICT = (200, 201), 409
PARTS = ((0.5, "median"), (0.95, "p95"), (1.0, "max"))
READS = (
    "statements?size=20",
    "statements?q={word}&sort=relevance&size=20",
    "statements?q={word}%20kind:prediction%20by:{speaker}&size=20",
    "facets?q={word}",
    "statements/{statement}",
    "documents/{statement}",
    "predictions?status=open&size=20",
    "speakers?size=20",
    "scores?size=20",
    "statements/{shared}/history",
)


@dataclass(frozen=True, slots=True)
class Load:
    """How many ask and write, for how many seconds, and how long each rests between two requests."""

    readers: int
    writers: int
    seconds: float
    pause: float = 0.0


@dataclass(slots=True)
class Tally:
    """What one thread did."""

    reads: list[float] = field(default_factory=list)
    """Seconds that each took."""
    writes: list[float] = field(default_factory=list)
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)
    edits: Counter[int] = field(default_factory=Counter)
    """Statement -> edits that were answered with success."""
    reasons: list[str] = field(default_factory=list)
    """Of the outcomes that were."""
    names: list[str] = field(default_factory=list)


def main() -> None:
    """Run it and print the figures; exit with 1 where something failed or was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, usual in (("seconds", 120), ("readers", 50), ("writers", 5), ("statements", 20_000)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds, on average")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        load = Load(given.readers, given.writers, given.seconds, given.pause)
        tallies, lost = hammer(Path(folder) / "kb.db", given.statements, load)
    for name in ("reads", "writes"):
        times = sorted(seconds for tally in tallies for seconds in getattr(tally, name))
        told = "  ".join(f"{_ms(times, part)} {what}" for part, what in PARTS)
        print(f"{name:<7} {len(times):>7,}  {len(times) / given.seconds:>6.1f}/s  {told}")
    errors = [error for tally in tallies for error in tally.errors]
    print(f"conflicts told: {sum(tally.conflicts for tally in tallies)}, errors: {len(errors)}, lost: {len(lost)}")
    print(*errors[:10], *lost[:10], sep="\n")
    sys.exit(bool(errors or lost))


def hammer(path: Path, number: int, load: Load) -> tuple[list[Tally], list[str]]:
    """Fill a record, serve it, ask and write for so long; what every thread did, and what the record lacks then."""
    url = f"sqlite:///{path}"
    with open_store(url) as store:
        secret = fill(store, number)
    stop = threading.Event()
    tallies = [Tally() for _ in range(load.readers + load.writers)]
    with serving(path) as port, ExitStack() as opened:
        threads = []
        for i, tally in enumerate(tallies):
            client = opened.enter_context(Client(port, tally, random.Random(i), secret))
            work = _read if i < load.readers else partial(_write, name=f"writer {i}")
            threads.append(
                threading.Thread(target=_until, args=(stop, client, partial(work, client, number), load.pause))
            )
        for thread in threads:
            thread.start()
        time.sleep(load.seconds)
        stop.set()
        for thread in threads:
            thread.join()
    with open_store(url) as store:
        return tallies, list(_lost(store, tallies))


def fill(store: Store, number: int) -> str:
    """Write so many predictions, each in a document of its own, and return an editor's token."""
    chance = random.Random(7)
    with store.transaction() as session:
        source_id = sources.register(session, "file", name="load", url="/load")
        ids = [speakers.create(session, SpeakerMention(name=f"Speaker N{i}", kind="person")) for i in range(SPEAKERS)]
        for i in range(number):
            words = f"{' '.join(chance.sample(WORDS, 5))} by {2027 + i % 9}"
            _report(session, source_id, ids[i % SPEAKERS], i, words)
        return tokens.add(session, "load", "editor", now=NOW)[1]


@contextmanager
def serving(path: Path) -> Iterator[int]:
    """The port of a ``kb serve`` in a process of its own."""
    command = [sys.executable, "-m", "kb", "--db", str(path), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        found = re.search(r":(\d+) ", server.stdout.readline())
        assert found, "the server did not start"
        try:
            yield int(found[1])
        finally:
            server.send_signal(signal.SIGINT)


def _until(stop: threading.Event, client: Client, work: Callable[[int], None], pause: float) -> None:
    for turn in count():
        if stop.wait(client.chance.expovariate(1 / pause) if pause else 0):
            break
        work(turn)


def _read(client: Client, number: int, _: int) -> None:
    address = client.chance.choice(READS).format(
        word=client.chance.choice(WORDS),
        speaker=client.chance.randint(1, SPEAKERS),
        statement=client.chance.randint(1, number),
        shared=client.chance.randint(1, SHARED),
    )
    client.ask("GET", address, None, client.tally.reads)


def _write(client: Client, number: int, turn: int, *, name: str) -> None:
    """One edit, outcome or name, in turn."""
    told, tally = f"{turn} of {name}", client.tally
    if turn % 3 == 0:
        _edit(client, client.chance.randint(1, SHARED))
    elif turn % 3 == 1:
        body = {"verdict": "unclear", "known_on": "2026-01-02", "reason": told}
        address = f"statements/{client.chance.randint(SHARED + 1, number)}/outcomes"
        tally.reasons += [told] if client.ask("POST", address, body, tally.writes) else []
    else:
        address = f"speakers/{client.chance.randint(1, SPEAKERS)}/aliases"
        tally.names += [told] if client.ask("POST", address, {"text": told}, tally.writes) else []


def _edit(client: Client, statement: int) -> None:
    seen = client.ask("GET", f"statements/{statement}", None, client.tally.reads)
    if seen:
        body = {"kind": "claim" if seen["kind"] != "claim" else "opinion"}
        edited = client.ask("PATCH", f"statements/{statement}?version={seen['version']}", body, client.tally.writes)
        client.tally.edits[statement] += bool(edited)


class Client:
    """One connection to the API, which keeps the time."""

    def __init__(self, port: int, tally: Tally, chance: random.Random, secret: str) -> None:
        self.tally = tally
        self.chance = chance
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, method: str, address: str, body: object, times: list[float]) -> Any:
        """The answer; None for a conflict or an error, which are counted."""
        start = time.perf_counter()
        content = json.dumps(body) if body is not None else None
        try:
            self._connection.request(method, f"/api/v1/{address}", content, self._headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self.tally.errors.append(f"{method} {address}: {error!r}")
            return None
        times.append(time.perf_counter() - start)
        if answer.status == CONFLICT:
            self.tally.conflicts += 1
        elif answer.status not in GOOD:
            self.tally.errors.append(f"{method} {address}: {answer.status} {text[:200]!r}")
        return json.loads(text) if answer.status in GOOD else None


def _lost(store: Store, tallies: list[Tally]) -> Iterator[str]:
    """What was answered with success and is not in the record, or there more often; and what is wrong with it."""
    edits = sum((tally.edits for tally in tallies), Counter[int]())
    for shared in range(1, SHARED + 1):
        kept = sum(row.field == "kind" for row in history(store, shared))
        if kept != edits[shared]:
            yield f"statement {shared}: {edits[shared]} edits, {kept} kept"
    with store.reading() as session:
        kept_reasons = Counter(session.exec(select(Outcome.reason)))
    wanted = Counter(reason for tally in tallies for reason in tally.reasons)
    if kept_reasons != wanted:
        yield f"outcomes: {wanted.total()} recorded, {kept_reasons.total()} kept"
    names = {name for i in range(1, SPEAKERS + 1) for name in speaker(store, i).aliases}
    yield from (f"{name!r} is lost" for tally in tallies for name in tally.names if name not in names)
    yield from check(store)


def _report(session: Session, source_id: int, speaker_id: int, i: int, words: str) -> None:
    """One prediction, in one document."""
    day = dt.datetime(2020 + i % 6, 1 + i % 12, 1 + i % 28, tzinfo=dt.UTC)
    text = f"Number {i} in the news. Somebody said: {words}. Nobody else was asked."
    raw = RawDocument(external_id=str(i), kind="article", text=text, published_at=day, publisher=f"Outlet {i % 20}")
    document = DocumentData(raw=raw, text=text, text_sha256=sha256(text))
    data = StatementData(kind="prediction", text=words, horizon=_horizon(2027 + i % 9))
    start = text.index(words)
    found = Attribution(
        source=(), cue=(), content=((start, start + len(words)),), quote_kind="indirect", speaker=None, statement=data,
        confidence=0.5,
    )  # fmt: skip
    statement_id = statements.insert(session, speaker_id, data, said_on=day.date().isoformat())
    document_id = documents.insert(session, source_id, document, NOW)
    statements.attach(session, statement_id, document_id, found, extractor="load", now=NOW)


def _horizon(year: int) -> Horizon:
    day = dt.date(year, 12, 31)
    return Horizon(earliest=None, latest=day, precision="year", phrase=f"by {year}", rule="load", start=0, end=7)


def _ms(times: list[float], part: float) -> str:
    return f"{times[min(int(len(times) * part), len(times) - 1)] * 1000:>7.0f} ms" if times else "-"


if __name__ == "__main__":
    main()
