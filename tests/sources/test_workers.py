"""One page cannot stall the rest: parsing in worker processes."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import slow_formats

import sources
from kb.errors import InputError
from kb.types import Payload, RawDocument
from sources.workers import _START, Read, Workers, _alone

PAGE = (
    b"<!doctype html><html><body><article><h1>Harbour</h1><p>The harbour reopens on Monday, said the mayor.</p>"
    b"</article></body></html>"
)


def payload(name: str = "page.html", data: bytes = PAGE) -> Payload:
    beside = {"Profile.csv": b"x"}.get
    return Payload(data=data, name=name, url="https://a.example/x", fetched_at=dt.datetime.now(dt.UTC), sibling=beside)


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(seconds=60, limit=1) as ready:
        yield ready


def pid(workers: Workers) -> int:
    first, *_ = workers.run(slow_formats.read_pid, payload())
    assert not isinstance(first, RawDocument)
    return int(first.reason)


def is_gone(process: int) -> bool:
    """Neither running nor left behind as a zombie."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_page_is_read_in_another_process_as_in_this_one(workers: Workers) -> None:
    page = payload()
    assert list(sources.read_documents(page, workers=workers)) == list(sources.read_documents(page))


def test_what_refers_to_files_beside_it_is_read_in_this_process(workers: Workers) -> None:
    text = Payload(data=b"Just words.", name="a.txt", fetched_at=dt.datetime.now(dt.UTC), sibling=lambda name: None)
    (document,) = sources.read_documents(text, workers=workers)
    assert isinstance(document, RawDocument)


def test_one_process_serves_many_payloads_and_sees_what_they_are(workers: Workers) -> None:
    seen = [workers.run(slow_formats.read_pid, payload(str(number), b"text")) for number in range(3)]
    assert len({first.reason for first, _ in seen if not isinstance(first, RawDocument)}) == 1
    assert seen[0][1] == sources.Skipped("https://a.example/x", "text")
    assert pid(workers) != os.getpid()


def test_the_reason_of_a_format_arrives_and_the_process_stays(workers: Workers) -> None:
    before = pid(workers)
    with pytest.raises(InputError, match=r"^page\.html is no page$"):
        workers.run(slow_formats.read_refused, payload())
    assert pid(workers) == before


@pytest.mark.parametrize("read", [slow_formats.read_slowly, slow_formats.read_stuck])
def test_a_page_that_stalls_costs_only_itself(read: Read) -> None:
    with Workers(seconds=1.5, limit=1) as hasty:
        before = pid(hasty)
        with pytest.raises(InputError, match=r"^cannot read page\.html: reading it takes longer than 1\.5 seconds$"):
            hasty.run(read, payload())
        assert is_gone(before)
        assert not is_gone(pid(hasty))


@pytest.mark.parametrize(
    ("read", "status"),
    [(slow_formats.read_crashing, "-6"), (slow_formats.read_failing, "1"), (slow_formats.read_exiting, "3")],
)
def test_a_page_that_breaks_the_parser_costs_only_itself(workers: Workers, read: Read, status: str) -> None:
    before = pid(workers)
    with pytest.raises(InputError, match=rf"^cannot read page\.html: it breaks the parser \(exit status {status}\)$"):
        workers.run(read, payload())
    assert is_gone(before)
    assert pid(workers)


def test_a_process_that_died_in_the_meantime_is_replaced(workers: Workers) -> None:
    before = pid(workers)
    os.kill(before, signal.SIGKILL)
    while not is_gone(before):
        os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
        assert pid(workers) != before


def test_without_a_process_the_reason_says_what_to_do(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(InputError, match=r"no process to read it could be started .*page_seconds = 0"):
        workers.run(slow_formats.read_pid, payload())


def test_threads_share_the_processes_and_never_an_answer() -> None:
    with Workers(seconds=60, limit=2) as two, ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: two.run(slow_formats.read_pid, payload(str(n), str(n).encode())), range(40)))
    firsts = [first for first, _ in results if not isinstance(first, RawDocument)]
    assert [first.item for first in firsts] == [str(number) for number in range(40)]
    assert len({first.reason for first in firsts}) <= 2


def test_a_stalled_page_holds_up_nobody_else(tmp_path: Path) -> None:
    go = tmp_path / "go"
    with Workers(seconds=60, limit=2) as two, ThreadPoolExecutor(1) as pool:
        stalled = pool.submit(two.run, slow_formats.read_when_told, payload(str(go)))
        for _ in range(5):
            pid(two)
        assert not stalled.done()
        go.touch()
        assert len(stalled.result()) == 1


def test_closing_leaves_no_process_behind() -> None:
    with Workers(seconds=60) as closed:
        process = pid(closed)
    assert is_gone(process)


PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:]
from slow_formats import read_pid, read_stuck
from test_workers import payload
from sources.workers import Workers
workers = Workers(seconds=60)  # at the top of a program without a main guard, and never closed
print(workers.run(read_pid, payload())[0].reason, flush=True)
"""


def started(program: str) -> tuple[subprocess.Popen[str], int]:
    """A program, and the number of its worker."""
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout
    return running, int(running.stdout.readline())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="what became of a stranger's child is read in /proc")
@pytest.mark.parametrize("ending", ["", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_processes_end_with_the_program_however_it_ends(ending: str) -> None:
    running, worker = started(PROGRAM + ending)
    with running:
        running.wait()
    while not ended(worker):
        time.sleep(0.01)


def ended(process: int) -> bool:
    """Gone, or waiting to be taken note of by whoever inherited it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_worker_that_nobody_ends_any_more_ends_itself() -> None:
    question = pickle.dumps((slow_formats.read_stuck, _alone(payload())))
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path}; {_START}", "0.5"]
    done = subprocess.run(command, input=question, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, pickle.dumps(True))
    assert b"Timeout" in done.stderr
