"""Measure the shipped model through the real program.

    python -m training.evaluate --corpora ../shared/corpora

Runs ``kb extract`` on polnear/dev and prints the figures of the scorers that lie beside the corpora: attributions
(exact spans, who said what), speakers, horizons; then exact names on ner/ewt dev and kinds on the documents whose
labels were kept out of training.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stdout
from operator import and_
from pathlib import Path

import numpy as np

from kb.nlp import load_extractor
from kb.nlp.attributor import Attributor, bundled_encoder
from kb.nlp.decode import KINDS, NAMES
from kb.nlp.groups import Outputs
from kb.nlp.pipeline import build_language
from kb.nlp.windows import Window, windows
from tests.gate.eval_gate import as_ingested
from tests.gate.marked import Gold, Marked
from tests.gate.scoring import pairs_of
from training.data import NAME_OF, NameCorpus, held_out, named_texts, read_jsonl
from training.train import load_tool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    corpora = parser.parse_args().corpora
    tools = corpora.parent / "tools"
    with tempfile.TemporaryDirectory() as folder:
        found = extract(corpora / "polnear/dev.jsonl", tools, Path(folder))
        print("attributions, polnear/dev, through kb extract")
        load_tool(tools / "score_attributions.py").main(["score", str(corpora / "polnear/dev.jsonl"), str(found)])
        print("\nspeakers, speakers/dev, through kb extract")
        load_tool(tools / "score_speakers.py").main(str(corpora / "speakers/dev.jsonl"), str(found), f"{folder}/texts")
    print("\nhorizons")
    horizons = [sys.executable, str(tools / "score_horizons.py"), str(corpora.parent / "reference/horizons.jsonl")]
    subprocess.run(horizons, check=False)
    print("\nnames, ner/ewt dev, exact spans")
    name_figures(corpora / "ner/ewt", NameCorpus(("dev.iob2",), 2, False, words=1, has_text=True), NAMES[:3])
    print("\nnames, ner/crossner-ai dev, exact spans")
    name_figures(corpora / "ner/crossner-ai", NameCorpus(("dev.txt",), -1, True), ("PERSON", "ORG"))
    print("\nkinds, forecasts, documents kept out of training, gold spans, the encoder's head alone")
    kind_figures(corpora)
    print("\nkinds, the same labels, where the pipeline finds their content; last: the labels that it finds")
    found_kind_figures(corpora)


def extract(gold: Path, tools: Path, folder: Path) -> Path:
    """The output of ``kb extract --jsonl`` over the documents of ``gold``."""
    with redirect_stdout(io.StringIO()):
        load_tool(tools / "score_attributions.py").main(["unpack", str(gold), str(folder / "texts")])
    texts = sorted(str(path) for path in (folder / "texts").glob("*.txt"))
    output = folder / "found.jsonl"
    with output.open("wb") as out:
        subprocess.run([sys.executable, "-m", "kb", "extract", "--jsonl", *texts], stdout=out, check=True)
    return output


def name_figures(folder: Path, corpus: NameCorpus, labels: Sequence[str]) -> None:
    """Precision, recall and F1 of each name label, a sentence at a time."""
    language = build_language()
    tagger = Attributor(bundled_encoder())
    counts: Counter[tuple[str, str]] = Counter()
    docs = [
        (language.make_doc(text), gold_names(words))
        for file in corpus.files
        for text, words in named_texts(folder / file, corpus)
    ]
    for doc, (_, gold) in zip(tagger.pipe(doc for doc, _ in docs), docs, strict=True):
        found = {(e.start_char, e.end_char, e.label_) for e in doc.ents}
        for label in labels:
            f, g = ({span for span in spans if span[2] == label} for spans in (found, gold))
            counts += Counter({(label, "right"): len(f & g), (label, "found"): len(f), (label, "gold"): len(g)})
    for label in labels:
        print(f"{label:<8} {_prf(*(counts[label, key] for key in ('right', 'found', 'gold')))}")
    print(f"{'all':<8} {_prf(*(sum(counts[label, key] for label in labels) for key in ('right', 'found', 'gold')))}")


def gold_names(words: list[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    """(start, end, label) of the names among (start, end, BIO tag) words."""
    names: list[tuple[int, int, str]] = []
    previous = "O"
    for start, end, tag in words:
        label = NAME_OF.get(tag[2:])
        if label and tag.startswith("I-") and previous[2:] == tag[2:]:
            names[-1] = (names[-1][0], end, label)
        elif label:
            names.append((start, end, label))
        previous = tag
    return set(names)


def kept_labels(corpora: Path) -> dict[str, list[dict]]:
    """The labels of each document that was kept out of training."""
    labels: dict[str, list[dict]] = {}
    for row in read_jsonl(corpora / "forecasts/labelled.jsonl"):
        if held_out(row["document"]):
            labels.setdefault(row["document"], []).append(row)
    return labels


def found_kind_figures(corpora: Path) -> None:
    """F1 of the kinds that the whole pipeline gives, over labels whose content it finds (Dice >= 0.8)."""
    labels = kept_labels(corpora)
    documents = [
        Marked(row["id"], row["text"], []) for row in read_jsonl(corpora / "polnear/train.jsonl") if row["id"] in labels
    ]
    judged: list[tuple[str, str]] = []
    for document, (_, found) in zip(documents, load_extractor().pipe(map(as_ingested, documents)), strict=True):
        gold = [Gold(content=[tuple(s) for s in row["content"]], kind=row["label"]) for row in labels[document.id]]
        for label, attribution in pairs_of(gold, found):
            kind = attribution.statement.kind
            judged.append((label.kind, kind if kind in KINDS else "other"))
    print_kinds(judged)
    print(f"{len(judged)} of {sum(map(len, labels.values()))}")


def kind_figures(corpora: Path) -> None:
    """F1 of the encoder's kinds head alone, averaged over the wordpieces of the labelled content."""
    labels = kept_labels(corpora)
    encoder = bundled_encoder()
    judged: list[tuple[str, str]] = []
    for row in read_jsonl(corpora / "polnear/train.jsonl"):
        cut = list(windows(row["text"], encoder.tokenizer)) if row["id"] in labels else []
        scored = list(zip(cut, encoder.run(cut), strict=True))
        judged += [(label["label"], best_kind(scored, label["content"])) for label in labels.get(row["id"], ())]
    print_kinds(judged)


def print_kinds(judged: Sequence[tuple[str, str]]) -> None:
    """F1 of each kind, and of predictions and commitments as one; ``judged`` are pairs: right kind, found kind."""
    for name, kinds in (*((kind, (kind,)) for kind in KINDS), ("either", ("prediction", "commitment"))):
        gold, found = ([pair[side] in kinds for pair in judged] for side in (0, 1))
        print(f"{name:<12} {_prf(sum(map(and_, gold, found)), sum(found), sum(gold))}", flush=True)


def best_kind(scored: list[tuple[Window, Outputs]], spans: list[list[int]]) -> str:
    """The kind with the highest mean score over the wordpieces inside ``spans``."""
    rows = [
        outputs.kinds[1 + i]
        for window, outputs in scored
        for i, piece in enumerate(window.pieces)
        if any(piece.start < end and start < piece.end for start, end in spans)
    ]
    return KINDS[int(np.mean(rows, axis=0).argmax())]


def _prf(right: int, found: int, gold: int) -> str:
    p, r = right / max(1, found), right / max(1, gold)
    f1 = 2 * p * r / (p + r) if right else 0.0
    return f"P {100 * p:5.1f}  R {100 * r:5.1f}  F1 {100 * f1:5.1f}  ({gold} gold)"


if __name__ == "__main__":
    main()
