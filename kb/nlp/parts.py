"""Contents that foretell several things, each of which can come true without the others, in their parts.

“Revenue will double and costs will fall by 2027”   two predictions, both for 2027
“If rates fall, revenue will double and costs …”    one: the condition holds for all
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.clauses import holds_clause
from kb.nlp.drafts import Draft, drafts_of, register_extensions, text_of
from kb.nlp.kinds import read_kind, read_scores, words_of
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.text import words_at
from kb.types import Span, Spans

FORWARD = frozenset({"prediction", "commitment"})


class Parts:
    """Component that sets ``Draft.parts``: drafts with the same source and cue, each with a part of the content."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        for draft in drafts_of(doc):
            if draft.kind in FORWARD:
                draft.parts = [_part(text, draft, content) for content in parted(text, draft.content)]
        return doc


def _part(text: str, draft: Draft, content: Spans) -> Draft:
    part = replace(draft, content=content, parts=[])
    words = words_of(text, part)
    kind = read_kind(words, read_scores(words))
    part.kind = kind if kind in FORWARD else draft.kind
    return part


def parted(text: str, content: Spans) -> list[Spans]:
    """The parts of ``content`` that foretell something of their own; empty where there are fewer than two.

    What foretells nothing, or leans on the words before it, belongs to the part before it.
    """
    parts: list[tuple[Span, ...]] = []
    waiting: tuple[Span, ...] = ()
    for span in _clauses(text, content):
        words = words_at(text, (span,))
        leans = pattern("parts", "leaning").match(words) is not None
        if parts and (leans or not foretells(words)):
            parts[-1] = (*parts[-1], span)
        elif foretells(words):
            parts.append((*waiting, span))
            waiting = ()
        else:
            waiting = (*waiting, span)
    return [_joined(text, part) for part in parts] if len(parts) > 1 else []


def foretells(words: str) -> bool:
    """Whether words hold a clause with a subject of its own about what is to come."""
    plain = words.replace("’", "'")
    verb = pattern("parts", "forward").search(plain)
    if verb is None or not holds_clause(words):
        return False
    return pattern("parts", "subject").fullmatch(plain, 0, verb.start()) is None


def _clauses(text: str, content: Iterable[Span]) -> Iterator[Span]:
    """The sentences of the content, those without a condition cut where two clauses that foretell something meet."""
    for span in content:
        for start, end in sentences(text, *span):
            if not pattern("parts", "condition").search(text, start, end):
                for joint in pattern("parts", "joint").finditer(text, start, end):
                    if foretells(text[start : joint.start()]) and foretells(text[joint.end() : end]):
                        yield start, joint.start()
                        start = joint.end()
            yield start, end


def _joined(text: str, spans: Iterable[Span]) -> Spans:
    """Spans with nothing but white space between them made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


@Language.factory("parts", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_parts(nlp: Language, name: str) -> Parts:
    """Build the component."""
    register_extensions()
    return Parts()
