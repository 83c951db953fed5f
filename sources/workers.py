"""Parsing in processes of their own, with a time limit: a page that stalls or breaks the parser costs only itself."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, cast

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped

Read = Callable[[Payload], Iterable[RawDocument | Skipped]]
"""A format's ``read``: a function at the top of a module, which another process can import by its name."""
GRACE_SECONDS = 10.0
"""How much longer than its limit a worker lives when the program was killed and nobody ends it."""
_EXIT_SECONDS = 1.0
_START = "from sources.workers import serve; serve()"
_GONE = (EOFError, OSError, pickle.UnpicklingError)
"""What talking to a process raises that has ended: nothing to read, a broken pipe, half an answer."""


class Workers:
    """Runs formats on payloads in worker processes, which start when they are needed and stay for the next payload.

    ``seconds`` is the time that one payload may take; at most ``limit`` are parsed at once, others wait. Threads may
    share it. Processes start afresh (nothing is forked, the program's main module is not imported again) and end with
    ``close`` or with the program, however that ends. No sandbox: they run with the user's rights.
    """

    def __init__(self, *, seconds: float, limit: int = 2) -> None:
        self._seconds = seconds
        self._free = threading.Semaphore(limit)
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _stop_all, self._idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            _stop_all(self._idle)

    def run(self, read: Read, payload: Payload) -> list[RawDocument | Skipped]:
        """What ``read`` makes of ``payload``; it sees no files beside it (``sibling``).

        Raises InputError: the one that ``read`` raised, or because it took too long or broke its process.
        """
        with self._free:
            worker = self._take()
            try:
                answer = worker.ask(read, payload)
            except _GONE as error:
                raise InputError(f"cannot read {payload.name}: {worker.obituary()}") from error
            finally:
                self._give_back(worker)
        if isinstance(answer, InputError):
            raise answer
        return cast("list[RawDocument | Skipped]", answer)

    def _take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.ready:
                    return worker
                worker.stop()
        return _Worker(self._seconds)

    def _give_back(self, worker: _Worker) -> None:
        if worker.ready:
            with self._lock:
                self._idle.append(worker)
        else:
            worker.stop()


class _Worker:
    """One process, asked by one thread at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = False
        self._late = False
        self._busy = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(seconds + GRACE_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path)},
        )

    @property
    def ready(self) -> bool:
        """Whether it lives and has answered everything it was asked."""
        return not self._late and not self._busy and self._process.poll() is None

    def ask(self, read: Read, payload: Payload) -> Any:
        """What ``read`` gives, or the InputError that it raised. Raises one of ``_GONE`` when the process ended."""
        self._busy = True
        question = pickle.dumps((read, _alone(payload)))
        questions, answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        if not self._started:
            self._started = pickle.load(answers)  # on a busy machine that takes seconds, which are not the page's
        timer = threading.Timer(self._seconds, self._too_late)
        timer.start()
        try:
            questions.write(question)
            questions.flush()
            answer = pickle.load(answers)
            self._busy = False
        finally:
            timer.cancel()
            timer.join()  # from here on nobody ends it any more, so that ``ready`` is true for the next payload
        return answer

    def obituary(self) -> str:
        """Why it gave no answer."""
        if self._late:
            return f"reading it takes longer than {self._seconds:g} seconds"
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_EXIT_SECONDS)
        status = f"(exit status {self._process.returncode})"
        if not self._started:
            return f"no process to read it could be started {status}; page_seconds = 0 reads it without one"
        return f"it breaks the parser {status}"

    def stop(self) -> None:
        """End it and take its exit status, so that no dead process is left behind."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what could not be written to it any more
                _pipe(pipe).close()

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()


def serve() -> None:
    """The life of a worker: read a question, parse, answer, until there is nobody to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends its workers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _send(True, answers)
    while True:
        try:
            read, payload = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        faulthandler.dump_traceback_later(float(sys.argv[1]), exit=True)
        _send(_answer(read, payload), answers)
        faulthandler.cancel_dump_traceback_later()


def _answer(read: Read, payload: Payload) -> list[RawDocument | Skipped] | InputError:
    try:
        return list(read(payload))
    except InputError as error:
        return error


def _send(what: object, pipe: BinaryIO) -> None:
    pickle.dump(what, pipe)
    pipe.flush()


def _alone(payload: Payload) -> Payload:
    """The payload without its own ``sibling``, which cannot travel."""
    return replace(payload, sibling=_no_sibling)


def _no_sibling(name: str) -> bytes | None:
    return None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # both were asked for
    return pipe


def _stop_all(idle: list[_Worker]) -> None:
    while idle:
        idle.pop().stop()
