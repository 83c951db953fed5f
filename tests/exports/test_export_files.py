"""Writing to a path: the whole file or none of it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from exports.files import open_output, write_pages
from kb.errors import ExportError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write_half_and_raise(path, error):
    with open_output(path) as out:
        out.write(b"half")
        raise error


def test_file_appears_only_when_complete(tmp_path):
    path = tmp_path / "timeline.html"
    path.write_bytes(b"old")
    with open_output(path) as out:
        out.write(b"new")
        out.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["timeline.html"]


def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "timeline.csv"
    path.write_bytes(b"old")
    with pytest.raises(ExportError, match=r"timeline\.csv: No space left on device"):
        write_half_and_raise(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["timeline.csv"]


def test_any_other_failure_leaves_nothing_and_is_not_hidden(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write_half_and_raise(tmp_path / "x.json", ZeroDivisionError())
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["missing/folder/x.csv", "file/x.csv", "."])
def test_unwritable_path_is_one_clear_error(tmp_path, name):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="cannot write"), open_output(tmp_path / name):
        pass
    assert names(tmp_path) == ["file"]


def test_new_file_has_ordinary_permissions(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    with open_output(tmp_path / "x.csv"):
        pass
    assert (tmp_path / "x.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_link_is_followed_not_replaced(tmp_path):
    (tmp_path / "link").symlink_to("target")
    with open_output(tmp_path / "link") as out:
        out.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_written_to_directly(tmp_path):
    path, read = tmp_path / "pipe", []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    with open_output(path) as out:
        out.write(b"x")
    reader.join()
    assert read == [b"x"]
    assert path.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_full_device_is_reported():
    with pytest.raises(ExportError, match="No space left"), open_output(Path("/dev/full")) as out:
        out.write(b"x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_full_standard_output_is_reported():
    code = "from exports.files import standard_output\nwith standard_output() as out: out.write(b'x' * 100_000)"
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.stderr.rstrip().endswith("ExportError: cannot write to standard output: No space left on device")


def test_pages_are_written_one_by_one(tmp_path):
    assert write_pages(tmp_path / "a" / "b", [("x.md", b"x"), ("y.md", b"y")]) == 2
    assert names(tmp_path / "a" / "b") == ["x.md", "y.md"]
