"""What tests of the web share: a small record, an extractor that finds nothing, a real server."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from records import Record

from kb.types import Attribution, DocumentData, Horizon
from kb.web.server import listen


class NoExtractor:
    """Finds nothing, in no time."""

    version = "none"

    def pipe(self, documents: Iterable[DocumentData], /) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        """Every document, with nothing said in it."""
        for document in documents:
            yield document, ()


def fill(record: Record) -> Record:
    """Two speakers: a prediction, a claim, a commitment; and an opinion of nobody known."""
    maja, ola = record.speaker("Maja Lindqvist", "M. Lindqvist"), record.speaker("Ola Berg")
    by_2027 = Horizon(
        earliest=None,
        latest=dt.date(2027, 12, 31),
        precision="year",
        phrase="by 2027",
        rule="test",
        start=25,
        end=32,
    )
    record.said(maja, "We will have 40 turbines by 2027", horizon=by_2027, mentions=(("turbines", "PRODUCT"),))
    record.said(maja, "The tide has never been stronger", kind="claim", on="2025-05-01")
    record.said(ola, "I will publish every figure", kind="commitment", on=None)
    record.said(None, "Power will be cheap", kind="opinion")
    return record


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of a real server of the application."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
