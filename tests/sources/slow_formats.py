"""Formats that do what a parser should not, for a worker process to import."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped


def read_pid(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """The number of the process, and the payload as it arrived."""
    print("a library that prints")
    os.write(1, b"and one that writes past Python")
    yield Skipped(payload.name, str(os.getpid()))
    yield Skipped(str(payload.url), payload.data.decode())


def read_slowly(payload: Payload) -> Iterator[RawDocument | Skipped]:
    yield Skipped(payload.name, "the first half")
    time.sleep(600)


def read_stuck(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """Holds the interpreter's lock like a regular expression that backtracks."""
    ctypes.PyDLL(None).sleep(600)
    yield Skipped(payload.name, "never")


def read_when_told(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """Waits until there is a file of the payload's name."""
    while not Path(payload.name).exists():
        time.sleep(0.01)
    yield Skipped(payload.name, "at last")


def read_refused(payload: Payload) -> Iterator[RawDocument | Skipped]:
    raise InputError(f"{payload.name} is no page")
    yield


def read_crashing(payload: Payload) -> Iterator[RawDocument | Skipped]:
    os.abort()
    yield


def read_failing(payload: Payload) -> Iterator[RawDocument | Skipped]:
    yield Skipped(payload.name, str(1 / 0))


def read_exiting(payload: Payload) -> Iterator[RawDocument | Skipped]:
    sys.exit(3)
    yield
