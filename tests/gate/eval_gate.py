"""The quality gate: score the shipped model through the real pipeline and compare with the floors.

    python -m tests.gate.eval_gate            # or: make gate

Our own labelled documents always; the dev split of PolNeAR too where its folder is given by ``--corpora`` or lies at
``../shared/corpora``. Exits with 1 when a figure is below its floor in ``floors.toml``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from kb.nlp import load_extractor
from kb.text import sha256
from kb.types import Author, DocumentData, DocumentKind, RawDocument
from sources.turns import find_turns, is_transcript
from tests.gate.marked import Gold, Marked, read_all
from tests.gate.scoring import Counts

FLOORS = Path(__file__).with_name("floors.toml")
CORPORA = Path("../shared/corpora")
_FIRST_NAME = re.compile(r"@\w+|[\w .’'-]+")
"""The author of a post, who stands in its first line, or the handle."""
LOWER_IS_BETTER = frozenset({"groups"})


def main() -> int:
    """Print the figures beside their floors; 1 when one is below."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder with polnear/dev.jsonl")
    corpora = parser.parse_args().corpora
    by_style = score_by_style(read_all())
    print_styles(by_style)
    failed = compare("gate", total(by_style.values()))
    if (dev := corpora / "polnear/dev.jsonl").exists():
        failed |= compare("polnear-dev", total(score_by_style(polnear(dev)).values()))
    else:
        print(f"\npolnear-dev: skipped, no {dev}")
    return failed


def polnear(path: Path) -> Iterable[Marked]:
    """A PolNeAR file as gate documents; it labels neither speakers nor kinds."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = (
            {role: [tuple(s) for s in a.get(role) or ()] for role in ("source", "cue", "content")}
            for a in row["attributions"]
        )
        yield Marked(row["id"], row["text"], [Gold(**s) for s in spans if s["content"]])


def score_by_style(documents: Iterable[Marked]) -> dict[str, Counts]:
    """The counts of each style: the part of a document's name before its number."""
    documents = list(documents)
    data = map(as_ingested, documents)
    counts: dict[str, Counts] = defaultdict(Counts)
    for document, (_, found) in zip(documents, load_extractor().pipe(data), strict=True):
        reported = [attribution for attribution in found if attribution.source or attribution.cue]
        counts[document.id.rsplit("-", 1)[0]].add(document.text, document.attributions, reported)
    return counts


def as_ingested(document: Marked) -> DocumentData:
    """The document as the ingester gives it to the pipeline: with the turns of a transcript, the author of a post.

    What these say in the first person, without source and cue, is neither labelled nor counted.
    """
    turns = find_turns(document.text) if is_transcript(document.text) else ()
    kind: DocumentKind = "transcript" if turns else "post" if document.id.startswith("post") else "article"
    author = Author(name=_FIRST_NAME.match(document.text)[0].strip()) if kind == "post" else None
    raw = RawDocument(external_id=document.id, kind=kind, text=document.text, turns=turns, speaker=author)
    return DocumentData(raw=raw, text=document.text, text_sha256=sha256(document.text), turns=turns)


def total(parts: Iterable[Counts]) -> Counts:
    """All counts together."""
    whole = Counts()
    for part in parts:
        whole.n.update(part.n)
        whole.confidences += part.confidences
    return whole


def print_styles(counts: dict[str, Counts]) -> None:
    names = ("content_found", "who_said_what", "direct_recall", "speaker", "groups", "kind")
    print(f"{'style':<12}{'labelled':>9}" + "".join(f"{name:>15}" for name in names))
    for style, part in counts.items():
        figures = part.figures()
        print(f"{style:<12}{part.n['who_said_what gold']:>9}" + "".join(f"{figures[name]:>15}" for name in names))


def compare(name: str, counts: Counts) -> int:
    """Print each figure with its floor; 1 when one is below."""
    floors = floor_history()[name][-1]["floors"]
    figures = counts.figures()
    print(f"\n{name}: {counts.n['who_said_what gold']} attributions")
    below = 0
    for measure, floor in floors.items():
        figure, most = figures[measure], measure in LOWER_IS_BETTER
        good = figure <= floor if most else figure >= floor
        below |= not good
        print(
            f"  {measure:<15}{figure:>6}   {'at most' if most else 'floor':<8}{floor:>6}{'' if good else '   FAILED'}"
        )
    return int(below)


def floor_history() -> dict[str, list[dict]]:
    """``floors.toml``: for each set its floors, oldest first; the last ones hold."""
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
