"""The bundled encoder: windows in, the scores of all heads out. The only module that knows onnxruntime.

Every window is read by itself, on one core; several are read at a time. That is as fast as batches are (on two cores
of an EPYC with AVX-512 VNNI 16,900 wordpieces a second, in batches of 16 with two threads in each 13,200), takes a
tenth of their memory, and lets nothing depend on company: activations are quantised a run at a time, so a window in a
batch would come out slightly different beside other windows.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kb.errors import ConfigError, KBError
from kb.nlp.groups import Outputs
from kb.nlp.windows import Window

WORKERS = 3
"""Windows read at the same time, each on one core: two, and one in reserve while a worker waits for Python's lock."""
AHEAD = 32
"""Windows begun before the first of them is needed: half a second of work for two cores, 10 MB of scores."""
INPUTS = ("ids", "shapes", "quotes", "layout")

T = TypeVar("T")


class Encoder:
    """An ONNX session with its tokeniser, loaded on first use."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(str(files("kb.nlp") / "model"))
        if not (self.folder / "encoder.onnx").exists():
            raise ConfigError(f"no language model in {self.folder}: reinstall onrecord, or build one with training/")

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """WordPiece with offsets, without truncation or padding."""
        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def version(self) -> str:
        """Changes whenever the weights do."""
        return str(json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))["version"])

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        """The network; runs of it may overlap."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_mem_pattern = False  # plans memory for one length of window; ours have all lengths
        options.log_severity_level = 3  # errors only: warnings about the graph are nothing a user can act on
        return onnxruntime.InferenceSession(self.folder / "encoder.onnx", options, providers=["CPUExecutionProvider"])

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(WORKERS, thread_name_prefix="encoder")

    def begin(self, window: Window) -> Future[Outputs]:
        """Have a window read while the caller goes on."""
        return self._workers.submit(_outputs, self.session, feed(window))

    def run(self, windows: Iterable[Window]) -> Iterator[Outputs]:
        """The outputs of each window, in order."""
        return (begun.result() for begun in read_ahead(map(self.begin, windows), AHEAD))


def feed(window: Window) -> dict[str, NDArray[np.int64]]:
    """The inputs of one run, [1, length] each."""
    columns = zip(INPUTS, window.columns(), strict=True)
    return {name: np.asarray([column], dtype=np.int64) for name, column in columns}


def _outputs(session: onnxruntime.InferenceSession, inputs: dict[str, NDArray[np.int64]]) -> Outputs:
    return Outputs(*(array[0] for array in session.run(None, inputs)))


def read_ahead(items: Iterable[T], count: int) -> Iterator[T]:
    """``items``, each when ``count`` more have been read; an error in reading comes behind the items before it."""
    held: deque[T] = deque()
    try:
        for item in items:
            held.append(item)
            if len(held) > count:
                yield held.popleft()
    except (KBError, OSError):  # what reading an input can raise; it is raised in its place
        yield from held
        raise
    yield from held
