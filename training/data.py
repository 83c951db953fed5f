"""Corpora as training windows: labels, pointers, names and kinds for each wordpiece."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Tokenizer

from kb.nlp.decode import KINDS, NAMES, ROLES
from kb.nlp.windows import Piece, Window, lines, pack

ANY_NAME = 2 ** (1 + 2 * len(NAMES)) - 1
"""Bit mask of name labels that leaves everything open: such a wordpiece gives no loss."""
NAME_WINDOW = 128
FURTHER_KINDS = Path(__file__).with_name("kinds.jsonl")
"""Attributions of polnear/train with a word that looks ahead and without a label beside the corpora, labelled by us:
document, content spans, label."""
HELD_OUT_KINDS = 10
"""One document in ten keeps its kind labels out of training, to measure the kinds head."""


@dataclass
class Article:
    """A PolNeAR document: its lines of wordpieces and, by the wordpiece's start, what is marked there."""

    id: str
    text: str
    lines: list[list[Piece]]
    labels: dict[int, int] = field(default_factory=dict)
    pointers: dict[int, int | None] = field(default_factory=dict)
    """Start of a source or content span's first wordpiece -> start of its cue's first wordpiece, None without cue."""
    kinds: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Start -> (attribution number, index into KINDS) for content wordpieces whose kind is labelled."""


@dataclass(frozen=True)
class Example:
    """A window with targets in the positions of ``Window.columns`` ([CLS] is 0)."""

    window: Window
    labels: list[int]
    pointers: list[tuple[int, int]]
    kinds: list[tuple[list[int], int]]
    names: list[int] = field(default_factory=list)
    """Bit masks of the name labels allowed at each position; empty for attribution windows."""


def read_jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# --- attributions ------------------------------------------------------------------------------------------------


def articles(path: Path, tokenizer: Tokenizer, kinds: Iterable[dict] = ()) -> list[Article]:
    """The documents of a PolNeAR file, with the labels of ``kinds`` but for those of documents held out."""
    labelled = _kinds_by_content(kinds)
    return [_article(row, tokenizer, labelled.get(row["id"], {})) for row in read_jsonl(path)]


def kind_labels(corpora: Path) -> list[dict]:
    """Every labelled attribution: those beside the corpora, and our further ones (``training/kinds.jsonl``)."""
    return read_jsonl(corpora / "forecasts/labelled.jsonl") + read_jsonl(FURTHER_KINDS)


def _kinds_by_content(kinds: Iterable[dict]) -> dict[str, dict[tuple, int]]:
    found: dict[str, dict[tuple, int]] = {}
    for row in kinds:
        if not held_out(row["document"]):
            key = tuple(map(tuple, row["content"]))
            found.setdefault(row["document"], {})[key] = KINDS.index(row["label"])
    return found


def held_out(document: str) -> bool:
    """Whether a document's kind labels are kept out of training."""
    return sum(document.encode()) % HELD_OUT_KINDS == 0


def _article(row: dict, tokenizer: Tokenizer, kinds: dict[tuple, int]) -> Article:
    article = Article(row["id"], row["text"], list(lines(row["text"], tokenizer)))
    pieces = [piece for line in article.lines for piece in line]
    for number, attribution in enumerate(row["attributions"]):
        firsts: dict[str, list[int]] = {role: [] for role in ROLES}
        for i, role in enumerate(ROLES):
            for span in attribution.get(role) or ():
                inside = _inside(pieces, span)
                for piece in inside:
                    article.labels[piece.start] = 2 + 2 * i
                if inside:
                    article.labels[inside[0].start] = 1 + 2 * i
                    firsts[role].append(inside[0].start)
        cue = firsts["cue"][0] if firsts["cue"] else None
        for start in firsts["source"] + firsts["content"]:
            article.pointers[start] = cue
        kind = kinds.get(tuple(map(tuple, attribution.get("content") or ())))
        if kind is not None:
            for span in attribution["content"]:
                for piece in _inside(pieces, span):
                    article.kinds[piece.start] = (number, kind)
    return article


def _inside(pieces: list[Piece], span: list[int]) -> list[Piece]:
    return [piece for piece in pieces if piece.start < span[1] and span[0] < piece.end]


def attribution_examples(article: Article, rng: random.Random | None = None) -> Iterator[Example]:
    """The article's windows; with ``rng`` the first one ends at a random line, so that no two epochs pack alike."""
    first = rng.randrange(min(8, len(article.lines)) + 1) if rng else 0
    packed = [*pack(article.lines[:first]), *pack(article.lines[first:])]
    for window in packed:
        starts = [None, *(piece.start for piece in window.pieces), None]
        where = {start: i for i, start in enumerate(starts) if start is not None}
        labels = [-100, *(article.labels.get(piece.start, 0) for piece in window.pieces), -100]
        pointers = [(i, where.get(article.pointers[s], 0)) for s, i in where.items() if s in article.pointers]
        kinds: dict[tuple[int, int], list[int]] = {}
        for start, i in where.items():
            if start in article.kinds:
                kinds.setdefault(article.kinds[start], []).append(i)
        yield Example(window, labels, pointers, [(rows, kind) for (_, kind), rows in kinds.items()])


# --- names -------------------------------------------------------------------------------------------------------

_PERSONS = ("PER", "person", "politician", "researcher", "scientist", "writer", "musicalartist")
_ORGANISATIONS = ("ORG", "organisation", "organization", "university", "politicalparty", "corporation", "group", "band")
_PLACES = ("LOC", "GPE", "location", "country", "geo-loc")
_OTHERS = ("MISC", "misc", "product", "creative-work", "event", "election", "conference", "award", "programlang")
NAME_OF = {
    tag: name for name, tags in zip(NAMES, (_PERSONS, _ORGANISATIONS, _PLACES, _OTHERS), strict=True) for tag in tags
}

Sentence = list[tuple[str, str]]
"""(word, BIO tag) pairs."""


@dataclass(frozen=True)
class NameCorpus:
    """Where a corpus is and what it leaves unmarked."""

    files: tuple[str, ...]
    column: int
    marks_others: bool
    """False: a word outside any name may still be one of kind MISC."""
    words: int = 0
    has_text: bool = False
    """Whether comments give each sentence as it was written (``# text = ...``)."""
    joined: int = 1
    """Sentences joined to one line: running text in documents, 1 for posts."""
    times: int = 1
    """How often its windows come in one round of names."""


TRAINING_NAMES = {
    "ewt": NameCorpus(("train.iob2",), 2, False, words=1, has_text=True, times=3),
    "btc": NameCorpus(tuple(f"{c}.conll" for c in "abefgh"), 1, False),
    "wikigold": NameCorpus(("wikigold.conll",), -1, True, joined=4),
    "wnut17": NameCorpus(("train.conll", "dev.conll"), -1, True),
    "tweebank": NameCorpus(("train.bio", "dev.bio"), -1, True),
    "crossner-ai": NameCorpus(("train.txt",), -1, True),
    "crossner-politics": NameCorpus(("train.txt", "dev.txt"), -1, True),
}


def sentences(path: Path, corpus: NameCorpus) -> Iterator[Sentence]:
    """The sentences of a CoNLL-like file."""
    held: Sentence = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        fields = line.split("\t") if "\t" in line else line.split()
        if corpus.has_text and line.startswith("# "):
            continue
        if not line.strip() or not fields[corpus.words].strip():
            if held:
                yield held
            held = []
        elif not line.startswith("-DOCSTART-"):
            held.append((fields[corpus.words].strip(), fields[corpus.column].strip() or "O"))


def name_examples(folder: Path, corpus: NameCorpus, tokenizer: Tokenizer) -> Iterator[Example]:
    """Windows of at most ``NAME_WINDOW`` wordpieces with the name labels allowed at each."""
    for file in corpus.files:
        allowed: list[dict[int, int]] = []
        paragraphs: list[list[Piece]] = []
        for text, spans in named_texts(folder / file, corpus):
            for line in lines(text, tokenizer):
                paragraphs.append(line)
                allowed.append(_allowed(line, spans, corpus.marks_others))
        yield from _name_windows(paragraphs, allowed)


def named_texts(path: Path, corpus: NameCorpus) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Each text as written, else as it may have been, with (start, end, tag) of its words."""
    rows = list(sentences(path, corpus))
    if corpus.has_text:
        written = re.findall(r"^# text = (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for text, row in zip(written, rows, strict=True):
            yield _placed(text, row) or spelled([row])
    else:
        for i in range(0, len(rows), corpus.joined):
            yield spelled(rows[i : i + corpus.joined])


def _placed(text: str, row: Sentence) -> tuple[str, list[tuple[int, int, str]]] | None:
    """The words of ``row`` found in ``text``; None where one is missing."""
    spans, at = [], 0
    for word, tag in row:
        start = text.find(word, at)
        if start < 0:
            return None
        at = start + len(word)
        spans.append((start, at, tag))
    return text, spans


def spelled(rows: list[Sentence]) -> tuple[str, list[tuple[int, int, str]]]:
    """Running text of the sentences, and (start, end, tag) of each word."""
    text, spans = "", []
    for word, tag in (pair for row in rows for pair in row):
        if text and not re.match(r"[.,;:!?)\]’']", word) and not re.search(r"[(\[]$", text):
            text += " "
        spans.append((len(text), len(text) + len(word), tag))
        text += word
    return text, spans


def _allowed(line: list[Piece], spans: list[tuple[int, int, str]], marks_others: bool) -> dict[int, int]:
    """Index of each wordpiece in the line -> bit mask of allowed labels."""
    masks: dict[int, int] = {}
    at = 0
    previous = "O"
    for i, piece in enumerate(line):
        while at < len(spans) and spans[at][1] <= piece.start:
            previous, at = spans[at][2], at + 1
        start, _, tag = spans[at]
        masks[i] = _mask(tag, previous, opens=piece.start == start, marks_others=marks_others)
    return masks


def _mask(tag: str, previous: str, *, opens: bool, marks_others: bool) -> int:
    if tag == "O":
        return 1 if marks_others else 1 | 1 << 7 | 1 << 8
    name = NAME_OF.get(tag[2:])
    if name is None:
        return ANY_NAME
    begins = opens and (tag.startswith("B-") or previous == "O" or previous[2:] != tag[2:])
    return 1 << (1 + 2 * NAMES.index(name) + (0 if begins else 1))


def _name_windows(paragraphs: list[list[Piece]], allowed: list[dict[int, int]]) -> Iterator[Example]:
    flat = iter(
        [mask for line, masks in zip(paragraphs, allowed, strict=True) for mask in map(masks.get, range(len(line)))]
    )
    for window in pack(paragraphs, size=NAME_WINDOW):
        masks = [next(flat) for _ in window.pieces]
        yield Example(window, [], [], [], [ANY_NAME, *masks, ANY_NAME])


# --- batches -----------------------------------------------------------------------------------------------------


def batches(examples: Iterable[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Shuffled batches of windows of similar length."""
    noise: Callable[[Example], float] = lambda e: len(e.window) + rng.uniform(0, 24)  # noqa: E731
    ordered = sorted(examples, key=noise)
    groups = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    rng.shuffle(groups)
    return groups
