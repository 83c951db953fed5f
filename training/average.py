"""Average the weights of several runs: one network that is better than each of them.

    python -m training.average runs/a/model.pt runs/b/model.pt --out runs/model.pt

Runs that start from one checkpoint, and whose new parts begin alike, end near enough to one another that the mean of
their weights works (Wortsman et al. 2022, "Model soups"). Judge it as any other: ``training.export``,
``training.judgement``, ``training.evaluate``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    runs = [torch.load(path, weights_only=True) for path in options.weights]
    torch.save({name: sum(run[name].float() for run in runs) / len(runs) for name in runs[0]}, options.out)


if __name__ == "__main__":
    main()
