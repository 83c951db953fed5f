"""The bundled encoder: windows in, the scores of all heads out. The only module that knows onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kb.errors import ConfigError
from kb.nlp.decode import Outputs
from kb.nlp.windows import Window

THREADS = 2
"""Threads inside one operator; more than the cores of a small laptop only makes them wait for one another."""
BATCH = 16
"""Windows in one run: larger batches gain nothing on CPU and cost memory (about 2 MB a window)."""
INPUTS = ("ids", "shapes", "quotes", "layout")


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
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # leave the cores to others when idle
        options.log_severity_level = 3  # errors only: warnings about the graph are nothing a user can act on
        return onnxruntime.InferenceSession(self.folder / "encoder.onnx", options, providers=["CPUExecutionProvider"])

    def run(self, windows: Sequence[Window]) -> Iterator[Outputs]:
        """The outputs of each window, in order; windows of similar length are batched together."""
        order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
        outputs: dict[int, Outputs] = {}
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            arrays = self._session.run(None, self._feed([windows[i] for i in rows]))
            for j, i in enumerate(rows):
                outputs[i] = Outputs(*(array[j, : len(windows[i])] for array in arrays))
        for i in range(len(windows)):
            yield outputs[i]

    @staticmethod
    def _feed(windows: list[Window]) -> dict[str, NDArray[np.int64]]:
        length = max(map(len, windows))
        feed = {name: np.zeros((len(windows), length), dtype=np.int64) for name in INPUTS}
        for i, window in enumerate(windows):
            for name, column in zip(INPUTS, window.columns(), strict=True):
                feed[name][i, : len(column)] = column
        return feed
